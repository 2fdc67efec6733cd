// Configurations in text and JSON (docs/abstract-machine.md). Both are canonical: configurations are equal iff their dumps are.
#include <algorithm>
#include <span>

#include "compiler/core/print.h"
#include "compiler/interp/configuration.h"

namespace interp {

using core::TypeKind;
using core::TypeTable;

namespace {

std::string elementary(TypeId type, uint32_t bits) {
  if (type == TypeTable::kBool) return bits ? "true" : "false";
  return type == TypeTable::kUnsigned ? std::to_string(bits) : std::to_string(int32_t(bits));
}

std::string quoted(std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\', out += c;
    else if (uint8_t(c) < ' ') out += "\\u00", out += kHex[uint8_t(c) >> 4], out += kHex[c & 15];
    else out += c;
  }
  return out += '"';
}

// Walks a configuration; Text and Json say how its parts are written.
class Dumper {
 public:
  explicit Dumper(const Machine& machine) : machine_(machine), program_(machine.program()), types_(program_.types) {}
  std::string take() { return std::move(out_); }

 protected:
  // "int[5]" of what new(int, 5) made.
  std::string heapTypeName(uint32_t i) const {
    const uint32_t count = machine_.heapCount(i);
    return count ? types_.declare(machine_.heapType(i), '[' + std::to_string(count) + ']') : types_.print(machine_.heapType(i));
  }
  const core::Function& functionAt(uint32_t depth) const {
    return program_.functions[machine_.frame(depth).function];
  }
  // The function's statements that remain at this depth, the next one first.
  std::vector<uint32_t> rest(uint32_t depth) const {
    std::vector<uint32_t> ordinals;
    for (const Stmt* stmt : machine_.rest(depth)) ordinals.push_back(stmt->ordinal);
    return ordinals;
  }

  const Machine& machine_;
  const core::Program& program_;
  const TypeTable& types_;
  std::string out_;
};

// rd 2
// pr fact: 1 2; main: 3
// lms(0) globals
//   int count = 4
// lms(1) main #1
//   int x = undefined
// lms(2) fact #2, called by main: 2 for main:x
//   int n = 3
// hm 8 bytes
//   heap#0 struct node = {value = 1, next = null}
class Text : public Dumper {
 public:
  explicit Text(const Machine& machine) : Dumper(machine) {
    const uint32_t rd = machine_.rd();
    out_ = "rd " + std::to_string(rd) + "\npr";
    for (uint32_t depth = rd; depth; depth--) {
      out_ += depth == rd ? " " : "; ";
      out_ += functionAt(depth).name + ':';
      for (uint32_t ordinal : rest(depth)) out_ += ' ' + std::to_string(ordinal);
    }
    out_ += "\nlms(0) globals\n";
    for (uint32_t i = 0; i < program_.globals.size(); i++)
      variable(types_.declare(program_.globals[i].type, program_.globals[i].name), program_.globals[i].type,
               machine_.frame(0).content.data() + machine_.variableBase(0, i));
    for (uint32_t depth = 1; depth <= rd; depth++) local(depth);
    out_ += "hm " + std::to_string(machine_.heapUsed()) + " bytes\n";
    for (uint32_t i = 0; i < machine_.heap().variableCount; i++) heapVariable(i);
  }

 private:
  void local(uint32_t depth) {
    const FrameView frame = machine_.frame(depth);
    const core::Function& function = functionAt(depth);
    out_ += "lms(" + std::to_string(depth) + ") " + function.name + " #" + std::to_string(frame.serial);
    if (const Stmt* call = machine_.pendingCall(depth))
      out_ += ", called by " + functionAt(depth - 1).name + ": " + std::to_string(call->ordinal);
    if (auto destination = machine_.pendingDestination(depth)) out_ += " for " + machine_.name(*destination);
    out_ += '\n';
    for (uint32_t i = 0; i < frame.variableCount; i++)
      variable(types_.declare(function.variables[i].type, function.variables[i].name), function.variables[i].type,
               frame.content.data() + machine_.variableBase(depth, i));
  }
  void heapVariable(uint32_t i) {
    const Value* at = machine_.heap().content.data() + machine_.heapBase(i);
    const std::string name = "heap#" + std::to_string(i) + ' ' + heapTypeName(i);
    if (machine_.heapCount(i) == 0) return variable(name, machine_.heapType(i), at);
    out_ += "  " + name + " = {";
    elements(machine_.heapType(i), machine_.heapCount(i), at);
    out_ += "}\n";
  }
  void variable(const std::string& name, TypeId type, const Value* at) {
    out_ += "  " + name + " = ";
    value(type, at);
    out_ += '\n';
  }
  void value(TypeId id, const Value* at) {
    const core::Type& type = types_[id];
    if (type.simple()) {
      if (at->kind == Value::Undefined) out_ += "undefined";
      else if (at->kind == Value::Unknown) out_ += "unknown";
      else if (at->kind == Value::Null) out_ += "null";
      else if (at->kind == Value::Pointer) out_ += '&', out_ += machine_.name(*at, id);
      else out_ += elementary(id, at->bits);
      return;
    }
    out_ += '{';
    if (type.kind == TypeKind::Array) elements(type.element, type.count, at);
    for (const core::Field& field : type.fields) {
      if (field.index) out_ += ", ";
      out_ += field.name + " = ";
      value(field.type, at + field.index);
    }
    out_ += '}';
  }
  void elements(TypeId type, uint32_t count, const Value* at) {
    const size_t size = types_[type].size;
    for (uint32_t i = 0; i < count;) {  // equal elements in a row are written once
      uint32_t run = 1;
      while (i + run < count && std::equal(at + i * size, at + (i + 1) * size, at + (i + run) * size)) run++;
      if (i) out_ += ", ";
      value(type, at + i * size);
      if (run > 1) out_ += " x " + std::to_string(run);
      i += run;
    }
  }
};

class Json : public Dumper {
 public:
  explicit Json(const Machine& machine) : Dumper(machine) {
    const uint32_t rd = machine_.rd();
    out_ = "{\"rd\":" + std::to_string(rd) + ",\"pr\":[";
    for (uint32_t depth = rd; depth; depth--) {
      out_ += depth == rd ? "" : ",";
      out_ += "{\"function\":" + quoted(functionAt(depth).name) + ",\"statements\":[";
      const std::vector<uint32_t> ordinals = rest(depth);
      for (size_t i = 0; i < ordinals.size(); i++) {
        if (i) out_ += ',';
        out_ += std::to_string(ordinals[i]);
      }
      out_ += "]}";
    }
    out_ += "],\"lms\":[{\"serial\":0,\"variables\":[";
    for (uint32_t i = 0; i < program_.globals.size(); i++)
      variable(i == 0, program_.globals[i].name, program_.globals[i].type,
               machine_.frame(0).content.data() + machine_.variableBase(0, i));
    out_ += "]}";
    for (uint32_t depth = 1; depth <= rd; depth++) local(depth);
    out_ += "],\"hm\":{\"used\":" + std::to_string(machine_.heapUsed()) + ",\"variables\":[";
    for (uint32_t i = 0; i < machine_.heap().variableCount; i++) heapVariable(i);
    out_ += "]}}\n";
  }

 private:
  void local(uint32_t depth) {
    const FrameView frame = machine_.frame(depth);
    const core::Function& function = functionAt(depth);
    out_ += ",{\"serial\":" + std::to_string(frame.serial) + ",\"function\":" + quoted(function.name);
    if (const Stmt* call = machine_.pendingCall(depth)) out_ += ",\"call\":" + std::to_string(call->ordinal);
    if (auto destination = machine_.pendingDestination(depth)) {
      out_ += ",\"destination\":";
      reference(*destination);
    }
    out_ += ",\"variables\":[";
    for (uint32_t i = 0; i < frame.variableCount; i++)
      variable(i == 0, function.variables[i].name, function.variables[i].type,
               frame.content.data() + machine_.variableBase(depth, i));
    out_ += "]}";
  }
  void heapVariable(uint32_t i) {
    const Value* at = machine_.heap().content.data() + machine_.heapBase(i);
    if (machine_.heapCount(i) == 0) return variable(i == 0, "", machine_.heapType(i), at);
    out_ += std::string(i ? "," : "") + "{\"type\":" + quoted(heapTypeName(i)) + ",\"value\":";
    elements(machine_.heapType(i), machine_.heapCount(i), at);
    out_ += '}';
  }
  void variable(bool first, const std::string& name, TypeId type, const Value* at) {
    out_ += first ? "{" : ",{";
    if (!name.empty()) out_ += "\"name\":" + quoted(name) + ',';
    out_ += "\"type\":" + quoted(types_.print(type)) + ",\"value\":";
    value(type, at);
    out_ += '}';
  }
  void reference(const SubVariable& to) {
    reference(machine_.name(to), Value::pointer(to.frame, to.variable, to.index));
  }
  void reference(const std::string& name, const Value& to) {
    out_ += "{\"pointer\":" + quoted(name) + ",\"frame\":" + std::to_string(to.frame) +
            ",\"variable\":" + std::to_string(to.variable) + ",\"index\":" + std::to_string(to.index) +
            (to.past ? ",\"past\":true}" : "}");
  }
  void value(TypeId id, const Value* at) {
    const core::Type& type = types_[id];
    if (type.simple()) {
      if (at->kind == Value::Undefined) out_ += "\"undefined\"";
      else if (at->kind == Value::Unknown) out_ += "\"unknown\"";
      else if (at->kind == Value::Null) out_ += "null";
      else if (at->kind == Value::Pointer) reference(machine_.name(*at, id), *at);
      else out_ += elementary(id, at->bits);
    } else if (type.kind == TypeKind::Array) {
      elements(type.element, type.count, at);
    } else {
      for (const core::Field& field : type.fields) {
        out_ += field.index ? ',' : '{';
        out_ += quoted(field.name) + ':';
        value(field.type, at + field.index);
      }
      out_ += '}';
    }
  }
  void elements(TypeId type, uint32_t count, const Value* at) {
    for (uint32_t i = 0; i < count; i++) {
      out_ += i ? ',' : '[';
      value(type, at + size_t(i) * types_[type].size);
    }
    out_ += ']';
  }
};

}  // namespace

std::string Machine::name(const SubVariable& sub) const {
  const Impl& m = *impl_;
  const std::optional<TypeId> variable = m.variableType(sub.frame, sub.variable);
  std::string name;
  if (sub.frame == kHeapFrame) {
    name = "heap#" + std::to_string(sub.variable);
  } else if (sub.frame == kGlobalFrame && variable) {
    name = program().globals[sub.variable].name;
  } else if (variable) {
    const uint32_t depth = m.depthOf(sub.frame);
    const uint32_t function = m.lms[depth - 1].function;
    name = program().functions[function].name;
    if (std::any_of(m.lms.begin() + depth, m.lms.end(), [&](const MemoryFrame& above) { return above.function == function; }))
      name += '@' + std::to_string(depth);
    name += ':' + program().functions[function].variables[sub.variable].name;
  } else {
    name = "frame#" + std::to_string(sub.frame) + ':' + std::to_string(sub.variable);
  }
  if (!variable) return sub.index ? name + '+' + std::to_string(sub.index) : name;

  TypeId type = *variable;
  uint32_t index = sub.index;
  if (sub.frame == kHeapFrame && m.heapCounts[sub.variable]) {
    name += '[' + std::to_string(index / m.types[type].size) + ']';
    index %= m.types[type].size;
  }
  while (index != 0 || type != sub.type) {  // down to the selector that the type asks for
    const core::Type& in = program().types[type];
    if (in.kind == TypeKind::Array) {
      const uint32_t size = m.types[in.element].size;
      name += '[' + std::to_string(index / size) + ']';
      index %= size;
      type = in.element;
    } else if (in.kind == TypeKind::Struct && index < in.size) {
      auto field = std::upper_bound(in.fields.begin(), in.fields.end(), index,
                                    [](uint32_t wanted, const core::Field& each) { return wanted < each.index; });
      --field;
      name += '.' + field->name;
      index -= field->index;
      type = field->type;
    } else {
      break;
    }
  }
  return name;
}

std::string Machine::name(const Value& pointer, TypeId type) const {
  const TypeId target = program().types[type].element;
  const uint32_t back = pointer.past ? program().types[target].size : 0;
  return name({pointer.frame, pointer.variable, pointer.index - back, target}) + (pointer.past ? " + 1" : "");
}

std::string Machine::dumpText() const { return Text(*this).take(); }
std::string Machine::dumpJson() const { return Json(*this).take(); }

}  // namespace interp
