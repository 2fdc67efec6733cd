#include "vm/devices/bus_controller.h"

#include <algorithm>
#include <cstring>

#include "vm/devices/ports.h"

namespace devices {
namespace {

constexpr uint32_t kRunning = 1, kReceived = 2, kCollision = 4, kSent = 8;  // status
constexpr uint32_t kStart = 1;                                             // command
constexpr uint32_t kEnableSlot = 1, kPendingSlot = 2;                      // interrupt

}  // namespace

void BusController::catchUp(uint64_t now) {
  while (now >= slotEnd_) {
    const bool sends = schedule_ >> slots_ % round_ & 1;
    heard_ = link_->meet(slots_, sends, {sending_.data(), sendLength_});
    sent_ = sends && heard_.senders == 1;
    slots_++, slotEnd_ += slotLength_;
    pending_ = true;
  }
}

uint32_t BusController::read(unsigned port, uint64_t now) {
  catchUp(now);
  const bool received = heard_.senders == 1 && !sent_;
  if (port - bus::kSendBuffer < kBufferWords) {
    uint32_t word;
    std::memcpy(&word, &sending_[4 * (port - bus::kSendBuffer)], 4);
    return word;
  }
  if (port - bus::kReceiveBuffer < kBufferWords) {
    uint32_t word;
    std::memcpy(&word, &heard_.message[4 * (port - bus::kReceiveBuffer)], 4);
    return received ? word : 0;
  }
  switch (port) {
    case bus::kStatus:
      return (running() ? kRunning : 0) | (received ? kReceived : 0) | (heard_.senders > 1 ? kCollision : 0) |
             (sent_ ? kSent : 0);
    case bus::kSlot: return uint32_t(slots_);
    case bus::kSlotLength: return slotLength_;
    case bus::kRound: return round_;
    case bus::kSchedule: return schedule_;
    case bus::kNode: return link_->node() | link_->nodes() << 8;
    case bus::kInterrupt: return (enabled_ ? kEnableSlot : 0) | (pending_ ? kPendingSlot : 0);
    case bus::kSendLength: return sendLength_;
    case bus::kReceiveLength: return received ? heard_.length : 0;
    case bus::kSender: return received ? heard_.sender : 0;
    default: return 0;
  }
}

void BusController::write(unsigned port, uint32_t value, uint64_t now) {
  catchUp(now);
  if (port - bus::kSendBuffer < kBufferWords) {
    std::memcpy(&sending_[4 * (port - bus::kSendBuffer)], &value, 4);
    return;
  }
  switch (port) {
    case bus::kStatus:
      if (value == kStart && !running()) slotEnd_ = now + slotLength_;
      break;
    case bus::kSlotLength:
      if (!running()) slotLength_ = std::max(value, kShortestSlot);
      break;
    case bus::kRound:
      if (!running()) round_ = std::clamp(value, 1u, kLongestRound);
      break;
    case bus::kSchedule: schedule_ = value; break;
    case bus::kInterrupt:
      enabled_ = value & kEnableSlot;
      if (value & kPendingSlot) pending_ = false;
      break;
    case bus::kSendLength: sendLength_ = std::min(value, BusSlot::kLongest); break;
    default: break;
  }
}

bool BusController::line(uint64_t now) {
  catchUp(now);
  return enabled_ && pending_;
}

uint64_t BusController::nextEvent(uint64_t now) {
  catchUp(now);
  return slotEnd_;
}

void BusController::save(base::Writer& to) const {
  to.unsignedNumber(slotEnd_), to.unsignedNumber(slots_);
  for (uint32_t word : {slotLength_, round_, schedule_, sendLength_, uint32_t(heard_.senders), uint32_t(heard_.sender), heard_.length}) to.unsignedNumber(word);
  for (const auto* buffer : {&sending_, &heard_.message}) to.bytes.insert(to.bytes.end(), buffer->begin(), buffer->end());
  to.u8(uint8_t(sent_ | enabled_ << 1 | pending_ << 2));
}

bool BusController::load(base::Reader& from) {
  BusController saved(*link_);
  *this = saved;
  saved.slotEnd_ = from.unsignedNumber(), saved.slots_ = from.unsignedNumber();
  for (uint32_t* word : {&saved.slotLength_, &saved.round_, &saved.schedule_, &saved.sendLength_, &saved.heard_.senders, &saved.heard_.sender, &saved.heard_.length})
    *word = from.number();
  for (auto* buffer : {&saved.sending_, &saved.heard_.message})
    for (uint8_t& byte : *buffer) byte = from.u8();
  const uint8_t flags = from.u8();
  saved.sent_ = flags & 1, saved.enabled_ = flags & 2, saved.pending_ = flags & 4;
  if (!from.ok() || saved.slotLength_ < kShortestSlot || saved.round_ < 1 || saved.round_ > kLongestRound ||
      std::max(saved.sendLength_, saved.heard_.length) > BusSlot::kLongest || flags > 7)
    return false;
  *this = saved;
  return true;
}

}  // namespace devices
