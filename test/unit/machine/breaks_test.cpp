// What a debugger stops at: places and stores, in system and user mode, at full speed and counted one by one.
#include "test/unit/machine/engine_test.h"

namespace machine {
namespace {

using isa::Op;

class Break : public EngineTest {
 protected:
  ~Break() override { machine.setBreaks(nullptr); }

  Stop go() { return machine.run(GetParam() == Engine::Careful ? 900 : 100000); }
  // Stores of all kinds to r3, a branch back, and idle.
  void program(uint32_t at) {
    put(at, {encode(Op::Sw, 4, 3, 0), encode(Op::Sb, 4, 3, 5), encode(Op::Sh, 4, 3, 10), encode(Op::StoreS, 4, 3, 12), encode(Op::StoreD, 4, 3, 16),
             encode(Op::Addi, 5, 5, 1), encode(Op::Slsi, 6, 5, 3), encode(Op::Bnez, 0, 6, -32), isa::kNop, encode(Op::J, 0, 0, -4), isa::kNop});
    machine.state.gpr[3] = 0x6000;
    start(at);
  }
};

TEST_P(Break, StopsAtPlacesUnlessTheRunBeginsThere) {
  program(0x4000);
  Breaks breaks;
  breaks.places = {0x4000, 0x4014};
  machine.setBreaks(&breaks);
  for (uint32_t round = 0; round < 3; round++) {
    EXPECT_EQ(go(), Stop::Break);
    EXPECT_EQ(machine.state.dpc, 0x4014u);
    EXPECT_EQ(machine.state.steps, round * 9 + 5);
    EXPECT_EQ(machine.state.gpr[5], round);
    if (round == 2) break;
    EXPECT_EQ(go(), Stop::Break);
    EXPECT_EQ(machine.state.dpc, 0x4000u);
    EXPECT_EQ(machine.state.steps, round * 9 + 9);
  }
  EXPECT_EQ(go(), Stop::Limit);
}

TEST_P(Break, PlacesAreVirtualAddressesInEveryMode) {
  program(7 * kPageSize);
  map(4, 7), map(6, 8), map(5, 7);
  user();
  start(0x5000);
  Breaks breaks;
  breaks.places = {0x4014, 0x7014, 0x5FFC, 0x9014};
  machine.setBreaks(&breaks);
  EXPECT_EQ(go(), Stop::Limit);  // the same code at another address
  EXPECT_EQ(machine.state.gpr[5], 3u);
  machine.state.gpr[5] = 0;
  start(0x4000);
  EXPECT_EQ(go(), Stop::Break);
  EXPECT_EQ(machine.state.dpc, 0x4014u);
  EXPECT_TRUE(machine.state.user());
  machine.state.spr[isa::MODE] = 0;
  start(0x7000);
  EXPECT_EQ(go(), Stop::Break);
  EXPECT_EQ(machine.state.dpc, 0x7014u);
}

TEST_P(Break, StopsAtAnInterruptsEntry) {
  put(0x4000, {isa::kNop, encode(Op::Trap, 0, 0, 3)});
  start(0x4000);
  Breaks breaks;
  breaks.places = {0};
  machine.setBreaks(&breaks);
  EXPECT_EQ(go(), Stop::Break);
  EXPECT_EQ(machine.state.dpc, 0u);
  EXPECT_EQ(machine.state.steps, 2u);
}

TEST_P(Break, StopsBeforeStoresToARange) {
  program(0x4000);
  std::vector<std::pair<uint64_t, uint32_t>> seen;
  Breaks breaks;
  breaks.ranges = {{0x6000, 1}, {0x6004, 4}, {0x6014, 2}};
  bool stops = false;
  breaks.onStore = [&](const State& state, Breaks::Range to) { return seen.push_back({state.steps, to.address}), stops; };
  machine.setBreaks(&breaks);
  machine.state.gpr[4] = 0x77;
  EXPECT_EQ(go(), Stop::Limit);
  EXPECT_EQ(seen, (std::vector<std::pair<uint64_t, uint32_t>>{
                      {0, 0x6000}, {1, 0x6005}, {4, 0x6010}, {9, 0x6000}, {10, 0x6005}, {13, 0x6010}, {18, 0x6000}, {19, 0x6005}, {22, 0x6010}}));
  EXPECT_EQ(word(0x6000), 0x77u);

  seen.clear(), stops = true;
  put(0x6000, {0, 0});
  machine.state.steps = 0, machine.state.gpr[5] = 0;
  start(0x4000);
  EXPECT_EQ(go(), Stop::Store);
  EXPECT_EQ(machine.state.steps, 0u);
  EXPECT_EQ(machine.state.dpc, 0x4000u);
  EXPECT_EQ(word(0x6000), 0u);
  stops = false;
  machine.run(1);
  stops = true;
  EXPECT_EQ(go(), Stop::Store);
  EXPECT_EQ(machine.state.steps, 1u);
  EXPECT_EQ(machine.state.dpc, 0x4004u);
  EXPECT_EQ(word(0x6000), 0x77u);
  EXPECT_EQ(word(0x6004), 0u);
}

TEST_P(Break, UsersStoresAreSeenWhereTheyGo) {
  program(0x4000);
  map(4, 4), map(6, 9);
  user();
  unsigned seen = 0;
  uint32_t where = 0;
  Breaks breaks;
  breaks.ranges = {{0x9000, 4}};
  breaks.onStore = [&](const State&, Breaks::Range to) { return seen++, where = to.address, false; };
  go();  // entries for stores are there before
  machine.state.gpr[5] = 0, start(0x4000);
  machine.setBreaks(&breaks);
  EXPECT_EQ(go(), Stop::Limit);
  EXPECT_EQ(seen, 3u);
  EXPECT_EQ(where, 0x9000u);
  machine.setBreaks(nullptr);
  machine.state.gpr[5] = 0, start(0x4000);
  EXPECT_EQ(go(), Stop::Limit);
  EXPECT_EQ(seen, 3u);
}

INSTANTIATE_TEST_SUITE_P(Engines, Break, testing::Values(Engine::Careful, Engine::Fast), engineName);

}  // namespace
}  // namespace machine
