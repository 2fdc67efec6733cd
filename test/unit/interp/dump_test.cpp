#include "test/unit/interp/trial.h"

namespace interp::test {
namespace {

// A list on the heap, a call under way, something undefined.
void build(Builder& b) {
  TypeId node = b.program.types.declareStruct("node");
  TypeId link = b.pointer(node);
  b.program.types.completeStruct(node, {{"value", kInt}, {"next", link}});
  b.global("head", link);
  b.global("t", b.array(TypeTable::kChar, 6), {1, 1, 1, uint32_t(-2), 0, 0});
  uint32_t f = b.declare("f", kInt, {{"flag", TypeTable::kBool}});
  b.enter(f);
  b.declareLocal("pair", b.array(kInt, 2));
  b.define(f, {b.assign(b.index(b.local(1), b.integer(1)), b.integer(8)), b.ret(b.integer(0))});
  uint32_t main = b.declare("main", kInt);
  b.enter(main);
  E x = b.declareLocal("x", kInt);
  b.define(main, {b.allocate(b.variable(0), node), b.allocate(b.field(b.deref(b.variable(0)), 1), node),
                  b.call(x, f, {b.boolean(true)}), b.ret(x)});
}

TEST(Dump, Text) {
  Builder b;
  build(b);
  Trial run(b);
  for (int i = 0; i < 4; i++) run.machine.step();
  EXPECT_EQ(run.machine.dumpText(),
            "rd 2\n"
            "pr f: 1; main: 3\n"
            "lms(0) globals\n"
            "  struct node *head = &heap#0\n"
            "  char t[6] = {1 x 3, -2, 0 x 2}\n"
            "lms(1) main #1\n"
            "  int x = undefined\n"
            "lms(2) f #2, called by main: 2 for main:x\n"
            "  bool flag = true\n"
            "  int pair[2] = {undefined, 8}\n"
            "hm 16 bytes\n"
            "  heap#0 struct node = {value = 0, next = &heap#1}\n"
            "  heap#1 struct node = {value = 0, next = null}\n");
}

TEST(Dump, Json) {
  Builder b;
  build(b);
  Trial run(b);
  for (int i = 0; i < 4; i++) run.machine.step();
  EXPECT_EQ(run.machine.dumpJson(),
            R"({"rd":2,"pr":[{"function":"f","statements":[1]},{"function":"main","statements":[3]}],)"
            R"("lms":[{"serial":0,"variables":[{"name":"head","type":"struct node *","value":)"
            R"({"pointer":"heap#0","frame":4294967295,"variable":0,"index":0}},)"
            R"({"name":"t","type":"char[6]","value":[1,1,1,-2,0,0]}]},)"
            R"({"serial":1,"function":"main","variables":[{"name":"x","type":"int","value":"undefined"}]},)"
            R"({"serial":2,"function":"f","call":2,"destination":{"pointer":"main:x","frame":1,"variable":0,"index":0},)"
            R"("variables":[{"name":"flag","type":"bool","value":true},{"name":"pair","type":"int[2]","value":["undefined",8]}]}],)"
            R"("hm":{"used":16,"variables":[{"type":"struct node","value":{"value":0,"next":)"
            R"({"pointer":"heap#1","frame":4294967295,"variable":1,"index":0}}},)"
            R"({"type":"struct node","value":{"value":0,"next":null}}]}})"
            "\n");
}

TEST(Dump, AfterTheEnd) {
  Builder b;
  b.function("main", kInt, {b.ret(b.integer(0))});
  Trial run(b);
  ASSERT_EQ(run.finish(), Stop::Ended);
  EXPECT_EQ(run.machine.dumpText(), "rd 0\npr\nlms(0) globals\nhm 0 bytes\n");
  EXPECT_EQ(run.machine.dumpJson(), R"({"rd":0,"pr":[],"lms":[{"serial":0,"variables":[]}],"hm":{"used":0,"variables":[]}})" "\n");
}

// Two machines in lockstep have equal dumps; after one more step of one they differ.
TEST(Dump, TellsConfigurationsApart) {
  Builder b;
  build(b);
  Trial one(b), two(b);
  do {
    EXPECT_EQ(one.machine.dumpText(), two.machine.dumpText());
    EXPECT_EQ(one.machine.dumpJson(), two.machine.dumpJson());
    const std::string before = two.machine.dumpText();
    one.machine.step();
    EXPECT_NE(one.machine.dumpText(), before);
  } while (two.machine.step() == Stop::Running);
}

}  // namespace
}  // namespace interp::test
