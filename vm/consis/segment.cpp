#include "vm/consis/segment.h"

#include <algorithm>
#include <utility>

#include "compiler/core/frame.h"

namespace consis {

using interp::Value;

namespace {

constexpr uint64_t kUnheard = uint64_t(1) << 18;  // instructions

Options forSegments(Options options) {
  options.mode = Mode::Incremental;
  options.output = nullptr, options.spectator = nullptr;
  options.corruptions.clear();
  return options;
}

}  // namespace

Shared::Shared(const Image& image, const Options& options)
    : image(image), options(forSegments(options)), landmarks(image), open(image), input(options.input) {}

Checkers Segment::checkers() {
  Checkers list;
  list.push_back(makeIncrementalChecker());
  return list;
}

// The base class only keeps a reference to the checkers, which are made later.
Segment::Segment(Shared& shared, const Options& options, const Stretch& stretch, const Truth* truth)
    : Lockstep(shared.image, options, own_, shared.input.from(stretch.start ? stretch.start->inputs : 0), {}, UINT64_MAX,
               stretch.start ? interp::Start::Restored : interp::Start::Main),
      shared_(shared),
      own_(checkers()),
      from_(stretch.start),
      ends_(stretch.ends),
      truth_(truth) {
  record_ = stretch.record;
}

SegmentResult Segment::run(const std::atomic<bool>& cancelled) {
  if (from_) begin();
  else start();
  while (!over_ && why_.empty()) {
    if (cancelled.load(std::memory_order_relaxed)) {
      why_ = "cancelled";
    } else if (arrived()) {
      return result(ends_.front().number);
    } else if (why_.empty()) {
      stepTowardsEnd();
    }
  }
  return result(std::nullopt);
}

SegmentResult Segment::runTo(uint64_t c0Step, CheckpointPtr& end) {
  if (bus_.disk) bus_.disk->replaceStorage(sectors_ = std::make_shared<devices::MemoryStorage>(options_.disk));
  start();
  while (!over_) {
    if (c0Step_ >= c0Step && head() && shared_.landmarks.statement(concrete_.state.dpc) == *head()) {
      end = checkpoint();
      return result(end->number);
    }
    step();
  }
  return result(std::nullopt);
}

SegmentResult Segment::result(std::optional<uint32_t> reached) {
  SegmentResult result;
  result.why = std::move(why_);
  result.link = reliance();
  if (reached) {
    result.kind = SegmentResult::Reached;
    result.link.next = *reached;
    describeEnd(result.link);
    if (truth_ || !from_) result.end = follow(result.link, Truth{.c0Steps = startStep_});
  } else if (result.why.empty()) {
    if (outcome_.verdict == Verdict::Consistent) result.kind = SegmentResult::Ended;
    else result.why = verdictName(outcome_.verdict);
  }
  outcome_.counters.c0Steps = c0Step_ - startStep_;
  outcome_.counters.instructions = position();
  outcome_.counters.outputs = (from_ ? from_->outputs : 0) + console_.output.size();
  outcome_.counters.inputs = (from_ ? from_->inputs : 0) + console_.input.size();
  outcome_.output = console_.output;
  result.outcome = std::move(outcome_);
  return result;
}

CheckpointPtr Segment::checkpoint() {
  concrete_.settle();
  machine::Pages memory(concrete_.memorySize() / machine::kPageSize);
  const machine::Page zero{};
  for (uint32_t page = 0; page < memory.count(); ++page) {
    const uint8_t* at = concrete_.memory().data() + uint64_t(page) * machine::kPageSize;
    if (std::equal(zero.begin(), zero.end(), at)) continue;
    auto copy = std::make_shared<machine::Page>();
    std::copy_n(at, machine::kPageSize, copy->begin());
    memory.set(page, std::move(copy));
  }
  auto heap = std::make_shared<std::vector<Made>>();
  for (uint32_t h = 0; h < aba_.heapCount(); ++h)
    heap->push_back({aba_.heapAddress(h), abstract_.heapType(h), abstract_.heapCount(h)});
  auto checkpoint = std::make_shared<Checkpoint>(Checkpoint{1,
                                                            *head(),
                                                            concrete_.state,
                                                            std::move(memory),
                                                            {std::move(heap)},
                                                            bus_.timer,
                                                            bus_.serial,
                                                            {},
                                                            sectors_,
                                                            console_.output.size(),
                                                            console_.input.size()});
  if (bus_.disk) checkpoint->disk = *bus_.disk;
  return checkpoint;
}

// At least one step; not beyond where it may arrive, and not so many that it would notice too late that it is cancelled.
void Segment::stepTowardsEnd() {
  const uint64_t next = ends_.empty() ? UINT64_MAX : ends_.front().steps;
  const uint64_t stop = std::min(next, position() + kUnheard);
  strideEnd_ = next;
  do step();
  while (!over_ && position() < stop);
}

bool Segment::arrived() {
  const uint64_t now = position();
  while (!ends_.empty() && now >= ends_.front().steps) {
    if (now == ends_.front().steps && idOf(head()) == ends_.front().head) return true;
    // Another statement without code may come first.
    if (now == ends_.front().steps) return false;
    ends_ = ends_.subspan(1);
    if (from_ && !truth_) why_ = "the next checkpoint is inside a step";
  }
  return false;
}

void Segment::begin() {
  asleep_ = from_, behind_ = from_->state.steps;
  if (!record_) catchUp();
  std::vector<Made> heap;
  for (const auto& chunk : from_->heap) heap.insert(heap.end(), chunk->begin(), chunk->end());
  auto found = reconstruct(image_, shared_.landmarks, shared_.open, from_->state, MemoryView(from_->memory), heap, truth_);
  if (!found || abstract_.restore(std::move(found->configuration))) {
    why_ = "the checkpoint is no place of a consistent run";
    return;
  }
  aba_ = std::move(found->aba);
  startAba_ = aba_;
  startDepth_ = truth_ ? 0 : aba_.depth();
  startDestinations_ = std::move(found->destinations);
  c0Step_ = startStep_ = truth_ ? truth_->c0Steps : 0;
  findHead();
  // The relation holds here, if the segments before do.
  if (!truth_ && !from_->state.user()) return own_.front()->passedOver(aba_.depth());
  catchUp();
  Violations violations;
  Counters uncounted;
  translated(violations);
  for (auto& checker : checkers_) checker->check(pair_, uncounted, violations);
  if (!violations.empty()) why_ = "the checkpoint is no place of a consistent run";
}

// It is taken for what memory suggests; whether that is so is for the chain to say.
Value Segment::known(const Value& unknown, core::TypeId type) {
  const Value value = suggest(*startAba_, unknown.bits, type, image_.program());
  const Place origin = originOf(unknown);
  if (value.kind == Value::Undefined) why_ = "a pointer to no variable was read";
  else if (value.past) reliedPast_.push_back({origin, value});
  else relied_.push_back(origin);
  if (!why_.empty()) over_ = true;
  return value;
}

// What an unknown pointer leads to, if it is as suggested and the target has ended since the start.
std::optional<Value> Segment::lost(const Value& unknown, core::TypeId type) const {
  if (image_.program().types[type].kind != core::TypeKind::Pointer || !image_.stack.contains(unknown.bits))
    return std::nullopt;
  const Value value = suggest(*startAba_, unknown.bits, type, image_.program());
  return value.kind == Value::Pointer && !aba_.depthOf(value.frame) && value.frame != interp::kHeapFrame
             ? std::optional(value)
             : std::nullopt;
}

Link Segment::reliance() const {
  Link link;
  link.first = from_ ? from_->number : 0;
  link.c0Steps = c0Step_ - startStep_;
  link.depth = startDepth_;
  link.reliedPast = reliedPast_;
  std::vector<Place> relied = relied_;
  std::sort(relied.begin(), relied.end());
  relied.erase(std::unique(relied.begin(), relied.end()), relied.end());
  for (Place place : relied) addTo(link.relied, place, !link.relied.empty() && link.relied.back().end == place.index);
  link.destinationsBefore = startDestinations_;
  return link;
}

void Segment::describeEnd(Link& link) const {
  for (uint32_t depth = 1; depth <= aba_.depth(); ++depth) {
    link.serials.push_back(aba_.frameSerial(depth));
    const core::Stmt* call = abstract_.pendingCall(depth);
    if (call && call->target && !core::isFixedPlace(image_.program(), *call->target))
      link.destinationsAfter.emplace(depth, *abstract_.pendingDestination(depth));
  }
  link.nextSerial = abstract_.nextSerial();
  bool keeping = false;
  shared_.open.each(abstract_, [&](Place place, core::TypeId type, const Value& value) {
    bool keeps = false;
    if (value.kind == Value::Unknown) {
      const auto target = lost(value, type);
      keeps = originOf(value) == place && !target;
      if (keeps) addTo(link.kept, place, keeping);
      else link.exceptions.push_back({place, originOf(value), target});
    } else if (value.kind == Value::Undefined || value.past ||
               (value.kind == Value::Pointer && value.frame != interp::kHeapFrame && !aba_.depthOf(value.frame))) {
      link.exceptions.push_back({place, std::nullopt, value});
    }
    keeping = keeps;
  });
}

}  // namespace consis
