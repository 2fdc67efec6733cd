// VAMP's registers as a stock gdb takes them: those of a PowerPC, whose r0..r31 are ours, and VAMP's others beside them
// (docs/debugging.md says why). One list, from which target description and packets are made.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "vm/machine/state.h"

namespace gdb {

constexpr unsigned kPcNumber = 32;  // gdb's pc: the instruction that is next, DPC

unsigned registerCount();
uint32_t readRegister(const machine::State& state, unsigned number);
// pc: the instruction after it follows. Registers that always read 0 stay so.
void writeRegister(machine::State& state, unsigned number, uint32_t value);

// target.xml
const std::string& targetDescription();

}  // namespace gdb
