// Assignments: the place first, then the value.
#include "compiler/lower/lowering.h"

namespace lower {

using CoreKind = core::ExprKind;
using syntax::ExprKind;

namespace {

// Reading it again costs nothing and cannot fail.
bool direct(Value place) {
  while (place->kind == CoreKind::Field) place = place->left;
  return place->kind == CoreKind::Local || place->kind == CoreKind::Global;
}

}  // namespace

void Lowering::store(Value target, const Expr* e, core::Position at) {
  switch (e->kind) {
    case ExprKind::Call:
      if (!e->third) return callInto(e, target);
      break;
    case ExprKind::New: return allocate(e, target);
    case ExprKind::Conditional: return choose(e, target);
    case ExprKind::Comma: discard(e->left); return store(target, e->right, at);
    default: break;
  }
  emitAssign(target, value(e), at);
}

Value Lowering::assign(const Expr* e, bool wanted) {
  if (e->op != Op::None) return compound(e, wanted);
  Value target = value(e->left);
  if (e->right->effects) target = protectPlace(target, e->right->effects);
  if (!wanted || direct(target)) {
    store(target, e->right, start(e));
    return target;
  }
  Value v = value(e->right);
  if (v->kind != CoreKind::Literal && !(v->kind == CoreKind::Local && v->value >= named_)) v = copy(v);
  emitAssign(target, v, start(e));
  return v;
}

// The operands of a place that is used twice are computed once.
Value Lowering::once(Value place) {
  auto cheap = [](Value v) { return v->kind == CoreKind::Local || v->kind == CoreKind::Literal; };
  core::Expr made = *place;
  switch (place->kind) {
    case CoreKind::Field: made.left = once(place->left); break;
    case CoreKind::Index:
      made.left = once(place->left);
      if (!cheap(place->right)) made.right = copy(place->right);
      break;
    case CoreKind::Deref:
      if (!cheap(place->left)) made.left = copy(place->left);
      break;
    default: return place;
  }
  return made.left == place->left && made.right == place->right ? place : make(made);
}

// x op= y  ->  x = (X)((T)x op y), computed in the type T; x is read before y is computed
Value Lowering::compound(const Expr* e, bool wanted) {
  Value target = once(value(e->left)), old = target;
  if (e->right->effects) {
    target = protectPlace(target, e->right->effects);
    old = protect(target, e->right->effects);
  }
  Value right = value(e->right);
  Value computed = binary(operatorOf(e->op), e->index, cast(e->index, old), right, position(e->at));
  computed = cast(e->type, computed);
  if (wanted && !direct(target)) computed = copy(computed);
  emitAssign(target, computed, start(e));
  return wanted && !direct(target) ? computed : target;
}

}  // namespace lower
