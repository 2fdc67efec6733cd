#include "vm/devices/system_bus.h"

#include <algorithm>

namespace devices {
namespace {

uint32_t bit(unsigned device, bool up) { return uint32_t(up) << (13 + device); }

}  // namespace

uint32_t SystemBus::read(unsigned device, unsigned port, uint64_t now) {
  switch (device) {
    case kDisk: return disk ? disk->read(port, now) : 0;
    case kTimer: return timer.read(port, now);
    case kSerial: return serial.read(port);
    case kSecondDisk: return secondDisk ? secondDisk->read(port, now) : 0;
    case kHost: return host.read(port);
    default: return 0;
  }
}

void SystemBus::write(unsigned device, unsigned port, uint32_t value, uint64_t now) {
  switch (device) {
    case kDisk:
      if (disk) disk->write(port, value, now);
      break;
    case kTimer: timer.write(port, value, now); break;
    case kSerial: serial.write(port, value); break;
    case kSecondDisk:
      if (secondDisk) secondDisk->write(port, value, now);
      break;
    case kHost: host.write(port, value); break;
    default: break;
  }
}

uint32_t SystemBus::lines(uint64_t now) {
  return bit(kTimer, timer.line(now)) | bit(kSerial, serial.line(now)) | (disk ? bit(kDisk, disk->line(now)) : 0) |
         (secondDisk ? bit(kSecondDisk, secondDisk->line(now)) : 0);
}

uint64_t SystemBus::nextEvent(uint64_t now) {
  uint64_t next = std::min(timer.nextEvent(now), serial.nextEvent(now));
  if (disk) next = std::min(next, disk->nextEvent(now));
  if (secondDisk) next = std::min(next, secondDisk->nextEvent(now));
  return next;
}

}  // namespace devices
