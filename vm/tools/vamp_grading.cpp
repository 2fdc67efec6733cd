#include "vm/tools/vamp_grading.h"

#include <algorithm>

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "vm/monitor/image.h"

namespace vamp {

// ---- the bus ----------------------------------------------------------------------------------------------------------

uint32_t GradingBus::read(unsigned device, unsigned port, uint64_t now) {
  const uint32_t value = inner_.read(device, port, now);
  constexpr unsigned kHostInput = 4, kSerialInput = 0;
  if ((device == devices::kHost && port == kHostInput && value != UINT32_MAX) || (device == devices::kSerial && port == kSerialInput && value))
    progress_ = now;
  trace("read", device, port, value, now);
  return value;
}

void GradingBus::write(unsigned device, unsigned port, uint32_t value, uint64_t now) {
  if (device != devices::kTimer) progress_ = now;
  trace("write", device, port, value, now);
  inner_.write(device, port, value, now);
}

uint32_t GradingBus::lines(uint64_t now) {
  const uint32_t lines = inner_.lines(now);
  uint64_t written = 0;
  for (const auto* disk : {inner_.disk.get(), inner_.secondDisk.get()}) written += disk ? disk->sectorsWritten() : 0;
  if (ending_) return lines;
  if (written >= options_.diskWrites) ending_ = Ending::DiskWrites;
  else if (now - progress_ >= options_.patience) ending_ = Ending::NoProgress;
  return lines;
}

// It is asked after lines(): a run that is to end does so after the next instruction.
uint64_t GradingBus::nextEvent(uint64_t now) {
  if (ending_) return now + 1;
  const uint64_t doubt = options_.patience == machine::kNever ? machine::kNever : progress_ + options_.patience;
  return std::min(inner_.nextEvent(now), doubt);
}

void GradingBus::trace(const char* what, unsigned device, unsigned port, uint32_t value, uint64_t now) const {
  if (!(options_.traced >> device & 1)) return;
  std::fprintf(stderr, "%llu %s %s %u 0x%x\n", static_cast<unsigned long long>(now), devices::deviceName(device).data(), what, port, value);
}

base::Result<uint32_t> parseDevices(const std::string& argument) {
  uint32_t bits = 0;
  for (size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1) {
    end = argument.find(',', begin);
    const std::string_view name = std::string_view(argument).substr(begin, end - begin);
    uint32_t named = name == "all" ? 0xFF : 0;
    for (unsigned number = 0; number < machine::kDeviceCount; number++)
      if (name == devices::deviceName(number)) named = 1u << number;
    if (!named)
      return base::Error{"there is no device '" + std::string(name) + "': disk, timer, serial, network, bus, disk5, host, all", "bad-argument",
                         "--trace-device=" + argument};
    bits |= named;
  }
  return bits;
}

// ---- results ----------------------------------------------------------------------------------------------------------

std::string outcomeText(const Outcome& outcome) {
  switch (outcome.ending) {
    case Ending::Exit: return "status " + std::to_string(outcome.status);
    case Ending::Fault: return outcome.fault;
    case Ending::Limit: return "limit of instructions";
    case Ending::NoProgress: return "no progress";
    case Ending::DiskWrites: return "limit of disk writes";
  }
  return "";
}

namespace {

constexpr const char* kEndings[] = {"exit", "fault", "limit", "no-progress", "disk-writes"};
constexpr const char* kSyncKinds[] = {"code", "table", "mode"};

std::string escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '&') result += "&amp;";
    else if (c == '<') result += "&lt;";
    else if (c == '"') result += "&quot;";
    else result += uint8_t(c) < 0x20 ? '?' : c;
  }
  return result;
}

}  // namespace

std::string resultJson(const std::string& name, const Outcome& outcome, const machine::Machine& machine, const devices::SystemBus& bus,
                       const std::vector<machine::SyncFinding>* sync) {
  std::string text;
  llvm::raw_string_ostream out(text);
  llvm::json::OStream json(out);
  json.object([&] {
    json.attribute("program", llvm::json::fixUTF8(name));
    json.attribute("ending", kEndings[unsigned(outcome.ending)]);
    json.attribute("status", outcome.status);
    if (outcome.ending == Ending::Fault) json.attribute("fault", llvm::json::fixUTF8(outcome.fault));
    json.attribute("instructions", int64_t(machine.state.steps));
    json.attributeObject("interrupts", [&] {
      for (unsigned i = 0; i < machine.interrupts().size(); i++)
        if (machine.interrupts()[i]) json.attribute(std::to_string(i), int64_t(machine.interrupts()[i]));
    });
    uint64_t read = 0, written = 0;
    for (const auto* disk : {bus.disk.get(), bus.secondDisk.get()})
      if (disk) read += disk->sectorsRead(), written += disk->sectorsWritten();
    json.attribute("disk-sectors-read", int64_t(read));
    json.attribute("disk-sectors-written", int64_t(written));
    if (!sync) return;
    json.attributeArray("sync", [&] {
      for (const machine::SyncFinding& finding : *sync)
        json.object([&] {
          json.attribute("kind", kSyncKinds[finding.kind]);
          json.attribute("store", int64_t(finding.storePlace));
          json.attribute("fetch", int64_t(finding.fetchPlace));
          json.attribute("address", int64_t(finding.address));
          json.attribute("count", int64_t(finding.count));
        });
    });
  });
  return out.str() + "\n";
}

std::string resultJunit(const std::string& name, const Outcome& outcome, const machine::Machine& machine) {
  const bool failed = outcome.ending != Ending::Exit || outcome.status != 0;
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"vamp\" tests=\"1\" failures=\"" + std::to_string(failed) +
                     "\" errors=\"0\">\n  <properties><property name=\"instructions\" value=\"" + std::to_string(machine.state.steps) +
                     "\"/></properties>\n  <testcase classname=\"vamp\" name=\"" + escaped(name) + "\"";
  if (!failed) return text + "/>\n</testsuite>\n";
  return text + ">\n    <failure type=\"" + kEndings[unsigned(outcome.ending)] + "\" message=\"" + escaped(outcomeText(outcome)) +
         "\"/>\n  </testcase>\n</testsuite>\n";
}

namespace {

std::string syncText(const machine::SyncFinding& finding, const monitor::Image& image) {
  const auto at = [&](uint64_t time, uint32_t va, bool user) {
    char address[16];
    std::snprintf(address, sizeof address, "0x%x", va);
    std::string text = "instruction " + std::to_string(time) + " at " + address;
    if (user) return text + " (user mode)";
    if (const std::string name = image.name(va); !name.empty()) text += " <" + name + ">";
    if (const auto source = image.within(va)) text += " (" + source->place + ")";
    return text;
  };
  const std::string times = finding.count == 1 ? "" : " (" + std::to_string(finding.count) + " times)";
  if (finding.kind == machine::SyncFinding::Mode)
    return "sync: " + at(finding.storeTime, finding.storePlace, false) + " enters user mode without rfe" + times + " [sync-mode]";
  char address[16];
  std::snprintf(address, sizeof address, "0x%x", finding.address);
  const bool code = finding.kind == machine::SyncFinding::Code;
  return "sync: " + at(finding.storeTime, finding.storePlace, finding.storeByUser) + " stores to " + address +
         (code ? ", from which " : ", the page-table entry with which ") + at(finding.fetchTime, finding.fetchPlace, finding.fetchByUser) +
         " is fetched, and nothing between drains the pipe" + times + (code ? " [sync-code]" : " [sync-table]");
}

}  // namespace

std::string syncReport(const std::vector<machine::SyncFinding>& findings, const object::Object* image) {
  const monitor::Image names = image ? monitor::Image(*image) : monitor::Image();
  std::string text;
  for (const machine::SyncFinding& finding : findings) text += syncText(finding, names) + '\n';
  return text;
}

base::Status Observers::attach(machine::Machine& machine, const std::string& traceFile, bool checkSync) {
  machine::Observer* first = nullptr;
  if (!traceFile.empty()) {
    trace.reset(traceFile == "-" ? stdout : std::fopen(traceFile.c_str(), "w"));
    if (!trace) return base::Error{"cannot create the trace", "cannot-write", traceFile};
    first = &tracer.emplace(trace.get(), machine.state);
  }
  if (checkSync) first = &sync.emplace(machine, first);
  machine.setObserver(first);
  return base::Ok{};
}

}  // namespace vamp
