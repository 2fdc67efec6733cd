#include "vm/machine/trail.h"

namespace machine {

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
  clear();
}

}  // namespace machine
