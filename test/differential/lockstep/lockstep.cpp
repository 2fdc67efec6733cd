// Runs both executors over random machines and compares everything: registers, memory, what devices saw, what the
// observer saw.
//   lockstep --steps N --seed S
// Ends with 0 and counts of what happened, or with 1 and the first difference.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "test/differential/lockstep/generator.h"
#include "test/differential/lockstep/random_bus.h"
#include "vm/machine/causes.h"
#include "vm/machine/machine.h"

namespace {

using lockstep::Random;
using machine::Event;
using machine::Machine;
using machine::State;
using machine::Stop;

constexpr uint64_t kEpisodeSteps = 8000;

struct Counts {
  uint64_t steps = 0, userSteps = 0, stores = 0, fastSteps = 0, observed = 0, stops = 0;
  uint64_t interrupts[32] = {};
  uint64_t twoCauses = 0, inDelaySlot = 0;
};

// Keeps a digest of all events, and the counts.
class Recorder : public machine::Observer {
 public:
  bool onStep(const State& after, const Event& event) override {
    digest = digest * 0x100000001B3u ^ event.dpc;
    digest = digest * 0x100000001B3u ^ event.word;
    digest = digest * 0x100000001B3u ^ event.causes;
    if (event.stored)
      digest = digest * 0x100000001B3u ^ (event.address + 31 * event.size + 131 * uint64_t(event.value));
    for (uint32_t value : after.gpr) digest = digest * 31 + value;
    last = event;
    return true;
  }
  uint64_t digest = 0;
  Event last{};
};

std::string describe(const char* name, uint32_t expected, uint32_t got) {
  char text[96];
  std::snprintf(text, sizeof text, "  %s: reference %08x, fast %08x\n", name, expected, got);
  return text;
}

std::string compare(const Machine& expected, const Machine& got) {
  const State &a = expected.state, &b = got.state;
  std::string text;
  for (unsigned i = 0; i < 32; i++)
    if (a.gpr[i] != b.gpr[i]) text += describe(("r" + std::to_string(i)).c_str(), a.gpr[i], b.gpr[i]);
  for (unsigned i = 0; i < isa::kSprCount; i++)
    if (a.spr[i] != b.spr[i]) text += describe(std::string(isa::sprName(i)).c_str(), a.spr[i], b.spr[i]);
  if (a.dpc != b.dpc) text += describe("DPC", a.dpc, b.dpc);
  if (a.pc != b.pc) text += describe("PC", a.pc, b.pc);
  if (a.steps != b.steps) text += describe("steps", uint32_t(a.steps), uint32_t(b.steps));
  if (text.empty() && !(a == b)) text += "  floating-point registers differ\n";
  if (expected.interrupts() != got.interrupts()) text += "  counts of interrupts differ\n";
  auto x = expected.memory(), y = got.memory();
  if (std::memcmp(x.data(), y.data(), x.size()) != 0)
    for (uint32_t i = 0; i < x.size(); i++)
      if (x[i] != y[i]) {
        char name[32];
        std::snprintf(name, sizeof name, "byte %08x", i);
        text += describe(name, x[i], y[i]);
      }
  return text;
}

// Two equal machines on equal devices.
class Pair {
 public:
  Pair(uint64_t seed, Counts* counts)
      : random_(seed),
        counts_(counts),
        referenceBus_(seed),
        fastBus_(seed),
        reference_(lockstep::kMemory, &referenceBus_),
        fast_(lockstep::kMemory, &fastBus_) {
    lockstep::Episode episode = lockstep::generate(random_);
    for (Machine* machine : {&reference_, &fast_}) {
      machine->state = episode.state;
      machine->write(0, episode.memory.data(), lockstep::kMemory);
    }
  }

  // Runs at most `steps`; the differences, or nothing.
  std::string run(uint64_t steps) {
    while (reference_.state.steps < steps) {
      uint64_t chunk = random_.chance(45) ? 1 + random_.below(3000) : 1 + random_.below(40);
      chunk = std::min(chunk, steps - reference_.state.steps);
      if (std::string difference = runChunk(chunk); !difference.empty()) return difference;
      if (random_.chance(40)) disturb();
    }
    return {};
  }

  const State& before() const { return before_; }
  const Event& last() const { return expected_.last; }

 private:
  std::string runChunk(uint64_t chunk) {
    bool observe = random_.chance(20), mixed = random_.chance(5);
    fast_.setObserver(observe ? &got_ : nullptr);
    reference_.setObserver(&expected_);
    expected_.digest = got_.digest = 0;

    Stop stop = Stop::Limit;
    uint64_t done = 0;
    for (; done < chunk && stop == Stop::Limit; done++) {
      before_ = reference_.state;
      stop = reference_.step();
      if (counts_) count();
    }
    Stop fastStop = Stop::Limit;
    // The same machine may also be stepped by the reference executor: what it stores must reach the decoded code.
    uint64_t first = mixed ? done / 2 : 0;
    for (uint64_t i = 0; i < first; i++) fastStop = fast_.step();
    if (fastStop == Stop::Limit) fastStop = fast_.run(chunk - first);
    if (counts_) counts_->fastSteps += done - first, counts_->observed += observe ? done - first : 0;
    if (counts_ && stop == Stop::Host) counts_->stops++;

    std::string difference = compare(reference_, fast_);
    if (stop != fastStop) difference += "  one stopped, the other did not\n";
    if (referenceBus_.log() != fastBus_.log()) difference += "  the devices saw different accesses\n";
    if (observe && expected_.digest != got_.digest) difference += "  the observers saw different events\n";
    referenceBus_.clearStop();
    fastBus_.clearStop();
    return difference;
  }

  void count() {
    const Event& event = expected_.last;
    counts_->steps++;
    counts_->userSteps += before_.user();
    counts_->stores += event.stored;
    if (event.causes) {
      counts_->interrupts[__builtin_ctz(event.causes)]++;
      counts_->twoCauses += (event.causes & (event.causes - 1)) != 0;
      counts_->inDelaySlot += before_.pc != before_.dpc + 4;
    }
  }

  // Changes from outside: memory, registers.
  void disturb() {
    uint32_t words[8], address = random_.below(lockstep::kMemory - sizeof words);
    for (uint32_t& word : words) word = lockstep::randomInstruction(random_);
    unsigned number = 1 + random_.below(31);
    uint32_t value = random_.below(lockstep::kMemory), dpc = random_.below(lockstep::kMemory) & ~3u,
             size = 1 + random_.below(sizeof words);
    bool jump = random_.chance(50);
    uint32_t values[16];
    for (uint32_t& edge : values) edge = lockstep::edgeValue(random_);
    // Addresses near the code that runs now, and of entries of the page table in use.
    uint32_t pointers[32];
    for (unsigned i = 19; i < 32; i++) {
      uint32_t near = (jump ? dpc : reference_.state.dpc) + (random_.below(64) - 16) * 4;
      uint32_t entry = reference_.state.spr[isa::PTO] * 4096 + 4 * random_.below(24);
      pointers[i] = random_.chance(25) ? near : random_.chance(25) ? entry : reference_.state.gpr[i];
    }
    for (Machine* machine : {&reference_, &fast_}) {
      machine->write(address, words, size);
      std::copy(pointers + 19, pointers + 32, machine->state.gpr.begin() + 19);
      std::copy(values + 1, values + 16, machine->state.gpr.begin() + 1);
      machine->state.gpr[number] = value;
      machine->state.spr[isa::SR] |= values[0];
      if (jump) machine->state.dpc = dpc, machine->state.pc = dpc + 4, machine->state.spr[isa::MODE] ^= 1;
    }
  }

  Random random_;
  Counts* counts_;
  lockstep::RandomBus referenceBus_, fastBus_;
  Machine reference_, fast_;
  Recorder expected_, got_;
  State before_;
};

// The least number of steps after which this episode differs.
uint64_t shortest(uint64_t seed, uint64_t most) {
  uint64_t least = 1;
  while (least < most) {
    uint64_t middle = (least + most) / 2;
    if (Pair(seed, nullptr).run(middle).empty()) least = middle + 1;
    else most = middle;
  }
  return most;
}

int report(uint64_t seed) {
  uint64_t steps = shortest(seed, kEpisodeSteps);
  Pair pair(seed, nullptr);
  std::string difference = pair.run(steps);
  if (difference.empty()) difference = "  (not repeatable)\n";
  std::printf("episode %llu differs after %llu steps; the last was %s at %08x (%s mode, pc %08x), causes %08x\n%s",
              static_cast<unsigned long long>(seed), static_cast<unsigned long long>(steps),
              isa::print(pair.last().word).c_str(), pair.last().dpc, pair.before().user() ? "user" : "system",
              pair.before().pc, pair.last().causes, difference.c_str());
  return 1;
}

int summarize(const Counts& counts) {
  auto number = [](uint64_t value) { return static_cast<unsigned long long>(value); };
  std::printf("steps %llu: user %llu, stores %llu, observed %llu, stops %llu\ninterrupts:", number(counts.steps),
              number(counts.userSteps), number(counts.stores), number(counts.observed), number(counts.stops));
  uint32_t seen = 0;
  for (unsigned i = 0; i < 32; i++) {
    if (!counts.interrupts[i]) continue;
    std::printf(" %u:%llu", i, number(counts.interrupts[i]));
    seen |= 1u << i;
  }
  std::printf("\nwith two causes %llu, in delay slots %llu\n", number(counts.twoCauses), number(counts.inDelaySlot));
  // What was meant to be tested must have happened: causes 1..12 and the eight devices, both modes, slots.
  constexpr uint32_t kExpected = 0x1FFFFE;
  bool enough = (seen & kExpected) == kExpected && counts.twoCauses && counts.inDelaySlot && counts.stops &&
                counts.userSteps > counts.steps / 10 && counts.userSteps < counts.steps * 9 / 10;
  if (!enough) std::printf("the run did not reach everything that it should\n");
  return enough ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  uint64_t steps = 2000000, seed = 1;
  for (int i = 1; i < argc; i++) {
    std::string_view option = argv[i];
    uint64_t* value = option == "--steps" ? &steps : option == "--seed" ? &seed : nullptr;
    if (!value || i + 1 == argc) return std::fprintf(stderr, "usage: lockstep --steps N --seed S\n"), 2;
    *value = std::strtoull(argv[++i], nullptr, 0);
  }
  Counts counts;
  for (uint64_t episode = 0; counts.steps < steps; episode++) {
    uint64_t episodeSeed = seed * 1000003 + episode;
    if (!Pair(episodeSeed, &counts).run(kEpisodeSteps).empty()) return report(episodeSeed);
  }
  return summarize(counts);
}
