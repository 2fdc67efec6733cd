#include "vm/relate/konsis/kalloc.h"

#include <algorithm>

#include "compiler/core/print.h"

namespace konsis {

using consis::Condition;
using consis::Violation;
using interp::kGlobalFrame;
using interp::kHeapFrame;

namespace {

template <class Items>
uint32_t defined(const Items& items) {
  return uint32_t(std::count_if(items.begin(), items.end(), [](const auto& item) { return item.defined; }));
}

// The depth of a local frame; 0 if it has ended.
uint32_t depthOf(const interp::Machine& machine, uint32_t serial) {
  for (uint32_t depth = machine.rd(); depth > 0; --depth)
    if (machine.frame(depth).serial == serial) return depth;
  return 0;
}

}  // namespace

Kalloc::Kalloc(const consis::Image& image, const interp::Machine& cc, const interp::Machine& ca, Counters& counters)
    : image_(image), cc_(cc), ca_(ca), counters_(counters), functions_(defined(ca.program().functions)), globals_(defined(ca.program().globals)) {}

// ---- kalloc -----------------------------------------------------------------------------------------------------------

std::optional<SubVariable> Kalloc::concrete(const SubVariable& sub) const {
  SubVariable to = sub;
  if (sub.frame == kGlobalFrame) return to;
  if (sub.frame == kHeapFrame) {
    if (sub.variable >= heap_.size()) return std::nullopt;
    to.variable = heap_[sub.variable];
    return to;
  }
  const uint32_t depth = depthOf(ca_, sub.frame);
  if (depth == 0 || depth + 1 > cc_.rd()) return std::nullopt;
  to.frame = cc_.frame(depth + 1).serial;
  return to;
}

// The inverse; nothing if the variable is none of kalloc's image.
std::optional<SubVariable> Kalloc::abstract(const SubVariable& sub, bool running) const {
  SubVariable from = sub;
  if (sub.frame == kGlobalFrame) return sub.variable < globals_ ? std::optional(from) : std::nullopt;
  if (sub.frame == kHeapFrame) {
    const auto at = std::find(heap_.begin(), heap_.end(), sub.variable);
    if (at == heap_.end()) return std::nullopt;
    from.variable = uint32_t(at - heap_.begin());
    return from;
  }
  const uint32_t depth = running ? depthOf(cc_, sub.frame) : 0;
  if (depth < 2 || depth - 1 > ca_.rd()) return std::nullopt;
  from.frame = ca_.frame(depth - 1).serial;
  return from;
}

// ---- the relation -----------------------------------------------------------------------------------------------------

std::string Kalloc::show(const interp::Machine& machine, const Value& value, core::TypeId type) const {
  switch (value.kind) {
    case Value::Undefined:
    case Value::Unknown: return "undefined";
    case Value::Null: return "null";
    case Value::Number: return std::to_string(int32_t(value.bits));
    case Value::Pointer: return '&' + machine.name(value, type);
  }
  return {};
}

void Kalloc::compareValue(const SubVariable& sub, uint32_t i, const Value& abstract, const Value& concrete, Violations& violations) {
  ++counters_.values;
  bool equal = abstract.kind == concrete.kind && abstract.bits == concrete.bits && abstract.past == concrete.past;
  if (equal && abstract.kind == Value::Pointer) {
    const auto target = this->concrete({abstract.frame, abstract.variable, 0, 0});
    if (target) {
      equal = target->frame == concrete.frame && target->variable == concrete.variable;
    } else {
      ++counters_.dangling;  // so must the other be
      equal = abstract.variable == concrete.variable && depthOf(cc_, concrete.frame) == 0 && concrete.frame != kGlobalFrame &&
              concrete.frame != kHeapFrame;
    }
  }
  if (equal) return;
  const auto variable = [&] {
    if (sub.frame == kGlobalFrame) return ca_.program().globals[sub.variable].type;
    if (sub.frame == kHeapFrame) return ca_.heapType(sub.variable);
    const interp::FrameView frame = ca_.frame(depthOf(ca_, sub.frame));
    return ca_.program().functions[frame.function].variables[sub.variable].type;
  }();
  const uint32_t index = sub.index + i, size = ca_.program().types[variable].size;
  const core::TypeId type = core::simpleTypeAt(ca_.program().types, variable, sub.frame == kHeapFrame ? index % size : index);
  Violation wrong{.condition = Condition::Abstract};
  wrong.variable = ca_.name({sub.frame, sub.variable, index, type});
  wrong.type = ca_.program().types.print(type);
  wrong.depth = sub.frame == kHeapFrame ? std::nullopt : std::optional(sub.frame == kGlobalFrame ? 0 : depthOf(ca_, sub.frame));
  wrong.expected = show(ca_, abstract, type), wrong.found = show(cc_, concrete, type);
  wrong.text = wrong.variable + " is " + wrong.expected + " in the abstract kernel and " + wrong.found + " in the concrete one";
  violations.add(std::move(wrong));
}

// All simple values of it. Types of the two programs have different numbers, but the same size.
void Kalloc::compare(const SubVariable& sub, Violations& violations) {
  const auto to = concrete(sub);
  const Value* expected = ca_.content(sub);
  const Value* found = to ? cc_.content(*to) : nullptr;
  if (!expected) return;  // its frame has ended
  if (!found) {
    Violation wrong{.condition = Condition::Abstract, .text = ca_.name(sub) + " has no counterpart in the concrete kernel"};
    wrong.variable = ca_.name(sub);
    return violations.add(std::move(wrong));
  }
  for (uint32_t i = 0; i < ca_.program().types[sub.type].size; ++i) compareValue(sub, i, expected[i], found[i], violations);
}

void Kalloc::checkWrites(bool running, Violations& violations) {
  for (const SubVariable& written : cc_.lastWrites()) {
    auto sub = abstract(written, running);
    if (!sub) continue;
    const Value* expected = ca_.content(*sub);
    const Value* found = cc_.content(written);
    if (!expected || !found) continue;
    for (uint32_t i = 0; i < cc_.program().types[written.type].size; ++i) compareValue(*sub, i, expected[i], found[i], violations);
  }
}

void Kalloc::checkStep(Violations& violations) {
  if (const auto made = ca_.lastAllocation()) {
    const auto counterpart = cc_.lastAllocation();
    if (!counterpart) violations.add({.condition = Condition::Abstract, .text = "the abstract kernel made a heap variable, the concrete one did not"});
    heap_.push_back(counterpart.value_or(0xFFFFFFFF));
    if (counterpart) compare({kHeapFrame, *made, 0, ca_.heapType(*made)}, violations);
  }
  checkWrites(true, violations);
  for (const SubVariable& written : ca_.lastWrites()) compare(written, violations);
  checkControl(false, violations);
}

// (i): cc's program rest is ca's and then init2's. The head determines what the step before has left of the rest.
void Kalloc::checkControl(bool whole, Violations& violations) {
  const auto wrong = [&](std::string text, std::string expected, std::string found) {
    violations.add({.condition = Condition::AbstractRest, .text = std::move(text), .expected = std::move(expected), .found = std::move(found)});
  };
  if (cc_.rd() != ca_.rd() + 1)
    return wrong("the recursion depths do not coincide", std::to_string(ca_.rd()) + " + 1", std::to_string(cc_.rd()));
  if (ca_.rd() == 0) return;  // kdispatch has returned
  const auto place = [](const interp::Machine& machine) {
    const core::Stmt* head = machine.head();
    const core::Function& function = machine.program().functions[machine.headFunction()];
    return head ? '`' + core::printHead(machine.program(), function, *head) + "` of " + function.name : "nothing";
  };
  const core::Stmt *expected = ca_.head(), *found = cc_.head();
  if (ca_.headFunction() != cc_.headFunction() || !expected != !found || (expected && expected->ordinal != found->ordinal))
    return wrong("the program rests do not coincide", place(ca_), place(cc_));
  for (uint32_t depth = 1; whole && depth <= ca_.rd(); ++depth) {
    const auto mine = ca_.rest(depth), other = cc_.rest(depth + 1);
    const bool same = ca_.frame(depth).function == cc_.frame(depth + 1).function &&
                      std::equal(mine.begin(), mine.end(), other.begin(), other.end(),
                                 [](const core::Stmt* a, const core::Stmt* b) { return a->ordinal == b->ordinal; });
    if (!same) return wrong("the program rests do not coincide at depth " + std::to_string(depth), place(ca_), place(cc_));
  }
}

void Kalloc::checkAll(bool running, Violations& violations) {
  for (uint32_t global = 0; global < globals_; ++global) compare({kGlobalFrame, global, 0, ca_.program().globals[global].type}, violations);
  for (uint32_t variable = 0; variable < ca_.heap().variableCount; ++variable) {
    const uint32_t size = ca_.program().types[ca_.heapType(variable)].size;
    for (uint32_t i = 0; i < std::max(ca_.heapCount(variable), 1u); ++i)
      compare({kHeapFrame, variable, i * size, ca_.heapType(variable)}, violations);
  }
  if (!running) return;
  for (uint32_t depth = 1; depth <= ca_.rd(); ++depth) {
    const interp::FrameView frame = ca_.frame(depth);
    const core::Function& function = ca_.program().functions[frame.function];
    for (uint32_t v = 0; v < function.variables.size(); ++v) compare({frame.serial, v, 0, function.variables[v].type}, violations);
  }
  checkControl(true, violations);
}

}  // namespace konsis
