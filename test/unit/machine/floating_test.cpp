// The floating-point instructions on the machine's registers; what they compute is compared with other sources in
// test/differential/floating.
#include "test/unit/machine/engine_test.h"

namespace machine {
namespace {

using isa::Op;

class Floating : public EngineTest {
 protected:
  // Runs one instruction at 0x1000, then an idle loop.
  void execute(uint32_t word) {
    put(0x1000, {word, encode(Op::J, 0, 0, -4), isa::kNop});
    start(0x1000);
    run(1);
    EXPECT_EQ(machine.state.spr[isa::ECA], 1u) << isa::print(word);
  }
  void setDouble(unsigned number, uint64_t word) {
    machine.state.fpr[number] = uint32_t(word), machine.state.fpr[number + 1] = uint32_t(word >> 32);
  }
  uint64_t getDouble(unsigned number) {
    return uint64_t(machine.state.fpr[number + 1]) << 32 | machine.state.fpr[number];
  }
};

constexpr uint32_t kOne = 0x3F800000, kTwo = 0x40000000, kThree = 0x40400000, kNaN = 0x7FC00000;
constexpr uint64_t kOneD = 0x3FF0000000000000, kTwoD = 0x4000000000000000, kThreeD = 0x4008000000000000;

TEST_P(Floating, Arithmetic) {
  struct {
    Op single, twice;
    uint32_t result;
    uint64_t resultD;
  } cases[] = {{Op::FaddS, Op::FaddD, kThree, kThreeD},
               {Op::FsubS, Op::FsubD, 0xBF800000, 0xBFF0000000000000},
               {Op::FmulS, Op::FmulD, kTwo, kTwoD},
               {Op::FdivS, Op::FdivD, 0x3F000000, 0x3FE0000000000000}};
  for (const auto& c : cases) {
    machine.state.fpr[3] = kOne, machine.state.fpr[5] = kTwo;
    execute(encode(c.single, 3, 3, 0, 5));  // source and destination may be one
    EXPECT_EQ(machine.state.fpr[3], c.result);
    // A double's number may be odd: it names the same pair.
    setDouble(2, kOneD), setDouble(4, kTwoD);
    execute(encode(c.twice, 7, 3, 0, 4));
    EXPECT_EQ(getDouble(6), c.resultD);
  }
  EXPECT_EQ(machine.state.spr[isa::IEEEF], 0u);
}

TEST_P(Floating, EveryRounding) {
  struct {
    uint32_t rm, third, minusThird;
  } cases[] = {{0, 0x3EAAAAAA, 0xBEAAAAAA},
               {1, 0x3EAAAAAB, 0xBEAAAAAB},
               {2, 0x3EAAAAAB, 0xBEAAAAAA},
               {3, 0x3EAAAAAA, 0xBEAAAAAB},
               {0xFFFFFFFE, 0x3EAAAAAB, 0xBEAAAAAA}};
  for (const auto& c : cases) {
    machine.state.spr[isa::RM] = c.rm;
    machine.state.spr[isa::IEEEF] = 0x100;
    machine.state.fpr[1] = kOne, machine.state.fpr[2] = kThree;
    execute(encode(Op::FdivS, 3, 1, 0, 2));
    EXPECT_EQ(machine.state.fpr[3], c.third);
    machine.state.fpr[1] = 0xBF800000;
    execute(encode(Op::FdivS, 3, 1, 0, 2));
    EXPECT_EQ(machine.state.fpr[3], c.minusThird);
    EXPECT_EQ(machine.state.spr[isa::IEEEF], 0x104u);
  }
}

TEST_P(Floating, SignsAndMoves) {
  struct {
    Op op;
    uint32_t from, to;
  } cases[] = {{Op::FnegS, kOne, 0xBF800000},
               {Op::FnegS, 0xFFA00001, 0x7FA00001},
               {Op::FabsS, 0xBF800000, kOne},
               {Op::FabsS, 0xFFA00001, 0x7FA00001},
               {Op::FmovS, 0x7FA00001, 0x7FA00001}};
  for (const auto& c : cases) {
    machine.state.fpr[9] = c.from;
    execute(encode(c.op, 31, 9, 0));
    EXPECT_EQ(machine.state.fpr[31], c.to);
    setDouble(8, uint64_t(c.from) << 32 | 5);
    execute(encode(Op(unsigned(c.op) + 1), 30, 8, 0));
    EXPECT_EQ(getDouble(30), uint64_t(c.to) << 32 | 5);
  }
  EXPECT_EQ(machine.state.spr[isa::IEEEF], 0u);  // no signal, not even for a signaling NaN
  machine.state.gpr[7] = 0x12345678;
  execute(encode(Op::Mi2f, 6, 0, 0, 7));
  EXPECT_EQ(machine.state.fpr[6], 0x12345678u);
  execute(encode(Op::Mf2i, 0, 6, 0, 8));
  EXPECT_EQ(machine.state.gpr[8], 0x12345678u);
  execute(encode(Op::Mf2i, 0, 6, 0, 0));
  EXPECT_EQ(machine.state.gpr[0], 0u);
}

TEST_P(Floating, Conversions) {
  setDouble(2, kThreeD);
  execute(encode(Op::CvtSD, 5, 2, 0));
  EXPECT_EQ(machine.state.fpr[5], kThree);
  execute(encode(Op::CvtDS, 6, 5, 0));
  EXPECT_EQ(getDouble(6), kThreeD);
  execute(encode(Op::CvtID, 9, 6, 0));
  EXPECT_EQ(machine.state.fpr[9], 3u);
  execute(encode(Op::CvtSI, 5, 9, 0));
  EXPECT_EQ(machine.state.fpr[5], kThree);
  execute(encode(Op::CvtDI, 10, 9, 0));
  EXPECT_EQ(getDouble(10), kThreeD);
  execute(encode(Op::CvtIS, 9, 5, 0));
  EXPECT_EQ(machine.state.fpr[9], 3u);
  EXPECT_EQ(machine.state.spr[isa::IEEEF], 0u);
  machine.state.fpr[5] = kNaN;
  execute(encode(Op::CvtIS, 9, 5, 0));
  EXPECT_EQ(machine.state.fpr[9], 0x80000000u);
  EXPECT_EQ(machine.state.spr[isa::IEEEF], 0x10u);
}

TEST_P(Floating, ComparisonsAndBranches) {
  struct {
    uint32_t a, b;
    unsigned relation;  // 4 less, 2 equal, 1 unordered, 0 greater
  } cases[] = {{kOne, kTwo, 4}, {0x80000000, 0, 2}, {kTwo, 0xC0000000, 0}, {kNaN, kNaN, 1}};
  for (const auto& c : cases)
    for (unsigned condition = 0; condition < 16; condition++) {
      const Op single = Op(unsigned(Op::FcFS) + 2 * condition);
      machine.state.fpr[2] = c.a, machine.state.fpr[3] = c.b;
      machine.state.spr[isa::FCC] = 0xFFFFFFFE;
      machine.state.spr[isa::IEEEF] = 0;
      execute(encode(single, 0, 2, 0, 3));
      const bool holds = condition & c.relation;
      EXPECT_EQ(machine.state.spr[isa::FCC], uint32_t(holds)) << isa::row(single).mnemonic;
      EXPECT_EQ(machine.state.spr[isa::IEEEF], c.relation == 1 && condition & 8 ? 0x10u : 0u);
      for (Op branch : {Op::Fbeqz, Op::Fbnez}) {
        machine.state.gpr[4] = machine.state.gpr[5] = 0;
        put(0x1000, {encode(branch, 0, 0, 12), encode(Op::Addi, 4, 4, 1), encode(Op::J, 0, 0, -4), isa::kNop,
                     encode(Op::Addi, 5, 5, 1), encode(Op::J, 0, 0, -4), isa::kNop});
        start(0x1000);
        run(4);
        EXPECT_EQ(machine.state.gpr[4], 1u);  // the delay slot
        EXPECT_EQ(machine.state.gpr[5], uint32_t(holds == (branch == Op::Fbnez)));
      }
    }
}

TEST_P(Floating, LoadsAndStores) {
  machine.state.gpr[3] = 0x5008;
  put(0x5000, {0, 0, 0x11111111, 0x22222222});
  execute(encode(Op::LoadS, 7, 3, 4));
  EXPECT_EQ(machine.state.fpr[7], 0x22222222u);
  execute(encode(Op::LoadD, 5, 3, 0));
  EXPECT_EQ(getDouble(4), 0x2222222211111111u);
  execute(encode(Op::StoreD, 4, 3, -8));
  EXPECT_EQ(word(0x5000), 0x11111111u);
  EXPECT_EQ(word(0x5004), 0x22222222u);
  execute(encode(Op::StoreS, 7, 3, 0));
  EXPECT_EQ(word(0x5008), 0x22222222u);
  // A device takes words.
  machine.state.gpr[3] = 0xFFFF8000;
  execute(encode(Op::LoadS, 7, 3, 4));
  EXPECT_EQ(machine.state.fpr[7], bus.value);
  execute(encode(Op::StoreS, 7, 3, 4));
  EXPECT_EQ(bus.log.back().substr(0, 22), "write 0 1 = 305419896 ");
}

TEST_P(Floating, LoadsAndStoresThatFault) {
  struct {
    Op op;
    uint32_t address, cause;
  } cases[] = {{Op::LoadD, 0x5004, 2}, {Op::StoreD, 0x5004, 2}, {Op::LoadS, 0x5002, 2},     {Op::StoreS, 0x5001, 2},
               {Op::LoadD, 0x6000, 4}, {Op::StoreS, 0x7000, 4}, {Op::StoreD, 0xFFFF8008, 4}};
  for (const auto& c : cases) {
    for (uint32_t page = 0; page < 6; page++) map(page, page);
    map(7, 7, kValid | kProtected);
    machine.state = resetState();
    user();
    machine.state.gpr[3] = c.address;
    machine.state.fpr[4] = 1, machine.state.fpr[5] = 2;
    put(0x1000, {encode(c.op, 4, 3, 0)});
    start(0x1000);
    run(1);
    expectInterrupt(1u << c.cause, 0x1000, 0x1004, c.address, 0, 1);
    EXPECT_EQ(machine.state.fpr[4], 1u);
    EXPECT_EQ(machine.state.fpr[5], 2u);
  }
}

TEST_P(Floating, StoresChangeCode) {
  machine.state.fpr[4] = encode(Op::Addi, 5, 0, 1), machine.state.fpr[5] = encode(Op::Addi, 6, 0, 2);
  machine.state.gpr[3] = 0x1008;
  put(0x1000, {encode(Op::StoreD, 4, 3, 0), isa::kNop, isa::kNop, isa::kNop, encode(Op::J, 0, 0, -4), isa::kNop});
  start(0x1000);
  run(4);
  EXPECT_EQ(machine.state.gpr[5], 1u);
  EXPECT_EQ(machine.state.gpr[6], 2u);
}

ALL_ENGINES(Floating);

}  // namespace
}  // namespace machine
