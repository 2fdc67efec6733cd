#include "compiler/codegen/asm_restrictions.h"

#include <set>

#include "compiler/codegen/mutation.h"

namespace codegen {
namespace {

using assembler::BlockInstruction;
using isa::Op;

// A general register, in the field rd.
bool writesRegister(Op op) {
  return !isa::isStore(op) && !isa::isControl(op) && op != Op::Movi2s && op != Op::Rfe && op != Op::LoadS;
}

class Restrictions {
 public:
  Restrictions(const std::vector<BlockInstruction>& block, const AsmScope& scope, base::Diagnostics& diagnostics)
      : block_(block), scope_(scope), types_(scope.program.types), diagnostics_(diagnostics) {
    for (const BlockInstruction& one : block)
      if (writesRegister(one.instruction.op)) written_ |= 1u << one.instruction.rd;
  }

  void check() {
    const unsigned before = diagnostics_.errorCount();
    for (size_t i = 0; i < block_.size(); i++) {
      instruction(i);
      if (isa::isLoad(block_[i].instruction.op) || isa::isStore(block_[i].instruction.op)) access(block_[i]);
    }
    if (diagnostics_.errorCount() == before && !canEnd())
      error(block_.front(), "the block cannot end: no way leads behind its last instruction (iv)");
  }

 private:
  void error(const BlockInstruction& at, std::string text) {
    diagnostics_.error("asm-restriction", at.where, std::move(text));
  }
  // Index of the instruction that a branch or jump leads to.
  int64_t target(size_t i) const { return int64_t(i) + 1 + block_[i].instruction.imm / 4; }

  // (i), (iii), (v), and registers that belong to the ABI.
  void instruction(size_t i) {
    const isa::Instruction& in = block_[i].instruction;
    const bool last = i + 1 == block_.size(), leaves = block_.back().instruction.op == Op::Rfe;
    const std::string mnemonic(isa::row(in.op).mnemonic);
    if (!isa::allowedInAsm(in.op)) error(block_[i], "'" + mnemonic + "' is not allowed in an asm block (i)");
    else if (in.op == Op::Rfe && !last) error(block_[i], "'rfe' is only allowed as the last instruction (i)");
    else if (isa::isControl(in.op) && last)
      error(block_[i], "the last instruction of an asm block is no jump or branch (iii)");
    else if (isa::isControl(in.op)) jump(i);
    else if (writesRegister(in.op) && in.rd >= isa::kGlobals && !leaves)
      error(block_[i], "r28..r31 belong to the compiler, unless the block ends in rfe");
  }

  void jump(size_t i) {
    if (block_[i].relocation != object::Relocation::None || target(i) < 0)
      error(block_[i], "a jump stays inside its block (v)");
    else if (block_[i].instruction.imm % 4)
      error(block_[i], "the jump leads to an address that is no multiple of 4 (vi)");
    else if (target(i) >= int64_t(block_.size()))
      error(block_[i], "a branch to the end of the block needs an instruction there, at least a nop (v)");
  }

  // (iv): over all pairs of DPC and PC that control may come to, both ways at every branch.
  bool canEnd() const {
    const size_t end = block_.size();
    std::set<std::pair<size_t, size_t>> seen;
    std::vector<std::pair<size_t, size_t>> open{{0, 1}};
    while (!open.empty()) {
      const auto [dpc, pc] = open.back();
      open.pop_back();
      if (dpc >= end || block_[dpc].instruction.op == Op::Rfe) return true;
      if (!seen.insert({dpc, pc}).second) continue;
      const isa::Instruction& in = block_[dpc].instruction;
      const bool always = in.op == Op::J || (in.op == Op::Beqz && in.rs1 == isa::kZero);
      const bool never = !isa::isControl(in.op) || (in.op == Op::Bnez && in.rs1 == isa::kZero);
      if (!always) open.push_back({pc, pc + 1});
      if (!never) open.push_back({pc, size_t(target(dpc))});
    }
    return false;
  }

  // (ii), (vi) where the address is a variable's: off r29, or off r28 by the linker's doing.
  void access(const BlockInstruction& one) {
    const isa::Instruction& in = one.instruction;
    const unsigned size = isa::accessSize(in.op);
    const bool constant = one.relocation == object::Relocation::None && !(written_ & 1u << in.rs1);
    const bool frame = constant && in.rs1 == isa::kFrame;
    const bool global = one.relocation == object::Relocation::Gprel16 && !(written_ & 1u << isa::kGlobals);
    const int32_t offset = global ? one.addend : in.imm;
    if ((frame || global || (constant && in.rs1 == isa::kZero)) && uint32_t(offset) % size)
      return error(one, "the address is no multiple of " + std::to_string(size) + " (vi)");
    if (!isa::isStore(in.op)) return;
    if (frame) storeToFrame(one, offset);
    if (global)
      if (auto index = scope_.program.findGlobal(one.symbol)) {
        const core::Global& variable = scope_.program.globals[*index];
        store(one, variable.name, variable.type, uint32_t(offset));
      }
  }

  void storeToFrame(const BlockInstruction& one, int32_t offset) {
    for (size_t i = 0; i < scope_.function.variables.size(); i++) {
      const core::Variable& variable = scope_.function.variables[i];
      const uint32_t inside = uint32_t(offset) - scope_.frame.variables[i];
      if (inside < types_[variable.type].asize) return store(one, variable.name, variable.type, inside);
    }
    if (offset >= 0 && uint32_t(offset) < scope_.frame.size)
      error(one, "the store goes into the frame, but to no variable (ii)");
  }

  void store(const BlockInstruction& one, const std::string& variable, core::TypeId type, uint32_t offset) {
    const auto leaf = core::leafAt(types_, type, offset);
    if (!leaf) return error(one, "the store goes to '" + variable + "', but to no part of it (ii)");
    const std::string name = types_.print(leaf->type);
    if (!types_[leaf->type].arithmetic())
      return error(one, "the store goes to a part of type '" + name + "' of '" + variable +
                            "'; only int and unsigned may be stored to (ii)");
    if (isa::accessSize(one.instruction.op) != 4)
      error(one, "the store goes to '" + variable + "'; variables are stored to by whole words only (ii)");
  }

  const std::vector<BlockInstruction>& block_;
  const AsmScope& scope_;
  const core::TypeTable& types_;
  base::Diagnostics& diagnostics_;
  uint32_t written_ = 0;  // registers, a bit each
};

}  // namespace

void checkRestrictions(const std::vector<BlockInstruction>& block, const AsmScope& scope,
                       base::Diagnostics& diagnostics) {
  if (!mutated(Mutation::AsmUnrestricted)) Restrictions(block, scope, diagnostics).check();
}

}  // namespace codegen
