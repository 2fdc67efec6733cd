// Constant expressions: numbers and what is computed from them.
#include "compiler/sema/expressions.h"

namespace sema {

using namespace syntax;

std::optional<Constant> Expressions::constant(Expr* e) {
  TypeId type = check(e);
  if (type == kErrorType) return std::nullopt;
  std::optional<Constant> value = evaluate(e);
  if (value && (value->type == TypeTable::kInt || value->type == TypeTable::kUnsigned)) return value;
  return notConstant(e);
}

std::optional<uint32_t> Expressions::address(Expr* e) {
  TypeId type = check(e);
  if (type == kErrorType) return std::nullopt;
  std::optional<Constant> value = evaluate(e);
  if (value && (elementary(value->type) && value->type != TypeTable::kBool)) return value->bits;
  c_.error(Rule::AtPlace, e->range, "the address is not a constant of an integer type");
  return std::nullopt;
}

std::optional<Constant> Expressions::notConstant(const Expr* e) {
  c_.error(Rule::ArraySize, e->range, "the number of elements is not a constant of type int or unsigned");
  return std::nullopt;
}

std::optional<uint32_t> computeConstant(Op op, bool isSigned, uint32_t a, uint32_t b) {
  int32_t x = int32_t(a), y = int32_t(b);
  switch (op) {
    case Op::Add: return a + b;
    case Op::Sub: return a - b;
    case Op::Mul: return a * b;
    case Op::Div:
      if (b == 0) return std::nullopt;
      return !isSigned ? a / b : y == -1 ? 0u - a : uint32_t(x / y);
    case Op::Mod:
      if (b == 0) return std::nullopt;
      return !isSigned ? a % b : y == -1 ? 0u : uint32_t(x % y);
    case Op::And: return a & b;
    case Op::Or: return a | b;
    case Op::Xor: return a ^ b;
    case Op::ShiftLeft: return a << (b & 31);
    case Op::ShiftRight: return isSigned ? uint32_t(x >> (b & 31)) : a >> (b & 31);
    default: return std::nullopt;
  }
}


std::optional<Constant> Expressions::evaluate(const Expr* e) {
  switch (e->kind) {
    case ExprKind::Integer:
    case ExprKind::Character:
    case ExprKind::Boolean:
    case ExprKind::SizeofType: return Constant{e->type, e->number};
    case ExprKind::Unary: {
      std::optional<Constant> left = e->op == Op::Negate || e->op == Op::Complement ? evaluate(e->left) : std::nullopt;
      if (!left) return std::nullopt;
      return Constant{e->type, e->op == Op::Negate ? 0u - left->bits : ~left->bits};
    }
    case ExprKind::Binary: {
      std::optional<Constant> left = evaluate(e->left), right = left ? evaluate(e->right) : std::nullopt;
      if (!right) return std::nullopt;
      std::optional<uint32_t> bits = computeConstant(e->op, left->type == TypeTable::kInt, left->bits, right->bits);
      return bits ? std::optional(Constant{e->type, *bits}) : std::nullopt;
    }
    case ExprKind::Cast: {
      std::optional<Constant> left = evaluate(e->left);
      return left ? std::optional(Constant{e->type, core::convert(c_.type(e->type).kind, left->bits)}) : std::nullopt;
    }
    default: return std::nullopt;
  }
}

}  // namespace sema
