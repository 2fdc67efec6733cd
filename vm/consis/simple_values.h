// One simple value of the abstract machine against its bytes in the VAMP: v-consis and p-consis for one sub variable
// (seed 003, 4.2). All modes compare by this function.
#pragma once

#include "assembler/base/bytes.h"
#include "vm/consis/checker.h"

namespace consis {

struct Compared {
  uint32_t expected = 0, found = 0;  // equal if there is nothing to compare
  bool equal() const { return expected == found; }
};

inline uint32_t readSimple(std::span<const uint8_t> memory, uint32_t size, uint32_t address) {
  switch (size) {
    case 1: return memory[address];
    case 2: return base::load<uint16_t>(&memory[address]);
    default: return base::load<uint32_t>(&memory[address]);
  }
}

// The type is simple; `read(address, size)` gives its bytes.
template <class Read>
[[gnu::always_inline]] inline Compared compareSimple(const Pair& pair, const core::Type& type, const interp::Value& value, uint32_t address,
                                                     Counters& counters, Read&& read) {
  if (value.kind == interp::Value::Unknown) {
    // Whatever it is, its bytes are what they were: more than a dangling pointer or no value asks for.
    ++(type.kind == core::TypeKind::Pointer ? counters.pointers : counters.values);
    return {value.bits, read(address, type.asize)};
  }
  if (value.kind == interp::Value::Undefined) {
    ++counters.undefined;
    return {};
  }
  uint32_t expected = value.bits;
  if (type.kind != core::TypeKind::Pointer) {
    ++counters.values;
  } else if (value.kind == interp::Value::Null) {
    expected = 0;
    ++counters.pointers;
  } else if (auto target = pair.aba.aba(value, type.element)) {
    expected = *target;
    ++counters.pointers;
  } else {
    ++counters.dangling;
    return {};
  }
  if (type.asize < 4) expected &= (1u << 8 * type.asize) - 1;
  return {expected, read(address, type.asize)};
}

// The bytes are those of the machine's memory.
[[gnu::always_inline]] inline Compared compareSimple(const Pair& pair, const core::Type& type, const interp::Value& value, uint32_t address,
                                                     Counters& counters) {
  return compareSimple(pair, type, value, address, counters,
                       [&](uint32_t at, uint32_t size) { return readSimple(pair.concrete.memory(), size, at); });
}

}  // namespace consis
