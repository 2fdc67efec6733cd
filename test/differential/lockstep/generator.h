// Random states that make a machine do everything: code, data, page tables and devices near each other, so that they
// collide.
#pragma once

#include <vector>

#include "test/differential/lockstep/random.h"
#include "vm/machine/state.h"

namespace lockstep {

constexpr uint32_t kMemory = 16 * 4096;

struct Episode {
  machine::State state;
  std::vector<uint8_t> memory;
};

Episode generate(Random& random);

// A random instruction; now and then any word.
uint32_t randomInstruction(Random& random);

// A number from those where arithmetic changes its ways, or any.
uint32_t edgeValue(Random& random);

}  // namespace lockstep
