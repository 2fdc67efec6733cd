// What each feature of C0X becomes, as the core prints it; and every result is well-formed and can be read back.
#include <gtest/gtest.h>

#include "test/unit/sema/support.h"

namespace {

constexpr const char* kPrelude = "int g; int f(int x); void v(); bool b(); struct s { int a; char c; } *p; int a[9];\n";

// The body of `int fn(int x, int y) { .. }`, without the declarations of its variables.
std::string lowered(const std::string& body) {
  test::Analysis analysis =
      test::analyze(std::string(kPrelude) + "int fn(int x, int y) { " + body + "}", sema::Standard::C0X);
  EXPECT_EQ(analysis.messages, "") << body;
  EXPECT_EQ(analysis.verified, "") << body;
  test::Analysis again = test::analyze(analysis.core, sema::Standard::Core);
  EXPECT_EQ(again.messages, "") << analysis.core;
  EXPECT_EQ(again.core, analysis.core);
  size_t at = analysis.core.find("int fn(int x, int y) {\n");
  if (at == std::string::npos) return analysis.core;
  std::string text, line;
  for (char c : analysis.core.substr(at + 23)) {
    line += c;
    if (c != '\n') continue;
    size_t first = line.find_first_not_of(' ');
    bool declares = line.find(" = ") == line.npos && line.find('(') == line.npos && line.find(' ', first) != line.npos &&
                    line.ends_with(";\n") && line.substr(first, 6) != "return";
    if (!declares && line != "}\n") text += line.substr(2);
    line.clear();
  }
  return text;
}

TEST(Lower, Conversions) {
  EXPECT_EQ(lowered("char c = x; unsigned u = c; return u + c < 1;"),
            "c = (char)x;\nu = (unsigned)c;\nreturn (int)(u + (unsigned)c < 1u);\n");
  EXPECT_EQ(lowered("return p && !x;"), "return (int)(p != NULL && !(x != 0));\n");
}

TEST(Lower, CallsInExpressions) {
  EXPECT_EQ(lowered("return f(x) + g * f(f(y));"),
            "$t1 = f(x);\n$t2 = g;\n$t4 = f(y);\n$t3 = f($t4);\nreturn $t1 + $t2 * $t3;\n");
  EXPECT_EQ(lowered("return x + f(y);"), "$t1 = f(y);\nreturn x + $t1;\n");
}

TEST(Lower, Assignments) {
  EXPECT_EQ(lowered("x = y = 3; return x;"), "y = 3;\nx = y;\nreturn x;\n");
  EXPECT_EQ(lowered("a[f(x)] += 2; return 0;"), "$t1 = f(x);\na[$t1] = a[$t1] + 2;\nreturn 0;\n");
  EXPECT_EQ(lowered("p->c += x; return 0;"), "$t1 = p;\n$t1->c = (char)((int)$t1->c + x);\nreturn 0;\n");
}

TEST(Lower, Increments) {
  EXPECT_EQ(lowered("return x++ + ++y;"), "$t1 = x;\nx = $t1 + 1;\ny = y + 1;\nreturn $t1 + y;\n");
  EXPECT_EQ(lowered("a[x++] = y--; return 0;"), "$t1 = x;\nx = $t1 + 1;\n$t2 = y;\ny = $t2 - 1;\na[$t1] = $t2;\nreturn 0;\n");
}

TEST(Lower, Conditional) {
  EXPECT_EQ(lowered("x = y ? 1 : f(2); return x;"), "if (y != 0) {\n  x = 1;\n} else {\n  x = f(2);\n}\nreturn x;\n");
  EXPECT_EQ(lowered("if (b() && x) v(); return 0;"), "$t1 = b();\nif ($t1 && x != 0) {\n  v();\n}\nreturn 0;\n");
  EXPECT_EQ(lowered("if (x && b()) v(); return 0;"), "if (x != 0) {\n  $t1 = b();\n  if ($t1) {\n    v();\n  }\n}\nreturn 0;\n");
}

TEST(Lower, Loops) {
  EXPECT_EQ(lowered("for (int i = 0; i < x; i++) if (i == 3) continue; return 0;"),
            "i = 0;\nwhile (i < x) {\n  if (i == 3) {\n    continue;\n  }\n} __step {\n  i = i + 1;\n}\nreturn 0;\n");
  EXPECT_EQ(lowered("do v(); while (b()); return 0;"),
            "while (true) {\n  v();\n} __step {\n  $t1 = b();\n  if (!$t1) {\n    break;\n  }\n}\nreturn 0;\n");
}

TEST(Lower, Switch) {
  EXPECT_EQ(lowered("switch (x) { case 1: case 2: return 5; case 7: y = 1; break; default: y = 2; } return y;"),
            "if (x >= 1 && x <= 2) {\n  return 5;\n} else {\n  if (x == 7) {\n    y = 1;\n  } else {\n    y = 2;\n  }\n}\nreturn y;\n");
  EXPECT_EQ(lowered("switch (x) { case 1: y = 1; case 2: y = 2; } return y;"),
            "$t1 = x;\nif ($t1 >= 1 && $t1 <= 2) {\n  if ($t1 != 2) {\n    y = 1;\n  }\n  y = 2;\n}\nreturn y;\n");
}

// Scattered labels: a search for the section's number, then the sections by number.
TEST(Lower, SwitchByNumber) {
  const std::string text = lowered(
      "switch (x) { case 1: case 9: y = 1; break; case 2: case 5: y = 2; break; case 3: case 4: case 8: y = 3; break; } return y;");
  EXPECT_EQ(text.substr(0, 11), "$t1 = 3;\nif");
  EXPECT_NE(text.find("if (x >= 3 && x <= 4) {\n"), text.npos) << text;
  EXPECT_NE(text.find("if ($t1 == 0) {\n  y = 1;\n} else {\n  if ($t1 == 1) {\n    y = 2;\n  } else {\n    if ($t1 == 2) {\n      y = 3;\n"),
            text.npos) << text;
}

// Left before right, as they stand in the source; what the right side could change is read before it.
TEST(Lower, Order) {
  EXPECT_EQ(lowered("g += f(1); return 0;"), "$t1 = g;\n$t2 = f(1);\ng = $t1 + $t2;\nreturn 0;\n");
  EXPECT_EQ(lowered("x += f(1); return 0;"), "$t1 = f(1);\nx = x + $t1;\nreturn 0;\n");
  EXPECT_EQ(lowered("x += x++; return 0;"), "$t1 = x;\n$t2 = x;\nx = $t2 + 1;\nx = $t1 + $t2;\nreturn 0;\n");
  EXPECT_EQ(lowered("int *q = a; return *(x++ + q++);"),
            "q = &a[0];\n$t1 = x;\nx = $t1 + 1;\n$t2 = q;\nq = $t2 + 1;\nreturn *($t2 + $t1);\n");
  EXPECT_EQ(lowered("return (x++)[a + f(2)];"), "$t1 = x;\nx = $t1 + 1;\n$t2 = f(2);\nreturn *(&a[0] + $t2 + $t1);\n");
}

TEST(Lower, Initialisers) {
  EXPECT_EQ(lowered("int z[3] = {x, [2] = y}; return z[0];"), "z[1] = 0;\nz[0] = x;\nz[2] = y;\nreturn z[0];\n");
}

TEST(Lower, MissingReturn) {
  EXPECT_EQ(lowered("if (x) return 1;"), "if (x != 0) {\n  return 1;\n}\n__fault(7 /* missing-return */);\n");
}

}  // namespace
