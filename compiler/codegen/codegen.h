// The code generator at -O0, the seed's compiler: statement by statement, every variable in memory. Core program in,
// object with code, data, consistency map (.c0map) and core (.c0core) out. Frames and order of evaluation:
// compiler/core/frame.h; the rest of the ABI: docs/abi.md.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "assembler/base/diagnostics.h"
#include "assembler/object/elf.h"
#include "assembler/object/map.h"
#include "compiler/core/core.h"

namespace codegen {

struct Checks {
  bool null = true;
  bool bounds = true;
  bool division = true;
  bool stack = true;
};

struct Options {
  Checks checks;
  // Defined globals up to this size (bytes) lie in .sdata and .sbss, which the linker puts within reach of __gp.
  uint32_t smallData = 64;
  // Debug information (-g), in which names of files that are not absolute begin in this folder.
  std::optional<std::string> debugFolder{};
};

// Routines and places of runtime/ and of the linker that generated code names.
enum class RuntimeSymbol : uint8_t { Mul, Div, UnsignedDiv, Fault, StackLimit, HeapEnd };
constexpr unsigned kRuntimeSymbolCount = 6;

class FunctionGenerator;
class DebugInfo;

// One translation unit, function by function as the front end finishes them; only machine code and map of earlier
// functions are kept.
class UnitGenerator {
 public:
  // Errors in asm blocks go to `diagnostics`; without it there must be none.
  UnitGenerator(std::string_view unitName, const Options& options, base::Diagnostics* diagnostics = nullptr);
  ~UnitGenerator();
  UnitGenerator(const UnitGenerator&) = delete;
  UnitGenerator& operator=(const UnitGenerator&) = delete;

  // Compiles a finished function with a body. Errors [c0-frame-too-large], naming the function.
  base::Status function(const core::Program& program, uint32_t index);
  // Globals, map and core; the generator is done afterwards. Errors [c0-data-too-large].
  base::Result<object::Object> finish(const core::Program& program);

 private:
  friend class FunctionGenerator;

  uint32_t functionSymbol(const core::Program& program, uint32_t index);
  uint32_t globalSymbol(const core::Program& program, uint32_t index);
  uint32_t runtimeSymbol(RuntimeSymbol symbol);
  // Whether a global is addressed off r28; decided at the first question, for good.
  bool isSmall(const core::Program& program, uint32_t global);
  uint32_t mapFile(const core::Program& program, uint16_t file);

  uint32_t addSymbol(std::string_view name);
  void defineGlobal(const core::Program& program, uint32_t index);
  void placeGlobal(const core::Program& program, uint32_t index);
  void initialPointers(const core::Program& program, const core::Global& global, object::Section& section,
                       uint32_t start);
  void dropEmptySections();  // but .text
  void addMap(const core::Program& program);
  void addDebugInfo(const core::Program& program);

  Options options_;
  base::Diagnostics* diagnostics_;
  object::Object object_;
  object::MapWriter map_;
  std::unique_ptr<FunctionGenerator> generator_;
  std::unique_ptr<DebugInfo> debug_;
  std::vector<uint32_t> functionSymbols_, globalSymbols_, files_;  // UINT32_MAX: not yet
  std::array<uint32_t, kRuntimeSymbolCount> runtimeSymbols_;
  enum class Reach : uint8_t { Undecided, Small, Any };
  std::vector<Reach> reach_;
  uint32_t smallInitialised_ = 0, smallZero_ = 0;  // bytes promised to .sdata and .sbss
};

// The object as assembly text that vas turns into the same sections, relocations and symbols (-S).
std::string printAssembly(const object::Object& object, std::string_view unitName);

}  // namespace codegen
