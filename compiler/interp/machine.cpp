// The first configuration, memory frames, and what can be asked of a configuration.
#include <algorithm>
#include <utility>

#include "compiler/core/frame.h"
#include "compiler/interp/configuration.h"

namespace interp {

using core::TypeKind;
using core::TypeTable;

std::string_view ruleName(Rule rule) {
  switch (rule) {
    case Rule::Skip: return "skip";
    case Rule::Assign: return "assign";
    case Rule::Call: return "call";
    case Rule::Primitive: return "primitive";
    case Rule::Return: return "return";
    case Rule::IfTrue: return "if-true";
    case Rule::IfFalse: return "if-false";
    case Rule::WhileTrue: return "while-true";
    case Rule::WhileFalse: return "while-false";
    case Rule::Break: return "break";
    case Rule::Continue: return "continue";
    case Rule::New: return "new";
    case Rule::Asm: return "asm";
    case Rule::Fault: return "fault";
  }
  return "";
}

namespace {

// Of a concrete kernel init2 (seed 003, 6.1).
std::optional<uint32_t> findMain(const core::Program& program) {
  std::optional<uint32_t> index = program.findFunction("main");
  if (!index) index = program.findFunction("init2");
  if (!index || !program.functions[*index].defined || program.functions[*index].internal) return std::nullopt;
  return index;
}

}  // namespace

std::optional<std::string> whyNotRunnable(const core::Program& program) {
  const std::optional<uint32_t> main = findMain(program);
  if (!main) return "the program has no function 'main'";
  const Function& function = program.functions[*main];
  if (function.parameters != 0 || function.result != TypeTable::kInt) return "'main' is not of type int()";
  return whyIncomplete(program);
}

std::optional<std::string> whyIncomplete(const core::Program& program) {
  for (const Function& each : program.functions)
    if (!each.defined && each.primitive == core::Primitive::None) return "no unit defines the function '" + each.name + "'";
  uint64_t size = 0;
  for (const core::Global& each : program.globals) {
    if (!each.defined) return "no unit defines the variable '" + each.name + "'";
    size += program.types[each.type].size;
  }
  if (size > kMaxGlobals) return "the globals have " + std::to_string(size) + " simple values, more than " + std::to_string(kMaxGlobals);
  return std::nullopt;
}

Machine::Impl::Impl(const core::Program& program, Primitives& primitives, Limits limits, Start start)
    : program(program),
      primitives(primitives),
      limits(limits),
      prepared(std::make_shared<Prepared>(program)),
      types(prepared->types.data()),
      functions(prepared->functions.data()),
      constants(prepared->constants.data()) {
  if (start == Start::Restored) {
    stop = Stop::Ended;
    return;
  }
  globalContent.resize(prepared->globalSize);
  for (size_t i = 0; i < program.globals.size(); i++) {
    const core::Global& global = program.globals[i];
    Value* to = globalContent.data() + prepared->globalBa[i];
    const uint32_t* bits = global.initial.data();
    if (global.initial.empty()) zero(global.type, to);
    else initialize(global.type, bits, to);
    for (const core::InitialPointer& each : global.pointers)
      globalContent[prepared->globalBa[i] + each.index] = Value::pointer(kGlobalFrame, each.global, each.element, each.past);
  }
  if (start == Start::Nothing) stop = Stop::Ended;
  else if (restart(*findMain(program), {}, std::nullopt) == Stop::Running) steps = 0;
}

// ---- memory -----------------------------------------------------------------------------------------------------------

Value Machine::Impl::initialValue(TypeId type, uint32_t bits) const {
  return types[type].numbers ? Value::number(bits) : Value::null();
}

void Machine::Impl::zero(TypeId id, Value* to) const {
  const TypeInfo& info = types[id];
  const core::Type& type = program.types[id];
  if (info.numbers || info.simple) {
    std::fill_n(to, info.size, initialValue(id, 0));
  } else if (type.kind == TypeKind::Array) {
    for (uint32_t i = 0; i < type.count; i++) zero(type.element, to + size_t(i) * info.elementSize);
  } else {
    for (const core::Field& field : type.fields) zero(field.type, to + field.index);
  }
}

void Machine::Impl::initialize(TypeId id, const uint32_t*& bits, Value*& to) const {
  const core::Type& type = program.types[id];
  if (type.simple()) *to++ = initialValue(id, *bits++);
  for (uint32_t i = 0; i < type.count; i++) initialize(type.element, bits, to);
  for (const core::Field& field : type.fields) initialize(field.type, bits, to);
}

uint32_t Machine::Impl::depthOf(uint32_t serial) const {
  const size_t rd = lms.size();
  if (rd && lms[rd - 1].serial == serial) return uint32_t(rd);
  if (rd > 1 && lms[rd - 2].serial == serial) return uint32_t(rd - 1);
  if (serialsWrapped) {
    auto at = std::find_if(lms.rbegin(), lms.rend(), [&](const MemoryFrame& frame) { return frame.serial == serial; });
    return uint32_t(lms.rend() - at);
  }
  auto at = std::lower_bound(lms.begin(), lms.end(), serial,
                             [](const MemoryFrame& frame, uint32_t wanted) { return frame.serial < wanted; });
  return at != lms.end() && at->serial == serial ? uint32_t(at - lms.begin()) + 1 : 0;
}

std::optional<TypeId> Machine::Impl::variableType(uint32_t frame, uint32_t variable) const {
  if (frame == kGlobalFrame)
    return variable < program.globals.size() ? std::optional(program.globals[variable].type) : std::nullopt;
  if (frame == kHeapFrame) return variable < heapTypes.size() ? std::optional(heapTypes[variable]) : std::nullopt;
  const uint32_t depth = depthOf(frame);
  if (depth == 0) return std::nullopt;
  const auto& variables = program.functions[lms[depth - 1].function].variables;
  return variable < variables.size() ? std::optional(variables[variable].type) : std::nullopt;
}

Value* Machine::Impl::find(const SubVariable& sub) {
  Place found;
  return target(Value::pointer(sub.frame, sub.variable, sub.index), found) ? found.at : nullptr;
}

std::optional<core::SubVariable> Machine::Impl::locate(uint32_t frame, uint32_t variable, uint32_t index, TypeId wanted) const {
  const std::optional<TypeId> type = variableType(frame, variable);
  if (!type) return std::nullopt;
  if (frame != kHeapFrame || heapCounts[variable] == 0) return core::findSubVariable(program.types, *type, index, wanted);
  const uint32_t size = types[*type].size, element = index / size, count = heapCounts[variable];
  if (element >= count) return std::nullopt;
  auto found = core::findSubVariable(program.types, *type, index % size, wanted);
  if (!found) return found;
  if (*type == wanted) found->first = 0, found->count = count;
  else found->first += element * size;
  found->offset += element * program.types[*type].asize;
  return found;
}

// ---- the interface ----------------------------------------------------------------------------------------------------

Machine::Machine(const core::Program& program, Primitives& primitives, Limits limits, Start start)
    : impl_(std::make_unique<Impl>(program, primitives, limits, start)), front_(*impl_) {}
Machine::Machine(const Machine& other) : impl_(std::make_unique<Impl>(*other.impl_)), front_(*impl_) {
  impl_->refreshTop();
  for (size_t i = 0; i < impl_->writeCount; i++) impl_->writes[i].content = impl_->find(impl_->writes[i]);
}
Machine::~Machine() = default;

Stop Machine::restart(uint32_t function, std::span<const Value> arguments, std::optional<uint32_t> destination) {
  return impl_->restart(function, arguments, destination);
}

const core::Program& Machine::program() const { return impl_->program; }
uint64_t Machine::steps() const { return impl_->steps; }
uint32_t Machine::exitStatus() const { return impl_->exitStatus; }
const FaultReport& Machine::fault() const { return impl_->report; }
Rule Machine::lastRule() const { return impl_->rule; }

std::vector<const Stmt*> Machine::rest(uint32_t depth) const { return impl_->rest(depth); }

FrameView Machine::frame(uint32_t depth) const {
  const Impl& m = *impl_;
  if (depth == 0) return {kGlobalFrame, 0, uint32_t(m.program.globals.size()), m.globalContent};
  const MemoryFrame& frame = m.lms[depth - 1];
  const FunctionInfo& info = m.functions[frame.function];
  return {frame.serial, frame.function, uint32_t(info.ba.size()), {m.localContent.data() + frame.base, info.size}};
}

FrameView Machine::heap() const { return {kHeapFrame, 0, uint32_t(impl_->heapTypes.size()), impl_->heapContent}; }
TypeId Machine::heapType(uint32_t variable) const { return impl_->heapTypes[variable]; }
uint32_t Machine::heapCount(uint32_t variable) const { return impl_->heapCounts[variable]; }
uint32_t Machine::heapBase(uint32_t variable) const { return impl_->heapBa[variable]; }

uint32_t Machine::variableBase(uint32_t depth, uint32_t variable) const {
  const Impl& m = *impl_;
  return depth == 0 ? m.prepared->globalBa[variable] : m.functions[m.lms[depth - 1].function].ba[variable];
}

const Stmt* Machine::pendingCall(uint32_t depth) const {
  const PreparedStmt* call = impl_->lms[depth - 1].call;
  return call ? call->source : nullptr;
}
std::optional<SubVariable> Machine::pendingDestination(uint32_t depth) const {
  const MemoryFrame& frame = impl_->lms[depth - 1];
  return frame.hasDestination ? std::optional(frame.destination) : std::nullopt;
}

uint32_t Machine::nextSerial() const { return impl_->nextSerial; }

std::optional<core::SubVariable> Machine::locate(const Value& pointer, TypeId target) const {
  if (pointer.kind != Value::Pointer) return std::nullopt;
  const auto found = impl_->locate(pointer, target);
  const uint32_t end = found ? found->first + found->count * impl_->types[target].size : 0;
  return pointer.past && end != pointer.index ? std::nullopt : found;
}

Machine::Evaluation Machine::evaluate(const Expr& e, uint32_t depth) const {
  Impl& m = *impl_;
  const Stop stop = std::exchange(m.stop, Stop::Running);
  const Rule rule = m.rule;
  FaultReport report = std::exchange(m.report, {});
  const size_t writeCount = m.writeCount;
  if (depth) m.lookAt(m.lms[depth - 1]);
  Prepared::Nodes nodes;
  const PreparedExpr& expr = *m.prepared->prepare(e, m.topIndex, nodes);
  Evaluation found;
  if (Place at; !e.place()) {
    const Value value = m.value(expr);
    if (value.kind != Value::Undefined) found.values = {value};
  } else if (m.place(expr, at)) {
    found.values.assign(at.at, at.at + m.types[e.type].size);
    found.place = SubVariable{at.frame, at.variable, at.index, e.type};
  }
  found.fault = std::exchange(m.report, std::move(report));
  m.refreshTop();
  m.stop = stop, m.rule = rule, m.writeCount = writeCount;
  return found;
}

uint64_t Machine::memory() const {
  const Impl& m = *impl_;
  return sizeof(Value) * (m.globalContent.size() + m.localContent.size() + m.heapContent.size()) +
         sizeof(MemoryFrame) * m.lms.size() + 4096;
}

const Value* Machine::content(const SubVariable& target) const { return impl_->find(target); }

bool Machine::assign(const SubVariable& target, Value value) {
  Impl& m = *impl_;
  if (target.type >= m.program.types.count() || !m.types[target.type].simple) return false;
  if (!m.locate(target.frame, target.variable, target.index, target.type)) return false;
  const core::Type& type = m.program.types[target.type];
  if (value.kind == Value::Number && (!type.elementary() || value.bits != core::convert(type.kind, value.bits))) return false;
  if ((value.kind == Value::Null || value.kind == Value::Pointer) && m.types[target.type].numbers) return false;
  if (value.kind == Value::Pointer && !locate(value, type.element)) return false;
  *m.find(target) = value;
  return true;
}

}  // namespace interp
