// v-consis and p-consis (seed 003, 4.2, conditions 1 and 2), over all allocated variables: globals, the variables of
// every frame, the whole heap (decisions.md, 10). Padding of structs is no sub variable and is not looked at.
#include <algorithm>

#include "vm/consis/simple_values.h"
#include "vm/consis/value_text.h"

namespace consis {
namespace {

using core::TypeId;
using core::TypeKind;
using interp::Value;

// One pass over the variables of one memory frame of the abstract machine.
class Pass {
 public:
  Pass(const Pair& pair, Counters& counters, Violations& violations)
      : pair_(pair),
        types_(pair.image.program().types),
        memory_(pair.concrete.memory()),
        counters_(counters),
        violations_(violations) {}

  // `count`: of an array of run-time length, which has elements of this type; else 0.
  void variable(uint32_t frame, uint32_t variable, TypeId type, uint32_t address, std::span<const Value> content,
                uint32_t count = 0) {
    frame_ = frame, variable_ = variable, content_ = content;
    const core::Type& t = types_[type];
    if (!Region{0, uint32_t(memory_.size())}.containsRange(address, t.asize * std::max(count, 1u))) {
      violations_.add({.condition = Condition::Value,
                       .text = "the variable lies outside the machine's memory",
                       .variable = pair_.abstract.name({frame, variable, 0, type}),
                       .type = types_.print(type),
                       .address = address});
      return;
    }
    walk(type, address, 0);
    for (uint32_t i = 1; i < count && !violations_.full(); ++i) walk(type, address + i * t.asize, i * t.size);
  }

 private:
  void walk(TypeId type, uint32_t address, uint32_t index) {
    const core::Type& t = types_[type];
    switch (t.kind) {
      case TypeKind::Array: {
        const core::Type& element = types_[t.element];
        for (uint32_t i = 0; i < t.count && !violations_.full(); ++i)
          walk(t.element, address + i * element.asize, index + i * element.size);
        break;
      }
      case TypeKind::Struct:
        for (const auto& field : t.fields) walk(field.type, address + field.offset, index + field.index);
        break;
      default: simple(t, type, address, index);
    }
  }

  void simple(const core::Type& t, TypeId type, uint32_t address, uint32_t index) {
    const Compared compared = compareSimple(pair_, t, content_[index], address, counters_);
    if (!compared.equal()) mismatch(t, type, address, index, compared.expected, compared.found);
  }

  void mismatch(const core::Type& t, TypeId type, uint32_t address, uint32_t index, uint32_t expected, uint32_t found) {
    bool pointer = t.kind == TypeKind::Pointer;
    Violation violation{.condition = pointer ? Condition::Pointer : Condition::Value};
    violation.variable = pair_.abstract.name({frame_, variable_, index, type});
    violation.type = types_.print(type);
    violation.depth = pair_.aba.depthOf(frame_);
    violation.address = address, violation.size = t.asize;
    violation.expected = valueText(pair_, t, expected), violation.found = valueText(pair_, t, found);
    violation.text = violation.variable + " is " + violation.expected + " in the abstract machine and " +
                     violation.found + " in the VAMP";
    violations_.add(std::move(violation));
  }

  const Pair& pair_;
  const core::TypeTable& types_;
  std::span<const uint8_t> memory_;
  Counters& counters_;
  Violations& violations_;
  std::span<const Value> content_;
  uint32_t frame_ = 0, variable_ = 0;
};

class ValueChecker : public Checker {
 public:
  void check(const Pair& pair, Counters& counters, Violations& violations) override {
    const auto& program = pair.image.program();
    const auto& abstract = pair.abstract;
    const auto& types = program.types;
    Pass pass(pair, counters, violations);
    auto content = [&](const interp::FrameView& frame, uint32_t base, TypeId type, uint32_t count = 1) {
      return frame.content.subspan(base, size_t(types[type].size) * count);
    };

    // The innermost frame first: what just changed is most likely there, and is then named first.
    for (uint32_t depth = pair.aba.depth(); depth >= 1; --depth) {
      interp::FrameView frame = abstract.frame(depth);
      const auto& variables = program.functions[frame.function].variables;
      const auto& map = pair.image.function(frame.function);
      for (uint32_t v = 0; v < variables.size(); ++v)
        pass.variable(frame.serial, v, variables[v].type, pair.aba.frameBase(depth) + map.variables[v].offset,
                      content(frame, abstract.variableBase(depth, v), variables[v].type));
    }
    interp::FrameView globals = abstract.frame(0);
    for (uint32_t g = 0; g < program.globals.size(); ++g)
      pass.variable(interp::kGlobalFrame, g, program.globals[g].type, pair.image.globalAddress(g),
                    content(globals, abstract.variableBase(0, g), program.globals[g].type));
    interp::FrameView heap = abstract.heap();
    for (uint32_t h = 0; h < pair.aba.heapCount(); ++h) {
      const TypeId type = abstract.heapType(h);
      const uint32_t count = abstract.heapCount(h);
      pass.variable(interp::kHeapFrame, h, type, pair.aba.heapAddress(h),
                    content(heap, abstract.heapBase(h), type, std::max(count, 1u)), count);
    }
  }
};

}  // namespace

std::unique_ptr<Checker> makeValueChecker() { return std::make_unique<ValueChecker>(); }

}  // namespace consis
