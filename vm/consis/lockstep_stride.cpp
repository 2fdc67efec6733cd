// Strides: the VAMP runs ahead, past many s(i), and leaves a trail (machine::Trail) with which the abstract machine's steps are then
// compared, one by one. So neither of the two is interrupted by the other at every step. Whatever is not simply as it should be is looked at
// again: the VAMP goes back to the last s(i) that was, and that step is made as all others are.
#include <algorithm>
#include <utility>

#include "vm/consis/changes.h"
#include "vm/consis/checkpoint.h"
#include "vm/consis/protocol.h"

namespace consis {
namespace {

constexpr uint64_t kLongestPause = 1024;

}  // namespace

inline bool Lockstep::wroteOne(const interp::Write& write, const machine::Trail::Store& store) {
  const uint32_t size = simpleSizes_[write.type];
  uint32_t address;
  if (!aba_.find(write.frame, write.variable, write.index, address) || size == 0 || store.place != machine::Trail::placeOf(address, size)) return false;
  const interp::Value& value = *write.content;
  if (value.kind == interp::Value::Number) [[likely]] {
    ++outcome_.counters.values;
    return (value.bits ^ store.value) << 8 * (4 - size) == 0;
  }
  return compareSimple(pair_, image_.program().types[write.type], value, address, outcome_.counters, [&](uint32_t, uint32_t) { return store.value; })
      .equal();
}

bool Lockstep::stride() {
  const Statement* next = head();
  if (!next || next->asksVamp || checkers_.size() != 1 || !unobserved()) return false;
  current_ = c0Step_ + 1;
  if (!calm()) return false;
  const auto trail = trailAhead();
  if (!trail) return false;
  window_.suspend();
  const machine::Trail::Store* const stores = trail->stores;
  const machine::Trail::Arrival *at = trail->arrivals.data(), *ahead = at + 1, *const end = at + trail->arrivals.size();
  const uint64_t first = c0Step_, last = std::min(options_.maxSteps, calmEnd_ - 1);
  uint32_t base = aba_.topBase();
  // The relation holds where the machine was `at`, which is s(c0Step_). Without `new`, r30 does not move.
  while (c0Step_ < last && !next->asksVamp && !(next->emits && ahead == end)) {
    const Statement* const executed = next;
    pair_.executed = executed;
    const uint32_t depth = abstract_.rd();
    const interp::Stop stop = abstract_.step();
    if (stop != interp::Stop::Running || over_) [[unlikely]] {
      findHead();
      outcome_.counters.strode += c0Step_ - first;
      current_ = c0Step_ + 1, inStep_ = false;
      goBack(trail->begin + at->steps());
      checkers_.front()->passedOver(depth);
      return halt(stop), true;
    }
    ++c0Step_;
    findHead();
    next = head();
    const bool moved = abstract_.rd() != depth;
    if (moved) aba_.follow(abstract_), base = aba_.topBase();
    const machine::Trail::Arrival* const before = at;
    const auto arrived = [&] { return next && next->isEnteredAt(at->dpc()) && at->frame == base; };
    bool holds = true;
    if (executed->emits) {
      // Other places that it passes on the way are no s(i).
      do at = ahead++;
      while (!(holds = arrived()) && ahead != end);
    } else {
      holds = arrived();
    }
    const machine::Trail::Store* const from = stores + before->stores();
    const uint32_t count = at->stores() - before->stores();
    const std::span<const interp::Write> writes = abstract_.lastWrites();
    holds = holds && at->fixed() && at->steps() - before->steps() <= limit_;
    if (count == 1 && writes.size() == 1 && !moved) holds = holds && wroteOne(writes.front(), *from);
    else if (count + writes.size() != 0) holds = holds && wrote(writes, {from, count});
    if (!holds) [[unlikely]] {
      outcome_.counters.strode += c0Step_ - 1 - first;
      current_ = c0Step_, inStep_ = false;
      goBack(trail->begin + before->steps());
      checkers_.front()->passedOver(depth);
      arrive(after(limit()), {});
      return true;
    }
    outcome_.counters.control += 5;
  }
  outcome_.counters.strode += c0Step_ - first;
  current_ = c0Step_;
  endStride(trail->begin + at->steps());
  checkers_.front()->passedOver(aba_.depth());
  return c0Step_ != first;
}

bool Lockstep::wrote(std::span<const interp::Write> writes, std::span<const machine::Trail::Store> stores) {
  Changes changes(pair_, outcome_.counters, stores);
  if (executes(core::StmtKind::Call) && !changes.frame({})) return false;
  for (const interp::Write& write : writes)
    if (!changes.written(write)) return false;
  for (const machine::Trail::Store& store : stores)
    if (!changes.stored({store.address(), store.size()})) return false;
  return !changes.unseen;
}

std::optional<machine::Trail::Part> Lockstep::trailAhead() {
  if (!record_) {
    trail_.clear();
    if (!concrete_.follow(trail_, strideEnd_)) return std::nullopt;
    return trail_.part(0);
  }
  for (const uint64_t now = position(); auto part = record_->part(followed_); ++followed_.part, followed_.arrival = 0) {
    if (part->begin > now) return std::nullopt;
    const uint64_t wanted = now - part->begin;
    if (part->arrivals.size() < 2 || (wanted != 0 && part->arrivals.back().steps() <= wanted)) continue;
    while (part->arrivals[followed_.arrival].steps() < wanted) ++followed_.arrival;
    const auto& here = part->arrivals[followed_.arrival];
    if (here.steps() != wanted || !here.fixed()) return std::nullopt;
    part->arrivals = part->arrivals.subspan(followed_.arrival);
    return part;
  }
  return std::nullopt;
}

void Lockstep::endStride(uint64_t machineStep) {
  if (!record_ && concrete_.state.steps != machineStep) return goBack(machineStep);
  pause_ = 0;
  behind_ = machineStep;
}

void Lockstep::goBack(uint64_t machineStep) {
  if (!record_) concrete_.takeBack(trail_);
  behind_ = machineStep;
  catchUp();
  pause_ = std::min(2 * pause_ + 16, kLongestPause);
  strideFrom_ = c0Step_ + pause_;
}

void Lockstep::catchUp() {
  if (!behind_) return;
  if (asleep_) resume(concrete_, bus_, *std::exchange(asleep_, nullptr));
  while (concrete_.state.steps < *behind_) {
    const uint64_t before = concrete_.state.steps;
    trail_.clear();
    if (!concrete_.follow(trail_, *behind_) || concrete_.state.steps == before) concrete_.glide(*behind_ - before);
    watch_.stores.clear();
  }
  behind_.reset();
}

}  // namespace consis
