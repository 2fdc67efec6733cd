// Expressions that the core has too, and what keeps their order: an operand that a later one could change is saved.
#include "compiler/lower/lowering.h"

namespace lower {

using core::Operator;
using CoreKind = core::ExprKind;
using syntax::ExprKind;

Value Lowering::value(const Expr* e) {
  core::Expr made{.kind = CoreKind::Literal, .type = e->type, .position = {}, .value = e->number};
  switch (e->kind) {
    case ExprKind::Null: made.kind = CoreKind::Null; break;
    case ExprKind::Name:
      made.kind = e->local ? CoreKind::Local : CoreKind::Global;
      made.value = e->index;
      made.position = position(e->at);
      return make(made);
    case ExprKind::Member:
    case ExprKind::Arrow:
      made.kind = CoreKind::Field;
      made.value = e->index;
      made.left = value(e->left);
      made.position = position(e->at);
      if (e->kind == ExprKind::Arrow)
        made.left = make({.kind = CoreKind::Deref, .type = types_[e->left->type].element, .position = made.position, .left = made.left});
      return make(made);
    case ExprKind::Index: made.kind = CoreKind::Index; return pair(e, made);
    case ExprKind::Unary: return unary(e);
    case ExprKind::Postfix: return increment(e, true);
    case ExprKind::Binary: return binary(e);
    case ExprKind::Cast:
      if (e->type == TypeTable::kVoid) return discard(e->left), nullptr;
      return cast(e->type, value(e->left));
    case ExprKind::Assign: return assign(e, true);
    case ExprKind::Comma: return discard(e->left), value(e->right);
    case ExprKind::Conditional: return conditional(e);
    case ExprKind::Call: return call(e, true);
    case ExprKind::Argument: return (*printed_)[e->number];
    case ExprKind::New: {
      Value target = temporary(e->type, start(e));
      allocate(e, target);
      return target;
    }
    case ExprKind::Compound: {
      Value variable = make({.kind = CoreKind::Local, .type = e->type, .position = start(e), .value = e->index});
      initialiseParts(e, variable);
      return variable;
    }
    default: break;  // literals
  }
  made.position = start(e);
  return make(made);
}

// For its side effects only.
void Lowering::discard(const Expr* e) {
  switch (e->kind) {
    case ExprKind::Assign: assign(e, false); return;
    case ExprKind::Postfix: increment(e, false); return;
    case ExprKind::Call: call(e, false); return;
    case ExprKind::Comma: discard(e->left), discard(e->right); return;
    case ExprKind::Conditional: choose(e, nullptr); return;
    case ExprKind::Cast: return discard(e->left);
    case ExprKind::Unary:
      if (e->op == Op::Increment || e->op == Op::Decrement) return void(increment(e, false));
      break;
    case ExprKind::Binary:
      if (e->op < Op::LogicalAnd || !hoists(e->right)) break;
      {
        Value left = value(e->left);
        emitIf(e->op == Op::LogicalAnd ? left : negated(left), position(e->at), [&] { discard(e->right); });
        return;
      }
    default: break;
  }
  if (e->type == TypeTable::kVoid) return;
  Value v = value(e);
  // Other expressions may be without a meaning, and end the program.
  bool variable = v->kind == CoreKind::Local || v->kind == CoreKind::Global;
  if (!variable && types_[v->type].kind != TypeKind::Array && !stable(v, 0xFF)) copy(v);
}

// Two operands, left to right as they stand in the source.
Value Lowering::pair(const Expr* e, core::Expr made) {
  bool swapped = e->flags & syntax::kSwapped;
  const Expr *first = swapped ? e->right : e->left, *second = swapped ? e->left : e->right;
  Value a = value(first);
  if (second->effects) a = protect(a, second->effects);
  Value b = value(second);
  made.left = swapped ? b : a;
  made.right = swapped ? a : b;
  made.position = position(e->at);
  return make(made);
}

Value Lowering::unary(const Expr* e) {
  if (e->op == Op::Increment || e->op == Op::Decrement) return increment(e, true);
  core::Expr made{.kind = CoreKind::Unary, .type = e->type, .position = position(e->at)};
  if (e->op == Op::AddressOf && e->left->kind == ExprKind::Index) return elementAddress(e);
  if (e->op == Op::Deref) made.kind = CoreKind::Deref;
  else if (e->op == Op::AddressOf) made.kind = CoreKind::AddressOf;
  else made.op = operatorOf(e->op);
  made.left = value(e->left);
  return make(made);
}

// `&a[i]` is `&a[0] + i`, which may be one past the end.
Value Lowering::elementAddress(const Expr* e) {
  core::Expr made{.kind = CoreKind::AddressOf, .type = e->type, .position = position(e->at)};
  core::Expr element{.kind = CoreKind::Index, .type = e->left->type, .position = {}};
  made.left = pair(e->left, element);
  element = *made.left;
  Value index = element.right;
  if (index->kind == CoreKind::Literal && index->value != types_[element.left->type].count) return make(made);
  element.right = literal(TypeTable::kInt, 0, element.position);
  made.left = make(element);
  return binary(Operator::Add, e->type, make(made), index, element.position);
}

Value Lowering::binary(const Expr* e) {
  if (e->op >= Op::LogicalAnd && hoists(e->right)) return lazy(e);
  Value made = pair(e, {.kind = CoreKind::Binary, .op = operatorOf(e->op), .type = e->type, .position = {}});
  return e->depth % kSegment == 0 ? copy(made) : made;
}

bool Lowering::stable(Value v, uint8_t effects) const {
  bool assigns = effects & (syntax::kAssignsLocal | syntax::kAssignsMemory), calls = effects & syntax::kAssignsMemory;
  switch (v->kind) {
    case CoreKind::Literal:
    case CoreKind::Null: return true;
    case CoreKind::Local:
      if (v->value >= named_) return true;
      return addressed_[v->value] ? !assigns : !(effects & syntax::kAssignsLocal);
    case CoreKind::Global: return !calls;
    case CoreKind::Field:
    case CoreKind::Unary:
    case CoreKind::Cast: return stable(v->left, effects);
    case CoreKind::Index:
      return stable(v->left, effects) && stable(v->right, effects) && (!calls || v->right->kind == CoreKind::Literal);
    case CoreKind::Deref: return !assigns;
    case CoreKind::AddressOf: {
      Value at = v->left;
      while (at->kind == CoreKind::Field || (at->kind == CoreKind::Index && at->right->kind == CoreKind::Literal)) at = at->left;
      return at->kind == CoreKind::Local || at->kind == CoreKind::Global || stable(at, effects);
    }
    case CoreKind::Binary: {
      bool faults = v->op == Operator::Div || v->op == Operator::Mod || types_[v->left->type].kind == TypeKind::Pointer;
      return stable(v->left, effects) && stable(v->right, effects) && !(faults && calls);
    }
  }
  return false;
}

Value Lowering::protect(Value v, uint8_t effects) {
  if (stable(v, effects)) return v;
  return types_[v->type].kind == TypeKind::Array ? protectPlace(v, effects) : copy(v);
}

// The same sub variable, whatever happens to the variables that led to it.
Value Lowering::protectPlace(Value v, uint8_t effects) {
  core::Expr made = *v;
  switch (v->kind) {
    case CoreKind::Field: made.left = protectPlace(v->left, effects); break;
    case CoreKind::Index:
      made.left = protectPlace(v->left, effects);
      made.right = protect(v->right, effects);
      break;
    case CoreKind::Deref: made.left = protect(v->left, effects); break;
    default: return v;
  }
  return made.left == v->left && made.right == v->right ? v : make(made);
}

}  // namespace lower
