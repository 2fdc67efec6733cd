// The floating-point instructions on the machine's registers. Both executors use it; what it computes is in floating.h.
#pragma once

#include "vm/machine/state.h"

namespace machine {

// A double is in the registers f2k (its lower half) and f2k+1; the lowest bit of its number is ignored.
constexpr unsigned evenOf(unsigned number) { return number & ~1u; }

// An instruction of format F. Changes state's floating-point registers, IEEEF and FCC, and the general registers `gpr`
// (mf2i). IEEEF collects what is masked in SR; the rest is returned as the interrupts that it raises (bits of MCA).
uint32_t executeFloating(const isa::Instruction& in, State& state, uint32_t* gpr);

// Whether fbeqz or fbnez jumps: FCC[0] decides.
bool branches(isa::Op op, const State& state);

}  // namespace machine
