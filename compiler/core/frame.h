// Frames, argument passing and the order of evaluation at -O0: one computation for the code generator, the abstract
// machine's stack accounting (decisions.md, 6) and the docs (docs/abi.md). From high to low addresses:
//
//   r29 + size ..   the caller's frame: at its bottom the incoming stack arguments, which are the parameters' variables
//   variables       parameters that come in registers, and locals, in order, each aligned to 4
//   returnAddress   saved r31
//   structResult    saved r19, if the function returns a struct
//   destination     address of the pending call's or new's destination, if some statement's is not a fixed place
//   spills          left operands that wait in memory
//   discarded       room for struct results that a call statement throws away
//   r29 + 0 ..      outgoing stack arguments
//
// Evaluation is strictly left to right. At depth k, registers 0..k-1 of kEvaluationRegister hold what waits, and the result is
// left in register k; scratch registers (r1, r11..r18, r20, r31) hold nothing across an operand. The multiply and divide
// routines change r1, r11, r12, r20, r31 only, so waiting operands survive them. Step by step:
//
//   Literal, Null, Global, Local    into register k
//   Field, Deref, Unary, Cast, &    the operand at depth k, then the operation in register k
//   l && r, l || r                  l at k, branch, r at k
//   l op r                          l at k, then r as "right operand"
//   l[r], l a fixed place           r at k; the base is r29, r28 or an address, plus a constant
//   l[r] otherwise                  the address of l at k, then r as "right operand"
//   right operand                   at k + 1. When leftSpills(k), l is first stored to spill slot d, d being the number of
//                                   slots now in use, and r is evaluated at k with d + 1 in use; then l comes from slot d
//                                   into a scratch register
//   t = e                           t fixed: e at 0; else the address of t at 0, e as right operand (for structs, its address)
//   t = f(a..)                      t not fixed: its address at 0, stored to `destination`. Then the arguments: the j-th that
//                                   goes into a register at depth j (at most 8, so none spills), one that goes to the stack
//                                   at the depth that follows, stored at once. Then all move to r11.., r19 is set, jal
//   t = new(T), t = new(T, e)       t not fixed: its address at 0, stored to `destination`; then e at 0
//   return e, if (e), while (e)     e at 0
//
// What the code generator does cheaper (immediates, say) may leave a slot unused; frames are as computed here.
#pragma once

#include "compiler/core/core.h"

namespace core {

constexpr unsigned kEvaluationRegisters = 10;
constexpr uint8_t kEvaluationRegister[kEvaluationRegisters] = {2, 3, 4, 5, 6, 7, 8, 9, 10, 19};
constexpr unsigned kArgumentRegisters = 8, kFirstArgumentRegister = 11;

// No register is left for the right operand of what is evaluated at this depth.
constexpr bool leftSpills(unsigned depth) { return depth + 1 >= kEvaluationRegisters; }

// A place whose address is a global's or local's plus a constant: Global, Local, and Field or in-range literal Index of such.
bool isFixedPlace(const Program& program, const Expr& place);

struct ArgumentPlace {
  bool inRegister;
  uint32_t place;  // register number (11..18), or byte offset in the caller's outgoing area
};
struct ArgumentLayout {
  std::vector<ArgumentPlace> places;
  uint64_t stackBytes;  // multiple of 4
};
// Simple arguments take r11..r18 in order; further ones and all structs lie in the outgoing area, in order, 4-aligned.
ArgumentLayout layoutArguments(const Program& program, const Function& function);

struct FrameLayout {
  uint32_t size = 0;                // multiple of 4
  std::vector<uint32_t> variables;  // offsets from r29; beyond `size` for parameters that come on the stack
  uint32_t returnAddress = 0;
  uint32_t structResult = 0;
  uint32_t destination = 0;
  uint32_t spills = 0, spillCount = 0;  // slot d lies at spills + 4 d
  uint32_t discarded = 0;
  bool hasStructResult = false, hasDestination = false;
  bool fits = true;  // false: beyond 2^31 - 1 bytes, the rest means nothing
};
FrameLayout layoutFrame(const Program& program, const Function& function);

// Registers that evaluating an expression (a place: its address) at depth 0 takes if there were enough.
unsigned registerNeed(const Program& program, const Expr& expr);
// Spill slots that evaluating it at this depth takes.
unsigned spillNeed(const Program& program, const Expr& expr, unsigned depth = 0);

}  // namespace core
