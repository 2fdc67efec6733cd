// Each rule: what it changes, what comes next, and what it records.
#include "test/unit/interp/trial.h"

namespace interp::test {
namespace {

TEST(Rules, FirstConfigurationIsMainCalled) {
  Builder b;
  b.global("g", kInt);
  b.global("t", b.array(kInt, 3), {7, 8, 9});
  uint32_t main = b.declare("main", kInt);
  b.enter(main);
  b.declareLocal("x", kInt);
  b.define(main, {b.skip(), b.ret(b.integer(0))});
  Trial run(b);
  EXPECT_EQ(run.machine.rd(), 1u);
  EXPECT_EQ(run.machine.steps(), 0u);
  EXPECT_EQ(run.machine.head(), b.program.functions[main].statements[0]);
  EXPECT_EQ(run.machine.frame(1).variableCount, 1u);
  EXPECT_EQ(run.local(1, 0), Value{});
  EXPECT_EQ(run.global(0), Value::number(0));
  EXPECT_EQ(run.global(1, 2), Value::number(9));
  EXPECT_EQ(run.machine.pendingCall(1), nullptr);
  EXPECT_EQ(run.machine.pendingDestination(1), std::nullopt);
}

TEST(Rules, WhatCannotRun) {
  Builder b;
  EXPECT_EQ(whyNotRunnable(b.program), "the program has no function 'main'");
  uint32_t main = b.function("main", kBool, {b.ret(b.boolean(true))});
  EXPECT_EQ(whyNotRunnable(b.program), "'main' is not of type int()");
  b.program.functions[main].result = kInt;
  EXPECT_EQ(whyNotRunnable(b.program), std::nullopt);
  b.program.functions[main].internal = true;
  EXPECT_EQ(whyNotRunnable(b.program), "the program has no function 'main'");
  b.program.functions[main].internal = false;
  b.global("small", b.array(TypeTable::kChar, 1u << 28));
  EXPECT_EQ(whyNotRunnable(b.program), std::nullopt);
  b.global("one", kInt);
  EXPECT_EQ(whyNotRunnable(b.program), "the globals have 268435457 simple values, more than 268435456");
  b.program.globals.clear();
  b.global("g", kInt);
  b.program.globals[0].defined = false;
  EXPECT_EQ(whyNotRunnable(b.program), "no unit defines the variable 'g'");
  b.program.globals[0].defined = true;
  b.declare("f", kInt);
  EXPECT_EQ(whyNotRunnable(b.program), "no unit defines the function 'f'");
}

TEST(Rules, SkipAndReturnFromMain) {
  Builder b;
  uint32_t main = b.function("main", kInt, {b.skip(), b.ret(b.integer(300))});
  Trial run(b);
  EXPECT_EQ(run.machine.step(), Stop::Running);
  EXPECT_EQ(run.machine.lastRule(), Rule::Skip);
  EXPECT_EQ(run.machine.head(), b.program.functions[main].statements[1]);
  EXPECT_EQ(run.machine.step(), Stop::Ended);
  EXPECT_EQ(run.machine.lastRule(), Rule::Return);
  EXPECT_EQ(run.machine.exitStatus(), 300u);
  EXPECT_EQ(run.machine.rd(), 0u);
  EXPECT_EQ(run.machine.head(), nullptr);
  EXPECT_EQ(run.machine.steps(), 2u);
  EXPECT_EQ(run.machine.step(), Stop::Ended);
  EXPECT_EQ(run.machine.steps(), 2u);
}

TEST(Rules, AssignWritesOneSubVariable) {
  Builder b;
  TypeId pair = b.structure("pair", {{"a", kInt}, {"b", kInt}});
  uint32_t g = b.global("g", b.array(pair, 4));
  uint32_t main = b.declare("main", kInt);
  b.define(main, {b.assign(b.field(b.index(b.variable(g), b.integer(2)), 1), b.integer(5)),
                  b.assign(b.index(b.variable(g), b.integer(0)), b.index(b.variable(g), b.integer(2))),
                  b.ret(b.integer(0))});
  Trial run(b);
  run.machine.step();
  EXPECT_EQ(run.machine.lastRule(), Rule::Assign);
  EXPECT_EQ(run.global(g, 5), Value::number(5));
  ASSERT_EQ(run.machine.lastWrites().size(), 1u);
  EXPECT_EQ(run.machine.name(run.machine.lastWrites()[0]), "g[2].b");
  EXPECT_EQ(run.machine.lastWrites()[0].type, kInt);
  run.machine.step();
  EXPECT_EQ(run.global(g, 1), Value::number(5));
  ASSERT_EQ(run.machine.lastWrites().size(), 1u);
  EXPECT_EQ(run.machine.name(run.machine.lastWrites()[0]), "g[0]");
  EXPECT_EQ(run.machine.lastWrites()[0].type, pair);
  run.machine.step();
  EXPECT_TRUE(run.machine.lastWrites().empty());
}

TEST(Rules, StructCopiesCarryUndefinedValues) {
  Builder b;
  TypeId pair = b.structure("pair", {{"a", kInt}, {"b", kInt}});
  uint32_t g = b.global("g", pair);
  uint32_t take = b.declare("take", pair, {{"p", pair}});
  b.enter(take);
  b.define(take, {b.ret(b.local(0))});
  uint32_t main = b.declare("main", kInt);
  b.enter(main);
  E p = b.declareLocal("p", pair);
  b.define(main, {b.assign(b.field(p, 0), b.integer(1)), b.call(b.variable(g), take, {p}), b.ret(b.integer(0))});
  Trial run(b);
  ASSERT_EQ(run.finish(), Stop::Ended);
  EXPECT_EQ(run.global(g, 0), Value::number(1));
  EXPECT_EQ(run.global(g, 1), Value{});
}

TEST(Rules, IfTakesOneBranchThenGoesOn) {
  for (bool condition : {false, true}) {
    Builder b;
    uint32_t main = b.declare("main", kInt);
    b.define(main, {b.branch(b.boolean(condition), {b.skip(), b.skip()}, {b.skip()}), b.ret(b.integer(0))});
    const auto& statements = b.program.functions[main].statements;
    Trial run(b);
    run.machine.step();
    EXPECT_EQ(run.machine.lastRule(), condition ? Rule::IfTrue : Rule::IfFalse);
    EXPECT_EQ(run.machine.head(), statements[condition ? 1 : 3]);
    run.machine.step();
    EXPECT_EQ(run.machine.head(), statements[condition ? 2 : 4]);
  }
}

TEST(Rules, IfWithoutElseGoesOn) {
  Builder b;
  uint32_t main = b.function("main", kInt, {b.branch(b.boolean(false), {b.skip()}), b.ret(b.integer(0))});
  Trial run(b);
  run.machine.step();
  EXPECT_EQ(run.machine.head(), b.program.functions[main].statements[2]);
}

TEST(Rules, WhileStaysInTheRestUntilItsConditionFails) {
  Builder b;
  uint32_t i = b.global("i", kInt);
  uint32_t main = b.function(
      "main", kInt,
      {b.loop(b.binary(b.variable(i), Operator::Less, b.integer(2)),
              {b.assign(b.variable(i), b.binary(b.variable(i), Operator::Add, b.integer(1))), b.skip()}),
       b.ret(b.integer(0))});
  const auto& s = b.program.functions[main].statements;
  Trial run(b);
  run.machine.step();
  EXPECT_EQ(run.machine.lastRule(), Rule::WhileTrue);
  EXPECT_EQ(run.machine.rest(1), (std::vector<const core::Stmt*>{s[1], s[2], s[0], s[3]}));
  run.machine.step(), run.machine.step();
  EXPECT_EQ(run.machine.rest(1), (std::vector<const core::Stmt*>{s[0], s[3]}));
  for (int k = 0; k < 4; k++) run.machine.step();
  EXPECT_EQ(run.machine.lastRule(), Rule::WhileFalse);
  EXPECT_EQ(run.machine.head(), s[3]);
  EXPECT_EQ(run.machine.steps(), 7u);
}

TEST(Rules, EmptyBodiesLoop) {
  Builder b;
  uint32_t main = b.function("main", kInt, {b.loop(b.boolean(true), {})});
  Trial run(b);
  EXPECT_EQ(run.finish(1000), Stop::Running);
  EXPECT_EQ(run.machine.steps(), 1000u);
  EXPECT_EQ(run.machine.head(), b.program.functions[main].statements[0]);
}

TEST(Rules, CallPushesAFrameAndReturnPopsIt) {
  Builder b;
  uint32_t f = b.declare("f", kInt, {{"a", kInt}, {"b", kInt}});
  b.enter(f);
  b.declareLocal("t", kInt);
  b.define(f, {b.ret(b.binary(b.local(0), Operator::Sub, b.local(1)))});
  uint32_t main = b.declare("main", kInt);
  b.enter(main);
  E x = b.declareLocal("x", kInt);
  b.define(main, {b.call(x, f, {b.integer(7), b.integer(4)}), b.call(nullptr, f, {b.integer(1), b.integer(1)}), b.ret(x)});
  Trial run(b);
  run.machine.step();
  EXPECT_EQ(run.machine.lastRule(), Rule::Call);
  EXPECT_EQ(run.machine.rd(), 2u);
  EXPECT_EQ(run.machine.headFunction(), f);
  EXPECT_EQ(run.local(2, 0), Value::number(7));
  EXPECT_EQ(run.local(2, 1), Value::number(4));
  EXPECT_EQ(run.local(2, 2), Value{});
  EXPECT_EQ(run.machine.pendingCall(2), b.program.functions[main].statements[0]);
  ASSERT_TRUE(run.machine.pendingDestination(2));
  EXPECT_EQ(run.machine.name(*run.machine.pendingDestination(2)), "main:x");
  ASSERT_EQ(run.machine.lastWrites().size(), 2u);
  EXPECT_EQ(run.machine.name(run.machine.lastWrites()[1]), "f:b");
  const uint32_t serial = run.machine.frame(2).serial;
  run.machine.step();
  EXPECT_EQ(run.machine.rd(), 1u);
  EXPECT_EQ(run.local(1, 0), Value::number(3));
  ASSERT_EQ(run.machine.lastWrites().size(), 1u);
  EXPECT_EQ(run.machine.name(run.machine.lastWrites()[0]), "main:x");
  run.machine.step();
  EXPECT_NE(run.machine.frame(2).serial, serial);
  EXPECT_FALSE(run.machine.pendingDestination(2));
  run.machine.step();
  EXPECT_TRUE(run.machine.lastWrites().empty());
  EXPECT_EQ(run.machine.step(), Stop::Ended);
  EXPECT_EQ(run.machine.exitStatus(), 3u);
}

// t[i] = f(): f changes i, but the destination was found at the call (decisions.md, 2).
TEST(Rules, DestinationIsFoundAtTheCall) {
  Builder b;
  uint32_t i = b.global("i", kInt);
  uint32_t t = b.global("t", b.array(kInt, 3));
  uint32_t f = b.declare("f", kInt);
  b.define(f, {b.assign(b.variable(i), b.integer(2)), b.ret(b.integer(9))});
  b.function("main", kInt, {b.call(b.index(b.variable(t), b.variable(i)), f), b.ret(b.integer(0))});
  Trial run(b);
  ASSERT_EQ(run.finish(), Stop::Ended);
  EXPECT_EQ(run.global(t, 0), Value::number(9));
  EXPECT_EQ(run.global(t, 2), Value::number(0));
}

TEST(Rules, RecursionComputes) {
  Builder b;
  uint32_t fib = b.declare("fib", kInt, {{"n", kInt}});
  b.enter(fib);
  E n = b.local(0), x = b.declareLocal("x", kInt), y = b.declareLocal("y", kInt);
  b.define(fib, {b.branch(b.binary(n, Operator::Less, b.integer(2)), {b.ret(n)}),
                 b.call(x, fib, {b.binary(n, Operator::Sub, b.integer(1))}),
                 b.call(y, fib, {b.binary(n, Operator::Sub, b.integer(2))}), b.ret(b.binary(x, Operator::Add, y))});
  uint32_t main = b.declare("main", kInt);
  b.enter(main);
  E r = b.declareLocal("r", kInt);
  b.define(main, {b.call(r, fib, {b.integer(15)}), b.ret(r)});
  Trial run(b);
  ASSERT_EQ(run.finish(), Stop::Ended);
  EXPECT_EQ(run.machine.exitStatus(), 610u);
}

// A block's remaining statements are dropped by a return from inside a loop.
TEST(Rules, ReturnLeavesLoops) {
  Builder b;
  uint32_t f = b.declare("f", kInt);
  b.define(f, {b.loop(b.boolean(true), {b.branch(b.boolean(true), {b.ret(b.integer(4))}), b.skip()})});
  uint32_t main = b.declare("main", kInt);
  b.enter(main);
  E x = b.declareLocal("x", kInt);
  b.define(main, {b.call(x, f), b.ret(x)});
  Trial run(b);
  ASSERT_EQ(run.finish(), Stop::Ended);
  EXPECT_EQ(run.machine.exitStatus(), 4u);
}

TEST(Rules, VoidFunctionsReturnNothing) {
  Builder b;
  uint32_t g = b.global("g", kInt);
  uint32_t f = b.declare("f", TypeTable::kVoid);
  b.define(f, {b.assign(b.variable(g), b.integer(3)), b.ret()});
  b.function("main", kInt, {b.call(nullptr, f), b.ret(b.variable(g))});
  Trial run(b);
  ASSERT_EQ(run.finish(), Stop::Ended);
  EXPECT_EQ(run.machine.exitStatus(), 3u);
}

TEST(Rules, NewMakesAZeroedVariable) {
  Builder b;
  TypeId node = b.program.types.declareStruct("node");
  TypeId link = b.pointer(node);
  ASSERT_TRUE(b.program.types.completeStruct(node, {{"value", kInt}, {"next", link}, {"tag", TypeTable::kChar}}));
  uint32_t p = b.global("p", link);
  E next = b.field(b.deref(b.variable(p)), 1);
  b.function("main", kInt, {b.allocate(b.variable(p), node), b.allocate(next, node), b.ret(b.integer(0))});
  Trial run(b);
  EXPECT_EQ(run.global(p), Value::null());
  run.machine.step();
  EXPECT_EQ(run.machine.lastRule(), Rule::New);
  EXPECT_EQ(run.machine.lastAllocation(), 0u);
  ASSERT_EQ(run.machine.lastWrites().size(), 1u);
  EXPECT_EQ(run.machine.name(run.machine.lastWrites()[0]), "p");
  EXPECT_EQ(run.global(p), Value::pointer(kHeapFrame, 0, 0));
  EXPECT_EQ(run.machine.heap().content[0], Value::number(0));
  EXPECT_EQ(run.machine.heap().content[1], Value::null());
  EXPECT_EQ(run.machine.heapUsed(), 12u);
  run.machine.step();
  EXPECT_EQ(run.machine.heap().content[1], Value::pointer(kHeapFrame, 1, 0));
  EXPECT_EQ(run.machine.name(run.machine.lastWrites()[0]), "heap#0.next");
  EXPECT_EQ(run.machine.heapBase(1), 3u);
  run.machine.step();
  EXPECT_FALSE(run.machine.lastAllocation());
}

// The heap is counted in steps of four bytes; new is null iff it would not fit.
TEST(Rules, HeapLimitIsExact) {
  for (uint32_t heap : {11u, 12u}) {
    Builder b;
    TypeId five = b.array(TypeTable::kChar, 5);
    uint32_t p = b.global("p", b.pointer(five)), q = b.global("q", b.pointer(TypeTable::kChar));
    b.function("main", kInt, {b.allocate(b.variable(p), five), b.allocate(b.variable(q), TypeTable::kChar),
                              b.allocate(b.variable(q), TypeTable::kChar), b.ret(b.integer(0))});
    Trial run(b, {heap, 4096});
    run.machine.step();
    EXPECT_EQ(run.machine.heapUsed(), 8u);
    run.machine.step();
    EXPECT_EQ(run.global(q), heap == 12 ? Value::pointer(kHeapFrame, 1, 0) : Value::null());
    EXPECT_EQ(run.machine.lastAllocation().has_value(), heap == 12);
    run.machine.step();
    EXPECT_EQ(run.global(q), Value::null());
    EXPECT_EQ(run.machine.heapUsed(), heap == 12 ? 12u : 8u);
    EXPECT_EQ(run.machine.lastWrites().size(), 1u);
  }
}

TEST(Rules, HeapLimitIsComputedIn64Bits) {
  Builder b;
  TypeId big = b.array(TypeTable::kChar, 0x7FFFFFFF);
  uint32_t p = b.global("p", b.pointer(big)), q = b.global("q", b.pointer(kInt));
  b.function("main", kInt, {b.allocate(b.variable(q), kInt), b.allocate(b.variable(p), big), b.ret(b.integer(0))});
  Trial run(b, {0x7FFFFFFF, 4096});  // 4 + 2^31 would be small modulo 2^31
  ASSERT_EQ(run.finish(), Stop::Ended);
  EXPECT_EQ(run.global(p), Value::null());
  EXPECT_NE(run.global(q), Value::null());
}

TEST(Rules, PrimitivesAreOneStep) {
  Builder b;
  uint32_t put = b.declare("put_char", kInt, {{"c", TypeTable::kChar}}), get = b.declare("get_char", kInt);
  uint32_t quit = b.declare("exit", kInt, {{"status", kInt}});
  uint32_t x = b.global("x", kInt);
  b.function("main", kInt, {b.call(b.variable(x), get), b.call(nullptr, put, {b.character('!')}),
                            b.call(nullptr, quit, {b.variable(x)}), b.ret(b.integer(0))});
  Trial run(b);
  run.console.input = "A";
  run.machine.step();
  EXPECT_EQ(run.machine.lastRule(), Rule::Primitive);
  EXPECT_EQ(run.global(x), Value::number('A'));
  EXPECT_EQ(run.machine.lastWrites().size(), 1u);
  EXPECT_EQ(run.finish(), Stop::Ended);
  EXPECT_EQ(run.console.output, "!");
  EXPECT_EQ(run.machine.exitStatus(), 65u);
  EXPECT_EQ(run.machine.steps(), 3u);
  EXPECT_EQ(run.machine.head(), nullptr);
  EXPECT_EQ(run.machine.rd(), 1u);
}

// A kernel starts afresh by a call, whatever it was doing; globals and heap stay.
TEST(Rules, Restart) {
  Builder b;
  const uint32_t i = b.global("i", kInt), start = b.declare("cvm_start", kInt, {{"u", kInt}});
  const uint32_t dispatch = b.declare("kdispatch", kInt, {{"mca", kInt}, {"edata", kInt}});
  b.enter(dispatch);
  b.define(dispatch, {b.assign(b.variable(i), b.binary(b.variable(i), Operator::Add, b.local(0))),
                      b.branch(b.binary(b.local(1), Operator::Equal, b.integer(7)), {b.ret(b.integer(9))}),
                      b.call(nullptr, start, {b.local(1)}), b.ret(b.integer(0))});
  ASSERT_TRUE(core::verify(b.program));
  EXPECT_EQ(whyIncomplete(b.program), std::nullopt);
  Console console;
  Machine machine(b.program, console, {4096, 4096}, Start::Nothing);
  EXPECT_EQ(machine.step(), Stop::Ended);
  EXPECT_EQ(machine.rd(), 0u);
  EXPECT_EQ(machine.head(), nullptr);
  for (uint32_t edata : {7u, 7u, 3u}) {
    const Value arguments[] = {Value::number(2), Value::number(edata)};
    ASSERT_EQ(machine.restart(dispatch, arguments, i), Stop::Running);
    EXPECT_EQ(machine.rd(), 1u);
    EXPECT_EQ(machine.lastRule(), Rule::Call);
    EXPECT_EQ(machine.lastWrites().size(), 2u);
    EXPECT_EQ(machine.headFunction(), dispatch);
    const uint32_t before = machine.frame(0).content[i].bits;
    ASSERT_EQ(machine.step(), Stop::Running);
    EXPECT_EQ(machine.frame(0).content[i].bits, before + 2);
  }
  const Value last[] = {Value::number(0), Value::number(7)};
  const uint64_t steps = machine.steps();
  ASSERT_EQ(machine.restart(dispatch, last, i), Stop::Running);
  Stop stop;
  while ((stop = machine.step()) == Stop::Running) {}
  EXPECT_EQ(stop, Stop::Ended);  // its return stores the result
  EXPECT_EQ(machine.rd(), 0u);
  EXPECT_EQ(machine.frame(0).content[i].bits, 9u);
  EXPECT_EQ(machine.steps(), steps + 4);

  Machine small(b.program, console, {4096, 8}, Start::Nothing);
  EXPECT_EQ(small.restart(dispatch, last, i), Stop::Faulted);
  EXPECT_EQ(small.fault().fault, core::Fault::StackOverflow);
}

// An asm statement means what the machine says; a machine must be there.
TEST(Rules, AsmIsWhatTheMachineDid) {
  Builder b;
  uint32_t g = b.global("g", b.array(TypeTable::kUnsigned, 2));
  b.function("main", kInt, {b.assembly("sw r1, [g]"), b.assembly("rfe"), b.ret(b.integer(0))});
  Trial run(b);
  run.console.machine = [&](const core::Stmt& stmt) -> AssemblyOutcome {
    if (stmt.text == "rfe") return {.leaves = true};
    SubVariable first{kGlobalFrame, g, 0, TypeTable::kUnsigned}, second{kGlobalFrame, g, 1, TypeTable::kUnsigned};
    return {.stores = {{first, 5}, {second, 6}, {first, 7}}};
  };
  EXPECT_EQ(run.machine.step(), Stop::Running);
  EXPECT_EQ(run.machine.lastRule(), Rule::Asm);
  EXPECT_EQ(run.global(g, 0), Value::number(7));
  EXPECT_EQ(run.global(g, 1), Value::number(6));
  ASSERT_EQ(run.machine.lastWrites().size(), 3u);
  EXPECT_EQ(run.machine.lastWrites()[1].index, 1u);
  EXPECT_EQ(run.machine.step(), Stop::Ended);
  EXPECT_EQ(run.machine.head(), nullptr);
}

TEST(Rules, AsmWithoutAMachineHasNoSemantics) {
  Builder b;
  b.function("main", kInt, {b.assembly("nop"), b.ret(b.integer(0))});
  Trial run(b);
  EXPECT_EQ(run.machine.step(), Stop::Faulted);
  EXPECT_EQ(run.machine.fault().fault, core::Fault::AsmViolation);
  EXPECT_NE(run.machine.fault().text.find("consis"), std::string::npos);
  EXPECT_NE(run.machine.head(), nullptr);
}

TEST(Rules, AssignGivesAVariableAValue) {
  Builder b;
  uint32_t g = b.global("g", b.array(TypeTable::kUnsigned, 2));
  uint32_t c = b.global("c", TypeTable::kChar);
  b.function("main", kInt, {b.ret(b.integer(0))});
  Trial run(b);
  EXPECT_TRUE(run.machine.assign({kGlobalFrame, g, 1, TypeTable::kUnsigned}, Value::number(5)));
  EXPECT_EQ(run.global(g, 1), Value::number(5));
  EXPECT_FALSE(run.machine.assign({kGlobalFrame, g, 2, TypeTable::kUnsigned}, Value::number(5)));
  EXPECT_FALSE(run.machine.assign({kGlobalFrame, g, 1, kInt}, Value::number(5)));
  EXPECT_FALSE(run.machine.assign({kGlobalFrame, 9, 0, kInt}, Value::number(5)));
  EXPECT_FALSE(run.machine.assign({kHeapFrame, 0, 0, kInt}, Value::number(5)));
  EXPECT_FALSE(run.machine.assign({77, 0, 0, kInt}, Value::number(5)));
  EXPECT_FALSE(run.machine.assign({kGlobalFrame, g, 1, TypeTable::kUnsigned}, Value::null()));
  EXPECT_FALSE(run.machine.assign({kGlobalFrame, c, 0, TypeTable::kChar}, Value::number(128)));
  EXPECT_TRUE(run.machine.assign({kGlobalFrame, c, 0, TypeTable::kChar}, Value::number(uint32_t(-128))));
}

TEST(Rules, NamesFollowTheSelector) {
  Builder b;
  TypeId inner = b.structure("inner", {{"a", kInt}, {"b", b.array(kBool, 2)}});
  TypeId outer = b.structure("outer", {{"x", inner}, {"y", b.array(inner, 2)}});
  uint32_t g = b.global("g", outer);
  uint32_t f = b.declare("f", kInt, {{"n", kInt}});
  b.enter(f);
  b.define(f, {b.call(nullptr, f, {b.integer(1)}), b.ret(b.integer(0))});
  b.function("main", kInt, {b.call(nullptr, f, {b.integer(1)}), b.ret(b.integer(0))});
  Trial run(b);
  EXPECT_EQ(run.machine.name({kGlobalFrame, g, 0, outer}), "g");
  EXPECT_EQ(run.machine.name({kGlobalFrame, g, 0, inner}), "g.x");
  EXPECT_EQ(run.machine.name({kGlobalFrame, g, 0, kInt}), "g.x.a");
  EXPECT_EQ(run.machine.name({kGlobalFrame, g, 8, kBool}), "g.y[1].b[1]");
  run.machine.step(), run.machine.step();
  EXPECT_EQ(run.machine.name({run.machine.frame(2).serial, 0, 0, kInt}), "f@2:n");
  EXPECT_EQ(run.machine.name({run.machine.frame(3).serial, 0, 0, kInt}), "f:n");
  EXPECT_EQ(run.machine.name({99, 0, 0, kInt}), "frame#99:0");
}

}  // namespace
}  // namespace interp::test
