// A disk's sectors that can be put back to what they were: what is written stays in memory, the storage below is as it was.
#pragma once

#include <memory>

#include "vm/devices/storage.h"
#include "vm/machine/machine.h"
#include "vm/machine/pages.h"

namespace timeline {

class ReversibleStorage : public devices::Storage {
 public:
  explicit ReversibleStorage(std::shared_ptr<devices::Storage> below)
      : below_(std::move(below)), written_((below_->sectors() + kSectorsPerPage - 1) / kSectorsPerPage) {}

  uint32_t sectors() const override { return below_->sectors(); }
  bool read(uint32_t sector, uint8_t* to) override;
  bool write(uint32_t sector, const uint8_t* from) override;

  const machine::Pages& contents() const { return written_; }
  void restore(const machine::Pages& contents) { written_ = contents; }

 private:
  static constexpr uint32_t kSectorsPerPage = machine::kPageSize / devices::kSectorBytes;

  std::shared_ptr<devices::Storage> below_;
  machine::Pages written_;  // a page that was written to is here as a whole
};

}  // namespace timeline
