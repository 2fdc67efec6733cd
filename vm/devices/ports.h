// The ports of all devices by name, from the table ports.def (vamp.md, "Physical map"; docs/devices.md is made of the same table).
#pragma once

namespace devices {

#define DEVICE(number, space, title)
#define PORT(space, name, first, count, access, text) \
  namespace space { constexpr unsigned name = first; }
#include "vm/devices/ports.def"
#undef DEVICE
#undef PORT

}  // namespace devices
