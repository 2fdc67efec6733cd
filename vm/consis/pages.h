// Memory to read from, page by page: a machine's, or what a checkpoint keeps of one.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "vm/consis/simple_values.h"
#include "vm/machine/machine.h"

namespace consis {

using Page = std::array<uint8_t, machine::kPageSize>;

// It must not outlive what it shows.
class Pages {
 public:
  explicit Pages(const machine::Machine& machine) {
    for (uint32_t at = 0; at < machine.memorySize(); at += machine::kPageSize) pages_.push_back(machine.memory().data() + at);
  }
  // A page that is null is all zero.
  explicit Pages(std::span<const std::shared_ptr<const Page>> pages) {
    static constexpr Page kZero{};
    for (const auto& page : pages) pages_.push_back((page ? *page : kZero).data());
  }

  uint64_t size() const { return uint64_t(pages_.size()) * machine::kPageSize; }
  // Of a simple value, which lies at a multiple of its size, below size().
  uint32_t simple(uint32_t size, uint32_t address) const {
    return readSimple({pages_[address / machine::kPageSize], machine::kPageSize}, size, address % machine::kPageSize);
  }
  bool readWord(uint32_t address, uint32_t& word) const {
    if (address % 4 || uint64_t(address) + 4 > size()) return false;
    word = simple(4, address);
    return true;
  }

 private:
  std::vector<const uint8_t*> pages_;
};

}  // namespace consis
