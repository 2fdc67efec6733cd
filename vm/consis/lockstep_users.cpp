// A kernel leaves to user mode, and is entered by an interrupt: its program begins afresh, after one step that is the entry's (seed 003,
// 6.1 and 6.3; decisions.md, 26).
#include <utility>

#include "vm/consis/mirror.h"
#include "vm/consis/protocol.h"
#include "vm/machine/causes.h"

namespace consis {
namespace {

// The code at address 0, until it arrives at the program's function: its stores are mirrored.
class EntryStep : public Follower {
 public:
  EntryStep(Mirror mirror, uint32_t function) : mirror_(mirror), function_(function) {}

  bool onStep(const machine::State& after, const machine::Event& event) override {
    if (event.causes) wrong = "is interrupted: " + std::string(machine::causeText(unsigned(__builtin_ctz(event.causes))));
    else if (event.stored) wrong = mirror_.store(event, stores);
    if (wrong) *wrong = "the entry's `" + isa::print(event.word) + "` at " + hex(event.dpc) + ' ' + *wrong;
    arrived = after.dpc == function_ && after.pc == function_ + 4;
    return !wrong && !arrived;
  }

  std::vector<interp::AssemblyOutcome::Store> stores;
  std::optional<std::string> wrong;
  bool arrived = false;

 private:
  const Mirror mirror_;
  const uint32_t function_;
};

}  // namespace

// From the rfe to the next interrupt. The stores of the statement that left are compared when the program has been entered again.
void Lockstep::userMode() {
  outcome_.left = false;
  concrete_.settle();
  Violations violations(options_.dropped);
  options_.users->left(pair_, violations);
  concrete_.setBus(around_);  // which may force lines from now on
  std::vector<machine::Watch::Store> kept = std::exchange(watch_.stores, {});
  recorder_.aim({}, 0, nullptr, current_);
  for (recorder_.causes = 0; violations.empty() && recorder_.causes == 0;) {
    const uint64_t most = options_.users->limit();
    if (most == 0) return end(Verdict::Limit);
    machine::Stop stop;
    if (!go(after(most), stop)) return;
    concrete_.settle();
    options_.users->ran(pair_, recorder_.causes, violations);
    watch_.stores.clear();
  }
  if (!violations.empty()) return failAll(violations, concrete_.state.steps);
  watch_.stores = std::move(kept);
  recorder_.causes = 0;
  enter();
}

void Lockstep::enter() {
  if (c0Step_ == options_.maxSteps) return end(Verdict::Limit);
  pair_.executed = nullptr;
  current_ = c0Step_ + 1;
  const uint32_t function = aba_.frameFunction(1);
  abstract_.restart(function);
  findHead();
  aba_.restart(abstract_);
  if (!mirrorEntry(function)) return;
  ++c0Step_;
  inStep_ = true;  // the function's first statement may be where it begins
  if (advance(after(limit()))) settle();
}

// False: the run is over.
bool Lockstep::mirrorEntry(uint32_t function) {
  EntryStep entry(Mirror(image_, aba_, abstract_), image_.function(function).address);
  recorder_.aim({}, 0, nullptr, current_);
  recorder_.follow(&entry);
  machine::Stop stop;
  const bool on = go(after(limit_), stop);
  recorder_.follow(nullptr);
  if (!on) return false;
  if (entry.wrong) return failHere(plain(Condition::Entry, *entry.wrong)), false;
  if (!entry.arrived)
    return failHere(plain(Condition::Entry, "the entry does not arrive at " + image_.program().functions[function].name)), false;
  for (const auto& store : entry.stores) abstract_.assign(store.target, interp::Value::number(store.value));
  outcome_.counters.mirrored += entry.stores.size();
  return true;
}

}  // namespace consis
