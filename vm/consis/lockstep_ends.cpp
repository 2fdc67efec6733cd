// What ends a run: faults, the program's end, and what does not hold.
#include <algorithm>
#include <utility>

#include "vm/consis/protocol.h"
#include "vm/machine/causes.h"

namespace consis {
namespace {

std::string interruptName(uint32_t causes) { return std::string(machine::causeText(unsigned(__builtin_ctz(causes)))); }

bool samePlace(const object::MapCheck& check, const interp::FaultReport& fault) {
  return check.fault == fault.fault && check.position.line == fault.position.line &&
         check.position.column == fault.position.column;
}

}  // namespace

std::string quoted(const std::string& bytes) {
  std::string text = "\"";
  for (char c : bytes) {
    char code[8];
    if (c >= 32 && c < 127 && c != '"' && c != '\\') text += c;
    else std::snprintf(code, sizeof code, "\\x%02x", uint8_t(c)), text += code;
  }
  return text + "\"";
}

std::string Lockstep::whereTo() const { return head() ? printPlace(image_, *head()) : "the program's end"; }

void Lockstep::machineFault() {
  uint32_t function = 0;
  const object::MapCheck* check = image_.check(*bus_.host.fault(), &function);
  failHere(plain(Condition::StrayFault, "the VAMP reports a fault that the abstract machine does not have", "no fault",
                 check ? describe(check->fault, check->position, function)
                       : "a fault reported from " + hex(*bus_.host.fault()) + ", where the map has no check"));
}

std::string Lockstep::describe(core::Fault fault, const object::MapPosition& at, uint32_t function) const {
  return std::string(object::faultName(fault)) + " at " + std::to_string(at.line) + ":" + std::to_string(at.column) +
         " in " + image_.program().functions[function].name;
}

void Lockstep::interrupted() {
  failHere(plain(Condition::Interrupted, "the VAMP was interrupted at " + hex(recorder_.interrupted), "no interrupt",
                 interruptName(recorder_.causes)));
}

// The machine did not arrive, but it came by: at the right statement in a wrong frame, or at another statement. True
// if so; that is then the failure.
bool Lockstep::astray() {
  if (auto sight = recorder_.wrongBase) {
    Violation violation = plain(Condition::FrameBase, "r29 is not the frame's base when the next statement begins",
                                hex(aba_.frameBase(aba_.depth())), hex(sight->base));
    violation.variable = "r29", violation.reg = uint8_t(isa::kFrame);
    return fail(std::move(violation), sight->machineStep);
  }
  if (auto sight = recorder_.foreign) {
    auto there = image_.entriesAt(sight->dpc).front();
    Violation violation = plain(Condition::Control, "the VAMP goes on at another statement than the abstract machine",
                                whereTo(), printPlace(image_, there));
    violation.variable = "DPC";
    return fail(std::move(violation), sight->machineStep);
  }
  return false;
}

// An rfe that does not lead to the next statement, or a store to the host's status port: the C0 program's part of the
// run is over (decisions.md, 15).
void Lockstep::leave() {
  forwardOutput();
  if (options_.users && !stopped_) return userMode();
  finish();
}

void Lockstep::finish() {
  Violations violations(options_.dropped);
  for (auto& checker : checkers_) checker->finish(pair_, outcome_.counters, violations);
  if (!violations.empty()) return failAll(violations, concrete_.state.steps);
  end(Verdict::Consistent);
}

// The abstract machine is stuck: the VAMP must report the same fault if the code has a check for it.
void Lockstep::meetFault() {
  const interp::FaultReport& fault = abstract_.fault();
  outcome_.fault = fault;
  if (!hasCheck(fault) && !(options_.checked && !fault.elementPointer && mustBeMet(fault.fault)))
    return end(Verdict::NoSemantics);
  recorder_.aim({}, 0, nullptr, current_);
  machine::Stop stop;
  if (!go(after(limit_), stop)) return;
  Violation violation =
      plain(Condition::Fault, "the abstract machine faults, the VAMP does not",
            std::string(object::faultName(fault.fault)) + " at " + printPosition(image_, fault.position));
  violation.found = bus_.host.exitStatus() ? "exit with status " + std::to_string(*bus_.host.exitStatus())
                    : recorder_.causes     ? "an interrupt: " + interruptName(recorder_.causes)
                                           : "it runs on";
  if (bus_.host.fault()) {
    uint32_t function = 0;
    const object::MapCheck* check = image_.check(*bus_.host.fault(), &function);
    if (check && samePlace(*check, fault)) {
      outcome_.faultMet = true;
      return end(Verdict::NoSemantics);
    }
    violation.text = "the two machines report different faults";
    violation.found =
        check ? describe(check->fault, check->position, function) : "a fault from " + hex(*bus_.host.fault());
  }
  if (!fail(std::move(violation))) end(Verdict::NoSemantics);
}

bool Lockstep::hasCheck(const interp::FaultReport& fault) const {
  auto in = [&](uint32_t function) {
    if (!image_.mapped(function)) return false;
    const auto& checks = image_.function(function).checks;
    return std::any_of(checks.begin(), checks.end(), [&](const auto& check) { return samePlace(check, fault); });
  };
  if (in(fault.function)) return true;
  // The stack is checked on entry: the check is the callee's.
  return executed() && executed()->core->kind == core::StmtKind::Call &&
         in(executed()->core->index);
}

void Lockstep::meetEnd() {
  outcome_.exitStatus = abstract_.exitStatus();
  if (!bus_.host.exitStatus()) {
    recorder_.aim({}, 0, nullptr, current_);
    if (!runMachine(after(limit())) || stray()) return;
  }
  forwardOutput();
  const uint32_t status = *bus_.host.exitStatus();
  if (status != outcome_.exitStatus &&
      fail(plain(Condition::Exit, "the two machines end with different statuses",
                 std::to_string(int32_t(outcome_.exitStatus)), std::to_string(int32_t(status)))))
    return;
  finish();
}

// The statement should have written it.
bool Lockstep::isDestination(const Violation& violation) const {
  const auto written = executed() ? abstract_.lastWrites() : std::span<const interp::Write>{};
  return violation.address && std::any_of(written.begin(), written.end(), [&](const interp::Write& sub) {
           auto at = aba_.aba(sub.frame, sub.variable, sub.index);
           return at && Region{*at, *at + image_.program().types[sub.type].asize}.contains(*violation.address);
         });
}

bool Lockstep::fail(Violation violation, std::optional<uint64_t> machineStep) {
  Violations violations(options_.dropped);
  violations.add(std::move(violation));
  if (violations.empty()) return false;
  failAll(violations, machineStep.value_or(concrete_.state.steps));
  return true;
}

// What the checkers found; what the statement wrote is named first.
void Lockstep::failSettled() {
  auto isWritten = [&](const Violation& violation) { return isDestination(violation); };
  if (options_.dropped[Condition::Liveness] && executed())
    violations_.keep([&](const Violation& violation) {
      return isWritten(violation) ||
             (violation.condition != Condition::Value && violation.condition != Condition::Pointer);
    });
  if (violations_.empty()) return;
  violations_.prefer(isWritten);
  failAll(violations_, concrete_.state.steps);
}

void Lockstep::failAll(const Violations& violations, uint64_t machineStep) {
  end(Verdict::Inconsistent);
  // Inside a primitive the abstract machine has not finished the step yet: there is no next head.
  outcome_.failure = Failure{violations.list(),
                             violations.count(),
                             current_,
                             machineStep,
                             idOf(executed()),
                             current_ == c0Step_ ? idOf(head()) : std::nullopt,
                             recorder_.lastInstructions(),
                             {}};
}

}  // namespace consis
