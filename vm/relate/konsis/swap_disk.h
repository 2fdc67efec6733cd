// The swap disk of a checked run: in memory, and it tells which sectors were written.
#pragma once

#include <memory>
#include <vector>

#include "vm/devices/disk.h"

namespace konsis {

constexpr uint32_t kSectorsPerPage = 4096 / devices::kSectorBytes;

// Sectors that were moved; outlives the disk, which belongs to the machine's bus.
struct Transfers {
  uint64_t read = 0, written = 0;
};

class SwapDisk : public devices::Storage {
 public:
  explicit SwapDisk(std::vector<uint8_t> image, Transfers* transfers = nullptr) : bytes_(std::move(image)), transfers_(transfers) {
    bytes_.resize((bytes_.size() + 511) / 512 * 512);
  }

  uint32_t sectors() const override { return uint32_t(bytes_.size() / devices::kSectorBytes); }
  bool read(uint32_t sector, uint8_t* to) override;
  bool write(uint32_t sector, const uint8_t* from) override;

  // Null beyond the disk's end.
  const uint8_t* page(uint32_t number) const {
    return (uint64_t(number) + 1) * 4096 <= bytes_.size() ? &bytes_[size_t(number) * 4096] : nullptr;
  }
  std::vector<uint32_t> written;  // sectors, since their reader cleared them

 private:
  std::vector<uint8_t> bytes_;
  Transfers* transfers_;
};

}  // namespace konsis
