// Segments that are joined say what they say one by one; the hand-made program again, with a segment for each statement.
#include <gtest/gtest.h>

#include "test/unit/consis/hand_made.h"
#include "vm/consis/workers.h"

namespace consis {
namespace {

using test::HandMade;

class Segments : public testing::Test {
 protected:
  Segments() { options.memory = 1 << 20, options.segment = 1, options.jobs = 1; }
  void load() {
    image.emplace(std::move(*Image::load(made.elf())));
    shared.emplace(*image, options);
    FirstPass pass(*image, shared->landmarks, shared->input, shared->options, nullptr);
    checkpoints = {nullptr}, records.clear(), ends.clear();
    for (bool more = true; more;) {
      records.push_back(std::make_unique<TrailRecord>());
      const CheckpointPtr next = pass.next(records.back().get());
      ends.push_back(next ? std::vector{markOf(*next)} : std::vector<Mark>{});
      if (next) checkpoints.push_back(next);
      more = next != nullptr;
    }
    ASSERT_EQ(ends.size(), checkpoints.size());
  }
  uint32_t count() const { return uint32_t(ends.size()); }
  Stretch stretch(uint32_t number, bool recorded) const {
    return {checkpoints[number].get(), ends[number], recorded ? records[number].get() : nullptr};
  }
  // Of the segments first .. last; which of them have a record is a bit of `recorded` each.
  SegmentResult check(uint32_t first, uint32_t last, uint32_t recorded = ~0u) {
    const auto next = [&](uint32_t number) { return number <= last ? std::optional(stretch(number, recorded >> number & 1)) : std::nullopt; };
    return Segment(*shared, shared->options, stretch(first, recorded >> first & 1), nullptr).run(cancelled, next);
  }

  HandMade made;
  Options options;
  const std::atomic<bool> cancelled = false;
  std::optional<Image> image;
  std::optional<Shared> shared;
  std::vector<CheckpointPtr> checkpoints;
  std::vector<std::unique_ptr<TrailRecord>> records;
  std::vector<std::vector<Mark>> ends;
};

TEST_F(Segments, AreTheSameOneByOneAndJoined) {
  load();
  ASSERT_EQ(count(), 13u);
  std::vector<Truth> truths{check(0, 0).end};  // at the end of each
  for (uint32_t number = 1; number + 1 < count(); ++number) {
    const SegmentResult result = check(number, number);
    ASSERT_EQ(result.kind, SegmentResult::Reached) << number << result.why;
    ASSERT_TRUE(holds(result.link, truths.back()));
    truths.push_back(follow(result.link, truths.back()));
  }
  for (uint32_t recorded : {~0u, 0x5555u, 0xAAAAu, 0x3333u, 0u})
    for (uint32_t first = 1; first < count(); ++first)
      for (uint32_t last = first; last < count(); ++last) {
        const SegmentResult joined = check(first, last, recorded);
        EXPECT_EQ(joined.segments, last - first + 1);
        EXPECT_EQ(joined.link.first, first);
        ASSERT_TRUE(holds(joined.link, truths[first - 1])) << first << "-" << last;
        if (last + 1 == count()) {
          EXPECT_EQ(joined.kind, SegmentResult::Ended);
          EXPECT_EQ(joined.outcome.exitStatus, 7u);
          EXPECT_EQ(truths[first - 1].c0Steps + joined.outcome.counters.c0Steps, truths.back().c0Steps + check(last, last).outcome.counters.c0Steps);
          continue;
        }
        ASSERT_EQ(joined.kind, SegmentResult::Reached) << joined.why;
        EXPECT_EQ(joined.link.next, last + 1);
        const Truth end = follow(joined.link, truths[first - 1]);
        EXPECT_EQ(end.c0Steps, truths[last].c0Steps);
        EXPECT_EQ(end.serials, truths[last].serials);
        EXPECT_EQ(end.nextSerial, truths[last].nextSerial);
        EXPECT_EQ(end.exceptions, truths[last].exceptions);
        EXPECT_EQ(end.destinations, truths[last].destinations);
        EXPECT_EQ(joined.outcome.counters.instructions, checkpoints[last + 1]->state.steps);
        EXPECT_EQ(joined.outcome.output.size(), checkpoints[last + 1]->outputs - checkpoints[first]->outputs);
      }
}

TEST_F(Segments, FindAnErrorInALaterOne) {
  made.patch("twice.0", 1, {.op = isa::Op::Sub, .rd = 2, .rs1 = 2, .rs2 = 2});
  load();
  for (uint32_t recorded : {~0u, 0u}) {
    const SegmentResult joined = check(1, count() - 1, recorded);
    EXPECT_EQ(joined.kind, SegmentResult::Unsettled);
    EXPECT_EQ(joined.why, "inconsistent");
    EXPECT_EQ(joined.segments, 6u);  // main.0 .. main.4, twice.0
  }
}

// Without other threads, so that it is known who takes what.
TEST_F(Segments, AreJoinedByWhoHasBegun) {
  options.join = 3;
  load();
  Workers workers(*shared, options);
  EXPECT_EQ(workers.count(), 1u);
  for (uint32_t number = 1; number <= 5; ++number)
    workers.add({number, checkpoints[number], ends[number], nullptr, number != 2});
  EXPECT_EQ(workers.waiting(), 5u);
  EXPECT_FALSE(workers.take(1));
  workers.help();
  EXPECT_EQ(workers.waiting(), 4u);  // number 2 does not join
  EXPECT_EQ(workers.take(1)->segments, 1u);
  workers.help();
  EXPECT_EQ(workers.waiting(), 1u);  // no more than three
  const auto joined = workers.take(2);
  ASSERT_TRUE(joined);
  EXPECT_EQ(joined->segments, 3u);
  EXPECT_EQ(joined->link.next, 5u);
  const auto inIt = workers.take(3);
  ASSERT_TRUE(inIt);
  EXPECT_EQ(inIt->kind, SegmentResult::Unsettled);
  EXPECT_EQ(workers.await(5).link.next, 6u);
  EXPECT_FALSE(workers.take(4));  // forgotten
}

TEST_F(Segments, HaveRecordsThatAreUsedAgain) {
  load();
  Workers workers(*shared, options);
  auto record = workers.record();
  ASSERT_TRUE(record);
  const TrailRecord* const first = record.get();
  workers.add({1, checkpoints[1], ends[1], std::move(record)});
  workers.await(1);
  EXPECT_EQ(workers.record().get(), first);
}

}  // namespace
}  // namespace consis
