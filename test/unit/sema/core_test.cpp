// What the front end makes of programs that obey the rules: the core, its positions, and the order of its parts.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "test/unit/sema/support.h"

namespace {

using core::TypeTable;

std::string coreOf(const std::string& source, sema::Standard standard = sema::Standard::C0) {
  test::Analysis analysis = test::analyze(source, standard);
  EXPECT_EQ(analysis.messages, "") << source;
  EXPECT_EQ(analysis.verified, "") << source;
  return analysis.core;
}

// The statement in a function whose variables are given, as the core prints it.
std::string statement(const std::string& text) {
  std::string core = coreOf(
      "struct node { int v; struct node *next; int a[4]; bool b; }; typedef struct node *list; typedef int "
      "grid[3][5];\n"
      "int g; unsigned u; char c; bool t; list head; grid m; struct node s; int *pi; grid *pg;\n"
      "int one(int x); struct node make(int x, struct node y);\n"
      "int main() { " +
      text + " return 0; }");
  size_t from = core.find("int main() {\n"), to = core.find("  return 0;\n}", from);
  if (from == core.npos || to == core.npos) return core;
  from += 13;
  return core.substr(from, to - from);
}

TEST(Core, Statements) {
  EXPECT_EQ(statement(";"), "  ;\n");
  EXPECT_EQ(statement("{ g = 1; { g = 2; } }"), "  g = 1;\n  g = 2;\n");
  EXPECT_EQ(statement("g = one(2);"), "  g = one(2);\n");
  EXPECT_EQ(statement("one(g);"), "  one(g);\n");
  EXPECT_EQ(statement("s = make(1, *head);"), "  s = make(1, *head);\n");
  EXPECT_EQ(statement("head = new(struct node);"), "  head = new(struct node);\n");
  EXPECT_EQ(statement("pg = new(grid);"), "  pg = new(int[3][5]);\n");
  EXPECT_EQ(statement("if (t) g = 1; else if (g == 2) g = 3; else { }"),
            "  if (t) {\n    g = 1;\n  } else {\n    if (g == 2) {\n      g = 3;\n    }\n  }\n");
  EXPECT_EQ(statement("while (g < 3) { g = g + 1; }"), "  while (g < 3) {\n    g = g + 1;\n  }\n");
  EXPECT_EQ(statement("s = *head; *head = s; m[g][2] = 7;"), "  s = *head;\n  *head = s;\n  m[g][2] = 7;\n");
}

TEST(Core, Expressions) {
  EXPECT_EQ(statement("g = 1 + 2 * 3 - 4 / 5 % 6;"), "  g = 1 + 2 * 3 - 4 / 5 % 6;\n");
  EXPECT_EQ(statement("g = (1 + 2) * 3 & 4 ^ 5 | 6 << 1 >> 2;"), "  g = (1 + 2) * 3 & 4 ^ 5 | 6 << 1 >> 2;\n");
  EXPECT_EQ(statement("t = !(g < 1) && g >= 2 || c == 'a' && t != false;"),
            "  t = !(g < 1) && g >= 2 || c == 'a' && t != false;\n");
  EXPECT_EQ(statement("u = ~u + 5u; g = -g;"), "  u = ~u + 5u;\n  g = -g;\n");
  EXPECT_EQ(statement("g = head->next->a[s.v];"), "  g = head->next->a[s.v];\n");
  EXPECT_EQ(statement("pi = &head->a[1]; pi = &g; head = &s; pg = &m; g = (*pg)[1][2];"),
            "  pi = &head->a[1];\n  pi = &g;\n  head = &s;\n  pg = &m;\n  g = (*pg)[1][2];\n");
  EXPECT_EQ(statement("pi = &*pi;"), "  pi = &*pi;\n");
  EXPECT_EQ(statement("g = (int)c; c = (char)g; u = (unsigned)g; t = (bool)u; g = (int)t;"),
            "  g = (int)c;\n  c = (char)g;\n  u = (unsigned)g;\n  t = (bool)u;\n  g = (int)t;\n");
  EXPECT_EQ(statement("t = head == NULL; t = NULL != pi; head = NULL; t = c < 'z';"),
            "  t = head == NULL;\n  t = NULL != pi;\n  head = NULL;\n  t = c < 'z';\n");
  EXPECT_EQ(statement("u = sizeof(struct node); u = sizeof(grid); u = sizeof(char); u = sizeof(list);"),
            "  u = 28u;\n  u = 60u;\n  u = 1u;\n  u = 4u;\n");
}

TEST(Core, Literals) {
  EXPECT_EQ(statement("g = 2147483647; g = -2147483648; g = - 5; g = 0;"),
            "  g = 2147483647;\n  g = -2147483648;\n  g = -5;\n  g = 0;\n");
  EXPECT_EQ(statement("g = 0x7fffffff; u = 0x80000000; u = 0xFFFFFFFF; u = 0x10u; u = 4294967295U;"),
            "  g = 2147483647;\n  u = 2147483648u;\n  u = 4294967295u;\n  u = 16u;\n  u = 4294967295u;\n");
  EXPECT_EQ(
      statement("c = 'a'; c = '\\n'; c = '\\0'; c = '\\x41'; c = '\\xff'; c = '\\''; c = '\"'; c = '\\101';"),
      "  c = 'a';\n  c = '\\n';\n  c = '\\x00';\n  c = 'A';\n  c = '\\xff';\n  c = '\\'';\n  c = '\"';\n  c = 'A';\n");
}

TEST(Core, Declarations) {
  EXPECT_EQ(coreOf("typedef struct list *link; struct list { int v; link next; }; extern int put_char(char);\n"
                   "extern int used; extern int unused; int a[2 * 3 + 1], *p, (*q)[2];\n"
                   "int main(void) { put_char('x'); a[0] = used; return 0; }\n"),
            "struct list;\nstruct list {\n  int v;\n  struct list *next;\n};\nint a[7];\nint *p;\nint (*q)[2];\n"
            "extern int used;\nint main();\nint put_char(char p1);\n\nint main() {\n  put_char('x');\n  a[0] = used;\n "
            " return 0;\n}\n");
  // A later definition completes what an earlier declaration announced.
  EXPECT_EQ(coreOf("extern int x; int f(int); int main() { x = f(1); return x; } int x; int f(int n) { return n; }"),
            "int x;\nint main();\nint f(int n);\n\nint main() {\n  x = f(1);\n  return x;\n}\n\nint f(int n) {\n  "
            "return n;\n}\n");
  EXPECT_EQ(coreOf(""), "");
  EXPECT_EQ(coreOf("/* nothing */ // here\n"), "");
}

TEST(Core, NamesInTheirScopes) {
  // A parameter hides a global and a type; a field and a tag have names of their own.
  EXPECT_EQ(
      coreOf("typedef int t; struct t { t t; }; int x; struct t v;\nint f(int x, bool t) { int v; v = x; return v; }\n"
             "t g() { v.t = x; return v.t; }"),
      "struct t;\nstruct t {\n  int t;\n};\nint x;\nstruct t v;\n\nint f(int x, bool t) {\n  int v;\n  v = x;\n"
      "  return v;\n}\n\nint g() {\n  v.t = x;\n  return v.t;\n}\n");
}

TEST(Core, StructsWithoutATagAreNamedAfterTheirType) {
  test::Analysis analysis =
      test::analyze("typedef struct { int a; } pair; pair p; int main() { p.a = 1; return p.a; }");
  EXPECT_EQ(analysis.messages, "");
  EXPECT_EQ(analysis.core.substr(0, 36), "struct __pair;\nstruct __pair {\n  int");
}

TEST(Core, Primitives) {
  test::Analysis analysis = test::analyze(
      "extern int put_char(char c); extern int put_int(int n); int get_char() { return 1; }\n"
      "int main() { put_char('a'); put_int(1); get_char(); return 0; }");
  ASSERT_TRUE(analysis.program);
  const core::Program& program = *analysis.program;
  auto find = [&](const char* name) { return program.functions[*program.findFunction(name)]; };
  EXPECT_EQ(find("put_char").primitive, core::Primitive::PutChar);
  EXPECT_FALSE(find("put_char").defined);
  EXPECT_EQ(find("put_int").primitive, core::Primitive::None);
  EXPECT_EQ(find("get_char").primitive, core::Primitive::None);  // its own body counts
  EXPECT_TRUE(find("get_char").defined);
}

TEST(Core, PositionsAreThoseOfTheOperators) {
  test::Analysis analysis = test::analyze(
      "struct s { int v; struct s *n; }; struct s *p; int a[3]; int f(int x) { return x; }\n"
      "int main() {\n"
      "  a[1] = p->n->v / (a[0] + 2);\n"
      "  if (!(a[2] == -3)) *p = *p->n;\n"
      "  a[0] = f(7);\n"
      "  p = new(struct s);\n"
      "  return (int)'c';\n}\n");
  ASSERT_EQ(analysis.messages, "");
  const core::Function& main = analysis.program->functions[1];
  ASSERT_EQ(main.name, "main");
  ASSERT_EQ(main.statements.size(), 6u);
  auto at = [](core::Position p) { return std::to_string(p.line) + ":" + std::to_string(p.column); };
  EXPECT_EQ(at(main.position), "2:5");
  const core::Stmt& assign = *main.statements[0];
  EXPECT_EQ(at(assign.position), "3:3");
  EXPECT_EQ(at(assign.target->position), "3:4");                            // [
  EXPECT_EQ(at(assign.value->position), "3:18");                            // /
  EXPECT_EQ(at(assign.value->left->position), "3:14");                      // second ->: the field
  EXPECT_EQ(at(assign.value->left->left->position), "3:14");                // and its dereference
  EXPECT_EQ(at(assign.value->left->left->left->position), "3:11");          // first ->
  EXPECT_EQ(at(assign.value->right->position), "3:26");                     // +
  EXPECT_EQ(at(assign.value->right->right->position), "3:28");              // 2
  EXPECT_EQ(at(main.statements[1]->position), "4:3");                       // if
  EXPECT_EQ(at(main.statements[1]->value->position), "4:7");                // !
  EXPECT_EQ(at(main.statements[1]->value->left->position), "4:14");         // ==
  EXPECT_EQ(at(main.statements[1]->value->left->right->position), "4:17");  // -3
  EXPECT_EQ(at(main.statements[2]->position), "4:22");
  EXPECT_EQ(at(main.statements[2]->target->position), "4:22");  // *
  EXPECT_EQ(at(main.statements[3]->position), "5:10");          // the call: f
  EXPECT_EQ(at(main.statements[4]->position), "6:3");
  EXPECT_EQ(at(main.statements[5]->value->position), "7:10");  // the cast
  EXPECT_EQ(main.statements[1]->ordinal, 1u);
  EXPECT_EQ(main.statements[1]->body[0], main.statements[2]);
}

TEST(Core, PositionsFollowLineMarkers) {
  test::Analysis analysis =
      test::analyze("# 1 \"lib.h\" 1\nint f(int x);\n# 40 \"user.c0\" 2\nint main() {\n\n  f(1);\n  return 0;\n}\n");
  ASSERT_EQ(analysis.messages, "");
  const core::Program& program = *analysis.program;
  ASSERT_EQ(program.files, (std::vector<std::string>{"user.c0", "lib.h"}));
  const core::Function& main = program.functions[*program.findFunction("main")];
  EXPECT_EQ(main.statements[0]->position, (core::Position{42, 3, 0}));
  EXPECT_EQ(program.functions[*program.findFunction("f")].position, (core::Position{1, 5, 1}));
}

TEST(Core, FunctionsAreHandedOverAsTheyAreFinished) {
  std::string log;
  sema::Options options;
  options.onFunction = [&](core::Program& program, uint32_t index) {
    const core::Function& function = program.functions[index];
    log += function.name + " " + std::to_string(function.statements.size()) + (function.defined ? " defined\n" : "\n");
    for (const core::Stmt* stmt : function.statements)
      if (stmt->kind == core::StmtKind::Call) log += "  calls " + program.functions[stmt->index].name + "\n";
  };
  test::analyze("int h(int x); int f() { return 1; } int g() { f(); h(2); return 2; } int h(int x) { return x; }",
                options);
  EXPECT_EQ(log, "f 1 defined\ng 3 defined\n  calls f\n  calls h\nh 1 defined\n");
  log.clear();
  test::analyze("int f() { return 1; } int g() { return true; } int h() { return 2; }", options);
  EXPECT_EQ(log, "f 1 defined\n");
}

TEST(Core, BracesInTheCommentsOfAsmBlocksDoNotEndThem) {
  sema::Options options;
  options.assembly = true;
  const std::string text = " # }\n; }\n// }\n/* } */ .ascii \"}\\\"}\" \n li r1,'}' ";
  test::Analysis analysis = test::analyze("int main() { asm {" + text + "} return 0; }", options);
  EXPECT_EQ(analysis.messages, "");
  ASSERT_TRUE(analysis.program);
  EXPECT_EQ(analysis.program->functions[0].statements[0]->text, text);
  EXPECT_EQ(test::analyze("int main() { asm { # } return 0; }", options).ids, "1:14 parse-unterminated\n");
  EXPECT_EQ(test::analyze("int main() { asm { \" } \n' ", options).ids, "1:14 parse-unterminated\n");
}

TEST(Core, AsmBlocksKeepTheirText) {
  sema::Options options;
  options.assembly = true;
  test::Analysis analysis = test::analyze("int main() { asm { addi r1, r0, 3\n  nop } return 0; }", options);
  EXPECT_EQ(analysis.messages, "");
  ASSERT_TRUE(analysis.program);
  EXPECT_EQ(analysis.program->functions[0].statements[0]->text, " addi r1, r0, 3\n  nop ");
}

// An extern that only asm names leaves a trace, in both dialects; one that nobody names does not.
TEST(Core, AsmBlocksUseGlobals) {
  for (sema::Standard standard : {sema::Standard::C0, sema::Standard::C0X}) {
    sema::Options options;
    options.assembly = true, options.standard = standard;
    test::Analysis analysis =
        test::analyze("extern int a; extern int b; extern int c; int main() { asm { lw r2,[a]\n la r3,%addr(b) } return 0; }", options);
    ASSERT_TRUE(analysis.program);
    ASSERT_EQ(analysis.program->globals.size(), 2u);
    EXPECT_EQ(analysis.program->globals[0].name, "a");
    EXPECT_EQ(analysis.program->globals[1].name, "b");
  }
}

// The core language itself (decisions.md, 5): what a dump may contain and C0 may not.
TEST(Core, TheInternalDialect) {
  const char* dump =
      "struct s;\nstruct s {\n  int a[3];\n  char t[4];\n  bool b;\n  int *p;\n};\n"
      "static const struct s k = {{1, -2}, \"ab\\xff\", true, NULL};\nunsigned u = 3u;\nint late(int x);\n"
      "\nvoid f(int x) {\n  if (x == 1) {\n    return;\n  }\n  late(x);\n  return;\n}\n"
      "\nstatic int late(int x) {\n  while (true) {\n    if (x > 3) {\n      return 1;\n    }\n    x = x + 1;\n  }\n}\n"
      "\nint stuck() {\n  __fault(7);\n}\n";
  std::string first = coreOf(dump, sema::Standard::Core);
  EXPECT_NE(first.find("static const struct s k = {{1, -2}, \"ab\\xff\", true, NULL};"), std::string::npos) << first;
  EXPECT_NE(first.find("__fault(7 "), std::string::npos) << first;
  EXPECT_EQ(coreOf(first, sema::Standard::Core), first);
}

TEST(Core, TheInternalDialectHasItsOwnErrors) {
  auto ids = [](const char* source) { return test::analyze(source, sema::Standard::Core).ids; };
  EXPECT_EQ(ids("int f(int x) { if (x == 1) return 1; }"), "1:38 c0-missing-return\n");
  EXPECT_EQ(ids("void f(int x) { return 1; }"), "1:24 c0-type-mismatch\n");
  EXPECT_EQ(ids("int f() { __fault(200); }"), "1:19 c0-fault\n");
  EXPECT_EQ(ids("const int x = 1; int f() { x = 2; return 0; }"), "1:30 c0-not-a-place\n");
  EXPECT_EQ(ids("int x[2] = {1, 2, 3};"), "1:19 c0-argument-count\n");
  EXPECT_EQ(ids("char x[2] = \"abc\";"), "1:13 c0-type-mismatch\n");
  EXPECT_EQ(ids("int y; int x = y;"), "1:16 c0-type-mismatch\n");
}

// The programs of test/programs: accepted, well-formed, and stable under dump and re-read.
TEST(Core, Programs) {
  size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(C0_SOURCE_DIR "/test/programs")) {
    if (entry.path().extension() != ".c0") continue;
    std::ifstream in(entry.path());
    std::stringstream text;
    text << in.rdbuf();
    std::string first = coreOf(text.str());
    EXPECT_EQ(coreOf(first, sema::Standard::Core), first) << entry.path();
    ++count;
  }
  EXPECT_GE(count, 40u);
}

}  // namespace
