// Device 6, the host (shared/spec/vamp.md "Physical map"; docs/machine.md):
//   0 write: stop with this exit status    1 write: a character to the console    2 read: memory size    3 read: random
//   seed 4 read: next input byte or -1          5 write: stop; the program faulted, the word is the return address of
//   the failing check
#pragma once

#include <cstdint>
#include <optional>

#include "vm/devices/console.h"
#include "vm/devices/device.h"

namespace devices {

class Host final : public Device {
 public:
  Host(Console& console, uint32_t memorySize, uint32_t seed = 0)
      : console_(console), memorySize_(memorySize), seed_(seed) {}

  uint32_t read(unsigned port, uint64_t now) override;
  void write(unsigned port, uint32_t value, uint64_t now) override;
  bool line(uint64_t) override { return false; }
  uint64_t nextEvent(uint64_t) override { return UINT64_MAX; }
  void save(base::Writer& to) const override;
  bool load(base::Reader& from) override;

  uint32_t seed() const { return seed_; }

  bool stopped() const { return exitStatus_ || fault_; }
  std::optional<uint32_t> exitStatus() const { return exitStatus_; }
  std::optional<uint32_t> fault() const { return fault_; }  // the return address of the failing check

 private:
  Console& console_;
  uint32_t memorySize_, seed_;
  std::optional<uint32_t> exitStatus_, fault_;
};

}  // namespace devices
