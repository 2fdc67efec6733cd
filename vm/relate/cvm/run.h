// The CVM machine on its own: an abstract kernel and its users, without the implementation (docs/cvm-machine.md).
#pragma once

#include <array>
#include <functional>

#include "vm/relate/cvm/surroundings.h"

namespace cvm {

struct Statistics {
  uint64_t userSteps = 0, idleSteps = 0, kernelSteps = 0;
  std::array<uint64_t, size_t(core::kLastPrimitive) + 1> primitives{};
  std::array<uint64_t, 32> interrupts{};  // by the lowest cause
};

struct RunOptions {
  uint64_t maxSteps = UINT64_MAX;  // of users, kernel and the idle user together
  Executor executor = Executor::Fast;
  std::function<void(const std::string& line)> trace;  // interrupts and primitives
};

enum class End : uint8_t {
  Exited,   // the host device was told to stop, or that a check failed
  Faulted,  // the abstract kernel has no semantics: Machine::fault()
  Limit,    // maxSteps
  Stuck,    // cvm_wait for an interrupt that cannot come
};

// Runs until the end; `around` then says with which status.
End run(Machine& machine, Surroundings& around, const RunOptions& options, Statistics& statistics);

}  // namespace cvm
