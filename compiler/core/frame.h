// Frames and argument passing at -O0: one computation for the code generator, the abstract machine's stack accounting
// (decisions.md, 6) and the docs (docs/abi.md).
//
//   r29 + size      the caller's frame (its r29): incoming stack arguments at its bottom
//   variables       parameters and locals, in order, each aligned to max(4, its alignment rounded up to 4)
//   returnAddress   saved r31
//   structResult    saved r19, if the function returns a struct
//   destination     address of the destination of the pending call or new, if any statement needs it
//   spills          operands that do not fit into registers
//   discarded       room for struct results that a call statement throws away
//   r29 + 0         outgoing stack arguments
#pragma once

#include "compiler/core/core.h"

namespace core {

// Registers in which expressions are evaluated, in order of use: r2..r10, r19. A left operand that would leave no
// register for the right one waits in a spill slot.
constexpr unsigned kEvaluationRegisters = 10;

struct ArgumentPlace {
  bool inRegister;
  uint32_t place;  // register number (11..18), or byte offset in the caller's outgoing area
};
struct ArgumentLayout {
  std::vector<ArgumentPlace> places;
  uint32_t stackBytes;  // multiple of 4
};
// Simple arguments take r11..r18 in order; further ones and all structs lie in the outgoing area, in order, 4-aligned.
ArgumentLayout layoutArguments(const Program& program, const Function& function);

struct FrameLayout {
  uint32_t size = 0;  // multiple of 4
  std::vector<uint32_t> variables;
  uint32_t returnAddress = 0;
  uint32_t structResult = 0;
  uint32_t destination = 0;
  uint32_t spills = 0, spillCount = 0;
  uint32_t discarded = 0;
  bool fits = true;  // false: beyond 2^31 - 1 bytes
};
FrameLayout layoutFrame(const Program& program, const Function& function);

// Registers that evaluating an expression needs strictly left to right; > kEvaluationRegisters means spilling.
unsigned registerNeed(const Program& program, const Expr& expr);

}  // namespace core
