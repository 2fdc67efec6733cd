// Trails: what they say, that they can be taken back, and where they end.
#include "test/unit/machine/engine_test.h"

namespace machine {
namespace {

using isa::Op;

// The loop 0x1000 .. 0x1014, whose first and third instruction are places: each round adds 1 to r4 and stores it, and a byte of it.
class Trails : public testing::Test {
 protected:
  Trails() : machine(kMemoryBytes, &bus) {
    put(0x1000, {encode(Op::Addi, 4, 4, 1), encode(Op::Sw, 4, 3, 0), encode(Op::Sb, 4, 3, 9), encode(Op::Addi, 29, 29, 4), encode(Op::J, 0, 0, -20),
                 isa::kNop});
    watch.add(0x1000), watch.add(0x1008);
    machine.state.gpr[3] = 0x2000, machine.state.gpr[29] = 0x8000;
  }
  void put(uint32_t address, const std::vector<uint32_t>& words) { machine.write(address, words.data(), uint32_t(4 * words.size())); }
  uint32_t word(uint32_t address) {
    uint32_t found = 0;
    machine.read(address, &found, 4);
    return found;
  }
  // At the place 0x1008, in the first round.
  void begin() {
    machine.setWatch(&watch);
    machine.state.dpc = 0x1000, machine.state.pc = 0x1004;
    ASSERT_EQ(machine.glide(100000), Stop::Watch);
    watch.stores.clear();
  }
  void TearDown() override { machine.setWatch(nullptr); }

  TestBus bus;
  Machine machine;
  Watch watch;
  Trail trail;
};

TEST_F(Trails, SayWhatTheMachineDid) {
  begin();
  ASSERT_TRUE(machine.follow(trail, 2 + 6 * 100));  // the first place from there on is 0x1008, in round 100
  EXPECT_EQ(machine.state.steps, 602u);
  EXPECT_EQ(machine.state.dpc, 0x1008u);
  EXPECT_EQ(machine.state.gpr[29], 0x8000u + 400);
  EXPECT_TRUE(watch.stores.empty());
  ASSERT_EQ(trail.parts(), 1u);
  const Trail::Part part = trail.part(0);
  EXPECT_EQ(part.begin, 2u);
  ASSERT_EQ(part.arrivals.size(), 201u);
  for (uint32_t i = 0; i <= 200; ++i) {
    const Trail::Arrival& at = part.arrivals[i];
    const uint32_t round = (i + 1) / 2, inRound = i % 2 ? 4 : 0;
    EXPECT_EQ(at.dpc(), i % 2 ? 0x1000u : 0x1008u);
    EXPECT_EQ(at.steps(), 6 * (i / 2) + inRound);
    EXPECT_EQ(at.frame, 0x8000 + 4 * round);
    EXPECT_EQ(at.stores(), i);  // each place is behind one store
    EXPECT_TRUE(at.fixed());
  }
  for (uint32_t i = 0; i < 200; ++i) {
    const Trail::Store& store = part.stores[i];
    const uint32_t round = i / 2 + 1;
    if (i % 2) {
      EXPECT_EQ(store.address(), 0x2000u);
      EXPECT_EQ(store.size(), 4u);
      EXPECT_EQ(store.value, round + 1);
    } else {
      EXPECT_EQ(store.address(), 0x2009u);
      EXPECT_EQ(store.size(), 1u);
      EXPECT_EQ(store.value, round & 0xFF);
    }
  }
}

TEST_F(Trails, AreTakenBack) {
  begin();
  const uint32_t before = word(0x2000), byteBefore = word(0x2008);
  ASSERT_TRUE(machine.follow(trail, kNever));
  const uint64_t end = machine.state.steps;
  EXPECT_GE(end, 2u + Trail::kLength);
  const uint32_t after = word(0x2000);
  machine.takeBack(trail);
  EXPECT_EQ(machine.state.steps, 2u);
  EXPECT_EQ(machine.state.dpc, 0x1008u);
  EXPECT_EQ(machine.state.pc, 0x100Cu);
  EXPECT_EQ(word(0x2000), before);
  EXPECT_EQ(word(0x2008), byteBefore);
  while (machine.state.steps < end) machine.glide(end - machine.state.steps);
  EXPECT_EQ(word(0x2000), after);
  machine.settle();
  EXPECT_EQ(machine.state.gpr[4], after);
  EXPECT_FALSE(watch.stores.empty());  // of the glides
}

TEST_F(Trails, HaveSeveralParts) {
  begin();
  ASSERT_TRUE(machine.follow(trail, 62));
  EXPECT_FALSE(trail.hasRoom());
  EXPECT_FALSE(machine.follow(trail, 122));
  EXPECT_EQ(machine.state.steps, 62u);
  Trail longer(3 * (Trail::kLength + Trail::kPatience));
  for (uint64_t until : {122u, 182u}) ASSERT_TRUE(machine.follow(longer, until));
  ASSERT_EQ(longer.parts(), 2u);
  EXPECT_EQ(longer.part(0).begin, 62u);
  EXPECT_EQ(longer.part(1).begin, 122u);
  EXPECT_EQ(longer.part(0).arrivals.back().steps(), 60u);
  EXPECT_EQ(longer.part(1).arrivals.size(), 21u);
  EXPECT_EQ(longer.part(1).stores[0].value, 21u);
}

TEST_F(Trails, EndAtTheirEnds) {
  watch.ends.add(0x1000);
  begin();
  ASSERT_TRUE(machine.follow(trail, kNever));
  EXPECT_EQ(machine.state.dpc, 0x1000u);
  EXPECT_EQ(trail.part(0).arrivals.size(), 2u);
}

// A trail ends before what cannot be taken back, at whatever instruction that is; what is rare is done without it.
TEST_F(Trails, EndBeforeWhatCannotBeTakenBack) {
  const auto endsBefore = [&](uint32_t at, const std::vector<uint32_t>& words) {
    put(at, words);
    machine.state.dpc = 0x1000, machine.state.pc = 0x1004;
    machine.settle();
    machine.setWatch(&watch);
    machine.glide(100000);
    const uint64_t begin = machine.state.steps;
    trail.clear();
    ASSERT_TRUE(machine.follow(trail, kNever));
    EXPECT_EQ(machine.state.dpc, at);
    EXPECT_EQ(machine.state.steps, begin + (at - 0x1008) / 4);
    EXPECT_TRUE(bus.log.empty());
  };
  endsBefore(0x100C, {encode(Op::Trap, 0, 0, 3)});
  machine.settle();
  machine.state.gpr[7] = 0xFFFF9000;
  endsBefore(0x100C, {encode(Op::Lw, 8, 7, 0)});
  endsBefore(0x100C, {encode(Op::Sw, 8, 7, 0)});
  endsBefore(0x100C, {encode(Op::Sw, 8, 0, 0x1000)});  // code
  endsBefore(0x100C, {encode(Op::Movi2s, isa::SR, 8, 0)});
  // In a delay slot.
  put(0x100C, {encode(Op::J, 0, 0, -16), encode(Op::Lw, 8, 7, 0)});
  machine.setWatch(&watch);
  machine.state.dpc = 0x1000, machine.state.pc = 0x1004;
  machine.glide(100000);
  trail.clear();
  ASSERT_TRUE(machine.follow(trail, kNever));
  EXPECT_EQ(machine.state.dpc, 0x1010u);
  EXPECT_EQ(machine.state.pc, 0x1000u);
  EXPECT_TRUE(bus.log.empty());
  EXPECT_EQ(machine.run(1), Stop::Watch);
  EXPECT_EQ(bus.log.size(), 1u);
}

TEST_F(Trails, BeginWhereNothingMayHappen) {
  bus.up = 1 << 14, bus.from = 5000;
  machine.state.spr[isa::SR] = 1 << 14;
  begin();
  ASSERT_TRUE(machine.follow(trail, kNever));
  EXPECT_LT(machine.state.steps, 5000u);
  trail.clear();
  EXPECT_FALSE(machine.follow(trail, kNever));  // a line is near
  while (machine.glide(100000) == Stop::Watch && watch.causes == 0) {}
  EXPECT_EQ(watch.causes, 1u << 14);
  EXPECT_EQ(machine.state.steps, 5001u);
}

// Also before anything has run, and after settle(), from which the machine's owner may have changed it.
TEST_F(Trails, BeginAtAnyPlace) {
  machine.setWatch(&watch);
  machine.state.dpc = 0x1004, machine.state.pc = 0x1008;
  EXPECT_FALSE(machine.follow(trail, kNever));
  machine.state.dpc = 0x1008, machine.state.pc = 0x1000;
  EXPECT_FALSE(machine.follow(trail, kNever));
  machine.state.dpc = 0x1008, machine.state.pc = 0x100C;
  ASSERT_TRUE(machine.follow(trail, 60));
  EXPECT_EQ(trail.part(0).begin, 0u);
  EXPECT_EQ(machine.state.steps, 60u);
  machine.settle();
  machine.state.gpr[29] = 0x9000;
  trail.clear();
  ASSERT_TRUE(machine.follow(trail, 120));
  EXPECT_EQ(trail.part(0).arrivals[0].frame, 0x9000u);
  // A run that follows stops at a place.
  machine.takeBack(trail);
  EXPECT_EQ(machine.glide(100000), Stop::Watch);
  EXPECT_EQ(machine.state.dpc, 0x1000u);
}

// Nothing ran before, and what does now must look at devices on its way to the next place.
TEST_F(Trails, LeaveTheRunThatFollowsAsItWas) {
  put(0x1008, {encode(Op::Lw, 8, 7, 0)});
  machine.state.gpr[7] = 0xFFFF9000;
  machine.setWatch(&watch);
  machine.state.dpc = 0x1008, machine.state.pc = 0x100C;
  ASSERT_TRUE(machine.follow(trail, kNever));
  EXPECT_EQ(machine.state.steps, 0u);
  EXPECT_EQ(machine.glide(100000), Stop::Watch);
  EXPECT_EQ(machine.state.dpc, 0x1000u);
  EXPECT_EQ(bus.log.size(), 1u);
}

TEST_F(Trails, BeginWhereNoLineIsUp) {
  bus.up = 1 << 14;
  machine.state.spr[isa::SR] = 1 << 14;
  machine.setWatch(&watch);
  machine.state.dpc = 0x1008, machine.state.pc = 0x100C;
  EXPECT_FALSE(machine.follow(trail, kNever));
}

// Also stores in delay slots, and of those that change r28 and r30.
TEST_F(Trails, SeeDelaySlotsAndFixedRegisters) {
  put(0x100C, {encode(Op::J, 0, 0, -16), encode(Op::Sh, 4, 3, 2)});
  begin();
  ASSERT_TRUE(machine.follow(trail, 100));
  EXPECT_EQ(trail.part(0).stores[1].address(), 0x2002u);
  EXPECT_EQ(trail.part(0).stores[1].size(), 2u);
  put(0x100C, {encode(Op::Addi, 30, 30, 4), encode(Op::J, 0, 0, -20), isa::kNop});
  machine.setWatch(&watch);
  machine.state.dpc = 0x1000, machine.state.pc = 0x1004;
  machine.glide(100000);
  trail.clear();
  ASSERT_TRUE(machine.follow(trail, 200));
  EXPECT_TRUE(trail.part(0).arrivals[0].fixed());
  EXPECT_FALSE(trail.part(0).arrivals[1].fixed());
}

}  // namespace
}  // namespace machine
