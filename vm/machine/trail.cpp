#include "vm/machine/trail.h"

#include <sys/mman.h>

#include <cstdlib>
#include <new>

namespace machine {
namespace {

constexpr size_t kHugePage = size_t(2) << 20;

// Memory that costs nothing until touched; if it is large, in few pages.
void* allocate(size_t bytes) {
  const size_t alignment = bytes >= kHugePage ? kHugePage : 4096;
  void* block = std::aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment);
  if (!block) throw std::bad_alloc();
  if (alignment == kHugePage) madvise(block, bytes, MADV_HUGEPAGE);
  return block;
}

}  // namespace

Trail::Trail(uint32_t size)
    : size_(std::max(size, kMost)),
      stores_(static_cast<Store*>(allocate(size_ * (sizeof(Store) + sizeof(Arrival))))),
      arrivals_(reinterpret_cast<Arrival*>(stores_ + size_)) {
  clear();
}

Trail::~Trail() { std::free(stores_); }

}  // namespace machine
