// The bus of a whole system: disks at 0 and 5, timer at 1, serial line at 2, network interface at 3, bus controller at 4, host at 6. Others,
// and those that are not there, read 0 and lose what is written.
#pragma once

#include <memory>
#include <string_view>

#include "assembler/base/result.h"
#include "vm/devices/bus_controller.h"
#include "vm/devices/disk.h"
#include "vm/devices/host.h"
#include "vm/devices/network.h"
#include "vm/devices/serial.h"
#include "vm/devices/timer.h"
#include "vm/machine/machine.h"

namespace devices {

constexpr unsigned kDisk = 0, kTimer = 1, kSerial = 2, kNetwork = 3, kBusController = 4, kSecondDisk = 5, kHost = 6;
std::string_view deviceName(unsigned number);  // "disk", "timer", ..; "device 7"

class SystemBus : public machine::Bus {
 public:
  // The consoles must outlive the bus; host and serial line may share one.
  SystemBus(Console& hostConsole, Console& serialConsole, uint32_t memorySize, uint32_t seed = 0)
      : host(hostConsole, memorySize, seed), serial(serialConsole) {}

  Host host;
  Serial serial;
  Timer timer;
  std::unique_ptr<Disk> disk, secondDisk;  // these may be null: not there
  std::unique_ptr<Network> network;
  std::unique_ptr<BusController> busController;

  uint32_t read(unsigned device, unsigned port, uint64_t now) override;
  void write(unsigned device, unsigned port, uint32_t value, uint64_t now) override;
  uint32_t lines(uint64_t now) override;
  uint64_t nextEvent(uint64_t now) override;
  bool stopRequested() const override { return host.stopped(); }

  // The device at this place, or null.
  Device* device(unsigned number);
  const Device* device(unsigned number) const { return const_cast<SystemBus*>(this)->device(number); }

  // The states of all devices (docs/formats.md). They are loaded into a bus with devices in the same places; errors [bad-state].
  void save(base::Writer& to) const;
  base::Status load(base::Reader& from);
};

}  // namespace devices
