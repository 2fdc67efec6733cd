#include "vm/devices/network.h"

#include <algorithm>

#include "vm/devices/ports.h"

namespace devices {
namespace {

constexpr uint32_t kFrame = 1, kIdle = 2, kRefused = 4;             // status
constexpr uint32_t kSend = 1, kDrop = 2, kReset = 3;                // commands
constexpr uint32_t kEnable = 1, kPending = 2;                       // interrupt

}  // namespace

void Network::receive(uint64_t now) {
  if (!received_.empty()) return;
  while (wire_->receive(received_, now)) {
    if (received_.size() < kShortest || received_.size() > kLongest) continue;
    next_ = 0, pending_ = true, framesReceived_++;
    return;
  }
  received_.clear();
}

void Network::drop() {
  received_.clear();
  pending_ = false;
}

void Network::command(uint32_t command, uint64_t now) {
  switch (command) {
    case kSend:
      refused_ = sending_.size() < kShortest || sending_.size() > kLongest;
      if (refused_) return;
      wire_->send(sending_, now);
      framesSent_++;
      break;
    case kDrop: drop(); break;
    case kReset:
      drop();
      sending_.clear();
      filled_ = 0, refused_ = false, enabled_ = false;
      break;
    default: break;
  }
}

uint32_t Network::read(unsigned port, uint64_t now) {
  switch (port) {
    case network::kStatus: receive(now); return kIdle | (received_.empty() ? 0 : kFrame) | (refused_ ? kRefused : 0);
    case network::kReceiveLength: receive(now); return uint32_t(received_.size());
    case network::kReceiveData: {
      uint32_t word = 0;
      for (unsigned i = 0; i < 4 && next_ < received_.size(); i++) word |= uint32_t(received_[next_++]) << 8 * i;
      return word;
    }
    case network::kSendLength: return uint32_t(sending_.size());
    case network::kMacLow: return mac_[0] | mac_[1] << 8 | mac_[2] << 16 | uint32_t(mac_[3]) << 24;
    case network::kMacHigh: return mac_[4] | mac_[5] << 8;
    case network::kInterrupt: return (enabled_ ? kEnable : 0) | (pending_ ? kPending : 0);
    default: return 0;
  }
}

void Network::write(unsigned port, uint32_t value, uint64_t now) {
  switch (port) {
    case network::kStatus: command(value, now); break;
    case network::kSendLength:
      sending_.assign(std::min(value, kLongest + 1), 0);
      filled_ = 0;
      break;
    case network::kSendData:
      for (unsigned i = 0; i < 4 && filled_ < sending_.size(); i++) sending_[filled_++] = uint8_t(value >> 8 * i);
      break;
    case network::kInterrupt:
      enabled_ = value & kEnable;
      if (value & kPending) pending_ = false;
      nextPoll_ = 0;
      break;
    default: break;
  }
}

bool Network::line(uint64_t now) {
  if (enabled_ && now >= nextPoll_) {
    receive(now);
    nextPoll_ = (now / kPollPeriod + 1) * kPollPeriod;
  }
  return enabled_ && pending_;
}

uint64_t Network::nextEvent(uint64_t now) {
  if (!enabled_ || !received_.empty()) return UINT64_MAX;
  return nextPoll_ > now ? nextPoll_ : now + 1;
}

void Network::save(base::Writer& to) const {
  for (const Frame* frame : {&received_, &sending_}) to.string({reinterpret_cast<const char*>(frame->data()), frame->size()});
  to.unsignedNumber(next_), to.unsignedNumber(filled_), to.unsignedNumber(nextPoll_);
  to.u8(uint8_t(refused_ | enabled_ << 1 | pending_ << 2));
}

bool Network::load(base::Reader& from) {
  Network saved(*wire_, mac_);
  *this = saved;
  for (Frame* frame : {&saved.received_, &saved.sending_}) {
    const std::string bytes = from.string();
    frame->assign(bytes.begin(), bytes.end());
  }
  saved.next_ = from.unsignedNumber(), saved.filled_ = from.unsignedNumber(), saved.nextPoll_ = from.unsignedNumber();
  const uint8_t flags = from.u8();
  saved.refused_ = flags & 1, saved.enabled_ = flags & 2, saved.pending_ = flags & 4;
  const bool whole = saved.received_.empty() || (saved.received_.size() >= kShortest && saved.received_.size() <= kLongest);
  if (!from.ok() || !whole || saved.sending_.size() > kLongest + 1 || saved.next_ > saved.received_.size() ||
      saved.filled_ > saved.sending_.size() || flags > 7)
    return false;
  *this = saved;
  return true;
}

}  // namespace devices
