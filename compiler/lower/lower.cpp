#include "compiler/lower/lower.h"

#include <algorithm>

#include "compiler/lower/lowering.h"

namespace lower {

using CoreKind = core::ExprKind;
using core::Operator;

core::Operator operatorOf(Op op) {
  static_assert(int(Operator::Add) - int(Operator::Negate) == 3);
  static_assert(int(Op::LogicalOr) - int(Op::Add) == int(Operator::LogicalOr) - int(Operator::Add));
  if (op >= Op::Add) return Operator(int(op) - int(Op::Add) + int(Operator::Add));
  return Operator(int(op) - int(Op::Negate) + int(Operator::Negate));
}

void function(core::Program& program, Places& places, const syntax::Stmt* body, uint32_t index,
              std::vector<bool> addressed) {
  Lowering(program, places, index, std::move(addressed)).run(body);
}

void Lowering::run(const syntax::Stmt* body) {
  named_ = uint32_t(function_.variables.size());
  function_.statements.clear();
  function_.body = nested([&] {
    statements(body->body);
    if (ended_) return;
    core::Position end = position(body->end);
    if (function_.result == TypeTable::kVoid) {
      emit(core::StmtKind::Return, end);
    } else if (function_.name == "main" && function_.result == TypeTable::kInt) {
      emit(core::StmtKind::Return, end)->value = literal(TypeTable::kInt, 0, end);
    } else {
      emit(core::StmtKind::Fault, end)->fault = core::Fault::MissingReturn;
    }
  });
  number(function_.body);
}

void Lowering::number(List list) {
  for (const core::Stmt* each : list) {
    const_cast<core::Stmt*>(each)->ordinal = uint32_t(function_.statements.size());
    function_.statements.push_back(each);
    number(each->body);
    number(each->otherwise);
    number(each->step);
  }
}

core::Stmt* Lowering::emit(core::StmtKind kind, core::Position at) {
  core::Stmt* made = program_.make(core::Stmt{.kind = kind, .ordinal = 0, .position = at});
  pending_.push_back(made);
  if (kind == core::StmtKind::Return || kind == core::StmtKind::Break || kind == core::StmtKind::Continue || kind == core::StmtKind::Fault)
    ended_ = true;
  return made;
}

void Lowering::emitAssign(Value target, Value v, core::Position at) {
  core::Stmt* made = emit(core::StmtKind::Assign, at);
  made->target = target;
  made->value = v;
}

bool Lowering::breaks(List list) {
  return std::any_of(list.begin(), list.end(), [](const core::Stmt* stmt) {
    if (stmt->kind == core::StmtKind::If) return breaks(stmt->body) || breaks(stmt->otherwise);
    return stmt->kind == core::StmtKind::Break;
  });
}

Value Lowering::cast(TypeId type, Value v) {
  if (v->type == type) return v;
  if (v->kind == CoreKind::Literal) return literal(type, core::convert(types_[type].kind, v->value), v->position);
  return make({.kind = CoreKind::Cast, .type = type, .position = v->position, .left = v});
}

Value Lowering::negated(Value v) {
  if (v->kind == CoreKind::Literal) return literal(v->type, !v->value, v->position);
  if (v->op == Operator::Not) return v->left;
  core::Expr made = *v;
  switch (v->op) {
    case Operator::Equal: made.op = Operator::NotEqual; break;
    case Operator::NotEqual: made.op = Operator::Equal; break;
    case Operator::Less: made.op = Operator::GreaterEqual; break;
    case Operator::LessEqual: made.op = Operator::Greater; break;
    case Operator::Greater: made.op = Operator::LessEqual; break;
    case Operator::GreaterEqual: made.op = Operator::Less; break;
    default:
      return make({.kind = CoreKind::Unary, .op = Operator::Not, .type = TypeTable::kBool, .position = v->position, .left = v});
  }
  return make(made);
}

Value Lowering::zeroOf(TypeId type, core::Position at) {
  if (types_[type].kind == TypeKind::Pointer) return make({.kind = CoreKind::Null, .type = type, .position = at});
  return literal(type, 0, at);
}

Value Lowering::temporary(TypeId type, core::Position at) {
  std::vector<uint32_t>& spare = free_[type];
  uint32_t index;
  if (spare.empty()) {
    index = uint32_t(function_.variables.size());
    function_.variables.push_back({".t" + std::to_string(index - named_ + 1), type, at});
  } else {
    index = spare.back();
    spare.pop_back();
  }
  live_.push_back(index);
  return make({.kind = CoreKind::Local, .type = type, .position = at, .value = index});
}

// Temporaries since the mark may be used again.
void Lowering::release(size_t mark) {
  while (live_.size() > mark) {
    free_[function_.variables[live_.back()].type].push_back(live_.back());
    live_.pop_back();
  }
}

Value Lowering::copy(Value v) {
  Value made = temporary(v->type, v->position);
  emitAssign(made, v, v->position);
  return made;
}

}  // namespace lower
