// Each interrupt in each mode, also in delay slots; priorities, masks, rfe. The expected values were worked out by hand
// from shared/spec/vamp.md, "Interrupts".
#include "test/unit/machine/engine_test.h"

namespace machine {
namespace {

using isa::Op;

constexpr uint32_t kText = 0x4000, kTarget = 0x4100;
constexpr uint32_t kAllMasked = 0, kAllOpen = 0xFFFFFFFF;

// The mode a test runs in, and whether its instruction lies in the delay slot of a taken jump to kTarget.
struct Place {
  bool user, slot;
};

class Interrupts : public EngineTest {
 protected:
  // One instruction `instruction` at kText (virtual = physical) in all four places; then expectations.
  void everywhere(const std::function<void(uint32_t dpc, uint32_t pc, uint32_t mode)>& test) {
    for (Place place : {Place{false, false}, Place{false, true}, Place{true, false}, Place{true, true}}) {
      SCOPED_TRACE(std::string(place.user ? "user" : "system") + (place.slot ? " slot" : ""));
      bus = TestBus();
      machine.state = resetState();
      put(0, {encode(Op::J, 0, 0, -4), isa::kNop});
      for (uint32_t page = 0; page < 16; page++) map(page, page);
      if (place.user) user();
      start(kText, place.slot ? kTarget : kText + 4);
      test(kText, place.slot ? kTarget : kText + 4, place.user);
    }
  }
  // After which the successor's successor is at +4.
  static uint32_t after(uint32_t pc) { return pc + 4; }
};

// Tests that act between steps.
class InterruptsBetweenSteps : public Interrupts {};

TEST_P(Interrupts, ResetState) {
  State state = resetState();
  EXPECT_EQ(state.dpc, 0u);
  EXPECT_EQ(state.pc, 4u);
  for (unsigned i = 0; i < isa::kSprCount; i++) EXPECT_EQ(state.spr[i], i == isa::ECA ? 1u : 0u);
  for (unsigned i = 0; i < 32; i++) EXPECT_EQ(state.gpr[i] | state.fpr[i], 0u);
  EXPECT_EQ(state.steps, 0u);
}

TEST_P(Interrupts, Illegal) {
  for (uint32_t bad : {0x04001234u, 0x00000001u, 0xC0000000u, 0x4400000Bu, 0x44000080u}) {
    everywhere([&](uint32_t dpc, uint32_t pc, uint32_t mode) {
      put(kText, {bad});
      machine.state.spr[isa::SR] = 0x123;
      run(1);
      expectInterrupt(1 << 1, dpc, pc, bad, 0x123, mode);
    });
  }
}

TEST_P(Interrupts, PrivilegedInUserModeOnly) {
  uint32_t rfe = encode(Op::Rfe, 0, 0, 0);
  for (unsigned number : {0, 1, 2, 3, 4, 5, 9, 10, 11, 12, 15, 16, 17, 31})
    for (uint32_t word : {encode(Op::Movs2i, 7, 0, 0, 0, number), encode(Op::Movi2s, 0, 7, 0, 0, number), rfe}) {
      for (uint32_t page = 0; page < 16; page++) map(page, page);
      user();
      machine.state.gpr[7] = 99;
      put(kText, {word});
      start(kText);
      run(1);
      expectInterrupt(1 << 1, kText, kText + 4, word, 0, 1);
      EXPECT_EQ(machine.state.gpr[7], 99u);
    }
}

TEST_P(Interrupts, UserModeMayUseTheFloatingPointSpecialRegisters) {
  for (uint32_t page = 0; page < 16; page++) map(page, page);
  user();
  machine.state.gpr[7] = 99;
  for (unsigned number : {6, 7, 8}) {
    put(kText, {encode(Op::Movi2s, 0, 7, 0, 0, number), encode(Op::Movs2i, 8, 0, 0, 0, number), encode(Op::J, 0, 0, -4),
                isa::kNop});
    machine.state.gpr[8] = 0;
    start(kText);
    run(2);
    EXPECT_EQ(machine.state.spr[number], 99u);
    EXPECT_EQ(machine.state.gpr[8], 99u);
  }
}

TEST_P(Interrupts, UnusedSpecialRegistersReadZeroInSystemMode) {
  machine.state.gpr[7] = 99, machine.state.gpr[8] = 1, machine.state.gpr[9] = 1;
  put(kText,
      {encode(Op::Movi2s, 0, 7, 0, 0, 12), encode(Op::Movs2i, 8, 0, 0, 0, 12), encode(Op::Movi2s, 0, 7, 0, 0, 31),
       encode(Op::Movs2i, 9, 0, 0, 0, 31), encode(Op::J, 0, 0, -4), isa::kNop});
  start(kText);
  run(4);
  EXPECT_EQ(machine.state.gpr[8], 0u);
  EXPECT_EQ(machine.state.gpr[9], 0u);
  EXPECT_EQ(machine.state.spr[isa::ECA], 1u);  // no interrupt
}

TEST_P(Interrupts, MisalignedData) {
  struct {
    Op op;
    uint32_t address;
  } cases[] = {{Op::Lw, 0x5002},  {Op::Lw, 0x5001}, {Op::Lh, 0x5001},
               {Op::Lhu, 0x5003}, {Op::Sw, 0x5003}, {Op::Sh, 0x5001}};
  for (auto [op, address] : cases) {
    everywhere([&, op = op, address = address](uint32_t dpc, uint32_t pc, uint32_t mode) {
      machine.state.gpr[3] = address + 8;
      machine.state.gpr[4] = 0xABCDEF01;
      put(0x5000, {0x11111111});
      put(kText, {encode(op, 4, 3, -8)});
      run(1);
      expectInterrupt(1 << 2, dpc, pc, address, 0, mode);
      EXPECT_EQ(machine.state.gpr[4], 0xABCDEF01u);
      EXPECT_EQ(word(0x5000), 0x11111111u);
    });
  }
}

TEST_P(Interrupts, MisalignedFetch) {
  everywhere([&](uint32_t dpc, uint32_t pc, uint32_t mode) {
    start(dpc + 2, pc);
    run(1);
    expectInterrupt(1 << 2, dpc + 2, pc, dpc + 2, 0, mode);
  });
}

TEST_P(Interrupts, BusErrors) {
  // Neither memory nor device; misaligned comes before translation, so a page fault needs an aligned address.
  put(kText, {encode(Op::Lw, 4, 3, 0)});
  for (uint32_t address : {kMemoryBytes, 0x7FFFFFFCu, 0xFFFF7FFCu}) {
    machine.state.gpr[3] = address;
    start(kText);
    run(1);
    expectInterrupt(1 << 2, kText, kText + 4, address, 0, 0);
  }
  start(kMemoryBytes);
  run(1);
  expectInterrupt(1 << 2, kMemoryBytes, kMemoryBytes + 4, kMemoryBytes, 0, 0);
  start(0xFFFFE000);  // a device is not fetched from
  run(1);
  expectInterrupt(1 << 2, 0xFFFFE000, 0xFFFFE004, 0xFFFFE000, 0, 0);
  EXPECT_TRUE(bus.log.empty());
}

TEST_P(Interrupts, BusErrorsOfUsersGiveTheVirtualAddress) {
  for (uint32_t page = 0; page < 16; page++) map(page, page);
  map(5, kMemoryBytes / kPageSize);  // no memory there
  map(6, 0xFFFFD);                   // a device: word access only
  put(kText, {encode(Op::Lw, 4, 3, 0)});
  user();
  machine.state.gpr[3] = 0x5008;
  start(kText);
  run(1);
  expectInterrupt(1 << 2, kText, kText + 4, 0x5008, 0, 1);

  put(kText, {encode(Op::Lb, 4, 3, 0)});
  user();
  machine.state.gpr[3] = 0x6008;
  start(kText);
  run(1);
  expectInterrupt(1 << 2, kText, kText + 4, 0x6008, 0, 1);

  user();
  start(0x5010);
  run(1);
  expectInterrupt(1 << 2, 0x5010, 0x5014, 0x5010, 0, 1);
}

TEST_P(Interrupts, DeviceAccessOtherThanWords) {
  for (Op op : {Op::Lb, Op::Lbu, Op::Lh, Op::Lhu, Op::Sb, Op::Sh}) {
    put(kText, {encode(op, 4, 3, 0)});
    machine.state.gpr[3] = 0xFFFFE004;
    start(kText);
    run(1);
    expectInterrupt(1 << 2, kText, kText + 4, 0xFFFFE004, 0, 0);
  }
  EXPECT_TRUE(bus.log.empty());
}

TEST_P(Interrupts, FetchFault) {
  struct {
    uint32_t address, ptl;
    bool valid;
  } cases[] = {{0x7008, 15, false},        {0x10000, 15, true},     {0x10000, 15, false},
               {0x3FFC, 0xFFFFFFFF, true}, {0xFFFFF000, 15, false}, {0x4000, 3, true}};
  for (auto [address, ptl, valid] : cases)
    for (uint32_t pc : {address + 4, kTarget}) {
      for (uint32_t page = 0; page < 16; page++) map(page, page, valid || page != address >> 12 ? kValid : 0);
      user(ptl);
      machine.state.spr[isa::SR] = 7;
      start(address, pc);
      run(1);
      expectInterrupt(1 << 3, address, pc, address, 7, 1);
    }
  // An entry outside memory.
  user(0xFFFFE);
  start(0x08000000);
  run(1);
  expectInterrupt(1 << 3, 0x08000000, 0x08000004, 0x08000000, 0, 1);
}

TEST_P(Interrupts, DataFault) {
  struct {
    Op op;
    uint32_t page, flags;
    bool fault;
  } cases[] = {{Op::Lw, 5, 0, true},
               {Op::Lw, 5, kProtected, true},
               {Op::Sw, 5, kValid | kProtected, true},
               {Op::Sb, 5, kValid | kProtected, true},
               {Op::Lbu, 5, kValid | kProtected, false},
               {Op::Sw, 5, kValid, false},
               {Op::Lw, 16, kValid, true},
               {Op::Sw, 16, kValid, true}};
  for (auto [op, page, flags, fault] : cases)
    for (uint32_t pc : {kText + 4, kTarget}) {
      for (uint32_t i = 0; i < 20; i++) map(i, i);
      map(page, 20, flags);
      put(0x14000, {0x01020304});
      put(kText, {encode(op, 4, 3, 0), encode(Op::J, 0, 0, -4), isa::kNop});
      put(kTarget, {encode(Op::J, 0, 0, -4), isa::kNop});
      machine.state = resetState();
      user();
      machine.state.gpr[3] = page << 12;
      machine.state.gpr[4] = 0xAABBCCDD;
      start(kText, pc);
      run(1);
      if (fault) {
        expectInterrupt(1 << 4, kText, pc, page << 12, 0, 1);
        EXPECT_EQ(machine.state.gpr[4], 0xAABBCCDDu);
        EXPECT_EQ(word(0x14000), 0x01020304u);
      } else {
        EXPECT_EQ(machine.state.spr[isa::ECA], 1u);
        EXPECT_EQ(op == Op::Sw ? word(0x14000) : machine.state.gpr[4], op == Op::Sw ? 0xAABBCCDDu : 4u);
      }
    }
}

TEST_P(InterruptsBetweenSteps, OneInstructionFaultsTwice) {
  // Its page first, then its operand's; the handler is one rfe, and the page is put in place between.
  put(0, {encode(Op::Rfe, 0, 0, 0)});
  put(8 * kPageSize, {encode(Op::Lw, 4, 3, 0)});
  put(9 * kPageSize + 8, {0xCAFE});
  user();
  machine.state.gpr[3] = 0x3008;
  machine.state.spr[isa::SR] = 0x55;
  start(0x2000, kTarget);  // in a delay slot
  run(1);
  expectInterrupt(1 << 3, 0x2000, kTarget, 0x2000, 0x55, 1);
  map(2, 8);
  run(1);
  EXPECT_EQ(machine.state.dpc, 0x2000u);
  EXPECT_EQ(machine.state.pc, kTarget);
  EXPECT_TRUE(machine.state.user());
  run(1);
  expectInterrupt(1 << 4, 0x2000, kTarget, 0x3008, 0x55, 1);
  map(3, 9);
  run(2);
  EXPECT_EQ(machine.state.gpr[4], 0xCAFEu);
  EXPECT_EQ(machine.state.dpc, kTarget);
  EXPECT_EQ(machine.state.pc, kTarget + 4);
  EXPECT_EQ(machine.state.spr[isa::SR], 0x55u);
  EXPECT_EQ(machine.state.steps, 5u);
}

TEST_P(Interrupts, Trap) {
  for (int32_t code : {0, 3, -1, 0x1FFFFFF, -0x2000000}) {
    everywhere([&](uint32_t, uint32_t pc, uint32_t mode) {
      put(kText, {encode(Op::Trap, 0, 0, code)});
      machine.state.spr[isa::SR] = 0x80;
      run(1);
      // continue: the state saved is the successor's, DPC := PC, PC := PC + 4
      expectInterrupt(1 << 5, pc, after(pc), uint32_t(code), 0x80, mode);
    });
  }
}

TEST_P(Interrupts, Overflow) {
  struct {
    Op op;
    uint32_t a, b, result;
    bool overflow;
  } cases[] = {
      {Op::Addo, 0x7FFFFFFF, 1, 0x80000000, true},           {Op::Addo, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFF, true},
      {Op::Addo, 0x7FFFFFFF, 0xFFFFFFFF, 0x7FFFFFFE, false}, {Op::Subo, 0x80000000, 1, 0x7FFFFFFF, true},
      {Op::Subo, 0, 0x80000000, 0x80000000, true},           {Op::Subo, 0xFFFFFFFF, 0x80000000, 0x7FFFFFFF, false},
      {Op::Addio, 0x7FFFFFFF, 1, 0x80000000, true},          {Op::Addio, 0x80000000, 0xFFFFFFFF, 0x7FFFFFFF, true},
      {Op::Subio, 0x80000000, 1, 0x7FFFFFFF, true},          {Op::Subio, 0x7FFFFFFF, 0xFFFFFFFF, 0x80000000, true},
      {Op::Add, 0x7FFFFFFF, 1, 0x80000000, false},           {Op::Subi, 0x80000000, 1, 0x7FFFFFFF, false}};
  for (auto [op, a, b, result, overflow] : cases)
    for (uint32_t mask : {kAllMasked, kAllOpen, 1u << 6, ~(1u << 6)}) {
      everywhere(
          [&, op = op, a = a, b = b, result = result, overflow = overflow](uint32_t, uint32_t pc, uint32_t mode) {
            put(kText, {encode(op, 4, 3, int16_t(b), 5), encode(Op::J, 0, 0, -4), isa::kNop});
            put(kTarget, {encode(Op::J, 0, 0, -4), isa::kNop});
            machine.state.gpr[3] = a, machine.state.gpr[5] = b;
            machine.state.spr[isa::SR] = mask;
            run(1);
            EXPECT_EQ(machine.state.gpr[4], result);
            if (overflow && (mask & 1 << 6)) expectInterrupt(1 << 6, pc, after(pc), 0, mask, mode);
            else EXPECT_EQ(machine.state.spr[isa::ECA], 1u);
          });
    }
}

TEST_P(Interrupts, SquareRootAndRemainderAreUnimplemented) {
  for (Op op : {Op::FsqtS, Op::FsqtD, Op::FremS, Op::FremD}) {
    everywhere([&](uint32_t, uint32_t pc, uint32_t mode) {
      State before = machine.state;
      uint32_t word = encode(op, 4, 6, 0, 2);
      put(kText, {word});
      run(1);
      expectInterrupt(1 << 12, pc, after(pc), word, 0, mode);
      EXPECT_EQ(machine.state.gpr, before.gpr);
      EXPECT_EQ(machine.state.fpr, before.fpr);
      EXPECT_EQ(machine.state.spr[isa::IEEEF], 0u);
    });
  }
}

// Each exception of an operation, alone and with others: what SR lets through interrupts, the rest is collected in IEEEF.
TEST_P(Interrupts, FloatingPointExceptions) {
  constexpr uint32_t kOne = 0x3F800000, kThird = 0x3EAAAAAB, kMax = 0x7F7FFFFF, kMin = 0x00800000;
  struct {
    Op op;
    uint32_t a, b;
    uint32_t causes, result;        // nothing unmasked
    uint32_t withUnderflow, wrapped;  // overflow and underflow unmasked
  } cases[] = {
      {Op::FaddS, kOne, kOne, 0, 0x40000000, 0, 0x40000000},
      {Op::FdivS, kOne, 0x40400000, 1 << 9, kThird, 1 << 9, kThird},
      {Op::FdivS, kOne, 0, 1 << 10, 0x7F800000, 1 << 10, 0x7F800000},
      {Op::FdivS, 0, 0, 1 << 11, 0x7FC00000, 1 << 11, 0x7FC00000},
      {Op::FmulS, kMax, kMax, 1 << 7 | 1 << 9, 0x7F800000, 1 << 7 | 1 << 9, 0x5F7FFFFE},
      {Op::FmulS, kMin, 0x3F000000, 0, 0x00400000, 1 << 8, 0x60000000},  // exact: tiny, but nothing is lost
      {Op::FmulS, 0x00800001, 0x3F000000, 1 << 8 | 1 << 9, 0x00400000, 1 << 8, 0x60000001},
  };
  for (const auto& c : cases)
    for (uint32_t mask : {kAllMasked, kAllOpen, 1u << 7, 1u << 8, 1u << 9, 1u << 10, 1u << 11, 0x180u}) {
      everywhere([&](uint32_t, uint32_t pc, uint32_t mode) {
        put(kText, {encode(c.op, 4, 6, 0, 8), encode(Op::J, 0, 0, -4), isa::kNop});
        put(kTarget, {encode(Op::J, 0, 0, -4), isa::kNop});
        machine.state.fpr[6] = c.a, machine.state.fpr[8] = c.b;
        machine.state.spr[isa::SR] = mask;
        machine.state.spr[isa::RM] = 1;
        machine.state.spr[isa::IEEEF] = 0;
        run(1);
        if ((mask & 0x180) != 0 && (mask & 0x180) != 0x180) return;  // the wrapped results are for both
        const uint32_t causes = mask & 0x180 ? c.withUnderflow : c.causes;
        EXPECT_EQ(machine.state.fpr[4], mask & 0x180 ? c.wrapped : c.result);
        EXPECT_EQ(machine.state.spr[isa::IEEEF], (causes & ~mask) >> 7);
        if (causes & mask) expectInterrupt(causes & mask, pc, after(pc), 0, mask, mode);
        else EXPECT_EQ(machine.state.spr[isa::ECA], 1u);
      });
    }
}

TEST_P(Interrupts, EachDevice) {
  for (unsigned line = 13; line < 32; line++)
    for (uint32_t mask : {kAllOpen, 1u << line, ~(1u << line), kAllMasked}) {
      everywhere([&](uint32_t, uint32_t pc, uint32_t mode) {
        put(kText, {encode(Op::Addi, 4, 0, 77), encode(Op::J, 0, 0, -4), isa::kNop});
        put(kTarget, {encode(Op::J, 0, 0, -4), isa::kNop});
        bus.up = 1u << line;
        machine.state.spr[isa::SR] = mask;
        run(1);
        EXPECT_EQ(machine.state.gpr[4], 77u);  // the instruction completes
        if (mask & 1u << line) expectInterrupt(1u << line, pc, after(pc), 0, mask, mode);
        else EXPECT_EQ(machine.state.spr[isa::ECA], 1u);
      });
    }
}

TEST_P(Interrupts, DeviceLineLetsJumpsComplete) {
  // A taken branch: its successor is the delay slot, with the target as PC.
  put(kText, {encode(Op::Bnez, 0, 4, 0x40)});
  machine.state.gpr[4] = 1;
  bus.up = 1 << 14;
  machine.state.spr[isa::SR] = kAllOpen;
  start(kText);
  run(1);
  expectInterrupt(1 << 14, kText + 4, kText + 4 + 0x40, 0, kAllOpen, 0);

  put(kText, {encode(Op::Jalr, 0, 31, 0)});
  machine.state.gpr[31] = 0x6000;
  machine.state.spr[isa::SR] = kAllOpen;
  start(kText);
  run(1);
  expectInterrupt(1 << 14, kText + 4, 0x6000, 0, kAllOpen, 0);
  EXPECT_EQ(machine.state.gpr[31], kText + 8);
}

TEST_P(Interrupts, LowestCauseDecides) {
  bus.up = 1 << 13 | 1 << 20;
  struct {
    uint32_t word, own, edata;
    bool continues;
  } cases[] = {{0x04001234, 1 << 1, 0x04001234, false},
               {encode(Op::Lw, 4, 3, 2), 1 << 2, 0x9002, false},
               {encode(Op::Trap, 0, 0, 9), 1 << 5, 9, true},
               {encode(Op::Addo, 4, 5, 0, 5), 1 << 6, 0, true},
               {encode(Op::FsqtS, 1, 2, 0, 3), 1 << 12, encode(Op::FsqtS, 1, 2, 0, 3), true}};
  for (auto [word, own, edata, continues] : cases) {
    everywhere([&, word = word, own = own, edata = edata, continues = continues](uint32_t dpc, uint32_t pc,
                                                                                 uint32_t mode) {
      bus.up = 1 << 13 | 1 << 20;
      put(kText, {word});
      machine.state.gpr[3] = 0x9000, machine.state.gpr[5] = 0x7FFFFFFF;
      machine.state.spr[isa::SR] = 1 << 6 | 1 << 20;  // device 0 masked
      run(1);
      expectInterrupt(own | 1 << 20, continues ? pc : dpc, continues ? after(pc) : pc, edata, 1 << 6 | 1 << 20, mode);
    });
  }
  // Overflow masked, a line not: the device decides, and the sum is there.
  machine.state = resetState();
  put(kText, {encode(Op::Addo, 4, 5, 0, 5)});
  machine.state.gpr[5] = 0x7FFFFFFF;
  machine.state.spr[isa::SR] = 1 << 13;
  bus.up = 1 << 13;
  start(kText);
  run(1);
  expectInterrupt(1 << 13, kText + 4, kText + 8, 0, 1 << 13, 0);
  EXPECT_EQ(machine.state.gpr[4], 0xFFFFFFFEu);
}

TEST_P(Interrupts, PageFaultWithLineRepeats) {
  for (uint32_t page = 0; page < 16; page++) map(page, page);
  map(5, 0, 0);
  user();
  bus.up = 1 << 15;
  machine.state.spr[isa::SR] = 1 << 15;
  machine.state.gpr[3] = 0x5000;
  put(kText, {encode(Op::Lw, 4, 3, 4)});
  start(kText, kTarget);
  run(1);
  expectInterrupt(1 << 15 | 1 << 4, kText, kTarget, 0x5004, 1 << 15, 1);
}

TEST_P(Interrupts, MaskIsTheOneBeforeTheInstruction) {
  // movi2s SR opens the mask for the next instruction only; its own line is seen there.
  bus.up = 1 << 16;
  machine.state.gpr[7] = 1 << 16;
  put(kText, {encode(Op::Movi2s, 0, 7, 0, 0, isa::SR), encode(Op::Addi, 4, 0, 1)});
  start(kText);
  run(2);
  expectInterrupt(1 << 16, kText + 8, kText + 12, 0, 1 << 16, 0);
  EXPECT_EQ(machine.state.gpr[4], 1u);

  // And closing it is too late for the instruction that closes it: ESR is SR after the instruction.
  machine.state = resetState();
  machine.state.spr[isa::SR] = 1 << 16;
  machine.state.gpr[7] = 0x3F;
  start(kText);
  run(1);
  expectInterrupt(1 << 16, kText + 4, kText + 8, 0, 0x3F, 0);
}

TEST_P(Interrupts, RfeRestores) {
  for (uint32_t page = 0; page < 16; page++) map(page, page);
  auto& spr = machine.state.spr;
  spr[isa::ESR] = 0x40, spr[isa::EMODE] = 1, spr[isa::EDPC] = kText + 0x20, spr[isa::EPC] = kTarget;
  spr[isa::PTO] = 32, spr[isa::PTL] = 15;
  put(kText, {encode(Op::Rfe, 0, 0, 0)});
  put(kText + 0x20, {encode(Op::Addi, 4, 0, 5)});
  put(kTarget, {encode(Op::Addi, 5, 0, 6), encode(Op::J, 0, 0, -4), isa::kNop});
  start(kText);
  run(3);
  EXPECT_EQ(machine.state.gpr[4], 5u);
  EXPECT_EQ(machine.state.gpr[5], 6u);
  EXPECT_TRUE(machine.state.user());
  EXPECT_EQ(spr[isa::SR], 0x40u);
  EXPECT_EQ(spr[isa::ECA], 1u);
}

TEST_P(Interrupts, RfeUnderALineSavesWhatItRestored) {
  for (uint32_t page = 0; page < 16; page++) map(page, page);
  auto& spr = machine.state.spr;
  bus.up = 1 << 17;
  spr[isa::SR] = 1 << 17;
  spr[isa::ESR] = 0x40, spr[isa::EMODE] = 1, spr[isa::EDPC] = kText + 0x20, spr[isa::EPC] = kTarget;
  put(kText, {encode(Op::Rfe, 0, 0, 0)});
  start(kText);
  run(1);
  expectInterrupt(1 << 17, kText + 0x20, kTarget, 0, 0x40, 1);

  // Masked until rfe opens: the first instruction after it completes, then it strikes.
  machine.state = resetState();
  auto& again = machine.state.spr;
  again[isa::ESR] = 1 << 17, again[isa::EMODE] = 0, again[isa::EDPC] = kText + 0x20, again[isa::EPC] = kText + 0x24;
  put(kText + 0x20, {encode(Op::Addi, 4, 0, 5)});
  start(kText);
  run(2);
  expectInterrupt(1 << 17, kText + 0x24, kText + 0x28, 0, 1 << 17, 0);
  EXPECT_EQ(machine.state.gpr[4], 5u);
}

TEST_P(Interrupts, EmodeIsTheModeAfterMovi2s) {
  // movi2s MODE takes effect for the next instruction: that is fetched as a user.
  machine.state.gpr[7] = 1;
  machine.state.spr[isa::PTO] = 32, machine.state.spr[isa::PTL] = 15;
  put(kText, {encode(Op::Movi2s, 0, 7, 0, 0, isa::MODE)});
  start(kText);
  run(2);
  expectInterrupt(1 << 3, kText + 4, kText + 8, kText + 4, 0, 1);
}

TEST_P(Interrupts, LineRisesAtItsTime) {
  // Instruction number n (from 0) is the first to see a line that rises at time n.
  for (uint64_t time : {0u, 1u, 7u, 100u, 1023u, 1024u, 1500u, 4000u}) {
    bus = TestBus();
    bus.up = 1 << 14, bus.from = time;
    machine.state = resetState();
    machine.state.spr[isa::SR] = kAllOpen;
    put(0, {encode(Op::J, 0, 0, -4), isa::kNop});
    put(kText, {encode(Op::Addi, 4, 4, 1), encode(Op::J, 0, 0, -8), isa::kNop});
    start(kText);
    run(time + 1);
    EXPECT_EQ(machine.state.gpr[4], uint32_t(time / 3 + 1)) << time;
    EXPECT_EQ(machine.state.spr[isa::EDPC], kText + uint32_t(time + 1) % 3 * 4) << time;
    EXPECT_EQ(machine.interrupts()[14] > 0, true);
  }
}

ALL_ENGINES(Interrupts);
STEPPING_ENGINES(InterruptsBetweenSteps);

}  // namespace
}  // namespace machine
