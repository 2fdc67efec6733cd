#include "vm/relate/konsis/swap_disk.h"

#include <algorithm>

namespace konsis {

bool SwapDisk::read(uint32_t sector, uint8_t* to) {
  if (sector >= sectors()) return false;
  std::copy_n(&bytes_[size_t(sector) * devices::kSectorBytes], devices::kSectorBytes, to);
  if (transfers_) ++transfers_->read;
  return true;
}

bool SwapDisk::write(uint32_t sector, const uint8_t* from) {
  if (sector >= sectors()) return false;
  std::copy_n(from, devices::kSectorBytes, &bytes_[size_t(sector) * devices::kSectorBytes]);
  written.push_back(sector);
  if (transfers_) ++transfers_->written;
  return true;
}

}  // namespace konsis
