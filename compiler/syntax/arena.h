// Bump allocation for the nodes of one top-level declaration: reset() keeps the memory for the next one.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace syntax {

class Arena {
 public:
  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T))) T{std::forward<Args>(args)...};
  }
  // Zeroed.
  template <class T>
  T* array(size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(count * sizeof(T))) T[count]();
  }
  void reset() {
    block_ = 0;
    next_ = blocks_.empty() ? nullptr : blocks_[0].memory.get();
    end_ = blocks_.empty() ? nullptr : next_ + blocks_[0].size;
  }

 private:
  struct Block {
    std::unique_ptr<char[]> memory;
    size_t size;
  };

  void* allocate(size_t size) {
    size = (size + 7) & ~size_t(7);
    if (size_t(end_ - next_) < size) grow(size);
    void* result = next_;
    next_ += size;
    return result;
  }
  void grow(size_t size) {
    while (++block_ < blocks_.size() && blocks_[block_].size < size) {
    }
    if (blocks_.empty()) block_ = 0;
    if (block_ >= blocks_.size()) {
      size_t wanted = std::max(size, kBlock);
      blocks_.push_back({std::unique_ptr<char[]>(new char[wanted]), wanted});
      block_ = blocks_.size() - 1;
    }
    next_ = blocks_[block_].memory.get();
    end_ = next_ + blocks_[block_].size;
  }

  static constexpr size_t kBlock = 1 << 16;
  std::vector<Block> blocks_;
  size_t block_ = 0;
  char* next_ = nullptr;
  char* end_ = nullptr;
};

}  // namespace syntax
