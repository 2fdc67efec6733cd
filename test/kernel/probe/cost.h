// What the kernel costs in guest instructions, from outside: runs of test/kernel/cost/cost.c0 are watched, instruction by instruction.
#pragma once

#include <string>

#include "test/kernel/probe/trial.h"

namespace probe {

struct Cost {
  const char* name;
  unsigned goal;  // 0: none
  uint64_t least = 0, most = 0, count = 0;
  uint64_t disk = 0;  // of the least: words of the disk and waiting for it, which `least` does not count
};
// `roomy` has free frames for everything, `tight` fewer than cost.c0's MANY.
std::vector<Cost> measure(const Kernel& roomy, const Kernel& tight);
std::string table(const std::vector<Cost>& costs);

}  // namespace probe
