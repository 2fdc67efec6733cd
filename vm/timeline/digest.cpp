#include "vm/timeline/digest.h"

#include <algorithm>

#include "llvm/Support/xxhash.h"
#include "vm/machine/saved.h"

namespace timeline {
namespace {

using machine::kPageSize;

uint64_t hash(const uint8_t* bytes, size_t size) { return llvm::xxHash64(llvm::StringRef(reinterpret_cast<const char*>(bytes), size)); }

uint32_t pageHash(std::span<const uint8_t> page) {
  if (std::all_of(page.begin(), page.end(), [](uint8_t byte) { return byte == 0; })) return 0;
  return std::max(1u, uint32_t(hash(page.data(), page.size())));
}

std::string hex(uint32_t value) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%x", value);
  return text;
}

std::optional<std::string> registersDiffer(const machine::State& now, const machine::State& recorded) {
  std::optional<std::string> found;
  const auto compare = [&](const std::string& name, uint32_t is, uint32_t was) {
    if (is != was && !found) found = "register " + name + " is " + hex(is) + ", and was " + hex(was);
  };
  if (now.steps != recorded.steps)
    return "the run ends at instruction " + std::to_string(now.steps) + ", and ended or went on at " + std::to_string(recorded.steps);
  compare("DPC", now.dpc, recorded.dpc);
  compare("PC", now.pc, recorded.pc);
  for (unsigned i = 0; i < 32; i++) compare("r" + std::to_string(i), now.gpr[i], recorded.gpr[i]);
  for (unsigned i = 0; i < 32; i++) compare("f" + std::to_string(i), now.fpr[i], recorded.fpr[i]);
  for (unsigned i = 0; i < isa::kSprCount; i++) compare(std::string(isa::sprName(i)), now.spr[i], recorded.spr[i]);
  return found;
}

}  // namespace

Digest Digester::next() {
  Digest digest;
  bus_.lines(machine_.state.steps);  // what happens by now in devices has happened
  digest.state = machine_.state;
  for (uint32_t page : machine_.takeWritten()) {
    const uint32_t hash = pageHash(machine_.memory().subspan(size_t(page) * kPageSize, kPageSize));
    if (std::exchange(hashes_[page], hash) != hash) digest.pages.push_back({page, hash});
  }
  std::sort(digest.pages.begin(), digest.pages.end());
  for (unsigned number = 0; number < machine::kDeviceCount; number++) {
    const devices::Device* device = bus_.device(number);
    if (!device) continue;
    base::Writer state;
    device->save(state);
    digest.devices[number] = std::max(1u, uint32_t(hash(state.bytes.data(), state.bytes.size())));
  }
  return digest;
}

void Comparison::apply(const Digest& digest, std::vector<uint32_t>& hashes) {
  for (const auto& [page, hash] : digest.pages) {
    if (hashes.size() <= page) hashes.resize(page + 1);
    hashes[page] = hash;
  }
}

std::optional<std::string> Comparison::differs(const Digest& now, const Digest& recorded) {
  apply(now, now_), apply(recorded, recorded_);
  if (auto registers = registersDiffer(now.state, recorded.state)) return registers;
  const auto at = [](const std::vector<uint32_t>& hashes, uint32_t page) { return page < hashes.size() ? hashes[page] : 0; };
  std::optional<uint32_t> first;
  for (const Digest* digest : {&now, &recorded})
    for (const auto& [page, hash] : digest->pages)
      if (at(now_, page) != at(recorded_, page)) first = std::min(first.value_or(page), page);
  if (first) return "memory page " + hex(*first * kPageSize) + " is another";
  for (unsigned number = 0; number < machine::kDeviceCount; number++)
    if (now.devices[number] != recorded.devices[number])
      return "the state of the device " + std::string(devices::deviceName(number)) + " is another";
  return std::nullopt;
}

uint64_t stateHash(const machine::Machine& machine, devices::SystemBus& bus) {
  bus.lines(machine.state.steps);
  base::Writer all;
  machine::save(machine, all);
  bus.save(all);
  return hash(all.bytes.data(), all.bytes.size());
}

}  // namespace timeline
