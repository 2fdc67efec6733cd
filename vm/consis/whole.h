// One run, put together of its segments in their order: what they say is believed if what they took for granted is
// true, and found out again from the truth if not (docs/consis.md, "Parallel in time").
#pragma once

#include "vm/consis/segment.h"

namespace consis {

class Whole {
 public:
  // Output goes to options.output as segments come in.
  Whole(Shared& shared, const Options& options) : shared_(shared), options_(options) { outcome_.parallel.emplace(); }

  uint32_t next() const { return next_; }  // the segment that is to come
  bool over() const { return over_; }

  // False: it is not known to be so, runAgain() must say.
  bool accept(SegmentResult result);
  // From its checkpoint to one of the marks behind it, or to the end.
  // False: what was accepted cannot be, since the run is not where it says.
  bool runAgain(const Stretch& stretch);

  // Once it is over; explained.
  Outcome outcome();

 private:
  void add(const SegmentResult& result);

  Shared& shared_;
  const Options& options_;
  Truth truth_;
  uint32_t next_ = 0;
  bool over_ = false;
  Outcome outcome_;
};

}  // namespace consis
