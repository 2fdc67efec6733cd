// The first pass of mode parallel, over the hand-made program: 56 instructions, the `new` at main.3.
#include <gtest/gtest.h>

#include "test/unit/consis/hand_made.h"
#include "vm/consis/checkpoint.h"

namespace consis {
namespace {

using isa::Op;
using test::HandMade;

class Pass : public testing::Test {
 protected:
  Pass() { options.memory = 1 << 20, options.segment = 1; }
  void load() {
    image.emplace(std::move(*Image::load(made.elf())));
    landmarks.emplace(*image);
  }
  // All checkpoints, from `start` on.
  std::vector<CheckpointPtr> all(CheckpointPtr start = nullptr) {
    FirstPass pass(*image, *landmarks, input, options, start);
    std::vector<CheckpointPtr> checkpoints;
    while (CheckpointPtr next = pass.next()) checkpoints.push_back(next);
    ended = pass.ended();
    return checkpoints;
  }
  static std::vector<Made> heapOf(const Checkpoint& checkpoint) {
    std::vector<Made> heap;
    for (const auto& chunk : checkpoint.heap) heap.insert(heap.end(), chunk->begin(), chunk->end());
    return heap;
  }

  HandMade made;
  Options options;
  std::optional<Image> image;
  std::optional<Landmarks> landmarks;
  Input input{{}};
  bool ended = false;
};

TEST_F(Pass, StopsAtEveryStatementIfSegmentsAreShort) {
  load();
  const auto checkpoints = all();
  EXPECT_TRUE(ended);
  // Main's statements but the one of the other branch; twice's two in between.
  const uint32_t twice = *image->program().findFunction("twice"), main = *image->program().findFunction("main");
  const std::vector<StatementId> expected = {{main, 0},  {main, 1}, {main, 2}, {main, 3}, {main, 4}, {twice, 0},
                                             {twice, 1}, {main, 5}, {main, 6}, {main, 7}, {main, 8}, {main, 10}};
  ASSERT_EQ(checkpoints.size(), expected.size());
  for (size_t i = 0; i < checkpoints.size(); ++i) {
    const Checkpoint& checkpoint = *checkpoints[i];
    EXPECT_EQ(checkpoint.number, i + 1);
    EXPECT_EQ(checkpoint.head, expected[i]) << i;
    EXPECT_EQ(checkpoint.state.pc, checkpoint.state.dpc + 4);
    EXPECT_EQ(landmarks->statement(checkpoint.state.dpc), checkpoint.head);
    EXPECT_EQ(checkpoint.outputs, i < 9 ? 0u : 1u);
  }
}

TEST_F(Pass, LongerSegmentsStopLessOften) {
  load();
  options.segment = 20;
  const auto checkpoints = all();
  ASSERT_EQ(checkpoints.size(), 2u);
  EXPECT_GE(checkpoints[0]->state.steps, 20u);
  EXPECT_GE(checkpoints[1]->state.steps, checkpoints[0]->state.steps + 20);
  options.segment = 0;  // the default is more than the run has
  EXPECT_TRUE(all().empty());
  EXPECT_TRUE(ended);
}

TEST_F(Pass, HeapVariablesAreThoseThatR30HasMovedBy) {
  load();
  const core::TypeId node = image->program().types[image->program().globals[2].type].element;
  for (uint64_t segment : {1, 20, 40}) {
    options.segment = segment;
    for (const CheckpointPtr& checkpoint : all()) {
      const std::vector<Made> heap = heapOf(*checkpoint);
      const bool later = checkpoint->state.gpr[isa::kHeap] != test::kHeap;
      ASSERT_EQ(heap.size(), later ? 1u : 0u);
      if (!later) continue;
      EXPECT_EQ(heap[0].address, test::kHeap);
      EXPECT_EQ(heap[0].type, node);
      EXPECT_EQ(heap[0].count, 0u);
    }
  }
}

// r30 moves elsewhere, or by something else: no checkpoint can be from there on.
TEST_F(Pass, LosesAHeapThatItDoesNotUnderstand) {
  made.patch("main.3", 3, {.op = Op::Addi, .rd = 30, .rs1 = 30, .imm = 12});
  load();
  EXPECT_EQ(all().size(), 4u);
  EXPECT_FALSE(ended);
  made = HandMade();
  made.patch("main.1", 0, {.op = Op::Addi, .rd = 30, .rs1 = 30, .imm = 8});
  load();
  EXPECT_EQ(all().size(), 2u);
  EXPECT_FALSE(ended);
}

TEST_F(Pass, PagesThatDidNotChangeAreShared) {
  load();
  const auto checkpoints = all();
  const uint32_t text = test::kText / machine::kPageSize, globals = test::kGlobals / machine::kPageSize;
  for (size_t i = 1; i < checkpoints.size(); ++i) {
    const auto &before = checkpoints[i - 1]->memory, &now = checkpoints[i]->memory;
    EXPECT_EQ(before.at(text), now.at(text));
    EXPECT_EQ(before.at(globals) != now.at(globals), i == 2 || i == 3 || i == 4 || i == 11) << i;  // g, c, list, g
  }
  ASSERT_TRUE(checkpoints[0]->memory.at(text));
  EXPECT_EQ(checkpoints[0]->memory.at(0x40000 / machine::kPageSize), nullptr);
}

// What a checkpoint has is all that the future depends on, for machines and for passes.
TEST_F(Pass, GoesOnFromEveryCheckpoint) {
  load();
  const auto checkpoints = all();
  for (const CheckpointPtr& start : checkpoints) {
    RecordingConsole console({});
    devices::SystemBus bus(console, silence(), options.memory);
    machine::Machine machine(options.memory, &bus);
    resume(machine, bus, *start);
    EXPECT_EQ(machine.run(1000), machine::Stop::Host);
    EXPECT_EQ(bus.host.exitStatus(), 7u);
    EXPECT_EQ(console.output.size(), 1 - start->outputs);

    const auto rest = all(start);
    ASSERT_EQ(rest.size(), checkpoints.size() - start->number);
    for (const CheckpointPtr& other : rest) {
      const Checkpoint& same = *checkpoints[other->number - 1];
      EXPECT_EQ(other->head, same.head);
      EXPECT_EQ(other->state, same.state);
      EXPECT_EQ(other->outputs, same.outputs);
      EXPECT_EQ(heapOf(*other).size(), heapOf(same).size());
      for (uint32_t page = 0; page < same.memory.count(); ++page) {
        ASSERT_EQ(bool(other->memory.at(page)), bool(same.memory.at(page))) << page;
        if (same.memory.at(page)) {
          EXPECT_EQ(*other->memory.at(page), *same.memory.at(page)) << page;
        }
      }
    }
  }
}

// Else a segment would have to run a machine of its own up to where its record begins.
TEST_F(Pass, RecordsBeginWhereTheSegmentDoes) {
  load();
  options.segment = 20;
  FirstPass pass(*image, *landmarks, input, options, nullptr);
  TrailRecord record;
  ASSERT_TRUE(pass.next(&record));
  uint64_t begin = 0;
  unsigned records = 0;
  for (CheckpointPtr end; (end = pass.next(&record)); ++records) {
    TrailRecord::Position first;
    const auto part = record.part(first);
    ASSERT_TRUE(part);
    EXPECT_EQ(part->begin, begin == 0 ? part->begin : begin);
    begin = end->state.steps;
  }
  EXPECT_GT(records, 0u);
}

TEST_F(Pass, EndsBeforeTheRunIfItIsToldSo) {
  load();
  const auto whole = all();
  options.until = whole[5]->state.steps;
  EXPECT_EQ(all().size(), 6u);
  EXPECT_FALSE(ended);
}

TEST(Inputs, AreTheSameForAll) {
  std::vector<int> rest{3, 2, 1};
  unsigned asked = 0;
  Input input([&] {
    ++asked;
    if (rest.empty()) return -1;
    const int byte = rest.back();
    return rest.pop_back(), byte;
  });
  auto first = input.from(0), second = input.from(1);
  EXPECT_EQ(second(), 2);
  EXPECT_EQ(first(), 1);
  EXPECT_EQ(first(), 2);
  EXPECT_EQ(input.at(3), -1);
  EXPECT_EQ(asked, 4u);
  EXPECT_EQ(Input({}).at(5), -1);
}

}  // namespace
}  // namespace consis
