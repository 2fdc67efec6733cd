#include "vm/relate/refine/run.h"

#include "assembler/base/bytes.h"
#include "vm/devices/system_bus.h"

namespace refine {
namespace {

class Console : public devices::Console {
 public:
  explicit Console(const RunOptions& options) : options_(options) {}
  void put(uint8_t byte) override {
    if (options_.output) options_.output(byte);
  }
  int get() override { return options_.input ? options_.input() : -1; }
  bool available() override { return true; }

 private:
  const RunOptions& options_;
};

// HW's D against the machine's memory.
Fails compareMemory(const Chain& chain, const machine::Machine& machine) {
  auto memory = machine.memory();
  for (uint32_t at = 0; at < chain.layout.npages * models::kPageSize; at += 4) {
    uint32_t word = base::load<uint32_t>(&memory[at]);
    if (word != chain.hw.d(at))
      return Failure{Failure::Memory, models::Name::HW, "memory",
                     "HW: D(" + models::hex(at) + ") is " + models::hex(chain.hw.d(at)) + ", the machine's memory " +
                         models::hex(word)};
  }
  return std::nullopt;
}

}  // namespace

void loadInto(machine::Machine& machine, const object::Object& image) {
  for (const auto& segment : object::segments(image))
    if (!segment.bytes.empty()) machine.write(segment.address, segment.bytes.data(), uint32_t(segment.bytes.size()));
  machine.state = machine::resetState();
}

RunOutcome run(const KernelImage& image, const RunOptions& options, Chain& chain) {
  Console console(options);
  devices::SystemBus bus(console, console, image.memorySize());
  machine::Machine machine(image.memorySize(), &bus);
  loadInto(machine, image.object);
  Replay replay(image, chain);
  replay.fullEvery = options.fullEvery;
  replay.begin(machine);
  machine.setObserver(&replay);
  auto stop = machine.run(options.maxSteps);

  RunOutcome outcome;
  outcome.failure = replay.failure(), outcome.at = replay.failedAt();
  if (!outcome.failure) outcome.failure = compareMemory(chain, machine);
  // The specification of exit is (p, false): what is compared at the end is the state in which it was called.
  if (replay.inTrap()) chain.hw.mode = true;
  if (!outcome.failure) outcome.failure = chain.checkFull();
  outcome.verdict = outcome.failure ? Verdict::Failed : stop == machine::Stop::Host ? Verdict::Related : Verdict::Limit;
  outcome.place = image.place(outcome.at.dpc);
  for (const auto& call : replay.calls())
    outcome.calls.push_back({call.function->name, call.function->module, call.function->layer, call.arguments});
  if (outcome.failure && !outcome.calls.empty()) {
    bool callers = outcome.failure->kind == Failure::Precondition || outcome.failure->kind == Failure::NoState;
    outcome.module = outcome.calls[outcome.calls.size() - (callers && outcome.calls.size() > 1 ? 2 : 1)].module;
  }
  outcome.counters = chain.counters;
  outcome.functionCalls = replay.callCounts();
  outcome.steps = machine.state.steps;
  outcome.exitStatus = bus.host.exitStatus(), outcome.fault = bus.host.fault();
  return outcome;
}

}  // namespace refine
