// Multiplication and division: by constants in line, else by the routines of runtime/arith (docs/abi.md): arguments r11
// and r12, result r20, nothing else changed but r1 and r31.
#include "compiler/codegen/function.h"

namespace codegen {

using core::ExprKind;
using core::Operator;
using core::TypeKind;

namespace {

// A general multiplication executes about 35 instructions.
constexpr unsigned kInlineDigits = 12;

// Non-adjacent form: value = sum of digit[i] 2^i with digits -1, 0, 1, no two neighbours both nonzero. Modulo 2^32.
unsigned digits(uint32_t value, int8_t digit[33]) {
  unsigned count = 0;
  int64_t rest = int32_t(value);
  for (unsigned i = 0; i < 33; i++, rest >>= 1) {
    digit[i] = 0;
    if (rest & 1) {
      digit[i] = (rest & 3) == 3 ? -1 : 1;
      rest -= digit[i];
      count++;
    }
  }
  return count;
}

bool multipliesInline(uint32_t value) {
  int8_t digit[33];
  return digits(value, digit) <= kInlineDigits;
}

}  // namespace

bool FunctionGenerator::dividesInline(const Expr& divisor) const {
  std::optional<uint32_t> value = constantOf(divisor);
  return value && isPowerOfTwo(*value);
}

// Whether evaluating the expression changes r11..r18. Gives up, answering yes, after `budget` nodes in depth.
bool FunctionGenerator::callsRoutine(const Expr& expr, unsigned budget) const {
  if (budget == 0) return true;
  if (expr.kind == ExprKind::Binary) {
    if (expr.op == Operator::Mul) {
      std::optional<uint32_t> constant = constantOf(*expr.right);
      if (!constant) constant = constantOf(*expr.left);
      if (!constant || !multipliesInline(*constant)) return true;
    }
    if ((expr.op == Operator::Div || expr.op == Operator::Mod) && !dividesInline(*expr.right)) return true;
  }
  if (expr.right && callsRoutine(*expr.right, budget - 1)) return true;
  return expr.left && callsRoutine(*expr.left, budget - 1);
}

// to := routine(left, right). A left operand that the right one's evaluation leaves alone goes to r11 at once.
void FunctionGenerator::routine(const Expr& expr, RuntimeSymbol symbol, unsigned depth, Register to) {
  constexpr Register kFirst = isa::kArgument, kSecond = isa::kArgument + 1;
  if (callsRoutine(*expr.right)) {
    Pair pair = operands(*expr.left, *expr.right, depth);
    emit_.move(kFirst, pair.left);
    emit_.move(kSecond, pair.right);
  } else {
    evaluate(*expr.left, depth, kFirst);
    evaluate(*expr.right, depth, kSecond);
  }
  emit_.call(runtime(symbol));
  if (symbol != RuntimeSymbol::Mul && checks().division) check(core::Fault::DivisionByZero, expr.position);
  emit_.move(to, expr.op == Operator::Mod ? kFirst : isa::kResult);
}

void FunctionGenerator::multiply(const Expr& expr, unsigned depth, Register to) {
  const Expr *left = expr.left, *right = expr.right;
  std::optional<uint32_t> constant = constantOf(*right);
  if (!constant) {
    std::swap(left, right);
    constant = constantOf(*right);
  }
  if (!constant || !multipliesInline(*constant)) return routine(expr, RuntimeSymbol::Mul, depth, to);
  evaluate(*left, depth, to);
  multiplyConstant(to, *constant);
}

// reg := reg * value, by Horner's rule over the digits. Changes r1.
void FunctionGenerator::multiplyConstant(Register reg, uint32_t value) {
  int8_t digit[33];
  unsigned count = digits(value, digit);
  if (count == 0) return emit_.constant(reg, 0);
  if (mutated(Mutation::MultiplyDigit)) {
    value += 1u << __builtin_ctz(value);
    count = digits(value, digit);
    if (count == 0) return emit_.constant(reg, 0);
  }
  int at = 32;
  while (digit[at] == 0) at--;
  if (count == 2 && digit[at] > 0) {  // (2^n +- 1) 2^low
    int low = __builtin_ctz(value);
    emit_.shift(Op::Slli, isa::kScratch, reg, unsigned(at - low));
    emit_.registers(digit[low] > 0 ? Op::Add : Op::Sub, reg, isa::kScratch, reg);
    if (low) emit_.shift(Op::Slli, reg, reg, unsigned(low));
    return;
  }
  if (count > 1) emit_.move(isa::kScratch, reg);
  if (digit[at] < 0) emit_.registers(Op::Sub, reg, isa::kZero, reg);
  unsigned shift = 0;
  while (at-- > 0) {
    shift++;
    if (digit[at] == 0) continue;
    emit_.shift(Op::Slli, reg, reg, shift);
    emit_.registers(digit[at] > 0 ? Op::Add : Op::Sub, reg, reg, isa::kScratch);
    shift = 0;
  }
  if (shift) emit_.shift(Op::Slli, reg, reg, shift);
}

void FunctionGenerator::divide(const Expr& expr, unsigned depth, Register to) {
  bool isSigned = type(expr.type).kind == TypeKind::Int, remainder = expr.op == Operator::Mod;
  if (isSigned && mutated(Mutation::DivideUnsigned)) isSigned = false;
  if (dividesInline(*expr.right)) {
    evaluate(*expr.left, depth, to);
    return divideConstant(to, log2(*constantOf(*expr.right)), isSigned, remainder);
  }
  routine(expr, isSigned ? RuntimeSymbol::Div : RuntimeSymbol::UnsignedDiv, depth, to);
}

// reg := reg / 2^power or reg % 2^power, truncating toward zero. Changes r1.
void FunctionGenerator::divideConstant(Register reg, unsigned power, bool isSigned, bool remainder) {
  if (power == 0) return remainder ? emit_.constant(reg, 0) : void();
  if (!isSigned) {
    if (remainder) return andConstant(reg, (1u << power) - 1);
    return emit_.shift(Op::Srli, reg, reg, power);
  }
  if (power == 31) {  // 2^31 as an int is INT_MIN: the quotient is 1 for INT_MIN, else 0
    emit_.immediate(Op::Lhgi, isa::kScratch, 0, 0x8000);
    if (!remainder) return emit_.registers(Op::Seq, reg, reg, isa::kScratch);
    emit_.registers(Op::Seq, isa::kScratch, reg, isa::kScratch);
    emit_.shift(Op::Slli, isa::kScratch, isa::kScratch, 31);
    return emit_.registers(Op::Add, reg, reg, isa::kScratch);
  }
  // Negative dividends are raised by 2^power - 1 before the shift or mask.
  if (power > 1) emit_.shift(Op::Srai, isa::kScratch, reg, 31);
  emit_.shift(Op::Srli, isa::kScratch, power > 1 ? isa::kScratch : reg, 32 - power);
  if (!mutated(Mutation::DivideRoundsDown)) emit_.registers(Op::Add, reg, reg, isa::kScratch);
  if (!remainder) return emit_.shift(Op::Srai, reg, reg, power);
  if (fits16((int64_t(1) << power) - 1)) {
    emit_.immediate(Op::Andi, reg, reg, (1 << power) - 1);
  } else {
    emit_.shift(Op::Slli, reg, reg, 32 - power);
    emit_.shift(Op::Srli, reg, reg, 32 - power);
  }
  emit_.registers(Op::Sub, reg, reg, isa::kScratch);
}

}  // namespace codegen
