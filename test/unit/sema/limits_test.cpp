// Input of any kind and size gives an error with a place, or is accepted: nesting, length, rubbish.
#include <gtest/gtest.h>

#include <random>

#include "test/unit/sema/support.h"

namespace {

std::string repeat(const std::string& text, size_t count) {
  std::string out;
  out.reserve(text.size() * count);
  for (size_t i = 0; i < count; ++i) out += text;
  return out;
}
std::string inMain(const std::string& body) { return "int main() { int x; bool b; " + body + " return 0; }"; }

// All that is said is one nesting-limit.
void expectLimit(const std::string& source) {
  test::Analysis analysis = test::analyze(source);
  EXPECT_FALSE(analysis.program);
  EXPECT_EQ(analysis.messages.find("[nesting-limit]\n"), analysis.messages.find('[')) << source.substr(0, 80);
  EXPECT_EQ(std::count(analysis.ids.begin(), analysis.ids.end(), '\n'), 1) << analysis.messages.substr(0, 400);
}
void expectFine(const std::string& source) {
  test::Analysis analysis = test::analyze(source);
  EXPECT_EQ(analysis.messages.substr(0, 400), "") << source.substr(0, 80);
  EXPECT_EQ(analysis.verified, "") << source.substr(0, 80);
}

TEST(Limits, Nesting) {
  expectLimit(inMain("x = " + repeat("(", 10000) + "1" + repeat(")", 10000) + ";"));
  expectLimit(inMain(repeat("{", 1000) + "x = 1;" + repeat("}", 1000)));
  expectLimit(inMain("b = " + repeat("!", 100000) + "true;"));
  expectLimit(inMain("x = 1" + repeat(" + 1", 250000) + ";"));  // a line of 1 MB
  expectLimit(inMain("x = 1" + repeat("[1]", 2000) + ";"));
  expectLimit(inMain(repeat("if (b) ", 2000) + ";"));
  expectLimit(inMain(repeat("if (b) ; else ", 2000) + ";"));
  expectLimit(inMain(repeat("while (b) ", 2000) + ";"));
  expectLimit(inMain(repeat("l: ", 2000) + ";"));
  expectLimit("struct s { struct s *n; }; struct s *p; int main() { p = p" + repeat("->n", 600) + "; return 0; }");
  expectLimit("int " + repeat("*", 5000) + "p;");
  expectLimit("int a" + repeat("[1]", 5000) + ";");
  expectLimit(repeat("struct a { ", 5000));
  expectLimit("int a = " + repeat("{", 5000));
  expectLimit("int main() { f" + repeat("(f", 5000));
  expectLimit("int main() { x = " + repeat("sizeof ", 5000) + "x; }");
  expectLimit("int main() { x = " + repeat("a ? b : ", 5000) + "c; }");
  expectLimit("int main() { x = " + repeat("x = ", 5000) + "c; }");
}

TEST(Limits, NestingOfTypesAcrossDeclarations) {
  std::string pointers = "typedef int t0;\n", structs = "struct s0 { int x; };\n";
  for (int i = 0; i < 1200; ++i) {
    std::string from = std::to_string(i), to = std::to_string(i + 1);
    pointers += "typedef t" + from + " *t" + to + ";\n";
    structs += "struct s" + to + " { struct s" + from + " f; };\n";
  }
  EXPECT_EQ(test::analyze(pointers).ids, "1002:15 nesting-limit\n");
  EXPECT_EQ(test::analyze(structs).ids.substr(0, 21), "1001:8 nesting-limit\n");
}

// As deep as is allowed: every phase gets through it.
TEST(Limits, TheDeepestThatIsAllowed) {
  expectFine(inMain("x = " + repeat("(", 990) + "1" + repeat(")", 990) + ";"));
  expectFine(inMain(repeat("{", 990) + "x = 1;" + repeat("}", 990)));
  expectFine(inMain("b = " + repeat("!", 990) + "true;"));
  expectFine(inMain("x = 1" + repeat(" + 1", 990) + ";"));
  expectFine(inMain("b = true;" + repeat("if (b) ; else ", 990) + ";"));
  expectFine("struct s { struct s *n; }; struct s *p; int main() { p = p" + repeat("->n", 495) + "; return 0; }");
}

TEST(Limits, LongLines) {
  expectFine(inMain("x = 1; " + repeat("x = x + 1; ", 90000)));
  expectFine("int " + repeat("a", 1000000) + ";\n");
  EXPECT_EQ(test::analyze("int f() { return " + repeat("a", 1000000) + "; }").ids, "1:18 c0-undeclared\n");
  EXPECT_EQ(test::analyze(inMain("x = " + repeat("9", 1000000) + ";")).ids, "1:33 c0-literal-range\n");
}

TEST(Limits, HugeConstants) {
  EXPECT_EQ(test::analyze("char a[2147483647]; char b[2147483648u]; char c[4294967295u]; int d[536870912];").ids,
            "1:28 c0-array-size\n1:49 c0-array-size\n1:69 c0-array-size\n");
  EXPECT_EQ(test::analyze("int a[65536][65536];").ids, "1:7 c0-array-size\n");
}

TEST(Limits, NulBytes) {
  EXPECT_EQ(test::analyze(std::string("int x;\0\0 int y;\0", 16)).ids, "1:7 parse-character\n1:16 parse-character\n");
  EXPECT_EQ(test::analyze(std::string("/* \0 */ int x; // \0\nint y;", 26)).messages, "");
  EXPECT_EQ(test::analyze(std::string("// \0 x y\nint z;\0", 17)).ids, "2:7 parse-character\n");
  EXPECT_EQ(test::analyze(std::string("int f() { x = 'a\0'; }", 21)).ids.substr(0, 22), "1:15 parse-unterminate");
}

TEST(Limits, ManyErrorsAreFoundInLinearTime) {
  EXPECT_EQ(test::analyze(inMain(repeat("x = ;\n", 20000))).messages.substr(0, 6), "1:33: ");
  std::string unknown;
  for (int i = 0; i < 20000; ++i) unknown += "variable" + std::to_string(i) + " = 1;\n";
  EXPECT_EQ(test::analyze(inMain(unknown)).messages.substr(0, 6), "1:29: ");
}

TEST(Limits, ManyFieldsAndLocals) {
  std::string fields = "struct s {\n", uses = "struct s v; int main() {\n";
  for (int i = 0; i < 20000; ++i) {
    fields += "int f" + std::to_string(i) + ";\n";
    uses += "v.f" + std::to_string(i) + " = 1;\n";
  }
  expectFine(fields + "};\n" + uses + "return 0; }");
}

// Rubbish, and programs with bytes changed, left out, doubled: no crash, and an error unless it is accepted.
TEST(Limits, Rubbish) {
  std::mt19937 random(7);
  const std::string program =
      "typedef struct node *list; struct node { int v; list next; int a[4]; };\nlist head; int total; char c; bool b;\n"
      "int sum(list from, unsigned n) {\n  int s; list p;\n  s = 0; p = from;\n"
      "  while (p != NULL && n > 0u) { s = s + p->v * (int)c; p = p->next; n = n - 1u; }\n"
      "  if (!b || s < -1) { p = new(struct node); } else total = sum(p, 0x10u);\n"
      "  for (s = 0; s < 3; s++) switch (s) { case 1: break; default: s += 2; }\n  return s;\n}\n";
  const std::string pieces[] = {"{",  "}",  "(",  ")",       "[",        "]",    ";",     ",",      "*",
                                "'",  "\"", "/*", "struct ", "typedef ", "int ", "= {",   "asm {",  "\\",
                                "\0", "#",  "&",  "...",     "?",        ":",    "else ", "return "};
  for (int round = 0; round < 3000; ++round) {
    std::string text = program;
    for (int edits = 1 + int(random() % 4); edits > 0; --edits) {
      size_t at = random() % text.size();
      switch (random() % 4) {
        case 0: text[at] = char(random()); break;
        case 1: text.erase(at, 1 + random() % 20); break;
        case 2: text.insert(at, text.substr(random() % text.size(), random() % 20)); break;
        case 3: text.insert(at, pieces[random() % std::size(pieces)]); break;
      }
      if (text.empty()) text = " ";
    }
    sema::Options options;
    options.standard = round % 2 ? sema::Standard::Core : sema::Standard::C0;
    options.assembly = round % 3 == 0;
    test::Analysis analysis = test::analyze(text, options);
    EXPECT_EQ(analysis.program.has_value(), analysis.messages.empty()) << text;
    EXPECT_EQ(analysis.verified, "") << text;
  }
  std::string bytes(50000, ' ');
  for (char& byte : bytes) byte = char(random());
  EXPECT_FALSE(test::analyze(bytes).program);
}

}  // namespace
