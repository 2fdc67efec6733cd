#include "vm/consis/whole.h"

#include <utility>

namespace consis {

bool Whole::accept(SegmentResult result) {
  const bool fromReset = next_ == 0;  // then it began with the truth
  if (result.kind == SegmentResult::Unsettled && !fromReset) return false;
  if (result.kind != SegmentResult::Unsettled && !holds(result.link, truth_)) return false;
  if (truth_.c0Steps + result.link.c0Steps > options_.maxSteps) return false;
  if (options_.output) options_.output(result.outcome.output);
  if (result.kind == SegmentResult::Reached) result.end = follow(result.link, truth_);
  add(result);
  return true;
}

bool Whole::runAgain(const Stretch& stretch) {
  Options options = shared_.options;
  options.output = options_.output;
  const std::atomic<bool> cancelled = false;
  ++outcome_.parallel->again;
  const SegmentResult result = Segment(shared_, options, stretch, &truth_).run(cancelled);
  if (result.kind == SegmentResult::Unsettled && result.outcome.verdict == Verdict::Consistent) return false;
  add(result);
  return true;
}

void Whole::add(const SegmentResult& result) {
  ++outcome_.parallel->segments;
  Counters& sum = outcome_.counters;
  const Counters& part = result.outcome.counters;
  for (uint64_t Counters::*each :
       {&Counters::values, &Counters::pointers, &Counters::control, &Counters::code, &Counters::undefined,
        &Counters::dangling, &Counters::blocks, &Counters::mirrored, &Counters::window, &Counters::strode})
    sum.*each += part.*each;
  sum.c0Steps = truth_.c0Steps + part.c0Steps;
  sum.instructions = part.instructions, sum.outputs = part.outputs, sum.inputs = part.inputs;
  outcome_.output += result.outcome.output;
  if (result.kind == SegmentResult::Reached) {
    truth_ = result.end;
    next_ = result.link.next;
    return;
  }
  over_ = true;
  outcome_.verdict = result.outcome.verdict, outcome_.exitStatus = result.outcome.exitStatus;
  outcome_.failure = result.outcome.failure, outcome_.fault = result.outcome.fault;
  outcome_.faultMet = result.outcome.faultMet, outcome_.left = result.outcome.left;
}

Outcome Whole::outcome() {
  outcome_.mode = Mode::Parallel;
  for (size_t i = 0; i < outcome_.counters.inputs; ++i) outcome_.input.push_back(shared_.input.at(i));
  if (outcome_.failure && options_.explain) explain(shared_.image, options_, outcome_.input, *outcome_.failure);
  return std::move(outcome_);
}

}  // namespace consis
