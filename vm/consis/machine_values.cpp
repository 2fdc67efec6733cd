#include "vm/consis/machine_values.h"

#include "vm/consis/simple_values.h"

namespace consis {

using core::Expr;
using core::ExprKind;
using core::Operator;
using core::TypeTable;

std::optional<uint32_t> MachineValues::address(const Expr& e) const {
  switch (e.kind) {
    case ExprKind::Global: return image_.globalAddress(e.value);
    case ExprKind::Local: return base_ + image_.function(function_).variables[e.value].offset;
    case ExprKind::Deref: return value(*e.left);
    case ExprKind::Field: {
      const auto of = address(*e.left);
      return of ? std::optional(*of + types_[e.left->type].fields[e.value].offset) : std::nullopt;
    }
    case ExprKind::Index: {
      const auto of = address(*e.left), index = value(*e.right);
      return of && index ? std::optional(*of + *index * types_[e.type].asize) : std::nullopt;
    }
    default: return std::nullopt;
  }
}

std::optional<uint32_t> MachineValues::value(const Expr& e) const {
  if (e.place()) {
    const core::Type& type = types_[e.type];
    const auto at = address(e);
    if (!at || !Region{0, machine_.memorySize()}.containsRange(*at, type.asize)) return std::nullopt;
    return core::convert(type.kind, readSimple(machine_.memory(), type.asize, *at));
  }
  switch (e.kind) {
    case ExprKind::Literal: return e.value;
    case ExprKind::Null: return 0;
    case ExprKind::AddressOf: return address(*e.left);
    case ExprKind::Binary: return binary(e);
    default: break;
  }
  const auto operand = value(*e.left);
  if (!operand) return operand;
  if (e.kind == ExprKind::Cast) return core::convert(types_[e.type].kind, *operand);
  if (e.op == Operator::Not) return *operand ^ 1;
  return e.op == Operator::Negate ? 0 - *operand : ~*operand;
}

std::optional<uint32_t> MachineValues::binary(const Expr& e) const {
  const auto left = value(*e.left);
  if (!left || (e.lazy() && (*left != 0) != (e.op == Operator::LogicalAnd))) return left;
  const auto right = value(*e.right);
  if (!right || e.lazy()) return right;
  const core::Type& type = types_[e.left->type];
  const bool pointer = type.kind == core::TypeKind::Pointer;
  const bool isSigned = e.left->type != TypeTable::kUnsigned && !pointer;
  const uint32_t a = *left, b = *right, size = pointer ? types_[type.element].asize : 1;
  const int32_t x = int32_t(a), y = int32_t(b);
  switch (e.op) {
    case Operator::Add: return a + b * size;
    case Operator::Sub:
      if (pointer && types_[e.right->type].kind == core::TypeKind::Pointer)
        return uint32_t(int32_t(a - b) / int32_t(size));
      return a - b * size;
    case Operator::Mul: return a * b;
    case Operator::Div:
      if (b == 0) return std::nullopt;
      return !isSigned ? a / b : y == -1 ? 0 - a : uint32_t(x / y);
    case Operator::Mod:
      if (b == 0) return std::nullopt;
      return !isSigned ? a % b : y == -1 ? 0 : uint32_t(x % y);
    case Operator::And: return a & b;
    case Operator::Or: return a | b;
    case Operator::Xor: return a ^ b;
    case Operator::ShiftLeft: return a << (b & 31);
    case Operator::ShiftRight: return isSigned ? uint32_t(x >> (b & 31)) : a >> (b & 31);
    case Operator::Equal: return a == b;
    case Operator::NotEqual: return a != b;
    case Operator::Less: return isSigned ? x < y : a < b;
    case Operator::LessEqual: return isSigned ? x <= y : a <= b;
    case Operator::Greater: return isSigned ? x > y : a > b;
    case Operator::GreaterEqual: return isSigned ? x >= y : a >= b;
    default: return std::nullopt;
  }
}

}  // namespace consis
