// The state of a whole machine as a file (docs/formats.md "Logs and snapshots"): registers, memory, devices, and what is on the disks.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "assembler/base/result.h"
#include "vm/devices/system_bus.h"
#include "vm/machine/machine.h"

namespace timeline {

base::Result<std::vector<uint8_t>> writeSnapshot(const machine::Machine& machine, devices::SystemBus& bus);  // [bad-disk]

// What must be known before there is a machine for the rest.
struct Snapshot {
  uint32_t memory = 0;  // bytes
  uint32_t seed = 0;    // of the host device
  std::shared_ptr<devices::Storage> disks[2];  // 0 and 5, with what was on them; null: no disk

  void attachDisks(devices::SystemBus& bus) const;
  // Into a machine with this memory, and a bus with these disks; errors [bad-snapshot].
  base::Status restore(machine::Machine& machine, devices::SystemBus& bus) const;

  std::vector<uint8_t> content;
  size_t rest = 0;  // where machine and devices begin in it
};
base::Result<Snapshot> readSnapshot(std::span<const uint8_t> file);  // [bad-snapshot]

}  // namespace timeline
