// digraph configuration {
//   graph [rankdir=LR];
//   node [shape=record, fontname=monospace];
//   subgraph cluster_0 {
//     label="lms(0) globals";
//     g0 [label="struct node *head|<v0> &heap#0"];
//   }
//   subgraph cluster_heap {
//     label="hm 8 bytes";
//     h0 [label="heap#0 struct node|<v0> .value = 1|<v1> .next = null"];
//   }
//   g0:v0 -> h0;
// }
#include <algorithm>
#include <set>

#include "compiler/debug/picture.h"
#include "compiler/debug/values.h"

namespace debug {

using core::TypeId;
using interp::Machine;
using interp::Value;

namespace {

constexpr uint32_t kMostCells = 64;

class Graph {
 public:
  explicit Graph(const Machine& machine) : machine_(machine), program_(machine.program()), types_(program_.types) {}

  std::string draw() {
    findTargets();
    text_ = "digraph configuration {\n  graph [rankdir=LR];\n  node [shape=record, fontname=monospace];\n";
    for (uint32_t depth = 0; depth <= machine_.rd(); depth++) frame(depth);
    text_ += "  subgraph cluster_heap {\n    label=\"hm " + std::to_string(machine_.heapUsed()) + " bytes\";\n";
    for (uint32_t i = 0; i < machine_.heap().variableCount; i++) heapVariable(i);
    text_ += "  }\n" + edges_ + "}\n";
    return std::move(text_);
  }

 private:
  // The string literals to draw: those in use.
  void findTargets() {
    auto look = [&](const interp::FrameView& frame) {
      for (const Value& each : frame.content)
        if (each.kind == Value::Pointer && each.frame == interp::kGlobalFrame) targets_.insert(each.variable);
    };
    for (uint32_t depth = 0; depth <= machine_.rd(); depth++) look(machine_.frame(depth));
    look(machine_.heap());
  }

  void frame(uint32_t depth) {
    const interp::FrameView frame = machine_.frame(depth);
    text_ += "  subgraph cluster_" + std::to_string(depth) + " {\n    label=\"lms(" + std::to_string(depth) + ") " +
             (depth ? escaped(program_.functions[frame.function].name) : "globals") + "\";\n";
    for (uint32_t i = 0; i < frame.variableCount; i++) {
      const std::string& name = depth ? program_.functions[frame.function].variables[i].name : program_.globals[i].name;
      const TypeId type = depth ? program_.functions[frame.function].variables[i].type : program_.globals[i].type;
      if (name.starts_with('.') && (depth || !targets_.count(i))) continue;  // the compiler's own
      begin(node(frame.serial, i), types_.declare(type, name));
      cells(type, "", 0, frame.content.subspan(machine_.variableBase(depth, i), types_[type].size));
      end();
    }
    text_ += "  }\n";
  }

  void heapVariable(uint32_t i) {
    const TypeId type = machine_.heapType(i);
    const uint32_t count = machine_.heapCount(i);
    const auto content = contentOf(machine_, Value::pointer(interp::kHeapFrame, i, 0));
    begin(node(interp::kHeapFrame, i), "heap#" + std::to_string(i) + ' ' + heapTypeName(machine_, i));
    if (count && type == core::TypeTable::kChar)
      text_ += "|<v0> " + escaped(formatArray(machine_, type, count, content));
    else
      for (uint32_t k = 0; k < std::max(count, 1u); k++)
        if (!cells(type, count ? '[' + std::to_string(k) + ']' : "", k * types_[type].size, content)) break;
    end();
  }

  void begin(const std::string& node, const std::string& title) {
    node_ = node, cells_ = 0;
    text_ += "    " + node + " [label=\"" + escaped(title);
  }
  void end() { text_ += "\"];\n"; }

  // False when the record is full; pointers in what is not shown are not drawn either.
  bool cells(TypeId type, const std::string& path, uint32_t first, std::span<const Value> content) {
    if (isText(type) && path.empty()) {
      text_ += "|<v0> " + escaped(format(machine_, type, content));
      return true;
    }
    return eachSimple(types_, type, path, first, [&](const std::string& to, TypeId id, uint32_t index) {
      if (cells_++ == kMostCells) return text_ += "|..", false;
      const Value& value = content[index];
      const std::string port = 'v' + std::to_string(index);
      text_ += "|<" + port + "> " + escaped(to.empty() ? "" : to + " = ") + escaped(format(machine_, id, {&value, 1}));
      if (value.kind == Value::Pointer) edge(node_ + ':' + port, id, value);
      return true;
    });
  }

  void edge(const std::string& from, TypeId type, const Value& to) {
    if (contentOf(machine_, to).empty()) return;  // dangling
    const uint32_t size = to.past ? types_[types_[type].element].size : 0, index = to.index - size;
    edges_ += "  " + from + " -> " + node(to.frame, to.variable);
    if (index != 0 && index < kMostCells && !isText(to)) edges_ += ":v" + std::to_string(index);
    edges_ += to.past ? " [style=dashed, label=\"+ 1\"];\n" : ";\n";
  }

  // Drawn as one cell, a string.
  bool isText(TypeId type) const {
    return types_[type].kind == core::TypeKind::Array && types_[type].element == core::TypeTable::kChar;
  }
  bool isText(const Value& to) const {
    if (to.frame == interp::kGlobalFrame) return isText(program_.globals[to.variable].type);
    if (to.frame != interp::kHeapFrame)
      return isText(
          program_.functions[machine_.frame(depthOf(machine_, to.frame)).function].variables[to.variable].type);
    const TypeId type = machine_.heapType(to.variable);
    return isText(type) || (machine_.heapCount(to.variable) && type == core::TypeTable::kChar);
  }

  std::string node(uint32_t serial, uint32_t variable) const {
    if (serial == interp::kHeapFrame) return 'h' + std::to_string(variable);
    if (serial == interp::kGlobalFrame) return 'g' + std::to_string(variable);
    return 'f' + std::to_string(serial) + '_' + std::to_string(variable);
  }

  static std::string escaped(std::string_view text) {
    std::string out;
    for (char c : text) {
      if (std::string_view("\"\\{}|<> ").find(c) != std::string_view::npos) out += '\\';
      out += c;
    }
    return out;
  }

  const Machine& machine_;
  const core::Program& program_;
  const core::TypeTable& types_;
  std::set<uint32_t> targets_;
  std::string text_, edges_, node_;
  uint32_t cells_ = 0;
};

}  // namespace

std::string dotGraph(const Machine& machine) { return Graph(machine).draw(); }

}  // namespace debug
