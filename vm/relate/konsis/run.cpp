#include "vm/relate/konsis/run.h"

#include "vm/machine/causes.h"

namespace konsis {

base::Result<std::unique_ptr<Loaded>> Loaded::load(std::span<const uint8_t> elf, std::vector<uint8_t> disk,
                                                   std::vector<uint8_t> secondDisk) {
  auto image = consis::Image::load(elf);
  if (!image) return image.error();
  std::unique_ptr<Loaded> loaded(new Loaded(std::move(*image)));
  auto units = core::readKernelUnits(loaded->image_.object());
  if (!units) return units.error();
  const consis::Region heap = loaded->image_.heap, stack = loaded->image_.stack;
  auto kernel = cvm::makeKernel(*units, {heap.end - heap.begin, stack.end - stack.begin});
  if (!kernel) return kernel.error();
  loaded->kernel_ = std::move(*kernel);
  auto data = KernelData::find(loaded->image_);
  if (!data) return data.error();
  loaded->data_ = *data;
  auto header = cvmimage::read(disk);
  if (!header) return header.error();
  loaded->header_ = std::move(*header);
  loaded->disk_ = std::move(disk), loaded->secondDisk_ = std::move(secondDisk);
  return loaded;
}

namespace {

// The lockstep owns its checkers, but the check belongs to the run.
class Asked : public consis::Checker {
 public:
  explicit Asked(Check& check) : check_(check) {}
  void check(const Pair& pair, consis::Counters& counters, Violations& violations) override { check_.check(pair, counters, violations); }
  void finish(const Pair& pair, consis::Counters& counters, Violations& violations) override { check_.finish(pair, counters, violations); }

 private:
  Check& check_;
};

}  // namespace

Outcome run(const Subject& subject, consis::Options options, const CheckOptions& checkOptions, devices::Console& serial, bool history) {
  Check check(subject, checkOptions, serial);
  options.users = &check;
  std::vector<std::unique_ptr<consis::Checker>> checkers;
  if (options.mode == consis::Mode::Full) checkers = consis::makeFullCheckers();
  else checkers.push_back(consis::makeIncrementalChecker());
  checkers.push_back(std::make_unique<Asked>(check));
  Outcome outcome;
  outcome.run = consis::run(subject.image, options, std::move(checkers));
  if (outcome.run.verdict == consis::Verdict::NoSemantics && outcome.run.fault)
    if (auto wrong = check.meetFault(*outcome.run.fault)) {
      outcome.run.verdict = consis::Verdict::Inconsistent;
      outcome.run.failure = consis::Failure{{std::move(*wrong)}, 1, outcome.run.counters.c0Steps, outcome.run.counters.instructions};
    }
  outcome.counters = check.counters();
  outcome.booted = check.booted();
  if (history) {
    const std::unique_ptr<consis::UserMode> again = check.replay();
    options.users = again.get();
    outcome.history.emplace(consis::lastSteps(subject.image, options, outcome.run));
  }
  return outcome;
}

std::vector<std::pair<std::string, uint64_t>> named(const Counters& c) {
  std::vector<std::pair<std::string, uint64_t>> all{
      {"userSteps", c.userSteps}, {"idleSteps", c.idleSteps}, {"kernelSteps", c.kernelSteps}, {"primitives", c.primitives},
      {"pageFaults", c.pageFaults}, {"pageIns", c.pageIns}, {"pageOuts", c.pageOuts}, {"forced", c.forced}, {"points", c.points},
      {"values", c.values}, {"registers", c.registers}, {"pages", c.pages}, {"owners", c.owners}, {"accesses", c.accesses},
      {"dangling", c.dangling}, {"lostPages", c.lostPages}};
  for (unsigned cause = 0; cause < 32; ++cause)
    if (c.interrupts[cause]) all.push_back({"interrupt " + std::to_string(cause), c.interrupts[cause]});
  return all;
}

std::string summary(const Outcome& outcome) {
  using consis::grouped;
  const Counters& c = outcome.counters;
  uint64_t interrupts = 0;
  for (uint64_t count : c.interrupts) interrupts += count;
  std::string text(consis::verdictName(outcome.run.verdict));
  text += ": " + grouped(outcome.run.counters.instructions) + " VAMP instructions, " + grouped(c.userSteps) + " user steps, " +
          grouped(outcome.run.counters.c0Steps) + " kernel steps, " + grouped(c.pageFaults) + " page faults, " + grouped(interrupts) +
          " interrupts (" + grouped(c.interrupts[13 + devices::kTimer]) + " of the timer), " + grouped(c.pageIns) +
          " pages in, " + grouped(c.pageOuts) + " out";
  if (!outcome.booted) text += ", not booted";
  if (outcome.run.verdict == consis::Verdict::Consistent) text += ", exit " + std::to_string(int32_t(outcome.run.exitStatus));
  return text + '\n';
}

std::string statistics(const Outcome& outcome, double seconds) {
  std::string text;
  for (const auto& [name, count] : named(outcome.counters)) text += name + ' ' + std::to_string(count) + '\n';
  char line[96];
  std::snprintf(line, sizeof line, "seconds %.3f\ninstructions-per-second %.0f\n", seconds,
                seconds > 0 ? double(outcome.run.counters.instructions) / seconds : 0);
  return text + line;
}

}  // namespace konsis
