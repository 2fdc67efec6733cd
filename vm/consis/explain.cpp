// Runs that are made again: to find which instruction, or which --corrupt, wrote what was found wrong; to be seen.
#include <utility>

#include "vm/consis/protocol.h"

namespace consis {
namespace {

Watch watchFor(const Violation& violation) {
  if (violation.address) return {Watch::Bytes, *violation.address, violation.size, 0};
  if (violation.reg) return {Watch::Register, 0, 0, *violation.reg};
  return {Watch::Jump, 0, 0, 0};
}

bool touches(const Corruption& corruption, const Watch& watch) {
  uint64_t size = corruption.kind == Corruption::Byte ? 1 : 4;
  switch (corruption.kind) {
    case Corruption::Register: return watch.kind == Watch::Register && watch.reg == corruption.where;
    case Corruption::Special: return false;  // no report is about one
    case Corruption::Word:
    case Corruption::Byte:
      return watch.kind == Watch::Bytes && corruption.where < uint64_t(watch.address) + watch.size &&
             watch.address < corruption.where + size;
    case Corruption::Dpc:
    case Corruption::Pc: return watch.kind == Watch::Jump;
  }
  return false;
}

// The input that a run took, once more.
std::function<int()> repeated(const std::vector<int>& input) {
  return [&input, next = size_t(0)]() mutable { return next < input.size() ? input[next++] : -1; };
}

}  // namespace

void explain(const Image& image, const Options& options, const std::vector<int>& input, Failure& failure) {
  failure.culprits.resize(failure.violations.size());
  if (failure.machineStep == 0) return;
  std::vector<Watch> watches;
  for (const auto& violation : failure.violations) watches.push_back(watchFor(violation));
  Options again = options;
  again.mode = Mode::Full;  // to see every instruction
  again.output = nullptr;
  std::unique_ptr<UserMode> users = options.users ? options.users->replay() : nullptr;
  again.users = users.get();
  Checkers none;
  Lockstep second(image, again, none, repeated(input), watches, failure.machineStep);
  second.run();
  failure.instructions = second.recorder().lastInstructions();
  for (size_t i = 0; i < watches.size(); ++i) {
    auto& culprit = failure.culprits[i];
    culprit.writer = second.recorder().writers[i];
    for (const auto& corruption : options.corruptions)
      if (corruption.step <= failure.c0Step && touches(corruption, watches[i]) &&
          (!culprit.writer || culprit.writer->c0Step <= corruption.step))
        culprit.corruptedAt = corruption.step;
  }
}

Outcome replay(const Image& image, const Options& options, const std::vector<int>& input, uint64_t last,
               Spectator& spectator) {
  Options again = options;
  again.mode = Mode::Incremental;  // which lists the stores
  again.output = nullptr;
  again.maxSteps = std::min(options.maxSteps, last);
  again.spectator = &spectator;
  Checkers none;
  return Lockstep(image, again, none, repeated(input), {}, UINT64_MAX).run();
}

}  // namespace consis
