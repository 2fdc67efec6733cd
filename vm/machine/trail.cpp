#include "vm/machine/trail.h"

#include <sys/mman.h>

namespace machine {
namespace {

// All of it will be written: the host may as well give it at once, which is much cheaper than page by page.
void populate([[maybe_unused]] void* begin, [[maybe_unused]] size_t bytes) {
#ifdef MADV_POPULATE_WRITE
  constexpr uintptr_t kPage = 4096;
  const uintptr_t from = (reinterpret_cast<uintptr_t>(begin) + kPage - 1) / kPage * kPage;
  const uintptr_t to = (reinterpret_cast<uintptr_t>(begin) + bytes) / kPage * kPage;
  if (from < to) madvise(reinterpret_cast<void*>(from), to - from, MADV_POPULATE_WRITE);
#endif
}

}  // namespace

// Memory costs nothing until touched, so it is not set to anything.
Trail::Trail()
    : size_(kMost),
      stores_(std::make_unique_for_overwrite<Store[]>(size_)),
      arrivals_(std::make_unique_for_overwrite<Arrival[]>(size_)),
      before_(std::make_unique_for_overwrite<uint32_t[]>(size_)) {
  clear();
}

Trail::Trail(uint32_t size)
    : size_(std::max(size, kMost)),
      stores_(std::make_unique_for_overwrite<Store[]>(size_)),
      arrivals_(std::make_unique_for_overwrite<Arrival[]>(size_)) {
  populate(stores_.get(), size_ * sizeof(Store));
  populate(arrivals_.get(), size_ * sizeof(Arrival));
  clear();
}

}  // namespace machine
