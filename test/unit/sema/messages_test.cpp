// Wording, notes and fix-its of the errors that people meet most.
#include <gtest/gtest.h>

#include "test/unit/sema/support.h"

namespace {

// The body starts at line 2, column 1.
std::string inBody(const std::string& body) {
  return test::analyze(
             "struct point { int first; int second; }; struct point p; int length; unsigned u; int *q; int add(int a, "
             "int b);\n" +
             std::string("int main() {\n") + body + "\nreturn 0; }")
      .messages;
}

TEST(Messages, Suggestions) {
  EXPECT_EQ(inBody("lenght = 1;"),
            "3:1: error: use of the undeclared variable 'lenght'; did you mean 'length'? [c0-undeclared]\n"
            "  fix 3:1-3:7: 'length'\n  note 1:62: 'length' is declared here\n");
  EXPECT_EQ(inBody("p.frist = 1;"),
            "3:3: error: no field 'frist' in 'struct point'; did you mean 'first'? [c0-undeclared-member]\n"
            "  fix 3:3-3:8: 'first'\n  note 1:20: 'first' is declared here\n");
  EXPECT_EQ(inBody("p.third = 1;"),
            "3:3: error: no field 'third' in 'struct point' [c0-undeclared-member]\n"
            "  note 1:8: 'struct point' is declared here\n");
  EXPECT_EQ(inBody("ad(1, 2);"),
            "3:1: error: use of the undeclared function 'ad' [c0-undeclared]\n"
            "  note: declare it first, as in: extern int ad(int x);\n");
  EXPECT_EQ(inBody("addd(1, 2);"),
            "3:1: error: use of the undeclared function 'addd'; did you mean 'add'? [c0-undeclared]\n"
            "  fix 3:1-3:5: 'add'\n  note 1:94: 'add' is declared here\n");
  EXPECT_EQ(inBody("unsinged x;"),
            "3:1: error: unknown type name 'unsinged'; did you mean 'unsigned'? [parse-unknown-type]\n"
            "  fix 3:1-3:9: 'unsigned'\n");
  EXPECT_EQ(inBody("point x;"),
            "3:1: error: the type is written 'struct point' [parse-unknown-type]\n  fix 3:1-3:1: 'struct '\n");
}

TEST(Messages, FixItsForConversions) {
  EXPECT_EQ(inBody("length = u;"),
            "3:10: error: the right side has type 'unsigned', but 'int' is needed here [c0-type-mismatch]\n"
            "  fix 3:10-3:10: '(int)'\n");
  EXPECT_EQ(inBody("length = u + 1u;"),
            "3:10: error: the right side has type 'unsigned', but 'int' is needed here [c0-type-mismatch]\n"
            "  fix 3:10-3:10: '(int)('\n  fix 3:16-3:16: ')'\n");
  EXPECT_EQ(inBody("u = u + 1;"),
            "3:7: error: the operands of '+' have different types, 'unsigned' and 'int' [c0-operand-types]\n"
            "  fix 3:10-3:10: 'u'\n");
  EXPECT_EQ(inBody("if (length) u = 1u;"),
            "3:5: error: the condition has type 'int', but must be bool [c0-condition]\n  fix 3:11-3:11: ' != 0'\n");
  EXPECT_EQ(inBody("while (q) u = 1u;"),
            "3:8: error: the condition has type 'int *', but must be bool [c0-condition]\n  fix 3:9-3:9: ' != NULL'\n");
  EXPECT_EQ(inBody("u = 4000000000;"),
            "3:5: error: this number is too large for int [c0-literal-range]\n  fix 3:15-3:15: 'u'\n");
}

TEST(Messages, Calls) {
  EXPECT_EQ(inBody("add(1);"),
            "3:6: error: too few arguments: 'add' has 2 parameters, the call gives 1 [c0-argument-count]\n"
            "  note 1:94: 'add' is declared here\n");
  EXPECT_EQ(inBody("add(1, 2, 3);"),
            "3:11: error: too many arguments: 'add' has 2 parameters, the call gives 3 [c0-argument-count]\n"
            "  note 1:94: 'add' is declared here\n");
  EXPECT_EQ(inBody("add(1, u);"),
            "3:8: error: the argument has type 'unsigned', but 'int' is needed here [c0-type-mismatch]\n"
            "  fix 3:8-3:8: '(int)'\n  note 1:94: declared here\n");
}

TEST(Messages, Brackets) {
  EXPECT_EQ(inBody("length = (1 + 2;"),
            "3:16: error: expected ')' before ';' [parse-expected]\n  note 3:10: to match this '('\n");
  EXPECT_EQ(
      test::analyze("int f() {\n  if (true) {\n    return 1;\n").messages,
      "4:1: error: expected '}' before the end of the file [parse-end-of-file]\n  note 2:13: to match this '{'\n");
}

// shared/anchors/compiler.md, section 4: all six, each with a note or a fix-it where there is one to give.
TEST(Messages, TheSixErrors) {
  test::Analysis analysis = test::analyze(
      "struct point {\n  int x;\n  int y;\n};\nstruct point p;\nint length;\n"
      "int add(int a, int b) {\n  return a + b;\n}\n"
      "int main() {\n  int r;\n  lenght = 4;\n  p.z = 1;\n  r = 2\n  length = \"x\" * 3;\n  r = add(1, 2, 3);\n  "
      "return r\n}\n");
  EXPECT_EQ(analysis.ids,
            "14:8 parse-missing-semicolon\n17:11 parse-missing-semicolon\n12:3 c0-undeclared\n"
            "13:5 c0-undeclared-member\n15:12 c0-string\n16:17 c0-argument-count\n");
}

// One mistake, one message.
TEST(Messages, NoCascades) {
  auto ids = [](const char* source) { return test::analyze(source).ids; };
  EXPECT_EQ(ids("nothing x; int f() { x = 1; x.y = 2; return x; }"), "1:1 parse-unknown-type\n");
  EXPECT_EQ(ids("int f(nothing x) { return 1; } int g() { return 0; }"), "1:7 parse-unknown-type\n");
  EXPECT_EQ(ids("int f() { y = y + 1; y = 2; return y; }"), "1:11 c0-undeclared\n");
  EXPECT_EQ(ids("struct s { nothing x; int y; }; struct s v; int f() { v.x = 1; return v.y; }"),
            "1:12 parse-unknown-type\n");
  EXPECT_EQ(ids("union u { int a; } v; int f() { v.a = 1; return v.a; }"), "1:1 c0-union\n");
  EXPECT_EQ(ids("int f() { if (1 +) { return 0; } else { g = 1; } while (true) { } return 1; }"),
            "1:18 parse-expected\n1:22 c0-return-place\n1:41 c0-undeclared\n");
  EXPECT_EQ(ids("int g; int f() { for (g = 0 g < 3; g++) { g = 1; } g = 2; return 0; }"), "1:29 parse-expected\n");
  EXPECT_EQ(ids("int f(int a,, int b) { return a; } int g() { return 0; }"), "1:13 parse-expected\n");
  EXPECT_EQ(ids("int f() { int x[3; x[0] = 1; return 0; } int g() { return 0; }"), "1:18 parse-expected\n");
}

TEST(Messages, ErrorsInAllFunctionsAreFound) {
  EXPECT_EQ(
      test::analyze("int f() { return x; }\nint g() { return 1 }\nint h( { return 2; }\nint i() { return y; }\n").ids,
      "1:18 c0-undeclared\n2:19 parse-missing-semicolon\n3:8 parse-expected\n4:18 c0-undeclared\n");
}

}  // namespace
