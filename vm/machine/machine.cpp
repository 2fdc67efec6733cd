#include "vm/machine/machine.h"

#include <bit>
#include <cstring>

#include "vm/machine/fast.h"
#include "vm/machine/memory.h"
#include "vm/machine/reference.h"

namespace machine {

State resetState() {
  State state;
  state.spr[isa::ECA] = 1;
  return state;
}

struct Machine::Impl {
  Impl(State& state, uint32_t bytes, Bus* bus) : memory(bytes), fast(state, memory, interrupts), bus(bus) {}

  Memory memory;
  std::array<uint64_t, 32> interrupts{};
  Fast fast;
  Bus* bus;
  Observer* observer = nullptr;
};

Machine::Machine(uint32_t memoryBytes, Bus* bus)
    : state(resetState()), impl_(std::make_unique<Impl>(state, memoryBytes, bus)) {}
Machine::~Machine() = default;

uint32_t Machine::memorySize() const { return impl_->memory.size(); }
std::span<const uint8_t> Machine::memory() const { return {impl_->memory.data(), impl_->memory.size()}; }

bool Machine::read(uint32_t address, void* to, uint32_t size) const {
  if (!impl_->memory.contains(address, size)) return false;
  if (size) std::memcpy(to, impl_->memory.data() + address, size);
  return true;
}

bool Machine::write(uint32_t address, const void* from, uint32_t size) {
  if (!impl_->memory.contains(address, size)) return false;
  if (size) std::memcpy(impl_->memory.data() + address, from, size);
  impl_->fast.written(address, size);
  return true;
}

const Machine::Interrupts& Machine::interrupts() const { return impl_->interrupts; }
void Machine::setBus(Bus* bus) {
  impl_->bus = bus;
  impl_->fast.devicesChanged();
}
void Machine::setObserver(Observer* observer) { impl_->observer = observer; }
void Machine::setWatch(Watch* watch) { impl_->fast.setWatch(watch); }
void Machine::clearPages() { impl_->fast.clearPages(); }
void Machine::setBreaks(const Breaks* breaks) { impl_->fast.setBreaks(breaks); }
std::vector<uint32_t> Machine::takeWritten() { return impl_->fast.takeWritten(); }

void Machine::restore(const State& to, const Interrupts& interrupts) {
  settle();
  state = to;
  impl_->interrupts = interrupts;
  impl_->fast.devicesChanged();
}

Stop Machine::step() {
  settle();
  Event event = referenceStep(state, impl_->memory, impl_->bus);
  if (event.causes) impl_->interrupts[unsigned(std::countr_zero(event.causes))]++;
  if (event.stored && impl_->memory.contains(event.address, event.size)) impl_->fast.written(event.address, event.size);
  if (impl_->observer && !impl_->observer->onStep(state, event)) return Stop::Observer;
  return impl_->bus && impl_->bus->stopRequested() ? Stop::Host : Stop::Limit;
}

Stop Machine::run(uint64_t limit) {
  const Stop stop = impl_->fast.run(limit, impl_->bus, impl_->observer);
  settle();
  return stop;
}

Stop Machine::glide(uint64_t limit) { return impl_->fast.glide(limit, impl_->bus); }
void Machine::settle() { impl_->fast.settle(); }
bool Machine::follow(Trail& trail, uint64_t until) { return impl_->fast.follow(trail, until, impl_->bus); }
void Machine::takeBack(const Trail& trail) { impl_->fast.takeBack(trail); }

}  // namespace machine
