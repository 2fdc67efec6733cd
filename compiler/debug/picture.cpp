// heap: 3 variables, 24 of 16777216 bytes
// head -> heap#2 struct node = {value = 3, next = &heap#1}
//   .next -> heap#1 struct node = {value = 2, next = &heap#0}, shared by 2
//   .next -> heap#0 struct node = {value = 1, next = null}
// main:second -> heap#1 (above)
// unreachable:
//   heap#3 int = 5
#include "compiler/debug/picture.h"

#include <algorithm>
#include <utility>

#include "compiler/debug/values.h"

namespace debug {

using core::TypeId;
using interp::Machine;
using interp::Value;

bool holdsPointers(const core::TypeTable& types, TypeId id) {
  const core::Type& type = types[id];
  if (type.kind == core::TypeKind::Pointer) return true;
  if (type.kind == core::TypeKind::Array) return holdsPointers(types, type.element);
  for (const core::Field& field : type.fields)
    if (holdsPointers(types, field.type)) return true;
  return false;
}

namespace {

class Picture {
 public:
  Picture(const Machine& machine, uint32_t limit)
      : machine_(machine), program_(machine.program()), types_(program_.types), limit_(limit) {
    const uint32_t count = machine.heap().variableCount;
    pointers_.resize(count), reached_.resize(count), shown_.resize(count);
  }

  std::string draw() {
    const uint32_t count = machine_.heap().variableCount;
    text_ = "heap: " + std::to_string(count) + (count == 1 ? " variable, " : " variables, ") +
            std::to_string(machine_.heapUsed()) + " bytes\n";
    roots([&](const std::string&, const Value& pointer) { reach(pointer.variable); });
    for (size_t i = 0; i < todo_.size(); i++)
      edges(todo_[i], [&](const std::string&, const Value& to) { reach(to.variable); });
    roots([&](const std::string& name, const Value& pointer) { show("", name, pointer); });
    bool first = true;
    for (uint32_t i = 0; i < count; i++) {
      if (reached_[i] || !left()) continue;
      if (std::exchange(first, false)) text_ += "unreachable:\n";
      text_ += "  " + described(i) + '\n';
    }
    if (missing_) text_ += ".. " + std::to_string(missing_) + " more\n";
    return std::move(text_);
  }

 private:
  // Pointers of variables into the heap.
  template <class F>
  void roots(F&& visit) {
    for (uint32_t depth = 0; depth <= machine_.rd(); depth++) {
      const interp::FrameView frame = machine_.frame(depth);
      for (uint32_t i = 0; i < frame.variableCount; i++) {
        const std::string& name =
            depth ? program_.functions[frame.function].variables[i].name : program_.globals[i].name;
        if (name.starts_with('.')) continue;  // the compiler's own
        const TypeId type = depth ? program_.functions[frame.function].variables[i].type : program_.globals[i].type;
        pointersIn(type, 1, frame.content.subspan(machine_.variableBase(depth, i)),
                   [&](const std::string& path, const Value& to) {
                     visit(machine_.name({frame.serial, i, 0, type}) + path, to);
                   });
      }
    }
  }
  template <class F>
  void edges(uint32_t i, F&& visit) {
    const uint32_t count = machine_.heapCount(i);
    pointersIn(
        machine_.heapType(i), std::max(count, 1u), machine_.heap().content.subspan(machine_.heapBase(i)),
        [&](const std::string& path, const Value& to) { visit(path, to); }, count != 0);
  }
  template <class F>
  void pointersIn(TypeId type, uint32_t count, std::span<const Value> content, F&& visit, bool array = false) {
    if (!holdsPointers(types_, type)) return;
    for (uint32_t i = 0; i < count; i++)
      eachSimple(types_, type, array ? '[' + std::to_string(i) + ']' : "", i * types_[type].size,
                 [&](const std::string& path, TypeId, uint32_t index) {
                   const Value& value = content[index];
                   if (value.kind == Value::Pointer && value.frame == interp::kHeapFrame) visit(path, value);
                   return true;
                 });
  }

  void reach(uint32_t i) {
    pointers_[i]++;
    if (!reached_[i]) reached_[i] = true, todo_.push_back(i);
  }
  bool left() {
    if (limit_) return limit_--, true;
    return missing_++, false;
  }

  std::string described(uint32_t i) const {
    const uint32_t count = machine_.heapCount(i);
    const TypeId type = machine_.heapType(i);
    const auto content = contentOf(machine_, Value::pointer(interp::kHeapFrame, i, 0));
    return "heap#" + std::to_string(i) + ' ' + heapTypeName(machine_, i) + " = " +
           (count ? formatArray(machine_, type, count, content) : format(machine_, type, content)) +
           (pointers_[i] > 1 ? ", shared by " + std::to_string(pointers_[i]) : "");
  }

  struct Edge {
    std::string indent, name;
    Value to;
  };
  // What has one pointer, as a list's element, is continued in the same column.
  void show(const std::string& indent, const std::string& name, const Value& pointer) {
    std::vector<Edge> stack{{indent, name, pointer}};
    while (!stack.empty()) {
      const Edge edge = std::move(stack.back());
      stack.pop_back();
      const uint32_t i = edge.to.variable;
      if (shown_[i]) {
        if (limit_) text_ += edge.indent + edge.name + " -> heap#" + std::to_string(i) + " (above)\n";
        continue;
      }
      shown_[i] = true;
      if (left()) text_ += edge.indent + edge.name + " -> " + described(i) + '\n';
      std::vector<Edge> below;
      edges(i, [&](const std::string& path, const Value& to) { below.push_back({"", path, to}); });
      for (size_t k = below.size(); k-- > 0;) {
        below[k].indent = edge.indent.empty() || below.size() > 1 ? edge.indent + "  " : edge.indent;
        stack.push_back(std::move(below[k]));
      }
    }
  }

  const Machine& machine_;
  const core::Program& program_;
  const core::TypeTable& types_;
  uint32_t limit_;
  uint64_t missing_ = 0;
  std::vector<uint32_t> pointers_, todo_;
  std::vector<bool> reached_, shown_;
  std::string text_;
};

}  // namespace

std::string heapPicture(const Machine& machine, uint32_t limit) { return Picture(machine, limit).draw(); }

}  // namespace debug
