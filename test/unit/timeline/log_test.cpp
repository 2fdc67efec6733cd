// Logs and snapshots as files; what a replay finds.
#include "vm/timeline/log.h"

#include <gtest/gtest.h>

#include "test/unit/devices/text_console.h"
#include "test/unit/machine/engine_test.h"
#include "vm/timeline/container.h"
#include "vm/timeline/snapshot.h"

namespace timeline {
namespace {

using isa::Op;
using machine::encode;

constexpr uint32_t kBoardMemory = 16 * 4096;

// A loop that takes bytes of input until their end, adds them up, stores the sum, and stops with it.
struct Board {
  devices::TextConsole console;
  Journal journal{console, console};
  devices::SystemBus bus{journal.host(), journal.serial(), kBoardMemory};
  machine::Machine machine{kBoardMemory, &bus};

  Board() {
    const uint32_t program[] = {encode(Op::Lw, 5, 3, 16),   encode(Op::Slsi, 6, 5, 0), encode(Op::Bnez, 0, 6, 16), encode(Op::Add, 4, 4, 0, 5),
                                encode(Op::Sw, 4, 0, 0x5010), encode(Op::J, 0, 0, -24),  isa::kNop,                  encode(Op::Sw, 4, 3, 0)};
    machine.write(0x1000, program, sizeof program);
    machine.state.gpr[3] = 0xFFFFE000;
    machine.state.dpc = 0x1000, machine.state.pc = 0x1004;
    journal.setClock(machine.state.steps);
    for (unsigned i = 0; i < 500; i++) console.input += char('a' + i % 26);
  }
  Execute execute() {
    return [this](uint64_t limit) { return machine.run(limit); };
  }
};

Log recorded() {
  Board board;
  Log log;
  log.interval = 100;
  log.settings = {{"image", "abc"}, {"seed", "0"}};
  record(board.machine, board.bus, machine::kNever, board.execute(), {}, log);
  log.events = board.journal.events();
  return log;
}

base::Status replayed(const Log& log, const std::function<void(Board&)>& before = {}) {
  Board board;
  board.console.input.clear();
  if (before) before(board);
  board.journal.replay(log.events);
  return replay(board.machine, board.bus, board.journal, board.execute(), log);
}

TEST(Log, RoundTripAndReplay) {
  const Log log = recorded();
  EXPECT_EQ(log.events[0].size(), 501u);
  EXPECT_EQ(log.digests.size(), log.digests.back().state.steps / 100 + 1);
  auto read = readLog(writeLog(log));
  ASSERT_TRUE(read);
  EXPECT_TRUE(*read == log);
  EXPECT_TRUE(replayed(*read));
}

TEST(Log, ReferenceExecutorReplaysToo) {
  const Log log = recorded();
  Board board;
  board.journal.replay(log.events);
  EXPECT_TRUE(replay(
      board.machine, board.bus, board.journal,
      [&](uint64_t limit) {
        machine::Stop stop = machine::Stop::Limit;
        while (limit-- && stop == machine::Stop::Limit) stop = board.machine.step();
        return stop;
      },
      log));
}

TEST(Log, EndsWhereItIsAskedTo) {
  Log log = recorded();
  log.digests[3].state.gpr[9] ^= 1;  // at 400
  Board board;
  board.journal.replay(log.events);
  EXPECT_TRUE(replay(board.machine, board.bus, board.journal, board.execute(), log, 399));
  EXPECT_EQ(board.machine.state.steps, 399u);
  EXPECT_FALSE(replayed(log));
}

TEST(Log, NamesTheFirstDifference) {
  const Log log = recorded();
  const auto error = [&](const std::function<void(Board&)>& before) {
    const auto status = replayed(log, before);
    EXPECT_FALSE(status);
    return status ? "" : status.error().id + ": " + status.error().text;
  };
  const std::string first = "replay-differs: between the instructions 0 and 100 the run differs from the recorded one: ";
  EXPECT_EQ(error([](Board& board) { board.machine.state.gpr[9] = 7; }), first + "register r9 is 0x7, and was 0x0");
  EXPECT_EQ(error([](Board& board) { const uint32_t word = 1; board.machine.write(0x7004, &word, 4); }), first + "memory page 0x7000 is another");
  EXPECT_EQ(error([](Board& board) { board.bus.write(devices::kTimer, 1, 5, 0); }), first + "the state of the device timer is another");
  EXPECT_EQ(error([](Board& board) { board.machine.state.dpc = 0x100C, board.machine.state.pc = 0x1010; }).substr(0, first.size() + 52),
            first + "at instruction 4: input of the device host was taken");
}

TEST(Log, NamesTheInterval) {
  Log log = recorded();
  log.digests[7].state.gpr[4] ^= 1;
  EXPECT_EQ(replayed(log).error().text.substr(0, 45), "between the instructions 700 and 800 the run ");
  log = recorded();
  ASSERT_EQ(log.digests[7].pages.size(), 1u);
  EXPECT_EQ(log.digests[7].pages[0].first, 5u);
  log.digests[7].pages[0].second ^= 1;
  EXPECT_EQ(replayed(log).error().text, "between the instructions 700 and 800 the run differs from the recorded one: memory page 0x5000 is another");
  log.digests[7].pages.clear();  // it was not written at all
  EXPECT_FALSE(replayed(log));
}

TEST(Log, OtherInputIsFound) {
  Log log = recorded();
  log.events[0][250].bytes = "?";
  EXPECT_FALSE(replayed(log));
  log = recorded();
  log.events[0][250].time += 1;
  const std::string text = replayed(log).error().text;
  EXPECT_NE(text.find("input of the device host was taken at instruction"), std::string::npos) << text;
}

TEST(Log, OtherSettingsAreFound) {
  const std::vector<Setting> recorded = {{"image", "abc"}, {"seed", "0"}};
  EXPECT_TRUE(sameRun(recorded, recorded));
  const auto error = sameRun({{"image", "abc"}, {"seed", "1"}}, recorded).error();
  EXPECT_EQ(error.id, "other-run");
  EXPECT_EQ(error.place, "seed");
  EXPECT_EQ(error.text, "the log is of another run: it has '0', this run '1'");
  EXPECT_EQ(sameRun({{"image", "abc"}, {"seed", "0"}, {"disk", "d"}}, recorded).error().place, "disk");
  EXPECT_EQ(sameRun({{"image", "abc"}}, recorded).error().text, "the log is of another run: it has '0', this run nothing");
}

TEST(Log, WhatIsNoneIsRefused) {
  const std::vector<uint8_t> file = writeLog(recorded());
  for (size_t size = 0; size < file.size(); size++) {
    const auto log = readLog(std::span(file).first(size));
    ASSERT_FALSE(log) << size;
    EXPECT_EQ(log.error().id, "bad-log");
  }
  for (size_t at = 0; at < file.size(); at++) {
    std::vector<uint8_t> damaged = file;
    damaged[at] ^= 0x10;
    const auto log = readLog(damaged);  // zstd has bits that mean nothing
    EXPECT_TRUE(!log || *log == recorded()) << at;
  }
  std::vector<uint8_t> longer = file;
  longer.push_back(0);
  EXPECT_FALSE(readLog(longer));
}

// Whatever a well-formed container holds.
TEST(Log, AnyContentIsSurvived) {
  auto content = unpack(kLogFormat, writeLog(recorded()));
  ASSERT_TRUE(content);
  uint32_t random = 1;
  for (unsigned round = 0; round < 3000; round++) {
    std::vector<uint8_t> other = *content;
    for (unsigned i = 0; i < 1 + round % 4; i++) {
      random = random * 1664525 + 1013904223;
      other[(random >> 8) % std::min<size_t>(other.size(), round % 2 ? 64 : other.size())] = uint8_t(random >> 3);
    }
    if (round % 5 == 0) other.resize(random % other.size());
    const auto log = readLog(pack(kLogFormat, other));
    EXPECT_TRUE(log || log.error().id == "bad-log");
  }
}

// Any state is one that a machine may be in.
TEST(Snapshots, AnyContentIsSurvived) {
  Board first;
  first.bus.disk = std::make_unique<devices::Disk>(std::make_shared<devices::MemoryStorage>(100));
  first.bus.write(devices::kDisk, 7, 0xEC, 0);
  first.machine.run(1234);
  auto content = unpack(kSnapshotFormat, *writeSnapshot(first.machine, first.bus));
  ASSERT_TRUE(content);
  uint32_t random = 1;
  unsigned accepted = 0;
  for (unsigned round = 0; round < 3000; round++) {
    std::vector<uint8_t> other = *content;
    for (unsigned i = 0; i < 1 + round % 4; i++) {
      random = random * 1664525 + 1013904223;
      const size_t beginning = 500, end = 600, at = (random >> 8) % (beginning + end);  // pages of memory lie between
      other[at < beginning ? at : other.size() - end + (at - beginning)] = uint8_t(random >> 3);
    }
    const auto snapshot = readSnapshot(pack(kSnapshotFormat, other));
    if (!snapshot || snapshot->memory > kBoardMemory) continue;
    devices::TextConsole console;
    devices::SystemBus bus(console, console, snapshot->memory);
    snapshot->attachDisks(bus);
    machine::Machine machine(snapshot->memory, &bus);
    if (!snapshot->restore(machine, bus)) continue;
    accepted++;
    machine.run(3000);
  }
  EXPECT_GT(accepted, 100u);
}

TEST(Snapshots, GoOnAsTheRunWouldHave) {
  Board first;
  first.bus.disk = std::make_unique<devices::Disk>(std::make_shared<devices::MemoryStorage>(100));
  std::array<uint8_t, devices::kSectorBytes> sector;
  sector.fill(9);
  first.bus.disk->storage()->write(77, sector.data());
  first.bus.write(devices::kTimer, 1, 100, 0);
  first.bus.write(devices::kTimer, 0, 7, 0);
  first.machine.run(1234);
  auto file = writeSnapshot(first.machine, first.bus);
  ASSERT_TRUE(file);
  auto snapshot = readSnapshot(*file);
  ASSERT_TRUE(snapshot);
  EXPECT_EQ(snapshot->memory, kBoardMemory);

  Board second;
  second.console.input = first.console.input;
  snapshot->attachDisks(second.bus);
  ASSERT_TRUE(snapshot->restore(second.machine, second.bus));
  EXPECT_EQ(stateHash(second.machine, second.bus), stateHash(first.machine, first.bus));
  sector.fill(0);
  second.bus.disk->storage()->read(77, sector.data());
  EXPECT_EQ(sector[511], 9);
  EXPECT_EQ(second.machine.run(100000), machine::Stop::Host);
  EXPECT_EQ(first.machine.run(100000), machine::Stop::Host);
  EXPECT_EQ(stateHash(second.machine, second.bus), stateHash(first.machine, first.bus));

  for (size_t size = 0; size < file->size(); size++) EXPECT_FALSE(readSnapshot(std::span(*file).first(size))) << size;
  auto content = unpack(kSnapshotFormat, *file);
  for (size_t size = 0; size < content->size(); size += 131) {
    const auto damaged = readSnapshot(pack(kSnapshotFormat, std::span(*content).first(size)));
    if (!damaged) continue;
    Board third;
    damaged->attachDisks(third.bus);
    const auto status = damaged->restore(third.machine, third.bus);
    ASSERT_FALSE(status) << size;
    EXPECT_EQ(status.error().id, "bad-snapshot");
  }
}

}  // namespace
}  // namespace timeline
