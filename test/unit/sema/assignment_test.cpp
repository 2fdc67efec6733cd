// Definite assignment (c0-unassigned): which paths count, as in Java.
#include <gtest/gtest.h>

#include "test/unit/sema/support.h"

namespace {

// Columns of the reported reads in the body, which starts at column 1 of line 2.
std::string reads(const std::string& body) {
  std::string ids =
      test::analyze("int g; bool b; int a[5]; struct s { int v; struct s *n; }; int id(int x) { return x; }\n" +
                    std::string("int f(int p) { int x; int y; bool t; struct s *q; struct s s; int v[3];\n") + body +
                    "\nreturn 0; }")
          .ids;
  std::string columns;
  size_t at = 0;
  while (at < ids.size()) {
    size_t end = ids.find('\n', at);
    std::string line = ids.substr(at, end - at);
    at = end + 1;
    if (line.substr(0, 2) != "3:" || line.find(" c0-unassigned") == line.npos) return "other: " + line;
    columns += line.substr(2, line.find(' ') - 2) + " ";
  }
  return columns;
}

TEST(Assignment, StraightLine) {
  EXPECT_EQ(reads("x = 1; g = x;"), "");
  EXPECT_EQ(reads("g = x;"), "5 ");
  EXPECT_EQ(reads("g = p;"), "");
  EXPECT_EQ(reads("x = x + 1;"), "5 ");
  EXPECT_EQ(reads("x = y; g = x;"), "5 ");
  EXPECT_EQ(reads("g = x; g = x;"), "5 ");  // once a path
}

TEST(Assignment, OnlySimpleVariables) {
  EXPECT_EQ(reads("g = s.v; g = v[1]; s = s;"), "");
  EXPECT_EQ(reads("s.v = 1; v[0] = 1;"), "");
}

TEST(Assignment, PlacesReadTheirOperands) {
  EXPECT_EQ(reads("a[x] = 1;"), "3 ");
  EXPECT_EQ(reads("q->v = 1;"), "1 ");
  EXPECT_EQ(reads("(*q).v = 1;"), "3 ");
  EXPECT_EQ(reads("v[x] = 1;"), "3 ");
  EXPECT_EQ(reads("q = new(struct s); q->v = 1; q->n = q;"), "");
  EXPECT_EQ(reads("q->n = new(struct s);"), "1 ");
}

TEST(Assignment, Calls) {
  EXPECT_EQ(reads("x = id(1); g = x;"), "");
  EXPECT_EQ(reads("id(x);"), "4 ");
  EXPECT_EQ(reads("x = id(x);"), "8 ");
  EXPECT_EQ(reads("a[x] = id(1);"), "3 ");
}

TEST(Assignment, Branches) {
  EXPECT_EQ(reads("if (b) x = 1; g = x;"), "19 ");
  EXPECT_EQ(reads("if (b) x = 1; else x = 2; g = x;"), "");
  EXPECT_EQ(reads("if (b) x = 1; else y = 2; g = x;"), "31 ");
  EXPECT_EQ(reads("if (b) { if (b) x = 1; else x = 2; } else x = 3; g = x;"), "");
}

TEST(Assignment, Loops) {
  EXPECT_EQ(reads("while (b) x = 1; g = x;"), "22 ");
  EXPECT_EQ(reads("while (b) { x = 1; g = x; }"), "");
  EXPECT_EQ(reads("while (x > 0) x = 1;"), "8 ");
  EXPECT_EQ(reads("while (true) { } g = x;"), "");  // never reached
  EXPECT_EQ(reads("while (!false || b) { } g = x;"), "");
  EXPECT_EQ(reads("while (false) g = x; g = y;"), "26 ");
}

TEST(Assignment, ConstantConditions) {
  EXPECT_EQ(reads("if (true) x = 1; g = x;"), "");
  EXPECT_EQ(reads("if (false) g = x; else x = 1; g = x;"), "");
  EXPECT_EQ(reads("if (b && false) g = x; else x = 1; g = x;"), "");
  EXPECT_EQ(reads("if (b || true) x = 1; g = x;"), "");
}

TEST(Assignment, LazyOperators) {
  EXPECT_EQ(reads("t = b && x == 1;"), "10 ");
  EXPECT_EQ(reads("x = 1; t = b || x == 1; b = t;"), "");
  EXPECT_EQ(reads("t = true || x == 1;"), "");
  EXPECT_EQ(reads("t = false && x == 1;"), "");
  EXPECT_EQ(reads("if (!(b && true)) x = 1; else x = 2; g = x;"), "");
}

// More variables than one word of the set holds.
TEST(Assignment, ManyVariables) {
  std::string declarations, assignments, sum = "0";
  for (int i = 0; i < 200; ++i) {
    std::string name = "v" + std::to_string(i);
    declarations += "int " + name + "; ";
    if (i != 131) assignments += "if (b) " + name + " = 1; else " + name + " = 2;\n";
    sum += " + " + name;
  }
  test::Analysis analysis =
      test::analyze("bool b; int f() {\n" + declarations + "\n" + assignments + "return " + sum + "; }");
  EXPECT_NE(analysis.messages.find("'v131' may be read before it is assigned"), std::string::npos);
  EXPECT_EQ(analysis.ids.find('\n'), analysis.ids.size() - 1) << analysis.ids;
}

}  // namespace
