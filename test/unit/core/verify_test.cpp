// verify() finds each broken rule; the unbroken program passes.
#include <gtest/gtest.h>

#include <functional>

#include "compiler/core/serialize.h"
#include "test/unit/core/builder.h"

namespace core::test {
namespace {

// A program with one of each; `break_` spoils it.
struct Sample {
  Builder b;
  TypeId pair, link, row;
  uint32_t g, f, main;
  E x, sum;
  S assign, call, ret;
  Sample() {
    pair = b.structure("pair", {{"a", kInt}, {"b", kBool}});
    link = b.pointer(pair);
    row = b.array(kInt, 3);
    g = b.global("g", pair, {1, 1});
    f = b.declare("f", kInt, {{"a", kInt}, {"s", pair}});
    b.define(f, {b.ret(b.integer(1))});
    main = b.declare("main", kInt);
    b.enter(main);
    x = b.declareLocal("x", kInt);
    b.declareLocal("r", row);
    sum = b.binary(x, Operator::Add, b.integer(1));
    assign = b.assign(x, sum);
    call = b.call(x, f, {x, b.variable(g)});
    ret = b.ret(x);
    b.define(main, {assign, call, ret});
  }
  Expr& spoil(const Expr* e) { return *const_cast<Expr*>(e); }
};

void expectBroken(const char* text, const std::function<void(Sample&)>& spoil) {
  Sample sample;
  EXPECT_TRUE(verify(sample.b.program));
  spoil(sample);
  const base::Status status = verify(sample.b.program);
  ASSERT_FALSE(status) << text;
  EXPECT_EQ(status.error().text, text);
  EXPECT_EQ(status.error().id, "bad-core");
}

TEST(Verify, Expressions) {
  const char* illTyped = "an ill-typed expression";
  expectBroken(illTyped, [](Sample& s) { s.spoil(s.sum).type = kBool; });
  expectBroken(illTyped, [](Sample& s) { s.spoil(s.sum).right = s.b.natural(1); });
  expectBroken(illTyped, [](Sample& s) { s.spoil(s.sum).op = Operator::Negate; });
  expectBroken(illTyped, [](Sample& s) { s.spoil(s.sum).op = Operator::Less; });
  expectBroken(illTyped, [](Sample& s) { s.spoil(s.sum).type = 1000; });
  expectBroken("a missing operand", [](Sample& s) { s.spoil(s.sum).right = nullptr; });
  expectBroken(illTyped, [](Sample& s) { s.spoil(s.x).value = 7; });
  expectBroken(illTyped, [](Sample& s) { s.assign->value = s.b.character(1), s.spoil(s.assign->value).value = 128; });
  expectBroken(illTyped, [](Sample& s) { s.assign->value = s.b.expr({ExprKind::Null, Operator::None, kInt, {}}); });
  expectBroken(illTyped, [](Sample& s) { s.assign->value = s.b.cast(kInt, s.b.null(s.link)); });
  expectBroken(illTyped, [](Sample& s) { s.assign->value = s.b.address(s.sum); });
  expectBroken(illTyped, [](Sample& s) {
    s.assign->value = s.b.field(s.b.variable(s.g), 0), s.spoil(s.assign->value).value = 2;
  });
  expectBroken(illTyped, [](Sample& s) { s.assign->value = s.b.index(s.b.local(1), s.b.boolean(true)); });
  expectBroken(illTyped, [](Sample& s) { s.spoil(s.sum).op = Operator::LogicalAnd, s.spoil(s.sum).type = kBool; });
  expectBroken(illTyped, [](Sample& s) {  // null of an incomplete type
    const TypeId open = s.b.pointer(s.b.program.types.declareStruct("open"));
    s.assign->value = s.b.cast(kInt, s.b.binary(s.b.null(open), Operator::Less, s.b.null(open)));
  });
}

TEST(Verify, Statements) {
  expectBroken("an assignment between different types", [](Sample& s) { s.assign->value = s.b.boolean(true); });
  expectBroken("an assignment between different types", [](Sample& s) { s.assign->target = s.assign->value = s.b.local(1); });
  expectBroken("a destination that is no variable", [](Sample& s) { s.assign->target = s.sum; });
  expectBroken("a missing expression", [](Sample& s) { s.assign->target = nullptr; });
  expectBroken("a call of a function that does not exist", [](Sample& s) { s.call->index = 9; });
  expectBroken("a call with a wrong number of arguments", [](Sample& s) { s.call->arguments = s.call->arguments.first(1); });
  expectBroken("an argument of another type", [](Sample& s) {
    s.call->arguments = s.b.program.list(std::vector<E>{s.b.boolean(true), s.b.variable(s.g)});
  });
  expectBroken("a call's destination of another type", [](Sample& s) { s.call->target = s.b.variable(s.g); });
  expectBroken("a return of another type", [](Sample& s) { s.ret->value = s.b.boolean(true); });
  expectBroken("a return without a value", [](Sample& s) { s.ret->value = nullptr; });
  expectBroken("statements out of order", [](Sample& s) { s.call->ordinal = 5; });
  expectBroken("statements out of order", [](Sample& s) { s.b.program.functions[s.main].statements.push_back(s.call); });
  expectBroken("an unknown fault", [](Sample& s) { s.b.define(s.main, {s.b.fault(Fault(99))}); });
  expectBroken("an unknown fault", [](Sample& s) { s.b.define(s.main, {s.b.fault(Fault::None)}); });
  expectBroken("a new of another type", [](Sample& s) { s.b.define(s.main, {s.b.allocate(s.x, s.pair), s.ret}); });
  expectBroken("a condition that is not bool", [](Sample& s) { s.b.define(s.main, {s.b.branch(s.x, {}), s.ret}); });
  expectBroken("an asm text with control characters", [](Sample& s) { s.b.define(s.main, {s.b.assembly("\x1b[2J"), s.ret}); });
  expectBroken("a position in a file that does not exist", [](Sample& s) { s.assign->position.file = 3; });
}

TEST(Verify, Loops) {
  const char* outside = "a break or continue outside of a while";
  expectBroken(outside, [](Sample& s) { s.b.define(s.main, {s.b.leave(), s.ret}); });
  expectBroken(outside, [](Sample& s) { s.b.define(s.main, {s.b.branch(s.b.boolean(true), {s.b.again()}), s.ret}); });
  expectBroken(outside, [](Sample& s) { s.b.define(s.main, {s.b.loop(s.b.boolean(true), {}), s.b.leave()}); });
  const char* inStep = "a continue in the step of its while";
  expectBroken(inStep, [](Sample& s) { s.b.define(s.main, {s.b.loop(s.b.boolean(true), {}, {s.b.again()})}); });
  expectBroken("a step of no while", [](Sample& s) {
    S branch = s.b.branch(s.b.boolean(true), {});
    branch->step = s.b.program.list(std::vector<const Stmt*>{s.b.skip()});
    s.b.define(s.main, {branch, s.ret});
  });
  Sample s;
  s.b.define(s.main, {s.b.loop(s.b.boolean(true), {s.b.again()}, {s.b.leave(), s.b.loop(s.b.boolean(true), {s.b.again()})}), s.ret});
  EXPECT_TRUE(verify(s.b.program));
}

TEST(Verify, ElementPointersAndHeapArrays) {
  const char* illTyped = "an ill-typed expression";
  auto set = [](Sample& s, E value) { s.b.define(s.main, {s.b.assign(s.x, value), s.ret}); };
  expectBroken(illTyped, [&](Sample& s) {  // pointer + pointer
    E p = s.b.null(s.link);
    set(s, s.b.binary(s.b.binary(p, Operator::Add, p), Operator::Sub, p));
  });
  expectBroken(illTyped, [&](Sample& s) {  // int - pointer
    E e = s.b.binary(s.x, Operator::Sub, s.b.null(s.link));
    set(s, e);
  });
  expectBroken(illTyped, [&](Sample& s) {  // difference of two types
    set(s, s.b.binary(s.b.null(s.link), Operator::Sub, s.b.null(s.b.pointer(kInt))));
  });
  expectBroken(illTyped, [&](Sample& s) {  // moved by a char
    E p = s.b.null(s.link);
    set(s, s.b.binary(s.b.binary(p, Operator::Add, s.b.character(1)), Operator::Sub, p));
  });
  expectBroken("a number of elements that is not int", [](Sample& s) {
    uint32_t p = s.b.global("p", s.link);
    s.b.define(s.main, {s.b.allocate(s.b.variable(p), s.pair, s.b.natural(1)), s.ret});
  });
  expectBroken(illTyped, [&](Sample& s) { set(s, s.b.cast(kInt, s.b.literal(TypeTable::kUChar, 256))); });
  expectBroken(illTyped, [&](Sample& s) { set(s, s.b.cast(kInt, s.b.literal(TypeTable::kShort, 0xFFFF))); });
  expectBroken(illTyped, [&](Sample& s) { set(s, s.b.cast(kInt, s.b.literal(TypeTable::kUShort, uint32_t(-1)))); });
  expectBroken("a destination for the result of a void function", [](Sample& s) {
    uint32_t f = s.b.declare("v", TypeTable::kVoid);
    s.b.define(s.main, {s.b.call(s.x, f), s.ret});
  });
  Sample s;
  E p = s.b.null(s.link);
  set(s, s.b.binary(s.b.binary(p, Operator::Add, s.b.natural(1)), Operator::Sub, s.b.binary(p, Operator::Sub, s.x)));
  EXPECT_TRUE(verify(s.b.program));
}

TEST(Verify, InitialPointers) {
  auto with = [](InitialPointer pointer) {
    return [=](Sample& s) {
      uint32_t p = s.b.global("p", s.b.structure("two", {{"i", kInt}, {"p", s.b.pointer(kInt)}}));
      s.b.global("t", s.b.array(kInt, 3));
      s.b.program.globals[p].pointers = {pointer};
      if (pointer.index == 1) s.b.program.globals[p].initial = {5, 0};
    };
  };
  auto good = [&](InitialPointer pointer) {
    Sample s;
    with(pointer)(s);
    return bool(verify(s.b.program));
  };
  EXPECT_TRUE(good({1, 2, 0}));
  EXPECT_TRUE(good({1, 2, 2}));
  EXPECT_TRUE(good({1, 2, 3, true}));
  EXPECT_TRUE(good({1, 1, 0}));
  const char* text = "an initial pointer of another type";
  expectBroken(text, with({1, 2, 3}));
  expectBroken(text, with({1, 2, 2, true}));
  expectBroken(text, with({1, 2, 0, true}));
  expectBroken(text, with({0, 2, 0}));
  expectBroken(text, with({1, 1, 1}));
  expectBroken(text, with({7, 2, 0}));
  expectBroken("an initial pointer to a global that does not exist", with({1, 9, 0}));
  expectBroken("an initial pointer with a value", [&](Sample& s) {
    with({1, 2, 0})(s);
    s.b.program.globals[1].initial = {5, 1};
  });
  expectBroken("initial pointers out of order", [&](Sample& s) {
    with({1, 2, 0})(s);
    s.b.program.globals[1].pointers.push_back({1, 2, 0});
  });
  expectBroken("an extern global with initial values", [&](Sample& s) {
    with({1, 2, 0})(s);
    s.b.program.globals[1].initial.clear();
    s.b.program.globals[1].defined = false;
  });
}

TEST(Verify, EndsOfBodies) {
  const char* text = "the end of the body can be reached";
  expectBroken(text, [](Sample& s) { s.b.define(s.main, {s.assign}); });
  expectBroken(text, [](Sample& s) { s.b.define(s.main, std::vector<S>{}); });
  expectBroken(text, [](Sample& s) { s.b.define(s.main, {s.b.branch(s.b.boolean(true), {s.ret})}); });
  expectBroken(text, [](Sample& s) { s.b.define(s.main, {s.b.loop(s.b.boolean(false), {})}); });
  Sample s;
  s.b.define(s.main, {s.b.branch(s.b.boolean(true), {s.b.ret(s.x)}, {s.b.fault(Fault::Assertion)})});
  EXPECT_TRUE(verify(s.b.program));
  s.b.define(s.main, {s.b.loop(s.b.boolean(true), {})});
  EXPECT_TRUE(verify(s.b.program));
  s.b.define(s.main, {s.ret, s.assign});  // what comes after is never reached
  EXPECT_TRUE(verify(s.b.program));
  s.b.define(s.main, {s.b.loop(s.b.boolean(true), {s.b.loop(s.b.boolean(true), {s.b.leave()})})});
  EXPECT_TRUE(verify(s.b.program));
  expectBroken(text, [](Sample& s) { s.b.define(s.main, {s.b.loop(s.b.boolean(true), {s.b.leave()})}); });
  expectBroken(text, [](Sample& s) { s.b.define(s.main, {s.b.loop(s.b.boolean(true), {}, {s.b.branch(s.b.boolean(true), {s.b.leave()})})}); });
}

TEST(Verify, Declarations) {
  expectBroken("a global without a name", [](Sample& s) { s.b.program.globals[s.g].name = ""; });
  expectBroken("a global without a name", [](Sample& s) { s.b.program.globals[s.g].name = "a b"; });
  expectBroken("a global of no complete type", [](Sample& s) { s.b.program.globals[s.g].type = TypeTable::kVoid; });
  expectBroken("the number of initial values is not the type's size", [](Sample& s) { s.b.program.globals[s.g].initial = {1}; });
  expectBroken("an initial value is outside its type", [](Sample& s) { s.b.program.globals[s.g].initial = {1, 2}; });
  expectBroken("an extern global with initial values", [](Sample& s) { s.b.program.globals[s.g].defined = false; });
  expectBroken("a placed global that is extern or has initial values",
               [](Sample& s) { s.b.program.globals[s.g].address = 0x1000; });
  auto place = [](uint32_t address) {
    return [address](Sample& s) { s.b.program.globals[s.g].initial.clear(), s.b.program.globals[s.g].address = address; };
  };
  expectBroken("a global placed where no memory can be", place(0x1002));
  expectBroken("a global placed where no memory can be", place(0x80000000));
  expectBroken("a global placed where no memory can be", place(0x7FFFFFFC));
  expectBroken("an impossible array of unknown length", [](Sample& s) { s.b.program.globals[s.g].open = true; });
  expectBroken("an impossible result type", [](Sample& s) { s.b.program.functions[s.f].result = s.row; });
  expectBroken("more parameters than variables", [](Sample& s) { s.b.program.functions[s.f].parameters = 3; });
  expectBroken("a variable of an impossible type", [](Sample& s) { s.b.program.functions[s.f].variables[1].type = s.row; });
  expectBroken("a variable of an impossible type",
               [](Sample& s) { s.b.program.functions[s.main].variables[1].type = TypeTable::kVoid; });
  expectBroken("statements in an extern function", [](Sample& s) { s.b.program.functions[s.f].defined = false; });
  expectBroken("an unknown primitive", [](Sample& s) { s.b.program.functions[s.b.declare("e", kInt)].primitive = Primitive(77); });
  expectBroken("an unknown primitive", [](Sample& s) { s.b.program.functions[s.b.declare("e", kInt)].primitive = Primitive::Exit; });
  expectBroken("a primitive of another type", [](Sample& s) { s.b.declare("exit", kInt); });
  expectBroken("a primitive with a body", [](Sample& s) { s.b.program.functions[s.f].primitive = Primitive::Exit; });
}

TEST(Verify, NamesThePlace) {
  Sample s;
  s.assign->value = s.b.boolean(true);
  s.assign->position = {12, 3, 0};
  EXPECT_EQ(verify(s.b.program).error().place, "function main, test.c0:12:3");
}

}  // namespace
}  // namespace core::test
