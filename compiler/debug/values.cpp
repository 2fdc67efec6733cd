#include "compiler/debug/values.h"

#include <algorithm>

#include "compiler/core/print.h"

namespace debug {

using core::TypeId;
using core::TypeKind;
using core::TypeTable;
using interp::Machine;
using interp::Value;

namespace {

constexpr uint32_t kMostElements = 64, kMostCharacters = 80;

std::string escaped(uint8_t c, char quote) {
  static constexpr char kHex[] = "0123456789abcdef";
  switch (c) {
    case '\n': return "\\n";
    case '\t': return "\\t";
    case '\r': return "\\r";
    case 0: return "\\0";
    default: break;
  }
  if (c == uint8_t(quote) || c == '\\') return {'\\', char(c)};
  if (c >= ' ' && c < 0x7F) return {char(c)};
  return {'\\', 'x', kHex[c >> 4], kHex[c & 15]};
}

std::string numberText(TypeId type, uint32_t bits) {
  if (type == TypeTable::kBool) return bits ? "true" : "false";
  if (type == TypeTable::kUnsigned) return std::to_string(bits);
  std::string text = std::to_string(int32_t(bits));
  return type == TypeTable::kChar ? text + " '" + escaped(uint8_t(bits), '\'') + '\'' : text;
}

// As a string literal, without the zeros at its end.
std::string quoted(std::span<const Value> characters) {
  while (!characters.empty() && characters.back().bits == 0) characters = characters.first(characters.size() - 1);
  std::string text = "\"";
  for (const Value& each : characters.first(std::min<size_t>(characters.size(), kMostCharacters)))
    text += escaped(uint8_t(each.bits), '"');
  return text + (characters.size() > kMostCharacters ? "\".." : "\"");
}

// What a char * points to, up to the first zero or the end of its array.
std::string pointed(const Machine& machine, const Value& pointer) {
  const auto at = machine.locate(pointer, TypeTable::kChar);
  const std::span<const Value> content = contentOf(machine, pointer);
  if (!at || pointer.past || content.empty()) return "";
  const auto all =
      content.subspan(pointer.index, std::min<size_t>(at->first + at->count, content.size()) - pointer.index);
  auto end = std::find_if(all.begin(), all.end(),
                          [](const Value& each) { return each.kind != Value::Number || each.bits == 0; });
  return end == all.end() || end->kind != Value::Number ? "" : ' ' + quoted({all.begin(), end});
}

}  // namespace

std::string formatArray(const Machine& machine, TypeId element, uint32_t count, std::span<const Value> values) {
  const size_t size = machine.program().types[element].size;
  auto defined = [](const Value& each) { return each.kind == Value::Number; };
  if (element == TypeTable::kChar && std::all_of(values.begin(), values.end(), defined)) return quoted(values);
  std::string text = "{";
  for (uint32_t i = 0, shown = 0; i < count; shown++) {  // equal elements in a row are written once
    if (i) text += ", ";
    if (shown == kMostElements) return text + "..}";
    const auto each = values.subspan(i * size, size);
    uint32_t run = 1;
    while (i + run < count && std::ranges::equal(each, values.subspan((i + run) * size, size))) run++;
    text += format(machine, element, each);
    if (run > 1) text += " x " + std::to_string(run);
    i += run;
  }
  return text + '}';
}

std::string format(const Machine& machine, TypeId id, std::span<const Value> values) {
  const core::Type& type = machine.program().types[id];
  if (type.kind == TypeKind::Array) return formatArray(machine, type.element, type.count, values);
  if (type.kind == TypeKind::Struct) {
    std::string text = "{";
    for (const core::Field& field : type.fields) {
      if (field.index) text += ", ";
      text += field.name + " = " +
              format(machine, field.type, values.subspan(field.index, machine.program().types[field.type].size));
    }
    return text + '}';
  }
  switch (values[0].kind) {
    case Value::Undefined: return "undefined";
    case Value::Unknown: return "unknown";
    case Value::Null: return "null";
    case Value::Number: return numberText(id, values[0].bits);
    case Value::Pointer: break;
  }
  return '&' + machine.name(values[0], id) + (type.element == TypeTable::kChar ? pointed(machine, values[0]) : "");
}

uint32_t depthOf(const Machine& machine, uint32_t serial) {
  for (uint32_t depth = machine.rd(); depth; depth--)
    if (machine.frame(depth).serial == serial) return depth;
  return 0;
}

std::span<const Value> contentOf(const Machine& machine, const Value& pointer) {
  const core::Program& program = machine.program();
  if (pointer.frame == interp::kHeapFrame) {
    const size_t size = program.types[machine.heapType(pointer.variable)].size *
                        std::max<size_t>(machine.heapCount(pointer.variable), 1);
    return machine.heap().content.subspan(machine.heapBase(pointer.variable), size);
  }
  const uint32_t depth = pointer.frame == interp::kGlobalFrame ? 0 : depthOf(machine, pointer.frame);
  if (depth == 0 && pointer.frame != interp::kGlobalFrame) return {};
  const interp::FrameView frame = machine.frame(depth);
  const TypeId type = depth ? program.functions[frame.function].variables[pointer.variable].type
                            : program.globals[pointer.variable].type;
  return frame.content.subspan(machine.variableBase(depth, pointer.variable), program.types[type].size);
}

std::string place(const core::Program& program, uint32_t function, core::Position at) {
  if (at.line == 0 || at.file >= program.files.size()) return program.functions[function].name;
  return program.files[at.file] + ':' + std::to_string(at.line) + ':' + std::to_string(at.column);
}

std::string traceLine(const Machine& machine, const core::Stmt* head, uint32_t function, interp::Stop stop) {
  const core::Program& program = machine.program();
  const core::Function& in = program.functions[function];
  std::string line = std::to_string(machine.steps() + (stop == interp::Stop::Faulted)) + ' ' + in.name + ' ';
  line += interp::ruleName(machine.lastRule());
  line += ' ' + place(program, function, head ? head->position : in.position) + ' ';
  return line + (head ? core::printHead(program, in, *head) : "") + '\n';
}

std::string faultLines(const Machine& machine) {
  const core::Program& program = machine.program();
  const interp::FaultReport& fault = machine.fault();
  const std::string at = place(program, fault.function, fault.position);
  return at + ": fault: " + std::string(object::faultName(fault.fault)) + ": " +
         std::string(object::faultMeaning(fault.fault)) + '\n' + at + ": note: in function " +
         program.functions[fault.function].name + " at step " + std::to_string(machine.steps() + 1) + ": " +
         fault.text + '\n';
}

std::string heapTypeName(const Machine& machine, uint32_t i) {
  const TypeTable& types = machine.program().types;
  const uint32_t count = machine.heapCount(i);
  return count ? types.declare(machine.heapType(i), '[' + std::to_string(count) + ']')
               : types.print(machine.heapType(i));
}

}  // namespace debug
