// Operators on corner values against a computation in 128-bit integers.
#include "test/unit/interp/trial.h"

namespace interp::test {
namespace {

using Wide = __int128;

const uint32_t kCorners[] = {0,          1,          2,          3,          7,          10,         31,         32,
                             33,         63,         127,        128,        255,        256,        0x7FFFFFFF, 0x80000000,
                             0x80000001, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFF9, 0xFFFFFF80, 0x12345678, 0xDEADBEEF, 65536};

Wide valueOf(TypeId type, uint32_t bits) { return type == TypeTable::kUnsigned ? Wide(bits) : Wide(int32_t(bits)); }

// nullopt: division by zero.
std::optional<uint32_t> expected(TypeId type, Operator op, uint32_t left, uint32_t right) {
  const Wide a = valueOf(type, left), b = valueOf(type, right);
  const unsigned shift = right % 32;
  switch (op) {
    case Operator::Add: return uint32_t(a + b);
    case Operator::Sub: return uint32_t(a - b);
    case Operator::Mul: return uint32_t(a * b);
    case Operator::Div: return b == 0 ? std::nullopt : std::optional(uint32_t(a / b));  // 2^31 is INT_MIN again
    case Operator::Mod: return b == 0 ? std::nullopt : std::optional(uint32_t(a % b));
    case Operator::And: return left & right;
    case Operator::Or: return left | right;
    case Operator::Xor: return left ^ right;
    case Operator::ShiftLeft: return uint32_t(a * (Wide(1) << shift));
    case Operator::ShiftRight: {  // floor division by a power of two
      const Wide power = Wide(1) << shift;
      Wide quotient = a / power;
      if (a % power < 0) quotient--;
      return uint32_t(quotient);
    }
    case Operator::Equal: return a == b;
    case Operator::NotEqual: return a != b;
    case Operator::Less: return a < b;
    case Operator::LessEqual: return a <= b;
    case Operator::Greater: return a > b;
    case Operator::GreaterEqual: return a >= b;
    default: return std::nullopt;
  }
}

void check(TypeId type, Operator op, uint32_t left, uint32_t right) {
  Builder b;
  const bool comparison = op >= Operator::Equal;
  uint32_t x = b.global("x", type), y = b.global("y", type), r = b.global("r", comparison ? TypeTable::kBool : type);
  b.program.globals[x].initial = {left};
  b.program.globals[y].initial = {right};
  b.function("main", TypeTable::kInt, {b.assign(b.variable(r), b.binary(b.variable(x), op, b.variable(y))),
                                       b.ret(b.integer(0))});
  Trial run(b);
  const std::optional<uint32_t> want = expected(type, op, left, right);
  EXPECT_EQ(run.finish(), want ? Stop::Ended : Stop::Faulted);
  if (!want) return;
  EXPECT_EQ(run.global(r), Value::number(*want)) << int32_t(left) << ' ' << spelling(op) << ' ' << int32_t(right);
}

TEST(Arithmetic, BinaryOperatorsOnCorners) {
  for (TypeId type : {TypeTable::kInt, TypeTable::kUnsigned})
    for (int op = int(Operator::Add); op <= int(Operator::GreaterEqual); op++)
      for (uint32_t left : kCorners)
        for (uint32_t right : kCorners) check(type, Operator(op), left, right);
}

TEST(Arithmetic, MostNegativeByMinusOne) {
  check(TypeTable::kInt, Operator::Div, 0x80000000, 0xFFFFFFFF);
  check(TypeTable::kInt, Operator::Mod, 0x80000000, 0xFFFFFFFF);
}

// The amount of a shift may be of the other arithmetic type; the result has the left operand's.
TEST(Arithmetic, ShiftAmountOfAnotherType) {
  Builder b;
  uint32_t r = b.global("r", TypeTable::kInt);
  b.function("main", TypeTable::kInt,
             {b.assign(b.variable(r), b.binary(b.integer(-256), Operator::ShiftRight, b.natural(36))), b.ret(b.integer(0))});
  Trial run(b);
  ASSERT_EQ(run.finish(), Stop::Ended);
  EXPECT_EQ(run.global(r), Value::number(uint32_t(-16)));
}

TEST(Arithmetic, ComparisonsOfCharAndBool) {
  for (int op = int(Operator::Equal); op <= int(Operator::GreaterEqual); op++) {
    for (int a : {-128, -1, 0, 1, 127})
      for (int c : {-128, -1, 0, 1, 127}) check(TypeTable::kChar, Operator(op), uint32_t(a), uint32_t(c));
    for (uint32_t a : {0u, 1u})
      for (uint32_t c : {0u, 1u}) check(TypeTable::kBool, Operator(op), a, c);
  }
}

TEST(Arithmetic, UnaryOperators) {
  for (TypeId type : {TypeTable::kInt, TypeTable::kUnsigned})
    for (Operator op : {Operator::Negate, Operator::Complement})
      for (uint32_t x : kCorners) {
        Builder b;
        uint32_t r = b.global("r", type);
        b.function("main", TypeTable::kInt, {b.assign(b.variable(r), b.unary(op, b.literal(type, x))), b.ret(b.integer(0))});
        Trial run(b);
        ASSERT_EQ(run.finish(), Stop::Ended);
        const uint32_t want = op == Operator::Negate ? uint32_t(-valueOf(type, x)) : uint32_t(-valueOf(type, x) - 1);
        EXPECT_EQ(run.global(r), Value::number(want)) << x;
      }
}

TEST(Arithmetic, Casts) {
  for (TypeId from : {TypeTable::kBool, TypeTable::kChar, TypeTable::kInt, TypeTable::kUnsigned})
    for (TypeId to : {TypeTable::kBool, TypeTable::kChar, TypeTable::kInt, TypeTable::kUnsigned})
      for (uint32_t x : kCorners) {
        if (from == TypeTable::kBool && x > 1) continue;
        if (from == TypeTable::kChar && (int32_t(x) < -128 || int32_t(x) > 127)) continue;
        Builder b;
        uint32_t r = b.global("r", to);
        b.function("main", TypeTable::kInt, {b.assign(b.variable(r), b.cast(to, b.literal(from, x))), b.ret(b.integer(0))});
        Trial run(b);
        ASSERT_EQ(run.finish(), Stop::Ended);
        Wide want = valueOf(from, x);
        if (to == TypeTable::kBool) want = want != 0;
        if (to == TypeTable::kChar) want = ((want & 255) ^ 128) - 128;
        EXPECT_EQ(run.global(r), Value::number(uint32_t(want))) << from << "->" << to << ": " << x;
      }
}

TEST(Arithmetic, NotAndLazyOperators) {
  for (bool a : {false, true})
    for (bool c : {false, true}) {
      Builder b;
      uint32_t r = b.global("r", b.array(TypeTable::kBool, 3));
      auto result = [&](int i) { return b.index(b.variable(r), b.integer(i)); };
      b.function("main", TypeTable::kInt,
                 {b.assign(result(0), b.binary(b.boolean(a), Operator::LogicalAnd, b.boolean(c))),
                  b.assign(result(1), b.binary(b.boolean(a), Operator::LogicalOr, b.boolean(c))),
                  b.assign(result(2), b.unary(Operator::Not, b.boolean(a))), b.ret(b.integer(0))});
      Trial run(b);
      ASSERT_EQ(run.finish(), Stop::Ended);
      EXPECT_EQ(run.global(r, 0).bits, uint32_t(a && c));
      EXPECT_EQ(run.global(r, 1).bits, uint32_t(a || c));
      EXPECT_EQ(run.global(r, 2).bits, uint32_t(!a));
    }
}

TEST(Arithmetic, PointersCompareByTarget) {
  Builder b;
  TypeId link = b.pointer(TypeTable::kInt);
  uint32_t t = b.global("t", b.array(TypeTable::kInt, 2)), r = b.global("r", b.array(TypeTable::kBool, 5));
  auto result = [&](int i) { return b.index(b.variable(r), b.integer(i)); };
  auto element = [&](int i) { return b.address(b.index(b.variable(t), b.integer(i))); };
  uint32_t p = b.global("p", link);
  b.function("main", TypeTable::kInt,
             {b.allocate(b.variable(p), TypeTable::kInt),
              b.assign(result(0), b.binary(element(1), Operator::Equal, element(1))),
              b.assign(result(1), b.binary(element(0), Operator::Equal, element(1))),
              b.assign(result(2), b.binary(element(0), Operator::NotEqual, b.null(link))),
              b.assign(result(3), b.binary(b.null(link), Operator::Equal, b.null(link))),
              b.assign(result(4), b.binary(b.variable(p), Operator::Equal, element(0))), b.ret(b.integer(0))});
  Trial run(b);
  ASSERT_EQ(run.finish(), Stop::Ended);
  const bool want[] = {true, false, true, true, false};
  for (int i = 0; i < 5; i++) EXPECT_EQ(run.global(r, i).bits, uint32_t(want[i])) << i;
}

}  // namespace
}  // namespace interp::test
