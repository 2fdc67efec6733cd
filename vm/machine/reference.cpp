#include "vm/machine/reference.h"

#include <bit>
#include <limits>
#include <optional>

#include "vm/machine/causes.h"
#include "vm/machine/floating_unit.h"

namespace machine {
namespace {

using isa::Op;

class Step {
 public:
  Step(const State& before, Memory& memory, Bus* bus) : before_(before), after_(before), memory_(memory), bus_(bus) {}

  State run(Event& event);

 private:
  // "Interrupts": an instruction collects its causes; the data of each is kept until the lowest is known.
  void raise(Cause cause, uint32_t edata) { causes_ |= bit(cause), edata_ = edata; }
  State jisr(uint32_t mca) const;

  // "Translation": the physical address, or nothing on a page fault.
  std::optional<uint32_t> translate(uint32_t va, bool write) const;

  std::optional<uint32_t> fetch();
  void execute(uint32_t word);
  void executeMemory(const isa::Instruction& in);
  void executeSpecial(const isa::Instruction& in, uint32_t word);
  void executeFloatingPoint(const isa::Instruction& in, uint32_t word);
  void load(const isa::Instruction& in, uint32_t physical);
  void store(const isa::Instruction& in, uint32_t physical, unsigned size);

  void set(unsigned number, uint32_t value) {
    if (number != 0) after_.gpr[number] = value;
  }
  // A 33-bit sum or difference outside the 32-bit integers overflows.
  void setSum(unsigned number, int64_t sum) {
    set(number, uint32_t(sum));
    if (sum < std::numeric_limits<int32_t>::min() || sum > std::numeric_limits<int32_t>::max()) raise(kOverflow, 0);
  }
  void jump(uint32_t target) { after_.pc = target; }

  const State& before_;
  State after_;
  Memory& memory_;
  Bus* bus_;
  Event event_{};
  uint32_t causes_ = 0;
  uint32_t edata_ = 0;
};

bool isDevice(uint32_t physical) { return physical >= kDeviceBase; }
unsigned deviceOf(uint32_t physical) { return (physical - kDeviceBase) / 4096; }
unsigned portOf(uint32_t physical) { return physical % 4096 / 4; }

enum class Resume { Abort, Repeat, Continue };
Resume resumeOf(unsigned cause) {
  switch (cause) {
// clang-format off
#define CAUSE(number, name, text, resume) case number: return Resume::resume;
#include "vm/machine/causes.def"
// clang-format on
    default: return Resume::Continue;
  }
}

State Step::run(Event& event) {
  event_.dpc = before_.dpc;
  if (bus_) causes_ = bus_->lines(before_.steps) & kDeviceCauses;
  uint32_t mask = before_.spr[isa::SR] | kUnmaskable;

  // Every instruction: DPC := PC, PC := PC + 4 unless it jumps.
  after_.steps++;
  after_.dpc = before_.pc;
  after_.pc = before_.pc + 4;
  if (std::optional<uint32_t> word = fetch()) execute(*word);

  event_.causes = causes_ & mask;
  event = event_;
  return event_.causes ? jisr(event_.causes) : after_;
}

State Step::jisr(uint32_t mca) const {
  unsigned lowest = unsigned(std::countr_zero(mca));
  State interrupted = resumeOf(lowest) == Resume::Continue ? after_ : before_;
  State next = interrupted;
  next.spr[isa::ECA] = mca;
  next.spr[isa::ESR] = interrupted.spr[isa::SR];
  next.spr[isa::EMODE] = interrupted.spr[isa::MODE];
  next.spr[isa::EDPC] = interrupted.dpc;
  next.spr[isa::EPC] = interrupted.pc;
  next.spr[isa::EDATA] = lowest < kDevice ? edata_ : 0;
  next.spr[isa::SR] = 0;
  next.spr[isa::MODE] = 0;
  next.dpc = 0;
  next.pc = 4;
  next.steps = after_.steps;
  return next;
}

std::optional<uint32_t> Step::translate(uint32_t va, bool write) const {
  if (!before_.user()) return va;
  uint32_t page = va >> 12;
  uint32_t ptea = before_.spr[isa::PTO] * 4096 + 4 * page;
  if (page >= before_.spr[isa::PTL] + 1) return std::nullopt;
  if (!memory_.contains(ptea, 4)) return std::nullopt;
  uint32_t entry = memory_.load<uint32_t>(ptea);
  bool valid = entry >> 11 & 1, isProtected = entry >> 10 & 1;
  if (!valid || (write && isProtected)) return std::nullopt;
  return (entry & 0xFFFFF000) | (va & 0xFFF);
}

std::optional<uint32_t> Step::fetch() {
  uint32_t va = before_.dpc;
  if (va % 4 != 0) return raise(kMisaligned, va), std::nullopt;
  std::optional<uint32_t> physical = translate(va, false);
  if (!physical) return raise(kFetchFault, va), std::nullopt;
  if (!memory_.contains(*physical, 4)) return raise(kMisaligned, va), std::nullopt;
  event_.word = memory_.load<uint32_t>(*physical);
  return event_.word;
}

void Step::execute(uint32_t word) {
  isa::Instruction in = isa::decode(word);
  uint32_t a = before_.gpr[in.rs1], b = before_.gpr[in.rs2], imm = uint32_t(in.imm), pc = before_.pc;
  int32_t x = int32_t(a), y = int32_t(b), i = in.imm;
  switch (in.op) {
    case Op::Addio: return setSum(in.rd, int64_t(x) + i);
    case Op::Subio: return setSum(in.rd, int64_t(x) - i);
    case Op::Addo: return setSum(in.rd, int64_t(x) + y);
    case Op::Subo: return setSum(in.rd, int64_t(x) - y);
    case Op::Addi: return set(in.rd, a + imm);
    case Op::Subi: return set(in.rd, a - imm);
    case Op::Add: return set(in.rd, a + b);
    case Op::Sub: return set(in.rd, a - b);

    case Op::Andi: return set(in.rd, a & imm);
    case Op::Ori: return set(in.rd, a | imm);
    case Op::Xori: return set(in.rd, a ^ imm);
    case Op::Lhgi: return set(in.rd, imm << 16);
    case Op::And: return set(in.rd, a & b);
    case Op::Or: return set(in.rd, a | b);
    case Op::Xor: return set(in.rd, a ^ b);
    case Op::Lhg: return set(in.rd, b << 16);

    case Op::Slli: return set(in.rd, a << in.sa);
    case Op::Srli: return set(in.rd, a >> in.sa);
    case Op::Srai: return set(in.rd, uint32_t(x >> in.sa));
    case Op::Sll: return set(in.rd, a << b % 32);
    case Op::Srl: return set(in.rd, a >> b % 32);
    case Op::Sra: return set(in.rd, uint32_t(x >> b % 32));

    case Op::Clri:
    case Op::Clr: return set(in.rd, 0);
    case Op::Sgri: return set(in.rd, x > i);
    case Op::Seqi: return set(in.rd, x == i);
    case Op::Sgei: return set(in.rd, x >= i);
    case Op::Slsi: return set(in.rd, x < i);
    case Op::Snei: return set(in.rd, x != i);
    case Op::Slei: return set(in.rd, x <= i);
    case Op::Seti:
    case Op::Set: return set(in.rd, 1);
    case Op::Sgr: return set(in.rd, x > y);
    case Op::Seq: return set(in.rd, x == y);
    case Op::Sge: return set(in.rd, x >= y);
    case Op::Sls: return set(in.rd, x < y);
    case Op::Sne: return set(in.rd, x != y);
    case Op::Sle: return set(in.rd, x <= y);

    case Op::Beqz: return a == 0 ? jump(pc + imm) : void();
    case Op::Bnez: return a != 0 ? jump(pc + imm) : void();
    case Op::J: return jump(pc + imm);
    case Op::Jal: return set(isa::kLink, pc + 4), jump(pc + imm);
    case Op::Jr: return jump(a);
    case Op::Jalr: return set(isa::kLink, pc + 4), jump(a);

    case Op::Lb:
    case Op::Lh:
    case Op::Lw:
    case Op::Lbu:
    case Op::Lhu:
    case Op::Sb:
    case Op::Sh:
    case Op::Sw:
    case Op::LoadS:
    case Op::LoadD:
    case Op::StoreS:
    case Op::StoreD: return executeMemory(in);
    default: return executeSpecial(in, word);
  }
}

void Step::executeSpecial(const isa::Instruction& in, uint32_t word) {
  bool user = before_.user();
  switch (in.op) {
    case Op::Trap: return raise(kTrap, uint32_t(in.imm));
    case Op::Rfe:
      if (user) return raise(kIllegal, word);
      after_.spr[isa::SR] = before_.spr[isa::ESR];
      after_.spr[isa::MODE] = before_.spr[isa::EMODE];
      after_.dpc = before_.spr[isa::EDPC];
      after_.pc = before_.spr[isa::EPC];
      return;
    case Op::Movs2i:
      if (user && !isa::userSpr(in.sa)) return raise(kIllegal, word);
      return set(in.rd, in.sa < isa::kSprCount ? before_.spr[in.sa] : 0);
    case Op::Movi2s:
      if (user && !isa::userSpr(in.sa)) return raise(kIllegal, word);
      if (isa::sprExists(in.sa)) after_.spr[in.sa] = before_.gpr[in.rs1];
      return;
    case Op::Illegal: return raise(kIllegal, word);
    default: return executeFloatingPoint(in, word);
  }
}

void Step::executeFloatingPoint(const isa::Instruction& in, uint32_t word) {
  if (in.op == Op::Fbeqz || in.op == Op::Fbnez) {
    if (branches(in.op, before_)) jump(before_.pc + uint32_t(in.imm));
    return;
  }
  const uint32_t raised = executeFloating(in, after_, after_.gpr.data());
  causes_ |= raised;
  edata_ = raised & bit(kFpUnimplemented) ? word : 0;
}

void Step::executeMemory(const isa::Instruction& in) {
  uint32_t va = before_.gpr[in.rs1] + uint32_t(in.imm);
  unsigned size = isa::accessSize(in.op);
  bool write = isa::isStore(in.op);
  if (va % size != 0) return raise(kMisaligned, va);
  std::optional<uint32_t> physical = translate(va, write);
  if (!physical) return raise(kDataFault, va);
  bool device = isDevice(*physical) && bus_;
  if (device ? size != 4 : !memory_.contains(*physical, size)) return raise(kMisaligned, va);
  write ? store(in, *physical, size) : load(in, *physical);
}

void Step::load(const isa::Instruction& in, uint32_t physical) {
  if (isDevice(physical)) {
    const uint32_t word = bus_->read(deviceOf(physical), portOf(physical), before_.steps);
    return in.op == Op::LoadS ? void(after_.fpr[in.rd] = word) : set(in.rd, word);
  }
  switch (in.op) {
    case Op::LoadS: after_.fpr[in.rd] = memory_.load<uint32_t>(physical); return;
    case Op::LoadD:
      after_.fpr[evenOf(in.rd)] = memory_.load<uint32_t>(physical);
      after_.fpr[evenOf(in.rd) + 1] = memory_.load<uint32_t>(physical + 4);
      return;
    case Op::Lb: return set(in.rd, uint32_t(memory_.load<int8_t>(physical)));
    case Op::Lbu: return set(in.rd, memory_.load<uint8_t>(physical));
    case Op::Lh: return set(in.rd, uint32_t(memory_.load<int16_t>(physical)));
    case Op::Lhu: return set(in.rd, memory_.load<uint16_t>(physical));
    default: return set(in.rd, memory_.load<uint32_t>(physical));
  }
}

void Step::store(const isa::Instruction& in, uint32_t physical, unsigned size) {
  uint32_t value = before_.gpr[in.rd];
  if (in.op == Op::StoreS) value = before_.fpr[in.rd];
  if (in.op == Op::StoreD) value = before_.fpr[evenOf(in.rd)];
  if (isDevice(physical)) {
    bus_->write(deviceOf(physical), portOf(physical), value, before_.steps);
  } else {
    switch (size) {
      case 1: memory_.store(physical, uint8_t(value)); break;
      case 2: memory_.store(physical, uint16_t(value)); break;
      case 8: memory_.store(physical + 4, before_.fpr[evenOf(in.rd) + 1]); [[fallthrough]];
      default: memory_.store(physical, value); break;
    }
  }
  event_.stored = true, event_.address = physical, event_.size = size;
  event_.value = size >= 4 ? value : value & ((1u << 8 * size) - 1);
}

}  // namespace

Event referenceStep(State& state, Memory& memory, Bus* bus) {
  Event event{};
  state.gpr[0] = 0;
  state = Step(state, memory, bus).run(event);
  return event;
}

}  // namespace machine
