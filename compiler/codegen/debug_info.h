// What -g adds to an object: .debug_line, .debug_info with .debug_abbrev, .debug_frame (docs/formats.md "Debug information"). It says what the
// map and the core say, to debuggers that know neither. Private to compiler/codegen.
#pragma once

#include <string>

#include "assembler/dwarf/entries.h"
#include "assembler/dwarf/frames.h"
#include "assembler/dwarf/lines.h"
#include "assembler/object/map.h"
#include "compiler/core/core.h"

namespace codegen {

struct FramePoints;

class DebugInfo {
 public:
  // A function at this offset of the text. `files`: those that the map's positions count.
  void function(const core::Program& program, uint32_t index, uint32_t start, const object::MapFunction& map,
                const FramePoints& points, const std::vector<std::string>& files);
  // A variable that the unit defines.
  void global(uint32_t index, dwarf::Place place) { globals_.push_back({index, place}); }
  // Adds the sections; `folder`: where the names of files begin.
  void finish(object::Object& object, const core::Program& program, uint32_t text, const std::string& folder);

 private:
  struct Function {
    uint32_t index, start, size, frameSize;
    std::vector<object::MapVariable> variables;
  };
  struct Global {
    uint32_t index;
    dwarf::Place place;
  };

  void lines(const core::Function& function, uint32_t start, const object::MapFunction& map, const core::Program& program,
             const std::vector<std::string>& files);
  void declaration(const core::Program& program, std::string_view name, core::Position position);
  void type(const core::Program& program, core::TypeId id);
  void types(const core::Program& program);
  void typeOf(core::TypeId id);  // the attribute; nothing for void
  void subprogram(const core::Program& program, const Function& function);
  void variable(const core::Program& program, const Global& global, std::string_view name);

  dwarf::Lines lines_;
  dwarf::Entries entries_;
  std::vector<dwarf::Frame> frames_;
  std::vector<Function> functions_;
  std::vector<Global> globals_;
  std::vector<dwarf::Entries::Label> types_;  // by TypeId
  uint32_t text_ = 0;
};

}  // namespace codegen
