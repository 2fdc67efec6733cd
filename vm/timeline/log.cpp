#include "vm/timeline/log.h"

#include <algorithm>

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"
#include "vm/machine/saved.h"
#include "vm/timeline/container.h"

namespace timeline {
namespace {

constexpr uint32_t kMaxPages = (1u << 31) / machine::kPageSize;

void writeDigest(const Digest& digest, base::Writer& to) {
  machine::save(digest.state, to);
  to.unsignedNumber(digest.pages.size());
  uint32_t before = 0;
  for (const auto& [page, hash] : digest.pages) {
    to.unsignedNumber(page - std::exchange(before, page));
    to.u32(hash);
  }
  for (uint32_t hash : digest.devices) to.u32(hash);
}

// False: it is none.
bool readDigest(Digest& digest, base::Reader& from) {
  machine::load(digest.state, from);
  uint64_t page = 0;
  for (uint32_t i = 0, count = from.count(); i < count && from.ok(); i++) {
    const uint32_t distance = from.number();
    page += distance;
    if (page >= kMaxPages || (i != 0 && distance == 0)) return false;
    digest.pages.push_back({uint32_t(page), from.u32()});
  }
  for (uint32_t& hash : digest.devices) hash = from.u32();
  return from.ok();
}

// Bytes of an event; none of a console ends its input.
bool possible(Source source, size_t bytes) {
  switch (source) {
    case Source::Network: return bytes >= devices::Network::kShortest && bytes <= devices::Network::kLongest;
    case Source::Bus: return bytes >= 2 && bytes <= 2 + devices::BusSlot::kLongest;
    default: return bytes <= 1;
  }
}

// False: they are none.
bool readEvents(Source source, std::vector<Event>& events, base::Reader& from) {
  uint64_t time = 0;
  for (uint32_t i = 0, count = from.count(); i < count && from.ok(); i++) {
    time += from.unsignedNumber();
    events.push_back({time, from.string()});
    const size_t bytes = events.back().bytes.size();
    if (!possible(source, bytes) || (bytes == 0 && i + 1 != count)) return false;
  }
  return from.ok();
}

template <class Hash>
std::string hexDigest(Hash& hash) {
  return llvm::toHex(hash.final(), true);
}

llvm::ArrayRef<uint8_t> array(std::span<const uint8_t> bytes) { return {bytes.data(), bytes.size()}; }

}  // namespace

std::vector<uint8_t> writeLog(const Log& log) {
  base::Writer to;
  to.unsignedNumber(log.interval);
  to.unsignedNumber(log.settings.size());
  for (const Setting& setting : log.settings) to.string(setting.name), to.string(setting.value);
  for (const auto& events : log.events) {
    to.unsignedNumber(events.size());
    uint64_t before = 0;
    for (const Event& event : events) {
      to.unsignedNumber(event.time - std::exchange(before, event.time));
      to.string(event.bytes);
    }
  }
  to.unsignedNumber(log.digests.size());
  for (const Digest& digest : log.digests) writeDigest(digest, to);
  return pack(kLogFormat, to.bytes);
}

base::Result<Log> readLog(std::span<const uint8_t> file) {
  auto content = unpack(kLogFormat, file);
  if (!content) return content.error();
  base::Reader from(content->data(), content->size());
  const auto error = [&](const char* text) {
    return base::Error{text, "bad-log", "byte " + std::to_string(from.ok() ? from.offset() : from.failedAt()) + " of the content"};
  };
  Log log;
  log.interval = from.unsignedNumber();
  if (from.ok() && log.interval == 0) return error("the interval is 0");
  for (uint32_t i = 0, count = from.count(); i < count && from.ok(); i++) {
    std::string name = from.string();
    log.settings.push_back({std::move(name), from.string()});
  }
  for (unsigned i = 0; i < Journal::kSources; i++)
    if (!readEvents(Source(i), log.events[i], from)) return error("this is no event");
  for (uint32_t i = 0, count = from.count(); i < count && from.ok(); i++) {
    const uint64_t before = log.digests.empty() ? 0 : log.digests.back().state.steps;
    if (!readDigest(log.digests.emplace_back(), from)) return error("this is no digest of a state");
    if (log.digests.back().state.steps < before) return error("a digest is of an earlier time than the one before");
  }
  if (!from.ok()) return error("the content is truncated");
  if (!from.atEnd()) return error("there are bytes behind the log");
  if (log.digests.empty()) return error("there is no digest");
  return log;
}

base::Status sameRun(const std::vector<Setting>& now, const std::vector<Setting>& recorded) {
  const auto find = [](const std::vector<Setting>& settings, const std::string& name) {
    const auto found = std::find_if(settings.begin(), settings.end(), [&](const Setting& setting) { return setting.name == name; });
    return found == settings.end() ? std::string("nothing") : '\'' + found->value + '\'';
  };
  for (const auto* settings : {&recorded, &now})
    for (const Setting& setting : *settings)
      if (const std::string is = find(now, setting.name), was = find(recorded, setting.name); is != was)
        return base::Error{"the log is of another run: it has " + was + ", this run " + is, "other-run", setting.name};
  return base::Ok{};
}

std::string sha256(std::span<const uint8_t> bytes) {
  llvm::SHA256 hash;
  hash.update(array(bytes));
  return hexDigest(hash);
}

base::Result<std::string> sha256(devices::Storage& disk) {
  llvm::SHA256 hash;
  std::array<uint8_t, devices::kSectorBytes> sector;
  for (uint32_t i = 0; i < disk.sectors(); i++) {
    if (!disk.read(i, sector.data())) return base::Error{"sector " + std::to_string(i) + " cannot be read", "bad-disk", ""};
    hash.update(array(sector));
  }
  return hexDigest(hash);
}

void record(machine::Machine& machine, devices::SystemBus& bus, uint64_t end, const Execute& execute, const std::function<bool()>& interrupted,
            Log& log) {
  Digester digester(machine, bus);
  for (bool over = false; !over;) {
    const uint64_t now = machine.state.steps, next = std::min(end, (now / log.interval + 1) * log.interval);
    over = execute(next - now) != machine::Stop::Limit || machine.state.steps == end || (interrupted && interrupted());
    log.digests.push_back(digester.next());
  }
}

base::Status replay(machine::Machine& machine, devices::SystemBus& bus, const Journal& journal, const Execute& execute, const Log& log, uint64_t last) {
  Digester digester(machine, bus);
  Comparison comparison;
  uint64_t begin = machine.state.steps;
  for (const Digest& recorded : log.digests) {
    const uint64_t end = recorded.state.steps, next = std::min(end, last);
    if (next > machine.state.steps) execute(next - machine.state.steps);
    if (last < end) break;
    const auto different = comparison.differs(digester.next(), recorded);
    const auto inputs = journal.divergence();
    if (different || inputs)
      return base::Error{"between the instructions " + std::to_string(begin) + " and " + std::to_string(end) +
                             " the run differs from the recorded one: " + (inputs ? *inputs + (different ? "; " : "") : "") + different.value_or(""),
                         "replay-differs", ""};
    begin = end;
  }
  return base::Ok{};
}

}  // namespace timeline
