// What the bus knows of a device. Time is the number of executed instructions; `now` never decreases but by load().
#pragma once

#include <cstdint>

#include "assembler/base/bytes.h"

namespace devices {

class Device {
 public:
  virtual ~Device() = default;
  virtual uint32_t read(unsigned port, uint64_t now) = 0;
  virtual void write(unsigned port, uint32_t value, uint64_t now) = 0;

  // Whether its interrupt line is up at `now`; what happens by the passing of time has happened then.
  virtual bool line(uint64_t now) = 0;
  // The earliest time > now at which that may change without a port access; UINT64_MAX if there is none.
  virtual uint64_t nextEvent(uint64_t now) = 0;

  // The state that programs can notice (docs/formats.md "Logs and snapshots"); of a disk without its sectors, of a console without what it holds.
  virtual void save(base::Writer& to) const = 0;
  // False: the bytes are no state of this device; it is as good as new then.
  virtual bool load(base::Reader& from) = 0;
};

}  // namespace devices
