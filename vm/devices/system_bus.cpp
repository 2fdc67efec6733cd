#include "vm/devices/system_bus.h"

#include <algorithm>

namespace devices {
namespace {

uint32_t bit(unsigned device, bool up) { return uint32_t(up) << (13 + device); }

}  // namespace

std::string_view deviceName(unsigned number) {
  constexpr std::string_view kNames[] = {"disk", "timer", "serial", "network", "bus", "disk5", "host", "device 7"};
  return kNames[number];
}

Device* SystemBus::device(unsigned number) {
  switch (number) {
    case kDisk: return disk.get();
    case kTimer: return &timer;
    case kSerial: return &serial;
    case kNetwork: return network.get();
    case kBusController: return busController.get();
    case kSecondDisk: return secondDisk.get();
    case kHost: return &host;
    default: return nullptr;
  }
}

uint32_t SystemBus::read(unsigned number, unsigned port, uint64_t now) {
  Device* found = device(number);
  return found ? found->read(port, now) : 0;
}

void SystemBus::write(unsigned number, unsigned port, uint32_t value, uint64_t now) {
  if (Device* found = device(number)) found->write(port, value, now);
}

uint32_t SystemBus::lines(uint64_t now) {
  return bit(kTimer, timer.line(now)) | bit(kSerial, serial.line(now)) | (disk ? bit(kDisk, disk->line(now)) : 0) |
         (network ? bit(kNetwork, network->line(now)) : 0) |
         (busController ? bit(kBusController, busController->line(now)) : 0) |
         (secondDisk ? bit(kSecondDisk, secondDisk->line(now)) : 0);
}

uint64_t SystemBus::nextEvent(uint64_t now) {
  uint64_t next = std::min(timer.nextEvent(now), serial.nextEvent(now));
  if (disk) next = std::min(next, disk->nextEvent(now));
  if (network) next = std::min(next, network->nextEvent(now));
  if (busController) next = std::min(next, busController->nextEvent(now));
  if (secondDisk) next = std::min(next, secondDisk->nextEvent(now));
  return next;
}

void SystemBus::save(base::Writer& to) const {
  for (unsigned number = 0; number < machine::kDeviceCount; number++) {
    const Device* saved = device(number);
    base::Writer state;
    if (saved) saved->save(state);
    to.unsignedNumber(state.bytes.size());
    to.bytes.insert(to.bytes.end(), state.bytes.begin(), state.bytes.end());
  }
}

base::Status SystemBus::load(base::Reader& from) {
  for (unsigned number = 0; number < machine::kDeviceCount; number++) {
    auto error = [&](const char* text) { return base::Error{text, "bad-state", "device " + std::to_string(number)}; };
    const uint32_t size = from.count();
    base::Reader state = from.slice(size);
    if (!from.ok()) return error("the state is truncated");
    Device* loaded = device(number);
    if (!loaded != (size == 0)) return error(loaded ? "there was no such device" : "there is no such device");
    if (loaded && (!loaded->load(state) || !state.atEnd())) return error("this is no state of the device");
  }
  return base::Ok{};
}

}  // namespace devices
