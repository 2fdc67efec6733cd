// Each fault: its code, position and text; and that the configuration stays as it was.
#include "compiler/core/frame.h"
#include "test/unit/interp/trial.h"

namespace interp::test {
namespace {

// Runs to a fault and checks that the faulting step changed nothing.
FaultReport faultOf(Builder& b, Limits limits = {1 << 20, 1 << 20}) {
  Trial run(b, limits);
  std::string before = run.machine.dumpText();
  Stop stop;
  while ((stop = run.machine.step()) == Stop::Running && run.machine.steps() < 100000) before = run.machine.dumpText();
  EXPECT_EQ(stop, Stop::Faulted);
  EXPECT_EQ(run.machine.dumpText(), before);
  EXPECT_TRUE(run.machine.lastWrites().empty());
  const uint64_t steps = run.machine.steps();
  EXPECT_EQ(run.machine.step(), Stop::Faulted);
  EXPECT_EQ(run.machine.steps(), steps);
  return run.machine.fault();
}

void expectFault(Builder& b, Fault fault, core::Position position, std::string_view text,
                 Limits limits = {1 << 20, 1 << 20}) {
  const FaultReport report = faultOf(b, limits);
  EXPECT_EQ(report.fault, fault) << faultName(report.fault);
  EXPECT_EQ(report.position, position) << report.position.line << ':' << report.position.column;
  EXPECT_EQ(report.text, text);
}

TEST(Faults, NullDereference) {
  Builder b;
  TypeId node = b.structure("node", {{"value", kInt}});
  uint32_t p = b.global("p", b.pointer(node));
  E star = b.deref(b.variable(p));
  b.function("main", kInt, {b.ret(b.field(star, 0))});
  expectFault(b, Fault::NullDereference, star->position, "p is null");
}

TEST(Faults, OutOfBounds) {
  for (int index : {-1, 10, 0x7FFFFFFF}) {
    Builder b;
    uint32_t t = b.global("t", b.array(kInt, 10));
    E element = b.index(b.variable(t), b.integer(index));
    b.function("main", kInt, {b.assign(element, b.integer(1)), b.ret(b.integer(0))});
    expectFault(b, Fault::OutOfBounds, element->position, "index " + std::to_string(index) + " is outside int[10]");
  }
  Builder b;
  uint32_t t = b.global("t", b.array(kInt, 10));
  E element = b.index(b.variable(t), b.natural(0xFFFFFFFF));
  b.function("main", kInt, {b.ret(element)});
  expectFault(b, Fault::OutOfBounds, element->position, "index 4294967295 is outside int[10]");
}

TEST(Faults, UndefinedRead) {
  Builder b;
  uint32_t main = b.declare("main", kInt);
  b.enter(main);
  E x = b.declareLocal("x", kInt);
  b.define(main, {b.ret(b.binary(b.integer(1), Operator::Add, x))});
  expectFault(b, Fault::UndefinedRead, x->position, "x has no value");
}

TEST(Faults, UndefinedReadThroughAStructCopy) {
  Builder b;
  TypeId pair = b.structure("pair", {{"a", kInt}, {"b", kInt}});
  uint32_t main = b.declare("main", kInt);
  b.enter(main);
  E p = b.declareLocal("p", pair), q = b.declareLocal("q", pair);
  E read = b.field(q, 1);
  b.define(main, {b.assign(q, p), b.ret(read)});
  expectFault(b, Fault::UndefinedRead, read->position, "q.b has no value");
}

TEST(Faults, UndefinedConditionAndArgument) {
  {
    Builder b;
    uint32_t main = b.declare("main", kInt);
    b.enter(main);
    E x = b.declareLocal("x", TypeTable::kBool);
    b.define(main, {b.loop(x, {}), b.ret(b.integer(0))});
    expectFault(b, Fault::UndefinedRead, x->position, "x has no value");
  }
  Builder b;
  uint32_t f = b.declare("f", kInt, {{"a", kInt}});
  b.define(f, {b.ret(b.integer(0))});
  uint32_t main = b.declare("main", kInt);
  b.enter(main);
  E x = b.declareLocal("x", kInt);
  b.define(main, {b.call(nullptr, f, {x}), b.ret(b.integer(0))});
  expectFault(b, Fault::UndefinedRead, x->position, "x has no value");
}

TEST(Faults, DivisionByZero) {
  for (Operator op : {Operator::Div, Operator::Mod}) {
    Builder b;
    uint32_t zero = b.global("zero", kInt);
    E quotient = b.binary(b.integer(-7), op, b.variable(zero));
    b.function("main", kInt, {b.ret(quotient)});
    expectFault(b, Fault::DivisionByZero, quotient->position, "-7 " + std::string(spelling(op)) + " 0");
  }
  Builder b;
  E quotient = b.binary(b.natural(4000000000u), Operator::Div, b.natural(0));
  b.function("main", kInt, {b.ret(b.cast(kInt, quotient))});
  expectFault(b, Fault::DivisionByZero, quotient->position, "4000000000 / 0");
}

// The stack is charged layoutFrame's size for every call, main included; to the byte.
TEST(Faults, StackOverflowToTheByte) {
  auto build = [](Builder& b, core::Position& position) {
    uint32_t f = b.declare("f", kInt, {{"n", kInt}});
    b.enter(f);
    E n = b.local(0);
    S call = b.call(nullptr, f, {b.binary(n, Operator::Sub, b.integer(1))});
    position = call->position;
    b.define(f, {b.branch(b.binary(n, Operator::Greater, b.integer(0)), {call}), b.ret(b.integer(0))});
    b.function("main", kInt, {b.call(nullptr, f, {b.integer(9)}), b.ret(b.integer(0))});
  };
  Builder b;
  core::Position position;
  build(b, position);
  const uint32_t frame = layoutFrame(b.program, b.program.functions[0]).size;
  const uint32_t need = 10 * frame + layoutFrame(b.program, b.program.functions[1]).size;
  EXPECT_EQ(Trial(b, {0, need}).finish(), Stop::Ended);
  expectFault(b, Fault::StackOverflow, position,
              "f needs " + std::to_string(frame) + " bytes, " + std::to_string(frame - 1) + " of " +
                  std::to_string(need - 1) + " are left", {0, need - 1});
}

// What a call takes it gives back.
TEST(Faults, ReturnFreesTheStack) {
  Builder b;
  uint32_t i = b.global("i", kInt);
  uint32_t f = b.function("f", kInt, {b.ret(b.integer(0))});
  uint32_t main = b.function(
      "main", kInt, {b.loop(b.binary(b.variable(i), Operator::Less, b.integer(100)),
                            {b.call(nullptr, f), b.assign(b.variable(i), b.binary(b.variable(i), Operator::Add, b.integer(1)))}),
                     b.ret(b.integer(0))});
  const uint32_t need = layoutFrame(b.program, b.program.functions[f]).size + layoutFrame(b.program, b.program.functions[main]).size;
  EXPECT_EQ(Trial(b, {0, need}).finish(), Stop::Ended);
}

// A frame does not inherit what an earlier one left in the same room.
TEST(Faults, LocalsStartUndefinedEveryTime) {
  Builder b;
  uint32_t first = b.global("first", TypeTable::kBool, {1});
  uint32_t f = b.declare("f", kInt);
  b.enter(f);
  E x = b.declareLocal("x", kInt);
  b.define(f, {b.branch(b.variable(first), {b.assign(x, b.integer(1)), b.assign(b.variable(first), b.boolean(false))}), b.ret(x)});
  b.function("main", kInt, {b.call(nullptr, f), b.call(nullptr, f), b.ret(b.integer(0))});
  expectFault(b, Fault::UndefinedRead, x->position, "x has no value");
}

TEST(Faults, StackOverflowOfMain) {
  Builder b;
  uint32_t main = b.declare("main", kInt);
  b.enter(main);
  b.declareLocal("t", b.array(kInt, 100));
  b.define(main, {b.ret(b.integer(0))});
  const uint32_t size = layoutFrame(b.program, b.program.functions[main]).size;
  EXPECT_GE(size, 400u);
  EXPECT_EQ(Trial(b, {0, size}).finish(), Stop::Ended);
  expectFault(b, Fault::StackOverflow, b.program.functions[main].position,
              "main needs " + std::to_string(size) + " bytes, the stack has " + std::to_string(size - 1), {0, size - 1});
}

// A frame of nearly 2^31 bytes faults without being made; a fault of an argument comes first.
TEST(Faults, HugeFramesAreNotMade) {
  for (bool badArgument : {false, true}) {
    Builder b;
    uint32_t zero = b.global("zero", kInt);
    uint32_t f = b.declare("f", kInt, {{"n", kInt}});
    b.enter(f);
    b.declareLocal("t", b.array(TypeTable::kChar, 0x7FFFFFF0));
    b.define(f, {b.ret(b.integer(0))});
    E argument = badArgument ? b.binary(b.integer(1), Operator::Div, b.variable(zero)) : b.integer(1);
    b.function("main", kInt, {b.call(nullptr, f, {argument}), b.ret(b.integer(0))});
    EXPECT_EQ(faultOf(b).fault, badArgument ? Fault::DivisionByZero : Fault::StackOverflow);
  }
}

TEST(Faults, DanglingPointer) {
  Builder b;
  uint32_t p = b.global("p", b.pointer(kInt));
  uint32_t f = b.declare("f", kInt);
  b.enter(f);
  E x = b.declareLocal("x", kInt);
  b.define(f, {b.assign(x, b.integer(1)), b.assign(b.variable(p), b.address(x)),
               b.assign(b.deref(b.variable(p)), b.integer(2)), b.ret(x)});
  E star = b.deref(b.variable(p));
  uint32_t x2 = b.global("y", kInt);
  b.function("main", kInt, {b.call(b.variable(x2), f), b.call(b.variable(x2), f), b.ret(star)});
  Trial run(b);
  run.machine.step();
  const uint32_t first = run.machine.frame(2).serial;
  for (int i = 0; i < 4; i++) run.machine.step();
  EXPECT_EQ(run.global(x2), Value::number(2));  // through the pointer, while the frame was there
  EXPECT_EQ(run.machine.name({run.global(p).frame, run.global(p).variable, 0, kInt}), "frame#" + std::to_string(first) + ":0");
  expectFault(b, Fault::DanglingPointer, star->position, "p points into frame " + std::to_string(first + 1) + ", which has ended");
}

// Frames are found by number: those below by search, an ended one never, though younger ones exist.
TEST(Faults, DanglingPointerBelowYoungerFrames) {
  Builder b;
  TypeId link = b.pointer(kInt);
  uint32_t p = b.global("p", link);
  uint32_t keep = b.declare("keep", kInt);
  b.enter(keep);
  E x = b.declareLocal("x", kInt);
  b.define(keep, {b.assign(b.variable(p), b.address(x)), b.ret(b.integer(0))});
  uint32_t down = b.declare("down", kInt, {{"n", kInt}, {"q", link}});
  b.enter(down);
  E n = b.local(0), q = b.local(1), star = b.deref(b.variable(p));
  b.define(down, {b.assign(b.deref(q), b.binary(b.deref(q), Operator::Add, b.integer(1))),
                  b.branch(b.binary(n, Operator::Greater, b.integer(0)),
                           {b.call(nullptr, down, {b.binary(n, Operator::Sub, b.integer(1)), q}), b.ret(b.integer(0))}),
                  b.ret(star)});
  uint32_t main = b.declare("main", kInt);
  b.enter(main);
  E y = b.declareLocal("y", kInt);
  b.define(main, {b.assign(y, b.integer(0)), b.call(nullptr, keep), b.call(nullptr, down, {b.integer(5), b.address(y)}), b.ret(y)});
  Trial run(b);
  ASSERT_EQ(run.finish(), Stop::Faulted);
  EXPECT_EQ(run.machine.rd(), 7u);
  EXPECT_EQ(run.local(1, 0), Value::number(6));
  EXPECT_EQ(run.machine.fault().fault, Fault::DanglingPointer);
  EXPECT_EQ(run.machine.fault().position, star->position);
}

TEST(Faults, ConstWrite) {
  Builder b;
  uint32_t text = b.global("text", b.array(TypeTable::kChar, 3), {'h', 'i', 0});
  b.program.globals[text].constant = true;
  uint32_t p = b.global("p", b.pointer(TypeTable::kChar));
  S write = b.assign(b.deref(b.variable(p)), b.character('x'));
  b.function("main", kInt, {b.assign(b.variable(p), b.address(b.index(b.variable(text), b.integer(1)))), write,
                            b.ret(b.integer(0))});
  expectFault(b, Fault::ConstWrite, write->position, "text is constant");
}

// The store of a result is part of the return; the fault is the call's, in the caller.
TEST(Faults, ConstWriteOfAResult) {
  Builder b;
  uint32_t c = b.global("c", kInt);
  b.program.globals[c].constant = true;
  uint32_t f = b.declare("f", kInt);
  b.define(f, {b.ret(b.integer(1))});
  S call = b.call(b.variable(c), f);
  uint32_t main = b.function("main", kInt, {call, b.ret(b.integer(0))});
  const FaultReport report = faultOf(b);
  EXPECT_EQ(report.fault, Fault::ConstWrite);
  EXPECT_EQ(report.position, call->position);
  EXPECT_EQ(report.function, main);
}

TEST(Faults, ConstWriteHasNoOtherEffect) {
  Builder b;
  uint32_t put = b.declare("put_char", kInt, {{"c", TypeTable::kChar}});
  uint32_t c = b.global("c", kInt), p = b.global("p", b.pointer(kInt));
  b.program.globals[c].constant = b.program.globals[p].constant = true;
  b.function("main", kInt, {b.call(b.variable(c), put, {b.character('x')}), b.ret(b.integer(0))});
  Trial run(b);
  EXPECT_EQ(run.finish(), Stop::Faulted);
  EXPECT_EQ(run.console.output, "");

  Builder b2;
  p = b2.global("p", b2.pointer(kInt));
  b2.program.globals[p].constant = true;
  b2.function("main", kInt, {b2.allocate(b2.variable(p), kInt), b2.ret(b2.integer(0))});
  EXPECT_EQ(faultOf(b2).fault, Fault::ConstWrite);
}

TEST(Faults, FaultStatement) {
  Builder b;
  S stop = b.fault(Fault::Assertion);
  b.function("main", kInt, {stop});
  expectFault(b, Fault::Assertion, stop->position, object::faultMeaning(Fault::Assertion));
}

// The verifier wants an end that is never reached; the machine does not depend on it.
TEST(Faults, MissingReturn) {
  Builder b;
  uint32_t main = b.function("main", kInt, {b.skip()});
  Console console;
  Machine machine(b.program, console, {0, 4096});
  EXPECT_EQ(machine.step(), Stop::Running);
  EXPECT_EQ(machine.head(), nullptr);
  EXPECT_EQ(machine.step(), Stop::Faulted);
  EXPECT_EQ(machine.fault().fault, Fault::MissingReturn);
  EXPECT_EQ(machine.fault().position, b.program.functions[main].position);
}

// Left before right, address before value: the first of two faults is the one that is reported.
TEST(Faults, OrderIsLeftToRight) {
  Builder b;
  uint32_t t = b.global("t", b.array(kInt, 2)), zero = b.global("zero", kInt), p = b.global("p", b.pointer(kInt));
  auto division = [&] { return b.binary(b.integer(1), Operator::Div, b.variable(zero)); };
  auto outside = [&] { return b.index(b.variable(t), b.integer(2)); };
  auto null = [&] { return b.deref(b.variable(p)); };
  uint32_t f = b.declare("f", kInt, {{"a", kInt}, {"b", kInt}});
  b.define(f, {b.ret(b.integer(0))});
  uint32_t main = b.declare("main", kInt);
  auto check = [&](S statement, Fault fault) {
    b.define(main, {statement, b.ret(b.integer(0))});
    EXPECT_EQ(faultOf(b).fault, fault);
  };
  check(b.assign(outside(), division()), Fault::OutOfBounds);
  check(b.assign(b.variable(zero), b.binary(division(), Operator::Add, outside())), Fault::DivisionByZero);
  check(b.assign(b.variable(zero), b.binary(outside(), Operator::Mul, division())), Fault::OutOfBounds);
  check(b.call(null(), f, {division(), outside()}), Fault::NullDereference);
  check(b.call(nullptr, f, {division(), outside()}), Fault::DivisionByZero);
  check(b.assign(b.index(b.variable(t), division()), null()), Fault::DivisionByZero);
  // Within an index: the array's address, then the index, then the bound.
  E row = b.index(b.deref(b.null(b.pointer(b.array(kInt, 2)))), division());
  check(b.assign(row, b.integer(1)), Fault::NullDereference);
}

TEST(Faults, LazyOperatorsSkipFaults) {
  Builder b;
  uint32_t zero = b.global("zero", kInt), x = b.global("x", TypeTable::kBool);
  auto bad = [&] {
    return b.binary(b.binary(b.integer(1), Operator::Div, b.variable(zero)), Operator::Equal, b.integer(1));
  };
  b.function("main", kInt, {b.assign(b.variable(x), b.binary(b.boolean(true), Operator::LogicalOr, bad())),
                            b.assign(b.variable(x), b.binary(b.boolean(false), Operator::LogicalAnd, bad())),
                            b.ret(b.integer(0))});
  EXPECT_EQ(Trial(b).finish(), Stop::Ended);
  b.define(0, {b.assign(b.variable(x), b.binary(b.boolean(true), Operator::LogicalAnd, bad())), b.ret(b.integer(0))});
  EXPECT_EQ(faultOf(b).fault, Fault::DivisionByZero);
}

}  // namespace
}  // namespace interp::test
