#include "test/differential/lockstep/random_bus.h"

namespace lockstep {
namespace {

uint64_t mix(uint64_t z) {
  z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
  z = (z ^ z >> 27) * 0x94D049BB133111EBu;
  return z ^ z >> 31;
}

}  // namespace

uint64_t RandomBus::note(uint64_t what, uint64_t now) {
  history_ = mix(history_ + 0x9E3779B97F4A7C15u * (what + 1) + now);
  return history_;
}

uint32_t RandomBus::lines(uint64_t now) { return now < change_ ? before_ : after_; }

uint64_t RandomBus::nextEvent(uint64_t now) { return now < change_ ? change_ : machine::kNever; }

uint32_t RandomBus::read(unsigned device, unsigned port, uint64_t now) {
  uint64_t hash = note(device * 1024 + port, now);
  // Some reads acknowledge the device's line.
  if (hash & 1) before_ &= ~(1u << (13 + device)), after_ &= ~(1u << (13 + device));
  return uint32_t(hash >> 8);
}

void RandomBus::write(unsigned device, unsigned port, uint32_t value, uint64_t now) {
  uint64_t hash = note(uint64_t(value) << 16 | device << 12 | port, now);
  before_ = lines(now);
  after_ = uint32_t(hash >> 32) & uint32_t(hash >> 20) & 0x1FE000;
  // Some change at once, some soon, some far beyond a page's worth of instructions.
  unsigned distance = unsigned(hash >> 8) & 0xFFF;
  change_ = now + (hash & 1 ? distance & 7 : hash & 2 ? distance : 4 * distance);
  if ((hash >> 56) % 32 == 0) stop_ = true;
}

}  // namespace lockstep
