// The machine's inside: the configuration as it is stored, expressions and rules over it (docs/abstract-machine.md). Private.
#pragma once

#include "compiler/core/core.h"
#include "compiler/interp/interp.h"
#include "compiler/interp/prepared.h"
#include "compiler/interp/saved.h"

namespace interp {

// A sub variable found in memory.
struct Place {
  Value* at;
  uint32_t frame, variable, index;
};

struct MemoryFrame {
  uint32_t serial;
  uint32_t function;
  size_t base;            // of its content in localContent
  const PreparedStmt* call;  // that waits for it, in the frame below; null for the lowest
  SubVariable destination;
  bool hasDestination;
};

struct Machine::Impl : Machine::Front {
  Impl(const core::Program& program, Primitives& primitives, Limits limits, Start start);

  const core::Program& program;
  Primitives& primitives;
  const Limits limits;
  std::shared_ptr<const Prepared> prepared;  // copies share it
  const TypeInfo* types;                     // of it, as the following
  const FunctionInfo* functions;
  const uint8_t* constants;

  // pr: the head of the top frame's part. The frames below go on behind the call that waits for the frame above; what else is left of a
  // body follows from the statement at which it stands (rest).
  const PreparedStmt* at = nullptr;
  // lms(1..rd); lms(0) are globalContent and Prepared::globalBa.
  std::vector<MemoryFrame> lms;
  std::vector<Value> localContent;  // frames one after another; the rest is spare
  size_t localEnd = 0;
  std::vector<Value> globalContent;
  // hm
  std::vector<Value> heapContent;
  std::vector<uint32_t> heapBa;
  std::vector<TypeId> heapTypes;     // of an array of run-time length: its elements'
  std::vector<uint32_t> heapCounts;  // its length; 0 for other variables
  uint64_t stackUsed = 0;
  uint32_t nextSerial = 1;
  bool serialsWrapped = false;

  // Of the top frame, for speed; while `evaluate` runs, of the frame it asks for.
  Value* top = nullptr;
  uint32_t topSerial = 0, topIndex = 0;

  Stop stop = Stop::Running;
  uint64_t steps = 0;
  uint32_t exitStatus = 0;
  Rule rule = Rule::Skip;
  FaultReport report;
  std::vector<Value> primitiveArguments;

  // ---- expressions (expressions.cpp): after a fault they give no number, Undefined or no place, which no expression's value is ----
  using Number = uint64_t;
  static constexpr Number kNoNumber = uint64_t(1) << 32;
  Number number(const PreparedExpr& e) {
    if (e.action == Action::Literal) return e.value;
    if (e.action == Action::Local) {
      const Value& content = top[e.value];
      if (content.kind == Value::Number) [[likely]] return content.bits;
    }
    return compositeNumber(e);
  }
  Number compositeNumber(const PreparedExpr& e);
  template <class F>
  Number unary(const PreparedExpr& e, F result) {
    const Number operand = number(*e.left);
    return operand != kNoNumber ? result(uint32_t(operand)) : kNoNumber;
  }
  template <class F>
  Number binary(const PreparedExpr& e, F result);
  template <class F>
  Number quotient(const PreparedExpr& e, F result);
  Value value(const PreparedExpr& e) {
    if (!e.number) return pointerValue(e);
    const Number result = number(e);
    return result != kNoNumber ? Value::number(uint32_t(result)) : Value{};
  }
  Value pointerValue(const PreparedExpr& e);
  Value pointers(const PreparedExpr& e);
  // A place's content.
  Value read(const PreparedExpr& e, Value& content) {
    if (content.kind <= Value::Unknown) [[unlikely]] settle(e, content);
    return content;
  }
  [[gnu::cold]] void settle(const PreparedExpr& e, Value& content);
  // Operators on element pointers (docs/abstract-machine.md); undefined after a fault.
  Value pointerBinary(const Expr& e, const Value& left, const Value& right);
  Value moved(const Expr& e, Value pointer, const Value& by);
  Value related(const Expr& e, const Value& left, const Value& right);
  Value equals(const Expr& e, const Value& left, const Value& right);
  bool isUsable(const Expr& pointer, const Value& value, core::Position position);
  bool place(const PreparedExpr& e, Place& found) {
    if (e.action == Action::Local) return found = {top + e.value, topSerial, e.variable, e.index}, true;
    if (e.action == Action::Global) return found = {globalContent.data() + e.value, kGlobalFrame, e.variable, e.index}, true;
    return compositePlace(e, found);
  }
  bool compositePlace(const PreparedExpr& e, Place& found);
  bool target(const Value& pointer, Place& found);
  [[gnu::cold]] bool noTarget(const Expr& e, const Value& pointer);  // why *e.left has none; the fault
  [[gnu::cold]] bool noElement(const Expr& e, uint32_t index);
  [[gnu::cold]] bool noQuotient(const Expr& e, uint32_t left);
  // Copies the value of an expression of simple or struct type.
  bool copyTo(Value* to, const PreparedExpr& e, TypeId type);

  // ---- rules (rules.cpp) ------------------------------------------------------------------------------------------------------
  Stop step();
  Stop restart(uint32_t function, std::span<const Value> arguments, std::optional<uint32_t> destination);
  bool apply(const PreparedStmt& stmt);
  bool branch(const PreparedStmt& stmt, Rule whenTrue, Rule whenFalse);
  bool assign(const PreparedStmt& stmt);
  bool call(const PreparedStmt& stmt);
  bool callPrimitive(const PreparedStmt& stmt, const SubVariable& destination);
  uint32_t resultOf(core::Primitive primitive, uint32_t answer) const;
  bool returns(const PreparedStmt& stmt);
  bool allocate(const PreparedStmt& stmt);
  bool assembly(const PreparedStmt& stmt);
  void enter(uint32_t function, const PreparedStmt* call, std::optional<SubVariable> destination);
  void leave();  // exit, rfe: nothing is left of the program
  // What Front says of lms and is kept beside it.
  void refreshTop() {
    rd = uint32_t(lms.size());
    headFunction = lms.empty() ? report.function : lms.back().function;
    if (rd) lookAt(lms.back());
  }
  void lookAt(const MemoryFrame& frame) {
    top = localContent.data() + frame.base;
    topSerial = frame.serial, topIndex = frame.function;
  }
  void reserveLocals(uint64_t size);
  bool goOn(Rule by, const PreparedStmt* next) { return rule = by, at = next, true; }
  void findHead() { head = at ? at->source : nullptr; }
  bool missingReturn();
  bool fault(const Stmt& stmt);
  bool constWrite(const Place& to, const Stmt& stmt);
  // If not, that is the fault.
  bool writable(const Place& to, const Stmt& stmt) {
    return to.frame != kGlobalFrame || !constants[to.variable] || constWrite(to, stmt);
  }

  // ---- configurations from outside (saved.cpp) --------------------------------------------------------------------------------
  std::optional<std::string> whyNot(const Saved& saved) const;
  void become(Saved saved);
  std::vector<const Stmt*> rest(uint32_t depth) const;

  void wrote(const Place& to, TypeId type) { wrote({to.frame, to.variable, to.index, type}, to.at); }
  void wrote(const SubVariable& target, const Value* content) {
    auto to = writes.begin() + std::ptrdiff_t(writeCount);
    if (to == writes.end()) [[unlikely]] {
      writes.resize(2 * writeCount + 16);
      to = writes.begin() + std::ptrdiff_t(writeCount);
    }
    *to = {target, content};
    writeCount++;
  }

  // ---- memory (machine.cpp) ---------------------------------------------------------------------------------------------------
  void zero(TypeId type, Value* to) const;
  Value initialValue(TypeId type, uint32_t bits) const;
  void initialize(TypeId type, const uint32_t*& bits, Value*& to) const;
  // Depth of the local frame with this serial; 0 if it is gone.
  uint32_t depthOf(uint32_t serial) const;
  // The sub variable's content; null if there is no such sub variable.
  Value* find(const SubVariable& target);
  std::optional<core::SubVariable> locate(uint32_t frame, uint32_t variable, uint32_t index, TypeId wanted) const;
  std::optional<core::SubVariable> locate(const Value& pointer, TypeId wanted) const {
    const uint32_t size = pointer.past ? types[wanted].size : 0;
    return locate(pointer.frame, pointer.variable, pointer.index - size, wanted);
  }
  std::optional<TypeId> variableType(uint32_t frame, uint32_t variable) const;

  bool fail(Fault fault, core::Position position, std::string text);
  const Function& topFunction() const { return program.functions[topIndex]; }
};

}  // namespace interp
