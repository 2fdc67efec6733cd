// .debug_frame: how to find a caller's registers from any instruction (DWARF 4, 6.4). Registers are numbered 0..31 as r0..r31.
//
// Where nothing else is said, the rules are those of a leaf without frame (docs/abi.md): CFA = r29, the return address is in r31,
// r29 was the CFA; r21..r28 and r30 are as they are; r1..r20 are lost.
#pragma once

#include <string>
#include <vector>

#include "assembler/dwarf/contents.h"

namespace dwarf {

// The register that holds the address of the interrupted instruction or its successor. The number is that of PowerPC's link register, as
// which a debugger gets it (docs/debugging.md).
constexpr uint32_t kEdpc = 108;

struct FrameRule {
  enum Kind : uint8_t {
    Cfa,        // CFA := register + value
    Saved,      // the register is in memory at CFA + value
    SavedAt,    // .. is in memory at the address `value`
    Moved,      // .. is in the register `value`
    Kept,       // .. is as it is
    Lost,
    Initial,    // .. has the rule of the beginning again
    Remember,   // all rules
    Recall,     // .. those remembered last
  } kind;
  uint32_t at = 0;  // from this offset in the section on
  uint32_t reg = 0;
  int32_t value = 0;
};

// A procedure: code with frame rules, ascending by `at`.
struct Frame {
  uint32_t section;
  uint32_t begin, end;  // offsets
  uint32_t returnColumn = 31;
  std::vector<FrameRule> rules{};
};

Contents writeFrames(const std::vector<Frame>& frames);

}  // namespace dwarf
