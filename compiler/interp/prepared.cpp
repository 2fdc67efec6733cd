#include "compiler/interp/prepared.h"

#include "compiler/core/frame.h"

namespace interp {

using core::ExprKind;
using core::Operator;
using core::StmtKind;
using core::TypeKind;
using core::TypeTable;

Prepared::Prepared(const core::Program& program) : program_(program) {
  types.resize(program.types.count());
  for (TypeId id = 0; id < types.size(); id++) {
    const core::Type& type = program.types[id];
    const bool array = type.kind == TypeKind::Array;
    types[id] = {type.size, array ? program.types[type.element].size : 0, type.simple(),
                 array ? types[type.element].numbers : type.simple() && type.kind != TypeKind::Pointer};
  }
  for (const core::Global& global : program.globals) {
    globalBa.push_back(globalSize);
    constants.push_back(global.constant);
    globalSize += types[global.type].size;
  }
  functions.resize(program.functions.size());
  for (uint32_t i = 0; i < functions.size(); i++) {
    const Function& function = program.functions[i];
    if (!function.defined) continue;
    FunctionInfo& info = functions[i];
    uint64_t content = 0;
    for (const core::Variable& variable : function.variables) {
      info.ba.push_back(uint32_t(content));
      content += types[variable.type].size;
    }
    info.size = uint32_t(content);
    const core::FrameLayout layout = core::layoutFrame(program, function);
    info.bytes = layout.fits ? layout.size : uint64_t(1) << 32;  // more than any limit
    for (const Stmt* stmt : function.statements) info.statements.push_back({stmt->kind, stmt});
    info.first = prepare(function.body, i, nullptr, {});
  }
}

// ---- statements -------------------------------------------------------------------------------------------------------

const PreparedStmt* Prepared::prepare(StmtList list, uint32_t function, const PreparedStmt* next, Loop loop) {
  for (size_t i = list.size(); i-- > 0;) {
    PreparedStmt& stmt = functions[function].statements[list[i]->ordinal];
    stmt.next = next;
    prepare(stmt, function, loop);
    next = &stmt;
  }
  return next;
}

void Prepared::prepare(PreparedStmt& stmt, uint32_t function, Loop loop) {
  const Stmt& source = *stmt.source;
  if (source.target) stmt.target = prepare(*source.target, function, nodes_), stmt.type = source.target->type;
  if (source.value) {
    stmt.value = prepare(*source.value, function, nodes_);
    const TypeInfo& type = types[source.value->type];
    stmt.size = type.simple ? 0 : type.size;
  }
  if (!source.arguments.empty()) {
    auto& arguments = arguments_.emplace_back();
    for (const Expr* argument : source.arguments) arguments.push_back(prepare(*argument, function, nodes_));
    stmt.arguments = arguments;
  }
  switch (stmt.kind) {
    case StmtKind::If:
      stmt.taken = prepare(source.body, function, stmt.next, loop);
      stmt.otherwise = prepare(source.otherwise, function, stmt.next, loop);
      break;
    case StmtKind::While: {
      const PreparedStmt* step = prepare(source.step, function, &stmt, {stmt.next, &stmt});
      stmt.taken = prepare(source.body, function, step, {stmt.next, step});
      stmt.otherwise = stmt.next;
      break;
    }
    case StmtKind::Break: stmt.next = loop.out; break;
    case StmtKind::Continue: stmt.next = loop.on; break;
    default: break;
  }
}

// ---- expressions ------------------------------------------------------------------------------------------------------

Action Prepared::actionOf(const Expr& e) const {
  switch (e.kind) {
    case ExprKind::Global: return Action::Global;
    case ExprKind::Local: return Action::Local;
    case ExprKind::Field: return Action::Field;
    case ExprKind::Index: return Action::Element;
    case ExprKind::Deref: return Action::Target;
    case ExprKind::Literal: return Action::Literal;
    case ExprKind::Null: return Action::Null;
    case ExprKind::AddressOf: return Action::AddressOf;
    case ExprKind::Cast: return Action::Cast;
    case ExprKind::Unary:
    case ExprKind::Binary: break;
  }
  const bool pointer = program_.types[e.left->type].kind == TypeKind::Pointer;
  if (pointer) return Action::Pointers;
  const bool isSigned = e.left->type != TypeTable::kUnsigned;
  switch (e.op) {
    case Operator::Negate: return Action::Negate;
    case Operator::Complement: return Action::Complement;
    case Operator::Not: return Action::Not;
    case Operator::Add: return Action::Add;
    case Operator::Sub: return Action::Sub;
    case Operator::Mul: return Action::Mul;
    case Operator::Div: return isSigned ? Action::Div : Action::DivUnsigned;
    case Operator::Mod: return isSigned ? Action::Mod : Action::ModUnsigned;
    case Operator::And: return Action::And;
    case Operator::Or: return Action::Or;
    case Operator::Xor: return Action::Xor;
    case Operator::ShiftLeft: return Action::ShiftLeft;
    case Operator::ShiftRight: return isSigned ? Action::ShiftRight : Action::ShiftRightUnsigned;
    case Operator::Equal: return Action::Equal;
    case Operator::NotEqual: return Action::NotEqual;
    case Operator::Less: return isSigned ? Action::Less : Action::LessUnsigned;
    case Operator::LessEqual: return isSigned ? Action::LessEqual : Action::LessEqualUnsigned;
    case Operator::Greater: return isSigned ? Action::Greater : Action::GreaterUnsigned;
    case Operator::GreaterEqual: return isSigned ? Action::GreaterEqual : Action::GreaterEqualUnsigned;
    case Operator::LogicalAnd: return Action::LogicalAnd;
    case Operator::LogicalOr: return Action::LogicalOr;
    case Operator::None: break;
  }
  return Action::Null;
}

const PreparedExpr* Prepared::prepare(const Expr& e, uint32_t function, Nodes& nodes) const {
  PreparedExpr node{.action = actionOf(e), .number = types[e.type].simple && types[e.type].numbers, .source = &e};
  if (e.left) node.left = prepare(*e.left, function, nodes);
  if (e.right) node.right = prepare(*e.right, function, nodes);
  const bool fixed = node.left && (node.left->action == Action::Local || node.left->action == Action::Global);
  uint32_t selected = 0;
  switch (node.action) {
    case Action::Literal: node.value = e.value; break;
    case Action::Cast: node.kind = program_.types[e.type].kind; break;
    case Action::Local: node.variable = e.value, node.value = functions[function].ba[e.value]; break;
    case Action::Global: node.variable = e.value, node.value = globalBa[e.value]; break;
    case Action::Field:
      node.value = selected = program_.types[e.left->type].fields[e.value].index;
      break;
    case Action::Element:
      node.count = program_.types[e.left->type].count, node.size = types[e.left->type].elementSize;
      if (node.right->action == Action::Literal) selected = node.right->value * node.size;
      break;
    default: break;
  }
  const bool known = node.action == Action::Field || (node.action == Action::Element && node.right->action == Action::Literal &&
                                                      node.right->value < node.count);
  if (fixed && known) {
    node.action = node.left->action, node.variable = node.left->variable;
    node.value = node.left->value + selected, node.index = node.left->index + selected;
  }
  return &nodes.emplace_back(node);
}

}  // namespace interp
