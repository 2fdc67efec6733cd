// for, while and do as the core's while with a step.
#include "compiler/lower/lowering.h"

namespace lower {

using syntax::ExprKind;
using syntax::StmtKind;

void Lowering::breakUnless(const Expr* condition) {
  bool split = condition->kind == ExprKind::Binary && condition->op == Op::LogicalAnd && hoists(condition->right);
  if (split) {
    breakUnless(condition->left);
    return breakUnless(condition->right);
  }
  size_t mark = live_.size();
  Value v = value(condition);
  if (v->kind != core::ExprKind::Literal || !v->value)
    emitIf(negated(v), start(condition), [&] { emit(core::StmtKind::Break, start(condition)); });
  release(mark);
}

void Lowering::loop(const syntax::Stmt* stmt) {
  if (stmt->init && stmt->init->kind != StmtKind::Skip) statement(stmt->init);
  core::Position at = position(stmt->range.begin);
  const Expr* condition = stmt->expr;
  bool isDo = stmt->kind == StmtKind::Do;
  targets_.push_back({true});
  auto body = [&] { statement(stmt->body); };
  auto step = [&] {
    size_t mark = live_.size();
    if (stmt->step) discard(stmt->step);
    release(mark);
  };
  bool constant = condition && (condition->kind == ExprKind::Integer || condition->kind == ExprKind::Boolean);
  if (isDo) {
    if (constant && condition->number) emitForever(at, body, [] {});
    else emitForever(at, body, [&] { breakUnless(condition); });
  } else if (!condition || (constant && condition->number)) {
    emitForever(at, body, step);
  } else if (hoists(condition)) {
    emitForever(at, [&] { breakUnless(condition); if (!ended_) body(); }, step);
  } else {
    core::Stmt* made = emit(core::StmtKind::While, at);
    made->value = value(condition);
    made->body = nested(body);
    made->step = nested(step);
  }
  targets_.pop_back();
}

}  // namespace lower
