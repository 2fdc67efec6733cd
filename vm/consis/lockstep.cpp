#include "vm/consis/lockstep.h"

#include <algorithm>
#include <utility>

#include "vm/consis/checkpoint.h"
#include "vm/consis/landmarks.h"
#include "vm/consis/protocol.h"

namespace consis {

uint32_t memoryFor(const Image& image, const Options& options) {
  return std::max(options.memory, (image.memoryEnd() + machine::kPageSize - 1) & ~(machine::kPageSize - 1));
}

Lockstep::Lockstep(const Image& image, const Options& options, Checkers& checkers, std::function<int()> input,
                   std::vector<Watch> watches, uint64_t stopAt, interp::Start begin)
    : image_(image),
      options_(options),
      checkers_(checkers),
      console_(std::move(input)),
      bus_(console_, options.users ? options.users->serial() : silence(), memoryFor(image, options)),
      recorder_(image, std::move(watches), stopAt),
      abstract_(image.program(), *this, {image.heap.end - image.heap.begin, image.stack.end - image.stack.begin}, begin),
      concrete_(memoryFor(image, options), &bus_),
      aba_(image),
      asm_(image, aba_, abstract_, options.dropped),
      window_(image, concrete_, outcome_.counters),
      violations_(options.dropped) {
  if (!incremental() || recorder_.seesAll()) calmEnd_ = 0, strideFrom_ = UINT64_MAX;
  if (options.spectator) calmEnd_ = std::min(calmEnd_, options.spectator->first);
  for (const Corruption& corruption : options.corruptions) calmEnd_ = std::min(calmEnd_, corruption.step);
  concrete_.setObserver(&recorder_);
  // Where the recorder may see something.
  if (incremental()) watch_ = entryWatch(image), concrete_.setWatch(&watch_);
  if (!options.disk.empty())
    bus_.disk = std::make_unique<devices::Disk>(std::make_unique<devices::MemoryStorage>(options.disk));
  if (options.users) {
    around_ = &options.users->attach(bus_);
    concrete_.setBus(around_);
    recorder_.runtimeTraps = false;
    watch_.users = machine::Watch::Users::Run;
  }
  recorder_.anyBase = options.dropped[Condition::FrameBase];
  recorder_.anyInterrupt = options.dropped[Condition::Interrupted];
  uint32_t largest = 0;
  const auto& types = image.program().types;
  for (core::TypeId id = 0; id < types.count(); ++id) {
    const core::Type& type = types[id];
    largest = std::max(largest, type.asize);
    simpleSizes_.push_back(type.simple() ? type.asize : 0);
  }
  limit_ = options.limit > UINT64_MAX / 2 ? options.limit : options.limit + 8 * uint64_t(largest);
}

consis::Outcome Lockstep::run() {
  start();
  while (!over_) step();
  if (options_.spectator) concrete_.settle(), options_.spectator->ended(moment());
  outcome_.counters.c0Steps = c0Step_;
  outcome_.counters.instructions = concrete_.state.steps;
  outcome_.counters.outputs = console_.output.size();
  outcome_.counters.inputs = console_.input.size();
  outcome_.output = console_.output;
  outcome_.input = console_.input;
  return std::move(outcome_);
}


void Lockstep::start() {
  reset(concrete_, image_);
  if (abstract_.rd() == 0) {  // not even main fits onto the stack
    outcome_.fault = abstract_.fault();
    return end(Verdict::NoSemantics);
  }
  findHead();
  aba_.follow(abstract_);
  if (advance(after(limit())) && !stray()) settle();
}

void Lockstep::step() {
  if (c0Step_ == options_.maxSteps) return end(Verdict::Limit);
  if (c0Step_ >= strideFrom_ && stride()) return;
  catchUp();
  pair_.executed = pair_.next;
  current_ = c0Step_ + 1;
  inStep_ = false;
  const interp::Stop stop = abstract_.step();
  findHead();
  if (stop != interp::Stop::Running || over_) return halt(stop);
  ++c0Step_;
  aba_.follow(abstract_);
  if (inStep_ || executes(core::StmtKind::New) || executes(core::StmtKind::Asm) || !calm()) return arrive(after(limit()), {});
  // Nearly always this is all: the relation holds where the machine stands now, so it is s(i).
  window_.suspend();
  const uint64_t end = after(limit_);
  const machine::Stop glided = executed()->emits ? concrete_.glide(limit_) : machine::Stop::Watch;
  if (glided == machine::Stop::Watch && !watch_.causes && !traffic() && surelyHolds()) return watch_.stores.clear();
  arrive(end, glided);
}

void Lockstep::arrive(uint64_t end, std::optional<machine::Stop> begun) {
  if (executed()->emits && !advance(end, begun)) return;
  if (stray()) return;
  if (!executes(core::StmtKind::New) || adoptAllocation()) settle();
}

void Lockstep::halt(interp::Stop stop) {
  if (stop == interp::Stop::Faulted && !over_) return meetFault();
  ++c0Step_;
  if (over_) return;
  if (outcome_.left || stopped_) leave();
  else meetEnd();
}

bool Lockstep::advance(uint64_t end, std::optional<machine::Stop> begun) {
  recorder_.aim(head()->map->entries, aba_.topBase(), executed() ? &executed()->map->entries : nullptr, current_);
  if (inStep_ && recorder_.at(concrete_.state)) return true;
  if (executes(core::StmtKind::Asm) && !recorder_.look(concrete_.state) && astray()) return false;
  if (!runMachine(end, begun)) return false;
  if (!bus_.host.exitStatus()) return true;
  if (!astray())
    failHere(plain(Condition::End, "the VAMP ended, the abstract machine did not", "the program runs on",
                   "exit with status " + std::to_string(int32_t(*bus_.host.exitStatus()))));
  return false;
}

bool Lockstep::go(uint64_t end, machine::Stop& stop, std::optional<machine::Stop> begun) {
  stop = begun || unobserved() ? glide(end, begun) : concrete_.run(end - concrete_.state.steps);
  if (recorder_.stoppedHere) over_ = true;
  else if (window_.broken()) fail(*window_.broken());
  return !over_;
}

machine::Stop Lockstep::glide(uint64_t end, std::optional<machine::Stop> begun) {
  const machine::State& state = concrete_.state;
  while (true) {
    const machine::Stop stop = begun ? *begun : concrete_.glide(end - state.steps);
    begun.reset();
    if (watch_.causes && !recorder_.isRuntimeTrap(watch_.causes, watch_.interrupted)) {
      recorder_.causes = watch_.causes, recorder_.interrupted = watch_.interrupted;
      return machine::Stop::Observer;
    }
    if (recorder_.look(state)) return machine::Stop::Observer;
    if (stop != machine::Stop::Watch) return stop;
    if (watch_.causes || (state.user() && !options_.users)) return concrete_.run(end - state.steps);
  }
}

bool Lockstep::runMachine(uint64_t end, std::optional<machine::Stop> begun) {
  machine::Stop stop;
  if (!go(end, stop, begun)) return false;
  if (bus_.host.exitStatus()) return true;
  if (stop == machine::Stop::Observer && !recorder_.causes) return true;
  if (astray()) return false;
  if (bus_.host.fault()) return machineFault(), false;
  if (recorder_.causes) return interrupted(), false;
  failHere(plain(Condition::Diverged,
                 "the VAMP does not arrive at the next statement within " + grouped(limit()) + " instructions",
                 whereTo()));
  return false;
}

// What zeroing an array of run-time length takes is more than any other statement's.
uint64_t Lockstep::newLimit() const {
  auto made = abstract_.lastAllocation();
  if (!made) return limit_;
  const auto& element = image_.program().types[abstract_.heapType(*made)];
  return limit_ + 2 * uint64_t(abstract_.heapCount(*made)) * element.asize;
}

void Lockstep::settle() {
  if (calm()) window_.suspend();
  else settleWatched();
  if (incremental()) storedToCode();
  for (auto& checker : checkers_)
    if (!checker->surelyHolds(pair_, outcome_.counters)) checker->check(pair_, outcome_.counters, violations_);
  recorder_.codeStores.clear();
  watch_.stores.clear();
  if (!violations_.empty()) failSettled();
}

// Somebody else has a part in it: --corrupt, a spectator, a page table.
void Lockstep::settleWatched() {
  for (const auto& corruption : options_.corruptions)
    if (corruption.step == c0Step_) corrupt(corruption);
  translated(violations_);
  if (!options_.spectator || current_ < options_.spectator->first) return;
  concrete_.settle();
  options_.spectator->at(moment());
}

// What an observing recorder would have noted.
void Lockstep::storedToCode() {
  recorder_.codeStores.clear();
  for (auto store : watch_.stores)
    if (store.address < image_.text.end) recorder_.codeStores.push_back({store.address, store.address + store.size});
}

void Lockstep::translated(Violations& violations) {
  if (options_.dropped[Condition::Window]) return;
  if (!concrete_.state.user()) return window_.suspend();
  if (!std::exchange(watching_, true)) recorder_.listen(window_);
  window_.check(violations);
}

void Lockstep::corrupt(const Corruption& corruption) {
  uint32_t size = corruption.kind == Corruption::Byte ? 1 : 4;
  switch (corruption.kind) {
    case Corruption::Register:
      concrete_.settle();
      if (corruption.where) concrete_.state.gpr[corruption.where] = corruption.value;
      break;
    case Corruption::Special:
      concrete_.settle();
      concrete_.state.spr[corruption.where] = corruption.value;
      break;
    case Corruption::Word:
    case Corruption::Byte:
      concrete_.write(corruption.where, &corruption.value, size);
      recorder_.storedFromOutside(concrete_.state, corruption.where, size);
      if (incremental()) watch_.stored(corruption.where, size);
      break;
    case Corruption::Dpc: concrete_.state.dpc = corruption.value; break;
    case Corruption::Pc: concrete_.state.pc = corruption.value; break;
  }
}

bool Lockstep::stray() {
  forwardOutput();
  if (!traffic()) return false;
  Violation violation =
      plain(Condition::StrayOutput, "the VAMP puts out or takes in bytes outside calls of primitives and asm blocks",
            "nothing");
  violation.found = console_.output.size() > put_ ? quoted(console_.output.substr(put_)) : "input";
  expectTraffic();
  return fail(std::move(violation));
}

void Lockstep::forwardOutput() {
  if (options_.output && console_.output.size() > forwarded_)
    options_.output(std::string_view(console_.output).substr(forwarded_));
  forwarded_ = console_.output.size();
}

Outcome run(const Image& image, const Options& options, std::vector<std::unique_ptr<Checker>> checkers) {
  Lockstep first(image, options, checkers, options.input, {}, UINT64_MAX);
  Outcome outcome = first.run();
  outcome.mode = options.mode;
  if (outcome.failure && options.explain) explain(image, options, first.input(), *outcome.failure);
  return outcome;
}

Outcome run(const Image& image, const Options& options) {
  if (options.mode == Mode::Parallel) return runParallel(image, options);
  Checkers checkers = makeFullCheckers();
  if (options.mode == Mode::Incremental) checkers.clear(), checkers.push_back(makeIncrementalChecker());
  return run(image, options, std::move(checkers));
}

}  // namespace consis
