#include "vm/consis/reconstruct.h"

#include <algorithm>

#include "compiler/core/frame.h"
#include "vm/consis/checker.h"

namespace consis {
namespace {

using core::TypeId;
using core::TypeKind;
using interp::SubVariable;
using interp::Value;

struct StackFrame {
  uint32_t function, base;
  std::optional<StatementId> call;  // in the frame below
};

// Main first. Frames chain by their sizes, calls by the saved return addresses.
std::optional<std::vector<StackFrame>> unwind(const Image& image, const Landmarks& landmarks,
                                              const machine::State& state, const MemoryView& memory, StatementId head) {
  std::vector<StackFrame> frames{{head.function, state.gpr[isa::kFrame], {}}};
  while (true) {
    StackFrame& frame = frames.back();
    const object::MapFunction& function = image.function(frame.function);
    if (frame.base % 4 || !image.stack.containsRange(frame.base, function.frameSize)) return std::nullopt;
    if (frame.base + function.frameSize == image.stack.end) break;  // main's
    uint32_t returnAddress = 0;
    if (!memory.readWord(frame.base + function.returnAddressOffset, returnAddress)) return std::nullopt;
    frame.call = landmarks.callBefore(returnAddress);
    if (!frame.call || statementOf(image, *frame.call).index != frame.function) return std::nullopt;
    frames.push_back({frame.call->function, frame.base + function.frameSize, {}});
  }
  if (frames.back().function != image.program().findFunction("main")) return std::nullopt;
  std::reverse(frames.begin(), frames.end());
  return frames;
}

// The first simple value and offset of the sub variable of type `wanted` that has the simple value `index` in it, and
// whether it is the last element of its array.
struct Around {
  uint32_t first, offset;
  bool last;
};
std::optional<Around> around(const core::TypeTable& types, TypeId variable, uint32_t count, uint32_t index,
                             TypeId wanted) {
  Around found{0, 0, true};
  auto enter = [&](TypeId element, uint32_t length) {
    const uint32_t i = (index - found.first) / types[element].size;
    found = {found.first + i * types[element].size, found.offset + i * types[element].asize, i + 1 == length};
  };
  if (count) enter(variable, count);
  for (TypeId id = variable; id != wanted;) {
    const core::Type& type = types[id];
    if (type.kind == TypeKind::Array) {
      enter(type.element, type.count);
      id = type.element;
    } else if (type.kind == TypeKind::Struct) {
      auto field = std::upper_bound(type.fields.begin(), type.fields.end(), index - found.first,
                                    [](uint32_t at, const core::Field& each) { return at < each.index; });
      --field;
      found = {found.first + field->index, found.offset + field->offset, true};
      id = field->type;
    } else {
      return std::nullopt;
    }
  }
  return found;
}

// To a sub variable of type `target` that has the byte at `address - back`, and begins (back = 0) or ends at `address`.
std::optional<Value> pointerTo(const Allocation& aba, const core::TypeTable& types, uint32_t address, uint32_t back,
                               TypeId target) {
  const auto leaf = aba.inverse(address - back);
  if (!leaf) return std::nullopt;
  const auto found = around(types, *aba.type(leaf->frame, leaf->variable), aba.count(leaf->frame, leaf->variable),
                            leaf->index, target);
  if (!found) return std::nullopt;
  const uint32_t begin = *aba.variable(leaf->frame, leaf->variable) + found->offset;
  if (back == 0)
    return begin == address ? std::optional(Value::pointer(leaf->frame, leaf->variable, found->first)) : std::nullopt;
  if (begin + types[target].asize != address || !found->last) return std::nullopt;
  return Value::pointer(leaf->frame, leaf->variable, found->first + types[target].size, true);
}

class Builder {
 public:
  Builder(const Image& image, const OpenValues& open, const MemoryView& memory, const Truth* truth)
      : image_(image),
        program_(image.program()),
        types_(program_.types),
        open_(open),
        memory_(memory),
        truth_(truth),
        built_{{}, Allocation(image), {}} {}

  bool build(const std::vector<StackFrame>& frames, StatementId head, std::span<const Made> heap) {
    for (uint32_t i = 0; i < frames.size(); ++i)
      built_.aba.push(truth_ ? truth_->serials[i] : i + 1, frames[i].function);
    for (const Made& made : heap) {
      if (built_.aba.whyNotHeap(made.address, made.type, made.count, image_.heap)) return false;
      built_.aba.addHeap(made.address, made.type, made.count);
    }
    interp::Saved& saved = built_.configuration;
    saved.nextSerial = truth_ ? truth_->nextSerial : uint32_t(frames.size()) + 1;
    saved.steps = truth_ ? truth_->c0Steps : 0;
    for (uint32_t depth = 1; depth <= frames.size(); ++depth) {
      const StackFrame& frame = frames[depth - 1];
      const core::Stmt& at = statementOf(image_, depth < frames.size() ? *frames[depth].call : head);
      saved.frames.push_back({built_.aba.frameSerial(depth), frame.function, &at, std::nullopt});
      if (depth > 1 && !findDestination(depth, frames[depth - 2])) return false;
    }
    return contents(heap);
  }

  Reconstruction take() { return std::move(built_); }

 private:
  // Where the result of the frame at this depth goes: a place that the call statement names, or whose address the
  // caller left in its frame.
  bool findDestination(uint32_t depth, const StackFrame& caller) {
    const core::Stmt& call = *built_.configuration.frames[depth - 2].at;
    if (!call.target) return true;
    auto& destination = built_.configuration.frames[depth - 1].destination;
    if (core::isFixedPlace(program_, *call.target)) {
      destination = fixed(*call.target, depth - 1);
    } else if (truth_) {
      const auto at = truth_->destinations.find(depth);
      if (at == truth_->destinations.end()) return false;
      destination = at->second;
    } else {
      const core::FrameLayout layout = core::layoutFrame(program_, program_.functions[caller.function]);
      uint32_t address = 0;
      memory_.readWord(caller.base + layout.destination, address);
      const auto to = pointerTo(built_.aba, types_, address, 0, call.target->type);
      if (!to) return false;
      destination = SubVariable{to->frame, to->variable, to->index, call.target->type};
    }
    if (!core::isFixedPlace(program_, *call.target)) built_.destinations.emplace(depth, *destination);
    return true;
  }

  SubVariable fixed(const core::Expr& place, uint32_t depth) const {
    if (place.kind == core::ExprKind::Global) return {interp::kGlobalFrame, place.value, 0, place.type};
    if (place.kind == core::ExprKind::Local) return {built_.aba.frameSerial(depth), place.value, 0, place.type};
    SubVariable sub = fixed(*place.left, depth);
    if (place.kind == core::ExprKind::Field) sub.index += types_[sub.type].fields[place.value].index;
    else sub.index += place.right->value * types_[place.type].size;
    sub.type = place.type;
    return sub;
  }

  // As many as there will be, which may be millions.
  void reserve(std::span<const Made> heap) {
    interp::Saved& saved = built_.configuration;
    uint64_t globals = 0, locals = 0, made = 0;
    for (const auto& global : program_.globals) globals += types_[global.type].size;
    for (uint32_t depth = 1; depth <= built_.aba.depth(); ++depth)
      for (const auto& variable : program_.functions[built_.aba.frameFunction(depth)].variables)
        locals += types_[variable.type].size;
    for (const Made& each : heap) made += uint64_t(types_[each.type].size) * std::max(each.count, 1u);
    saved.globals.reserve(globals), saved.locals.reserve(locals), saved.heap.reserve(made);
  }

  bool contents(std::span<const Made> heap) {
    reserve(heap);
    interp::Saved& saved = built_.configuration;
    part_ = Part::Globals, to_ = &saved.globals;
    for (uint32_t g = 0; g < program_.globals.size(); ++g)
      if (!variable(program_.globals[g].type, 1, image_.globalAddress(g))) return false;
    part_ = Part::Locals, to_ = &saved.locals;
    for (uint32_t depth = 1; depth <= built_.aba.depth(); ++depth) {
      const uint32_t function = built_.aba.frameFunction(depth);
      for (uint32_t v = 0; v < program_.functions[function].variables.size(); ++v)
        if (!variable(program_.functions[function].variables[v].type, 1,
                      built_.aba.frameBase(depth) + image_.function(function).variables[v].offset))
          return false;
    }
    part_ = Part::Heap, to_ = &saved.heap;
    for (const Made& made : heap) {
      saved.heapVariables.push_back({made.type, made.count});
      if (!variable(made.type, std::max(made.count, 1u), made.address)) return false;
    }
    return !unknowable_;
  }

  bool variable(TypeId type, uint32_t count, uint32_t address) {
    const uint64_t bytes = uint64_t(types_[type].asize) * count;
    if (address + bytes > memory_.size()) return false;
    for (uint32_t i = 0; i < count; ++i) fill(type, address + i * types_[type].asize, part_ == Part::Locals);
    return true;
  }

  void fill(TypeId id, uint32_t address, bool open) {
    const core::Type& type = types_[id];
    if (type.kind == TypeKind::Array) {
      const core::Type& element = types_[type.element];
      if (element.elementary() && !open) return fillNumbers(element, type.count, address);
      for (uint32_t i = 0; i < type.count; ++i) fill(type.element, address + i * element.asize, open);
    } else if (type.kind == TypeKind::Struct) {
      for (const core::Field& field : type.fields) fill(field.type, address + field.offset, open || open_.isCopied(id));
    } else {
      const uint32_t bits = memory_.simple(type.asize, address);
      if (open || type.kind == TypeKind::Pointer) to_->push_back(openValue(bits, id));
      else to_->push_back(Value::number(core::convert(type.kind, bits)));
    }
  }

  void fillNumbers(const core::Type& type, uint32_t count, uint32_t address) {
    while (count != 0) {
      const uint32_t at = address % machine::kPageSize, here = std::min(count, (machine::kPageSize - at) / type.asize);
      const std::span page{memory_.page(address), machine::kPageSize};
      for (uint32_t i = 0; i < here; ++i) to_->push_back(Value::number(core::convert(type.kind, readSimple(page, type.asize, at + i * type.asize))));
      count -= here, address += here * type.asize;
    }
  }

  Value openValue(uint32_t bits, TypeId type) {
    const Place place{part_, uint32_t(to_->size())};
    if (!truth_) return unknownAt(place, bits);
    if (const auto at = truth_->exceptions.find(place); at != truth_->exceptions.end()) return at->second;
    const Value value = suggest(built_.aba, bits, type, program_);
    unknowable_ |= value.kind == Value::Undefined;
    return value;
  }

  const Image& image_;
  const core::Program& program_;
  const core::TypeTable& types_;
  const OpenValues& open_;
  const MemoryView& memory_;
  const Truth* truth_;
  Reconstruction built_;
  Part part_ = Part::Globals;
  std::vector<Value>* to_ = nullptr;
  bool unknowable_ = false;
};

}  // namespace

Value suggest(const Allocation& aba, uint32_t bits, TypeId id, const core::Program& program) {
  const core::Type& type = program.types[id];
  if (type.kind != TypeKind::Pointer) return Value::number(core::convert(type.kind, bits));
  if (bits == 0) return Value::null();
  if (auto element = pointerTo(aba, program.types, bits, 0, type.element)) return *element;
  for (uint32_t back = 1; back <= 4; ++back)  // padding may be in between
    if (auto past = pointerTo(aba, program.types, bits, back, type.element)) return *past;
  return {};
}

std::optional<Reconstruction> reconstruct(const Image& image, const Landmarks& landmarks, const OpenValues& open,
                                          const machine::State& state, const MemoryView& memory, std::span<const Made> heap,
                                          const Truth* truth) {
  const auto head = landmarks.statement(state.dpc);
  if (!head || state.pc != state.dpc + 4) return std::nullopt;
  const auto frames = unwind(image, landmarks, state, memory, *head);
  if (!frames || (truth && truth->serials.size() != frames->size())) return std::nullopt;
  Builder builder(image, open, memory, truth);
  if (!builder.build(*frames, *head, heap)) return std::nullopt;
  return builder.take();
}

}  // namespace consis
