// Every point of a run that is gone to is the one that a run forward, by the reference executor, passes.
#include "vm/timeline/timeline.h"

#include <gtest/gtest.h>

#include <random>

#include "test/unit/devices/text_console.h"
#include "test/unit/machine/engine_test.h"

namespace timeline {
namespace {

using isa::Op;
using machine::encode;
using machine::State;

constexpr uint32_t kMemory = 16 * 4096, kTable = 0x4000;
constexpr unsigned kRounds = 600;

// A loop that takes a byte of input, adds it up, stores the sum to a table of 64 pages' words, and prints; a timer interrupts it.
void load(machine::Machine& machine) {
  const std::vector<uint32_t> handler = {encode(Op::Addi, 10, 10, 1), encode(Op::Sw, 10, 0, 0x2000), encode(Op::Sw, 0, 20, 12),
                                         encode(Op::Rfe, 0, 0, 0)};
  const std::vector<uint32_t> program = {
      encode(Op::Addi, 2, 0, 97),         encode(Op::Sw, 2, 20, 4),        encode(Op::Addi, 2, 0, 7),   encode(Op::Sw, 2, 20, 0),
      encode(Op::Addi, 2, 0, 0x4000),     encode(Op::Movi2s, 0, 2, 0, 0, isa::SR),
      encode(Op::Lw, 5, 3, 16),  // 0x1018
      encode(Op::Add, 6, 6, 0, 5),        encode(Op::Slli, 7, 4, 0, 0, 5), encode(Op::Andi, 7, 7, 0x7FFC),
      encode(Op::Sw, 6, 7, kTable),       encode(Op::Sw, 5, 3, 4),         encode(Op::Addi, 4, 4, 1),
      encode(Op::Slsi, 8, 4, kRounds),    encode(Op::Bnez, 0, 8, -36),     isa::kNop,
      encode(Op::Sw, 4, 3, 0)};
  machine.write(0, handler.data(), uint32_t(4 * handler.size()));
  machine.write(0x1000, program.data(), uint32_t(4 * program.size()));
  machine.state.gpr[3] = 0xFFFFE000, machine.state.gpr[20] = 0xFFFF9000;
  machine.state.dpc = 0x1000, machine.state.pc = 0x1004;
}
constexpr uint32_t kLoop = 0x1018, kStore = 0x1028;

std::string input() {
  std::string text;
  for (unsigned i = 0; i < kRounds - 50; i++) text += char('a' + i * i % 26);
  return text;
}

std::vector<uint8_t> all(const machine::Machine& machine, const devices::SystemBus& bus) {
  base::Writer bytes;
  bus.save(bytes);
  bytes.bytes.insert(bytes.bytes.end(), machine.memory().begin(), machine.memory().end());
  return bytes.bytes;
}

// The run forward: what there is at each time.
struct Forward {
  std::vector<State> states;
  std::vector<std::vector<uint8_t>> rest;
  std::string output;

  Forward() {
    devices::TextConsole host, serial;
    host.input = input();
    devices::SystemBus bus(host, serial, kMemory);
    machine::Machine machine(kMemory, &bus);
    load(machine);
    do {
      bus.lines(machine.state.steps);
      states.push_back(machine.state);
      rest.push_back(all(machine, bus));
    } while (machine.step() == machine::Stop::Limit);
    states.push_back(machine.state);
    rest.push_back(all(machine, bus));
    output = host.output;
  }
  uint64_t last() const { return states.size() - 1; }
};

const Forward& forward() {
  static const Forward run;
  return run;
}

struct TimelineTest : testing::Test {
  TimelineTest() {
    host.input = input();
    journal.setClock(machine.state.steps);
    load(machine);
    timeline.emplace(machine, bus, journal, Budget{.interval = 64, .snapshots = 10});
  }

  void expectHere() {
    bus.lines(machine.state.steps);
    const uint64_t now = timeline->now();
    ASSERT_LE(now, forward().last());
    EXPECT_EQ(machine.state, forward().states[now]) << "at " << now;
    EXPECT_TRUE(all(machine, bus) == forward().rest[now]) << "at " << now;
  }
  // Times before `end` at which the instruction at `place` is next.
  static std::vector<uint64_t> visits(uint32_t place, uint64_t end) {
    std::vector<uint64_t> times;
    for (uint64_t time = 0; time < end; time++)
      if (const State& state = forward().states[time]; state.dpc == place && state.pc == place + 4) times.push_back(time);
    return times;
  }

  devices::TextConsole host, serial;
  Journal journal{host, serial};
  devices::SystemBus bus{journal.host(), journal.serial(), kMemory};
  machine::Machine machine{kMemory, &bus};
  std::optional<Timeline> timeline;
};

TEST_F(TimelineTest, EveryTimeIsAsInTheRunForward) {
  EXPECT_EQ(timeline->run(1000), Reason::Limit);
  expectHere();
  EXPECT_EQ(timeline->run(), Reason::Host);
  EXPECT_EQ(timeline->now(), forward().last());
  expectHere();
  std::mt19937 random(1);
  for (unsigned i = 0; i < 300; i++) {
    const uint64_t to = random() % (forward().last() + 1);
    timeline->goTo(to);
    EXPECT_EQ(timeline->now(), to);
    expectHere();
  }
  EXPECT_LE(timeline->snapshots(), 10u);
  EXPECT_GT(timeline->interval(), 64u);
  EXPECT_EQ(timeline->goTo(0), Reason::Limit);
  EXPECT_EQ(timeline->run(), Reason::Host);
  expectHere();
  EXPECT_EQ(host.output, forward().output);  // once
  EXPECT_EQ(bus.host.exitStatus(), kRounds);
}

TEST_F(TimelineTest, StepsBack) {
  timeline->run(500);
  for (unsigned i = 0; i < 200; i++) {
    EXPECT_EQ(timeline->stepBack(), Reason::Limit);
    expectHere();
  }
  EXPECT_EQ(timeline->stepBack(1000), Reason::Start);
  EXPECT_EQ(timeline->now(), 0u);
  EXPECT_EQ(timeline->stepBack(), Reason::Start);
  expectHere();
}

TEST_F(TimelineTest, StopsAtPlacesForwardAndBack) {
  timeline->stopAt({kLoop}, {});
  const std::vector<uint64_t> times = visits(kLoop, forward().last());
  for (uint64_t time : times) {
    ASSERT_EQ(timeline->run(), Reason::Break);
    ASSERT_EQ(timeline->now(), time);
  }
  EXPECT_EQ(timeline->run(), Reason::Host);
  for (auto time = times.rbegin(); time != times.rend(); ++time) {
    ASSERT_EQ(timeline->runBack(), Reason::Break);
    ASSERT_EQ(timeline->now(), *time);
  }
  expectHere();
  EXPECT_EQ(timeline->runBack(), Reason::Start);
  EXPECT_EQ(timeline->now(), 0u);
}

TEST_F(TimelineTest, WantedPlacesOnly) {
  timeline->stopAt({kLoop}, {}, [](const State& state) { return state.gpr[4] % 100 == 99; });
  for (unsigned i = 0; i < kRounds / 100; i++) {
    ASSERT_EQ(timeline->run(), Reason::Break);
    EXPECT_EQ(machine.state.gpr[4], 100 * i + 99);
  }
  EXPECT_EQ(timeline->run(), Reason::Host);
  EXPECT_EQ(timeline->runBack(), Reason::Break);
  EXPECT_EQ(machine.state.gpr[4], 599u);
  EXPECT_EQ(timeline->runBack(timeline->now() - 10), Reason::Start);  // not as far as the next
}

TEST_F(TimelineTest, StopsBeforeStores) {
  const Range counter{0x2000, 4};
  timeline->stopAt({}, {counter});
  const std::vector<uint64_t> times = visits(4, forward().last());
  ASSERT_GT(times.size(), 20u);
  for (uint64_t time : times) {
    ASSERT_EQ(timeline->run(), Reason::Store);
    ASSERT_EQ(timeline->now(), time);
    EXPECT_EQ(timeline->store().address, 0x2000u);
  }
  EXPECT_EQ(timeline->run(), Reason::Host);
  for (auto time = times.rbegin(); time != times.rend(); ++time) {
    ASSERT_EQ(timeline->runBack(), Reason::Store);
    ASSERT_EQ(timeline->now(), *time);
    expectHere();
  }
  EXPECT_EQ(timeline->runBack(), Reason::Start);
}

TEST_F(TimelineTest, StoresBesideARangeDoNotCount) {
  timeline->stopAt({}, {{0x2004, 4}, {0x1FFC, 4}});
  EXPECT_EQ(timeline->run(), Reason::Host);
}

TEST_F(TimelineTest, LastWriteAndLastStep) {
  timeline->run(4000);
  const uint64_t here = timeline->now();
  const auto written = timeline->lastWrite({0x2001, 1});
  ASSERT_TRUE(written);
  EXPECT_EQ(written->time, visits(4, here).back());
  EXPECT_EQ(written->dpc, 4u);
  EXPECT_EQ(written->to.size, 4u);
  EXPECT_FALSE(timeline->lastWrite({0x3000, 0x100}));
  const auto stored = timeline->lastStep(
      [](const State& before, const State&, const machine::Event&) { return before.dpc == kStore && before.gpr[4] == 3; });
  ASSERT_TRUE(stored);
  EXPECT_EQ(*stored, visits(kStore, here)[3]);
  EXPECT_FALSE(timeline->lastStep([](const State&, const State&, const machine::Event&) { return false; }));
  EXPECT_EQ(timeline->now(), here);
  expectHere();
}

TEST_F(TimelineTest, AnEditMakesAnotherFuture) {
  timeline->run(1000);
  timeline->goTo(500);
  machine.state.gpr[10] = 12345;
  const uint32_t word = 77;
  machine.write(0x3000, &word, 4);
  timeline->edited();
  EXPECT_EQ(timeline->last(), 500u);
  EXPECT_EQ(timeline->run(500), Reason::Limit);
  EXPECT_GT(machine.state.gpr[10], 12345u);
  const State after = machine.state;
  timeline->goTo(499);
  expectHere();
  timeline->goTo(1000);
  EXPECT_EQ(machine.state, after);
  uint32_t read = 0;
  machine.read(0x3000, &read, 4);
  EXPECT_EQ(read, 77u);
}

TEST_F(TimelineTest, InterruptEndsARunAtItsFrontier) {
  timeline->interrupt = [] { return true; };
  EXPECT_EQ(timeline->run(), Reason::Requested);
  EXPECT_EQ(timeline->now(), 64u);
  timeline->goTo(3);
  EXPECT_EQ(timeline->goTo(60), Reason::Limit);
}

TEST_F(TimelineTest, AReplayNeedsNoConsole) {
  timeline->run();
  devices::TextConsole silent;
  Journal again(silent, silent);
  again.replay(journal.events());
  devices::SystemBus bus(again.host(), again.serial(), kMemory);
  machine::Machine machine(kMemory, &bus);
  again.setClock(machine.state.steps);
  load(machine);
  machine.run(machine::kNever);
  EXPECT_EQ(machine.state, forward().states.back());
  EXPECT_EQ(silent.output, forward().output);
  EXPECT_EQ(again.divergence(), std::nullopt);
}

TEST(Journal, NamesWhatIsNotAsRecorded) {
  devices::TextConsole silent;
  Journal journal(silent, silent);
  uint64_t now = 7;
  journal.setClock(now);
  journal.replay({std::vector<Event>{{5, "a"}}, std::vector<Event>{{9, "b"}}});
  EXPECT_EQ(journal.divergence(), "at instruction 5: input of the device host was not taken");
  EXPECT_EQ(journal.host().get(), 'a');
  EXPECT_EQ(journal.divergence(), "at instruction 7: input of the device host was taken at instruction 5");
  EXPECT_FALSE(journal.serial().available());
  now = 9;
  EXPECT_TRUE(journal.serial().available());
  EXPECT_EQ(journal.serial().get(), 'b');
  EXPECT_FALSE(journal.serial().available());
}

TEST(ReversibleStorage, GoesBackToWhatItWas) {
  auto below = std::make_shared<devices::MemoryStorage>(20);
  std::array<uint8_t, devices::kSectorBytes> sector{}, read{};
  sector.fill(1);
  ASSERT_TRUE(below->write(17, sector.data()));
  ReversibleStorage storage(below);
  const machine::Pages first = storage.contents();
  sector.fill(2);
  storage.write(16, sector.data());
  const machine::Pages second = storage.contents();
  sector.fill(3);
  storage.write(17, sector.data());
  storage.write(0, sector.data());
  const auto byte = [&](uint32_t at) { return storage.read(at, read.data()), read[511]; };
  EXPECT_EQ(byte(16), 2);
  EXPECT_EQ(byte(17), 3);
  EXPECT_EQ(byte(0), 3);
  storage.restore(second);
  EXPECT_EQ(byte(16), 2);
  EXPECT_EQ(byte(17), 1);
  EXPECT_EQ(byte(0), 0);
  storage.restore(first);
  EXPECT_EQ(byte(16), 0);
  EXPECT_EQ(byte(17), 1);
  below->read(16, read.data());
  EXPECT_EQ(read[0], 0);
}

}  // namespace
}  // namespace timeline
