// Configurations that leave a machine and enter another one.
#include "compiler/interp/saved.h"

#include "test/unit/interp/trial.h"

namespace interp::test {
namespace {

//     struct node { int value; struct node *next; } *list; int table[4];
//     int down(int n) { struct node *c; if (n <= 0) return 1; c = new(struct node); c->next = list; list = c; c->value = down(n - 1);
//       return c->value + n; }
//     int main() { int i; char *text; i = 0;
//       while (i < 9) { if (i == 1) continue; if (i < 4) { ; table[i] = down(i); } else { while (true) { break; } break; }
//                       text = new(char, i + 1); } step { ; i = i + 1; }
//       return table[3]; }
class Restoring : public ::testing::Test {
 protected:
  Restoring() {
    const TypeId node = b.program.types.declareStruct("node");
    b.program.types.completeStruct(node, {{"value", kInt}, {"next", b.pointer(node)}});
    const uint32_t list = b.global("list", b.pointer(node)), table = b.global("table", b.array(kInt, 4));
    const uint32_t down = b.declare("down", kInt, {{"n", kInt}});
    b.enter(down);
    E n = b.local(0), c = b.declareLocal("c", b.pointer(node));
    E value = b.field(b.deref(c), 0);
    b.define(down, {b.branch(b.binary(n, Operator::LessEqual, b.integer(0)), {b.ret(b.integer(1))}), b.allocate(c, node),
                    b.assign(b.field(b.deref(c), 1), b.variable(list)), b.assign(b.variable(list), c),
                    b.call(value, down, {b.binary(n, Operator::Sub, b.integer(1))}), b.ret(b.binary(value, Operator::Add, n))});
    const uint32_t main = b.declare("main", kInt);
    b.enter(main);
    E i = b.declareLocal("i", kInt), text = b.declareLocal("text", b.pointer(TypeTable::kChar));
    E next = b.binary(i, Operator::Add, b.integer(1));
    b.define(main,
             {b.assign(i, b.integer(0)),
              b.loop(b.binary(i, Operator::Less, b.integer(9)),
                     {b.branch(b.binary(i, Operator::Equal, b.integer(1)), {b.again()}),
                      b.branch(b.binary(i, Operator::Less, b.integer(4)),
                               {b.skip(), b.call(b.index(b.variable(table), i), down, {i})},
                               {b.loop(b.boolean(true), {b.leave()}), b.leave()}),
                      b.allocate(text, TypeTable::kChar, next)},
                     {b.skip(), b.assign(i, next)}),
              b.ret(b.index(b.variable(table), b.integer(3)))});
  }

  Builder b;
};

TEST_F(Restoring, AMachineMayHaveNothingBefore) {
  Trial run(b);
  for (int i = 0; i < 20; ++i) run.machine.step();
  Console console;
  Machine empty(b.program, console, {1 << 20, 1 << 20}, Start::Restored);
  EXPECT_EQ(empty.head(), nullptr);
  EXPECT_EQ(empty.step(), Stop::Ended);
  ASSERT_EQ(empty.restore(run.machine.save()), std::nullopt);
  EXPECT_EQ(empty.dumpText(), run.machine.dumpText());
  EXPECT_EQ(empty.step(), Stop::Running);
}

TEST_F(Restoring, EveryConfigurationGoesOnElsewhere) {
  Trial straight(b), run(b), other(b);
  ASSERT_EQ(straight.finish(), Stop::Ended);
  const uint64_t steps = straight.machine.steps();
  do {
    const std::string dump = run.machine.dumpText();
    ASSERT_EQ(other.machine.restore(run.machine.save()), std::nullopt) << dump;
    ASSERT_EQ(other.machine.dumpText(), dump);
    EXPECT_EQ(other.machine.steps(), run.machine.steps());
    EXPECT_EQ(other.machine.head(), run.machine.head());
    if (run.machine.steps() % 7) continue;
    Trial rest(b);  // to the end, with what is not in a dump
    ASSERT_EQ(rest.machine.restore(run.machine.save()), std::nullopt);
    ASSERT_EQ(rest.finish(), Stop::Ended);
    EXPECT_EQ(rest.machine.exitStatus(), 7u);
    EXPECT_EQ(rest.machine.steps(), steps);
  } while (run.machine.step() == Stop::Running);
  EXPECT_EQ(run.machine.exitStatus(), 7u);
  EXPECT_EQ(run.machine.steps(), steps);
}

TEST_F(Restoring, WhatIsNoConfiguration) {
  Trial run(b);
  while (run.machine.rd() < 3) run.machine.step();
  auto wrong = [&](auto change) {
    Saved saved = run.machine.save();
    change(saved);
    return run.machine.restore(std::move(saved)).value_or("fine");
  };
  const std::string before = run.machine.dumpText();
  EXPECT_EQ(wrong([](Saved&) {}), "fine");
  EXPECT_EQ(wrong([](Saved& s) { s.frames.clear(); }), "it has no memory frame");
  EXPECT_EQ(wrong([](Saved& s) { s.frames[0].function = 7; }), "a memory frame belongs to no function");
  EXPECT_EQ(wrong([](Saved& s) { s.frames[2].at = s.frames[0].at; }), "the program rest is not of down");
  EXPECT_EQ(wrong([](Saved& s) { s.frames[1].serial = kHeapFrame; }), "a memory frame has no serial number");
  EXPECT_EQ(wrong([](Saved& s) { s.frames[1].at = s.frames[2].at; }), "down does not wait for the frame above it");
  EXPECT_EQ(wrong([](Saved& s) { s.frames[0].at = nullptr; }), "main does not wait for the frame above it");
  EXPECT_EQ(wrong([](Saved& s) { s.frames[2].destination.reset(); }), "a result has no destination, or one without need");
  EXPECT_EQ(wrong([](Saved& s) { s.frames[2].destination->type = TypeTable::kChar; }), "a destination is of another type");
  EXPECT_EQ(wrong([](Saved& s) { s.heapVariables[0].type = TypeTable::kVoid; }), "a heap variable has no type");
  EXPECT_EQ(wrong([](Saved& s) { s.heapVariables[0].count = 1 << 20; }), "the heap is larger than its limit");
  EXPECT_EQ(wrong([](Saved& s) { s.heap.pop_back(); }), "it has more or fewer simple values than its variables");
  EXPECT_EQ(wrong([](Saved& s) { s.locals.push_back({}); }), "it has more or fewer simple values than its variables");
  EXPECT_EQ(wrong([](Saved& s) { s.globals.clear(); }), "it has more or fewer simple values than its variables");
  EXPECT_EQ(run.machine.dumpText(), before);
}

// It is told when it is first read, not when it is copied; then it is a value like others.
TEST(Unknown, IsToldWhenItIsRead) {
  struct Environment : Console {
    std::vector<uint32_t> asked;
    Value known(const Value& unknown, TypeId type) override {
      EXPECT_EQ(type, kInt);
      asked.push_back(unknown.variable);
      return unknown.variable == 9 ? Value{} : Value::number(unknown.bits + 1);
    }
  } environment;
  Builder b;
  const TypeId pair = b.structure("pair", {{"a", kInt}, {"b", kInt}});
  const uint32_t g = b.global("g", pair), h = b.global("h", pair), main = b.declare("main", kInt);
  b.define(main, {b.assign(b.variable(h), b.variable(g)), b.assign(b.field(b.variable(g), 0), b.field(b.variable(h), 0)),
                  b.assign(b.field(b.variable(g), 0), b.field(b.variable(h), 0)), b.ret(b.field(b.variable(h), 1))});
  Machine machine(b.program, environment, {1 << 20, 1 << 20});
  Saved saved = machine.save();
  saved.globals[0] = Value::unknown(41, 0, 8), saved.globals[1] = Value::unknown(0, 0, 9);
  ASSERT_EQ(machine.restore(std::move(saved)), std::nullopt);
  auto value = [&](uint32_t global, uint32_t index) { return machine.frame(0).content[machine.variableBase(0, global) + index]; };
  machine.step();
  EXPECT_EQ(value(h, 0), Value::unknown(41, 0, 8));
  EXPECT_TRUE(environment.asked.empty());
  machine.step();
  EXPECT_EQ(value(h, 0), Value::number(42));
  EXPECT_EQ(value(g, 0), Value::number(42));
  machine.step();
  EXPECT_EQ(environment.asked, std::vector<uint32_t>{8});
  EXPECT_EQ(machine.step(), Stop::Faulted);  // nobody can tell
  EXPECT_EQ(machine.fault().fault, Fault::UndefinedRead);
  EXPECT_EQ(environment.asked, (std::vector<uint32_t>{8, 9}));
}

}  // namespace
}  // namespace interp::test
