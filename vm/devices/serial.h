// Device 2, the serial line: a 16550A whose byte time is zero.
//   0 RBR/THR/DLL 1 IER/DLM 2 IIR/FCR 3 LCR 4 MCR 5 LSR 6 MSR 7 SCR
// A byte is received as soon as the host has one and the FIFO has room; the host is asked when the guest reads a
// register, and at every multiple of kPollPeriod while the guest waits for the receive interrupt: what the line is at a time does not
// depend on when else it was asked for. A copy has the same console.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

#include "vm/devices/console.h"
#include "vm/devices/device.h"

namespace devices {

class Serial final : public Device {
 public:
  static constexpr uint64_t kPollPeriod = 10000;

  explicit Serial(Console& console) : console_(&console) {}

  uint32_t read(unsigned port, uint64_t now) override;
  void write(unsigned port, uint32_t value, uint64_t now) override;
  bool line(uint64_t now) override;
  uint64_t nextEvent(uint64_t now) override;
  void save(base::Writer& to) const override;
  bool load(base::Reader& from) override;

 private:
  unsigned interrupt() const;  // the highest pending interrupt's IIR value; 1 = none
  void receive();
  void send(uint8_t byte);
  size_t room() const { return fifo_ ? 16 : 1; }

  Console* console_;
  std::deque<uint8_t> received_;
  uint8_t ier_ = 0, lcr_ = 0, mcr_ = 0, scratch_ = 0, divisorLow_ = 0, divisorHigh_ = 0;
  uint8_t trigger_ = 1;
  bool fifo_ = false;
  bool overrun_ = false;          // LSR bit 1, until read
  bool transmitterEmpty_ = true;  // the interrupt's condition: set by sending, cleared by reading IIR
  uint64_t nextPoll_ = 0;
};

}  // namespace devices
