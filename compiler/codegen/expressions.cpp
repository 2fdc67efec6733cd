#include "compiler/codegen/function.h"

namespace codegen {

using core::Expr;
using core::ExprKind;
using core::Operator;
using core::TypeKind;

std::optional<uint32_t> FunctionGenerator::constantOf(const Expr& expr) const {
  switch (expr.kind) {
    case ExprKind::Literal: return expr.value;
    case ExprKind::Null: return 0;
    case ExprKind::Unary: {
      std::optional<uint32_t> value = constantOf(*expr.left);
      if (!value || expr.op == Operator::Not) return std::nullopt;
      return expr.op == Operator::Negate ? 0 - *value : ~*value;
    }
    case ExprKind::Cast: {
      std::optional<uint32_t> value = constantOf(*expr.left);
      if (!value) return value;
      return core::convert(type(expr.type).kind, *value);
    }
    default: return std::nullopt;
  }
}

void FunctionGenerator::evaluate(const Expr& expr, unsigned depth, Register to) {
  if (std::optional<uint32_t> value = constantOf(expr))
    return emit_.constant(to, *value + (mutated(Mutation::ConstantOff) ? 1 : 0));
  switch (expr.kind) {
    case ExprKind::Literal:
    case ExprKind::Null: return;
    case ExprKind::Global:
    case ExprKind::Local:
    case ExprKind::Field:
    case ExprKind::Index:
    case ExprKind::Deref: return load(to, address(expr, depth), expr.type);
    case ExprKind::AddressOf: return materialise(to, address(*expr.left, depth));
    case ExprKind::Unary: return unary(expr, depth, to);
    case ExprKind::Binary: return binary(expr, depth, to);
    case ExprKind::Cast: return cast(expr, depth, to);
  }
}

void FunctionGenerator::unary(const Expr& expr, unsigned depth, Register to) {
  evaluate(*expr.left, depth, to);
  switch (expr.op) {
    case Operator::Negate: return emit_.registers(Op::Sub, to, isa::kZero, to);
    case Operator::Complement: return emit_.immediate(Op::Xori, to, to, -1);
    default:
      if (!mutated(Mutation::NotMissing)) emit_.immediate(Op::Xori, to, to, 1);
  }
}

namespace {

struct ValueRange {
  unsigned bits;
  bool isSigned;
};

ValueRange rangeOf(TypeKind kind) {
  switch (kind) {
    case TypeKind::Bool: return {1, false};
    case TypeKind::Char: return {8, true};
    case TypeKind::UChar: return {8, false};
    case TypeKind::Short: return {16, true};
    case TypeKind::UShort: return {16, false};
    default: return {32, true};
  }
}

// Every 32-bit value of `from` is one of `into`.
bool includes(ValueRange into, ValueRange from) {
  if (into.bits == 32) return true;
  return from.isSigned == into.isSigned ? from.bits <= into.bits : !from.isSigned && from.bits < into.bits;
}

}  // namespace

void FunctionGenerator::cast(const Expr& expr, unsigned depth, Register to) {
  evaluate(*expr.left, depth, to);
  TypeKind from = type(expr.left->type).kind, into = type(expr.type).kind;
  if (includes(rangeOf(into), rangeOf(from))) return;
  if (into == TypeKind::Bool) return emit_.immediate(Op::Snei, to, to, 0);
  if (mutated(Mutation::CastMissing)) return;
  if (into == TypeKind::UChar) return emit_.immediate(Op::Andi, to, to, 0xFF);
  const ValueRange range = rangeOf(into);
  emit_.shift(Op::Slli, to, to, 32 - range.bits);
  emit_.shift(range.isSigned ? Op::Srai : Op::Srli, to, to, 32 - range.bits);
}

void FunctionGenerator::spill(Register reg) { access(Op::Sw, reg, frameAddress(frame_.spills + 4 * spillsInUse_++)); }

void FunctionGenerator::reload(Register reg) {
  spillsInUse_--;
  if (!mutated(Mutation::SpillNotReloaded)) access(Op::Lw, reg, frameAddress(frame_.spills + 4 * spillsInUse_));
}

FunctionGenerator::Pair FunctionGenerator::operands(const Expr& left, const Expr& right, unsigned depth) {
  evaluate(left, depth, reg(depth));
  if (core::leftSpills(depth)) {
    spill(reg(depth));
    evaluate(right, depth, reg(depth));
    reload(kSecondScratch);
    return {kSecondScratch, reg(depth)};
  }
  bool clobbered = mutated(Mutation::OperandClobbered);
  evaluate(right, depth + 1, reg(depth + 1));
  return {reg(clobbered ? depth + 1 : depth), reg(depth + 1)};
}

namespace {

Op registerOp(Operator op, bool isSigned) {
  switch (op) {
    case Operator::Add: return Op::Add;
    case Operator::Sub: return Op::Sub;
    case Operator::And: return Op::And;
    case Operator::Or: return Op::Or;
    case Operator::Xor: return Op::Xor;
    case Operator::ShiftLeft: return Op::Sll;
    default:
      if (isSigned && mutated(Mutation::ShiftLogical)) return Op::Srl;
      if (!isSigned && mutated(Mutation::ShiftArithmetic)) return Op::Sra;
      return isSigned ? Op::Sra : Op::Srl;
  }
}

bool commutes(Operator op) {
  return op == Operator::Add || op == Operator::And || op == Operator::Or || op == Operator::Xor;
}

}  // namespace

void FunctionGenerator::binary(const Expr& expr, unsigned depth, Register to) {
  if (isPointer(expr)) return moved(expr, depth, to, nullptr);
  if (expr.op == Operator::Sub && isPointer(*expr.left)) return difference(expr, depth, to);
  switch (expr.op) {
    case Operator::Mul: return multiply(expr, depth, to);
    case Operator::Div:
    case Operator::Mod: return divide(expr, depth, to);
    case Operator::LogicalAnd:
    case Operator::LogicalOr: return lazy(expr, depth, to);
    case Operator::Equal:
    case Operator::NotEqual:
    case Operator::Less:
    case Operator::LessEqual:
    case Operator::Greater:
    case Operator::GreaterEqual: return compare(expr, depth, to);
    default: break;
  }
  bool isSigned = type(expr.type).kind == TypeKind::Int;
  const Expr *left = expr.left, *right = expr.right;
  std::optional<uint32_t> constant = constantOf(*right);
  if (!constant && commutes(expr.op) && (constant = constantOf(*left))) std::swap(left, right);
  if (constant) {
    evaluate(*left, depth, to);
    return binaryConstant(expr.op, to, *constant + (mutated(Mutation::ConstantOff) ? 1 : 0), isSigned);
  }
  if (expr.op == Operator::Sub && constantOf(*left) == 0u) {
    evaluate(*right, depth, to);
    return emit_.registers(Op::Sub, to, isa::kZero, to);
  }
  Pair pair = operands(*left, *right, depth);
  emit_.registers(registerOp(expr.op, isSigned), to, pair.left, pair.right);
}

void FunctionGenerator::andConstant(Register to, uint32_t value) {
  bool small = fits16(int32_t(value)) || (value <= 0xFFFF && mutated(Mutation::ImmediateZeroExtended));
  if (small) return emit_.immediate(Op::Andi, to, to, int16_t(value));
  if (isPowerOfTwo(value + 1) || value == UINT32_MAX) {  // low bits
    unsigned drop = unsigned(__builtin_clz(value));
    emit_.shift(Op::Slli, to, to, drop);
    return emit_.shift(Op::Srli, to, to, drop);
  }
  emit_.constant(isa::kScratch, value);
  emit_.registers(Op::And, to, to, isa::kScratch);
}

// to := to op value
void FunctionGenerator::binaryConstant(Operator op, Register to, uint32_t value, bool isSigned) {
  switch (op) {
    case Operator::Add: return emit_.addConstant(to, to, value, isa::kScratch);
    case Operator::Sub: return emit_.addConstant(to, to, 0 - value, isa::kScratch);
    case Operator::And: return andConstant(to, value);
    case Operator::ShiftLeft: return emit_.shift(Op::Slli, to, to, value);
    case Operator::ShiftRight:
      return emit_.shift(registerOp(op, isSigned) == Op::Sra ? Op::Srai : Op::Srli, to, to, value);
    default: break;
  }
  bool small = fits16(int32_t(value)) || (value <= 0xFFFF && mutated(Mutation::ImmediateZeroExtended));
  if (small) return emit_.immediate(op == Operator::Or ? Op::Ori : Op::Xori, to, to, int16_t(value));
  emit_.constant(isa::kScratch, value);
  emit_.registers(op == Operator::Or ? Op::Or : Op::Xor, to, to, isa::kScratch);
}

// The value of && and ||: the left side's if it decides, else the right side's.
void FunctionGenerator::lazy(const Expr& expr, unsigned depth, Register to) {
  bool isAnd = expr.op == Operator::LogicalAnd;
  if (isAnd && mutated(Mutation::EagerAnd) && !core::leftSpills(depth)) {
    Pair pair = operands(*expr.left, *expr.right, depth);
    return emit_.registers(Op::And, to, pair.left, pair.right);
  }
  Label decided = emit_.label();
  evaluate(*expr.left, depth, to);
  emit_.branch(isAnd ? Op::Beqz : Op::Bnez, to, decided, to);
  evaluate(*expr.right, depth, to);
  emit_.bind(decided);
}

// Jumps to the target if the condition's value is `when`, else runs on.
void FunctionGenerator::branch(const Expr& condition, unsigned depth, Label target, bool when) {
  if (condition.kind == ExprKind::Literal) {
    if ((condition.value != 0) == when) emit_.jump(target);
    return;
  }
  if (condition.kind == ExprKind::Unary && condition.op == Operator::Not)
    return branch(*condition.left, depth, target, when == mutated(Mutation::NotMissing));
  bool isAnd = condition.op == Operator::LogicalAnd;
  if (condition.kind == ExprKind::Binary && condition.lazy() && !(isAnd && mutated(Mutation::EagerAnd))) {
    if (isAnd != when) {  // either side alone leads to the target
      branch(*condition.left, depth, target, when);
      return branch(*condition.right, depth, target, when);
    }
    Label past = emit_.label();
    branch(*condition.left, depth, past, !when);
    branch(*condition.right, depth, target, when);
    return emit_.bind(past);
  }
  const Expr* value = &condition;
  bool equality =
      condition.kind == ExprKind::Binary && (condition.op == Operator::Equal || condition.op == Operator::NotEqual);
  if (equality && constantOf(*condition.right) == 0u) {
    value = condition.left;
    if (condition.op == Operator::Equal) when = !when;
  }
  evaluate(*value, depth, reg(depth));
  if (mutated(Mutation::BranchPolarity)) when = !when;
  emit_.branch(when ? Op::Bnez : Op::Beqz, reg(depth), target);
}

}  // namespace codegen
