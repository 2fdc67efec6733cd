#include "vm/timeline/snapshot.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "vm/machine/saved.h"
#include "vm/timeline/container.h"

namespace timeline {
namespace {

using devices::kSectorBytes;
using Sector = std::array<uint8_t, kSectorBytes>;
constexpr uint32_t kEnd = UINT32_MAX;

// What a file says may be much larger than what is in it.
class SparseStorage : public devices::Storage {
 public:
  explicit SparseStorage(uint32_t sectors) : sectors_(sectors) {}
  uint32_t sectors() const override { return sectors_; }
  bool read(uint32_t sector, uint8_t* to) override {
    const auto found = written_.find(sector);
    if (found == written_.end()) std::fill_n(to, kSectorBytes, uint8_t(0));
    else std::copy_n(found->second.data(), kSectorBytes, to);
    return true;
  }
  bool write(uint32_t sector, const uint8_t* from) override {
    std::copy_n(from, kSectorBytes, written_[sector].begin());
    return true;
  }

 private:
  uint32_t sectors_;
  std::unordered_map<uint32_t, Sector> written_;
};

base::Status writeDisk(const devices::Disk* disk, base::Writer& to) {
  to.u32(disk ? disk->storage()->sectors() : 0);
  if (!disk) return base::Ok{};
  Sector bytes;
  for (uint32_t sector = 0; sector < disk->storage()->sectors(); sector++) {
    if (!disk->storage()->read(sector, bytes.data()))
      return base::Error{"sector " + std::to_string(sector) + " cannot be read", "bad-disk", ""};
    if (bytes == Sector{}) continue;
    to.u32(sector);
    to.bytes.insert(to.bytes.end(), bytes.begin(), bytes.end());
  }
  return to.u32(kEnd), base::Ok{};
}

// False: it is none.
bool readDisk(std::shared_ptr<devices::Storage>& disk, base::Reader& from) {
  const uint32_t sectors = from.u32();
  if (sectors == 0) return from.ok();
  if (sectors > devices::kMaxSectors) return false;
  disk = std::make_shared<SparseStorage>(sectors);
  for (uint32_t sector = from.u32(); from.ok() && sector != kEnd; sector = from.u32()) {
    Sector bytes;
    for (uint8_t& byte : bytes) byte = from.u8();
    if (sector >= sectors) return false;
    disk->write(sector, bytes.data());
  }
  return from.ok();
}

}  // namespace

base::Result<std::vector<uint8_t>> writeSnapshot(const machine::Machine& machine, devices::SystemBus& bus) {
  bus.lines(machine.state.steps);  // what happens by now in devices has happened
  base::Writer to;
  to.u32(machine.memorySize());
  to.u32(bus.host.seed());
  for (const auto* disk : {&bus.disk, &bus.secondDisk})
    if (auto status = writeDisk(disk->get(), to); !status) return status.error();
  machine::save(machine, to);
  bus.save(to);
  return pack(kSnapshotFormat, to.bytes);
}

base::Result<Snapshot> readSnapshot(std::span<const uint8_t> file) {
  auto content = unpack(kSnapshotFormat, file);
  if (!content) return content.error();
  base::Reader from(content->data(), content->size());
  Snapshot snapshot;
  snapshot.memory = from.u32();
  snapshot.seed = from.u32();
  const auto error = [](const char* text) { return base::Error{text, "bad-snapshot", ""}; };
  if (!from.ok()) return error("the snapshot is truncated");
  if (snapshot.memory == 0 || snapshot.memory % machine::kPageSize != 0 || snapshot.memory > 1u << 31)
    return error("no machine has so much memory");
  for (auto& disk : snapshot.disks)
    if (!readDisk(disk, from)) return error("this is no disk");
  snapshot.rest = from.offset();
  snapshot.content = std::move(*content);
  return snapshot;
}

void Snapshot::attachDisks(devices::SystemBus& bus) const {
  if (disks[0]) bus.disk = std::make_unique<devices::Disk>(disks[0]);
  if (disks[1]) bus.secondDisk = std::make_unique<devices::Disk>(disks[1]);
}

base::Status Snapshot::restore(machine::Machine& machine, devices::SystemBus& bus) const {
  base::Reader from(content.data() + rest, content.size() - rest);
  auto status = machine::load(machine, from);
  if (status) status = bus.load(from);
  if (status && !from.atEnd()) status = base::Error{"there are bytes behind the state", "bad-snapshot", ""};
  return status ? status : base::Error{status.error().text, "bad-snapshot", status.error().place};
}

}  // namespace timeline
