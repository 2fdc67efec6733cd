// The consistency map (.c0map): what the compiler says about where the C0 machine's state lies in the VAMP's
// (shared/spec/c0.md "Compilation", decisions.md 1-3, 7-9). It is the only thing that consis believes of the compiler,
// and it is itself checked. Bytes on disk: docs/formats.md. Addresses are offsets from the function's start; one Word32
// relocation gives the start, so that the linker merges maps by concatenation. Standard library only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "assembler/base/bytes.h"
#include "assembler/base/result.h"
#include "assembler/object/elf.h"
#include "assembler/object/faults.h"

namespace object {

struct MapPosition {
  uint32_t file = 0;  // index into MapUnit::files
  uint32_t line = 0;
  uint32_t column = 0;
  bool operator==(const MapPosition&) const = default;
};

// A core statement; its index in MapFunction::statements is its ordinal.
struct MapStatement {
  MapPosition position;
  bool emits = true;              // a non-emitting statement is a step without instructions
  std::vector<uint32_t> entries;  // caddr first, then further addresses from which control reaches it
};

// The return point of a call statement: where the code that stores the result begins = the callee's return address.
struct MapCall {
  uint32_t statement;
  uint32_t returnPoint;
};

// A run-time check: the fault that the call of the fault routine which returns to `returnAddress` reports.
struct MapCheck {
  uint32_t returnAddress;
  Fault fault;
  MapPosition position;
};

struct MapAsm {
  uint32_t statement;
  uint32_t begin, end;
};

// Where a variable of a frame lies (more kinds from -O1 on: decisions.md, 9).
struct MapVariable {
  enum Kind : uint8_t { Frame = 0 } kind = Frame;
  uint32_t offset = 0;  // Frame: from r29
};

struct MapFunction {
  std::string name;
  uint32_t address = 0;                // after relocation
  uint32_t size = 0;                   // bytes of code
  uint32_t frameSize = 0;              // bytes
  uint32_t returnAddressOffset = 0;    // from r29, of the saved r31
  std::vector<MapVariable> variables;  // parameters first, then locals, as in the core
  std::vector<MapStatement> statements;
  std::vector<MapCall> calls;    // ascending by statement
  std::vector<MapCheck> checks;  // ascending by returnAddress
  std::vector<MapAsm> asms;
};

struct MapGlobal {
  std::string name;
  uint32_t address = 0;  // after relocation
};

// One translation unit; the n-th unit of .c0map belongs to the n-th of .c0core.
struct MapUnit {
  std::string name;
  std::vector<std::string> files;
  std::vector<MapGlobal> globals;      // those that the unit defines, in any order: names are unique within a unit
  std::vector<MapFunction> functions;  // likewise, in the order in which they were compiled
};

// A word in the map's bytes that needs a Word32 relocation against a symbol of this name.
struct MapRelocation {
  uint32_t offset;
  std::string symbol;
};

// Writes a unit piece by piece, so that the compiler need not keep a whole unit's map.
class MapWriter {
 public:
  explicit MapWriter(std::string_view unitName);
  uint32_t file(std::string_view name);  // index, adding the file if it is new
  const std::vector<std::string>& files() const { return files_; }
  void global(std::string_view name);
  void function(const MapFunction& function);  // its `address` is ignored

  // The section's bytes and relocations; the writer is done afterwards.
  std::vector<uint8_t> finish(std::vector<MapRelocation>& relocations);

 private:
  std::string unitName_;
  std::vector<std::string> files_;
  base::Writer globals_, functions_;
  uint32_t globalCount_ = 0, functionCount_ = 0;
  std::vector<MapRelocation> globalRelocations_, functionRelocations_;
};

// All units of a section. Errors [bad-map]: truncated, impossible counts, entries outside the function, unsorted calls
// or checks, unknown fault codes.
base::Result<std::vector<MapUnit>> readMap(std::span<const uint8_t> bytes);

// The units of an object or image, none if it has no .c0map. In an object, whose map is not relocated yet, the
// addresses are offsets in the section with this index; what lies elsewhere has kElsewhere.
constexpr uint32_t kElsewhere = 0xFFFFFFFF;
base::Result<std::vector<MapUnit>> readMap(const Object& object, uint32_t section);

// Resource limits of an image, absolute symbols set by the linker (decisions.md, 6); c0i has the same defaults.
constexpr uint32_t kDefaultHeapSize = 16u << 20;
constexpr uint32_t kDefaultStackSize = 4u << 20;
// Of concrete kernels, which end below 2 MiB (docs/cvm.md, "Memory").
constexpr uint32_t kKernelHeapSize = 1u << 20;
constexpr uint32_t kKernelStackSize = 64u << 10;

// Symbols that the linker defines: __gp, __text_start, __text_end, __heap_start, __heap_end, __stack_limit,
// __stack_top. Memory: 0..0x7FFF vector and save area (section .vector at 0), .text from 0x8000 (4 KiB aligned),
// .rodata, .data, .bss each 4 KiB aligned, then heap (ascending), then stack (descending).

}  // namespace object
