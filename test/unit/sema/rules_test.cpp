// Every rule has a program that breaks it once: the one error is at the place marked @, with the rule's id.
#include "compiler/sema/rules.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "test/unit/sema/support.h"

namespace {

struct Case {
  const char* id;
  const char* source;  // @ stands before the place; a body alone is put into a function
};

// Names that the bodies below may use.
constexpr const char* kPrelude =
    "struct point { int x; unsigned y; }; struct node { int v; struct node *next; int a[4]; }; typedef int vec[3];\n"
    "struct point gp; struct node *head; int g; unsigned u; char c; bool flag; vec numbers; struct open *op;\n"
    "int f(int n) { return n; } struct point mk(int x) { struct point p; p.x = x; return p; }\n";

const Case kBodies[] = {
    {"c0-for", "@for (g = 0; g < 3; g = g + 1) g = 2; return 0;"},
    {"c0-do", "@do g = 1; while (g < 3); return 0;"},
    {"c0-switch", "@switch (g) { case 1: g = 2; default: g = 3; } return 0;"},
    {"c0-break", "while (g < 3) { @break; } return 0;"},
    {"c0-continue", "while (g < 3) { @continue; } return 0;"},
    {"c0-return-place", "if (flag) @return 1; return 0;"},
    {"c0-return-place", "@return 1; g = 1; return 0;"},
    {"c0-return-place", "{ @return 1; }"},
    {"c0-declaration-place", "g = 1; @int x; return 0;"},
    {"c0-declaration-place", "if (flag) { @int x; x = 1; } return 0;"},
    {"c0-declaration-place", "int @h(int x); return 0;"},
    {"c0-assert", "@assert(flag); return 0;"},
    {"c0-assert", "@abort(); return 0;"},
    {"c0-goto", "@goto out; return 0;"},
    {"c0-goto", "@out: return 0;"},
    {"c0-asm", "@asm { nop } return 0;"},
    {"c0-step", "while (flag) {} __step @{ g = 1; } return 0;"},
    {"c0-fault", "@__fault(8); return 0;"},
    {"c0-conditional", "g = flag @? 1 : 2; return 0;"},
    {"c0-comma", "g = 1@, g = 2; return 0;"},
    {"c0-comma", "g = (1@, 2); return 0;"},
    {"c0-increment", "g@++; return 0;"},
    {"c0-increment", "@--g; return 0;"},
    {"c0-increment", "g = numbers[g@++]; return 0;"},
    {"c0-compound-assignment", "g @+= 1; return 0;"},
    {"c0-compound-assignment", "g @<<= 1; return 0;"},
    {"c0-assignment-expression", "g = numbers[0] @= 1; return 0;"},
    {"c0-assignment-expression", "if (g @= 1) g = 2; return 0;"},
    {"c0-call-expression", "g = @f(1) + 2; return 0;"},
    {"c0-call-expression", "g = f(@f(1)); return 0;"},
    {"c0-call-expression", "return @f(1);"},
    {"c0-call-expression", "if (@f(1) == 2) g = 1; return 0;"},
    {"c0-new-expression", "if (@new(struct node) == head) g = 1; return 0;"},
    {"c0-new-expression", "@new(struct node); return 0;"},
    {"c0-new-array", "head = new(struct node, @3); return 0;"},
    {"c0-string", "g = @\"text\"; return 0;"},
    {"c0-sizeof-expression", "u = @sizeof g; return 0;"},
    {"c0-unary-plus", "g = @+1; return 0;"},
    {"c0-element-pointer", "g = head@[1].v; return 0;"},
    {"c0-element-pointer", "head = head @+ 1; return 0;"},
    {"c0-address-of-local", "int x; int *p; p = @&x; return 0;"},
    {"c0-address-of-local", "struct node m; int *p; p = @&m.a[1]; return 0;"},
    {"c0-array-value", "vec v; @v = numbers; return 0;"},
    {"c0-array-value", "vec v; @v = 1; return 0;"},
    {"c0-octal", "g = @010; return 0;"},
    {"c0-compound-literal", "gp = @(struct point){1, 2u}; return 0;"},
    {"c0-binary-number", "g = @0b11; return 0;"},
    {"c0-pointer-cast", "head = @(struct node*)g; return 0;"},
    {"c0-pointer-cast", "u = @(unsigned)head; return 0;"},
    {"c0-pointer-cast", "head = @(struct node*)NULL; return 0;"},
    {"c0-initializer", "int x @= 1; return 0;"},
    {"c0-initializer", "struct point p @= {1, 2u}; return 0;"},
    {"c0-static", "@static int x; return 0;"},
    {"c0-local-type", "@struct s { int x; }; return 0;"},
    {"c0-local-type", "@typedef int t; t x; return 0;"},
    {"c0-function-pointer", "g = @(gp.x)(1); return 0;"},
    {"c0-function-pointer", "int @(*p)(int); return 0;"},
    {"c0-function-pointer", "g = @&f; return 0;"},
    {"c0-wide-integer", "@long x; return 0;"},
    {"c0-wide-integer", "g = @1L; return 0;"},
    {"c0-float", "@double x; return 0;"},
    {"c0-float", "g = @1.5; return 0;"},
    {"c0-float", "g = @2e3; return 0;"},
    {"c0-storage-class", "@register int x; return 0;"},
    {"c0-storage-class", "@signed int x; return 0;"},

    {"c0-undeclared", "g = @missing; return 0;"},
    {"c0-undeclared", "@missing(1); return 0;"},
    {"c0-undeclared", "struct @nowhere *x; return 0;"},
    {"c0-undeclared", "u = sizeof(struct @nowhere *); return 0;"},
    {"c0-undeclared", "@gg = 1; gg = 2; return 0;"},
    {"c0-undeclared-member", "g = gp.@z; return 0;"},
    {"c0-undeclared-member", "head->@nxt = NULL; return 0;"},
    {"c0-not-a-variable", "g = @f; return 0;"},
    {"c0-not-a-function", "@g(1); return 0;"},
    {"c0-redefinition", "int x; unsigned @x; return 0;"},
    {"c0-redefinition", "int @n; return 0;"},
    {"c0-incomplete-type", "struct open @x; return 0;"},
    {"c0-incomplete-type", "op = new(@struct open); return 0;"},
    {"c0-incomplete-type", "g = op@->x; return 0;"},
    {"c0-array-size", "int x[@0]; return 0;"},
    {"c0-array-size", "int x[@-1]; return 0;"},
    {"c0-array-size", "int x[@g]; return 0;"},
    {"c0-array-size", "int x@[]; return 0;"},
    {"c0-array-size", "int x[@0x7fffffff]; return 0;"},
    {"c0-type-mismatch", "g = @u; return 0;"},
    {"c0-type-mismatch", "c = @65; return 0;"},
    {"c0-type-mismatch", "g = @flag; return 0;"},
    {"c0-type-mismatch", "head = @0; return 0;"},
    {"c0-type-mismatch", "gp = @head; return 0;"},
    {"c0-type-mismatch", "g = @mk(1); return 0;"},
    {"c0-type-mismatch", "f(@u); return 0;"},
    {"c0-type-mismatch", "f(@NULL); return 0;"},
    {"c0-type-mismatch", "head = @new(int); return 0;"},
    {"c0-type-mismatch", "return @u;"},
    {"c0-type-mismatch", "@return;"},
    {"c0-operand-types", "g = g @+ u; return 0;"},
    {"c0-operand-types", "g = g @+ c; return 0;"},
    {"c0-operand-types", "u = u @<< 1; return 0;"},
    {"c0-operand-types", "flag = g @== u; return 0;"},
    {"c0-operand-types", "flag = gp @== gp; return 0;"},
    {"c0-operand-types", "flag = head @< head; return 0;"},
    {"c0-operand-types", "flag = head @== 0; return 0;"},
    {"c0-operand-types", "flag = flag @&& g; return 0;"},
    {"c0-operand-types", "flag = @!g; return 0;"},
    {"c0-operand-types", "c = @-c; return 0;"},
    {"c0-operand-types", "flag = @~flag; return 0;"},
    {"c0-condition", "if (@g) g = 1; return 0;"},
    {"c0-condition", "while (@head) head = head->next; return 0;"},
    {"c0-not-a-place", "1 @= g; return 0;"},
    {"c0-not-a-place", "g + 1 @= g; return 0;"},
    {"c0-not-a-place", "head = @&(g + 1); return 0;"},
    {"c0-not-a-struct", "g = g@.x; return 0;"},
    {"c0-not-a-struct", "g = gp@->x; return 0;"},
    {"c0-not-a-struct", "g = head@.v; return 0;"},
    {"c0-not-a-pointer", "g = @*g; return 0;"},
    {"c0-not-an-array", "g = g@[1]; return 0;"},
    {"c0-index-type", "g = numbers[@c]; return 0;"},
    {"c0-argument-count", "g = f(@); return 0;"},
    {"c0-argument-count", "g = f(1, @2, 3); return 0;"},
    {"c0-null-type", "flag = @NULL == NULL; return 0;"},
    {"c0-literal-range", "g = @2147483648; return 0;"},
    {"c0-literal-range", "g = -@(2147483648); return 0;"},
    {"c0-literal-range", "u = @4294967296u; return 0;"},
    {"c0-literal-range", "u = @0x100000000; return 0;"},
    {"c0-cast", "gp = @(struct point)g; return 0;"},
    {"c0-expression-statement", "@g; return 0;"},
    {"c0-expression-statement", "g @== 1; return 0;"},
    {"c0-unassigned", "int x; g = @x; return 0;"},

    {"parse-expected", "g = @; return 0;"},
    {"parse-expected", "g = (1 @; return 0;"},
    {"parse-expected", "g = numbers[1@; return 0;"},
    {"parse-expected", "if @g == 1) g = 2; return 0;"},
    {"parse-missing-semicolon", "g = 1@ return 0;"},
    {"parse-missing-semicolon", "int x@ g = 1; return 0;"},
    {"parse-unmatched", "g = 1@); return 0;"},
    {"parse-unmatched", "g = 1@]; return 0;"},
    {"parse-else", "g = 1; @else g = 2; return 0;"},
    {"parse-unknown-type", "@strange x; return 0;"},
    {"parse-unknown-type", "@strange *x; return 0;"},
    {"parse-unknown-type", "@point *x; return 0;"},
    {"parse-unknown-type", "head = new(@node); return 0;"},
    {"parse-reserved-word", "int @while; return 0;"},
    {"parse-unterminated", "c = @'a; return 0;"},
    {"parse-character", "g = 1 @$ ; return 0;"},
    {"parse-character", "c = @'ab'; return 0;"},
    {"parse-character", "c = @'\\q'; return 0;"},
    {"parse-character", "c = @''; return 0;"},
    {"parse-number", "g = @12abc; return 0;"},
    {"parse-number", "g = @0x; return 0;"},
    {"parse-directive", "@#define X\n return 0;"},
};

const Case kUnits[] = {
    {"c0-enum", "@enum color { red, green };"},
    {"c0-const", "@const int x;"},
    {"c0-const", "int @* const x;"},
    {"c0-static", "@static int x;"},
    {"c0-static", "@static int f() { return 0; }"},
    {"c0-void", "@void f(int x) { x = 1; return x; }"},
    {"c0-void", "@void f(int x);"},
    {"c0-initializer", "int x @= 1;"},
    {"c0-storage-type", "@short x;"},
    {"c0-storage-type", "@unsigned char x;"},
    {"c0-array-parameter", "int f(int @a[]) { return 0; }"},
    {"c0-array-parameter", "typedef int vec[3]; int f(vec @a) { return 0; }"},
    {"c0-array-parameter", "typedef int vec[3]; vec @f(int a);"},
    {"c0-void-pointer", "void @*p;"},
    {"c0-union", "@union u { int x; };"},
    {"c0-bit-field", "struct s { int a; unsigned @x : 3; };"},
    {"c0-varargs", "int f@(int x, ...);"},
    {"c0-function-pointer", "int @(*f)(int);"},
    {"c0-function-pointer", "typedef int @f(int);"},
    {"c0-function-pointer", "int f(int @g(int)) { return 0; }"},
    {"c0-function-pointer", "struct s { int @f(int); };"},
    {"c0-float", "@float x;"},
    {"c0-wide-integer", "@unsigned long long x;"},
    {"c0-volatile", "@volatile int x;"},
    {"c0-storage-class", "@inline int f() { return 0; }"},
    {"c0-at", "__at(@0x1000) int x;"},
    {"c0-local-type", "int f(@struct s { int a; } x) { return 0; }"},

    {"c0-redefinition", "int x; int @x;"},
    {"c0-redefinition", "int x; int @x(int a);"},
    {"c0-redefinition", "int f() { return 0; } int @f() { return 0; }"},
    {"c0-redefinition", "int f(int a, int @a) { return 0; }"},
    {"c0-redefinition", "int f(int a, bool b, int @a);"},
    {"c0-redefinition", "struct s { int a; }; struct @s { int b; };"},
    {"c0-redefinition", "struct s { int a; bool @a; };"},
    {"c0-redefinition", "typedef int t; int @t;"},
    {"c0-conflicting-types", "extern int x; unsigned @x;"},
    {"c0-conflicting-types", "int f(int a); int @f(unsigned a) { return 0; }"},
    {"c0-conflicting-types", "int f(int a); unsigned @f(int a);"},
    {"c0-conflicting-types", "typedef int t; typedef unsigned @t;"},
    {"c0-primitive", "extern int @put_char(int c);"},
    {"c0-primitive", "extern int @exit();"},
    {"c0-empty-declaration", "@int;"},
    {"c0-empty-declaration", "struct s { @int; int a; };"},
    {"c0-type-specifier", "@int int x;"},
    {"c0-type-specifier", "@bool char x;"},
    {"c0-type-specifier", "typedef int t; @t int x;"},
    {"c0-type-specifier", "struct s { @extern int x; };"},
    {"c0-empty-struct", "struct @s { };"},
    {"c0-incomplete-type", "struct s { int a; struct s @next; };"},
    {"c0-incomplete-type", "struct s; struct s @x;"},
    {"c0-undeclared", "int f(struct @s *x);"},
    {"c0-incomplete-type", "struct s; int f(struct s @x) { return 0; }"},
    {"c0-incomplete-type", "struct s @f(int x);"},
    {"c0-incomplete-type", "struct s; struct s x@[3];"},
    {"c0-incomplete-type", "int f(void @x) { return 0; }"},
    {"c0-incomplete-type", "void @x;"},
    {"c0-array-size", "int x[@0];"},
    {"c0-array-size", "int n; int x[@n];"},
    {"c0-array-size", "int x[@1 / 0];"},
    {"c0-array-size", "int x[@'a'];"},
    {"c0-array-size", "int x[@536870912];"},
    {"c0-too-large", "struct @s { char a[2147483647]; int b; };"},
    {"c0-parameter-name", "int f(@int) { return 0; }"},
    {"c0-function-declarator", "int @f { return 0; }"},
    {"c0-function-declarator", "int f(int x) = @3;"},
    {"c0-missing-return", "int g; int f() { g = 1; @}"},
    {"c0-missing-return", "int f() { while (true) ; @}"},
    {"c0-missing-return", "int f() { @}"},
    {"c0-typedef", "typedef int t = @3;"},
    {"c0-typedef", "@typedef int f() { return 0; }"},

    {"parse-extra-semicolon", "int x;@;"},
    {"parse-unexpected", "@while (true) ;"},
    {"parse-unmatched", "@) int x;"},
    {"parse-unmatched", "int x; @}"},
    {"parse-end-of-file", "int f() { return 0;@"},
    {"parse-end-of-file", "int f(int x@"},
    {"parse-missing-semicolon", "struct s { int a; }@\nint x;"},
    {"parse-missing-semicolon", "struct s { int a; }@\nstruct t { int a; };"},
    {"parse-missing-semicolon", "struct s { int a@ };"},
    {"parse-missing-semicolon", "int x@\nint y;"},
    {"parse-missing-semicolon", "int f() { return 0@ }"},
    {"parse-unknown-type", "@strange x;"},
    {"parse-unknown-type", "int f(int a, @strange b) { return a; }"},
    {"parse-unknown-type", "struct s { @strange b; int c; };"},
    {"parse-unknown-type", "struct s { int b; }; @s x;"},
    {"parse-unterminated", "int x; @/* no end"},
    {"parse-character", "int x;@\x01\x02\xff"},
    {"parse-directive", "@#include <stdio.h>"},
};

// Of C0X only; a prototype of printf's pieces is there.
const Case kSurface[] = {
    {"c0-const-assignment", "int f() { const int k = 3; k @= 4; return k; }"},
    {"c0-const-assignment", "const int k[2] = {1, 2}; int f() { k[1]@++; return k[0]; }"},
    {"c0-const-assignment", "struct s { const int a; int b; }; void f(struct s *p) { p->a @+= 1; }"},
    {"c0-const-assignment", "void f(const char *p) { *p @= 'a'; }"},
    {"c0-const-assignment", "void f(char *p); void g(const char *p) { f(@p); }"},
    {"c0-const-assignment", "const int c = 1; int *a[2] = {0, @&c};"},
    {"c0-const-assignment", "struct s { int a; int *p; }; const int c = 1; struct s x[2] = {[1].p = @&c};"},
    {"c0-const-assignment", "struct s { int *p[2]; }; void f(const int *q) { struct s x = {{0, @q}}; x.p[0] = 0; }"},
    {"c0-constant-expression", "int n; int a = @n;"},
    {"c0-constant-expression", "extern int a[]; int *p = @a + 1;"},
    {"c0-incomplete-type", "extern int a[]; unsigned f() { return sizeof @a; }"},
    {"c0-incomplete-type", "extern int a[]; bool f() { return &@a != 0; }"},
    {"c0-conflicting-types", "extern int a[]; char @a[3];"},
    {"c0-conflicting-types", "extern int a[]; int a[3]; extern int @a[4];"},
    {"c0-array-size", "int a@[];"},
    {"c0-constant-expression", "int n; int f(int x) { switch (x) { case @n: return 1; } return 0; }"},
    {"c0-constant-expression", "int n; enum { A = @n };"},
    {"c0-constant-expression", "int n; int f() { static int m = @n; return m; }"},
    {"c0-initial-value", "int a[2] = {1, 2, @3};"},
    {"c0-initial-value", "struct s { int a; }; struct s x = {@.b = 1};"},
    {"c0-initial-value", "int a[2] = {@[2] = 1};"},
    {"c0-initial-value", "char a[2] = @\"abc\";"},
    {"c0-initial-value", "int a[2] = @1;"},
    {"c0-jump", "void f() { @break; }"},
    {"c0-jump", "void f(int n) { switch (n) { case 1: @continue; } }"},
    {"c0-jump", "void f(int n) { switch (n) { case 1: case @1: break; } }"},
    {"c0-jump", "void f(int n) { switch (n) { case 1: if (n) { @case 2: n = 1; } } }"},
    {"c0-jump", "void f(int n) { switch (n) { case 1: while (n) { @case 2: n = 0; } } }"},
    {"c0-jump", "void f(int n) { switch (n) { { int k; case 1: k = 1; { case @1: k = 2; } } } }"},
    {"c0-jump", "void f(int n) { @default: n = 1; }"},
    {"c0-format", "void f() { @printf(\"%d\"); }"},
    {"c0-format", "void f() { printf(\"%d\", @\"text\"); }"},
    {"c0-format", "void f() { printf(\"text\", @1); }"},
    {"c0-format", "void f(const char *s) { printf(@s); }"},
    {"c0-format", "void f() { printf(@\"%f\", 1); }"},
    {"c0-type-mismatch", "int *f(int n) { return @n; }"},
    {"c0-type-mismatch", "void g(); int f() { return @g(); }"},
    {"c0-operand-types", "struct s { int a; } x; int f() { return x @+ 1; }"},
    {"c0-pointer-cast", "int f(int *p) { return @(int)p; }"},
    {"c0-varargs", "int f@(int a, ...);"},
    {"c0-redefinition", "void f() { int a; { int a; } int @a; }"},
};

// Of C0A only.
const Case kPlaced[] = {
    {"c0-at-place", "__at(@0x100000) int f(int x) { return x; }"},
    {"c0-at-place", "__at(@0x100000) int f(int x);"},
    {"c0-at-place", "__at(@0x100000) typedef int t;"},
    {"c0-at-place", "extern __at(@0x100000) int x;"},
    {"c0-at-place", "int f(int n) { __at(@0x100000) int x; x = n; return x; }"},
    {"c0-at-place", "int f(__at(@0x100000) int n) { return n; }"},
    {"c0-at-place", "struct s { __at(@0x100000) int x; };"},
    {"c0-at-place", "int n; __at(@n) int x;"},
    {"c0-at-place", "__at(@true) int x;"},
    {"c0-at-place", "__at(@0x100002) int x;"},
    {"c0-at-place", "__at(@0x7FFFFFFC) int x[2];"},
    {"c0-at-place", "__at(@0x80000000) int x;"},
    {"c0-at-place", "__at(0x1000) int x[4]; __at(@0x100C) char c;"},
    {"c0-at-place", "__at(@0x1000) int x, y;"},
};

struct Marked {
  std::string source, place;
};
Marked unmark(const std::string& text) {
  size_t at = text.find('@');
  std::string before = text.substr(0, at);
  size_t line = size_t(std::count(before.begin(), before.end(), '\n')) + 1;
  size_t column = at - (before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1) + 1;
  return {before + text.substr(at + 1), std::to_string(line) + ":" + std::to_string(column)};
}

void expectOneError(const std::string& text, const std::string& id, sema::Standard standard = sema::Standard::C0,
                    bool assembly = false) {
  Marked marked = unmark(text);
  sema::Options options;
  options.standard = standard, options.assembly = assembly;
  test::Analysis analysis = test::analyze(marked.source, options);
  EXPECT_EQ(analysis.ids, marked.place + " " + id + "\n") << text << "\n" << analysis.messages;
  EXPECT_FALSE(analysis.program.has_value());
}

TEST(Rules, InFunctionBodies) {
  for (const Case& each : kBodies)
    expectOneError(std::string(kPrelude) + "int fn(int n) { " + each.source + "\n}\n", each.id);
}

TEST(Rules, AtFileScope) {
  for (const Case& each : kUnits) expectOneError(each.source, each.id);
}

TEST(Rules, OfPlacedVariables) {
  for (sema::Standard standard : {sema::Standard::C0, sema::Standard::C0X}) {
    for (const Case& each : kPlaced) expectOneError(each.source, each.id, standard, true);
  }
  expectOneError("__at(0x1000) int x = @5;", "c0-at-place", sema::Standard::C0X, true);
  expectOneError("int x; __at(@0x1000) int x;", "c0-at-place", sema::Standard::C0X, true);
}

TEST(Rules, OfTheSurface) {
  for (const Case& each : kSurface)
    expectOneError(std::string("int printf(const char *format, ...); int __print_text(const char *t); int __print_int(int v, int w, int p, int f);\n") +
                       each.source,
                   each.id, sema::Standard::C0X);
}

TEST(Rules, EveryRuleHasATest) {
  std::set<std::string> tested = {"nesting-limit"};  // limits_test.cpp
  for (const Case& each : kBodies) tested.insert(each.id);
  for (const Case& each : kUnits) tested.insert(each.id);
  for (const Case& each : kSurface) tested.insert(each.id);
  for (const Case& each : kPlaced) tested.insert(each.id);
  size_t errors = 0;  // test/lit/diagnostics has the warnings
  for (const sema::RuleInfo& rule : sema::rules()) {
    if (rule.kind == sema::RuleKind::Warning) continue;
    ++errors;
    EXPECT_TRUE(tested.count(rule.id)) << rule.id;
  }
  EXPECT_EQ(tested.size(), errors);
}

// The examples of the table: the wrong one breaks this rule and no other, the right one none.
TEST(Rules, ExamplesAreWhatTheySay) {
  for (const sema::RuleInfo& rule : sema::rules()) {
    if (std::string_view(rule.id) == "nesting-limit") continue;
    sema::Options options;
    options.standard = rule.dialect == sema::RuleDialect::C0 ? sema::Standard::C0 : sema::Standard::C0X;
    options.assembly = rule.dialect == sema::RuleDialect::C0A;
    ASSERT_TRUE(options.warnings.apply("extra"));
    test::Analysis wrong = test::analyze(rule.wrong, options), right = test::analyze(rule.right, options);
    EXPECT_EQ(wrong.ids.substr(wrong.ids.find(' ') + 1), std::string(rule.id) + "\n") << rule.wrong << "\n" << wrong.messages;
    EXPECT_EQ(right.messages, "") << rule.id << "\n" << rule.right;
    EXPECT_FALSE(std::string_view(rule.source).empty()) << rule.id;
  }
}

TEST(Rules, ThePreludeItselfIsFine) { EXPECT_EQ(test::analyze(kPrelude).messages, ""); }

std::string summaryOf(std::string_view id) {
  for (const sema::RuleInfo& rule : sema::rules())
    if (rule.id == id) return sema::summary(rule);
  return "";
}

TEST(Rules, Explain) {
  EXPECT_EQ(summaryOf("c0-for"), "'for' is not in C0; write it as a while loop, or use -std=c0x.");
  EXPECT_EQ(summaryOf("c0-union"), "there are no unions; use a struct with a field for each variant.");
  EXPECT_EQ(summaryOf("c0-cast"), "A cast converts between bool, char, int and unsigned.");
  EXPECT_EQ(summaryOf("unused-variable"), "A variable is declared and never used. Remove it.");
  EXPECT_FALSE(sema::explain("c0-nothing"));
  EXPECT_EQ(sema::explain("self-assign").value().find("self-assign (warning, on by -Wall or -Wself-assign)\n\n"), 0u);
  EXPECT_EQ(sema::suggestRule("c0-gotto"), "c0-goto");
  EXPECT_EQ(sema::suggestRule("c0-gotto", sema::RuleKind::Warning), "");
}

TEST(Rules, TheWayOutNamesTheDialectOnlyUnderC0) {
  const char* source = "int main() { for (;;) ; return 0; }";
  EXPECT_NE(test::analyze(source).messages.find("or use -std=c0x"), std::string::npos);
  EXPECT_EQ(test::analyze(source, sema::Standard::C0X).messages.find("-std=c0x"), std::string::npos);
}

}  // namespace
