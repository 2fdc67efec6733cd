// Memory to read from, page by page: a machine's, or what a checkpoint keeps of one.
#pragma once

#include <cstdint>

#include "vm/consis/simple_values.h"
#include "vm/machine/machine.h"
#include "vm/machine/pages.h"

namespace consis {

// It must not outlive what it shows.
class MemoryView {
 public:
  explicit MemoryView(const machine::Machine& machine) : size_(machine.memorySize()), bytes_(machine.memory().data()) {}
  // A page that is not there is all zero.
  explicit MemoryView(const machine::Pages& pages) : size_(uint64_t(pages.count()) * machine::kPageSize), pages_(&pages) {}

  uint64_t size() const { return size_; }
  // The address is below size().
  const uint8_t* page(uint32_t address) const {
    static constexpr machine::Page kZeros{};
    const uint32_t number = address / machine::kPageSize;
    if (!pages_) return bytes_ + uint64_t(number) * machine::kPageSize;
    const auto& page = pages_->at(number);
    return (page ? *page : kZeros).data();
  }
  // Of a simple value, which lies at a multiple of its size, below size().
  uint32_t simple(uint32_t size, uint32_t address) const {
    return readSimple({page(address), machine::kPageSize}, size, address % machine::kPageSize);
  }
  bool readWord(uint32_t address, uint32_t& word) const {
    if (address % 4 || uint64_t(address) + 4 > size()) return false;
    word = simple(4, address);
    return true;
  }

 private:
  uint64_t size_;
  const uint8_t* bytes_ = nullptr;
  const machine::Pages* pages_ = nullptr;
};

}  // namespace consis
