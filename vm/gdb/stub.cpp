#include "vm/gdb/stub.h"

#include <algorithm>

#include "vm/gdb/registers.h"

namespace gdb {
namespace {

const std::string kOk = "OK", kBadPacket = "E01", kNoMemory = "E14", kNotThis = "E02";
constexpr uint32_t kMostBytes = 0x2000;  // of memory in one packet

std::string word(uint32_t value) { return toHex({reinterpret_cast<const char*>(&value), sizeof value}); }

std::optional<uint32_t> takeWord(std::string_view& digits) {
  auto bytes = fromHex(digits.substr(0, 8));
  if (!bytes || bytes->size() != 4) return std::nullopt;
  digits.remove_prefix(8);
  return base::load<uint32_t>(bytes->data());
}

struct Range {
  uint32_t address, size;
};
// "ADDRESS,SIZE"
std::optional<Range> takeRange(std::string_view& text) {
  auto address = takeNumber(text);
  if (!address || !take(text, ",")) return std::nullopt;
  auto size = takeNumber(text);
  if (!size) return std::nullopt;
  return Range{uint32_t(*address), uint32_t(std::min<uint64_t>(*size, UINT32_MAX))};
}

}  // namespace

Stub::Stub(Packets& packets, Host host)
    : packets_(packets), host_(std::move(host)), processes_(host_.machine, host_.image) {
  host_.timeline.interrupt = [this] { return interrupted(); };
  lastStop_ = signal(5);
  if (processes_.kernel()) breakIn_ = BreakIn::Kernel;
}

End Stub::serve() {
  while (!end_) {
    const std::optional<std::string> packet = packets_.receive();
    if (!packet) return End::Closed;
    if (*packet == "\3") continue;  // nothing runs
    const std::string text = answer(*packet);
    if (end_ != End::Killed) packets_.send(text);
    if (*packet == "QStartNoAckMode") packets_.stopAcknowledging();
  }
  return *end_;
}

std::string Stub::answer(std::string_view packet) {
  if (packet.empty()) return "";
  const std::string_view rest = packet.substr(1);
  switch (packet[0]) {
    case '?': return lastStop_;
    case 'g': return readRegisters();
    case 'G': return writeRegisters(rest);
    case 'p': return readOne(rest);
    case 'P': return writeOne(rest);
    case 'm': return readBytes(rest);
    case 'M': return writeBytes(rest, false);
    case 'X': return writeBytes(rest, true);
    case 'Z': return point(rest, true);
    case 'z': return point(rest, false);
    case 'H': return selectThread(rest);
    case 'T': {
      std::string_view number = rest;
      const auto thread = takeNumber(number);
      return thread && processes_.exists(unsigned(*thread)) ? kOk : kNotThis;
    }
    case 'c': return proceed(false);
    case 's': return step(false);
    case 'b': return rest == "c" ? proceed(true) : rest == "s" ? step(true) : "";
    case 'v': return rest.starts_with("Cont;") ? resume(rest.substr(5)) : rest == "Cont?" ? "vCont;c;C;s;S;r" : "";
    case 'D': return end_ = End::Detached, kOk;
    case 'k': return end_ = End::Killed, "";
    case 'q':
    case 'Q': return query(packet);
    default: return "";
  }
}

std::string Stub::readRegisters() {
  const machine::State state = processes_.state(thread_);
  std::string text;
  for (unsigned i = 0; i < registerCount(); i++) text += word(readRegister(state, i));
  return text;
}

std::string Stub::writeRegisters(std::string_view digits) {
  if (!processes_.running(thread_)) return kNotThis;
  machine::State state = host_.machine.state;
  for (unsigned i = 0; i < registerCount() && !digits.empty(); i++) {
    const auto value = takeWord(digits);
    if (!value) return kBadPacket;
    writeRegister(state, i, *value);
  }
  host_.machine.state = state;
  host_.timeline.edited();
  return kOk;
}

std::string Stub::readOne(std::string_view rest) {
  const auto number = takeNumber(rest);
  if (!number || *number >= registerCount()) return kBadPacket;
  return word(readRegister(processes_.state(thread_), unsigned(*number)));
}

std::string Stub::writeOne(std::string_view rest) {
  const auto number = takeNumber(rest);
  if (!number || *number >= registerCount() || !take(rest, "=")) return kBadPacket;
  const auto value = takeWord(rest);
  if (!value) return kBadPacket;
  if (!processes_.running(thread_)) return kNotThis;
  if (*number == kPcNumber && skip(*value)) return kOk;
  writeRegister(host_.machine.state, unsigned(*number), *value);
  host_.timeline.edited();
  return kOk;
}

namespace {

// What a gdb that believes in a PowerPC takes for a trap in the program: twi, tdi (VAMP's jal, j), tw, td (some seti).
bool looksLikeTrap(uint32_t word) {
  const uint32_t opcode = word >> 26, extended = word >> 1 & 0x3FF;
  return opcode == 2 || opcode == 3 || (opcode == 31 && (extended == 4 || extended == 68));
}

}  // namespace

// gdb does not execute a trap in the program at which it has a breakpoint, but moves pc behind it. That is where executing these leads,
// with what else they do: a jump's target comes after its delay slot.
bool Stub::skip(uint32_t to) {
  const machine::State& state = host_.machine.state;
  const bool point = std::find(breakpoints_.begin(), breakpoints_.end(), state.dpc) != breakpoints_.end();
  const std::string code = readMemory(host_.machine, spaceOf(state), state.dpc, 4);
  if (!point || to != state.dpc + 4 || code.size() != 4 || !looksLikeTrap(base::load<uint32_t>(code.data()))) return false;
  skip_ = {state.steps, to};
  host_.timeline.stopAt({}, {});
  host_.timeline.run(1);
  return true;
}

std::string Stub::readBytes(std::string_view rest) {
  const auto range = takeRange(rest);
  if (!range) return kBadPacket;
  const std::string bytes = readMemory(host_.machine, processes_.space(thread_), range->address, std::min(range->size, kMostBytes));
  return bytes.empty() && range->size ? kNoMemory : toHex(bytes);
}

std::string Stub::writeBytes(std::string_view rest, bool binary) {
  const auto range = takeRange(rest);
  if (!range || !take(rest, ":")) return kBadPacket;
  const auto bytes = binary ? std::optional(std::string(rest)) : fromHex(rest);
  if (!bytes || bytes->size() != range->size) return kBadPacket;
  if (bytes->empty()) return kOk;
  if (!writeMemory(host_.machine, processes_.space(thread_), range->address, *bytes)) return kNoMemory;
  host_.timeline.edited();
  return kOk;
}

// KIND,ADDRESS,SIZE: software and hardware breakpoints are the same; watchpoints watch physical memory.
std::string Stub::point(std::string_view rest, bool insert) {
  const auto kind = takeNumber(rest);
  if (!kind || !take(rest, ",")) return kBadPacket;
  const auto range = takeRange(rest);
  if (!range) return kBadPacket;
  if (*kind <= 1) {
    std::erase(breakpoints_, range->address);
    if (insert) breakpoints_.push_back(range->address);
    return kOk;
  }
  if (*kind > unsigned(Watched::Access)) return "";
  const auto address = physical(host_.machine, processes_.space(thread_), range->address, false);
  if (insert && (!address || range->size == 0)) return kNoMemory;
  const Watchpoint point{Watched(*kind), range->address, {address.value_or(0), range->size}};
  std::erase(watchpoints_, point);
  if (insert) watchpoints_.push_back(point);
  return kOk;
}

std::string Stub::selectThread(std::string_view rest) {
  const bool registers = take(rest, "g");
  if (!registers && !take(rest, "c")) return kBadPacket;
  if (rest == "-1" || rest == "0") return kOk;
  const auto thread = takeNumber(rest);
  if (!thread || !processes_.exists(unsigned(*thread))) return kNotThis;
  if (registers) thread_ = unsigned(*thread);
  return kOk;
}

}  // namespace gdb
