// Devices 0 and 5, a hard disk: ATA, PIO, 28-bit LBA, 512-byte sectors, one drive (shared/spec/vamp.md "Physical map").
//   0 data (a word) 1 error/features 2 sector count 3..5 LBA low mid high 6 device 7 status/command 8 alternate
//   status/control
// Commands: 20 read, 30 write, E7 flush, EC identify, 91 and 10 accepted, others aborted. The drive is busy for
// kLatency instructions before each sector it reads and after each it was given.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <set>

#include "vm/devices/device.h"
#include "vm/devices/storage.h"

namespace devices {

class Disk final : public Device {
 public:
  static constexpr uint64_t kLatency = 1000;

  // A copy is in the same state and has the same storage, until it is given another one.
  explicit Disk(std::shared_ptr<Storage> storage) : storage_(std::move(storage)) {}
  const std::shared_ptr<Storage>& storage() const { return storage_; }
  void replaceStorage(std::shared_ptr<Storage> storage) { storage_ = std::move(storage); }

  uint32_t read(unsigned port, uint64_t now) override;
  void write(unsigned port, uint32_t value, uint64_t now) override;
  bool line(uint64_t now) override;
  uint64_t nextEvent(uint64_t now) override;
  void save(base::Writer& to) const override;
  bool load(base::Reader& from) override;

  // Reading or writing this sector fails with UNC from now on.
  void injectFault(uint32_t sector) { faulty_.insert(sector); }

  // The n-th transfer of a sector from now on (1: the next one) fails with UNC; and from then on every one of this sector, if it `stays`.
  void failTransfer(uint64_t n, bool stays) { failing_ = transfers_ + n, stays_ = stays; }

  uint64_t transfers() const { return transfers_; }  // of sectors, good or not
  uint64_t sectorsRead() const { return sectorsRead_; }
  uint64_t sectorsWritten() const { return sectorsWritten_; }

 private:
  enum class Phase { Idle, Reading, Writing, Identifying, Finishing };

  void command(uint8_t command, uint64_t now);
  void catchUp(uint64_t now);  // the end of being busy
  void busy(uint64_t now);
  void fail(uint8_t error);
  void finishSector(uint64_t now);
  bool transfer(bool write);
  void identify();
  void reset();
  uint32_t lba() const;
  void setLba(uint32_t lba);
  bool selected() const { return !(device_ & 0x10); }

  std::shared_ptr<Storage> storage_;
  std::set<uint32_t> faulty_;
  uint64_t transfers_ = 0, failing_ = 0;
  bool stays_ = false;
  std::array<uint8_t, kSectorBytes> buffer_{};
  unsigned position_ = 0;   // in the buffer, bytes
  uint32_t remaining_ = 0;  // sectors of the command, the current one included
  Phase phase_ = Phase::Idle;
  uint64_t busyUntil_ = UINT64_MAX;
  uint8_t status_ = 0x50, error_ = 1, count_ = 1, device_ = 0xE0;
  std::array<uint8_t, 3> lba_{1, 0, 0};
  bool interrupt_ = false, noInterrupts_ = false, resetting_ = false;
  uint64_t sectorsRead_ = 0, sectorsWritten_ = 0;
};

}  // namespace devices
