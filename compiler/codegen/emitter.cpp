#include "compiler/codegen/emitter.h"

#include <algorithm>

#include "compiler/codegen/mutation.h"

namespace codegen {

using isa::Instruction;
using object::Relocation;

namespace {

constexpr Instruction kNopInstruction{Op::Ori, 1, 1, 0, 0, 0};

bool writes(const Instruction& in, Register reg) { return !isa::isStore(in.op) && in.rd == reg; }
bool usesLink(const Instruction& in) { return in.rd == isa::kLink || in.rs1 == isa::kLink || in.rs2 == isa::kLink; }

}  // namespace

void Emitter::reset(bool farBranches) {
  code_.clear();
  relocations_.clear();
  labels_.clear();
  fixups_.clear();
  fixed_.clear();
  movable_ = open_ = conditional_ = false;
  farBranches_ = farBranches;
}

void Emitter::fillSlot() {
  if (!open_) return;
  open_ = false;
  append(isa::kNop);
}

void Emitter::put(Instruction in) {
  if (open_) {
    bool harmless = conditional_ && !isa::isStore(in.op) && !(keep_ && writes(in, keep_));
    if (!harmless) fillSlot();
  }
  append(isa::encode(in));
  movable_ = !open_;
  open_ = false;
  last_ = in;
}

void Emitter::word(uint32_t word) {
  fillSlot();
  fixed_.push_back(uint32_t(code_.size()));
  append(word);
  movable_ = false;
}

void Emitter::relocate(Relocation type, uint32_t symbol, int32_t addend) {
  relocations_.push_back({uint32_t(code_.size() - 1) * 4, type, symbol, addend});
}

void Emitter::constant(Register to, uint32_t value) {
  if (fits16(int32_t(value))) return immediate(Op::Addi, to, isa::kZero, int32_t(value));
  uint32_t low = value & 0xFFFF;
  uint32_t carry = mutated(Mutation::HighHalfCarry) ? 0 : 0x8000;
  immediate(Op::Lhgi, to, 0, int32_t((value + carry) >> 16));
  if (low) immediate(Op::Addi, to, to, int16_t(low));
}

void Emitter::addConstant(Register to, Register from, uint32_t value, Register scratch) {
  if (fits16(int32_t(value))) {
    if (value != 0 || to != from) immediate(Op::Addi, to, from, int32_t(value));
    return;
  }
  constant(scratch, value);
  registers(Op::Add, to, from, scratch);
}

Label Emitter::label() {
  labels_.push_back(UINT32_MAX);
  return {uint32_t(labels_.size() - 1)};
}

void Emitter::bind(Label label) {
  fillSlot();
  movable_ = false;
  labels_[label.index] = uint32_t(code_.size() * 4);
}

uint32_t Emitter::control(Instruction in) {
  fillSlot();
  bool conditional = in.op == Op::Beqz || in.op == Op::Bnez;
  bool links = in.op == Op::Jal;
  bool swap = movable_ && !(conditional && writes(last_, in.rs1)) && !(links && usesLink(last_));
  movable_ = false;
  uint32_t at = uint32_t(code_.size());
  if (swap) {
    uint32_t slot = code_.back();
    if (mutated(Mutation::SlotDropped)) slot = isa::kNop;
    if (!relocations_.empty() && relocations_.back().offset == (at - 1) * 4) relocations_.back().offset += 4;
    code_.back() = isa::encode(in);
    append(slot);
    return at - 1;
  }
  append(isa::encode(in));
  open_ = true;
  conditional_ = conditional;
  keep_ = 0;
  return at;
}

void Emitter::branch(Op op, Register condition, Label target, Register keep) {
  uint32_t late = mutated(Mutation::BranchTarget) ? 4 : 0;
  if (farBranches_) {
    Label skip = label();
    Op inverse = op == Op::Beqz ? Op::Bnez : Op::Beqz;
    fixups_.push_back({control({inverse, 0, condition, 0, 0, 0}), skip.index, 0});
    fillSlot();
    jump(target);
    fixups_.back().late = late;
    return bind(skip);
  }
  fixups_.push_back({control({op, 0, condition, 0, 0, 0}), target.index, late});
  keep_ = keep;
}

size_t Emitter::jump(Label target) {
  fixups_.push_back({control({Op::J, 0, 0, 0, 0, 0}), target.index, 0});
  fillSlot();
  return fixups_.size() - 1;
}

void Emitter::call(uint32_t symbol) {
  uint32_t at = control({Op::Jal, 0, 0, 0, 0, 0});
  fillSlot();
  // A relocation of the instruction that went into the slot comes after the jump's.
  bool slotRelocated = !relocations_.empty() && relocations_.back().offset == at * 4 + 4;
  relocations_.insert(relocations_.end() - (slotRelocated ? 1 : 0), {at * 4, Relocation::Pc26, symbol, 0});
}

void Emitter::jumpTo(uint32_t symbol) {
  uint32_t at = control({Op::J, 0, 0, 0, 0, 0});
  fillSlot();
  relocations_.push_back({at * 4, Relocation::Pc26, symbol, 0});
}

void Emitter::jumpRegister(Register target, Instruction slot) {
  fillSlot();
  append(isa::encode({Op::Jr, 0, target, 0, 0, 0}));
  append(isa::encode(slot));
  movable_ = false;
}

void Emitter::fillFromTarget(uint32_t jump, uint32_t target) {
  if (code_[jump + 1] != isa::kNop || target >= code_.size()) return;
  if (code_[target] == isa::kNop || isa::isControl(isa::decode(code_[target]).op)) return;
  if (std::binary_search(fixed_.begin(), fixed_.end(), target)) return;
  auto end = relocations_.begin() + ptrdiff_t(relocationCount_);
  auto found = std::lower_bound(relocations_.begin(), end, target * 4,
                                [](const auto& entry, uint32_t offset) { return entry.offset < offset; });
  code_[jump + 1] = code_[target];
  Instruction in = isa::decode(code_[jump]);
  in.imm += 4;
  code_[jump] = isa::encode(in);
  if (found == end || found->offset != target * 4) return;
  object::RelocationEntry copy = *found;
  copy.offset = jump * 4 + 4;
  relocations_.push_back(copy);
}

bool Emitter::finish() {
  fillSlot();
  relocationCount_ = relocations_.size();
  for (const Fixup& fixup : fixups_) {
    int64_t distance = int64_t(labels_[fixup.label]) + fixup.late - (int64_t(fixup.at) * 4 + 4);
    uint32_t& word = code_[fixup.at];
    Instruction in = isa::decode(word);
    if (in.op != Op::J && !fits16(distance)) return false;
    in.imm = int32_t(distance);
    word = isa::encode(in);
    if (fixup.connecting) fillFromTarget(fixup.at, labels_[fixup.label] / 4);
  }
  return true;
}

}  // namespace codegen
