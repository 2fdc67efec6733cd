#include "vm/tools/vamp_report.h"

#include <cstdarg>

#include "assembler/object/map.h"
#include "vm/machine/causes.h"

namespace vamp {
namespace {

[[gnu::format(printf, 1, 2)]] std::string format(const char* pattern, ...) {
  char text[256];
  va_list arguments;
  va_start(arguments, pattern);
  std::vsnprintf(text, sizeof text, pattern, arguments);
  va_end(arguments);
  return text;
}

std::string hex(uint32_t value) { return format("\"0x%08x\"", value); }

template <class Registers>
std::string list(const Registers& registers) {
  std::string text = "[";
  for (size_t i = 0; i < registers.size(); i++) text += (i ? "," : "") + hex(registers[i]);
  return text + "]";
}

}  // namespace

std::string stateJson(const machine::Machine& machine, const std::vector<Region>& regions) {
  const machine::State& state = machine.state;
  std::string text = format("{\"steps\":%llu,", static_cast<unsigned long long>(state.steps));
  text += "\"dpc\":" + hex(state.dpc) + ",\"pc\":" + hex(state.pc);
  text += ",\"gpr\":" + list(state.gpr) + ",\"fpr\":" + list(state.fpr) + ",\"spr\":{";
  const char* separator = "";
  for (unsigned i = 0; i < isa::kSprCount; i++) {
    if (!isa::sprExists(i)) continue;
    text += separator + ('"' + std::string(isa::sprName(i)) + "\":") + hex(state.spr[i]);
    separator = ",";
  }
  text += "},\"mem\":[";
  separator = "";
  for (const Region& region : regions) {
    text += separator + ("{\"addr\":" + hex(region.address)) + ",\"bytes\":\"";
    for (uint8_t byte : machine.memory().subspan(region.address, region.length)) text += format("%02x", byte);
    text += "\"}";
    separator = ",";
  }
  return text + "]}\n";
}

bool Trace::onStep(const machine::State& after, const machine::Event& event) {
  std::string line = format("%llu %08x ", static_cast<unsigned long long>(after.steps), event.dpc);
  line += isa::print(event.word);
  for (unsigned i = 1; i < 32; i++)
    if (after.gpr[i] != before_.gpr[i]) line += format(" r%u=0x%08x", i, after.gpr[i]);
  for (unsigned i = 0; i < 32; i++)
    if (after.fpr[i] != before_.fpr[i]) line += format(" f%u=0x%08x", i, after.fpr[i]);
  if (event.causes) {
    unsigned lowest = unsigned(__builtin_ctz(event.causes));
    line += format(" interrupt %u (", lowest);
    line += machine::causeText(lowest);
    line += format(") ECA=0x%08x EDATA=0x%08x", event.causes, after.spr[isa::EDATA]);
  } else {
    for (unsigned i = 0; i < isa::kSprCount; i++)
      if (after.spr[i] != before_.spr[i]) line += format(" %s=0x%08x", isa::sprName(i).data(), after.spr[i]);
  }
  if (event.stored) {
    const uint32_t high = event.size == 8 ? after.fpr[isa::decode(event.word).rd | 1] : 0;
    line += format(" [%08x]=0x%0*llx", event.address, int(2 * event.size),
                   static_cast<unsigned long long>(uint64_t(high) << 32 | event.value));
  }
  line += '\n';
  before_ = after;
  return std::fwrite(line.data(), 1, line.size(), to_) == line.size();
}

std::string statistics(const machine::Machine& machine, const devices::SystemBus& bus, double seconds) {
  auto count = [](uint64_t number) { return static_cast<unsigned long long>(number); };
  uint64_t steps = machine.state.steps;
  const auto& interrupts = machine.interrupts();
  std::string text = format("instructions %llu\n", count(steps));
  for (unsigned i = 0; i < interrupts.size(); i++) {
    if (!interrupts[i]) continue;
    text += format("interrupt %u %llu ", i, count(interrupts[i]));
    text += machine::causeText(i);
    text += '\n';
  }
  text += format("page-faults %llu\n", count(interrupts[machine::kFetchFault] + interrupts[machine::kDataFault]));
  uint64_t read = 0, written = 0;
  for (const auto* disk : {bus.disk.get(), bus.secondDisk.get()})
    if (disk) read += disk->sectorsRead(), written += disk->sectorsWritten();
  text += format("disk-sectors-read %llu\ndisk-sectors-written %llu\n", count(read), count(written));
  if (bus.network)
    text += format("frames-sent %llu\nframes-received %llu\n", count(bus.network->framesSent()), count(bus.network->framesReceived()));
  text += format("seconds %.6f\nmillion-instructions-per-second %.1f\n", seconds,
                 seconds > 0 ? double(steps) / seconds / 1e6 : 0.0);
  return text;
}

std::string faultMessage(const object::Object* image, uint32_t returnAddress) {
  const object::Section* section = image ? image->section(".c0map") : nullptr;
  if (section) {
    auto units = object::readMap(section->bytes);
    if (!units) return "fault at return address " + format("0x%08x", returnAddress) + " (" + units.error().text + ")";
    for (const object::MapUnit& unit : *units)
      for (const object::MapFunction& function : unit.functions)
        for (const object::MapCheck& check : function.checks) {
          if (function.address + check.returnAddress != returnAddress) continue;
          const object::MapPosition& position = check.position;
          std::string text = position.file < unit.files.size() ? unit.files[position.file] : "?";
          text += format(":%u:%u: fault: ", position.line, position.column);
          return text + std::string(faultName(check.fault)) + ": " + std::string(faultMeaning(check.fault));
        }
  }
  return format("fault at return address 0x%08x", returnAddress);
}

}  // namespace vamp
