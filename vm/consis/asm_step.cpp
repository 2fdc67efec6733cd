#include "vm/consis/asm_step.h"

#include "vm/consis/checker.h"
#include "vm/machine/causes.h"

namespace consis {

void AsmStep::begin(const object::MapAsm& block, const machine::State& state) {
  block_ = block;
  inside_ = entered(state), over_ = false;
  outcome_ = {};
}

bool AsmStep::onStep(const machine::State& after, const machine::Event& event) {
  if (inside_) instruction(after, event);
  else inside_ = entered(after);
  return !over_;
}

std::string restriction(Condition rule) {
  const std::string_view name = conditionPart(rule);  // "rule-iv"
  return "restriction (" + std::string(name.substr(name.find('-') + 1)) + ")";
}

void AsmStep::violate(const machine::Event& event, Condition rule, const std::string& text) {
  if (over_ || dropped_[rule]) return;
  over_ = true;
  outcome_.violation = restriction(rule) + ": `" + isa::print(event.word) + "` at " + hex(event.dpc) + " " + text;
}

void AsmStep::instruction(const machine::State& after, const machine::Event& event) {
  const isa::Op op = isa::decode(event.word).op;
  const bool last = event.dpc == block_.end - 4;
  const bool fetched = !(event.causes & machine::bit(machine::Cause::kFetchFault));
  if (fetched && op == isa::Op::Illegal) violate(event, Condition::RuleVI, "is no instruction");
  else if (fetched && !isa::allowedInAsm(op)) violate(event, Condition::RuleI, "is not allowed in an asm block");
  if (op == isa::Op::Rfe && !last) violate(event, Condition::RuleI, "is not the block's last instruction");
  if (event.causes)
    violate(event, Condition::RuleVI,
            "is interrupted: " + std::string(machine::causeText(unsigned(__builtin_ctz(event.causes)))));
  if (over_) return;
  if (event.stored)
    if (auto wrong = mirror_.store(event, outcome_.stores)) violate(event, Condition::RuleII, *wrong);
  control(after, event, op);
}

// (v): the block is left behind its last instruction, or by an rfe.
void AsmStep::control(const machine::State& after, const machine::Event& event, isa::Op op) {
  const bool next = after.dpc == block_.end && after.pc == block_.end + 4;
  if (next || op == isa::Op::Rfe) {
    over_ = true;
    outcome_.leaves = !next;
    return;
  }
  const Region block{block_.begin, block_.end};
  if (isa::isControl(op) && !block.contains(after.pc) && after.pc != after.dpc + 4)
    return violate(event, Condition::RuleV, "jumps to " + hex(after.pc) + ", outside its block");
  if (!block.contains(after.dpc))
    violate(event, Condition::RuleV, "is followed by " + hex(after.dpc) + ", outside its block");
}

}  // namespace consis
