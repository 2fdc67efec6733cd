// The core's text can be read again (-std=core): reading what was printed and printing it gives the same text.
#include <gtest/gtest.h>

#include "test/unit/core/random_program.h"
#include "test/unit/sema/support.h"

namespace {

using namespace core::test;
using core::Operator;
using core::TypeId;
using core::TypeTable;
using test::Analysis;

Analysis readCore(const std::string& text) {
  sema::Options options;
  options.standard = sema::Standard::Core;
  options.assembly = true;
  return test::analyze(text, options);
}

void expectRoundTrip(const core::Program& program) {
  const std::string text = core::print(program);
  const Analysis again = readCore(text);
  ASSERT_EQ(again.messages, "") << text;
  EXPECT_EQ(again.verified, "") << text;
  EXPECT_EQ(again.core, text);
}

TEST(RoundTrip, RandomPrograms) {
  for (uint32_t seed = 0; seed < 300; seed++) {
    RandomProgram random(seed);
    expectRoundTrip(random.b.program);
    if (HasFatalFailure() || HasNonfatalFailure()) FAIL() << "seed " << seed;
  }
}

// Names that clash in the text, though not in the program: locals of one name, a local and a global, struct tags.
TEST(RoundTrip, NamesThatClash) {
  Builder b;
  TypeId first = b.structure("pair", {{"a", TypeTable::kInt}}), second = b.structure("pair", {{"b", b.pointer(first)}});
  b.structure("", {{"x", TypeTable::kInt}});
  uint32_t i = b.global("i", TypeTable::kInt);
  uint32_t main = b.declare("main", TypeTable::kInt, {{"main", second}});
  b.enter(main);
  E one = b.declareLocal("i", TypeTable::kInt), two = b.declareLocal("i", TypeTable::kInt);
  b.define(main, {b.assign(one, b.integer(1)), b.assign(two, b.integer(2)), b.assign(b.variable(i), b.integer(3)),
                  b.ret(b.integer(0))});
  const std::string text = core::print(b.program);
  EXPECT_NE(text.find("  i$2 = 1;\n  i$3 = 2;\n  i = 3;\n"), text.npos) << text;
  EXPECT_NE(text.find("struct pair$2 {\n  struct pair *b;"), text.npos) << text;
  expectRoundTrip(b.program);
}

TEST(RoundTrip, KeepsTheOrder) {
  for (const char* text : {"int a;\nextern int b;\nint c;\nint g();\nint f();\n\nint g() {\n  return 0;\n}\n",
                           "extern int *a;\nextern int b;\nint *a = &b;\nint b;\nint *c = &b;\n",
                           "static const char $str$0[3] = \"hi\";\nconst char *t = &$str$0[0];\n"}) {
    const Analysis read = readCore(text);
    EXPECT_EQ(read.messages, "");
    EXPECT_EQ(readCore(read.core).core, read.core);
  }
  EXPECT_EQ(readCore("extern int *a;\nextern int b;\nint *a = &b;\nint b = 4;\n").core,
            "extern int *a;\nextern int b;\nint *a = &b;\nint b = 4;\n");
}

std::string idsOf(const std::string& text) { return readCore(text).ids; }

TEST(RoundTrip, WhatCannotBeReadIsAnError) {
  EXPECT_EQ(idsOf("void f() { break; }"), "1:12 c0-break\n");
  EXPECT_EQ(idsOf("void f() { while (true) { } __step { continue; } }"), "1:38 c0-continue\n");
  EXPECT_EQ(idsOf("void f() { while (true) { while (true) { } __step { while (true) { continue; } } } }"), "");
  EXPECT_EQ(idsOf("int f() { while (true) { break; } }"), "1:35 c0-missing-return\n");
  EXPECT_EQ(idsOf("int f() { while (true) { while (true) { break; } } }"), "");
  EXPECT_EQ(idsOf("int a[2];\nint *p = &a[2];"), "2:10 c0-type-mismatch\n");
  EXPECT_EQ(idsOf("int a[2];\nint *p = &a[0] + 1;"), "2:10 c0-type-mismatch\n");
  EXPECT_EQ(idsOf("int a[2];\nint *p = &a[1] + 1;"), "");
  EXPECT_EQ(idsOf("int a;\nint *p = &a + 1;"), "");
  EXPECT_EQ(idsOf("bool b;\nint *p = &b;"), "2:10 c0-type-mismatch\n");
  EXPECT_EQ(idsOf("int *p;\nvoid f() { p = new(int, 3u); return; }"), "2:25 c0-type-mismatch\n");
  EXPECT_EQ(idsOf("int *p; bool b;\nvoid f() { b = p < p; p = p + true; return; }"), "2:29 c0-element-pointer\n");
  EXPECT_EQ(idsOf("struct s; struct s *p;\nvoid f() { p = p + 1; return; }"), "2:18 c0-element-pointer\n");
  EXPECT_EQ(test::analyze("int f() { return 1 $ ; }").ids, "1:20 parse-character\n");
  EXPECT_EQ(test::analyze("int f() { int a$; a = 1; return a; }").ids, "1:16 parse-character\n");
}

}  // namespace
