#include "vm/relate/konsis/surroundings.h"

#include <algorithm>

namespace konsis {

uint32_t Forced::lines(uint64_t now) {
  std::erase_if(waiting_, [&](const Line& line) {
    if (line.time > now) return false;
    const uint32_t bit = 1u << (13 + line.device);
    if (!(up_ & bit)) raised.push_back(line);
    up_ |= bit;
    return true;
  });
  return up_;
}

void Forced::cancelFrom(uint64_t time) {
  std::erase_if(waiting_, [&](const Line& line) { return line.time >= time; });
}

uint64_t Forced::next(uint64_t now) const {
  uint64_t next = machine::kNever;
  for (const Line& line : waiting_) next = std::min(next, std::max(line.time, now + 1));
  return next;
}

// ---- the VAMP's side --------------------------------------------------------------------------------------------------

uint32_t NotingBus::read(unsigned device, unsigned port, uint64_t time) {
  now_ = time;
  const uint32_t value = inner_.read(device, port, time);
  constexpr uint32_t kStatus = 7, kAlternate = 8, kError = 1, kBusy = 0x80;
  if (device != devices::kDisk) accesses.push_back({device, port, false, value, time});
  else if ((port == kStatus || port == kAlternate) && value & kError && !(value & kBusy)) ++diskErrors;
  return value;
}

void NotingBus::write(unsigned device, unsigned port, uint32_t value, uint64_t time) {
  now_ = time;
  forced.written(device);
  inner_.write(device, port, value, time);
  if (device != devices::kDisk) accesses.push_back({device, port, true, value, time});
}

int NotingConsole::get() {
  if (!available()) return -1;
  waiting_ = false;
  return bytes.back().byte;
}

bool NotingConsole::available() {
  if (waiting_) return true;
  if (!inner_) {
    const size_t next = bytes.size();
    if (next >= replay_.size() || replay_[next].time > now_) return false;
    bytes.push_back(replay_[next]);
  } else {
    if (!inner_->available()) return false;
    const int byte = inner_->get();
    if (byte < 0) return false;
    bytes.push_back({now_, uint8_t(byte)});
  }
  return waiting_ = true;
}

namespace {

std::unique_ptr<devices::Disk> makeDisk(std::span<const uint8_t> image) {
  if (image.empty()) return nullptr;
  return std::make_unique<devices::Disk>(std::make_unique<SwapDisk>(std::vector<uint8_t>(image.begin(), image.end())));
}

}  // namespace

VampSide::VampSide(std::span<const uint8_t> disk, std::span<const uint8_t> secondDisk, devices::Console& serial)
    : image_(disk), secondImage_(secondDisk), serial_(&serial, now_) {}

VampSide::VampSide(std::span<const uint8_t> disk, std::span<const uint8_t> secondDisk, const VampSide& first)
    : image_(disk), secondImage_(secondDisk), again_(first.bus().forced.raised), serial_(nullptr, now_, first.bytes()) {}

machine::Bus& VampSide::attach(devices::SystemBus& devices) {
  auto storage = std::make_unique<SwapDisk>(std::vector<uint8_t>(image_.begin(), image_.end()), &transfers_);
  disk_ = storage.get();
  devices.disk = std::make_unique<devices::Disk>(std::move(storage));
  drive_ = devices.disk.get();
  devices.secondDisk = makeDisk(secondImage_);
  bus_ = std::make_unique<NotingBus>(devices, now_);
  for (const Forced::Line& line : again_) bus_->forced.at(line.time, line.device);
  return *bus_;
}

// ---- the CVM machine's side -------------------------------------------------------------------------------------------

CvmSide::CvmSide(const std::vector<Access>& accesses, const std::vector<TimedByte>& serialBytes, std::span<const uint8_t> secondDisk)
    : bus(host_, serial_, 0), accesses_(accesses), host_(*this), serial_(serialBytes, now_) {
  bus.secondDisk = makeDisk(secondDisk);
}

void CvmSide::beginPrimitive(std::optional<Loss> loss) {
  taken_ = touches_ = 0;
  loss_ = loss;
  different_.reset();
}

namespace {

std::string show(bool write, unsigned device, unsigned port, std::optional<uint32_t> value) {
  char text[96];
  std::snprintf(text, sizeof text, "%s port %u of device %u", write ? "writes" : "reads", port, device);
  std::string shown = text;
  if (value) std::snprintf(text, sizeof text, write ? ", 0x%x" : ", and gets 0x%x", *value), shown += text;
  return shown;
}

}  // namespace

std::optional<std::string> CvmSide::endPrimitive() {
  current_ = nullptr;
  if (!different_ && taken_ < accesses_.size()) {
    const Access& access = accesses_[taken_];
    different_ = "the VAMP " + show(access.write, access.device, access.port, access.value) + "; the primitive does not";
  }
  return different_;
}

const Access* CvmSide::take(unsigned device, unsigned port, bool write, uint32_t value) {
  const Access* access = taken_ < accesses_.size() ? &accesses_[taken_] : nullptr;
  const bool same = access && access->device == device && access->port == port && access->write == write && (!write || access->value == value);
  if (!same && !different_)
    different_ = "the primitive " + show(write, device, port, write ? std::optional(value) : std::nullopt) + "; the VAMP " +
                 (access ? show(access->write, access->device, access->port, access->value) : "does not");
  ++taken_;
  current_ = access;
  if (access) now_ = access->time;
  return access;
}

uint32_t CvmSide::in(unsigned device, unsigned port) {
  const Access* access = take(device, port, false, 0);
  const uint32_t value = bus.read(device, port, now_);
  if (access && access->value != value && !different_)
    different_ = "the VAMP " + show(false, device, port, access->value) + "; the CVM machine's device gives " + std::to_string(value);
  return value;
}

void CvmSide::out(unsigned device, unsigned port, uint32_t value) {
  take(device, port, true, value);
  forced.written(device);
  bus.write(device, port, value, now_);
}

bool CvmSide::lost(cvm::Page page) { return loss_ && loss_->page == page && ++touches_ == loss_->touch; }

}  // namespace konsis
