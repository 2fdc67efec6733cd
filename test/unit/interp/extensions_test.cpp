// What C0X adds to the core: break, continue and steps; element pointers; heap arrays; small types; initial pointers.
// (Faults end to end: test/lit/core.)
#include "test/unit/interp/trial.h"

namespace interp::test {
namespace {

// The rules of a run, one word each.
std::string rulesOf(Builder& b) {
  Trial run(b);
  std::string rules;
  while (run.machine.step() == Stop::Running) rules += std::string(ruleName(run.machine.lastRule())) + ' ';
  return rules + std::string(ruleName(run.machine.lastRule()));
}

// while (true) { if (i == 1) continue; if (i == 2) break; g = g + 10; while (g > 99) ; } step { i = i + 1; ; }
struct Loops {
  Builder b;
  uint32_t i = b.global("i", kInt), g = b.global("g", kInt);
  E is(int value) { return b.binary(b.variable(i), Operator::Equal, b.integer(value)); }
  S add(uint32_t to, int value) {
    return b.assign(b.variable(to), b.binary(b.variable(to), Operator::Add, b.integer(value)));
  }
  Loops() {
    S inner = b.loop(b.binary(b.variable(g), Operator::Greater, b.integer(99)), {b.skip()});
    S loop = b.loop(b.boolean(true), {b.branch(is(1), {b.again()}), b.branch(is(2), {b.leave()}), add(g, 10), inner},
                    {add(i, 1), b.skip()});
    b.function("main", kInt, {loop, b.loop(b.boolean(false), {}), b.ret(b.variable(g))});
  }
};

TEST(Extensions, BreakAndContinue) {
  Loops loops;
  EXPECT_EQ(rulesOf(loops.b),
            "while-true if-false if-false assign while-false assign skip "  // i = 0
            "while-true if-true continue assign skip "                      // i = 1: the step all the same
            "while-true if-false if-true break "                            // i = 2: no step
            "while-false return");
  Trial run(loops.b);
  EXPECT_EQ(run.finish(), Stop::Ended);
  EXPECT_EQ(run.machine.exitStatus(), 10u);
}

// The program rest: the rest of the body, the step, the while, what follows.
TEST(Extensions, TheStepIsInTheProgramRest) {
  Loops loops;
  Trial run(loops.b);
  auto rest = [&] {
    std::string text;
    for (const core::Stmt* stmt : run.machine.rest(1)) text += std::to_string(stmt->ordinal) + ' ';
    return text;
  };
  run.machine.step();
  EXPECT_EQ(rest(), "1 3 5 6 8 9 0 10 11 ");
  for (int i = 0; i < 8; i++) run.machine.step();
  EXPECT_EQ(run.machine.head()->kind, core::StmtKind::Continue);
  run.machine.step();
  EXPECT_EQ(rest(), "8 9 0 10 11 ");
  for (int i = 0; i < 5; i++) run.machine.step();
  EXPECT_EQ(run.machine.head()->kind, core::StmtKind::Break);
  run.machine.step();
  EXPECT_EQ(rest(), "10 11 ");
}

// A while that follows the break, in a list that the break leaves, is not the one that is left.
TEST(Extensions, BreakLeavesItsOwnWhile) {
  Builder b;
  uint32_t x = b.global("x", kInt);
  auto set = [&](int value) { return b.assign(b.variable(x), b.integer(value)); };
  b.function(
      "main", kInt,
      {b.loop(b.boolean(true), {b.branch(b.boolean(true), {b.leave()}), b.loop(b.boolean(true), {b.leave()}), set(1)}),
       b.branch(b.binary(b.variable(x), Operator::Equal, b.integer(0)), {set(2)}), b.ret(b.variable(x))});
  Trial run(b);
  EXPECT_EQ(run.finish(), Stop::Ended);
  EXPECT_EQ(run.machine.exitStatus(), 2u);
}

TEST(Extensions, HeapArrays) {
  Builder b;
  TypeId pair = b.structure("pair", {{"a", kInt}, {"next", b.pointer(kInt)}});
  uint32_t p = b.global("p", b.pointer(pair)), q = b.global("q", b.pointer(kInt)), r = b.global("r", b.pointer(kChar));
  E third = b.binary(b.variable(p), Operator::Add, b.integer(2));
  b.function(
      "main", kInt,
      {b.allocate(b.variable(p), pair, b.integer(3)), b.allocate(b.variable(q), kInt, b.integer(1)),
       b.assign(b.field(b.deref(third), 1), b.variable(q)),
       b.assign(b.variable(q), b.address(b.field(b.deref(third), 0))), b.allocate(b.variable(r), kChar, b.integer(5)),
       b.assign(b.variable(r), b.binary(b.variable(r), Operator::Add, b.natural(5))), b.ret(b.integer(0))});
  Trial run(b);
  run.machine.step();
  EXPECT_EQ(run.machine.lastAllocation(), 0u);
  EXPECT_EQ(run.machine.heapType(0), pair);
  EXPECT_EQ(run.machine.heapCount(0), 3u);
  for (int i = 0; i < 5; i++) run.machine.step();
  EXPECT_EQ(run.machine.heapUsed(), 24u + 4 + 8);
  EXPECT_EQ(run.global(q), Value::pointer(kHeapFrame, 0, 4));
  EXPECT_EQ(run.machine.name({kHeapFrame, 0, 5, b.pointer(kInt)}), "heap#0[2].next");
  EXPECT_EQ(run.machine.name({kHeapFrame, 1, 0, kInt}), "heap#1[0]");
  const std::string text = run.machine.dumpText(), json = run.machine.dumpJson();
  EXPECT_NE(text.find("  heap#0 struct pair[3] = {{a = 0, next = null} x 2, {a = 0, next = &heap#1[0]}}\n"
                      "  heap#1 int[1] = {0}\n"
                      "  heap#2 char[5] = {0 x 5}\n"),
            text.npos)
      << text;
  EXPECT_NE(text.find("  int *q = &heap#0[2].a\n  char *r = &heap#2[4] + 1\n"), text.npos) << text;
  EXPECT_NE(json.find(R"({"type":"char[5]","value":[0,0,0,0,0]})"), json.npos) << json;
  EXPECT_NE(json.find(R"({"pointer":"heap#2[4] + 1","frame":4294967295,"variable":2,"index":5,"past":true})"),
            json.npos)
      << json;
}

// null iff n <= 0, the bytes overflow, or the heap is exhausted, to the byte.
TEST(Extensions, HeapArraysThatDoNotFit) {
  struct Case {
    TypeId type;
    int32_t count;
    uint32_t heap;
    bool made;
  };
  for (Case c : {Case{kInt, 0, 64, false},
                 {kInt, -1, 64, false},
                 {kInt, INT32_MIN, 64, false},
                 {kInt, 1, 4, true},
                 {kInt, 1, 3, false},
                 {kInt, 16, 64, true},
                 {kInt, 17, 64, false},
                 {kChar, 61, 64, true},
                 {kChar, 61, 63, false},
                 {kChar, 65, 64, false},
                 {kInt, 0x40000000, 64, false},
                 {kInt, 0x40000001, 64, false},
                 {kInt, 0x7FFFFFFF, 64, false},
                 {TypeTable::kShort, 0x7FFFFFFF, 64, false},
                 {TypeTable::kShort, 31, 64, true}}) {
    Builder b;
    uint32_t p = b.global("p", b.pointer(c.type));
    b.function("main", kInt, {b.allocate(b.variable(p), c.type, b.integer(c.count)), b.ret(b.integer(0))});
    Trial run(b, {c.heap, 4096});
    EXPECT_EQ(run.machine.step(), Stop::Running);
    EXPECT_EQ(run.global(p).kind == Value::Pointer, c.made) << c.count << " in " << c.heap;
    EXPECT_EQ(run.machine.lastAllocation().has_value(), c.made);
    EXPECT_EQ(run.machine.heap().variableCount, c.made ? 1u : 0u);
  }
}

// One past the end of an inner array and the first element of the next: different values, one address, so == finds them
// equal.
TEST(Extensions, OnePastTheEnd) {
  Builder b;
  uint32_t grid = b.global("grid", b.array(b.array(kInt, 2), 3));
  uint32_t p = b.global("p", b.pointer(kInt)), q = b.global("q", b.pointer(kInt)),
           same = b.global("same", TypeTable::kBool);
  E row = b.index(b.variable(grid), b.integer(1));
  b.function(
      "main", kInt,
      {b.assign(b.variable(p), b.binary(b.address(b.index(row, b.integer(0))), Operator::Add, b.integer(2))),
       b.assign(b.variable(q), b.address(b.index(b.index(b.variable(grid), b.integer(2)), b.integer(0)))),
       b.assign(b.variable(same), b.binary(b.variable(p), Operator::Equal, b.variable(q))), b.ret(b.integer(0))});
  Trial run(b);
  for (int i = 0; i < 3; i++) EXPECT_EQ(run.machine.step(), Stop::Running);
  EXPECT_EQ(run.global(p), Value::pointer(kGlobalFrame, grid, 4, true));
  EXPECT_EQ(run.global(q), Value::pointer(kGlobalFrame, grid, 4));
  EXPECT_FALSE(run.global(p) == run.global(q));
  EXPECT_EQ(run.global(same), Value::number(1));
  EXPECT_NE(run.machine.dumpText().find("  int *p = &grid[1][1] + 1\n  int *q = &grid[2][0]\n"), std::string::npos);
  EXPECT_EQ(run.machine.locate(run.global(p), kInt)->first, 2u);
  EXPECT_EQ(run.machine.locate(run.global(q), kInt)->first, 4u);
}

// Padding between the end of an array and what follows it: the same simple value begins there, the address differs.
TEST(Extensions, OnePastTheEndBeforePadding) {
  Builder b;
  TypeId inner = b.structure("inner", {{"c", kChar}, {"x", kInt}});
  uint32_t s = b.global("s", b.structure("outer", {{"a", b.array(kChar, 3)}, {"in", inner}}));
  uint32_t same = b.global("same", TypeTable::kBool, {1});
  E end = b.binary(b.address(b.index(b.field(b.variable(s), 0), b.integer(2))), Operator::Add, b.integer(1));
  E next = b.address(b.field(b.field(b.variable(s), 1), 0));
  b.function("main", kInt, {b.assign(b.variable(same), b.binary(end, Operator::Equal, next)), b.ret(b.integer(0))});
  Trial run(b);
  run.machine.step();
  EXPECT_EQ(run.global(same), Value::number(0));
}

TEST(Extensions, SmallTypes) {
  Builder b;
  uint32_t u = b.global("u", TypeTable::kUChar, {250}), s = b.global("s", TypeTable::kShort, {uint32_t(-3)}),
           w = b.global("w", TypeTable::kUShort);
  auto add = [&](uint32_t to, int value) {
    const TypeId type = b.program.globals[to].type;
    return b.assign(b.variable(to),
                    b.cast(type, b.binary(b.cast(kInt, b.variable(to)), Operator::Add, b.integer(value))));
  };
  b.function("main", kInt, {add(u, 10), add(s, -32766), add(w, -1), b.ret(b.integer(0))});
  Trial run(b);
  for (int i = 0; i < 3; i++) run.machine.step();
  EXPECT_EQ(run.global(u), Value::number(4));
  EXPECT_EQ(run.global(s), Value::number(32767));
  EXPECT_EQ(run.global(w), Value::number(65535));
  EXPECT_FALSE(run.machine.assign({kGlobalFrame, u, 0, TypeTable::kUChar}, Value::number(256)));
  EXPECT_FALSE(run.machine.assign({kGlobalFrame, s, 0, TypeTable::kShort}, Value::number(0xFFFF)));
  EXPECT_TRUE(run.machine.assign({kGlobalFrame, s, 0, TypeTable::kShort}, Value::number(uint32_t(-1))));
  EXPECT_FALSE(run.machine.assign({kGlobalFrame, w, 0, TypeTable::kUShort}, Value::number(uint32_t(-1))));
}

TEST(Extensions, InitialPointers) {
  Builder b;
  uint32_t t = b.global("t", b.array(kInt, 4)), p = b.global("p", b.array(b.pointer(kInt), 3));
  b.program.globals[p].pointers = {{0, t, 2, false}, {2, t, 4, true}};
  b.function("main", kInt, {b.ret(b.integer(0))});
  Trial run(b);
  EXPECT_EQ(run.global(p), Value::pointer(kGlobalFrame, t, 2));
  EXPECT_EQ(run.global(p, 1), Value::null());
  EXPECT_EQ(run.global(p, 2), Value::pointer(kGlobalFrame, t, 4, true));
  // A pointer given from outside must lead to a variable, or to the end of an array.
  const SubVariable slot{kGlobalFrame, p, 1, b.pointer(kInt)};
  EXPECT_TRUE(run.machine.assign(slot, Value::pointer(kGlobalFrame, t, 4, true)));
  EXPECT_FALSE(run.machine.assign(slot, Value::pointer(kGlobalFrame, t, 3, true)));
  EXPECT_FALSE(run.machine.assign(slot, Value::pointer(kGlobalFrame, t, 4)));
  EXPECT_FALSE(run.machine.assign(slot, Value::pointer(kGlobalFrame, t, 0, true)));
  EXPECT_FALSE(run.machine.assign(slot, Value::pointer(kGlobalFrame, p, 0)));
}

}  // namespace
}  // namespace interp::test
