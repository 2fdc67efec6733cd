// Statements that the core has too, and jumps.
#include "compiler/lower/lowering.h"

namespace lower {

using syntax::ExprKind;
using syntax::Stmt;
using syntax::StmtKind;

void Lowering::statements(const Stmt* first) {
  for (const Stmt* at = first; at && !ended_; at = at->next) statement(at);
}

void Lowering::statement(const Stmt* stmt) {
  core::Position at = position(stmt->range.begin);
  size_t mark = live_.size();
  switch (stmt->kind) {
    case StmtKind::Block: statements(stmt->body); break;
    case StmtKind::Expression: discard(stmt->expr); break;
    case StmtKind::Declare:
      for (const syntax::Declarator* each = stmt->declaration->declarators; each; each = each->next)
        if (each->variable && each->initializer) initialise(each->initializer, each->index, each->symbolRange.begin);
      break;
    case StmtKind::Return: returned(stmt, stmt->expr); break;
    case StmtKind::If: ifStatement(stmt, stmt->expr); break;
    case StmtKind::While:
    case StmtKind::Do:
    case StmtKind::For: loop(stmt); break;
    case StmtKind::Switch: switchStatement(stmt); break;
    case StmtKind::Break: jump(true, at); break;
    case StmtKind::Continue: jump(false, at); break;
    case StmtKind::Asm: emit(core::StmtKind::Asm, at)->text = program_.string(places_.text(stmt->text)); break;
    default: break;
  }
  release(mark);
}

// if (a && b) s, where b has side effects  ->  if (a) if (b) s
void Lowering::ifStatement(const Stmt* stmt, const Expr* condition) {
  auto body = [&] { statement(stmt->body); };
  auto otherwise = [&] {
    if (stmt->otherwise) statement(stmt->otherwise);
  };
  core::Position at = position(stmt->range.begin);
  size_t mark = live_.size();
  bool both = condition->kind == ExprKind::Binary && condition->op == Op::LogicalAnd;
  if (both && hoists(condition->right) && !stmt->otherwise) {
    Value left = value(condition->left);
    release(mark);
    return emitIf(left, at, [&] { ifStatement(stmt, condition->right); });
  }
  Value v = value(condition);
  release(mark);
  if (v->kind != core::ExprKind::Literal) return emitIf(v, at, body, otherwise);
  v->value ? body() : otherwise();
}

void Lowering::returned(const Stmt* stmt, const Expr* e) {
  core::Position at = position(stmt->range.begin);
  if (!e) return void(emit(core::StmtKind::Return, at));
  if (e->type == TypeTable::kVoid) {
    discard(e);
    if (!ended_) emit(core::StmtKind::Return, at);
    return;
  }
  if (e->kind == ExprKind::Conditional)
    return emitIf(value(e->left), position(e->at), [&] { returned(stmt, e->right); }, [&] { returned(stmt, e->third); });
  Value v = value(e);
  emit(core::StmtKind::Return, at)->value = v;
}

// A continue in a switch that became a loop leaves that first.
void Lowering::jump(bool isBreak, core::Position at) {
  Target& innermost = targets_.back();
  if (isBreak || innermost.isLoop) return void(emit(isBreak ? core::StmtKind::Break : core::StmtKind::Continue, at));
  for (size_t i = targets_.size(); i-- > 0;) {
    if (targets_[i].isLoop) break;
    if (!targets_[i].wrapped) continue;
    emitAssign(targets_[i].continues, literal(TypeTable::kBool, 1, at), at);
    return void(emit(core::StmtKind::Break, at));
  }
  emit(core::StmtKind::Continue, at);
}

}  // namespace lower
