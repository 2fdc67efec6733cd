#include "vm/devices/host.h"

#include "vm/devices/ports.h"

namespace devices {

uint32_t Host::read(unsigned port, uint64_t) {
  switch (port) {
    case host::kMemorySize: return memorySize_;
    case host::kSeed: return seed_;
    case host::kGet: return uint32_t(console_.get());
    default: return 0;
  }
}

void Host::write(unsigned port, uint32_t value, uint64_t) {
  switch (port) {
    case host::kStop: exitStatus_ = value; break;
    case host::kPut: console_.put(uint8_t(value)); break;
    case host::kFault: fault_ = value; break;
    default: break;
  }
}

void Host::save(base::Writer& to) const {
  for (const auto& ended : {exitStatus_, fault_}) {
    to.u8(ended.has_value());
    to.u32(ended.value_or(0));
  }
}

bool Host::load(base::Reader& from) {
  for (auto* ended : {&exitStatus_, &fault_}) {
    const uint8_t has = from.u8();
    const uint32_t value = from.u32();
    if (!from.ok() || has > 1) return exitStatus_.reset(), fault_.reset(), false;
    *ended = has ? std::optional(value) : std::nullopt;
  }
  return true;
}

}  // namespace devices
