// A part of a run, from one checkpoint to another (docs/consis.md, "Parallel in time").
#pragma once

#include <atomic>
#include <optional>
#include <span>
#include <string>

#include "vm/consis/chain.h"
#include "vm/consis/checkpoint.h"
#include "vm/consis/protocol.h"

namespace consis {

// Where a segment ends: s(i) at this step of the VAMP, with this head of the program rest.
struct Mark {
  uint32_t number;  // of the checkpoint
  uint64_t steps;
  StatementId head;
};
inline Mark markOf(const Checkpoint& checkpoint) {
  return {checkpoint.number, checkpoint.state.steps, checkpoint.head};
}

// What the segments of a run share. Nothing in it changes but the input, which is safe to use from several threads.
struct Shared {
  Shared(const Image& image, const Options& options);

  const Image& image;
  Options options;  // of a segment: mode incremental, no output
  Landmarks landmarks;
  OpenValues open;
  Input input;
};

// What is to be checked: from a checkpoint (null: reset) to the first of the marks at which the run arrives. `record`, if there is one: what the
// VAMP does up to there.
struct Stretch {
  const Checkpoint* start;
  std::span<const Mark> ends;
  const TrailRecord* record = nullptr;
};

struct SegmentResult {
  // Reached: `link` leads to the end. Ended: the run is over and consistent. Unsettled, for the reason `why`: it is
  // not known what the run does; only if the segment began with the truth, `outcome` is the run's.
  enum Kind : uint8_t { Reached, Ended, Unsettled } kind = Unsettled;
  std::string why;
  Link link;        // Ended: what it took for granted
  Truth end;        // Reached, if it began with the truth
  Outcome outcome;  // the segment's counters, but instructions, outputs and inputs since reset; its output
};

class Segment : private Lockstep {
 public:
  // With `truth`, the start is exactly what the run is at there; else open values are unknown.
  Segment(Shared& shared, const Options& options, const Stretch& stretch, const Truth* truth);

  // To the first of the marks at which it arrives, or to the end of the run; with the truth it may pass by marks,
  // without it the segment is then unsettled. Soon after `cancelled` it is unsettled too.
  SegmentResult run(const std::atomic<bool>& cancelled);
  // From reset to the first place that can be a checkpoint, the first one, after so many C0 steps: null if the run
  // ended before. Other than the first pass, a segment may have corruptions.
  SegmentResult runTo(uint64_t c0Step, CheckpointPtr& end);

 private:
  void begin();
  bool arrived();
  void stepTowardsEnd();
  SegmentResult result(std::optional<uint32_t> reached);
  CheckpointPtr checkpoint();
  interp::Value known(const interp::Value& unknown, core::TypeId type) override;
  Link reliance() const;
  void describeEnd(Link& link) const;
  std::optional<interp::Value> lost(const interp::Value& unknown, core::TypeId type) const;

  static Checkers checkers();

  Shared& shared_;
  Checkers own_;
  const Checkpoint* from_;
  std::span<const Mark> ends_;
  const Truth* truth_;
  std::string why_;

  // Of the start.
  std::optional<Allocation> startAba_;
  uint32_t startDepth_ = 0;
  uint64_t startStep_ = 0;
  std::map<uint32_t, interp::SubVariable> startDestinations_;
  std::shared_ptr<devices::MemoryStorage> sectors_;  // runTo, with a disk
  std::vector<Place> relied_;
  std::vector<std::pair<Place, interp::Value>> reliedPast_;
};

// From reset to the first checkpoint behind the corruptions of `options`. They name C0 steps, which the first pass does not
// count: it begins there.
SegmentResult runCorrupted(Shared& shared, const Options& options, CheckpointPtr& end);

}  // namespace consis
