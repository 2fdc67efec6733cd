#include "compiler/core/frame.h"

#include <algorithm>

namespace core {

namespace {

uint64_t roundUp4(uint64_t bytes) { return (bytes + 3) & ~uint64_t(3); }

// Two operands of which the left one waits while the right one is evaluated (frame.h, "right operand").
unsigned pairNeed(const Program& program, const Expr& left, const Expr& right) {
  return std::max(registerNeed(program, left), 1 + registerNeed(program, right));
}
unsigned pairSpills(const Program& program, const Expr& left, const Expr& right, unsigned depth) {
  unsigned first = spillNeed(program, left, depth);
  unsigned second = leftSpills(depth) ? 1 + spillNeed(program, right, depth) : spillNeed(program, right, depth + 1);
  return std::max(first, second);
}

// What the statements of one function need of its frame.
struct Needs {
  const Program& program;
  uint64_t outgoing = 0, discarded = 0;
  unsigned spills = 0;
  bool destination = false;

  void expr(const Expr& e, unsigned depth) {
    if (depth + registerNeed(program, e) > kEvaluationRegisters) spills = std::max(spills, spillNeed(program, e, depth));
  }
  void assign(const Expr& target, const Expr& value) {
    if (isFixedPlace(program, target)) return expr(value, 0);
    if (pairNeed(program, target, value) > kEvaluationRegisters)
      spills = std::max(spills, pairSpills(program, target, value, 0));
  }
  void storedDestination(const Expr* target) {
    if (!target || isFixedPlace(program, *target)) return;
    destination = true;
    expr(*target, 0);
  }
  void call(const Stmt& stmt) {
    storedDestination(stmt.target);
    const Function& callee = program.functions[stmt.index];
    unsigned depth = 0;
    uint64_t stack = 0;
    for (size_t i = 0; i < stmt.arguments.size(); i++) {
      const Type& type = program.types[callee.variables[i].type];
      expr(*stmt.arguments[i], depth);
      if (type.simple() && depth < kArgumentRegisters) depth++;
      else stack += roundUp4(type.asize);
    }
    outgoing = std::max(outgoing, stack);
    const Type& result = program.types[callee.result];
    if (!stmt.target && result.kind == TypeKind::Struct) discarded = std::max(discarded, roundUp4(result.asize));
  }
  void statement(const Stmt& stmt) {
    switch (stmt.kind) {
      case StmtKind::Assign: return assign(*stmt.target, *stmt.value);
      case StmtKind::Call: return call(stmt);
      case StmtKind::New:
        storedDestination(stmt.target);
        if (stmt.value) expr(*stmt.value, 0);
        return;
      case StmtKind::Return:
      case StmtKind::If:
      case StmtKind::While:
        if (stmt.value) expr(*stmt.value, 0);
        return;
      case StmtKind::Skip:
      case StmtKind::Break:
      case StmtKind::Continue:
      case StmtKind::Asm:
      case StmtKind::Fault: return;
    }
  }
};

}  // namespace

bool isFixedPlace(const Program& program, const Expr& place) {
  switch (place.kind) {
    case ExprKind::Global:
    case ExprKind::Local: return true;
    case ExprKind::Field: return isFixedPlace(program, *place.left);
    case ExprKind::Index:
      return place.right->kind == ExprKind::Literal && place.right->value < program.types[place.left->type].count &&
             isFixedPlace(program, *place.left);
    default: return false;
  }
}

unsigned registerNeed(const Program& program, const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::Literal:
    case ExprKind::Null:
    case ExprKind::Global:
    case ExprKind::Local: return 1;
    case ExprKind::Field:
    case ExprKind::Deref:
    case ExprKind::AddressOf:
    case ExprKind::Unary:
    case ExprKind::Cast: return registerNeed(program, *expr.left);
    case ExprKind::Index:
      if (isFixedPlace(program, *expr.left)) return registerNeed(program, *expr.right);
      return pairNeed(program, *expr.left, *expr.right);
    case ExprKind::Binary:
      if (expr.lazy()) return std::max(registerNeed(program, *expr.left), registerNeed(program, *expr.right));
      return pairNeed(program, *expr.left, *expr.right);
  }
  return 1;
}

unsigned spillNeed(const Program& program, const Expr& expr, unsigned depth) {
  switch (expr.kind) {
    case ExprKind::Literal:
    case ExprKind::Null:
    case ExprKind::Global:
    case ExprKind::Local: return 0;
    case ExprKind::Field:
    case ExprKind::Deref:
    case ExprKind::AddressOf:
    case ExprKind::Unary:
    case ExprKind::Cast: return spillNeed(program, *expr.left, depth);
    case ExprKind::Index:
      if (isFixedPlace(program, *expr.left)) return spillNeed(program, *expr.right, depth);
      return pairSpills(program, *expr.left, *expr.right, depth);
    case ExprKind::Binary:
      if (expr.lazy())
        return std::max(spillNeed(program, *expr.left, depth), spillNeed(program, *expr.right, depth));
      return pairSpills(program, *expr.left, *expr.right, depth);
  }
  return 0;
}

ArgumentLayout layoutArguments(const Program& program, const Function& function) {
  ArgumentLayout layout{{}, 0};
  layout.places.reserve(function.parameters);
  unsigned registers = 0;
  for (uint32_t i = 0; i < function.parameters; i++) {
    const Type& type = program.types[function.variables[i].type];
    if (type.simple() && registers < kArgumentRegisters) {
      layout.places.push_back({true, kFirstArgumentRegister + registers++});
    } else {
      layout.places.push_back({false, uint32_t(layout.stackBytes)});
      layout.stackBytes += roundUp4(type.asize);
    }
  }
  return layout;
}

FrameLayout layoutFrame(const Program& program, const Function& function) {
  Needs needs{program};
  for (const Stmt* stmt : function.statements) needs.statement(*stmt);
  const bool structResult = program.types[function.result].kind == TypeKind::Struct;

  FrameLayout frame;
  uint64_t top = roundUp4(needs.outgoing);
  auto take = [&](uint64_t bytes) {
    uint32_t at = uint32_t(top);
    top += roundUp4(bytes);
    return at;
  };
  frame.discarded = take(needs.discarded);
  frame.spillCount = needs.spills;
  frame.spills = take(uint64_t(needs.spills) * 4);
  frame.hasDestination = needs.destination;
  frame.destination = take(needs.destination ? 4 : 0);
  frame.hasStructResult = structResult;
  frame.structResult = take(structResult ? 4 : 0);
  frame.returnAddress = take(4);

  const ArgumentLayout arguments = layoutArguments(program, function);
  frame.variables.resize(function.variables.size());
  for (size_t i = 0; i < function.variables.size(); i++)
    if (i >= function.parameters || arguments.places[i].inRegister)
      frame.variables[i] = take(program.types[function.variables[i].type].asize);
  for (size_t i = 0; i < function.parameters; i++)
    if (!arguments.places[i].inRegister) frame.variables[i] = uint32_t(top + arguments.places[i].place);
  frame.size = uint32_t(top);
  frame.fits = top + arguments.stackBytes <= kMaxBytes;
  return frame;
}

}  // namespace core
