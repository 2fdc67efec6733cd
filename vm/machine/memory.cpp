#include "vm/machine/memory.h"

#include <sys/mman.h>

#include <new>

namespace machine {

void* reserve(uint64_t bytes, bool hugePages) {
  void* block = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (block == MAP_FAILED) throw std::bad_alloc();
  // A sparse table must not grow by 2 MiB for each entry.
  if (!hugePages) madvise(block, bytes, MADV_NOHUGEPAGE);
  return block;
}

void release(void* block, uint64_t bytes) { munmap(block, bytes); }

Memory::Memory(uint32_t bytes) : data_(static_cast<uint8_t*>(reserve(bytes, true))), size_(bytes) {}

Memory::~Memory() { release(data_, size_); }

}  // namespace machine
