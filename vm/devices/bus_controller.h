// Device 4, the bus controller: a node of a time-triggered bus, as in FlexRay's static segment; ports.def has its ports.
// A node's time is divided into slots of as many instructions as its guest says. Slots are numbered from 0, where the node starts; slot k of
// one node is slot k of all: at its end all nodes that take part meet, those whose schedule has it send what is in their send buffer then, and all
// others receive it. So what a node sees depends on the programs alone, and not on how fast their hosts are. Once started a node takes part to the end
// of its run.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "vm/devices/device.h"

namespace devices {

// What the nodes hear of a slot.
struct BusSlot {
  static constexpr uint32_t kLongest = 256;  // bytes of a message

  unsigned senders = 0;  // more than one: a collision, nobody hears anything
  unsigned sender = 0;   // if there is one
  uint32_t length = 0;   // bytes of its message
  std::array<uint8_t, kLongest> message{};
};

// The bus between the nodes.
class BusLink {
 public:
  virtual ~BusLink() = default;
  virtual unsigned node() const = 0;   // this one's number, from 0
  virtual unsigned nodes() const = 0;  // at most 256
  // The end of a slot, in which this node sends `message`, if `sends`: waits for all nodes that still take part.
  virtual BusSlot meet(uint64_t slot, bool sends, std::span<const uint8_t> message) = 0;
};

class BusController : public Device {
 public:
  static constexpr uint32_t kShortestSlot = 100;  // instructions
  static constexpr unsigned kLongestRound = 32;   // slots

  // The link must outlive it.
  explicit BusController(BusLink& link) : link_(&link) {}

  uint32_t read(unsigned port, uint64_t now) override;
  void write(unsigned port, uint32_t value, uint64_t now) override;
  bool line(uint64_t now) override;
  uint64_t nextEvent(uint64_t now) override;
  void save(base::Writer& to) const override;
  bool load(base::Reader& from) override;

  const BusLink& link() const { return *link_; }
  bool running() const { return slotEnd_ != UINT64_MAX; }
  uint64_t slots() const { return slots_; }  // that have ended

 private:
  static constexpr unsigned kBufferWords = BusSlot::kLongest / 4;

  void catchUp(uint64_t now);  // the ends of slots

  BusLink* link_;
  uint64_t slotEnd_ = UINT64_MAX, slots_ = 0;
  uint32_t slotLength_ = 1000, round_ = 1, schedule_ = 0, sendLength_ = 0;
  std::array<uint8_t, BusSlot::kLongest> sending_{};
  BusSlot heard_;  // in the last slot
  bool sent_ = false, enabled_ = false, pending_ = false;
};

}  // namespace devices
