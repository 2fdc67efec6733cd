#include "vm/relate/cvm/run.h"

#include <algorithm>
#include <bit>

#include "vm/machine/causes.h"

namespace cvm {
namespace {

std::string printInterrupt(uint64_t now, uint32_t cp, Interrupt interrupt) {
  char text[128];
  const unsigned cause = unsigned(std::countr_zero(interrupt.mca));
  const std::string name = interrupt.mca == kLostCause ? "page lost" : std::string(machine::causeText(cause));
  std::snprintf(text, sizeof text, "%llu %s %u: kdispatch(0x%x, 0x%x) ", (unsigned long long)now, cp == kIdle ? "idle" : "user", cp,
                interrupt.mca, interrupt.edata);
  return text + name;
}

std::string printCall(uint64_t now, const Machine::Call& call) {
  std::string text = std::to_string(now) + " kernel: " + std::string(core::primitiveName(call.primitive)) + '(';
  for (size_t i = 0; i < call.arguments.size(); ++i) text += (i ? ", " : "") + std::to_string(int32_t(call.arguments[i]));
  return text + ") = " + std::to_string(call.result);
}

class Runner {
 public:
  Runner(Machine& machine, Surroundings& around, const RunOptions& options, Statistics& statistics)
      : machine_(machine), around_(around), options_(options), statistics_(statistics) {}

  End run() {
    while (true) {
      if (around_.bus.host.stopped()) return End::Exited;
      if (left_ == 0) return End::Limit;
      if (machine_.cp == 0) {
        if (!kernel()) return End::Faulted;
      } else if (machine_.cp == kIdle && stuck()) {
        return End::Stuck;
      } else {
        user();
      }
    }
  }

 private:
  bool kernel() {
    if (machine_.kernelStep() == Machine::Stop::Faulted) return false;
    ++around_.now, --left_;
    ++statistics_.kernelSteps;
    if (const auto& call = machine_.lastCall()) {
      ++statistics_.primitives[size_t(call->primitive)];
      if (options_.trace) options_.trace(printCall(around_.now, *call));
    }
    return true;
  }

  bool stuck() {
    const uint64_t now = around_.now;
    return !(around_.lines(now) & machine_.users.mask) && around_.nextEvent(now) == machine::kNever;
  }

  void user() {
    const uint32_t cp = machine_.cp;
    const uint64_t begin = around_.now;
    Interrupt interrupt;
    if (around_.losesPage(cp)) {
      interrupt = machine_.loseThePage();
      ++around_.now;
    } else {
      interrupt = machine_.userSteps(std::min(left_, around_.nextLoss() - begin), around_, around_.now, options_.executor);
    }
    const uint64_t steps = around_.now - begin;
    left_ -= steps;
    (cp == kIdle ? statistics_.idleSteps : statistics_.userSteps) += steps;
    if (!interrupt.mca) return;
    ++statistics_.interrupts[unsigned(std::countr_zero(interrupt.mca))];
    if (options_.trace) options_.trace(printInterrupt(around_.now, cp, interrupt));
  }

  Machine& machine_;
  Surroundings& around_;
  const RunOptions& options_;
  Statistics& statistics_;
  uint64_t left_ = options_.maxSteps;
};

}  // namespace

End run(Machine& machine, Surroundings& around, const RunOptions& options, Statistics& statistics) {
  return Runner(machine, around, options, statistics).run();
}

}  // namespace cvm
