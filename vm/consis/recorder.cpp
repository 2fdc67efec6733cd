#include "vm/consis/recorder.h"

#include <algorithm>
#include <utility>

#include "vm/machine/causes.h"

namespace consis {

void Recorder::storedFromOutside(const machine::State& state, uint32_t address, uint32_t size) {
  stored(state, address, size);
}

bool Recorder::stored(const machine::State& state, uint32_t address, uint32_t size) {
  if (address < image_.text.end) codeStores.push_back({address, address + size});
  bool on = true;
  for (StoreListener* listener : listeners_) on &= listener->onStore(state, address, size);
  return on;
}

// Code outside the C0 functions may call the system by a trap: the call of a primitive includes it and its return
// (decisions.md 4, 22).
bool Recorder::isRuntimeTrap(uint32_t causes, uint32_t dpc) const {
  return (runtimeTraps && causes == machine::bit(machine::Cause::kTrap) && !image_.functionAt(dpc)) || anyInterrupt;
}

bool Recorder::onStep(const machine::State& after, const machine::Event& event) {
  Executed& executed = ring_[count_++ % kRing];
  executed = {after.steps - 1, c0Step_, event};
  bool on = !event.stored || stored(after, event.address, event.size);
  for (size_t i = 0; i < watches_.size(); ++i)
    if (wrote(i, after, event)) writers[i] = executed;
  if (event.causes && !follower_ && !isRuntimeTrap(event.causes, event.dpc)) {
    causes = event.causes, interrupted = event.dpc;
    return false;
  }
  if (after.steps >= stopAt_) {
    stoppedHere = true;
    return false;
  }
  if (follower_) return follower_->onStep(after, event) && on;
  return !look(after) && on;
}

void Recorder::note(const machine::State& state) {
  if (state.pc != state.dpc + 4) return;
  const Sight sight{state.steps, state.dpc, state.gpr[isa::kFrame]};
  if (isAmong(targets_, state.dpc)) {
    if (!wrongBase) wrongBase = sight;
  } else if (!foreign && image_.isEntry(state.dpc) && !(own_ && isAmong(*own_, state.dpc))) {
    foreign = sight;
  }
}

bool Recorder::wrote(size_t i, const machine::State& after, const machine::Event& event) {
  const Watch& watch = watches_[i];
  switch (watch.kind) {
    case Watch::Bytes:
      return event.stored && event.address < watch.address + watch.size && watch.address < event.address + event.size;
    case Watch::Register: return std::exchange(watched_[i], after.gpr[watch.reg]) != after.gpr[watch.reg];
    case Watch::Jump: return isa::isControl(isa::decode(event.word).op);
  }
  return false;
}

std::vector<Executed> Recorder::lastInstructions() const {
  std::vector<Executed> list;
  for (uint64_t i = count_ > kRing ? count_ - kRing : 0; i < count_; ++i) list.push_back(ring_[i % kRing]);
  return list;
}

}  // namespace consis
