// What each instruction computes; the results were worked out by hand from shared/spec/vamp.md.
#include "test/unit/machine/engine_test.h"

namespace machine {
namespace {

using isa::Op;

class Instructions : public EngineTest {
 protected:
  // Runs one instruction at 0x1000, then an idle loop.
  void execute(uint32_t word) {
    put(0x1000, {word, encode(Op::J, 0, 0, -4), isa::kNop});
    start(0x1000);
    run(1);
    EXPECT_EQ(machine.state.spr[isa::ECA], 1u) << isa::print(word);
  }
};

TEST_P(Instructions, RegisterOperations) {
  struct {
    Op op;
    uint32_t a, b, result;
  } cases[] = {{Op::Add, 0xFFFFFFFF, 2, 1},
               {Op::Sub, 1, 2, 0xFFFFFFFF},
               {Op::Addo, 3, 4, 7},
               {Op::Subo, 3, 4, 0xFFFFFFFF},
               {Op::And, 0xF0F0F0F0, 0xFF00FF00, 0xF000F000},
               {Op::Or, 0xF0F0F0F0, 0xFF00FF00, 0xFFF0FFF0},
               {Op::Xor, 0xF0F0F0F0, 0xFF00FF00, 0x0FF00FF0},
               {Op::Lhg, 77, 0x00051234, 0x12340000},
               {Op::Sll, 3, 33, 6},
               {Op::Srl, 0x80000000, 63, 1},
               {Op::Sra, 0x80000000, 63, 0xFFFFFFFF},
               {Op::Sra, 0x80000000, 32, 0x80000000},
               {Op::Clr, 5, 6, 0},
               {Op::Set, 0, 0, 1},
               {Op::Sgr, 1, 0xFFFFFFFF, 1},
               {Op::Sgr, 2, 2, 0},
               {Op::Seq, 2, 2, 1},
               {Op::Seq, 2, 3, 0},
               {Op::Sge, 2, 2, 1},
               {Op::Sge, 0x80000000, 0x7FFFFFFF, 0},
               {Op::Sls, 0x80000000, 0x7FFFFFFF, 1},
               {Op::Sls, 2, 2, 0},
               {Op::Sne, 2, 2, 0},
               {Op::Sne, 2, 1, 1},
               {Op::Sle, 0xFFFFFFFF, 0, 1},
               {Op::Sle, 2, 2, 1},
               {Op::Sle, 3, 2, 0}};
  for (auto [op, a, b, result] : cases) {
    machine.state.gpr[5] = a, machine.state.gpr[6] = b;
    execute(encode(op, 7, 5, 0, 6));
    EXPECT_EQ(machine.state.gpr[7], result) << isa::row(op).mnemonic << std::hex << " " << a << " " << b;
    // Source and destination may be one.
    machine.state.gpr[5] = a, machine.state.gpr[6] = b;
    execute(encode(op, 6, 5, 0, 6));
    EXPECT_EQ(machine.state.gpr[6], result) << isa::row(op).mnemonic;
  }
}

TEST_P(Instructions, ImmediateOperations) {
  struct {
    Op op;
    uint32_t a;
    int32_t imm;
    uint32_t result;
  } cases[] = {{Op::Addi, 5, -6, 0xFFFFFFFF},
               {Op::Addio, 5, -6, 0xFFFFFFFF},
               {Op::Subi, 5, -32768, 0x8005},
               {Op::Subio, 5, 6, 0xFFFFFFFF},
               {Op::Andi, 0xABCD1234, -16, 0xABCD1230},
               {Op::Andi, 0xABCD1234, 0xFF, 0x34},
               {Op::Ori, 0x10000, -32768, 0xFFFF8000},
               {Op::Xori, 0x0000FFFF, -1, 0xFFFF0000},
               {Op::Lhgi, 99, 0x1234, 0x12340000},
               {Op::Lhgi, 99, -1, 0xFFFF0000},
               {Op::Clri, 7, 7, 0},
               {Op::Seti, 0, 0, 1},
               {Op::Sgri, 1, -1, 1},
               {Op::Sgri, 0x80000000, -1, 0},
               {Op::Seqi, 0xFFFFFFFF, -1, 1},
               {Op::Sgei, 0, 0, 1},
               {Op::Slsi, 0xFFFFFFFE, -1, 1},
               {Op::Slsi, 0, -1, 0},
               {Op::Snei, 0xFFFF, -1, 1},
               {Op::Slei, 3, 3, 1},
               {Op::Slei, 4, 3, 0}};
  for (auto [op, a, imm, result] : cases) {
    machine.state.gpr[5] = a;
    execute(encode(op, 7, 5, imm));
    EXPECT_EQ(machine.state.gpr[7], result) << isa::row(op).mnemonic << std::hex << " " << a << " " << imm;
  }
}

TEST_P(Instructions, Shifts) {
  machine.state.gpr[5] = 0x80000001;
  execute(encode(Op::Slli, 7, 5, 0, 0, 31));
  EXPECT_EQ(machine.state.gpr[7], 0x80000000u);
  execute(encode(Op::Srli, 7, 5, 0, 0, 4));
  EXPECT_EQ(machine.state.gpr[7], 0x08000000u);
  execute(encode(Op::Srai, 7, 5, 0, 0, 4));
  EXPECT_EQ(machine.state.gpr[7], 0xF8000000u);
  execute(encode(Op::Slli, 7, 5, 0, 0, 0));
  EXPECT_EQ(machine.state.gpr[7], 0x80000001u);
}

TEST_P(Instructions, RegisterZeroStaysZero) {
  machine.state.gpr[5] = 7;
  put(0x2000, {0x55555555});
  machine.state.gpr[6] = 0x2000;
  for (uint32_t word :
       {encode(Op::Addi, 0, 5, 1), encode(Op::Addo, 0, 5, 0, 5), encode(Op::Lw, 0, 6, 0), encode(Op::Lhgi, 0, 0, 5),
        encode(Op::Set, 0, 0, 0), encode(Op::Movs2i, 0, 0, 0, 0, isa::ECA)}) {
    execute(word);
    EXPECT_EQ(machine.state.gpr[0], 0u);
  }
  put(0x1000, {encode(Op::Addi, 0, 5, 1), encode(Op::Add, 7, 0, 0, 5), encode(Op::J, 0, 0, -4), isa::kNop});
  start(0x1000);
  run(2);
  EXPECT_EQ(machine.state.gpr[7], 7u);
}

TEST_P(Instructions, LoadsAndStores) {
  put(0x2000, {0x8081FEFF, 0x01020304});
  machine.state.gpr[6] = 0x2004;
  struct {
    Op op;
    int32_t at;
    uint32_t result;
  } loads[] = {{Op::Lb, -4, 0xFFFFFFFF}, {Op::Lb, -1, 0xFFFFFF80}, {Op::Lbu, -4, 0xFF},
               {Op::Lbu, -3, 0xFE},      {Op::Lh, -4, 0xFFFFFEFF}, {Op::Lh, 0, 0x0304},
               {Op::Lhu, -2, 0x8081},    {Op::Lw, -4, 0x8081FEFF}, {Op::Lw, 0, 0x01020304}};
  for (auto [op, at, result] : loads) {
    execute(encode(op, 7, 6, at));
    EXPECT_EQ(machine.state.gpr[7], result) << isa::row(op).mnemonic << at;
  }
  machine.state.gpr[5] = 0xAABBCCDD;
  execute(encode(Op::Sb, 5, 6, 1));
  EXPECT_EQ(word(0x2004), 0x0102DD04u);
  execute(encode(Op::Sh, 5, 6, 2));
  EXPECT_EQ(word(0x2004), 0xCCDDDD04u);
  execute(encode(Op::Sw, 5, 6, 0));
  EXPECT_EQ(word(0x2004), 0xAABBCCDDu);
  // The effective address is modulo 2^32.
  machine.state.gpr[8] = 0xFFFFFFFC;
  execute(encode(Op::Lw, 7, 8, 0x2004));
  EXPECT_EQ(machine.state.gpr[7], 0x8081FEFFu);
}

TEST_P(Instructions, DelayedBranches) {
  // Targets count from the delay slot's address; the slot is executed whether taken or not.
  struct {
    Op op;
    uint32_t value;
    bool taken;
  } cases[] = {{Op::Beqz, 0, true}, {Op::Beqz, 5, false}, {Op::Bnez, 0, false}, {Op::Bnez, 0x80000000, true}};
  for (auto [op, value, taken] : cases) {
    machine.state = resetState();
    machine.state.gpr[5] = value;
    put(0x1000, {encode(op, 0, 5, 12), encode(Op::Addi, 6, 6, 1), encode(Op::Addi, 7, 0, 1), encode(Op::J, 0, 0, -4),
                 isa::kNop});
    // 0x1004 + 12 = 0x1010: the nop before which the idle loop's jump lies
    put(0x1010, {encode(Op::Addi, 8, 0, 1), encode(Op::J, 0, 0, -4), isa::kNop});
    put(0x100C, {encode(Op::J, 0, 0, 4)});
    start(0x1000);
    run(6);
    EXPECT_EQ(machine.state.gpr[6], 1u);
    EXPECT_EQ(machine.state.gpr[7], taken ? 0u : 1u);
    EXPECT_EQ(machine.state.gpr[8], 1u);
  }
}

TEST_P(Instructions, JumpsAndLinks) {
  put(0x1000, {encode(Op::Jal, 0, 0, 0x1000), encode(Op::Addi, 6, 31, 0)});
  put(0x2004, {encode(Op::Add, 7, 31, 0, 0), encode(Op::Jr, 0, 31, 0), encode(Op::Addi, 8, 0, 3)});
  put(0x1008, {encode(Op::J, 0, 0, -4), isa::kNop});
  start(0x1000);
  run(5);
  EXPECT_EQ(machine.state.gpr[6], 0x1008u);  // the link is there in the delay slot
  EXPECT_EQ(machine.state.gpr[7], 0x1008u);
  EXPECT_EQ(machine.state.gpr[8], 3u);
  EXPECT_EQ(machine.state.dpc & ~4u, 0x1008u);

  // jalr reads its register before it writes the link.
  put(0x1000, {encode(Op::Jalr, 0, 31, 0), isa::kNop});
  put(0x3000, {encode(Op::J, 0, 0, -4), isa::kNop});
  machine.state.gpr[31] = 0x3000;
  start(0x1000);
  run(2);
  EXPECT_EQ(machine.state.gpr[31], 0x1008u);
  EXPECT_EQ(machine.state.dpc & ~4u, 0x3000u);
}

TEST_P(Instructions, JumpInADelaySlot) {
  // One instruction at the first target, then the second jump takes effect, counted from the first target.
  put(0x1000, {encode(Op::J, 0, 0, 0xFFC), encode(Op::Jal, 0, 0, 0x800)});  // to 0x2000; in its slot: to 0x2000 + 0x800
  put(0x2000, {encode(Op::Addi, 6, 6, 1), encode(Op::Addi, 6, 6, 16)});
  put(0x2800, {encode(Op::Addi, 7, 7, 1), encode(Op::J, 0, 0, -4), isa::kNop});
  start(0x1000);
  run(4);
  EXPECT_EQ(machine.state.gpr[6], 1u);
  EXPECT_EQ(machine.state.gpr[7], 1u);
  EXPECT_EQ(machine.state.gpr[31], 0x2004u);

  // A branch that is not taken in the slot of one that is.
  machine.state = resetState();
  put(0x1000, {encode(Op::J, 0, 0, 0xFFC), encode(Op::Bnez, 0, 0, 0x800)});
  put(0x2000, {encode(Op::Addi, 6, 6, 1), encode(Op::Addi, 6, 6, 16), encode(Op::J, 0, 0, -4), isa::kNop});
  start(0x1000);
  run(4);
  EXPECT_EQ(machine.state.gpr[6], 17u);
}

TEST_P(Instructions, SequencesAcrossPages) {
  // Straight on, and a jump whose slot lies in the next page.
  put(0x1FFC,
      {encode(Op::Addi, 6, 6, 1), encode(Op::Addi, 6, 6, 2), encode(Op::J, 0, 0, 0xFF4)});  // at 0x2004, to 0x2FFC
  put(0x2FFC, {encode(Op::J, 0, 0, 0x100), encode(Op::Addi, 6, 6, 4)});                     // to 0x3100
  put(0x3100, {encode(Op::Addi, 6, 6, 8), encode(Op::J, 0, 0, -4), isa::kNop});
  put(0x2008, {isa::kNop});
  start(0x1FFC);
  run(7);
  EXPECT_EQ(machine.state.gpr[6], 15u);
}

ALL_ENGINES(Instructions);

}  // namespace
}  // namespace machine
