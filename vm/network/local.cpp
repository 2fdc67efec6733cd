#include <algorithm>

#include "vm/network/links.h"

namespace network {

void LocalWire::send(std::span<const uint8_t> frame, uint64_t) {
  for (unsigned node = 0; node < mesh_->nodes(); ++node) mesh_->send(node, frame, false);
}

bool LocalWire::receive(devices::Frame& frame, uint64_t) {
  for (unsigned i = 0; i < mesh_->nodes(); ++i) {
    turn_ = (turn_ + 1) % mesh_->nodes();
    if (mesh_->receive(turn_, frame, false)) return true;
  }
  return false;
}

// A packet is one byte, whether the node sends, and its message.
devices::BusSlot LocalBus::meet(uint64_t, bool sends, std::span<const uint8_t> message) {
  packet_.assign(1, sends);
  if (sends) packet_.insert(packet_.end(), message.begin(), message.end());
  for (unsigned node = 0; node < nodes(); ++node) mesh_->send(node, packet_, true);
  devices::BusSlot slot;
  if (sends) slot.senders = 1, slot.sender = node();
  for (unsigned node = 0; node < nodes(); ++node) {
    if (!mesh_->receive(node, packet_, true) || !packet_[0]) continue;
    slot.senders++, slot.sender = node;
    slot.length = uint32_t(std::min<size_t>(packet_.size() - 1, devices::BusSlot::kLongest));
    std::copy_n(packet_.begin() + 1, slot.length, slot.message.begin());
  }
  return slot;
}

}  // namespace network
