// The grammar: how the whole surface is read. Trees are shown in prefix form (compiler/syntax/print.h).
#include <gtest/gtest.h>

#include "compiler/syntax/parser.h"
#include "compiler/syntax/print.h"

namespace {

class Collector : public syntax::Consumer {
 public:
  void declaration(syntax::Declaration& declaration, syntax::Arena&) override { add(print(declaration)); }
  void function(syntax::FunctionDefinition& function, syntax::Arena&) override { add(print(function)); }
  std::string text;

 private:
  void add(const std::string& one) { text += (text.empty() ? "" : "\n") + one; }
};

std::string parse(const std::string& source) {
  base::SourceManager sources;
  base::Diagnostics diagnostics(sources);
  syntax::SymbolTable symbols;
  Collector collector;
  auto file = sources.addText("t.c0", source);
  syntax::parse(sources, *file, symbols, diagnostics, collector);
  for (const base::Diagnostic& each : diagnostics.all()) collector.text += "\nerror " + each.id + ": " + each.text;
  return collector.text;
}

// A function's body, without its braces.
std::string body(const std::string& statements) {
  std::string tree = parse("int f() {" + statements + "}");
  const std::string before = "<int; f function() {", after = " }>";
  if (tree.rfind(before, 0) != 0 || tree.size() < before.size() + after.size()) return tree;
  std::string inner = tree.substr(before.size(), tree.size() - before.size() - after.size());
  return inner.empty() ? inner : inner.substr(1);
}

TEST(Grammar, Precedence) {
  EXPECT_EQ(body("x = a + b * c - d;"), "(= x (- (+ a (* b c)) d))");
  EXPECT_EQ(body("x = a || b && c | d ^ e & f == g < h << i + j * k;"),
            "(= x (|| a (&& b (| c (^ d (& e (== f (< g (<< h (+ i (* j k)))))))))))");
  EXPECT_EQ(body("x = a * b + c >> d >= e != f & g ^ h | i && j || k;"),
            "(= x (|| (&& (| (^ (& (!= (>= (>> (+ (* a b) c) d) e) f) g) h) i) j) k))");
  EXPECT_EQ(body("x = a - b - c; x = a % b / c;"), "(= x (- (- a b) c)) (= x (/ (% a b) c))");
  EXPECT_EQ(body("a = b = c += d;"), "(= a (= b (+= c d)))");
  EXPECT_EQ(body("x = a ? b : c ? d : e;"), "(= x (? a b (? c d e)))");
  EXPECT_EQ(body("x = a ? b = 1, c : d;"), "(= x (? a (, (= b 1) c) d))");
  EXPECT_EQ(body("a, b = 1, c;"), "(, (, a (= b 1)) c)");
}

TEST(Grammar, UnaryAndPostfix) {
  EXPECT_EQ(body("x = -a + !b * ~c;"), "(= x (+ (- a) (* (! b) (~ c))))");
  EXPECT_EQ(body("x = *p.a; x = *p->a[1]; x = &a[i].b;"),
            "(= x (* (. p a))) (= x (* ([] (-> p a) 1))) (= x (& (. ([] a i) b)))");
  EXPECT_EQ(body("*p++; (*p)++; ++*p; --p->n; - -x;"),
            "(* (post++ p)) (post++ (* p)) (++ (* p)) (-- (-> p n)) (- (- x))");
  EXPECT_EQ(body("f(a, b + 1, g())(c);"), "(call (call f a (+ b 1) (call g)) c)");
  EXPECT_EQ(body("a <<= 1; a >>= 2; a &= 3; a |= 4; a ^= 5; a %= 6; a /= 7; a *= 8; a -= 9;"),
            "(<<= a 1) (>>= a 2) (&= a 3) (|= a 4) (^= a 5) (%= a 6) (/= a 7) (*= a 8) (-= a 9)");
}

TEST(Grammar, CastsAndTypes) {
  EXPECT_EQ(body("x = (int)a + (unsigned)-b;"), "(= x (+ (cast [int -] a) (cast [unsigned -] (- b))))");
  EXPECT_EQ(body("x = sizeof(int) - 1; x = sizeof a[1]; x = sizeof(a);"),
            "(= x (- (sizeof [int -]) 1)) (= x (sizeof ([] a 1))) (= x (sizeof a))");
  EXPECT_EQ(body("p = new(struct node); p = new(int*[3], n + 1);"),
            "(= p (new [(struct node) -])) (= p (new [int - pointer array 3] (+ n 1)))");
  EXPECT_EQ(body("p = (struct s){1, .b = 2, .c[3].d = {4}};"),
            "(= p (compound [(struct s) -] 1 (.b 2) (.c[3].d { 4 })))");
  EXPECT_EQ(body("x = (int (*)[3])p;"), "(= x (cast [int - array 3 pointer] p))");
}

TEST(Grammar, Literals) {
  EXPECT_EQ(body("x = 1 + 2u + 0x1F + 'a' + 1.5 + true + false; s = \"a\" \"b\"; p = NULL;"),
            "(= x (+ (+ (+ (+ (+ (+ 1 2u) 31) '97') float) true) false)) (= s string) (= p NULL)");
}

TEST(Grammar, Statements) {
  EXPECT_EQ(body("; { } if (a) b; else if (c) d; else { e; }"), "; { } (if a b (if c d { e }))");
  EXPECT_EQ(body("if (a) if (b) c; else d;"), "(if a (if b c d))");
  EXPECT_EQ(body("while (a) b; do c; while (d); for (;;) e; for (i = 0; i < 3; i++) f;"),
            "(while a b) (do c d) (for ; - - e) (for (= i 0) (< i 3) (post++ i) f)");
  EXPECT_EQ(body("for (int i = 0, j; i < 3; ) f;"), "(for <int; i = 0; j> (< i 3) - f)");
  EXPECT_EQ(body("switch (a) { case 1: case 2: b; break; default: c; }"),
            "(switch a { (case 1 (case 2 b)) (break) (default c) })");
  EXPECT_EQ(body("l: goto l; continue; return; return a, b; asm { nop } __fault(1);"),
            "(label l (goto l)) (continue) (return) (return (, a b)) (asm) (fault 1)");
}

TEST(Grammar, Declarators) {
  EXPECT_EQ(parse("int a, *b, c[2], *d[3], (*e)[4], **f;"),
            "<int; a; b pointer; c array 2; d pointer array 3; e array 4 pointer; f pointer pointer>");
  EXPECT_EQ(parse("int m[2][3]; int *g(int, bool *x, ...); int (*h)(void);"),
            "<int; m array 3 array 2>\n<int; g pointer function(<int; -> <bool; x pointer> ...)>\n"
            "<int; h function(<void; ->) pointer>");
  EXPECT_EQ(parse("static const unsigned char x = 1; extern long long y; short int z; unsigned w;"),
            "<static const char unsigned; x = 1>\n<extern long long long; y>\n<int short; z>\n<unsigned; w>");
  EXPECT_EQ(parse("int *const p; __at(4096) int v; volatile int r; inline int k();"),
            "<int; p const-pointer>\n<int (at 4096); v>\n<volatile int; r>\n<inline int; k function()>");
}

TEST(Grammar, StructsUnionsEnums) {
  EXPECT_EQ(parse("struct s; struct s { int a, *b; struct s *next; } v; union u { int x : 3; char : 2; };"),
            "<(struct s)>\n<(struct s <int; a; b pointer> <(struct s); next pointer>); v>\n"
            "<(union u <int; x width 3> <char; - width 2>)>");
  EXPECT_EQ(parse("enum e { A, B = 2, C, } x; enum { D };"), "<(enum e A (B 2) C); x>\n<(enum - D)>");
  EXPECT_EQ(parse("int a[] = {1, 2, [5] = 3, }; struct s p = {.x = {}, };"),
            "<int; a array - = { 1 2 ([5] 3) }>\n<(struct s); p = { (.x { }) }>");
}

TEST(Grammar, TypedefNamesFollowTheirScope) {
  EXPECT_EQ(parse("typedef int t, *pt; t x; pt y; struct t { t t; };"),
            "<typedef int; t; pt pointer>\n<t; x>\n<pt; y>\n<(struct t <t; t>)>");
  // A parameter or a local of the same name hides the type to the end of its block.
  EXPECT_EQ(parse("typedef int t; int f(int t) { t * t; } int g() { { int t; t * x; } t * x; }"),
            "<typedef int; t>\n<int; f function(<int; t>) { (* t t) }>\n<int; g function() { { <int; t> (* t x) } <t; "
            "x pointer> }>");
  EXPECT_EQ(parse("int f() { typedef int t; t x; { enum { t }; t * x; } t * y; } int g() { t * x; }"),
            "<int; f function() { <typedef int; t> <t; x> { <(enum - t)> (* t x) } <t; y pointer> }>\n"
            "<int; g function() { (* t x) }>");
}

TEST(Grammar, WhatFollowsAnErrorIsStillRead) {
  EXPECT_EQ(parse("int a; int b = ; int c; int f() { x = (1; y = 2; } int d;"),
            "<int; a>\n<int>\n<int; c>\n<int; f function() { error (= y 2) }>\n<int; d>\n"
            "error parse-expected: expected an expression before ';'\nerror parse-expected: expected ')' before ';'");
}

TEST(Grammar, CommentsAndBlanks) {
  EXPECT_EQ(parse("/* a **/ int /* * / */ x; // int y;\n\t\f\v\r\nint z;//"), "<int; x>\n<int; z>");
}

}  // namespace
