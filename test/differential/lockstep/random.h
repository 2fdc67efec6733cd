// Reproducible random numbers, with the choices that generators need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace lockstep {

class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15u + 1) {}

  uint32_t word() {  // splitmix64, high half
    uint64_t z = state_ += 0x9E3779B97F4A7C15u;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return uint32_t(z >> 32);
  }
  uint32_t below(uint32_t limit) { return uint32_t(uint64_t(word()) * limit >> 32); }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <class T>
  T pick(std::initializer_list<T> list) {
    return list.begin()[below(uint32_t(list.size()))];
  }

 private:
  uint64_t state_;
};

}  // namespace lockstep
