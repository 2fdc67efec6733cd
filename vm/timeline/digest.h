// What a state is, in few bytes: registers as they are, a hash of each page of memory that has changed, one of each device.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vm/devices/system_bus.h"
#include "vm/machine/machine.h"

namespace timeline {

struct Digest {
  machine::State state;                              // of the registers, and the time
  std::vector<std::pair<uint32_t, uint32_t>> pages;  // page and hash of its bytes, ascending: those with another than in the digest before
  std::array<uint32_t, machine::kDeviceCount> devices{};  // hash of each device's state (Device::save); 0: no device

  bool operator==(const Digest&) const = default;
};

// Digests of one run, in order. Nobody else calls takeWritten().
class Digester {
 public:
  // Of what is written to memory before, the first digest tells.
  Digester(machine::Machine& machine, devices::SystemBus& bus) : machine_(machine), bus_(bus), hashes_(machine.memorySize() / machine::kPageSize) {}
  Digest next();

 private:
  machine::Machine& machine_;
  devices::SystemBus& bus_;
  std::vector<uint32_t> hashes_;  // by page; 0: zeros
};

// Holds the digests of one run against those of another, in order.
class Comparison {
 public:
  // The first part that differs, or nothing: "register r5 is 0x1, and was 0x2", "memory page 0x12000", "device disk".
  std::optional<std::string> differs(const Digest& now, const Digest& recorded);

 private:
  static void apply(const Digest& digest, std::vector<uint32_t>& hashes);
  std::vector<uint32_t> now_, recorded_;  // hashes by page
};

// Of everything at once: registers, memory, devices.
uint64_t stateHash(const machine::Machine& machine, devices::SystemBus& bus);

}  // namespace timeline
