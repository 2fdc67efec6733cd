#include "vm/relate/refine/replay.h"

#include "assembler/base/bytes.h"
#include "vm/machine/causes.h"

namespace refine {
namespace {

using models::Name;

bool isAccess(uint32_t word) {
  // Opcodes of loads and stores, the floating-point ones included (vamp.md, "Formats and encodings").
  uint32_t opcode = word >> 26;
  return opcode >= 0x20 && opcode != 0x3E && opcode != 0x3F;
}

}  // namespace

Replay::Replay(const KernelImage& image, Chain& chain)
    : image_(image), chain_(chain), entries_((image.textEnd - image.textBegin) / 4), counts_(image.functions.size()) {
  for (size_t i = 0; i < image.functions.size(); ++i)
    entries_[(image.functions[i].address - image.textBegin) / 4] = uint32_t(i + 1);
}

const KernelFunction* Replay::entryAt(uint32_t address) const {
  uint32_t at = address - image_.textBegin;
  if (at >= image_.textEnd - image_.textBegin || at % 4 || !entries_[at / 4]) return nullptr;
  return &image_.functions[entries_[at / 4] - 1];
}

void Replay::begin(const machine::Machine& machine) {
  before_ = machine.state;
  auto memory = machine.memory();
  for (uint32_t at = 0; at < chain_.layout.npages * models::kPageSize; at += 4)
    if (uint32_t word = base::load<uint32_t>(&memory[at])) chain_.hw.d.set(at, word);
  chain_.hw.mode = before_.user(), chain_.hw.pto = before_.spr[isa::PTO], chain_.hw.ptl = before_.spr[isa::PTL];
  booted_ = before_.user();
}

std::map<std::string, uint64_t> Replay::callCounts() const {
  std::map<std::string, uint64_t> counts;
  for (size_t i = 0; i < counts_.size(); ++i) counts[image_.functions[i].name] += counts_[i];
  return counts;
}

void Replay::call(const machine::State& state, Name from) {
  before_ = state;
  event_ = {state.steps, state.dpc, 0};
  stopAtReturn_ = true, returned_.reset();
  booted_ = state.user(), failure_.reset(), calls_.clear(), stored_.clear();
  const KernelFunction* function = entryAt(state.dpc);
  if (function) failure_ = enter(state, *function, from);
}

bool Replay::onStep(const machine::State& after, const machine::Event& event) {
  event_ = {before_.steps, event.dpc, event.word};
  Fails failure;
  if (event.stored && stopAtReturn_) stored_.push_back(event.address);
  if (isAccess(event.word)) failure = access(after, event);
  if (!failure) failure = follow(after, event);
  before_ = after;
  if (failure) failure_ = std::move(failure);
  return !failure_ && !returned_;
}

// The instruction's own load or store.
Fails Replay::access(const machine::State& after, const machine::Event& event) {
  isa::Instruction in = isa::decode(event.word);
  unsigned size = isa::accessSize(in.op);
  if (size == 0) return std::nullopt;
  uint32_t va = before_.gpr[in.rs1] + uint32_t(in.imm);
  bool faulted = event.causes & (1u << machine::kMisaligned | 1u << machine::kDataFault);
  bool store = isa::isStore(in.op), system = booted_ && !before_.user();
  if (!before_.user() && va >= machine::kDeviceBase) return chain_.counters.devices++, std::nullopt;
  if (size == 8) return Failure{Failure::Undefined, layer(), "word", "double-word access has no model"};
  if (system && !faulted) {
    if (store) return chain_.systemStore(va, size, event.value);
    chain_.counters.loads++, chain_.counters.accesses[unsigned(Name::HW)]++;
    return std::nullopt;
  }
  if (store) return chain_.store(layer(), va, size, faulted ? before_.gpr[in.rd] : event.value);
  std::optional<uint32_t> value;
  bool isGeneral = in.op != isa::Op::LoadS;
  if (!faulted && isGeneral && in.rd) value = after.gpr[in.rd] & (size == 4 ? ~0u : (1u << (8 * size)) - 1);
  return chain_.load(layer(), va, size, value);
}

// What the instruction did to control and to the registers of translation.
Fails Replay::follow(const machine::State& after, const machine::Event& event) {
  auto& hw = chain_.hw;
  bool wasOn = hw.mode;
  hw.mode = after.user(), hw.pto = after.spr[isa::PTO], hw.ptl = after.spr[isa::PTL];
  if (hw.mode) booted_ = true;
  constexpr uint32_t kTrap = 1u << machine::kTrap;
  if (event.causes && !(event.causes & kTrap))
    return Failure{Failure::Interrupted, layer(), "interrupt",
                   "the machine was interrupted, which no model knows: " +
                       std::string(machine::causeText(unsigned(__builtin_ctz(event.causes))))};
  if (booted_ && !hw.mode) return std::nullopt;  // a trap is being served
  if (booted_ && !wasOn && chain_.pe)
    if (auto failure = chain_.leaveSystem()) return failure;
  if (!calls_.empty() && after.dpc == calls_.back().returnAddress && after.gpr[isa::kFrame] == calls_.back().frame)
    return leave(after);
  if (const KernelFunction* function = entryAt(after.dpc); function && after.pc == after.dpc + 4)
    return enter(after, *function, layer());
  return std::nullopt;
}

Fails Replay::enter(const machine::State& after, const KernelFunction& function, Name from) {
  counts_[size_t(&function - image_.functions.data())]++;
  ActiveCall call{&function, {}, after.gpr[isa::kLink], after.gpr[isa::kFrame], from, false, {}};
  for (unsigned i = 0; i < isa::kArgumentCount; ++i) call.arguments.push_back(after.gpr[isa::kArgument + i]);
  call.upcall = from == Name::HW && function.layer != Name::HW;
  if (function.name == "mem_init") chain_.setPool(call.arguments[0], call.arguments[1]);
  calls_.push_back(std::move(call));
  return chain_.enter(function.name, from, function.layer, calls_.back().arguments, calls_.back().pending);
}

Fails Replay::leave(const machine::State& after) {
  ActiveCall call = std::move(calls_.back());
  calls_.pop_back();
  auto failure = chain_.leave(call.function->name, call.function->layer, after.gpr[isa::kResult], call.pending);
  if (failure) {
    calls_.push_back(std::move(call));
    return failure;
  }
  if (fullEvery && ++sinceFull_ % fullEvery == 0)
    if (auto f = chain_.checkFull()) return f;
  if (call.upcall) chain_.drop();
  if (stopAtReturn_ && calls_.empty()) returned_ = after.gpr[isa::kResult];
  return std::nullopt;
}

}  // namespace refine
