// Limits, stops, observers, time.
#include "test/unit/machine/engine_test.h"

namespace machine {
namespace {

using isa::Op;

class Run : public testing::Test {
 protected:
  Run() : machine(kMemoryBytes, &bus) {}
  void put(uint32_t address, const std::vector<uint32_t>& words) {
    machine.write(address, words.data(), uint32_t(4 * words.size()));
  }
  void start(uint32_t dpc) { machine.state.dpc = dpc, machine.state.pc = dpc + 4; }

  TestBus bus;
  Machine machine;
};

TEST_F(Run, LimitIsExact) {
  // Whatever the limit, exactly so many instructions are executed.
  put(0x1000, {encode(Op::Addi, 4, 4, 1), encode(Op::Bnez, 0, 4, -8), encode(Op::Addi, 5, 5, 1)});
  uint64_t total = 0;
  for (uint64_t limit : {0u, 1u, 2u, 3u, 1022u, 1023u, 1024u, 1025u, 1026u, 5000u, 12345u, 1u}) {
    start(0x1000);
    machine.state.gpr[4] = machine.state.gpr[5] = 0;
    EXPECT_EQ(machine.run(limit), Stop::Limit);
    total += limit;
    EXPECT_EQ(machine.state.steps, total);
    EXPECT_EQ(machine.state.gpr[4], uint32_t((limit + 2) / 3));
    EXPECT_EQ(machine.state.gpr[5], uint32_t(limit / 3));
    EXPECT_EQ(machine.state.dpc, 0x1000 + limit % 3 * 4);
  }
}

TEST_F(Run, HostStops) {
  put(0x1000, {encode(Op::Addi, 4, 4, 1), encode(Op::Sw, 4, 3, 0), encode(Op::Addi, 4, 4, 1)});
  machine.state.gpr[3] = 0xFFFFE000;
  start(0x1000);
  EXPECT_EQ(machine.run(1'000'000), Stop::Host);
  EXPECT_EQ(machine.state.steps, 2u);
  EXPECT_EQ(machine.state.dpc, 0x1008u);
  EXPECT_EQ(machine.state.gpr[4], 1u);
  EXPECT_EQ(machine.run(10), Stop::Host);  // still requested
  EXPECT_EQ(machine.state.steps, 2u);
  bus.stop = false;
  start(0x1004);
  EXPECT_EQ(machine.step(), Stop::Host);
}

TEST_F(Run, DevicesSeeTheTime) {
  std::vector<uint32_t> words(1500, isa::kNop);
  words[0] = encode(Op::Lw, 4, 3, 8);
  words[1] = encode(Op::Lw, 4, 3, 12);
  words[1400] = encode(Op::Lw, 4, 3, 16);
  put(0x1000, words);
  machine.state.gpr[3] = 0xFFFF9000;
  start(0x1000);
  machine.run(1401);
  EXPECT_EQ(bus.log, (std::vector<std::string>{"read 1 2 at 0", "read 1 3 at 1", "read 1 4 at 1400"}));
}

TEST_F(Run, ReadingMayLowerALine) {
  bus.up = 1 << 14, bus.from = 3000, bus.lowersOnRead = true;
  machine.state.spr[isa::SR] = 1 << 14;
  put(0, {encode(Op::Lw, 4, 3, 0), encode(Op::Movs2i, 5, 0, 0, 0, isa::ECA), encode(Op::Rfe, 0, 0, 0)});
  put(0x1000, {encode(Op::J, 0, 0, -4), isa::kNop});
  machine.state.gpr[3] = 0xFFFF9000;
  start(0x1000);
  machine.run(10000);
  EXPECT_EQ(machine.interrupts()[14], 1u);
  EXPECT_EQ(machine.state.gpr[5], uint32_t(1 << 14));
  EXPECT_EQ(bus.log, (std::vector<std::string>{"read 1 0 at 3001"}));
}

TEST_F(Run, WithoutABusThereAreNoDevices) {
  machine.setBus(nullptr);
  put(0x1000, {encode(Op::Lw, 4, 3, 0)});
  machine.state.gpr[3] = 0xFFFF9000;
  start(0x1000);
  machine.run(1);
  EXPECT_EQ(machine.state.spr[isa::ECA], 4u);
  start(0x1000);
  machine.step();
  EXPECT_EQ(machine.state.spr[isa::ECA], 4u);
}

class Log : public Observer {
 public:
  uint64_t stopAt = kNever;
  std::vector<Event> events;
  std::vector<State> states;
  bool onStep(const State& after, const Event& event) override {
    events.push_back(event);
    states.push_back(after);
    return after.steps != stopAt;
  }
};

TEST_F(Run, ObserversSeeEachStep) {
  put(0x1000, {encode(Op::Addi, 4, 0, -2), encode(Op::Sb, 4, 3, 1), encode(Op::J, 0, 0, 4), encode(Op::Sw, 4, 6, 4),
               encode(Op::Trap, 0, 0, 7)});
  machine.state.gpr[3] = 0x2000, machine.state.gpr[6] = 0xFFFFA000;
  for (bool fast : {false, true}) {
    Log log;
    machine.setObserver(&log);
    machine.state.gpr[4] = 0;
    start(0x1000);
    uint64_t before = machine.state.steps;
    if (fast) EXPECT_EQ(machine.run(5), Stop::Limit);
    else
      for (int i = 0; i < 5; i++) EXPECT_EQ(machine.step(), Stop::Limit);
    ASSERT_EQ(log.events.size(), 5u);
    EXPECT_EQ(log.states[0].gpr[4], 0xFFFFFFFEu);
    EXPECT_EQ(log.states[0].steps, before + 1);
    EXPECT_EQ(log.events[0].dpc, 0x1000u);
    EXPECT_EQ(log.events[0].word, encode(Op::Addi, 4, 0, -2));
    EXPECT_FALSE(log.events[0].stored);
    EXPECT_TRUE(log.events[1].stored);
    EXPECT_EQ(log.events[1].address, 0x2001u);
    EXPECT_EQ(log.events[1].size, 1u);
    EXPECT_EQ(log.events[1].value, 0xFEu);
    EXPECT_EQ(log.states[2].pc, 0x1010u);
    EXPECT_TRUE(log.events[3].stored);
    EXPECT_EQ(log.events[3].address, 0xFFFFA004u);
    EXPECT_EQ(log.events[3].value, 0xFFFFFFFEu);
    EXPECT_EQ(log.events[4].causes, 1u << 5);
    EXPECT_EQ(log.states[4].dpc, 0u);
    EXPECT_EQ(log.states[4].spr[isa::EDATA], 7u);
    EXPECT_EQ(log.states[4], machine.state);
  }
}

TEST_F(Run, ObserversStop) {
  put(0x1000, {encode(Op::J, 0, 0, -4), isa::kNop});
  Log log;
  log.stopAt = 2500;
  machine.setObserver(&log);
  start(0x1000);
  EXPECT_EQ(machine.run(kNever), Stop::Observer);
  EXPECT_EQ(machine.state.steps, 2500u);
  log.stopAt = 2501;
  EXPECT_EQ(machine.step(), Stop::Observer);
  machine.setObserver(nullptr);
  EXPECT_EQ(machine.run(2000), Stop::Limit);
  EXPECT_EQ(log.events.size(), 2501u);
}

TEST_F(Run, WatchesStopBeforeTheirPlacesAndListStores) {
  // A loop of three instructions; the place is in the middle of what would be fused.
  put(0x1000, {encode(Op::Addi, 4, 4, 1), encode(Op::Sw, 4, 3, 0), encode(Op::Sb, 4, 3, 4), encode(Op::J, 0, 0, -16),
               isa::kNop});
  machine::Watch watch;
  watch.add(0x1004);
  machine.setWatch(&watch);
  machine.state.gpr[3] = 0x2000, machine.state.gpr[4] = 0;
  start(0x1000);
  const uint64_t before = machine.state.steps;
  EXPECT_EQ(machine.run(100000), Stop::Watch);
  EXPECT_EQ(machine.state.dpc, 0x1004u);
  EXPECT_EQ(machine.state.pc, 0x1008u);
  EXPECT_EQ(machine.state.steps, before + 1);
  EXPECT_TRUE(watch.stores.empty());
  EXPECT_EQ(machine.glide(100000), Stop::Watch);  // not at once: the run begins there
  EXPECT_EQ(machine.state.steps, before + 6);
  machine.settle();
  EXPECT_EQ(machine.state.gpr[4], 2u);
  ASSERT_EQ(watch.stores.size(), 1u);  // the byte follows the word
  EXPECT_EQ(watch.stores[0].address, 0x2000u);
  EXPECT_EQ(watch.stores[0].size, 5u);
  EXPECT_EQ(machine.run(4), Stop::Limit);
  EXPECT_EQ(machine.run(1), Stop::Watch);  // arrives with the last instruction, counted one by one
  EXPECT_EQ(machine.state.steps, before + 11);
  EXPECT_EQ(watch.causes, 0u);
  put(0x1008, {encode(Op::Trap, 0, 0, 7)});
  EXPECT_EQ(machine.run(100000), Stop::Watch);
  EXPECT_EQ(watch.causes, 1u << 5);
  EXPECT_EQ(watch.interrupted, 0x1008u);
  EXPECT_EQ(machine.state.dpc, 0u);
  machine.setWatch(nullptr);
}

// Runs that go from place to place ask the devices as seldom as a long one, and see as much of them.
TEST_F(Run, GlidesMeetLinesAndTheHost) {
  put(0x1000, {encode(Op::Addi, 4, 4, 1), encode(Op::Addi, 5, 5, 1), encode(Op::J, 0, 0, -12), isa::kNop});
  machine::Watch watch;
  watch.add(0x1004);
  watch.add(0x2004);
  machine.setWatch(&watch);
  machine.state.gpr[4] = machine.state.gpr[5] = 0;
  machine.state.spr[isa::SR] = 1 << 14;
  bus.up = 1 << 14, bus.from = 6000;
  start(0x1000);
  uint64_t stops = 0;
  while (stops < 3000 && machine.glide(100000) == Stop::Watch && watch.causes == 0) ++stops;
  EXPECT_EQ(watch.causes, 1u << 14);
  EXPECT_EQ(stops, 1500u);
  EXPECT_EQ(machine.state.steps, 6001u);
  EXPECT_EQ(machine.state.dpc, 0u);

  // The run's end is the host's, though a place is reached with it.
  put(0x2000, {encode(Op::Sw, 4, 3, 0), encode(Op::Addi, 4, 4, 1)});
  bus.up = 0;
  machine.settle();
  machine.setBus(&bus);
  machine.state.gpr[3] = 0xFFFFE000;
  start(0x2000);
  EXPECT_EQ(machine.glide(100000), Stop::Host);
  EXPECT_EQ(machine.state.dpc, 0x2004u);
  machine.setWatch(nullptr);
  EXPECT_EQ(machine.glide(10), Stop::Host);
}

// Stores of user mode are listed where they go, places are those of system mode, an interrupt ends the run.
TEST_F(Run, WatchesFollowUsers) {
  put(0x1000, {encode(Op::Movi2s, 4, 0, isa::EMODE)});
  machine.state.spr[isa::PTO] = 3, machine.state.spr[isa::PTL] = 1;
  put(0x3000, {0x4000 | 0x800, 0x5000 | 0x800});
  put(0x4000, {encode(Op::Addi, 4, 4, 1), encode(Op::Sw, 4, 3, 0), encode(Op::J, 0, 0, -12), encode(Op::Sb, 4, 3, 64)});
  machine::Watch watch;
  watch.users = machine::Watch::Users::Run;
  watch.add(4);  // a virtual address of the loop
  machine.setWatch(&watch);
  machine.state.gpr[3] = 0x1010, machine.state.gpr[4] = 0;
  machine.state.spr[isa::EMODE] = 1, machine.state.spr[isa::EDPC] = 0, machine.state.spr[isa::EPC] = 4;
  put(0x1000, {encode(Op::Rfe, 0, 0, 0)});
  start(0x1000);
  EXPECT_EQ(machine.run(100), Stop::Watch);  // entered
  EXPECT_TRUE(machine.state.user());
  EXPECT_EQ(machine.state.steps, 1u);
  for (uint64_t limit : {4000u, 3u, 1u}) {
    const uint64_t before = machine.state.steps;
    EXPECT_EQ(machine.run(limit), Stop::Limit);
    EXPECT_EQ(machine.state.steps, before + limit);
  }
  EXPECT_EQ(machine.state.gpr[4], 1001u);
  ASSERT_EQ(watch.stores.size(), 2002u);
  EXPECT_EQ(watch.stores[0].address, 0x5010u);
  EXPECT_EQ(watch.stores[1].address, 0x5050u);
  uint32_t word = 0;
  machine.read(0x5010, &word, 4);
  EXPECT_EQ(word, 1001u);
  machine.state.gpr[3] = 0x2000;
  EXPECT_EQ(machine.run(100), Stop::Watch);
  EXPECT_EQ(watch.causes, 1u << kDataFault);
  EXPECT_FALSE(machine.state.user());
  machine.setWatch(nullptr);
}

// Likewise with the places of user mode, and the pages that were stored to; also when their translations are known.
TEST_F(Run, WatchesSeeWhereUsersAre) {
  machine.state.spr[isa::PTO] = 3, machine.state.spr[isa::PTL] = 5;
  put(0x3000, {0x800, 0x1000 | 0x800, 0, 0, 0x4000 | 0x800, 0x6000 | 0x800});
  put(0x4000, {encode(Op::Addi, 4, 4, 1), encode(Op::Sw, 4, 3, 0), encode(Op::J, 0, 0, -12), encode(Op::Sb, 4, 3, 64)});
  machine::Watch watch;
  watch.users = machine::Watch::Users::Watch, watch.byPage = true;
  watch.add(0x4004);
  machine.setWatch(&watch);
  machine.state.gpr[3] = 0x5010, machine.state.gpr[4] = 0;
  machine.state.spr[isa::MODE] = 1;
  start(0x4000);
  const uint64_t before = machine.state.steps;
  for (uint64_t round = 0; round < 3; ++round) {
    EXPECT_EQ(machine.glide(100000), Stop::Watch);
    EXPECT_EQ(machine.state.dpc, 0x4004u);
    EXPECT_EQ(machine.state.steps, before + 1 + 4 * round);
    EXPECT_EQ(watch.pages, round ? std::vector<uint64_t>{uint64_t(1) << 6} : std::vector<uint64_t>{});
  }
  EXPECT_EQ(machine.run(3), Stop::Limit);
  EXPECT_EQ(machine.run(1), Stop::Watch);  // counted one by one
  EXPECT_EQ(machine.state.steps, before + 13);
  EXPECT_TRUE(watch.stores.empty());
  machine.clearPages();
  EXPECT_EQ(machine.glide(100000), Stop::Watch);
  EXPECT_EQ(watch.pages, std::vector<uint64_t>{uint64_t(1) << 6});
  machine.setWatch(nullptr);
}

// As fast as without a list: what is known of a page stays known until the next setWatch or clearPages.
TEST_F(Run, WatchesListPages) {
  put(0x1000, {encode(Op::Sw, 4, 3, 0), encode(Op::J, 0, 0, -8), encode(Op::Sb, 4, 5, 0)});
  machine::Watch watch;
  watch.byPage = true;
  machine.setWatch(&watch);
  machine.state.gpr[3] = 0x2000, machine.state.gpr[5] = 0x5FFF;
  start(0x1000);
  EXPECT_EQ(machine.run(5000), Stop::Limit);
  EXPECT_EQ(watch.pages, std::vector<uint64_t>{1 << 2 | 1 << 5});
  watch.pages.clear();
  EXPECT_EQ(machine.run(5000), Stop::Limit);
  EXPECT_TRUE(watch.pages.empty());
  machine.setWatch(&watch);
  EXPECT_EQ(machine.run(5000), Stop::Limit);
  EXPECT_EQ(watch.pages, std::vector<uint64_t>{1 << 2 | 1 << 5});
  machine.clearPages();
  EXPECT_TRUE(watch.pages.empty());
  EXPECT_EQ(machine.run(5000), Stop::Limit);
  EXPECT_EQ(watch.pages, std::vector<uint64_t>{1 << 2 | 1 << 5});
  EXPECT_TRUE(watch.stores.empty());
  machine.setWatch(nullptr);
}

TEST_F(Run, FailedFetchHasNoWord) {
  Log log;
  machine.setObserver(&log);
  start(0x1002);
  machine.run(1);
  ASSERT_EQ(log.events.size(), 1u);
  EXPECT_EQ(log.events[0].word, 0u);
  EXPECT_EQ(log.events[0].dpc, 0x1002u);
  EXPECT_EQ(log.events[0].causes, 1u << 2);
}

TEST_F(Run, MemoryAccessFromOutside) {
  uint32_t value = 5;
  EXPECT_TRUE(machine.write(kMemoryBytes - 4, &value, 4));
  EXPECT_FALSE(machine.write(kMemoryBytes - 3, &value, 4));
  EXPECT_FALSE(machine.write(0xFFFFFFFE, &value, 4));
  value = 0;
  EXPECT_TRUE(machine.read(kMemoryBytes - 4, &value, 4));
  EXPECT_EQ(value, 5u);
  EXPECT_FALSE(machine.read(kMemoryBytes, &value, 1));
  EXPECT_EQ(machine.memory().size(), kMemoryBytes);
  EXPECT_EQ(machine.memorySize(), kMemoryBytes);
}

// A page that is code and data at once is watched, then left alone, then found to be code again.
TEST_F(Run, PagesThatAreCodeAndData) {
  put(0x1000, {encode(Op::Sw, 4, 3, 0), encode(Op::Addi, 4, 4, 1), encode(Op::Lw, 5, 3, 0), encode(Op::Add, 6, 6, 0, 5),
               encode(Op::J, 0, 0, -20), isa::kNop});
  machine.state.gpr[3] = 0x1800;  // in the same page
  start(0x1000);
  machine.run(6 * 100000);
  EXPECT_EQ(machine.state.gpr[4], 100000u);
  EXPECT_EQ(machine.state.gpr[6], uint32_t(99999ull * 100000 / 2));
  machine.state.gpr[3] = 0x1004;  // and now it patches itself: addi becomes what r4 says
  machine.state.gpr[4] = encode(Op::Addi, 7, 0, 9);
  start(0x1000);
  machine.run(2);
  EXPECT_EQ(machine.state.gpr[7], 9u);
}

}  // namespace
}  // namespace machine
