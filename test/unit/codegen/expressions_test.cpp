// Every operator, on variables and on constants, against the host's arithmetic: the values of a table of corners are
// stored in globals and passed through functions, the results compared there.
#include <climits>

#include "test/unit/codegen/compiled.h"

namespace codegen::test {
namespace {

const std::vector<int32_t>& corners() {
  static const std::vector<int32_t> list = {
      0,     1,      -1,      2,          -2,         3,       7,       10,      100,         127,
      128,   -128,   -129,    255,        256,        32767,   32768,   -32768,  -32769,      65535,
      65536, 100000, -100000, 0x12345678, 0x55555555, 1 << 30, INT_MAX, INT_MIN, INT_MIN + 1, -0x12340000};
  return list;
}

std::string intText(int32_t value) {
  return value == INT_MIN ? "(-2147483647 - 1)"
         : value < 0      ? "(-" + std::to_string(-int64_t(value)) + ")"
                          : std::to_string(value);
}
std::string unsignedText(uint32_t value) { return std::to_string(value) + "u"; }

struct Binary {
  const char* text;
  bool defined = true;
  uint32_t (*onInt)(int32_t, int32_t);
  uint32_t (*onUnsigned)(uint32_t, uint32_t);
};

template <class T>
uint32_t divide(T a, T b, bool remainder) {
  if (b == T(-1) && T(-1) < 0) return remainder ? 0 : 0 - uint32_t(a);
  return uint32_t(remainder ? a % b : a / b);
}

const Binary kBinary[] = {
    {"+", true, [](int32_t a, int32_t b) { return uint32_t(a) + uint32_t(b); },
     [](uint32_t a, uint32_t b) { return a + b; }},
    {"-", true, [](int32_t a, int32_t b) { return uint32_t(a) - uint32_t(b); },
     [](uint32_t a, uint32_t b) { return a - b; }},
    {"*", true, [](int32_t a, int32_t b) { return uint32_t(a) * uint32_t(b); },
     [](uint32_t a, uint32_t b) { return a * b; }},
    {"/", false, [](int32_t a, int32_t b) { return divide(a, b, false); },
     [](uint32_t a, uint32_t b) { return divide(a, b, false); }},
    {"%", false, [](int32_t a, int32_t b) { return divide(a, b, true); },
     [](uint32_t a, uint32_t b) { return divide(a, b, true); }},
    {"&", true, [](int32_t a, int32_t b) { return uint32_t(a & b); }, [](uint32_t a, uint32_t b) { return a & b; }},
    {"|", true, [](int32_t a, int32_t b) { return uint32_t(a | b); }, [](uint32_t a, uint32_t b) { return a | b; }},
    {"^", true, [](int32_t a, int32_t b) { return uint32_t(a ^ b); }, [](uint32_t a, uint32_t b) { return a ^ b; }},
    {"<<", true, [](int32_t a, int32_t b) { return uint32_t(a) << (b & 31); },
     [](uint32_t a, uint32_t b) { return a << (b & 31); }},
    {">>", true, [](int32_t a, int32_t b) { return uint32_t(a >> (b & 31)); },
     [](uint32_t a, uint32_t b) { return a >> (b & 31); }},
    {"==", true, [](int32_t a, int32_t b) { return uint32_t(a == b); },
     [](uint32_t a, uint32_t b) { return uint32_t(a == b); }},
    {"!=", true, [](int32_t a, int32_t b) { return uint32_t(a != b); },
     [](uint32_t a, uint32_t b) { return uint32_t(a != b); }},
    {"<", true, [](int32_t a, int32_t b) { return uint32_t(a < b); },
     [](uint32_t a, uint32_t b) { return uint32_t(a < b); }},
    {"<=", true, [](int32_t a, int32_t b) { return uint32_t(a <= b); },
     [](uint32_t a, uint32_t b) { return uint32_t(a <= b); }},
    {">", true, [](int32_t a, int32_t b) { return uint32_t(a > b); },
     [](uint32_t a, uint32_t b) { return uint32_t(a > b); }},
    {">=", true, [](int32_t a, int32_t b) { return uint32_t(a >= b); },
     [](uint32_t a, uint32_t b) { return uint32_t(a >= b); }},
};

bool isComparison(const std::string& op) {
  return op[0] == '=' || op[0] == '!' || (op[0] == '<' && op != "<<") || (op[0] == '>' && op != ">>");
}

// A program of functions that each store one result, and what the results must be.
struct Table {
  std::string functions, calls;
  std::vector<uint32_t> expected;
  int count = 0;

  // `text` uses x and y, of this type.
  void add(const std::string& type, const std::string& text, bool boolean, uint32_t x, uint32_t y, uint32_t result) {
    std::string name = "f" + std::to_string(count++);
    std::string cast = type == "int" ? "(unsigned)" : "";
    std::string store =
        boolean ? "  if (" + text + ") { r = 1u; } else { r = 0u; }\n" : "  r = " + cast + "(" + text + ");\n";
    functions += "int " + name + "(" + type + " x, " + type + " y) {\n" + store +
                 (boolean ? "  flag = " + text + ";\n  if (flag != (r == 1u)) { r = 99u; }\n" : "") +
                 "  return 0;\n}\n";
    auto value = [&](uint32_t v) { return type == "int" ? intText(int32_t(v)) : unsignedText(v); };
    calls += "  ok = " + name + "(" + value(x) + ", " + value(y) + "); ok = put_unsigned(r); ok = put_char(' ');\n";
    expected.push_back(result);
  }

  void check() {
    std::string text = std::string(kConsole) + "unsigned r;\nbool flag;\n" + functions + "int main() {\n  int ok;\n" +
                       calls + "  return 0;\n}\n";
    Outcome outcome = run(text);
    ASSERT_EQ(outcome.status, 0u);
    size_t at = 0;
    for (size_t i = 0; i < expected.size(); i++) {
      size_t end = outcome.output.find(' ', at);
      ASSERT_NE(end, std::string::npos);
      EXPECT_EQ(outcome.output.substr(at, end - at), std::to_string(expected[i])) << "f" << i;
      at = end + 1;
    }
  }
};

class BinaryOperator : public testing::TestWithParam<int> {};

TEST_P(BinaryOperator, OfVariables) {
  const Binary& op = kBinary[GetParam()];
  Table table;
  for (int32_t a : corners())
    for (int32_t b : {corners()[size_t(a) % corners().size()], 0, 1, -1, 3, INT_MIN, INT_MAX, 40, a}) {
      if (!op.defined && b == 0) continue;
      table.add("int", std::string("x ") + op.text + " y", isComparison(op.text), uint32_t(a), uint32_t(b),
                op.onInt(a, b));
      table.add("unsigned", std::string("x ") + op.text + " y", isComparison(op.text), uint32_t(a), uint32_t(b),
                op.onUnsigned(uint32_t(a), uint32_t(b)));
    }
  table.check();
}

TEST_P(BinaryOperator, OfVariableAndConstant) {
  const Binary& op = kBinary[GetParam()];
  Table table;
  for (int32_t b : corners()) {
    for (int32_t a : {0, 5, -5, INT_MIN, INT_MAX, b, int32_t(uint32_t(b) - 1), int32_t(uint32_t(b) + 1)}) {
      std::string right = std::string("x ") + op.text + " ", left = std::string(" ") + op.text + " y";
      uint32_t x = uint32_t(a), y = uint32_t(b);
      if (op.defined || b != 0) {
        table.add("int", right + intText(b), isComparison(op.text), x, 0, op.onInt(a, b));
        table.add("unsigned", right + unsignedText(y), isComparison(op.text), x, 0, op.onUnsigned(x, y));
      }
      if (op.defined || a != 0) {
        table.add("int", intText(b) + left, isComparison(op.text), 0, x, op.onInt(b, a));
        table.add("unsigned", unsignedText(y) + left, isComparison(op.text), 0, x, op.onUnsigned(y, x));
      }
    }
  }
  table.check();
}

INSTANTIATE_TEST_SUITE_P(All, BinaryOperator, testing::Range(0, int(std::size(kBinary))));

TEST(UnaryAndCasts, AllCorners) {
  Table table;
  for (int32_t a : corners()) {
    uint32_t x = uint32_t(a);
    table.add("int", "-x", false, x, 0, 0 - x);
    table.add("int", "~x", false, x, 0, ~x);
    table.add("unsigned", "-x", false, x, 0, 0 - x);
    table.add("int", "(int)(char)x", false, x, 0, uint32_t(int8_t(a)));
    table.add("unsigned", "(unsigned)(char)x", false, x, 0, uint32_t(int8_t(a)));
    table.add("int", "(int)(bool)x", false, x, 0, a != 0);
    table.add("int", "(bool)x", true, x, 0, a != 0);
    table.add("int", "!(x > y)", true, x, 5, !(a > 5));
    table.add("int", "x > y && x < 1000", true, x, 5, a > 5 && a < 1000);
    table.add("int", "x < y || !(x < 1000)", true, x, 5, a < 5 || a >= 1000);
    table.add("int", "!(x < y || x > 1000) && x != 7", true, x, 5, !(a < 5 || a > 1000) && a != 7);
  }
  table.check();
}

// The right side of && and || is evaluated only if the left one does not decide.
TEST(Lazy, SkipsTheRightSide) {
  std::string text = std::string(kConsole) +
                     "struct s { int n; };\n"
                     "int main() {\n  struct s *p;\n  bool b;\n  int r;\n  p = NULL;\n"
                     "  b = p != NULL && p->n == 1;\n  if (b) { r = 1; } else { r = 2; }\n"
                     "  b = p == NULL || p->n == 1;\n  if (b) { r = r + 10; }\n"
                     "  if (p == NULL || p->n / 0 == 1) { r = r + 100; }\n  return r;\n}\n";
  EXPECT_EQ(run(text).status, 112u);
}

// 1 + (2 + (3 + ..)): more operands wait than there are registers, at each depth around the limit.
TEST(Spills, DeepRightOperands) {
  for (int depth = 6; depth < 40; depth++) {
    std::string expression, close;
    int sum = 0, flipped = 0;
    for (int i = 0; i < depth; i++) {
      expression += "(a[" + std::to_string(i) + "] - ";
      close += ")";
    }
    for (int i = depth; i >= 0; i--) flipped = i * i - flipped;
    sum = flipped;
    std::string text = std::string(kConsole) +
                       "int a[64];\nint main() {\n  int i;\n  int ok;\n  i = 0;\n"
                       "  while (i < 64) { a[i] = i * i; i = i + 1; }\n  i = " +
                       expression + "a[" + std::to_string(depth) + "]" + close +
                       ";\n  ok = put_int(i);\n  return 0;\n}\n";
    EXPECT_EQ(run(text).output, std::to_string(sum)) << depth;
  }
}

}  // namespace
}  // namespace codegen::test
