// The transition function: one rule for each kind of statement at the head of the program rest (docs/abstract-machine.md).
#include <algorithm>

#include "compiler/interp/configuration.h"

namespace interp {

using core::StmtKind;

[[gnu::always_inline]] inline bool Machine::Impl::apply(const PreparedStmt& stmt) {
  switch (stmt.kind) {
    case StmtKind::Skip: return goOn(Rule::Skip, stmt.next);
    case StmtKind::Asm: return assembly(stmt);
    case StmtKind::Assign: return assign(stmt);
    case StmtKind::Call: return call(stmt);
    case StmtKind::Return: return returns(stmt);
    case StmtKind::If: return branch(stmt, Rule::IfTrue, Rule::IfFalse);
    case StmtKind::While: return branch(stmt, Rule::WhileTrue, Rule::WhileFalse);
    case StmtKind::Break: return goOn(Rule::Break, stmt.next);
    case StmtKind::Continue: return goOn(Rule::Continue, stmt.next);
    case StmtKind::New: return allocate(stmt);
    case StmtKind::Fault: return fault(*stmt.source);
  }
  return false;
}

[[gnu::always_inline]] inline Stop Machine::Impl::step() {
  if (stop != Stop::Running) return stop;
  writeCount = 0;
  allocation.reset();
  if (at ? apply(*at) : missingReturn()) {
    steps++;
    findHead();
  }
  return stop;
}

Stop Machine::step() { return impl_->step(); }

bool Machine::Impl::missingReturn() {
  return fail(Fault::MissingReturn, topFunction().position, topFunction().name + " ends without a return");
}

Stop Machine::Impl::restart(uint32_t function, std::span<const Value> arguments, std::optional<uint32_t> destination) {
  const FunctionInfo& info = functions[function];
  const Function& callee = program.functions[function];
  stop = Stop::Running;
  report = {};
  writeCount = 0;
  allocation.reset();
  lms.clear();
  at = nullptr;
  localEnd = 0, stackUsed = 0;
  if (info.bytes > limits.stack) {
    fail(Fault::StackOverflow, callee.position, callee.name + " needs " + std::to_string(info.bytes) + " bytes, the stack has " +
         std::to_string(limits.stack));
    report.function = function;
    refreshTop();
    findHead();
    return stop;
  }
  reserveLocals(info.size + uint64_t(1024));
  for (size_t i = 0; i < arguments.size(); i++) localContent[info.ba[i]] = arguments[i];
  enter(function, nullptr, destination ? std::optional(SubVariable{kGlobalFrame, *destination, 0, callee.result}) : std::nullopt);
  rule = Rule::Call;
  steps++;
  findHead();
  return stop;
}

bool Machine::Impl::fault(const Stmt& stmt) {
  return fail(stmt.fault, stmt.position, std::string(object::faultMeaning(stmt.fault)));
}

bool Machine::Impl::branch(const PreparedStmt& stmt, Rule whenTrue, Rule whenFalse) {
  const Number condition = number(*stmt.value);
  if (condition == kNoNumber) return false;
  return condition ? goOn(whenTrue, stmt.taken) : goOn(whenFalse, stmt.otherwise);
}

bool Machine::Impl::assign(const PreparedStmt& stmt) {
  Place to;
  if (!place(*stmt.target, to)) return false;
  if (stmt.value->number) {
    const Number result = number(*stmt.value);
    if (result == kNoNumber || !writable(to, *stmt.source)) return false;
    *to.at = Value::number(uint32_t(result));
  } else if (stmt.size == 0) {
    const Value result = pointerValue(*stmt.value);
    if (result.kind == Value::Undefined || !writable(to, *stmt.source)) return false;
    *to.at = result;
  } else {
    Place from;
    if (!place(*stmt.value, from) || !writable(to, *stmt.source)) return false;
    if (from.at != to.at) std::copy_n(from.at, stmt.size, to.at);
  }
  wrote(to, stmt.type);
  return goOn(Rule::Assign, stmt.next);
}

// fcall(f, v, e1, .., en): the destination, then the arguments; a new frame, charged in full.
bool Machine::Impl::call(const PreparedStmt& stmt) {
  SubVariable destination;
  if (stmt.target) {
    Place to;
    if (!place(*stmt.target, to)) return false;
    destination = {to.frame, to.variable, to.index, stmt.type};
  }
  const uint32_t function = stmt.source->index;
  const Function& callee = program.functions[function];
  if (!callee.defined) return callPrimitive(stmt, destination);

  const FunctionInfo& info = functions[function];
  const bool fits = info.bytes <= limits.stack - stackUsed;
  if (fits) reserveLocals(info.size);
  for (size_t i = 0; i < stmt.arguments.size(); i++) {
    const PreparedExpr& argument = *stmt.arguments[i];
    if (fits) {
      if (!copyTo(localContent.data() + localEnd + info.ba[i], argument, callee.variables[i].type)) return false;
    } else if (Place found; argument.source->place() ? !place(argument, found) : value(argument).kind == Value::Undefined) {
      return false;
    }
  }
  if (!fits)
    return fail(Fault::StackOverflow, stmt.source->position, callee.name + " needs " + std::to_string(info.bytes) + " bytes, " +
                std::to_string(limits.stack - stackUsed) + " of " + std::to_string(limits.stack) + " are left");
  enter(function, &stmt, stmt.target ? std::optional(destination) : std::nullopt);
  rule = Rule::Call;
  return true;
}

// The frame's content is in place as far as its parameters go.
void Machine::Impl::enter(uint32_t function, const PreparedStmt* call, std::optional<SubVariable> destination) {
  const Function& callee = program.functions[function];
  const FunctionInfo& info = functions[function];
  const uint32_t serial = nextSerial;
  if (++nextSerial == kHeapFrame) nextSerial = 1, serialsWrapped = true;
  lms.push_back({serial, function, localEnd, call, destination.value_or(SubVariable{}), destination.has_value()});
  const Value* content = localContent.data() + localEnd;
  for (uint32_t i = 0; i < callee.parameters; i++)
    wrote({serial, i, 0, callee.variables[i].type}, content + info.ba[i]);
  const uint32_t defined = callee.parameters < info.ba.size() ? info.ba[callee.parameters] : info.size;
  std::fill_n(localContent.data() + localEnd + defined, info.size - defined, Value{});
  localEnd += info.size;
  stackUsed += info.bytes;
  refreshTop();
  at = info.first;
}

bool Machine::Impl::callPrimitive(const PreparedStmt& stmt, const SubVariable& destination) {
  primitiveArguments.clear();
  for (const PreparedExpr* argument : stmt.arguments) {
    primitiveArguments.push_back(value(*argument));
    if (primitiveArguments.back().kind == Value::Undefined) return false;
  }
  Place to;
  if (stmt.target) {
    to = {find(destination), destination.frame, destination.variable, destination.index};
    if (!writable(to, *stmt.source)) return false;
  }
  const core::Primitive primitive = program.functions[stmt.source->index].primitive;
  const auto outcome = primitives.call(primitive, primitiveArguments);
  rule = Rule::Primitive;
  if (outcome.exits) {
    exitStatus = outcome.result;
    leave();
    return true;
  }
  if (stmt.target) {
    *to.at = Value::number(resultOf(primitive, outcome.result));
    wrote(to, destination.type);
  }
  at = stmt.next;
  return true;
}

void Machine::Impl::leave() {
  stop = Stop::Ended;
  at = nullptr;
}

// What the configuration itself determines is not asked of the environment.
uint32_t Machine::Impl::resultOf(core::Primitive primitive, uint32_t answer) const {
  switch (primitive) {
    case core::Primitive::HeapUsed: return heapUsed;
    case core::Primitive::HeapSize: return limits.heap;
    default: return answer;
  }
}

// The value, then the store to where the call's destination was (decisions.md, 2).
bool Machine::Impl::returns(const PreparedStmt& stmt) {
  const MemoryFrame& frame = lms.back();
  Value result;
  Place from;
  if (stmt.value && stmt.size == 0) {
    result = value(*stmt.value);
    if (result.kind == Value::Undefined) return false;
    from.at = &result;
  } else if (stmt.value && !place(*stmt.value, from)) {
    return false;
  }
  if (frame.hasDestination) {
    const SubVariable& destination = frame.destination;
    Value* to = find(destination);
    if (frame.call && !writable({to, destination.frame, destination.variable, destination.index}, *frame.call->source)) {
      report.function = lms[lms.size() - 2].function;
      return false;
    }
    if (stmt.size == 0) *to = result;
    else if (from.at != to) std::copy_n(from.at, stmt.size, to);
    wrote(destination, to);
  }
  if (lms.size() == 1) exitStatus = result.bits, stop = Stop::Ended;
  stackUsed -= functions[frame.function].bytes;
  localEnd = frame.base;
  at = frame.call ? frame.call->next : nullptr;
  lms.pop_back();
  refreshTop();
  rule = Rule::Return;
  return true;
}

// new(T), new(T, n): null iff used + need > H, n <= 0, or n elements have more than 2^31 - 1 bytes (decisions.md, 6).
bool Machine::Impl::allocate(const PreparedStmt& prepared) {
  const Stmt& stmt = *prepared.source;
  Place to;
  if (!place(*prepared.target, to)) return false;
  const Value length = stmt.value ? value(*prepared.value) : Value::number(1);
  if (length.kind == Value::Undefined || !writable(to, stmt)) return false;
  const uint64_t count = int32_t(length.bits) < 0 ? 0 : length.bits, bytes = count * program.types[stmt.newType].asize;
  const uint64_t need = (bytes + 3) & ~uint64_t(3);
  Value pointer = Value::null();
  size_t offset = 0;
  bool onHeap = to.frame == kHeapFrame;
  if (onHeap) offset = size_t(to.at - heapContent.data());
  if (count != 0 && bytes <= 0x7FFFFFFF && heapUsed + need <= limits.heap) {
    allocation = uint32_t(heapTypes.size());
    const size_t base = heapContent.size(), size = types[stmt.newType].size;
    heapContent.resize(base + size * count);
    zero(stmt.newType, heapContent.data() + base);
    for (size_t i = 1; i < count; i++) std::copy_n(heapContent.data() + base, size, heapContent.data() + base + i * size);
    heapBa.push_back(uint32_t(base));
    heapTypes.push_back(stmt.newType);
    heapCounts.push_back(stmt.value ? uint32_t(count) : 0);
    heapUsed += uint32_t(need);
    pointer = Value::pointer(kHeapFrame, *allocation, 0);
  }
  if (onHeap) to.at = heapContent.data() + offset;
  *to.at = pointer;
  wrote(to, prepared.type);
  return goOn(Rule::New, prepared.next);
}

// The memory is updated as the machine's stores say (seed 003, 4.3); the rest of the program follows.
bool Machine::Impl::assembly(const PreparedStmt& stmt) {
  const AssemblyOutcome outcome = primitives.assembly(*stmt.source);
  if (!outcome.violation.empty()) return fail(Fault::AsmViolation, stmt.source->position, outcome.violation);
  for (const AssemblyOutcome::Store& store : outcome.stores) {
    Value* to = find(store.target);
    *to = Value::number(store.value);
    wrote(store.target, to);
  }
  rule = Rule::Asm;
  if (outcome.leaves) leave();
  else at = stmt.next;
  return true;
}

void Machine::Impl::reserveLocals(uint64_t size) {
  if (localContent.size() - localEnd >= size) return;
  localContent.resize((localEnd + size) * 2);
  refreshTop();
}

bool Machine::Impl::constWrite(const Place& to, const Stmt& stmt) {
  return fail(Fault::ConstWrite, stmt.position, program.globals[to.variable].name + " is constant");
}

bool Machine::Impl::fail(Fault fault, core::Position position, std::string text) {
  stop = Stop::Faulted;
  rule = Rule::Fault;
  writeCount = 0;
  report = {fault, position, lms.empty() ? 0 : lms.back().function, std::move(text)};
  return false;
}

}  // namespace interp
