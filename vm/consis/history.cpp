#include "vm/consis/history.h"

#include <deque>

namespace consis {

using interp::kGlobalFrame;
using interp::kHeapFrame;

// One moment, and what it adds to the history.
class History::Visit {
 public:
  Visit(History& history, const Moment& moment)
      : history_(history), pair_(moment.pair), view_(moment.pair, kMostElements), stores_(moment.pair.stores) {
    step_.c0Step = moment.c0Step, step_.machineStep = pair_.concrete.state.steps;
    step_.executed = moment.executed, step_.next = idOf(pair_.next);
    step_.registers = view_.otherRegisters();
    step_.heapUsed = pair_.abstract.heapUsed(), step_.heapCount = pair_.abstract.heap().variableCount;
    if (history_.steps_.empty()) return;
    step_.instructionCount = step_.machineStep - history_.steps_.back().machineStep;
    for (const Executed& executed : moment.recorder.lastInstructions())
      if (executed.machineStep >= history_.steps_.back().machineStep) step_.instructions.push_back(executed);
  }

  Step take(bool arrived, bool control) {
    step_.arrived = arrived, step_.made = pair_.abstract.steps() >= step_.c0Step;
    frames();
    if (control)
      for (Row& row : view_.control()) note(std::move(row));
    if (history_.steps_.empty()) everything();
    else changes();
    step_.heapHidden = step_.heapCount - history_.heap_;
    step_.globalsHidden = uint32_t(pair_.image.program().globals.size()) - history_.globals_;
    return std::move(step_);
  }

 private:
  // The top frames and main's; of a frame that has not been shown before all variables.
  void frames() {
    for (uint32_t depth = view_.depth(); depth >= 1; --depth) {
      if (view_.depth() - depth >= kMostFrames - 1 && depth > 1) {
        ++step_.framesHidden;
        continue;
      }
      const uint32_t serial = pair_.aba.frameSerial(depth), function = pair_.aba.frameFunction(depth);
      step_.frames.push_back({serial, depth, function, pair_.aba.frameBase(depth)});
      note(view_.returnAddress(depth));
      for (uint32_t v = 0; v < pair_.image.program().functions[function].variables.size(); ++v)
        if (!history_.variables_.count({serial, v})) show(serial, v);
    }
  }

  void everything() {
    for (uint32_t address : history_.wanted_)
      if (auto leaf = pair_.aba.inverse(address)) show(leaf->frame, leaf->variable);
    const uint32_t globals = uint32_t(pair_.image.program().globals.size());
    for (uint32_t g = 0; g < globals && history_.globals_ < kMostGlobals; ++g) show(kGlobalFrame, g);
    // What the variables lead to, nearest first; then what was made last.
    std::deque<uint32_t> near;
    auto follow = [&](const Row& row) {
      for (const Cell& cell : row.cells)
        for (const std::string* to : {&cell.abstractTarget, &cell.concreteTarget})
          if (to->starts_with('h')) near.push_back(uint32_t(std::stoul(to->substr(1))));
    };
    for (const Row& row : step_.rows) follow(row);
    while (!near.empty() && history_.heap_ < kMostHeap / 2) {
      const uint32_t h = near.front();
      near.pop_front();
      if (const Row* row = show(kHeapFrame, h)) follow(*row);
    }
    for (uint32_t h = step_.heapCount; h-- > 0 && history_.heap_ < kMostHeap;) show(kHeapFrame, h);
  }

  void changes() {
    std::set<std::pair<uint32_t, uint32_t>> changed;
    for (const interp::SubVariable& sub : pair_.abstract.lastWrites()) changed.insert({sub.frame, sub.variable});
    for (const machine::Watch::Store& store : stores_)
      for (uint32_t at = store.address; at < store.address + store.size; ++at)
        if (auto leaf = pair_.aba.inverse(at)) changed.insert({leaf->frame, leaf->variable});
    if (auto made = pair_.abstract.lastAllocation()) changed.insert({kHeapFrame, *made});
    // What a pointer to a local variable is called, and whether it dangles, changes with the frames.
    if (step_.frames != history_.steps_.back().frames)
      for (const auto& [frame, variable] : history_.variables_)
        for (const Cell& cell : history_.shown_[variableId(frame, variable)].cells)
          if (cell.abstractTarget.starts_with('f') || cell.concreteTarget.starts_with('f'))
            changed.insert({frame, variable});
    for (const auto& [frame, variable] : changed)
      if (alive(frame, variable)) show(frame, variable);
  }

  bool alive(uint32_t frame, uint32_t variable) const {
    if (frame == kHeapFrame) return variable < step_.heapCount;
    const auto depth = pair_.aba.depthOf(frame);
    return depth && *depth <= view_.depth();
  }

  // Null if it is shown already, as it is.
  const Row* show(uint32_t frame, uint32_t variable) {
    if (history_.variables_.insert({frame, variable}).second)
      ++(frame == kHeapFrame ? history_.heap_ : frame == kGlobalFrame ? history_.globals_ : frames_);
    return note(view_.variable(frame, variable));
  }
  const Row* note(Row row) {
    Row& last = history_.shown_[row.id];
    if (last == row) return nullptr;
    last = row;
    step_.rows.push_back(std::move(row));
    return &step_.rows.back();
  }

  History& history_;
  const Pair& pair_;
  StateView view_;
  std::span<const machine::Watch::Store> stores_;
  uint32_t frames_ = 0;
  Step step_;
};

void History::at(const Moment& moment) { steps_.push_back(Visit(*this, moment).take(true, true)); }

void History::ended(const Moment& moment) {
  if (!steps_.empty() && moment.c0Step == steps_.back().c0Step &&
      moment.pair.concrete.state.steps == steps_.back().machineStep)
    return;
  steps_.push_back(Visit(*this, moment).take(false, moment.failed));
}

History lastSteps(const Image& image, const Options& options, const Outcome& outcome) {
  uint64_t last = outcome.counters.c0Steps;
  if (outcome.failure) last = outcome.failure->c0Step;
  else if (outcome.fault) ++last;  // the step that could not be made
  std::vector<uint32_t> wanted;
  if (outcome.failure)
    for (const Violation& violation : outcome.failure->violations)
      if (violation.address) wanted.push_back(*violation.address);
  History history(last, std::move(wanted));
  replay(image, options, outcome.input, last, history);
  return history;
}

}  // namespace consis
