// Sees a run without taking part in it: what the HTML report and --replay are made of.
#pragma once

#include "vm/consis/lockstep.h"

namespace consis {

struct Moment {
  const Pair& pair;
  const Recorder& recorder;
  uint64_t c0Step;
  std::optional<StatementId> executed;  // by this step; none at s(0)
  bool failed = false;                  // the run is over, and is inconsistent
};

class Spectator {
 public:
  explicit Spectator(uint64_t first) : first(first) {}
  virtual ~Spectator() = default;

  // The C0 step from which on it wants to see: s(first), then every instruction (in the recorder) and every s(i).
  const uint64_t first;

  // At s(i), after --corrupt and before the checkers.
  virtual void at(const Moment& moment) = 0;
  // The run is over: at the last s(i), or in a step that did not arrive at one.
  virtual void ended(const Moment& moment) = 0;
};

// The run of these options again, with the input that it took (Outcome::input) and without checkers, until C0 step
// `last` at most.
Outcome replay(const Image& image, const Options& options, const std::vector<int>& input, uint64_t last,
               Spectator& spectator);

}  // namespace consis
