// ?: and the lazy operators with side effects.
#include "compiler/lower/lowering.h"

namespace lower {

// a && b  ->  .t = a; if (.t) .t = b;
Value Lowering::lazy(const Expr* e) {
  core::Position at = position(e->at);
  Value left = value(e->left);
  Value result = temporary(TypeTable::kBool, at);
  emitAssign(result, left, at);
  emitIf(e->op == Op::LogicalAnd ? result : negated(result), at, [&] { store(result, e->right, start(e->right)); });
  return result;
}

void Lowering::choose(const Expr* e, Value target) {
  auto arm = [&](const Expr* chosen) {
    size_t mark = live_.size();
    target ? store(target, chosen, start(chosen)) : discard(chosen);
    release(mark);
  };
  emitIf(value(e->left), position(e->at), [&] { arm(e->right); }, [&] { arm(e->third); });
}

// c ? a : b  ->  if (c) .t = a; else .t = b;
Value Lowering::conditional(const Expr* e) {
  if (e->type == TypeTable::kVoid) return choose(e, nullptr), nullptr;
  Value result = temporary(e->type, position(e->at));
  choose(e, result);
  return result;
}

}  // namespace lower
