#include "vm/relate/cvm/machine.h"

#include <algorithm>

#include "vm/machine/causes.h"

namespace cvm {

Machine::Machine(const Kernel& kernel, Users users, Outside& outside)
    : users(std::move(users)),
      kernel_(kernel),
      outside_(outside),
      ca_(kernel.program, *this, kernel.limits, interp::Start::Nothing) {}

// ---- the kernel -------------------------------------------------------------------------------------------------------

Machine::Stop Machine::kernelStep() {
  call_.reset();
  interp::Stop stop;
  if (dispatched_) {
    const interp::Value arguments[] = {interp::Value::number(dispatched_->mca), interp::Value::number(dispatched_->edata)};
    dispatched_.reset();
    stop = ca_.restart(kernel_.kdispatch, arguments, kernel_.i);
  } else {
    stop = ca_.step();
  }
  if (stop == interp::Stop::Faulted) return fault_ = ca_.fault(), Stop::Faulted;
  if (stop == interp::Stop::Ended && cp == 0) {  // decisions.md, 32
    const core::Function& kdispatch = kernel_.program.functions[kernel_.kdispatch];
    fault_ = {core::Fault::KernelReturned, kdispatch.position, kernel_.kdispatch,
              "kdispatch returned " + std::to_string(int32_t(ca_.exitStatus())) + " without cvm_start or cvm_wait"};
    return Stop::Faulted;
  }
  return Stop::Running;
}

core::Primitive Machine::nextPrimitive() const {
  const core::Stmt* head = dispatched_ ? nullptr : ca_.head();
  return head && head->kind == core::StmtKind::Call ? kernel_.program.functions[head->index].primitive : core::Primitive::None;
}

interp::Primitives::Outcome Machine::call(core::Primitive primitive, std::span<const interp::Value> arguments) {
  call_ = Call{primitive, {}, 0};
  for (const interp::Value& argument : arguments) call_->arguments.push_back(argument.bits);
  call_->result = apply(primitive, call_->arguments);
  return {uint32_t(call_->result), cp != 0};
}

// (vS, up') = fS(E1, .., En, up); start and wait set cp instead.
int32_t Machine::apply(core::Primitive primitive, std::span<const uint32_t> e) {
  using core::Primitive;
  switch (primitive) {
    case Primitive::CvmStart:
      if (!isProcess(e[0])) return kNoProcess;
      cp = e[0];
      return 0;
    case Primitive::CvmWait: cp = kIdle; return 0;
    case Primitive::CvmReset: return resetS(e[0], users);
    case Primitive::CvmClone: return cloneS(e[0], e[1], users, outside_);
    case Primitive::CvmAlloc: return allocS(e[0], int32_t(e[1]), users);
    case Primitive::CvmFree: return freeS(e[0], int32_t(e[1]), users);
    case Primitive::CvmCopy: return copyS(e[0], e[1], e[2], e[3], int32_t(e[4]), users, outside_);
    case Primitive::GetVmGpr: return getVmGprS(e[0], e[1], users);
    case Primitive::SetVmGpr: return setVmGprS(e[0], e[1], e[2], users);
    case Primitive::CvmGetSize: return getSizeS(e[0], users);
    case Primitive::CvmInWord: return inWordS(e[0], e[1], outside_);
    case Primitive::CvmOutWord: return outWordS(e[0], e[1], e[2], outside_);
    case Primitive::CvmVirtIn: return virtInS(e[0], e[1], e[2], e[3], int32_t(e[4]), users, outside_);
    case Primitive::CvmVirtOut: return virtOutS(e[0], e[1], e[2], e[3], int32_t(e[4]), users, outside_);
    case Primitive::CvmSetMask: return setMaskS(e[0], e[1], users);
    default: return 0;  // of another platform: not in a linked kernel
  }
}

// ---- users ------------------------------------------------------------------------------------------------------------

// "c'.cp and c'.ca.rd to zero, c'.ca.pr = fcall(kdispatch, i, mca, edata)".
void Machine::dispatch(Interrupt interrupt) {
  dispatched_ = interrupt;
  cp = 0;
}

Interrupt Machine::userSteps(uint64_t limit, Lines& lines, uint64_t& now, Executor executor) {
  const Interrupt interrupt = cp == kIdle ? idle(limit, lines, now)
                                          : users.up[cp].run(limit, users.effectiveMask(cp), lines, now, executor);
  if (interrupt.mca) dispatch(interrupt);
  return interrupt;
}

Interrupt Machine::loseThePage() {
  const Interrupt interrupt{kLostCause, cp};
  dispatch(interrupt);
  return interrupt;
}

// The idle user changes nothing and is stopped by device lines only: its steps need not be made one by one.
Interrupt Machine::idle(uint64_t limit, Lines& lines, uint64_t& now) const {
  while (limit > 0) {
    if (const uint32_t mca = lines.lines(now) & users.mask & machine::kDeviceCauses) return ++now, Interrupt{mca, 0};
    const uint64_t steps = std::min(limit, lines.nextEvent(now) - now);
    now += steps, limit -= steps;
  }
  return {};
}

}  // namespace cvm
