// Memory as a program sees it, for debuggers: page tables are followed without any effect on the machine.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "vm/machine/machine.h"

namespace gdb {

struct Space {
  bool translated = false;     // by the page table at page pto, with entries for pages 0..ptl
  uint32_t pto = 0, ptl = 0;
};
Space spaceOf(const machine::State& state);

// The physical address in memory; nothing after a page fault, and of devices, which notice being read.
std::optional<uint32_t> physical(const machine::Machine& machine, const Space& space, uint32_t address, bool write);

// As many bytes as there are, from the first on.
std::string readMemory(const machine::Machine& machine, const Space& space, uint32_t address, uint32_t size);
// All bytes, or none.
bool writeMemory(machine::Machine& machine, const Space& space, uint32_t address, std::string_view bytes);

}  // namespace gdb
