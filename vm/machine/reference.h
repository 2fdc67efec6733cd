// The reference executor: one instruction as shared/spec/vamp.md says it.
#pragma once

#include "vm/machine/machine.h"
#include "vm/machine/memory.h"

namespace machine {

// Executes the instruction at state.dpc and counts it. `bus` may be null: then there is no device.
Event referenceStep(State& state, Memory& memory, Bus* bus);

}  // namespace machine
