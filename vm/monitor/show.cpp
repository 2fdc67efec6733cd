// Where the program stands; registers, memory, code, translations.
#include <algorithm>

#include "vm/machine/causes.h"
#include "vm/monitor/monitor.h"

namespace monitor {
namespace {

using machine::kPageSize;

std::string format(const char* pattern, uint32_t a, uint32_t b = 0, uint32_t c = 0, uint32_t d = 0) {
  char text[160];
  std::snprintf(text, sizeof text, pattern, a, b, c, d);
  return text;
}

std::string causeNames(uint32_t mca) {
  std::string names;
  for (unsigned i = 0; i < machine::kCauseCount; i++)
    if (mca >> i & 1) {
      names += names.empty() ? "" : ", ";
      names += machine::causeText(i);
      if (i >= machine::kDevice) names += ' ' + std::string(devices::deviceName((i - machine::kDevice) % machine::kDeviceCount));
    }
  return names.empty() ? "none" : names;
}

struct Entry {
  uint32_t word;
  uint32_t frame() const { return word >> 12; }
  bool valid() const { return word >> 11 & 1; }
  bool isProtected() const { return word >> 10 & 1; }
};

}  // namespace

// ---- places -----------------------------------------------------------------------------------------------------------

std::string Monitor::at(uint32_t va) const {
  const std::string name = image_.name(va);
  return format("0x%x", va) + (name.empty() || state().user() ? "" : " <" + name + ">");
}

void Monitor::showInstruction(uint32_t va) {
  const auto instruction = word(va);
  if (!instruction) return say("  %8x:  %s\n", va, translate(va, state().user()).problem.c_str());
  std::string text = *instruction == isa::kNop ? "nop" : isa::print(*instruction);
  const isa::Instruction in = isa::decode(*instruction);
  if (isa::isControl(in.op) && in.op != isa::Op::Jr && in.op != isa::Op::Jalr) {
    text.resize(std::max(text.size() + 1, size_t(20)), ' ');
    text += at(va + 4 + uint32_t(in.imm));
  }
  say("  %8x:  %08x  %s\n", va, *instruction, text.c_str());
}

void Monitor::showPlace() {
  const machine::State& s = state();
  const auto source = s.user() ? std::nullopt : image_.within(s.dpc);
  say("[%llu] %s%s%s%s\n", static_cast<unsigned long long>(s.steps), s.user() ? "user " : "", at(s.dpc).c_str(), source ? "  " : "",
      source ? source->place.c_str() : "");
  if (source && !source->text.empty()) say("  %s\n", source->text.c_str());
  showInstruction(s.dpc);
  if (s.pc != s.dpc + 4) say("  (a delay slot: then %s)\n", at(s.pc).c_str());
}

std::string Monitor::storeText() const {
  const timeline::Range& store = timeline_.store();
  const auto instruction = word(state().dpc);
  if (!instruction) return "";
  const isa::Instruction in = isa::decode(*instruction);
  const bool floating = in.op == isa::Op::StoreS || in.op == isa::Op::StoreD;
  const uint32_t value = floating ? state().fpr[in.rd] : state().gpr[in.rd];
  uint32_t old = 0;
  const uint32_t size = std::min(store.size, 4u);
  machine_.read(store.address, &old, size);
  return format("0x%x at 0x%x becomes 0x%x", old, store.address, size == 4 ? value : value & ((1u << 8 * size) - 1));
}

void Monitor::disassemble(Arguments arguments) {
  uint32_t from = listed_ ? listed_ : state().dpc;
  if (!arguments.empty()) {
    const auto where = place(arguments[0]);
    if (!where) return;
    from = *where & ~3u;
  }
  const auto n = count(arguments, 1, 10);
  if (!n) return;
  for (uint64_t i = 0; i < std::min<uint64_t>(*n, 10000); i++, from += 4) {
    if (!state().user()) {
      if (const std::string name = image_.name(from); !name.empty() && name.find('+') == std::string::npos) say("<%s>:\n", name.c_str());
      if (const auto source = image_.begins(from)) say("; %s\n", source->place.c_str()), say(source->text.empty() ? "" : ";   %s\n", source->text.c_str());
    }
    showInstruction(from);
  }
  listed_ = from;
}

void Monitor::examine(Arguments arguments) {
  if (arguments.empty()) return say("x wants an address\n");
  auto from = address(arguments[0]);
  const auto n = from ? count(arguments, 1, 4) : std::nullopt;
  if (!n) return;
  uint32_t va = *from & ~3u;
  for (uint64_t i = 0; i < std::min<uint64_t>(*n, 100000); i++, va += 4) {
    if (i % 4 == 0) say("%s%8x:", i ? "\n" : "", va);
    if (const auto value = word(va)) say("  %08x", *value);
    else if (translate(va, state().user()).physical) say("  --------");  // of a device: reading it would change it
    else say("  ????????");
  }
  say("\n");
}

// ---- translation ------------------------------------------------------------------------------------------------------

Monitor::Translated Monitor::translate(uint32_t va, bool asUser, bool write) const {
  if (!asUser) return {va, ""};
  const uint32_t pto = state().spr[isa::PTO], ptl = state().spr[isa::PTL], page = va / kPageSize;
  if (page >= ptl + 1) return {std::nullopt, format("page 0x%x is not below PTL + 1 = 0x%x: page fault", page, ptl + 1)};
  const uint32_t where = pto * kPageSize + 4 * page;
  Entry entry{0};
  if (!machine_.read(where, &entry.word, 4)) return {std::nullopt, format("its entry, at 0x%x, is not in memory: page fault", where)};
  if (!entry.valid()) return {std::nullopt, format("its entry, at 0x%x, is 0x%x: not valid: page fault", where, entry.word)};
  if (write && entry.isProtected()) return {std::nullopt, format("its entry, at 0x%x, is 0x%x: write-protected: page fault", where, entry.word)};
  return {entry.frame() * kPageSize + va % kPageSize, ""};
}

std::optional<uint32_t> Monitor::word(uint32_t va) const {
  const auto physical = translate(va, state().user()).physical;
  uint32_t value = 0;
  return physical && machine_.read(*physical, &value, 4) ? std::optional(value) : std::nullopt;
}

std::string Monitor::explainTranslation(uint32_t va, bool asUser) const {
  const uint32_t pto = state().spr[isa::PTO], ptl = state().spr[isa::PTL], page = va / kPageSize;
  std::string text;
  if (asUser) {
    text += format("  virtual page va[31:12] = 0x%x, offset va[11:0] = 0x%x\n", page, va % kPageSize);
    text += format("  PTL = 0x%x: pages below 0x%x are in the table\n", ptl, ptl + 1);
    if (page < ptl + 1) {
      const uint32_t where = pto * kPageSize + 4 * page;
      text += format("  PTO = 0x%x: entry at 0x%x * 4096 + 4 * 0x%x = 0x%x\n", pto, pto, page, where);
      Entry entry{0};
      if (machine_.read(where, &entry.word, 4))
        text += format("  entry = 0x%x: frame 0x%x, ", entry.word, entry.frame()) + (entry.valid() ? "valid" : "not valid") +
                (entry.isProtected() ? ", write-protected" : ", writable") + format(", the rest is software's: 0x%x\n", entry.word & 0x3FF);
    }
    for (const bool write : {false, true}) {
      const Translated translated = translate(va, true, write);
      const std::string what = write ? "store" : "fetch, load";
      text += "  " + what + ": " + (translated.physical ? format("physical 0x%x", *translated.physical) : translated.problem) +
              (translated.physical ? "" : write ? " (4)" : " (3, 4)") + "\n";
    }
  }
  const auto physical = translate(va, asUser).physical;
  if (!physical) return text;
  if (*physical >= machine::kDeviceBase) {
    const unsigned device = (*physical - machine::kDeviceBase) / kPageSize;
    return text + format("  0x%x is port %u of device %u", *physical, *physical % kPageSize / 4, device) + " (" +
           std::string(devices::deviceName(device)) + ")\n";
  }
  if (*physical >= machine_.memorySize()) return text + format("  0x%x is neither memory nor a device: bus error (2)\n", *physical);
  return text + format("  0x%x is memory, page 0x%x\n", *physical, *physical / kPageSize);
}

void Monitor::walk(Arguments arguments) {
  const auto va = arguments.empty() ? std::nullopt : address(arguments[0]);
  if (arguments.empty()) return say("walk wants an address\n");
  if (!va) return;
  if (!state().user()) {
    say("system mode: 0x%x is the physical address\n%s", *va, explainTranslation(*va, false).c_str());
    say("in user mode, with the present PTO and PTL:\n");
  } else {
    say("user mode:\n");
  }
  say("%s", explainTranslation(*va, true).c_str());
}

// Runs of pages that follow each other, here and in memory.
void Monitor::infoTable() {
  const uint32_t pto = state().spr[isa::PTO], ptl = state().spr[isa::PTL];
  say("PTO = 0x%x: table at 0x%x; PTL = 0x%x: 0x%x pages\n", pto, pto * kPageSize, ptl, ptl + 1);
  const auto at = [&](uint32_t page) {
    Entry entry{0};
    machine_.read(pto * kPageSize + 4 * page, &entry.word, 4);
    return entry;
  };
  const uint32_t end = std::min(ptl + 1, 1u << 20);
  for (uint32_t page = 0; page < end;) {
    const Entry first = at(page);
    uint32_t count = 1;
    const auto goesOn = [&](const Entry& next) {
      return next.valid() == first.valid() && (!first.valid() || (next.isProtected() == first.isProtected() && next.frame() == first.frame() + count));
    };
    while (page + count < end && goesOn(at(page + count))) count++;
    if (first.valid())
      say("  %05x..%05x -> %05x..%05x  %s\n", page, page + count - 1, first.frame(), first.frame() + count - 1,
          first.isProtected() ? "read only" : "writable");
    page += count;
  }
}

// ---- registers --------------------------------------------------------------------------------------------------------

void Monitor::infoRegisters() {
  say("DPC %08x   PC %08x   %s mode\n", state().dpc, state().pc, state().user() ? "user" : "system");
  for (unsigned i = 0; i < 32; i++) say("r%-2u %08x%s", i, state().gpr[i], i % 4 == 3 ? "\n" : "   ");
}

void Monitor::infoFloating() {
  for (unsigned i = 0; i < 32; i++) say("f%-2u %08x%s", i, state().fpr[i], i % 4 == 3 ? "\n" : "   ");
}

void Monitor::infoSpecial() {
  for (unsigned i = 0; i < isa::kSprCount; i++)
    if (isa::sprExists(i)) say("%-5s %08x%s\n", std::string(isa::sprName(i)).c_str(), state().spr[i], i == isa::ECA ? ("  " + causeNames(state().spr[i])).c_str() : "");
}

void Monitor::infoInterrupts() {
  const uint32_t lines = bus_.lines(state().steps), mask = state().spr[isa::SR] | machine::kUnmaskable;
  say("lines up: %s\n", causeNames(lines & machine::kDeviceCauses).c_str());
  say("let through by SR: %s\n", causeNames(state().spr[isa::SR] & ~machine::kUnmaskable).c_str());
  say("at the next instruction: %s\n", causeNames(lines & mask & machine::kDeviceCauses).c_str());
  say("the last interrupt (ECA): %s; EDPC %s, EPC 0x%x, EDATA 0x%x, from %s mode\n", causeNames(state().spr[isa::ECA]).c_str(),
      at(state().spr[isa::EDPC]).c_str(), state().spr[isa::EPC], state().spr[isa::EDATA], state().spr[isa::EMODE] & 1 ? "user" : "system");
}

}  // namespace monitor
