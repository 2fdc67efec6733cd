// User mode, and how it begins and ends (check.h).
#include <algorithm>
#include <bit>

#include "vm/machine/causes.h"
#include "vm/relate/konsis/relations.h"

namespace konsis {

using consis::Condition;
using consis::hex;

machine::Bus& Check::attach(devices::SystemBus& devices) {
  machine::Bus& bus = vamp_.attach(devices);
  if (options_.diskFault) vamp_.drive().failTransfer(*options_.diskFault, options_.diskFaultStays);
  return bus;
}

namespace {

std::string who(uint32_t cp) { return cp == kIdle ? "the idle user" : "user " + std::to_string(cp); }

std::string interruptName(cvm::Interrupt interrupt) {
  if (interrupt.mca == 0) return "no interrupt";
  return hex(interrupt.mca) + " (" + std::string(machine::causeText(unsigned(std::countr_zero(interrupt.mca)))) + "), " + hex(interrupt.edata);
}

}  // namespace

// After the rfe: by cvm_start or cvm_wait, or after a silent page fault.
void Check::left(const Pair& pair, Violations& violations) {
  if (!relations_) begin(pair);
  collect(pair);
  relations_->kalloc.checkWrites(false, violations);
  if (phase_ == Phase::Primitive) {
    primitive(violations);
    if (violations.empty() && cvm_.cp == 0)
      violations.add(plain(Condition::Dispatch, "the concrete kernel leaves to user mode in a primitive that does not"));
  } else if (phase_ != Phase::Handler || waits_ != Waits::Silent) {
    violations.add(plain(Condition::Dispatch, "the concrete kernel leaves to user mode, the abstract one is not called",
                         cvm_.dispatched() ? "kdispatch" + interruptName(*cvm_.dispatched()) : "it runs on"));
  }
  if (!violations.empty()) return;
  const uint32_t cp = cvm_.cp, cup = relations_->read(subject_.data.cup);
  const auto same = [&](const char* what, uint32_t expected, uint32_t found) {
    if (expected != found)
      violations.add(plain(Condition::Registers, std::string(what) + " is wrong as " + who(cp) + " begins", hex(expected), hex(found)));
  };
  same("cup", cp, cup);
  const machine::State& state = pair.concrete.state;
  same("the global mask in pcb[0]", cvm_.users.mask, relations_->read.reg(kKernel, subject_.data.block.mask));
  same("SR", cp == kIdle ? cvm_.users.mask : cvm_.users.effectiveMask(cp), state.spr[isa::SR]);
  same("MODE", 1, state.spr[isa::MODE]);
  point(cp == kIdle ? 0 : cp, violations);
  phase_ = Phase::Handler;
  userStart_ = state.steps;
  errorsSeen_ = vamp_.bus().diskErrors;
  force(state.steps);
}

uint64_t Check::limit() {
  return userStart_ < options_.maxInstructions ? std::min(options_.userChunk, options_.maxInstructions - userStart_) : 0;
}

// A forced line is told by the number of a user step, which is made at this time unless something comes before.
void Check::force(uint64_t now) {
  const uint64_t made = counters_.userSteps + counters_.idleSteps;
  for (Forced* forced : {&vamp_.bus().forced, &side_.forced}) {
    forced->cancelFrom(now);
    for (const auto& line : options_.forced)
      if (line.userStep >= made) forced->at(now + (line.userStep - made), line.device);
  }
}

// A page fault inside V is made good by the kernel; nobody else hears of it.
bool Check::isSilent(uint32_t causes, uint32_t edata) const {
  if (causes == 0 || cvm_.cp == kIdle) return false;
  const int cause = std::countr_zero(causes);
  return (cause == machine::kFetchFault || cause == machine::kDataFault) && edata / kPageSize < cvm_.users.up[cvm_.cp].pages();
}

void Check::ran(const Pair& pair, uint32_t causes, Violations& violations) {
  userStores(pair, violations);
  if (!violations.empty()) return;
  userSteps(pair, causes, violations);
  for (Forced* forced : {&vamp_.bus().forced, &side_.forced}) forced->cancelFrom(pair.concrete.state.steps);
}

// Each goes to a page of the user that runs.
void Check::userStores(const Pair& pair, Violations& violations) {
  const uint32_t cp = cvm_.cp;
  for (const auto& store : pair.stores) {
    const std::span<const Page> pages = relations_->b.pagesOf(store.address / kPageSize);
    if (pages.size() != 1 || pages[0].user != cp) {
      Violation wrong = plain(Condition::Isolation, who(cp) + " stores to " + hex(store.address) + ", which is not its own");
      wrong.address = store.address, wrong.size = store.size;
      return violations.add(std::move(wrong));
    }
    relations_->b.stored(store.address, store.size);
  }
  if (vamp_.bus().accesses.empty()) return;
  violations.add(plain(Condition::Isolation, who(cp) + " accesses device " + std::to_string(vamp_.bus().accesses[0].device)));
}

// The CVM machine makes the steps that the VAMP has made, at the same times.
void Check::userSteps(const Pair& pair, uint32_t causes, Violations& violations) {
  const machine::State& state = pair.concrete.state;
  const uint32_t cp = cvm_.cp;
  const bool silent = isSilent(causes, state.spr[isa::EDATA]);
  const uint64_t steps = state.steps - userStart_ - silent;
  uint64_t now = userStart_;
  const cvm::Interrupt found{silent ? 0 : causes, silent || !causes ? 0 : state.spr[isa::EDATA]};
  const cvm::Interrupt expected = cvm_.userSteps(steps, side_, now, options_.full ? cvm::Executor::Plain : cvm::Executor::Fast);
  (cp == kIdle ? counters_.idleSteps : counters_.userSteps) += steps;
  if (now - userStart_ != steps || expected.mca != found.mca || expected.edata != found.edata)
    return violations.add(plain(Condition::UserStep, who(cp) + " is interrupted otherwise than in the CVM machine",
                                interruptName(expected) + " after " + std::to_string(now - userStart_) + " steps",
                                interruptName(found) + " after " + std::to_string(steps)));
  if (cp != kIdle) registersAt(cp, state, causes != 0, violations);
  relations_->b.checkMemory(cvm_.users, violations);
  if (options_.full) relations_->b.changedAll(), relations_->b.checkMemory(cvm_.users, violations);
  userStart_ = state.steps;
  if (causes == 0) return;
  waits_ = silent ? Waits::Silent : Waits::Dispatch;
  if (silent) ++counters_.pageFaults;
  else ++counters_.interrupts[unsigned(std::countr_zero(causes))];
}

// As the interrupt found them, or in the middle of a run.
void Check::registersAt(uint32_t u, const machine::State& state, bool interrupted, Violations& violations) {
  const machine::State& expected = cvm_.users.up[u].registers;
  const auto same = [&](const std::string& what, uint32_t mine, uint32_t other, std::optional<uint8_t> reg = {}) {
    ++counters_.registers;
    if (mine == other) return;
    Violation wrong = plain(Condition::Registers, what + " of user " + std::to_string(u) + " is " + hex(mine) + " in the CVM machine and " +
                            hex(other) + " in the VAMP", hex(mine), hex(other));
    wrong.variable = "user " + std::to_string(u) + ", " + what, wrong.reg = reg;
    violations.add(std::move(wrong));
  };
  for (uint8_t r = 1; r < 32; ++r) same("r" + std::to_string(r), expected.gpr[r], state.gpr[r], r);
  for (uint8_t f = 0; f < 32; ++f) same("f" + std::to_string(f), expected.fpr[f], state.fpr[f]);
  same("DPC", expected.dpc, interrupted ? state.spr[isa::EDPC] : state.dpc);
  same("PC", expected.pc, interrupted ? state.spr[isa::EPC] : state.pc);
  for (isa::Spr spr : cvm::kUserSprs) same(std::string(isa::sprName(spr)), expected.spr[spr], state.spr[spr]);
}

// The second run: the same devices, and nothing else.
class Replay : public consis::UserMode {
 public:
  Replay(const Subject& subject, const CheckOptions& options, const VampSide& first)
      : options_(options), vamp_(subject.disk, subject.secondDisk, first) {}

  devices::Console& serial() override { return vamp_.serial(); }
  machine::Bus& attach(devices::SystemBus& devices) override {
    machine::Bus& bus = vamp_.attach(devices);
    if (options_.diskFault) vamp_.drive().failTransfer(*options_.diskFault, options_.diskFaultStays);
    return bus;
  }
  void left(const Pair&, Violations&) override {}
  uint64_t limit() override { return options_.userChunk; }
  void ran(const Pair&, uint32_t, Violations&) override {}
  std::unique_ptr<consis::UserMode> replay() const override { return nullptr; }

 private:
  const CheckOptions& options_;
  VampSide vamp_;
};

std::unique_ptr<consis::UserMode> Check::replay() const { return std::make_unique<Replay>(subject_, options_, vamp_); }

}  // namespace konsis
