#include "vm/devices/host.h"

namespace devices {

uint32_t Host::read(unsigned port) {
  switch (port) {
    case 2: return memorySize_;
    case 3: return seed_;
    case 4: return uint32_t(console_.get());
    default: return 0;
  }
}

void Host::write(unsigned port, uint32_t value) {
  switch (port) {
    case 0: exitStatus_ = value; break;
    case 1: console_.put(uint8_t(value)); break;
    case 5: fault_ = value; break;
    default: break;
  }
}

}  // namespace devices
