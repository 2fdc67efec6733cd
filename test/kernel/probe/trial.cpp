#include "test/kernel/probe/trial.h"

#include <cstdio>
#include <cstdlib>

#include "assembler/base/tool.h"

namespace probe {
namespace {

template <class T>
T must(base::Result<T> result, const std::string& name) {
  if (!result) std::exit(base::fail(result.error(), name));
  return std::move(*result);
}

}  // namespace

uint32_t Kernel::address(const std::string& name) const {
  const object::Symbol* symbol = image.symbol(name);
  if (!symbol) std::exit(base::fail({"the kernel has no symbol '" + name + "'", "no-symbol", ""}));
  return symbol->value;
}

Kernel load(const std::string& kernel, const std::string& disk, uint32_t memoryBytes) {
  Kernel loaded;
  loaded.image = must(object::readElf(must(base::readFile(kernel), kernel)), kernel);
  loaded.disk = must(base::readFile(disk), disk);
  loaded.header = must(cvmimage::read(loaded.disk), disk);
  loaded.memoryBytes = memoryBytes;
  return loaded;
}

Trial::Trial(const Kernel& kernel)
    : machine(kernel.memoryBytes), outputs(machine, kernel.address("cup")), bus(outputs, outputs, kernel.memoryBytes), kernel_(kernel) {
  machine.setBus(&bus);
  bus.disk = std::make_unique<devices::Disk>(std::make_unique<devices::MemoryStorage>(kernel.disk));
  for (const object::Segment& segment : object::segments(kernel.image))
    machine.write(segment.address, segment.bytes.data(), uint32_t(segment.bytes.size()));
}

std::string Trial::run() {
  machine.run(kMaxSteps);
  char text[24];
  std::snprintf(text, sizeof text, "fault at 0x%08x", bus.host.fault().value_or(0));
  if (bus.host.exitStatus()) return "status " + std::to_string(*bus.host.exitStatus());
  return bus.host.fault() ? text : "no end";
}

uint32_t Trial::word(uint32_t address) const {
  uint32_t value = 0;
  machine.read(address, &value, sizeof value);
  return value;
}

static std::string lost(const char* what, uint64_t found, uint64_t expected) {
  if (found == expected) return "";
  return std::string(what) + ": " + std::to_string(found) + " instead of " + std::to_string(expected) + "; ";
}

// The names and numbers are those of docs/cvm.md, "Data and invariants".
std::string Trial::leaks() const {
  constexpr uint32_t kBad = uint32_t(-3), kNobody = uint32_t(-1);
  const uint32_t slots = kernel_.header.slots;
  const uint32_t slotList = kernel_.address("swap_next"), frameList = kernel_.address("mem_next"), owners = kernel_.address("ptspace_owner");
  uint64_t bad = 0, listed = 0, frames = 0, tables = 0;
  for (uint32_t s = 0; s < slots; s++) bad += word(slotList + 4 * s) == kBad;
  for (uint32_t s = word(kernel_.address("swap_head")); s != uint32_t(-1) && listed <= slots; s = word(slotList + 4 * s)) listed++;
  for (uint32_t f = word(frameList); f != 0 && frames <= kernel_.memoryBytes / machine::kPageSize; f = word(frameList + 4 * f)) frames++;
  for (uint32_t t = 1; t <= kernel_.header.tablePages; t++) tables += word(owners + 4 * t) == kNobody;
  return lost("free slots and bad ones", listed + bad, slots) + lost("free slots counted", word(kernel_.address("swap_free")), listed) +
         lost("free frames", frames, kernel_.header.frames) + lost("free table pages", tables, kernel_.header.tablePages) +
         lost("first page in the FIFO", word(kernel_.address("pfh_next")), 0);
}

}  // namespace probe
