// Registers and memory as bytes (docs/formats.md "Logs and snapshots").
#pragma once

#include "assembler/base/bytes.h"
#include "assembler/base/result.h"
#include "vm/machine/machine.h"

namespace machine {

// Registers, steps.
void save(const State& state, base::Writer& to);
bool load(State& state, base::Reader& from);  // false: the bytes end before; it is the reset state then

// Registers, interrupts, memory: its pages that are not zero. Loaded into a machine with as much memory; errors [bad-state], after
// which it is the reset state with any memory.
void save(const Machine& machine, base::Writer& to);
base::Status load(Machine& machine, base::Reader& from);

}  // namespace machine
