// Machine words of one function: labels, delay slots, staged relocations.
//
// Delay slots. A control instruction takes the instruction before it into its slot if that one is movable: emitted
// since the last label or statement entry, not itself in a slot, and independent of the branch. Otherwise the slot of a
// conditional branch stays open for the next instruction if that is harmless on the other path (no store, no control,
// does not write `keep`); all else gets a nop. A connecting jump belongs to the statement it leads to: its nop gives
// way to the instruction at the target, and the jump goes to the one after it. So every slot is filled from its own
// statement, and no entry and no label is in a slot.
#pragma once

#include <vector>

#include "assembler/isa/isa.h"
#include "assembler/object/elf.h"

namespace codegen {

using isa::Op;
using Register = uint8_t;

struct Label {
  uint32_t index = UINT32_MAX;
  bool valid() const { return index != UINT32_MAX; }
};

class Emitter {
 public:
  // Forgets everything. farBranches: conditional branches reach any label, over a jump.
  void reset(bool farBranches);

  // Offset in the function of the next instruction. A waiting slot is filled first.
  uint32_t here() { return fillSlot(), uint32_t(code_.size() * 4); }
  // The same, and nothing before this point may move behind it: an entry, a return point.
  uint32_t entry() { return movable_ = false, here(); }

  void immediate(Op op, Register rd, Register rs1, int32_t value) { put({op, rd, rs1, 0, 0, value}); }
  void registers(Op op, Register rd, Register rs1, Register rs2) { put({op, rd, rs1, rs2, 0, 0}); }
  void shift(Op op, Register rd, Register rs1, unsigned amount) { put({op, rd, rs1, 0, uint8_t(amount & 31), 0}); }
  void word(uint32_t word);  // of an asm block: stays where it is
  // The last instruction's field is relocated.
  void relocate(object::Relocation type, uint32_t symbol, int32_t addend);
  void relocateWord(uint32_t offset, object::Relocation type, uint32_t symbol, int32_t addend) {
    relocations_.push_back({offset, type, symbol, addend});
  }

  void move(Register to, Register from) {
    if (to != from) registers(Op::Add, to, from, isa::kZero);
  }
  void constant(Register to, uint32_t value);  // one or two instructions
  // to := from + value, any value; scratch is used if it does not fit (may be `to` unless that is `from`).
  void addConstant(Register to, Register from, uint32_t value, Register scratch);

  Label label();
  void bind(Label label);
  // beqz or bnez. `keep` is needed at the label: the instruction after the branch may run early unless it writes it.
  void branch(Op op, Register condition, Label target, Register keep = 0);
  // Returns a handle for connect().
  size_t jump(Label target);
  // This jump belongs to the code at its target.
  void connect(size_t jump) { fixups_[jump].connecting = true; }
  void call(uint32_t symbol);    // jal
  void jumpTo(uint32_t symbol);  // j
  void jumpRegister(Register target, isa::Instruction slot);

  // Resolves the labels. False: some branch does not reach (then repeat with farBranches).
  bool finish();

  const std::vector<uint32_t>& code() const { return code_; }
  const std::vector<object::RelocationEntry>& relocations() const { return relocations_; }

 private:
  struct Fixup {
    uint32_t at;  // word index
    uint32_t label;
    uint32_t late;  // bytes added to the target
    bool connecting = false;
  };

  void put(isa::Instruction in);
  void append(uint32_t word) { code_.push_back(word); }
  // Emits a control instruction and gives its word index; its slot is filled or `open_` is set.
  uint32_t control(isa::Instruction in);
  void fillSlot();
  void fillFromTarget(uint32_t jump, uint32_t target);

  std::vector<uint32_t> code_;
  std::vector<object::RelocationEntry> relocations_;
  size_t relocationCount_ = 0;    // those before finish(), ascending
  std::vector<uint32_t> labels_;  // position, or UINT32_MAX
  std::vector<Fixup> fixups_;
  isa::Instruction last_;
  bool movable_ = false;      // last_ may move into a slot
  bool open_ = false;         // the last instruction's slot is empty
  bool conditional_ = false;  // .. and may be filled by what follows
  Register keep_ = 0;
  bool farBranches_ = false;
  std::vector<uint32_t> fixed_;  // words of asm blocks, ascending: no slot takes them
};

inline bool fits16(int64_t value) { return value >= -0x8000 && value <= 0x7FFF; }

}  // namespace codegen
