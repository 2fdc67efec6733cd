#include "vm/consis/checkpoint.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "vm/consis/checker.h"
#include "vm/consis/machine_values.h"

namespace consis {
namespace {

// Whoever has not come to a statement within so many instructions more will not.
constexpr uint64_t kPatience = uint64_t(1) << 26;

bool at(const machine::Watch& watch, const machine::State& state) {
  return state.pc == state.dpc + 4 && watch.at(state.dpc);
}

}  // namespace

void reset(machine::Machine& machine, const Image& image) {
  for (const auto& segment : object::segments(image.object()))
    if (!segment.bytes.empty()) machine.write(segment.address, segment.bytes.data(), uint32_t(segment.bytes.size()));
  machine.state = machine::resetState();
}

int Input::at(size_t index) {
  const std::lock_guard lock(mutex_);
  while (taken_.size() <= index) taken_.push_back(next_ ? next_() : -1);
  return taken_[index];
}

void resume(machine::Machine& machine, devices::SystemBus& bus, const Checkpoint& checkpoint) {
  checkpoint.memory.each([&](uint32_t number, const machine::Page& page) { machine.write(number * machine::kPageSize, page.data(), machine::kPageSize); });
  machine.restore(checkpoint.state, machine.interrupts());
  bus.timer = checkpoint.timer, bus.serial = checkpoint.serial;
  if (!checkpoint.disk) return;
  bus.disk = std::make_unique<devices::Disk>(*checkpoint.disk);
  bus.disk->replaceStorage(std::make_shared<devices::MemoryStorage>(*checkpoint.sectors));
}

FirstPass::FirstPass(const Image& image, const Landmarks& landmarks, Input& input, const Options& options,
                     CheckpointPtr start)
    : image_(image),
      landmarks_(landmarks),
      console_(input.from(start ? start->inputs : 0)),
      bus_(console_, silence(), memoryFor(image, options)),
      machine_(memoryFor(image, options), &bus_),
      allocations_(landmarks.allocations()),
      all_(landmarks.all()),
      entries_(entryWatch(image)),
      length_(options.segment),
      until_(options.until),
      heapTop_(image.heap.begin),
      last_(std::move(start)) {
  entries_.users = machine::Watch::Users::Watch;
  if (!options.disk.empty()) {
    sectors_ = std::make_shared<devices::MemoryStorage>(options.disk);
    bus_.disk = std::make_unique<devices::Disk>(sectors_);
  }
  if (last_) {
    resume(machine_, bus_, *last_);
    outputsBefore_ = last_->outputs, inputsBefore_ = last_->inputs;
    heapTop_ = machine_.state.gpr[isa::kHeap];
    if (bus_.disk) bus_.disk->replaceStorage(sectors_ = std::make_shared<devices::MemoryStorage>(*last_->sectors));
    noteAllocation();  // it may stand at a `new`
    return;
  }
  reset(machine_, image);
  for (const auto& segment : object::segments(image.object()))
    for (uint64_t at = 0; at < segment.bytes.size(); at += machine::kPageSize)
      allocations_.touched(segment.address + uint32_t(at),
                           uint32_t(std::min<uint64_t>(segment.bytes.size() - at, machine::kPageSize)));
}

CheckpointPtr FirstPass::next(TrailRecord* record) {
  const machine::State& state = machine_.state;
  if (state.steps >= until_) return nullptr;
  // What reconstruction costs grows with the state, what is checked with the instructions.
  const uint64_t length = length_ ? length_ : 2'000'000 + 4 * uint64_t(heapTop_ - image_.text.end);
  if (record) record->clear();
  if (record && !state.user()) return runRecording(state.steps + length, *record) ? take() : nullptr;
  runTo(state.steps + length, allocations_, false);
  if (!runTo(state.steps + kPatience, all_, true)) return nullptr;
  return take();
}

void FirstPass::watch(machine::Watch& by) {
  if (std::exchange(watching_, &by) != &by) machine_.setWatch(&by);
}

bool FirstPass::runRecording(uint64_t end, TrailRecord& record) {
  watch(entries_);
  const machine::State& state = machine_.state;
  while (!lost_ && !bus_.stopRequested() && state.steps < end + kPatience) {
    const uint64_t begin = state.steps;
    if (at(entries_, state)) machine_.follow(record.room(), std::max(end, state.steps + 1));
    if (state.steps == begin) {  // no part begins here
      machine_.glide(state.steps < end ? end - state.steps : kPatience);
      entries_.stores.clear();
    }
    if (!at(entries_, state)) continue;
    noteAllocation();
    if (state.steps >= end && !lost_ && landmarks_.statement(state.dpc)) return true;
  }
  return false;
}

// True if it stops at a place of the watch that is no `new`, for which it looks if `anywhere`.
bool FirstPass::runTo(uint64_t end, machine::Watch& watch, bool anywhere) {
  this->watch(watch);
  const machine::State& state = machine_.state;
  while (!lost_ && !bus_.stopRequested() && state.steps < end) {
    machine_.glide(end - state.steps);
    if (!at(watch, state)) continue;
    noteAllocation();
    if (anywhere && !lost_ && landmarks_.statement(state.dpc)) return true;
  }
  return false;
}

// r30 moves in `new` only: what it has moved by belongs to the one that was pending, which is over by now.
void FirstPass::noteAllocation() {
  const machine::State& state = machine_.state;
  const uint32_t top = state.gpr[isa::kHeap], bytes = top - heapTop_;
  if (bytes != 0) {
    if (!pending_) return void(lost_ = true);
    const core::Stmt& made = statementOf(image_, *pending_);
    const uint64_t size = uint64_t(image_.program().types[made.newType].asize) * count_.value_or(made.value ? 0 : 1);
    if (((size + 3) & ~uint64_t(3)) != bytes) return void(lost_ = true);
    made_.push_back({heapTop_, made.newType, made.value ? *count_ : 0});
    heapTop_ = top;
  }
  if (const auto here = landmarks_.allocation(state.dpc)) {
    const core::Stmt& stmt = statementOf(image_, *here);
    pending_ = here, count_.reset();
    if (stmt.value) count_ = MachineValues(image_, machine_, here->function, state.gpr[isa::kFrame]).value(*stmt.value);
  }
}

void FirstPass::keepPages(machine::Watch& watch, machine::Pages& memory) {
  for (uint32_t word = 0; word < watch.pages.size(); ++word)
    for (uint64_t bits = watch.pages[word]; bits != 0; bits &= bits - 1) {
      const uint32_t page = 64 * word + uint32_t(std::countr_zero(bits));
      auto copy = std::make_shared<machine::Page>();
      machine_.read(page * machine::kPageSize, copy->data(), machine::kPageSize);
      memory.set(page, std::move(copy));
    }
  watch.pages.clear();
}

CheckpointPtr FirstPass::take() {
  machine_.settle();
  machine::Pages memory = last_ ? last_->memory : machine::Pages(machine_.memorySize() / machine::kPageSize);
  for (machine::Watch* watch : {&allocations_, &all_, &entries_}) keepPages(*watch, memory);
  machine_.clearPages();
  auto heap = last_ ? last_->heap : decltype(last_->heap)();
  if (!made_.empty()) heap.push_back(std::make_shared<const std::vector<Made>>(std::exchange(made_, {})));
  auto checkpoint = std::make_shared<Checkpoint>(Checkpoint{last_ ? last_->number + 1 : 1,
                                                            *landmarks_.statement(machine_.state.dpc),
                                                            machine_.state,
                                                            std::move(memory),
                                                            std::move(heap),
                                                            bus_.timer,
                                                            bus_.serial,
                                                            {},
                                                            {},
                                                            outputsBefore_ + console_.output.size(),
                                                            inputsBefore_ + console_.input.size()});
  if (bus_.disk) {
    checkpoint->disk = *bus_.disk;
    checkpoint->disk->replaceStorage(nullptr);
    if (!sectorsThen_ || bus_.disk->sectorsWritten() != sectorsWritten_)
      sectorsThen_ = std::make_shared<const devices::MemoryStorage>(*sectors_),
      sectorsWritten_ = bus_.disk->sectorsWritten();
    checkpoint->sectors = sectorsThen_;
  }
  last_ = checkpoint;
  return checkpoint;
}

}  // namespace consis
