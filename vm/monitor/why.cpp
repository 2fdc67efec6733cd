// Who wrote it: the last store to a place of memory, the last instruction that wrote a register.
#include <algorithm>
#include <cctype>

#include "vm/machine/causes.h"
#include "vm/monitor/monitor.h"

namespace monitor {
namespace {

using machine::State;

// A register by its name: in one of the banks.
struct Register {
  enum Bank { General, Floating, Special } bank;
  unsigned number;
  uint32_t of(const State& state) const {
    return bank == General ? state.gpr[number] : bank == Floating ? state.fpr[number] : state.spr[number];
  }
};

std::optional<Register> findRegister(std::string name) {
  if (name.size() >= 2 && name.size() <= 3 && (name[0] == 'r' || name[0] == 'f') && std::all_of(name.begin() + 1, name.end(), [](unsigned char c) { return std::isdigit(c); })) {
    const unsigned number = unsigned(std::stoul(name.substr(1)));
    if (number < 32) return Register{name[0] == 'r' ? Register::General : Register::Floating, number};
  }
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return char(std::toupper(c)); });
  const auto spr = isa::findSpr(name);
  return spr && isa::sprExists(*spr) ? std::optional(Register{Register::Special, *spr}) : std::nullopt;
}

// It had its effect: it did not end in an interrupt before which it must be repeated or is given up.
bool completed(uint32_t causes) {
  enum class Resume { Abort, Repeat, Continue };
  if (causes == 0) return true;
  switch (unsigned(__builtin_ctz(causes))) {
// clang-format off
#define CAUSE(number, name, text, resume) case number: return Resume::resume == Resume::Continue;
#include "vm/machine/causes.def"
    // clang-format on
    default: return true;
  }
}

bool names(std::string_view operands, std::string_view operand) {
  for (size_t at = 0; (at = operands.find(operand, at)) != std::string_view::npos; at += operand.size())
    if (at == 0 || operands[at - 1] == ',') return true;
  return false;
}

// The register of the bank that the instruction writes.
bool writes(const isa::Instruction& in, const Register& wanted) {
  if (in.op == isa::Op::Illegal) return false;
  const std::string_view operands = isa::row(in.op).operands;
  switch (wanted.bank) {
    case Register::General:
      if (in.op == isa::Op::Jal || in.op == isa::Op::Jalr) return wanted.number == isa::kLink;
      return names(operands, "RD") && !isa::isStore(in.op) && in.rd == wanted.number;
    case Register::Floating: return names(operands, "FD") && !isa::isStore(in.op) && in.rd == wanted.number;
    case Register::Special: return in.op == isa::Op::Movi2s && in.sa == wanted.number;
  }
  return false;
}

}  // namespace

void Monitor::lastWrite(Arguments arguments) {
  const auto where = range(arguments);
  if (!where) return;
  const auto write = timeline_.lastWrite(*where);
  if (!write) return say("nothing has stored to 0x%x (%u bytes) since the start\n", where->address, where->size);
  const uint64_t here = timeline_.now();
  timeline_.goTo(write->time);
  showPlace();
  const isa::Instruction in = isa::decode(word(state().dpc).value_or(0));
  const bool floating = in.op == isa::Op::StoreS || in.op == isa::Op::StoreD;
  say("  stored %s%u = 0x%x to 0x%x\n", floating ? "f" : "r", in.rd, floating ? state().fpr[in.rd] : state().gpr[in.rd], write->to.address);
  timeline_.goTo(here);
}

void Monitor::why(Arguments arguments) {
  const auto wanted = arguments.empty() ? std::nullopt : findRegister(std::string(arguments[0]));
  if (!wanted) return say("why wants a register: r1, f2, SR, ..\n");
  const std::string name(arguments[0]);
  const uint32_t value = wanted->of(state());
  const auto time = timeline_.lastStep([&](const State& before, const State& after, const machine::Event& event) {
    return wanted->of(before) != wanted->of(after) || (writes(isa::decode(event.word), *wanted) && completed(event.causes));
  });
  if (!time) return say("%s = 0x%x: no instruction has written it since the start\n", name.c_str(), value);
  const uint64_t here = timeline_.now();
  timeline_.goTo(*time);
  say("%s = 0x%x was written by\n", name.c_str(), value);
  showPlace();
  const isa::Instruction in = isa::decode(word(state().dpc).value_or(0));
  if (!writes(in, *wanted)) {
    say("  by an interrupt, or the return from one\n");
  } else {
    const std::string_view operands = isa::row(in.op).operands;
    const bool memory = names(operands, "mem");
    if ((names(operands, "RS1") || memory) && in.rs1 != 0) say("  r%u = 0x%x\n", in.rs1, state().gpr[in.rs1]);
    if (names(operands, "RS2") && in.rs2 != 0) say("  r%u = 0x%x\n", in.rs2, state().gpr[in.rs2]);
    if (names(operands, "FS1")) say("  f%u = 0x%x\n", in.rs1, state().fpr[in.rs1]);
    if (names(operands, "FS2")) say("  f%u = 0x%x\n", in.rs2, state().fpr[in.rs2]);
    if (names(operands, "SPR") && in.op == isa::Op::Movs2i) say("  %s = 0x%x\n", std::string(isa::sprName(in.sa)).c_str(), in.sa < isa::kSprCount ? state().spr[in.sa] : 0);
    if (memory) {
      const uint32_t va = state().gpr[in.rs1] + uint32_t(in.imm);
      const auto physical = translate(va, state().user()).physical;
      if (physical && *physical >= machine::kDeviceBase) {
        say("  from %s", explainTranslation(va, state().user()).c_str());
      } else if (physical) {
        const auto stored = timeline_.lastWrite({*physical, std::max(1u, isa::accessSize(in.op))});
        if (stored) say("  from memory at 0x%x, where the instruction %llu at %s stored last\n", va, wide(stored->time), at(stored->dpc).c_str());
        else say("  from memory at 0x%x, where nothing has stored since the start\n", va);
      }
    }
  }
  timeline_.goTo(here);
}

}  // namespace monitor
