// ++ and --.
#include "compiler/lower/lowering.h"

namespace lower {

// x++  ->  .t = x; x = .t + 1;
Value Lowering::increment(const Expr* e, bool wanted) {
  core::Position at = position(e->at);
  bool before = e->kind == syntax::ExprKind::Postfix && wanted;
  Value target = once(value(e->left));
  Value old = before ? copy(target) : target;
  bool pointer = types_[e->type].kind == TypeKind::Pointer;
  Value one = literal(pointer ? TypeId(TypeTable::kInt) : TypeId(e->index), 1, at);
  core::Operator op = e->op == Op::Increment ? core::Operator::Add : core::Operator::Sub;
  Value moved = cast(e->type, binary(op, e->index, cast(e->index, old), one, at));
  bool again = target->kind == core::ExprKind::Local || target->kind == core::ExprKind::Global;
  if (wanted && !before && !again) moved = copy(moved);
  emitAssign(target, moved, start(e));
  return before ? old : again ? target : moved;
}

}  // namespace lower
