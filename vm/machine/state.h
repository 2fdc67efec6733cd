// The programmer's view of a VAMP (shared/spec/vamp.md "State").
#pragma once

#include <array>
#include <cstdint>

#include "assembler/isa/isa.h"

namespace machine {

struct State {
  std::array<uint32_t, 32> gpr{};  // gpr[0] is 0
  std::array<uint32_t, 32> fpr{};
  std::array<uint32_t, isa::kSprCount> spr{};
  uint32_t dpc = 0;  // executed now
  uint32_t pc = 4;   // next
  uint64_t steps = 0;

  bool user() const { return spr[isa::MODE] & 1; }
  bool operator==(const State&) const = default;
};

// The state after reset: all zero but ECA = 1, DPC = 0, PC = 4.
State resetState();

}  // namespace machine
