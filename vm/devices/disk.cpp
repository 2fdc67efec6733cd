#include "vm/devices/disk.h"

#include <cstring>
#include <string_view>

#include "assembler/base/bytes.h"
#include "vm/devices/ports.h"

namespace devices {
namespace {

constexpr uint8_t kBusy = 0x80, kReady = 0x40, kSeekComplete = 0x10, kDataRequest = 0x08, kError = 0x01;  // status
constexpr uint8_t kUncorrectable = 0x40, kIdNotFound = 0x10, kAborted = 0x04;                             // error
constexpr uint8_t kSoftReset = 0x04, kNoInterrupts = 0x02;                                                // control
constexpr uint8_t kUseLba = 0x40;                                                                         // device
constexpr uint8_t kDriveIdle = kReady | kSeekComplete;

}  // namespace

uint32_t Disk::lba() const { return lba_[0] | lba_[1] << 8 | lba_[2] << 16 | uint32_t(device_ & 0x0F) << 24; }

void Disk::setLba(uint32_t lba) {
  lba_ = {uint8_t(lba), uint8_t(lba >> 8), uint8_t(lba >> 16)};
  device_ = uint8_t((device_ & 0xF0) | (lba >> 24 & 0x0F));
}

void Disk::busy(uint64_t now) {
  status_ = kDriveIdle | kBusy;
  busyUntil_ = now + kLatency;
}

void Disk::fail(uint8_t error) {
  status_ = kDriveIdle | kError;
  error_ = error;
  phase_ = Phase::Idle;
  interrupt_ = true;
}

void Disk::reset() {
  phase_ = Phase::Idle;
  status_ = kDriveIdle, error_ = 1, count_ = 1, device_ = 0xE0;
  setLba(1);
  busyUntil_ = UINT64_MAX;
  interrupt_ = false;
}

void Disk::command(uint8_t command, uint64_t now) {
  if (status_ & kBusy) return;
  interrupt_ = false;
  error_ = 0;
  position_ = 0;
  remaining_ = count_ ? count_ : 256;
  switch (command) {
    case 0x20:
    case 0x30:
      if (!(device_ & kUseLba)) return fail(kAborted);
      phase_ = command == 0x20 ? Phase::Reading : Phase::Writing;
      if (phase_ == Phase::Reading) return busy(now);
      if (lba() >= storage_->sectors()) return fail(kIdNotFound);
      status_ = kDriveIdle | kDataRequest;
      return;
    case 0xEC: remaining_ = 1, phase_ = Phase::Identifying; return busy(now);
    case 0x10:
    case 0x91:
    case 0xE7: phase_ = Phase::Finishing; return busy(now);
    default: return fail(kAborted);
  }
}

// Between the current sector and the buffer.
bool Disk::transfer(bool write) {
  uint32_t sector = lba();
  if (sector >= storage_->sectors()) return fail(kIdNotFound), false;
  const bool failing = ++transfers_ == failing_;
  if (failing && stays_) faulty_.insert(sector);
  bool good = !failing && !faulty_.count(sector) &&
              (write ? storage_->write(sector, buffer_.data()) : storage_->read(sector, buffer_.data()));
  if (!good) return fail(kUncorrectable), false;
  (write ? sectorsWritten_ : sectorsRead_)++;
  return true;
}

void Disk::catchUp(uint64_t now) {
  if (now < busyUntil_) return;
  busyUntil_ = UINT64_MAX;
  interrupt_ = true;
  position_ = 0;
  switch (phase_) {
    case Phase::Reading:
      if (transfer(false)) status_ = kDriveIdle | kDataRequest;
      break;
    case Phase::Identifying:
      identify();
      status_ = kDriveIdle | kDataRequest;
      break;
    case Phase::Writing:  // a sector has arrived
      if (!transfer(true)) break;
      if (--remaining_ == 0) {
        phase_ = Phase::Idle, status_ = kDriveIdle;
      } else {
        setLba(lba() + 1);
        status_ = kDriveIdle | kDataRequest;
      }
      break;
    default: phase_ = Phase::Idle, status_ = kDriveIdle; break;
  }
}

// The last word of the buffer was read or written.
void Disk::finishSector(uint64_t now) {
  if (phase_ == Phase::Writing) return busy(now);
  if (--remaining_ == 0) {
    phase_ = Phase::Idle, status_ = kDriveIdle;
    return;
  }
  setLba(lba() + 1);
  busy(now);
}

void Disk::identify() {
  buffer_.fill(0);
  auto word = [&](unsigned index, uint32_t value) { base::store(buffer_.data() + 2 * index, uint16_t(value)); };
  // Texts have the first character of each pair in the high byte.
  auto text = [&](unsigned index, unsigned words, std::string_view value) {
    for (unsigned i = 0; i < 2 * words; i++) buffer_[2 * index + (i ^ 1)] = i < value.size() ? uint8_t(value[i]) : ' ';
  };
  word(0, 0x0040);  // fixed disk
  text(10, 10, "0");
  text(23, 4, "1");
  text(27, 20, "VAMP DISK");
  word(49, 0x0200);  // LBA
  word(60, storage_->sectors() & 0xFFFF);
  word(61, storage_->sectors() >> 16);
}

uint32_t Disk::read(unsigned port, uint64_t now) {
  catchUp(now);
  if (!selected() && port != disk::kSelect) return 0;  // there is no second drive
  switch (port) {
    case disk::kData: {
      if (!(status_ & kDataRequest) || phase_ == Phase::Writing) return 0;
      uint32_t value = base::load<uint32_t>(buffer_.data() + position_);
      position_ += 4;
      if (position_ == kSectorBytes) finishSector(now);
      return value;
    }
    case disk::kError: return error_;
    case disk::kCount: return count_;
    case disk::kLba:
    case disk::kLba + 1:
    case disk::kLba + 2: return lba_[port - disk::kLba];
    case disk::kSelect: return device_;
    case disk::kCommand: interrupt_ = false; return status_;
    case disk::kControl: return status_;
    default: return 0;
  }
}

void Disk::write(unsigned port, uint32_t value, uint64_t now) {
  catchUp(now);
  auto byte = uint8_t(value);
  if (port == disk::kControl) {
    noInterrupts_ = byte & kNoInterrupts;
    resetting_ = byte & kSoftReset;
    if (resetting_) reset(), status_ = kBusy;
    else if (status_ == kBusy) status_ = kDriveIdle;
    return;
  }
  if (resetting_ || status_ & kBusy) return;  // the registers belong to the drive
  switch (port) {
    case disk::kData:
      if (phase_ != Phase::Writing || !(status_ & kDataRequest)) return;
      base::store(buffer_.data() + position_, value);
      position_ += 4;
      if (position_ == kSectorBytes) finishSector(now);
      break;
    case disk::kCount: count_ = byte; break;
    case disk::kLba:
    case disk::kLba + 1:
    case disk::kLba + 2: lba_[port - disk::kLba] = byte; break;
    case disk::kSelect: device_ = byte; break;
    case disk::kCommand:
      if (selected()) command(byte, now);
      break;
    default: break;
  }
}

bool Disk::line(uint64_t now) {
  catchUp(now);
  return interrupt_ && !noInterrupts_ && selected();
}

uint64_t Disk::nextEvent(uint64_t now) {
  catchUp(now);
  return busyUntil_;
}

void Disk::save(base::Writer& to) const {
  to.unsignedNumber(faulty_.size());
  for (uint32_t sector : faulty_) to.unsignedNumber(sector);
  for (uint64_t number : {transfers_, failing_, sectorsRead_, sectorsWritten_, busyUntil_}) to.unsignedNumber(number);
  to.bytes.insert(to.bytes.end(), buffer_.begin(), buffer_.end());
  to.unsignedNumber(position_);
  to.unsignedNumber(remaining_);
  for (uint8_t byte : {uint8_t(phase_), status_, error_, count_, device_, lba_[0], lba_[1], lba_[2]}) to.u8(byte);
  to.u8(uint8_t(stays_ | interrupt_ << 1 | noInterrupts_ << 2 | resetting_ << 3));
}

bool Disk::load(base::Reader& from) {
  Disk saved(storage_);
  *this = saved;
  for (uint32_t i = 0, count = from.count(); i < count && from.ok(); ++i) saved.faulty_.insert(from.number());
  for (uint64_t* number : {&saved.transfers_, &saved.failing_, &saved.sectorsRead_, &saved.sectorsWritten_, &saved.busyUntil_})
    *number = from.unsignedNumber();
  for (uint8_t& byte : saved.buffer_) byte = from.u8();
  saved.position_ = from.number();
  saved.remaining_ = from.number();
  const uint8_t phase = from.u8();
  saved.phase_ = Phase(phase);
  for (uint8_t* byte : {&saved.status_, &saved.error_, &saved.count_, &saved.device_, &saved.lba_[0], &saved.lba_[1], &saved.lba_[2]})
    *byte = from.u8();
  const uint8_t flags = from.u8();
  saved.stays_ = flags & 1, saved.interrupt_ = flags & 2, saved.noInterrupts_ = flags & 4, saved.resetting_ = flags & 8;
  const bool transfers = saved.phase_ != Phase::Idle;
  if (!from.ok() || phase > uint8_t(Phase::Finishing) || flags > 15 || saved.position_ % 4 || saved.position_ > kSectorBytes ||
      saved.remaining_ > 256 || (transfers && saved.remaining_ == 0) || (saved.status_ & kDataRequest && saved.position_ == kSectorBytes))
    return false;
  *this = saved;
  return true;
}

}  // namespace devices
