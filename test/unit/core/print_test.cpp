#include "compiler/core/print.h"

#include <gtest/gtest.h>

#include "test/unit/core/builder.h"

namespace core::test {
namespace {

struct Print : ::testing::Test {
  Builder b;
  uint32_t f = b.declare("f", kInt, {{"x", kInt}, {"c", TypeTable::kBool}});
  E x = b.local(0), c = b.local(1);
  std::string expr(E e) { return print(b.program, b.program.functions[f], *e); }
  std::string head(S s) { return printHead(b.program, b.program.functions[f], *s); }
};

TEST_F(Print, ParenthesesOnlyWhereNeeded) {
  E sum = b.binary(x, Operator::Add, b.integer(1));
  EXPECT_EQ(expr(b.binary(sum, Operator::Mul, sum)), "(x + 1) * (x + 1)");
  EXPECT_EQ(expr(b.binary(sum, Operator::Sub, sum)), "x + 1 - (x + 1)");
  EXPECT_EQ(expr(b.binary(b.binary(x, Operator::Mul, x), Operator::Add, x)), "x * x + x");
  E less = b.binary(x, Operator::Less, sum);
  EXPECT_EQ(expr(b.binary(b.binary(less, Operator::LogicalOr, c), Operator::LogicalAnd, c)), "(x < x + 1 || c) && c");
  EXPECT_EQ(expr(b.unary(Operator::Not, less)), "!(x < x + 1)");
  EXPECT_EQ(expr(b.unary(Operator::Negate, b.unary(Operator::Negate, x))), "-(-x)");
  EXPECT_EQ(expr(b.unary(Operator::Negate, b.integer(-5))), "-(-5)");
  EXPECT_EQ(expr(b.binary(x, Operator::Sub, b.integer(-5))), "x - -5");
  EXPECT_EQ(expr(b.cast(TypeTable::kChar, sum)), "(char)(x + 1)");
  EXPECT_EQ(expr(b.binary(b.binary(x, Operator::And, x), Operator::ShiftLeft, x)), "(x & x) << x");
}

TEST_F(Print, Places) {
  TypeId node = b.program.types.declareStruct("node");
  TypeId row = b.array(kInt, 2);
  b.program.types.completeStruct(node, {{"next", b.pointer(node)}, {"row", row}});
  E p = b.variable(b.global("p", b.pointer(node))), q = b.variable(b.global("q", b.pointer(row)));
  E next = b.field(b.deref(p), 0);
  EXPECT_EQ(expr(b.index(b.field(b.deref(next), 1), x)), "p->next->row[x]");
  EXPECT_EQ(expr(b.index(b.deref(q), x)), "(*q)[x]");
  EXPECT_EQ(expr(b.address(b.deref(p))), "&*p");
  EXPECT_EQ(expr(b.field(b.variable(b.global("s", node)), 1)), "s.row");
}

TEST_F(Print, Literals) {
  EXPECT_EQ(expr(b.natural(4000000000u)), "4000000000u");
  EXPECT_EQ(expr(b.character('a')), "'a'");
  EXPECT_EQ(expr(b.character('\n')), "'\\n'");
  EXPECT_EQ(expr(b.character('\'')), "'\\''");
  EXPECT_EQ(expr(b.character(-1)), "'\\xff'");
  EXPECT_EQ(expr(b.integer(INT32_MIN)), "-2147483648");
  EXPECT_EQ(expr(b.boolean(true)), "true");
  EXPECT_EQ(expr(b.null(b.pointer(kInt))), "NULL");
  EXPECT_EQ(expr(b.literal(TypeTable::kUChar, 200)), "(unsigned char)200");
  EXPECT_EQ(expr(b.unary(Operator::Complement, b.cast(kInt, b.literal(TypeTable::kShort, uint32_t(-3))))), "~(int)(short)-3");
}

// NULL has its type wherever nothing else gives it.
TEST_F(Print, ElementPointers) {
  const TypeId link = b.pointer(kInt);
  E p = b.variable(b.global("p", link)), null = b.null(link);
  E moved = b.binary(p, Operator::Sub, b.binary(x, Operator::Add, b.integer(1)));
  EXPECT_EQ(expr(b.deref(moved)), "*(p - (x + 1))");
  EXPECT_EQ(expr(b.binary(moved, Operator::Sub, p)), "p - (x + 1) - p");
  EXPECT_EQ(expr(b.binary(null, Operator::Add, x)), "(int *)NULL + x");
  EXPECT_EQ(expr(b.binary(p, Operator::Less, null)), "p < (int *)NULL");
  EXPECT_EQ(expr(b.binary(p, Operator::Equal, null)), "p == NULL");
  EXPECT_EQ(expr(b.binary(null, Operator::NotEqual, null)), "NULL != (int *)NULL");
  EXPECT_EQ(expr(b.deref(null)), "*(int *)NULL");
}

TEST_F(Print, Heads) {
  EXPECT_EQ(head(b.assign(x, b.integer(1))), "x = 1;");
  EXPECT_EQ(head(b.call(x, f, {x, c})), "x = f(x, c);");
  EXPECT_EQ(head(b.call(nullptr, f, {x, c})), "f(x, c);");
  EXPECT_EQ(head(b.loop(c, {b.skip()})), "while (c)");
  EXPECT_EQ(head(b.branch(c, {b.skip()})), "if (c)");
  EXPECT_EQ(head(b.loop(c, {}, {b.skip()})), "while (c)");
  EXPECT_EQ(head(b.leave()), "break;");
  EXPECT_EQ(head(b.again()), "continue;");
  EXPECT_EQ(head(b.ret()), "return;");
  EXPECT_EQ(head(b.allocate(b.variable(b.global("p", b.pointer(kInt))), kInt)), "p = new(int);");
  EXPECT_EQ(head(b.allocate(b.variable(0), kInt, x)), "p = new(int, x);");
  EXPECT_EQ(head(b.assembly("\n  nop\n  nop\n")), "asm { nop; nop }");
  EXPECT_EQ(head(b.fault(Fault::Assertion)), "__fault(8 /* assertion */);");
}

TEST_F(Print, Program) {
  TypeId pair = b.structure("pair", {{"a", kInt}, {"t", b.array(TypeTable::kChar, 4)}});
  b.global("g", b.array(pair, 3), {1, 'x', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  b.global("text", b.array(TypeTable::kChar, 5), {'"', uint32_t(-1), 'a', 0, 0});
  b.program.globals.back().constant = true;
  uint32_t put = b.declare("put_char", kInt, {{"c", TypeTable::kChar}});
  uint32_t later = b.declare("later", TypeTable::kVoid);
  b.define(f, {b.branch(c, {b.loop(c, {b.skip()})}, {b.call(nullptr, later)}), b.ret(x)});
  b.define(later, {b.call(nullptr, put, {b.character('!')}), b.ret()});
  EXPECT_EQ(print(b.program),
            "struct pair;\n"
            "struct pair {\n"
            "  int a;\n"
            "  char t[4];\n"
            "};\n"
            "struct pair g[3] = {{1, \"x\\x01\"}};\n"
            "const char text[5] = \"\\\"\\xff\"\"a\";\n"
            "int f(int x, bool c);\n"
            "int put_char(char c);\n"
            "void later();\n"
            "\n"
            "int f(int x, bool c) {\n"
            "  if (c) {\n"
            "    while (c) {\n"
            "      ;\n"
            "    }\n"
            "  } else {\n"
            "    later();\n"
            "  }\n"
            "  return x;\n"
            "}\n"
            "\n"
            "void later() {\n"
            "  put_char('!');\n"
            "  return;\n"
            "}\n");
}

}  // namespace
}  // namespace core::test
