// Devices that behave at random but reproducibly: what a read gives and which lines are up depends on all earlier
// accesses and on the time. Two buses that see the same accesses at the same times stay equal, and log() tells whether
// they did.
#pragma once

#include "vm/machine/machine.h"

namespace lockstep {

class RandomBus : public machine::Bus {
 public:
  explicit RandomBus(uint64_t seed) : history_(seed) {}

  uint32_t read(unsigned device, unsigned port, uint64_t now) override;
  void write(unsigned device, unsigned port, uint32_t value, uint64_t now) override;
  uint32_t lines(uint64_t now) override;
  uint64_t nextEvent(uint64_t now) override;
  bool stopRequested() const override { return stop_; }

  void clearStop() { stop_ = false; }
  uint64_t log() const { return history_; }

 private:
  uint64_t note(uint64_t what, uint64_t now);

  uint64_t history_;
  // Lines are `before_` until time `change_`, `after_` from then on.
  uint32_t before_ = 0, after_ = 0;
  uint64_t change_ = 0;
  bool stop_ = false;
};

}  // namespace lockstep
