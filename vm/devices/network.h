// Device 3, the network interface: Ethernet frames, one at a time each way; ports.def has its ports.
// A frame is sent at once. Frames wait in the wire until the guest has dropped the one before; the wire is asked when the guest reads the
// status or the length, and at every multiple of kPollPeriod while the guest waits for the interrupt, as by the serial line.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "vm/devices/device.h"

namespace devices {

using Mac = std::array<uint8_t, 6>;
using Frame = std::vector<uint8_t>;  // of Ethernet: from the destination's address to the end of the data, without check sum

// What the interface is plugged into.
class Wire {
 public:
  virtual ~Wire() = default;
  // Neither waits. `now` is the number of executed instructions.
  virtual void send(std::span<const uint8_t> frame, uint64_t now) = 0;  // may lose it
  virtual bool receive(Frame& frame, uint64_t now) = 0;                 // false: none is there
};

class Network : public Device {
 public:
  static constexpr uint32_t kShortest = 14, kLongest = 1514;  // bytes of a frame
  static constexpr uint64_t kPollPeriod = 10000;

  // The wire must outlive it.
  Network(Wire& wire, const Mac& mac) : wire_(&wire), mac_(mac) {}

  uint32_t read(unsigned port, uint64_t now) override;
  void write(unsigned port, uint32_t value, uint64_t now) override;
  bool line(uint64_t now) override;
  uint64_t nextEvent(uint64_t now) override;
  void save(base::Writer& to) const override;
  bool load(base::Reader& from) override;

  const Mac& mac() const { return mac_; }
  size_t waiting() const { return received_.size(); }  // bytes of the frame that the guest has not dropped
  uint64_t framesSent() const { return framesSent_; }
  uint64_t framesReceived() const { return framesReceived_; }

 private:
  void command(uint32_t command, uint64_t now);
  void receive(uint64_t now);  // the next frame, if there is room for it and the wire has one
  void drop();

  Wire* wire_;
  Mac mac_;
  Frame received_, sending_;  // received_ is empty if there is none
  size_t next_ = 0, filled_ = 0;  // bytes read of received_, written of sending_
  bool refused_ = false, enabled_ = false, pending_ = false;
  uint64_t nextPoll_ = 0;
  uint64_t framesSent_ = 0, framesReceived_ = 0;
};

}  // namespace devices
