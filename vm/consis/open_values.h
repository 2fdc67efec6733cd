// The simple values of a configuration that the VAMP's memory does not determine (docs/consis.md, "Parallel in time"):
// pointers, since one past the end of an array has the address of what follows, and what a pointer into an ended frame
// pointed to is gone; locals, which may be undefined; and numbers in structs that are copied somewhere, since a copy
// carries undefined values. They are open; all others are what memory says.
#pragma once

#include <algorithm>
#include <compare>
#include <vector>

#include "compiler/interp/interp.h"
#include "vm/consis/image.h"

namespace consis {

// A simple value by its place: its index among all of one part of the configuration (interp::Saved).
enum class Part : uint32_t { Globals, Locals, Heap };
struct Place {
  Part part = Part::Globals;
  uint32_t index = 0;
  auto operator<=>(const Place&) const = default;
};
// An unknown value names the place at which it was unknown first, and has its bytes there.
inline interp::Value unknownAt(Place place, uint32_t bits) {
  return interp::Value::unknown(bits, uint32_t(place.part), place.index);
}
inline Place originOf(const interp::Value& unknown) { return {Part(unknown.frame), unknown.variable}; }

class OpenValues {
 public:
  explicit OpenValues(const Image& image);

  bool isCopied(core::TypeId structure) const { return copied_[structure]; }

  // f(place, type, value) for each open value of the machine's configuration, part by part in the order of places.
  template <class F>
  void each(const interp::Machine& machine, F&& f) const {
    const core::Program& program = image_.program();
    const interp::FrameView globals = machine.frame(0), heap = machine.heap();
    for (uint32_t g = 0; g < program.globals.size(); ++g) {
      const uint32_t base = machine.variableBase(0, g);
      each(program.globals[g].type, {Part::Globals, base}, &globals.content[base], false, f);
    }
    uint32_t base = 0;
    for (uint32_t depth = 1; depth <= machine.rd(); ++depth) {
      const interp::FrameView frame = machine.frame(depth);
      const auto& variables = program.functions[frame.function].variables;
      for (uint32_t v = 0; v < variables.size(); ++v) {
        const uint32_t at = machine.variableBase(depth, v);
        each(variables[v].type, {Part::Locals, base + at}, &frame.content[at], true, f);
      }
      base += uint32_t(frame.content.size());
    }
    for (uint32_t h = 0; h < heap.variableCount; ++h) {
      const core::TypeId type = machine.heapType(h);
      const uint32_t at = machine.heapBase(h), size = types()[type].size;
      for (uint32_t i = 0; i < std::max(machine.heapCount(h), 1u) && mixed_[type]; ++i)
        each(type, {Part::Heap, at + i * size}, &heap.content[at + i * size], false, f);
    }
  }

 private:
  const core::TypeTable& types() const { return image_.program().types; }

  template <class F>
  void each(core::TypeId id, Place place, const interp::Value* value, bool open, F& f) const {
    if (!open && !mixed_[id]) return;
    const core::Type& type = types()[id];
    if (type.simple()) return f(place, id, *value);
    if (type.kind == core::TypeKind::Array) {
      const uint32_t size = types()[type.element].size;
      for (uint32_t i = 0; i < type.count; ++i)
        each(type.element, {place.part, place.index + i * size}, value + i * size, open, f);
    }
    for (const core::Field& field : type.fields)
      each(field.type, {place.part, place.index + field.index}, value + field.index, open || copied_[id], f);
  }

  const Image& image_;
  std::vector<bool> copied_;  // by type: a struct that is copied somewhere
  std::vector<bool> mixed_;   // by type: globals of it have open values
};

}  // namespace consis
