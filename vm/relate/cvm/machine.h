// The CVM machine (seed 003, 5): a configuration up(1..P), ca, cp, and its steps. Devices, time and external events are its
// surroundings' (run.h on its own; konsis gives it those of a VAMP).
#pragma once

#include <optional>
#include <string>

#include "vm/relate/cvm/kernel.h"
#include "vm/relate/cvm/specification.h"

namespace cvm {

constexpr uint32_t kIdle = kProcesses + 1;  // cp while cvm_wait waits: a user that loops and is nobody (decisions.md, 31)
// mca of the event that a page of the user that runs is lost; edata is the user (decisions.md, 29).
constexpr uint32_t kLostCause = 1u << 31;

class Machine : private interp::Primitives {
 public:
  // The kernel must outlive the machine. First configuration: cp = 0, pr = [i = kdispatch(1, 0)].
  Machine(const Kernel& kernel, Users users, Outside& outside);

  Users users;
  uint32_t cp = 0;
  const interp::Machine& ca() const { return ca_; }
  const Kernel& kernel() const { return kernel_; }

  // ---- cp = 0 -------------------------------------------------------------------------------------------------------
  enum class Stop : uint8_t {
    Running,  // a step was made; it may have set cp
    Faulted,  // no semantics from here on: fault()
  };
  // One C0 step, or one primitive.
  Stop kernelStep();
  const interp::FaultReport& fault() const { return fault_; }
  // fcall(kdispatch, i, mca, edata) is the program rest: nothing of the kernel's has been executed yet.
  const std::optional<Interrupt>& dispatched() const { return dispatched_; }
  // The primitive that the next step will execute.
  core::Primitive nextPrimitive() const;
  // The one that the last kernel step executed, if it was one.
  struct Call {
    core::Primitive primitive;
    std::vector<uint32_t> arguments;
    int32_t result;  // of cvm_start and cvm_wait, if they left the kernel: 0
  };
  const std::optional<Call>& lastCall() const { return call_; }

  // ---- cp != 0 ------------------------------------------------------------------------------------------------------
  // At most `limit` steps of up(cp), the first at the time `now`, which is advanced. After an interrupt cp = 0.
  Interrupt userSteps(uint64_t limit, Lines& lines, uint64_t& now, Executor executor);
  // The event of a page lost, in place of a step.
  Interrupt loseThePage();

 private:
  Outcome call(core::Primitive primitive, std::span<const interp::Value> arguments) override;
  int32_t apply(core::Primitive primitive, std::span<const uint32_t> e);
  void dispatch(Interrupt interrupt);
  Interrupt idle(uint64_t limit, Lines& lines, uint64_t& now) const;

  const Kernel& kernel_;
  Outside& outside_;
  interp::Machine ca_;
  interp::FaultReport fault_;
  std::optional<Interrupt> dispatched_ = Interrupt{1, 0};
  std::optional<Call> call_;
};

}  // namespace cvm
