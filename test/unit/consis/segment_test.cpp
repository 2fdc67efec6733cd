// Segments, and the threads that check them; the hand-made program again, with a segment for each statement.
#include <gtest/gtest.h>

#include <stdexcept>

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
  SegmentResult check(uint32_t number, bool recorded) { return Segment(*shared, shared->options, stretch(number, recorded), nullptr).run(cancelled); }
  // All of them, one by one.
  Workers::Source source() {
    return [this, number = 0u](TrailRecord*) mutable -> std::optional<Workers::Job> {
      EXPECT_EQ(passing++, 0u);
      std::this_thread::yield();
      --passing;
      if (number == count()) return std::nullopt;
      Workers::Job job{number, checkpoints[number], ends[number]};
      return ++number, std::move(job);
    };
  }

  HandMade made;
  Options options;
  const std::atomic<bool> cancelled = false;
  std::atomic<unsigned> passing = 0;
  std::optional<Image> image;
  std::optional<Shared> shared;
  std::vector<CheckpointPtr> checkpoints;
  std::vector<std::unique_ptr<TrailRecord>> records;
  std::vector<std::vector<Mark>> ends;
};

TEST_F(Segments, AreTheSameWithARecordAndWithout) {
  load();
  ASSERT_EQ(count(), 13u);
  Truth truth = check(0, true).end;
  for (uint32_t number = 1; number < count(); ++number) {
    const SegmentResult recorded = check(number, true), own = check(number, false);
    EXPECT_EQ(recorded.why + own.why, "");
    EXPECT_EQ(recorded.kind, number + 1 < count() ? SegmentResult::Reached : SegmentResult::Ended);
    EXPECT_EQ(recorded.kind, own.kind);
    EXPECT_EQ(recorded.link.first, number);
    EXPECT_EQ(recorded.outcome.counters.c0Steps, own.outcome.counters.c0Steps);
    EXPECT_EQ(recorded.outcome.counters.instructions, own.outcome.counters.instructions);
    ASSERT_TRUE(holds(recorded.link, truth) && holds(own.link, truth));
    if (recorded.kind == SegmentResult::Ended) {
      EXPECT_EQ(recorded.outcome.exitStatus, 7u);
      break;
    }
    EXPECT_EQ(recorded.link.next, number + 1);
    EXPECT_EQ(recorded.outcome.counters.instructions, checkpoints[number + 1]->state.steps);
    EXPECT_EQ(recorded.outcome.output.size(), checkpoints[number + 1]->outputs - checkpoints[number]->outputs);
    const Truth end = follow(recorded.link, truth), same = follow(own.link, truth);
    EXPECT_EQ(end.c0Steps, same.c0Steps);
    EXPECT_EQ(end.serials, same.serials);
    EXPECT_EQ(end.exceptions, same.exceptions);
    EXPECT_EQ(end.destinations, same.destinations);
    truth = end;
  }
}

TEST_F(Segments, FindAnError) {
  made.patch("twice.0", 1, {.op = isa::Op::Sub, .rd = 2, .rs1 = 2, .rs2 = 2});
  load();
  for (bool recorded : {true, false}) {
    EXPECT_EQ(check(5, recorded).kind, SegmentResult::Reached);
    EXPECT_EQ(check(6, recorded).why, "inconsistent");  // main.0 .. main.4 were before, twice.0 is in it
  }
}

TEST_F(Segments, ComeInOrderHoweverManyThreadsThereAre) {
  load();
  for (unsigned jobs = 1; jobs <= 5; ++jobs) {
    options.jobs = jobs;
    Workers workers(*shared, options, source());
    for (uint32_t number = 0; number < count(); ++number) {
      const auto checked = workers.next();
      ASSERT_TRUE(checked);
      EXPECT_EQ(checked->first, number);
      EXPECT_EQ(checked->second.link.first, number);
      EXPECT_EQ(checked->second.kind, number + 1 < count() ? SegmentResult::Reached : SegmentResult::Ended);
    }
    EXPECT_FALSE(workers.next());
  }
}

TEST_F(Segments, AreGivenUp) {
  load();
  for (unsigned jobs = 1; jobs <= 3; ++jobs) {
    options.jobs = jobs;
    Workers workers(*shared, options, source());
    EXPECT_EQ(workers.next()->first, 0u);
  }
}

TEST_F(Segments, SayWhatAThreadHasThrown) {
  load();
  for (unsigned jobs = 1; jobs <= 3; ++jobs) {
    options.jobs = jobs;
    Workers workers(*shared, options, [](TrailRecord*) -> std::optional<Workers::Job> { throw std::runtime_error("no pass"); });
    EXPECT_THROW(workers.next(), std::runtime_error);
  }
}

// With one thread all passes are recorded, in the same memory again and again.
TEST_F(Segments, HaveRecordsThatAreUsedAgain) {
  load();
  std::vector<TrailRecord*> seen;
  Workers workers(*shared, options, [&, next = source()](TrailRecord* record) { return seen.push_back(record), next(record); });
  while (workers.next()) {}
  ASSERT_EQ(seen.size(), count() + 1);
  EXPECT_TRUE(seen[0]);
  for (const TrailRecord* record : seen) EXPECT_EQ(record, seen[0]);
}

}  // namespace
}  // namespace consis
