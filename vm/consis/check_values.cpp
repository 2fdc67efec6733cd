// v-consis and p-consis (seed 003, 4.2, conditions 1 and 2), over all allocated variables: globals, the variables of
// every frame, the whole heap (decisions.md, 10). Padding of structs is no sub variable and is not looked at.
#include "assembler/base/bytes.h"
#include "vm/consis/checker.h"

namespace consis {
namespace {

using core::TypeId;
using core::TypeKind;
using interp::Value;

// Is the sub variable that starts at `index` and has type `wanted` one of a variable of type `type`?
bool hasSubVariable(const core::TypeTable& types, TypeId type, uint32_t index, TypeId wanted) {
  while (true) {
    if (index == 0 && type == wanted) return true;
    const core::Type& t = types[type];
    if (index >= t.size) return false;
    if (t.kind == TypeKind::Array) {
      index %= types[t.element].size, type = t.element;
    } else if (t.kind == TypeKind::Struct) {
      const core::Field* in = nullptr;
      for (const auto& field : t.fields)
        if (field.index <= index) in = &field;
      index -= in->index, type = in->type;
    } else {
      return false;
    }
  }
}

// One pass over the variables of one memory frame of the abstract machine.
class Pass {
 public:
  Pass(const Pair& pair, Counters& counters, Violations& violations)
      : pair_(pair),
        types_(pair.image.program().types),
        memory_(pair.concrete.memory()),
        counters_(counters),
        violations_(violations) {}

  void variable(uint32_t frame, uint32_t variable, TypeId type, uint32_t address, std::span<const Value> content) {
    frame_ = frame, variable_ = variable, content_ = content;
    if (!Region{0, uint32_t(memory_.size())}.containsRange(address, types_[type].asize)) {
      violations_.add({.condition = Condition::Value,
                       .text = "the variable lies outside the machine's memory",
                       .variable = pair_.abstract.name({frame, variable, 0, type}),
                       .type = types_.print(type),
                       .address = address});
      return;
    }
    walk(type, address, 0);
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
    const Value& value = content_[index];
    if (value.kind == Value::Undefined) {
      ++counters_.undefined;
      return;
    }
    uint32_t found = t.asize == 1 ? memory_[address] : base::load<uint32_t>(&memory_[address]);
    uint32_t expected = value.bits;
    if (t.kind == TypeKind::Pointer) {
      if (value.kind == Value::Null) {
        expected = 0;
      } else {
        auto target = pair_.aba.aba(value.frame, value.variable, value.index);
        if (!target) {
          ++counters_.dangling;
          return;
        }
        expected = *target;
      }
      ++counters_.pointers;
    } else {
      ++counters_.values;
    }
    if (t.asize == 1) expected &= 0xFF;
    if (found != expected) mismatch(t, type, address, index, expected, found);
  }

  void mismatch(const core::Type& t, TypeId type, uint32_t address, uint32_t index, uint32_t expected, uint32_t found) {
    bool pointer = t.kind == TypeKind::Pointer;
    Violation violation{.condition = pointer ? Condition::Pointer : Condition::Value};
    violation.variable = pair_.abstract.name({frame_, variable_, index, type});
    violation.type = types_.print(type);
    violation.depth = pair_.aba.depthOf(frame_);
    violation.address = address, violation.size = t.asize;
    violation.expected = show(t, expected), violation.found = show(t, found);
    violation.text = violation.variable + " is " + violation.expected + " in the abstract machine and " +
                     violation.found + " in the VAMP";
    violations_.add(std::move(violation));
  }

  std::string show(const core::Type& t, uint32_t bits) const {
    switch (t.kind) {
      case TypeKind::Bool: return bits > 1 ? std::to_string(bits) + " (no bool)" : bits ? "true" : "false";
      case TypeKind::Char: {
        std::string text = std::to_string(int8_t(bits));
        return bits >= 32 && bits < 127 ? text + " '" + char(bits) + "'" : text;
      }
      case TypeKind::Unsigned: return std::to_string(bits) + "u";
      case TypeKind::Pointer: return showPointer(t.element, bits);
      default: return std::to_string(int32_t(bits));
    }
  }

  std::string showPointer(TypeId target, uint32_t address) const {
    if (address == 0) return "null";
    auto leaf = pair_.aba.inverse(address);
    if (!leaf) return hex(address) + " (no variable)";
    TypeId variable = *pair_.aba.type(leaf->frame, leaf->variable);
    uint32_t start = *pair_.aba.aba(leaf->frame, leaf->variable, leaf->index);
    if (hasSubVariable(types_, variable, leaf->index, target)) leaf->type = target;
    std::string text = "&" + pair_.abstract.name(*leaf);
    return start == address ? text : text + " + " + std::to_string(address - start) + " bytes";
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
    auto content = [&](const interp::FrameView& frame, uint32_t base, TypeId type) {
      return frame.content.subspan(base, types[type].size);
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
    for (uint32_t h = 0; h < pair.aba.heapCount(); ++h)
      pass.variable(interp::kHeapFrame, h, abstract.heapType(h), pair.aba.heapAddress(h),
                    content(heap, abstract.heapBase(h), abstract.heapType(h)));
  }
};

}  // namespace

std::unique_ptr<Checker> makeValueChecker() { return std::make_unique<ValueChecker>(); }

}  // namespace consis
