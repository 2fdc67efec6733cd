#include "vm/consis/host_bus.h"

namespace consis {

uint32_t HostBus::read(unsigned device, unsigned port, uint64_t now) {
  if (device == kHostDevice && port == kHostGet) {
    input.push_back(next_ ? next_() : -1);
    return uint32_t(input.back());
  }
  return inner_ ? inner_->read(device, port, now) : 0;
}

void HostBus::write(unsigned device, unsigned port, uint32_t value, uint64_t now) {
  if (device != kHostDevice) {
    if (inner_) inner_->write(device, port, value, now);
    return;
  }
  switch (port) {
    case kHostExit: exit = value; break;
    case kHostPut: output.push_back(char(value)); break;
    case kHostFault: fault = value; break;
    default:
      if (inner_) inner_->write(device, port, value, now);
  }
}

}  // namespace consis
