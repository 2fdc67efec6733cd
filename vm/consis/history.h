// The last steps of a run, each with what it changed in either machine: both states at s(i) for every i of a short
// interval, without as many copies.
#pragma once

#include <map>
#include <set>

#include "vm/consis/spectator.h"
#include "vm/consis/state_view.h"

namespace consis {

class History : public Spectator {
 public:
  static constexpr uint64_t kSteps = 20;
  // Shown of a state. More are shown if they are written.
  static constexpr uint32_t kMostElements = 24, kMostGlobals = 400, kMostHeap = 1000, kMostFrames = 12;

  struct FrameTitle {
    uint32_t serial, depth, function, base;
    bool operator==(const FrameTitle&) const = default;
  };
  struct Step {
    uint64_t c0Step = 0, machineStep = 0;  // reached
    bool arrived = true;                   // at s(i)
    bool made = true;                      // by the abstract machine; it faults otherwise
    std::optional<StatementId> executed, next;
    std::vector<Executed> instructions;  // the last ones, oldest first
    uint64_t instructionCount = 0;
    std::vector<Row> rows;           // of the first step: the state; of others: what is new or different
    std::vector<FrameTitle> frames;  // shown, top first
    uint32_t framesHidden = 0, heapHidden = 0, globalsHidden = 0;
    uint32_t heapUsed = 0, heapCount = 0;
    std::vector<std::pair<std::string, std::string>> registers;  // in no relation
  };

  // `wanted`: addresses whose variables are shown in any case.
  History(uint64_t last, std::vector<uint32_t> wanted)
      : Spectator(last > kSteps ? last - kSteps : 0), wanted_(std::move(wanted)) {}

  void at(const Moment& moment) override;
  void ended(const Moment& moment) override;

  const std::vector<Step>& steps() const { return steps_; }

 private:
  class Visit;
  std::vector<uint32_t> wanted_;
  std::vector<Step> steps_;
  std::map<std::string, Row> shown_;                   // as they were last
  std::set<std::pair<uint32_t, uint32_t>> variables_;  // (frame, variable) of them
  uint32_t globals_ = 0, heap_ = 0;                    // how many of them
};

// Of a run that has been made, with these options; it is made again.
History lastSteps(const Image& image, const Options& options, const Outcome& outcome);

}  // namespace consis
