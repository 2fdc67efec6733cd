// Frames: where things lie, and that the rules of frame.h evaluate any expression with exactly the spill slots that are counted.
#include "compiler/core/frame.h"

#include <gtest/gtest.h>

#include "test/unit/core/random_program.h"

namespace core::test {
namespace {

TEST(Frame, Layout) {
  Builder b;
  TypeId big = b.structure("big", {{"a", b.array(kInt, 3)}, {"c", TypeTable::kChar}});
  ASSERT_EQ(b.program.types[big].asize, 16u);
  uint32_t g = b.declare("g", big, {{"s", big}});
  std::vector<std::pair<std::string, TypeId>> parameters;
  for (int i = 0; i < 9; i++) parameters.emplace_back("p" + std::to_string(i), kInt);
  parameters.insert(parameters.begin() + 1, {"s", big});
  uint32_t f = b.declare("f", big, parameters);
  b.enter(f);
  E c = b.declareLocal("c", TypeTable::kChar), p = b.declareLocal("p", b.pointer(big)), t = b.declareLocal("t", big);
  (void)c;
  b.define(g, {b.ret(b.deref(b.null(b.pointer(big))))});
  b.define(f, {b.call(b.deref(p), g, {t}), b.call(nullptr, g, {t}), b.ret(t)});

  const ArgumentLayout arguments = layoutArguments(b.program, b.program.functions[f]);
  ASSERT_EQ(arguments.places.size(), 10u);
  EXPECT_TRUE(arguments.places[0].inRegister);
  EXPECT_EQ(arguments.places[0].place, 11u);
  EXPECT_FALSE(arguments.places[1].inRegister);
  EXPECT_EQ(arguments.places[1].place, 0u);
  EXPECT_EQ(arguments.places[8].place, 18u);
  EXPECT_FALSE(arguments.places[9].inRegister);
  EXPECT_EQ(arguments.places[9].place, 16u);
  EXPECT_EQ(arguments.stackBytes, 20u);

  const FrameLayout frame = layoutFrame(b.program, b.program.functions[f]);
  EXPECT_EQ(frame.discarded, 16u);  // above g's argument
  EXPECT_EQ(frame.spillCount, 0u);
  EXPECT_EQ(frame.destination, 32u);
  EXPECT_EQ(frame.structResult, 36u);
  EXPECT_EQ(frame.returnAddress, 40u);
  EXPECT_EQ(frame.variables[0], 44u);
  EXPECT_EQ(frame.variables[2], 48u);
  EXPECT_EQ(frame.variables[10], 76u);            // c
  EXPECT_EQ(frame.variables[11], 80u);            // p
  EXPECT_EQ(frame.variables[12], 84u);            // t
  EXPECT_EQ(frame.size, 100u);
  EXPECT_EQ(frame.variables[1], frame.size);       // s, in the caller's frame
  EXPECT_EQ(frame.variables[9], frame.size + 16);  // p8
  EXPECT_TRUE(frame.hasDestination && frame.hasStructResult && frame.fits);
}

TEST(Frame, SmallestFrame) {
  Builder b;
  uint32_t f = b.function("f", kInt, {b.ret(b.integer(0))});
  EXPECT_EQ(layoutFrame(b.program, b.program.functions[f]).size, 4u);
}

// Only a result that nobody takes needs room of its own.
TEST(Frame, TakenResultsAreNotDiscarded) {
  Builder b;
  TypeId pair = b.structure("pair", {{"a", kInt}, {"b", kInt}});
  E g = b.variable(b.global("g", pair));
  uint32_t f = b.function("f", pair, {b.ret(g)});
  uint32_t main = b.function("main", kInt, {b.call(g, f), b.ret(b.integer(0))});
  EXPECT_EQ(layoutFrame(b.program, b.program.functions[main]).size, 4u);
  b.define(main, {b.call(nullptr, f), b.ret(b.integer(0))});
  EXPECT_EQ(layoutFrame(b.program, b.program.functions[main]).size, 12u);
}

TEST(Frame, TooLargeDoesNotFit) {
  Builder b;
  uint32_t f = b.declare("f", kInt);
  b.enter(f);
  for (int i = 0; i < 3; i++) b.declareLocal("t" + std::to_string(i), b.array(TypeTable::kChar, 0x7FFFFFFF));
  b.define(f, {b.ret(b.integer(0))});
  EXPECT_FALSE(layoutFrame(b.program, b.program.functions[f]).fits);
}

TEST(Frame, FixedPlaces) {
  Builder b;
  TypeId pair = b.structure("pair", {{"a", kInt}, {"b", b.array(kInt, 2)}});
  E g = b.variable(b.global("g", b.array(pair, 3))), p = b.variable(b.global("p", b.pointer(pair)));
  EXPECT_TRUE(isFixedPlace(b.program, *b.index(b.field(b.index(g, b.integer(2)), 1), b.integer(1))));
  EXPECT_FALSE(isFixedPlace(b.program, *b.index(g, b.integer(3))));
  EXPECT_FALSE(isFixedPlace(b.program, *b.index(g, b.integer(-1))));
  EXPECT_FALSE(isFixedPlace(b.program, *b.index(g, b.binary(b.integer(1), Operator::Sub, b.integer(1)))));
  EXPECT_FALSE(isFixedPlace(b.program, *b.field(b.deref(p), 0)));
}

// A machine with ten registers and as many slots as are counted; evaluates by the rules of frame.h.
class Evaluator {
 public:
  Evaluator(const Program& program, unsigned slots) : program_(program), slots_(slots) {}
  unsigned maxDepth = 0, maxSlots = 0;

  uint32_t evaluate(const Expr& e) {
    operand(e, 0, 0);
    return registers_[0];
  }

 private:
  void operand(const Expr& e, unsigned k, unsigned used) {
    ASSERT_LT(k, kEvaluationRegisters);
    maxDepth = std::max(maxDepth, k + 1);
    if (e.kind == ExprKind::Literal) {
      registers_[k] = e.value;
    } else if (e.kind == ExprKind::Unary) {
      operand(*e.left, k, used);
      registers_[k] = e.op == Operator::Negate ? -registers_[k] : ~registers_[k];
    } else {
      operand(*e.left, k, used);
      if (leftSpills(k)) {
        ASSERT_LT(used, slots_.size());
        maxSlots = std::max(maxSlots, used + 1);
        slots_[used] = registers_[k];
        operand(*e.right, k, used + 1);
        registers_[k] = combine(e.op, slots_[used], registers_[k]);
      } else {
        operand(*e.right, k + 1, used);
        registers_[k] = combine(e.op, registers_[k], registers_[k + 1]);
      }
    }
  }
  static uint32_t combine(Operator op, uint32_t a, uint32_t c) {
    return op == Operator::Add ? a + c : op == Operator::Sub ? a - c : a ^ c;
  }
  const Program& program_;
  uint32_t registers_[kEvaluationRegisters] = {};
  std::vector<uint32_t> slots_;
};

E randomTree(Builder& b, std::mt19937& random, int depth, unsigned lean) {
  if (depth == 0) return b.integer(int32_t(random()));
  const Operator ops[] = {Operator::Add, Operator::Sub, Operator::Xor};
  if (random() % 8 == 0) return b.unary(Operator::Negate, randomTree(b, random, depth - 1, lean));
  // Leaning to the right makes left operands wait.
  const bool right = random() % 8 < lean;
  E a = randomTree(b, random, right ? int(random() % unsigned(std::min(depth, 3))) : depth - 1, lean);
  E c = randomTree(b, random, right ? depth - 1 : int(random() % unsigned(std::min(depth, 3))), lean);
  return b.binary(a, ops[random() % 3], c);
}

uint32_t direct(const Expr& e) {
  switch (e.op) {
    case Operator::None: return e.value;
    case Operator::Negate: return 0 - direct(*e.left);
    case Operator::Add: return direct(*e.left) + direct(*e.right);
    case Operator::Sub: return direct(*e.left) - direct(*e.right);
    default: return direct(*e.left) ^ direct(*e.right);
  }
}

TEST(Frame, SpillSlotsAreEnoughAndNeeded) {
  std::mt19937 random(7);
  unsigned spilling = 0;
  for (int i = 0; i < 2000; i++) {
    Builder b;
    E e = randomTree(b, random, 1 + int(random() % 40), random() % 9);
    const unsigned slots = spillNeed(b.program, *e);
    Evaluator machine(b.program, slots);
    EXPECT_EQ(machine.evaluate(*e), direct(*e));
    EXPECT_EQ(machine.maxSlots, slots);
    EXPECT_EQ(machine.maxDepth, std::min(registerNeed(b.program, *e), kEvaluationRegisters));
    EXPECT_EQ(slots > 0, registerNeed(b.program, *e) > kEvaluationRegisters);
    spilling += slots > 0;
  }
  EXPECT_GT(spilling, 200u);
}

// A right-leaning chain: every operand waits; the slots lie in the frame.
TEST(Frame, SpillsTakeRoomInTheFrame) {
  for (unsigned length : {1u, 10u, 11u, 30u}) {
    Builder b;
    E e = b.integer(1);
    for (unsigned i = 1; i < length; i++) e = b.binary(b.integer(1), Operator::Add, e);
    uint32_t f = b.function("f", kInt, {b.ret(e)});
    EXPECT_EQ(registerNeed(b.program, *e), length);
    const FrameLayout frame = layoutFrame(b.program, b.program.functions[f]);
    EXPECT_EQ(frame.spillCount, length > 10 ? length - 10 : 0) << length;
    EXPECT_EQ(frame.size, 4 + 4 * frame.spillCount);
  }
}

// The parts of a frame do not overlap, whatever the program.
TEST(Frame, PartsAreDisjoint) {
  for (uint32_t seed = 0; seed < 200; seed++) {
    RandomProgram random(seed);
    const Program& program = random.b.program;
    for (const Function& function : program.functions) {
      const FrameLayout frame = layoutFrame(program, function);
      uint64_t outgoing = 0;
      for (const Stmt* stmt : function.statements)
        if (stmt->kind == StmtKind::Call)
          outgoing = std::max(outgoing, layoutArguments(program, program.functions[stmt->index]).stackBytes);
      std::vector<std::pair<uint64_t, uint64_t>> parts{{0, outgoing}, {frame.returnAddress, 4},
                                                       {frame.spills, 4 * frame.spillCount}};
      if (frame.hasDestination) parts.emplace_back(frame.destination, 4);
      if (frame.hasStructResult) parts.emplace_back(frame.structResult, 4);
      for (size_t i = 0; i < function.variables.size(); i++)
        parts.emplace_back(frame.variables[i], program.types[function.variables[i].type].asize);
      std::erase_if(parts, [](auto part) { return part.second == 0; });
      std::sort(parts.begin(), parts.end());
      for (size_t i = 0; i + 1 < parts.size(); i++) EXPECT_LE(parts[i].first + parts[i].second, parts[i + 1].first);
      EXPECT_EQ(frame.size % 4, 0u);
      for (uint32_t offset : frame.variables) EXPECT_EQ(offset % 4, 0u);
    }
  }
}

}  // namespace
}  // namespace core::test
