// Run-time checks: the right fault at the right operator, before any effect of the statement, and none where there is
// no fault.
#include "test/unit/codegen/compiled.h"

namespace codegen::test {
namespace {

using object::Fault;

// A program whose line 6 is `statement`.
std::string program(const std::string& statement) {
  return "extern int put_char(char c);\nextern int put_int(int value);\nstruct s { int n; int a[10]; struct s *next; "
         "};\n"
         "int g; int v[10]; char w[16]; struct s k; int one[1]; int huge[50000];\nint main() { struct s *p; int i; int "
         "ok; unsigned u; p = NULL; i = 10; u = 16u; ok = 0;\n" +
         statement + "\nreturn 0; }\n";
}

struct Case {
  const char* statement;
  Fault fault;
  uint32_t column;  // of the operator
};

const Case kCases[] = {
    {"ok = p->n;", Fault::NullDereference, 7},
    {"ok = (*p).n;", Fault::NullDereference, 7},
    {"p->n = 1;", Fault::NullDereference, 2},
    {"p = &k; ok = p->next->n;", Fault::NullDereference, 21},
    {"ok = p->a[2];", Fault::NullDereference, 7},
    {"k = *p;", Fault::NullDereference, 5},
    {"*p = k;", Fault::NullDereference, 1},
    {"ok = v[i];", Fault::OutOfBounds, 7},
    {"ok = v[i - 11];", Fault::OutOfBounds, 7},
    {"ok = v[u];", Fault::OutOfBounds, 7},
    {"v[i] = 1;", Fault::OutOfBounds, 2},
    {"w[u] = 'x';", Fault::OutOfBounds, 2},
    {"w[i - 27] = 'x';", Fault::OutOfBounds, 2},
    {"i = -2147483647 - 1; ok = v[i];", Fault::OutOfBounds, 28},
    {"i = 2147483647; ok = v[i];", Fault::OutOfBounds, 23},
    {"ok = one[i - 9];", Fault::OutOfBounds, 9},
    {"ok = huge[i * 5000];", Fault::OutOfBounds, 10},
    {"ok = huge[i - 11];", Fault::OutOfBounds, 10},
    {"p = &k; ok = p->a[i];", Fault::OutOfBounds, 18},
    {"ok = g / (i - 10);", Fault::DivisionByZero, 8},
    {"ok = g % (i - 10);", Fault::DivisionByZero, 8},
    {"u = u / (u - u);", Fault::DivisionByZero, 7},
    {"ok = i / g;", Fault::DivisionByZero, 8},
    {"v[i] = i / g;", Fault::OutOfBounds, 2},  // left-hand address first
    {"v[i / g] = p->n;", Fault::DivisionByZero, 5},
    {"ok = p->n + v[i];", Fault::NullDereference, 7},  // left to right
    {"ok = v[i] + p->n;", Fault::OutOfBounds, 7},
    {"p->n = put_char('x');", Fault::NullDereference, 2},  // destination before the call
    {"if (v[i] == 0) { ok = 1; }", Fault::OutOfBounds, 6},
    {"while (i / g == 0) { ok = 1; }", Fault::DivisionByZero, 10},
    {"ok = put_int(v[i]);", Fault::OutOfBounds, 15},
};

class Check : public testing::TestWithParam<Case> {};

TEST_P(Check, ReportsOperator) {
  const Case& test = GetParam();
  Outcome outcome = run(program(test.statement));
  ASSERT_TRUE(outcome.fault) << test.statement;
  EXPECT_EQ(outcome.fault->fault, test.fault) << test.statement;
  EXPECT_EQ(outcome.fault->position.line, 6u) << test.statement;
  EXPECT_EQ(outcome.fault->position.column, test.column) << test.statement;
  EXPECT_EQ(outcome.output, "") << test.statement;
}
INSTANTIATE_TEST_SUITE_P(All, Check, testing::ValuesIn(kCases));

TEST(Checks, LetGoodValuesThrough) {
  std::string text = program(
      "i = 0; while (i < 10) { v[i] = i; i = i + 1; } w[15u] = 'x'; w[u - 1u] = 'y'; p = &k; p->a[i - 1] = 3;"
      " ok = v[9] + p->a[9] + one[i - 10] + huge[i * 4999] / i; ok = put_int(ok);");
  EXPECT_EQ(run(text).output, "12");
}

TEST(Checks, AreAbsentWhenSwitchedOff) {
  Options options;
  options.checks = {false, false, false, false};
  std::string text = program("i = i + 1; ok = v[i]; ok = p->n;");
  Outcome outcome = run(text, options);
  EXPECT_EQ(outcome.status, 0u);
  object::Object checked = compile(text), unchecked = compile(text, options);
  EXPECT_LT(unchecked.section(".text")->bytes.size(), checked.section(".text")->bytes.size());
}

TEST(Checks, StackOverflowIsTheCalls) {
  std::string text =
      "int f(int n) {\n  int r;\n  int pad[100];\n  pad[0] = n;\n  r =\n    f(n + 1);\n  return r + pad[0];\n}\n"
      "int main() {\n  int r;\n  r = f(0);\n  return r;\n}\n";
  Outcome outcome = run(text);
  ASSERT_TRUE(outcome.fault);
  EXPECT_EQ(outcome.fault->fault, Fault::StackOverflow);
  EXPECT_EQ(outcome.fault->position.line, 6u);
}

// The stack holds exactly as many frames as its size divided by the frame says (decisions.md, 6).
TEST(Checks, StackLimitIsExact) {
  std::string text =
      "int depth;\nint f(int n) {\n  int r;\n  depth = n;\n  r = 0;\n  if (n > 1) { r = f(n - 1); }\n  return r;\n}\n"
      "int main() {\n  int r;\n  r = f(COUNT);\n  return r;\n}\n";
  object::Object unit = compile([&] {
    std::string t = text;
    return t.replace(t.find("COUNT"), 5, "1");
  }());
  auto map = object::readMap(unit.section(".c0map")->bytes);
  ASSERT_TRUE(map);
  uint32_t frame = (*map)[0].functions[0].frameSize, own = (*map)[0].functions[1].frameSize;
  for (uint32_t extra : {0u, 4u}) {
    linker::Options options;
    options.stackSize = own + 10 * frame - extra;
    std::string t = text;
    Outcome outcome = run(link({compile(t.replace(t.find("COUNT"), 5, "10"))}, options));
    EXPECT_EQ(outcome.fault.has_value(), extra != 0) << extra;
  }
}

}  // namespace
}  // namespace codegen::test
