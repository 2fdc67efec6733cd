// The machine's inside: the configuration as it is stored, expressions and rules over it (docs/abstract-machine.md). Private.
#pragma once

#include "compiler/core/core.h"
#include "compiler/interp/interp.h"
#include "compiler/interp/saved.h"

namespace interp {

using core::Expr;
using core::Function;
using core::Stmt;
using core::StmtList;
using core::TypeId;

// What evaluation asks of a type, side by side in memory.
struct TypeInfo {
  uint32_t size = 0;         // abstract
  uint32_t count = 0;        // Array
  uint32_t elementSize = 0;  // Array: abstract
  uint32_t firstField = 0;   // Struct: in fieldIndices
  bool simple = false;
  bool numbers = false;      // holds no pointers
};

struct FunctionInfo {
  std::vector<uint32_t> ba;  // of each variable
  std::vector<const Stmt*> loops;  // by ordinal: the while that a break or continue belongs to; empty if there is none
  uint32_t size = 0;         // of a memory frame; meaningless if the frame does not fit
  uint64_t bytes = 0;        // what a call is charged
};

// A sub variable found in memory.
struct Place {
  Value* at = nullptr;
  uint32_t frame = 0, variable = 0, index = 0;
};

struct MemoryFrame {
  uint32_t serial;
  uint32_t function;
  size_t base;            // of its content in localContent
  size_t rest;            // its program rest begins at this height of pr
  const Stmt* call;       // that waits for it, in the frame below; null for the lowest
  SubVariable destination;
  bool hasDestination;
};

struct Machine::Impl : Machine::Front {
  Impl(const core::Program& program, Primitives& primitives, Limits limits, Start start);

  const core::Program& program;
  Primitives& primitives;
  const Limits limits;
  std::vector<TypeInfo> types;
  std::vector<uint32_t> fieldIndices;
  std::vector<FunctionInfo> functions;

  // pr: what remains of lists of statements, the innermost last; every one has a statement.
  std::vector<StmtList> pr;
  // lms(1..rd); lms(0) are globalContent and globalBa.
  std::vector<MemoryFrame> lms;
  std::vector<Value> localContent;  // frames one after another; the rest is spare
  size_t localEnd = 0;
  std::vector<Value> globalContent;
  std::vector<uint32_t> globalBa;
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
  const uint32_t* topBa = nullptr;
  uint32_t topSerial = 0, topIndex = 0;

  Stop stop = Stop::Running;
  uint64_t steps = 0;
  uint32_t exitStatus = 0;
  Rule rule = Rule::Skip;
  FaultReport report;
  std::vector<Value> primitiveArguments;

  // ---- expressions (expressions.cpp): after a fault they give Undefined or no place, which no expression's value is -------------
  Value value(const Expr& e) {
    if (e.kind == core::ExprKind::Literal) return Value::number(e.value);
    if (e.kind == core::ExprKind::Local) {
      const Value& content = top[topBa[e.value]];
      if (content.kind > Value::Unknown) [[likely]] return content;
    }
    return compositeValue(e);
  }
  Value compositeValue(const Expr& e);
  Value binary(const Expr& e);
  // Operators on element pointers (docs/abstract-machine.md); undefined after a fault.
  Value pointerBinary(const Expr& e, const Value& left, const Value& right);
  Value moved(const Expr& e, Value pointer, const Value& by);
  Value related(const Expr& e, const Value& left, const Value& right);
  Value equals(const Expr& e, const Value& left, const Value& right);
  bool isUsable(const Expr& pointer, const Value& value, core::Position position);
  bool place(const Expr& e, Place& found);
  bool target(const Value& pointer, Place& found);
  // Copies the value of an expression of simple or struct type.
  bool copyTo(Value* to, const Expr& e);

  // ---- rules (rules.cpp) ------------------------------------------------------------------------------------------------------
  Stop step();
  Stop restart(uint32_t function, std::span<const Value> arguments, std::optional<uint32_t> destination);
  bool apply(const Stmt& stmt);
  bool assign(const Stmt& stmt);
  bool call(const Stmt& stmt);
  bool callPrimitive(const Stmt& stmt, const SubVariable& destination);
  uint32_t resultOf(core::Primitive primitive, uint32_t answer) const;
  bool returns(const Stmt& stmt);
  bool allocate(const Stmt& stmt);
  bool assembly(const Stmt& stmt);
  void enter(uint32_t function, const Stmt* call, std::optional<SubVariable> destination);
  void refreshTop() {
    if (!lms.empty()) lookAt(lms.back());
  }
  void lookAt(const MemoryFrame& frame) {
    top = localContent.data() + frame.base;
    topBa = functions[frame.function].ba.data();
    topSerial = frame.serial, topIndex = frame.function;
  }
  void reserveLocals(uint64_t size);
  void advance();
  // What Front says of pr and lms, once they have changed.
  void findHead() {
    head = pr.empty() || pr.size() == lms.back().rest ? nullptr : pr.back().front();
    headFunction = lms.empty() ? report.function : lms.back().function;
    rd = uint32_t(lms.size());
  }
  bool leaveLoop(const Stmt& stmt);
  void findLoops(FunctionInfo& info, StmtList list, const Stmt* loop) const;
  void unfold(StmtList list) {
    if (!list.empty()) pr.push_back(list);
  }
  bool writable(const Place& to, const Stmt& stmt);

  // ---- configurations from outside (saved.cpp) --------------------------------------------------------------------------------
  std::optional<std::string> whyNot(const Saved& saved) const;
  void become(Saved saved);
  void unfoldTo(StmtList list, const Stmt& to);

  void wrote(const Place& to, TypeId type) { wrote({to.frame, to.variable, to.index, type}, to.at); }
  void wrote(const SubVariable& target, const Value* content) { writes.push_back({target, content}); }

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
