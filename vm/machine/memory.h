// The physical memory: one block of host memory, zero at first, touched lazily.
#pragma once

#include <cstdint>

#include "assembler/base/bytes.h"

namespace machine {

class Memory {
 public:
  // bytes: a multiple of 4096, at most 2 GiB. Throws std::bad_alloc.
  explicit Memory(uint32_t bytes);
  ~Memory();
  Memory(const Memory&) = delete;
  Memory& operator=(const Memory&) = delete;

  uint8_t* data() const { return data_; }
  uint32_t size() const { return size_; }
  bool contains(uint32_t address, uint32_t bytes) const { return uint64_t(address) + bytes <= size_; }

  // The address must be contained.
  template <class T>
  T load(uint32_t address) const {
    return base::load<T>(data_ + address);
  }
  template <class T>
  void store(uint32_t address, T value) {
    base::store<T>(data_ + address, value);
  }

 private:
  uint8_t* data_;
  uint32_t size_;
};

// Zero-filled host memory that costs nothing until touched. Throws std::bad_alloc.
void* reserve(uint64_t bytes, bool hugePages);
void release(void* block, uint64_t bytes);

}  // namespace machine
