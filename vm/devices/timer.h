// Device 1, the timer (docs/machine.md). Time is the number of executed instructions.
//   0 control: enable, interrupt enable, reload (bits 0, 1, 2)    1 period    2 read: instructions until it expires, 0
//   when disabled 3 read: 1 when it has expired; write: acknowledge             4, 5 read: executed instructions, low
//   and high word
// Enabling starts a period; period 0 never expires. At its end the timer starts the next one (reload) or disables
// itself.
#pragma once

#include "vm/devices/device.h"

namespace devices {

class Timer final : public Device {
 public:
  uint32_t read(unsigned port, uint64_t now) override;
  void write(unsigned port, uint32_t value, uint64_t now) override;
  bool line(uint64_t now) override;
  uint64_t nextEvent(uint64_t now) override;
  void save(base::Writer& to) const override;
  bool load(base::Reader& from) override;

 private:
  static constexpr uint32_t kEnable = 1, kInterrupt = 2, kReload = 4;

  void start(uint64_t now);
  void catchUp(uint64_t now);

  uint32_t control_ = 0, period_ = 0;
  uint64_t expiry_ = UINT64_MAX;
  bool expired_ = false;
};

}  // namespace devices
