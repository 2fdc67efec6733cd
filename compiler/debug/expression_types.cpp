#include "compiler/debug/expression_types.h"

#include <utility>

namespace debug {

Node Typed::decay(Node e) {
  if (!e || type(e).kind != TypeKind::Array) return e;
  const TypeId element = type(e).element;
  Node first =
      make({.kind = ExprKind::Index, .type = element, .position = {}, .left = e, .right = literal(TypeTable::kInt, 0)});
  return addressOf(first);
}

std::optional<TypeId> Typed::pointerTo(TypeId target) const {
  for (TypeId id = 0; id < types_.count(); id++)
    if (types_[id].kind == TypeKind::Pointer && types_[id].element == target) return id;
  return std::nullopt;
}

Node Typed::field(Node structure, std::string_view name) {
  if (!structure) return structure;
  for (uint32_t i = 0; i < type(structure).fields.size(); i++) {
    const core::Field& each = type(structure).fields[i];
    if (each.name == name)
      return make({.kind = ExprKind::Field, .type = each.type, .position = {}, .value = i, .left = structure});
  }
  if (type(structure).kind != TypeKind::Struct)
    return fail("the left side of '.' has type " + quoted(structure->type) + ", not a struct");
  return fail(quoted(structure->type) + " has no field '" + std::string(name) + "'");
}

Node Typed::index(Node left, Node right) {
  if (!left || !right) return nullptr;
  if (type(left).elementary()) std::swap(left, right);  // 2[a]
  if (right = promote(right); !right) return nullptr;
  if (type(left).kind == TypeKind::Array)
    return make({.kind = ExprKind::Index, .type = type(left).element, .position = {}, .left = left, .right = right});
  if (type(left).kind != TypeKind::Pointer)
    return fail("what is indexed has type " + quoted(left->type) + ", not an array or pointer");
  return deref(moved(Operator::Add, left, right));
}

Node Typed::deref(Node pointer) {
  pointer = decay(pointer);
  if (!pointer) return pointer;
  if (type(pointer).kind != TypeKind::Pointer)
    return fail("the operand of '*' has type " + quoted(pointer->type) + ", not a pointer");
  const TypeId target = type(pointer).element;
  if (types_[target].size == 0) return fail(quoted(target) + " is incomplete");
  return make({.kind = ExprKind::Deref, .type = target, .position = {}, .left = pointer});
}

Node Typed::addressOf(Node place) {
  if (!place) return place;
  if (!place->place()) return fail("the operand of '&' is no variable, field or element");
  const bool element = place->kind == ExprKind::Index && place->right->kind != ExprKind::Literal;
  const bool end = place->kind == ExprKind::Index && place->right->value == type(place->left).count;
  if (element || end)  // `&a[i]` is `&a[0] + i`, as in C0X
    return moved(Operator::Add, decay(place->left), place->right);
  const auto pointer = pointerTo(place->type);
  if (!pointer) return fail("no pointer type to " + quoted(place->type));
  return make({.kind = ExprKind::AddressOf, .type = *pointer, .position = {}, .left = place});
}

Node Typed::promote(Node e) {
  e = decay(e);
  if (!e || type(e).arithmetic()) return e;
  if (!type(e).elementary()) return fail("an operand has type " + quoted(e->type) + ", not a number");
  return make({.kind = ExprKind::Cast, .type = TypeTable::kInt, .position = {}, .left = e});
}

Node Typed::condition(Node e) {
  e = decay(e);
  if (!e || e->type == TypeTable::kBool) return e;
  if (type(e).kind == TypeKind::Pointer)
    return operation(Operator::NotEqual, TypeTable::kBool, e,
                     make({.kind = ExprKind::Null, .type = e->type, .position = {}}));
  e = promote(e);
  return e ? operation(Operator::NotEqual, TypeTable::kBool, e, literal(e->type, 0)) : e;
}

Node Typed::unary(Operator op, Node operand) {
  operand = op == Operator::Not ? condition(operand) : promote(operand);
  if (!operand || op == Operator::None) return operand;
  return make({.kind = ExprKind::Unary, .op = op, .type = operand->type, .position = {}, .left = operand});
}

Node Typed::moved(Operator op, Node pointer, Node by) {
  by = promote(by);
  if (!by) return by;
  if (types_[type(pointer).element].size == 0) return fail(quoted(type(pointer).element) + " is incomplete");
  return operation(op, pointer->type, pointer, by);
}

Node Typed::compared(Operator op, Node left, Node right) {
  const bool equality = op == Operator::Equal || op == Operator::NotEqual;
  auto typed = [&](Node null, Node other) {
    return type(other).kind == TypeKind::Pointer ? make({.kind = ExprKind::Null, .type = other->type, .position = {}})
                                                 : null;
  };
  if (left->kind == ExprKind::Null && left->type == TypeTable::kVoid) left = typed(left, right);
  if (right->kind == ExprKind::Null && right->type == TypeTable::kVoid) right = typed(right, left);
  if (type(left).kind == TypeKind::Pointer || type(right).kind == TypeKind::Pointer) {
    if (left->type != right->type) return fail("comparison of " + quoted(left->type) + " and " + quoted(right->type));
    if (!equality && types_[type(left).element].size == 0) return fail(quoted(type(left).element) + " is incomplete");
    return operation(op, TypeTable::kBool, left, right);
  }
  left = promote(left), right = promote(right);
  if (!left || !right) return nullptr;
  const TypeId common = left->type == TypeTable::kUnsigned ? left->type : right->type;
  return operation(op, TypeTable::kBool, convert(left, common), convert(right, common));
}

Node Typed::binary(Operator op, Node left, Node right) {
  left = decay(left), right = decay(right);
  if (!left || !right) return nullptr;
  if (op == Operator::LogicalAnd || op == Operator::LogicalOr) {
    left = condition(left), right = condition(right);
    return left && right ? operation(op, TypeTable::kBool, left, right) : nullptr;
  }
  if (op >= Operator::Equal) return compared(op, left, right);
  const bool leftPointer = type(left).kind == TypeKind::Pointer, rightPointer = type(right).kind == TypeKind::Pointer;
  if (leftPointer && rightPointer && op == Operator::Sub) {
    if (left->type != right->type) return fail("difference of " + quoted(left->type) + " and " + quoted(right->type));
    if (types_[type(left).element].size == 0) return fail(quoted(type(left).element) + " is incomplete");
    return operation(op, TypeTable::kInt, left, right);
  }
  if (leftPointer && (op == Operator::Add || op == Operator::Sub)) return moved(op, left, right);
  if (rightPointer && op == Operator::Add) return moved(op, right, left);
  left = promote(left), right = promote(right);
  if (!left || !right) return nullptr;
  if (op == Operator::ShiftLeft || op == Operator::ShiftRight) return operation(op, left->type, left, right);
  const TypeId common = left->type == TypeTable::kUnsigned ? left->type : right->type;
  return operation(op, common, convert(left, common), convert(right, common));
}

Node Typed::cast(TypeId to, Node operand) {
  operand = decay(operand);
  if (!operand || operand->type == to) return operand;
  if (!type(operand).elementary())
    return fail("a value of type " + quoted(operand->type) + " is not converted to " + quoted(to));
  return make({.kind = ExprKind::Cast, .type = to, .position = {}, .left = operand});
}

Node Typed::convert(Node e, TypeId to) {
  e = decay(e);
  if (!e || e->type == to) return e;
  if (e->kind == ExprKind::Null && types_[to].kind == TypeKind::Pointer)
    return make({.kind = ExprKind::Null, .type = to, .position = {}});
  if (!types_[to].elementary())
    return fail("a value of type " + quoted(e->type) + " is not converted to " + quoted(to));
  return cast(to, e);
}

}  // namespace debug
