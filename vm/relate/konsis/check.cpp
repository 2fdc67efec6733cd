#include "vm/relate/konsis/relations.h"

#include <algorithm>
#include <bit>

#include "vm/machine/causes.h"
#include "vm/relate/cvm/initial.h"

namespace konsis {

using consis::Condition;
using consis::hex;

Check::Check(const Subject& subject, const CheckOptions& options, devices::Console& serial)
    : subject_(subject),
      options_(options),
      vamp_(subject.disk, subject.secondDisk, serial),
      side_(accesses_, vamp_.bytes(), subject.secondDisk),
      cvm_(subject.kernel, cvm::usersOf(subject.disk, subject.header), side_) {}

Check::~Check() = default;

Violation Check::plain(Condition condition, std::string text, std::string expected, std::string found) {
  return {.condition = condition, .text = std::move(text), .expected = std::move(expected), .found = std::move(found)};
}

Counters Check::counters() const {
  Counters counters = counters_;
  counters.forced = vamp_.bus().forced.raised.size();
  counters.pageIns = vamp_.transfers().read / kSectorsPerPage, counters.pageOuts = vamp_.transfers().written / kSectorsPerPage;
  return counters;
}

void Check::begin(const Pair& pair) {
  relations_ = std::make_unique<Relations>(subject_, pair, cvm_, vamp_.disk(), counters_);
}

// What the VAMP did since it was last asked.
void Check::collect(const Pair& pair) {
  for (const auto& store : pair.stores) {
    relations_->b.stored(store.address, store.size);
    relations_->ownership.stored(store.address, store.size);
  }
  for (uint32_t sector : vamp_.disk().written) relations_->b.wroteSector(sector);
  vamp_.disk().written.clear();
  if (phase_ == Phase::Primitive) accesses_.insert(accesses_.end(), vamp_.bus().accesses.begin(), vamp_.bus().accesses.end());
  vamp_.bus().accesses.clear();
}

void Check::point(uint32_t running, Violations& violations) {
  ++counters_.points;
  if (options_.full) return everything(false, violations), relations_->b.check(cvm_.users, running, violations);
  if (relations_->b.anyChanged() || running) relations_->b.check(cvm_.users, running, violations);
  if (relations_->ownership.anyChanged() || !relations_->b.changedFrames.empty() || !relations_->b.changedSlots.empty() ||
      relations_->b.changedTables)
    relations_->ownership.check(violations);
  cvm_.users.slots = subject_.header.slots - relations_->ownership.badSlots();
}

void Check::everything(bool running, Violations& violations) {
  relations_->kalloc.checkAll(running, violations);
  relations_->b.changedAll();
  relations_->b.check(cvm_.users, 0, violations);
  relations_->ownership.changedAll();
  relations_->ownership.check(violations);
}

// ---- the kernel -------------------------------------------------------------------------------------------------------

void Check::check(const Pair& pair, consis::Counters&, Violations& violations) {
  if (!violations.empty()) return;  // cc is not what the VAMP does
  if (!relations_) begin(pair);
  collect(pair);
  switch (phase_) {
    case Phase::Handler: return handler(pair, violations);
    case Phase::Abstract: return abstractStep(pair, violations);
    case Phase::Primitive:
      noteTouches(pair);
      if (pair.aba.depth() == base_) return returned(violations);
      return relations_->kalloc.checkWrites(true, violations);
    case Phase::Returned: return;
  }
}

void Check::handler(const Pair& pair, Violations& violations) {
  relations_->kalloc.checkWrites(false, violations);
  if (atDispatch(pair)) dispatch(pair, violations);
}

bool Check::atDispatch(const Pair& pair) const {
  if (!pair.next || pair.next->function != relations_->entry || pair.aba.depth() != 1) return false;
  const core::Stmt& next = consis::statementOf(pair.image, *pair.next);
  return next.kind == core::StmtKind::Call && next.index == subject_.kernel.kdispatch;
}

namespace {

std::string call(uint32_t mca, uint32_t edata) { return "kdispatch(" + hex(mca) + ", " + hex(edata) + ")"; }

}  // namespace

// init2 is about to call kdispatch: with what the CVM machine has.
void Check::dispatch(const Pair& pair, Violations& violations) {
  const core::Stmt& next = consis::statementOf(pair.image, *pair.next);
  uint32_t argument[2] = {};
  for (int i = 0; i < 2; ++i) {
    const auto found = pair.abstract.evaluate(*next.arguments[i], 1);
    if (!found.values.empty()) argument[i] = found.values[0].bits;
  }
  const std::string found = call(argument[0], argument[1]);
  if (waits_ == Waits::Silent) {
    if (argument[0] != cvm::kLostCause || argument[1] != cvm_.cp)
      return violations.add(plain(Condition::PageFault, "a page fault inside the memory of user " + std::to_string(cvm_.cp) +
                                  " is visible to the abstract kernel", "the user goes on", found));
    if (vamp_.bus().diskErrors == errorsSeen_)
      return violations.add(plain(Condition::PageFault, "a page of user " + std::to_string(cvm_.cp) + " is lost without an error of the disk"));
    ++counters_.lostPages;
    cvm_.loseThePage();
  }
  const cvm::Interrupt& expected = *cvm_.dispatched();
  if (expected.mca != argument[0] || expected.edata != argument[1])
    return violations.add(plain(Condition::Dispatch, "the abstract kernel is called with other arguments than in the CVM machine",
                                call(expected.mca, expected.edata), found));
  phase_ = Phase::Abstract;
  point(0, violations);
}

void Check::abstractStep(const Pair& pair, Violations& violations) {
  const core::Stmt& executed = *pair.executed->core;
  if (executed.kind == core::StmtKind::Call && !relations_->kalloc.isAbstract(executed.index)) {
    phase_ = Phase::Primitive;
    base_ = pair.aba.depth() - 1;
    accesses_.clear(), touches_.clear(), touching_ = 0;
    errorsSeen_ = vamp_.bus().diskErrors;
    return noteTouches(pair);
  }
  const cvm::Machine::Stop stop = cvm_.kernelStep();
  ++counters_.kernelSteps;
  if (stop == cvm::Machine::Stop::Faulted) return faulted(violations);
  relations_->kalloc.checkStep(violations);
  if (options_.full) relations_->kalloc.checkAll(true, violations);
  point(0, violations);
}

// The step of cc was made: ca is stuck where cc is not, or kdispatch has returned, which cc notices in init2.
void Check::faulted(Violations& violations) {
  const interp::FaultReport& fault = cvm_.fault();
  if (fault.fault == core::Fault::KernelReturned) {
    phase_ = Phase::Returned;
    return;
  }
  violations.add(plain(Condition::Abstract, "the abstract kernel has no semantics here, the concrete one has",
                       std::string(object::faultName(fault.fault)) + ": " + fault.text));
}

std::optional<Violation> Check::meetFault(const interp::FaultReport& concrete) {
  if (phase_ == Phase::Abstract && cvm_.kernelStep() == cvm::Machine::Stop::Running)
    return plain(Condition::Abstract, "the concrete kernel has no semantics here, the abstract one has", "no fault", concrete.text);
  if ((phase_ != Phase::Abstract && phase_ != Phase::Returned) || cvm_.fault().fault != concrete.fault)
    return plain(Condition::Abstract, "the concrete kernel has no semantics inside the implementation", "no fault",
                 std::string(object::faultName(concrete.fault)) + ": " + concrete.text);
  return std::nullopt;
}

// Which pages the implementation touches, and which of them are lost: its functions pfh_read and pfh_write say.
void Check::noteTouches(const Pair& pair) {
  const interp::Machine& cc = pair.abstract;
  if (touching_ && pair.aba.depth() < touching_) {
    touching_ = 0;
    if (pair.executed->core->kind == core::StmtKind::Return)
      for (const auto& written : cc.lastWrites())
        if (const Value* value = cc.content(written)) touches_.back().lost = value->bits == uint32_t(cvm::kPageLost);
  }
  if (pair.executed->core->kind != core::StmtKind::Call || touching_) return;
  const std::string& name = pair.image.program().functions[pair.executed->core->index].name;
  if (name != "pfh_read" && name != "pfh_write") return;
  touching_ = pair.aba.depth();
  const interp::FrameView frame = cc.frame(cc.rd());
  touches_.push_back({{frame.content[0].bits, frame.content[1].bits}, false});
}

// The implementation has returned, left, or ended the run: now the step of the CVM machine.
void Check::primitive(Violations& violations) {
  std::optional<CvmSide::Loss> loss;
  if (!touches_.empty() && touches_.back().lost) {
    const cvm::Page page = touches_.back().page;
    loss = {page, uint32_t(std::count_if(touches_.begin(), touches_.end(), [&](const Touch& t) { return t.page == page; }))};
    ++counters_.lostPages;
    if (vamp_.bus().diskErrors == errorsSeen_)
      violations.add(plain(Condition::PageFault, "a page of user " + std::to_string(page.user) + " is lost without an error of the disk"));
  }
  side_.beginPrimitive(loss);
  const cvm::Machine::Stop stop = cvm_.kernelStep();
  ++counters_.kernelSteps, ++counters_.primitives;
  counters_.accesses += accesses_.size();
  if (auto different = side_.endPrimitive()) violations.add(plain(Condition::Devices, *different));
  if (stop == cvm::Machine::Stop::Faulted) return faulted(violations);
  markCall(*cvm_.lastCall());
}

void Check::returned(Violations& violations) {
  primitive(violations);
  if (phase_ == Phase::Returned || !violations.empty()) return;
  phase_ = Phase::Abstract;
  relations_->kalloc.checkStep(violations);
  if (options_.full) relations_->kalloc.checkAll(true, violations);
  point(0, violations);
}

// What the primitive may have changed of the users.
void Check::markCall(const cvm::Machine::Call& call) {
  using core::Primitive;
  RelationB& b = relations_->b;
  const auto& e = call.arguments;
  const auto user = [&](uint32_t u) {
    if (cvm::isProcess(u)) b.changedUser(u);
  };
  const auto range = [&](uint32_t u, uint32_t address, uint64_t bytes) {
    if (cvm::isProcess(u) && bytes) b.changedPages(u, address / kPageSize, uint32_t((address + bytes - 1) / kPageSize) + 1);
  };
  switch (call.primitive) {
    case Primitive::CvmReset:
    case Primitive::CvmAlloc:
    case Primitive::CvmFree: return user(e[0]), range(e[0], 0, uint64_t(1) << 32);
    case Primitive::CvmClone: return user(e[1]), range(e[1], 0, uint64_t(1) << 32);
    case Primitive::CvmCopy: return range(e[2], e[3], int32_t(e[4]) > 0 ? e[4] : 0);
    case Primitive::SetVmGpr: return user(e[1]);
    case Primitive::CvmVirtIn: return range(e[2], e[3], int32_t(e[4]) > 0 ? uint64_t(e[4]) * 4 : 0);
    case Primitive::CvmSetMask: return user(e[0]);
    default: return;
  }
}

// The run has ended: by a store to the host's status port.
void Check::finish(const Pair& pair, consis::Counters&, Violations& violations) {
  if (!relations_) return;
  collect(pair);
  if (phase_ == Phase::Handler && waits_ == Waits::Boot) return;  // boot refused the image
  if (phase_ != Phase::Primitive)
    return violations.add(plain(Condition::Devices, "the VAMP stops outside of a primitive"));
  primitive(violations);
  if (!side_.bus.host.exitStatus()) violations.add(plain(Condition::Devices, "the VAMP stops, the CVM machine does not"));
  everything(false, violations);
}

}  // namespace konsis
