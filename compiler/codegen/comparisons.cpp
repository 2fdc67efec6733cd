// Comparisons. VAMP compares signed only: unsigned operands are compared with their top bits flipped.
#include "compiler/codegen/function.h"

namespace codegen {

using core::Operator;
using core::TypeKind;

namespace {

Op setRegister(Operator op) {
  switch (op) {
    case Operator::Equal: return Op::Seq;
    case Operator::NotEqual: return Op::Sne;
    case Operator::Less: return Op::Sls;
    case Operator::LessEqual: return Op::Sle;
    case Operator::Greater: return Op::Sgr;
    default: return Op::Sge;
  }
}

Op setImmediate(Operator op) {
  switch (op) {
    case Operator::Equal: return Op::Seqi;
    case Operator::NotEqual: return Op::Snei;
    case Operator::Less: return Op::Slsi;
    case Operator::LessEqual: return Op::Slei;
    case Operator::Greater: return Op::Sgri;
    default: return Op::Sgei;
  }
}

Operator mirrored(Operator op) {
  switch (op) {
    case Operator::Less: return Operator::Greater;
    case Operator::LessEqual: return Operator::GreaterEqual;
    case Operator::Greater: return Operator::Less;
    case Operator::GreaterEqual: return Operator::LessEqual;
    default: return op;
  }
}

Operator mutatedComparison(Operator op) {
  if (op == Operator::LessEqual && mutated(Mutation::CompareStrict)) return Operator::Less;
  if (op == Operator::GreaterEqual && mutated(Mutation::CompareStrict)) return Operator::Greater;
  return op;
}

bool isEquality(Operator op) { return op == Operator::Equal || op == Operator::NotEqual; }

}  // namespace

void FunctionGenerator::compare(const Expr& expr, unsigned depth, Register to) {
  const Expr *left = expr.left, *right = expr.right;
  Operator op = mutatedComparison(expr.op);
  bool isSigned = type(left->type).kind != TypeKind::Unsigned && !isPointer(*left);
  if (!isEquality(op) && mutated(isSigned ? Mutation::CompareUnsigned : Mutation::CompareSigned)) isSigned = !isSigned;
  std::optional<uint32_t> constant = constantOf(*right);
  if (!constant && (constant = constantOf(*left))) {
    std::swap(left, right);
    op = mirrored(op);
  }
  if (constant) {
    evaluate(*left, depth, to);
    return compareConstant(op, to, *constant + (mutated(Mutation::ConstantOff) ? 1 : 0), isSigned);
  }
  Pair pair = operands(*left, *right, depth);
  if (!isSigned && !isEquality(op)) {
    emit_.immediate(Op::Lhgi, isa::kScratch, 0, 0x8000);
    emit_.registers(Op::Add, pair.left, pair.left, isa::kScratch);
    emit_.registers(Op::Add, pair.right, pair.right, isa::kScratch);
  }
  emit_.registers(setRegister(op), to, pair.left, pair.right);
}

// to := to op value
void FunctionGenerator::compareConstant(Operator op, Register to, uint32_t value, bool isSigned) {
  if (isSigned || isEquality(op)) {
    if (fits16(int32_t(value))) return emit_.immediate(setImmediate(op), to, to, int32_t(value));
    emit_.constant(isa::kScratch, value);
    return emit_.registers(setRegister(op), to, to, isa::kScratch);
  }
  switch (op) {  // as below a bound, or not
    case Operator::Less: return compareUnsignedBelow(true, to, value);
    case Operator::GreaterEqual: return compareUnsignedBelow(false, to, value);
    case Operator::LessEqual:
      if (value == UINT32_MAX) return emit_.constant(to, 1);
      return compareUnsignedBelow(true, to, value + 1);
    default:
      if (value == UINT32_MAX) return emit_.constant(to, 0);
      return compareUnsignedBelow(false, to, value + 1);
  }
}

// to := to < bound (below) or to >= bound
void FunctionGenerator::compareUnsignedBelow(bool below, Register to, uint32_t bound) {
  if (bound == 0) return emit_.constant(to, below ? 0 : 1);
  if (isPowerOfTwo(bound)) {
    if (bound > 1) emit_.shift(Op::Srli, to, to, log2(bound));
    return emit_.immediate(below ? Op::Seqi : Op::Snei, to, to, 0);
  }
  emit_.immediate(Op::Lhgi, isa::kScratch, 0, 0x8000);
  emit_.registers(Op::Add, to, to, isa::kScratch);
  if (bound <= 0x7FFF) emit_.immediate(Op::Addi, isa::kScratch, isa::kScratch, int32_t(bound));
  else emit_.constant(isa::kScratch, bound ^ 0x80000000);
  emit_.registers(below ? Op::Sls : Op::Sge, to, to, isa::kScratch);
}

}  // namespace codegen
