"""Texts that are hard on compilers and assemblers."""

MB = 1 << 20


def body(text, declarations=""):
    return f"int main() {{ int x; {declarations} x = 7; {text} return x; }}\n".encode("latin-1")


# name -> (text, whether it must be refused: True, False, or None for either)
C0 = {
    "parens": (body("x = " + "(" * 10000 + "x" + ")" * 10000 + ";"), None),
    "parens-open": (body("x = " + "(" * 10000 + ";"), True),
    "blocks": (body("while (x == 0) { " * 1000 + "x = 1;" + "}" * 1000), None),
    "blocks-300": (body("while (x == 0) { " * 300 + "x = 1;" + "}" * 300), False),
    "ifs-300": (body("if (x == 7) { " * 300 + "x = 7;" + "} else { x = 1; }" * 300), False),
    "else-ifs": (body("".join(f"if (x == {i}) {{ x = 7; }} else {{ " for i in range(3000)) + "x = 1;" + "}" * 3000), None),
    "braces-open": (b"int main() " + b"{" * MB, True),
    "negations": (body("x = " + "- " * 10000 + "x;"), None),
    "complements": (body("x = " + "~" * 10000 + "x;"), None),
    "sum-1mb": (body("x = x" + " + 0" * (MB // 4) + ";"), None),
    "right-sum": (body("x = x" + " + (0" * 10000 + ")" * 10000 + ";"), None),
    "conjunction": (body("if (true" + " && true" * 50000 + ") { x = 7; }"), None),
    "stars": (b"int main() { int " + b"*" * 10000 + b"p; return 7; }", None),
    "dimensions": (b"int a" + b"[1]" * 5000 + b"; int main() { return 7; }", None),
    "indices": (b"int a" + b"[1]" * 500 + b"; int main() { int x; a" + b"[0]" * 500 + b" = 7; x = a" + b"[0]" * 500
                + b"; return x; }", None),
    "structs": (b"struct s0 { int a; };" + b"".join(b"struct s%d { struct s%d a; };" % (i, i - 1) for i in range(1, 2000))
                + b"struct s1999 v; int main() { return 7; }", None),
    "doubling-structs": (b"struct s0 { int a; };" + b"".join(b"struct s%d { struct s%d a; struct s%d b; };" % (i, i - 1, i - 1)
                         for i in range(1, 64)) + b"struct s63 v; int main() { return 7; }", True),
    "calls": (b"int f(int a) { return a; } int main() { int x; x = " + b"f(" * 5000 + b"7" + b")" * 5000 + b"; return x; }", None),
    "identifier-1mb": (b"int " + b"a" * MB + b"; int main() { return 7; }", None),
    "comment-1mb": (b"/*" + b"x" * MB + b"*/ int main() { return 7; }", False),
    "blanks-1mb": (b" " * MB + b"int main() { return 7; }", False),
    "string-1mb": (body('p = "' + "s" * MB + '";', "char *p;"), None),
    "digits-1mb": (body("x = " + "9" * MB + ";"), True),
    "line-1mb-error": (body("x = 7; " * (MB // 7) + "x = ;"), True),
    "parens-1mb": (b"(" * MB, True),
    "quotes-1mb": (b'"' * MB, True),
    "constant-2^32": (body("x = 4294967296;"), True),
    "constant-huge": (body("x = 99999999999999999999999999;"), True),
    "constant-hex": (body("x = 0x1FFFFFFFF;"), True),
    "constant-2^64": (body("x = 18446744073709551616;"), True),
    "constant-2^31": (body("x = 2147483648;"), True),
    "array-huge": (body("x = 1;", "int a[4294967295];"), True),
    "array-2^33": (b"int a[65536][65536][2]; int main() { return 7; }", True),
    "array-zero": (b"int a[0]; int main() { return 7; }", True),
    "array-negative": (b"int a[-1]; int main() { return 7; }", True),
    "character-empty": (body("x = '';"), True),
    "character-long": (body("x = 'ab';"), True),
    "character-open": (body("x = 'a"), True),
    "character-escape": (body("x = '\\q';"), True),
    "string-open": (body('p = "abc'), True),
    "comment-open": (b"int main() { return 7; } /* never closed", True),
    "comment-open-slash": (b"int main() { return 7; } /", True),
    "function-open": (b"int main() { return 7;", True),
    "nul": (b"int main() { return \0 7; }", True),
    "nul-comment": (b"/* \0 */ int main() { return 7; } // \0\n", None),
    "nul-string": (body('p = "a\0b";', "char *p;"), True),
    "nuls": (b"\0" * 1000, True),
    "high-bytes": (bytes(range(128, 256)), True),
    "all-bytes": (bytes(range(256)), True),
    "bom": (b"\xEF\xBB\xBFint main() { return 7; }", None),
    "utf-16": ("int main() { return 7; }".encode("utf-16"), True),
    "include-self": (b'#include "in.c0"\nint main() { return 7; }\n', True),
    "include-missing": (b'#include "nowhere.h"\nint main() { return 7; }\n', True),
    "include-folder": (b'#include "."\nint main() { return 7; }\n', True),
    "if-open": (b"#if 1\nint main() { return 7; }\n", True),
    "marker-huge": (b'# 99999999999999999999 "x"\nint main() { return y; }\n', True),
    "marker-open": (b'# 1 "x\nint main() { return y; }\n', True),
    "struct-self": (b"struct s { struct s a; }; struct s v; int main() { return 7; }", True),
    "functions-10000": (b"".join(b"int f%d() { return %d; }\n" % (i, i) for i in range(10000)) + b"int main() { return 7; }", False),
    "parameters-5000": (b"int f(" + b", ".join(b"int a%d" % i for i in range(5000)) + b") { return a7; } int main() { int x; x = f("
                        + b", ".join(b"%d" % i for i in range(5000)) + b"); return x; }", None),
    "errors-20000": (b"int main() { " + b"y = 1;\n" * 20000 + b"return 7; }", True),
}

ASSEMBLY = {
    "empty": (b"", False),
    "parens": (b".word " + b"(" * 10000 + b"1" + b")" * 10000, None),
    "parens-open": (b".word " + b"(" * 10000, True),
    "negations": (b".word " + b"-" * 10000 + b"1", None),
    "sum-1mb": (b".word 0" + b"+1" * (MB // 2), None),
    "label-1mb": (b"a" * MB + b": nop\n", None),
    "line-1mb": (b"nop " + b"x" * MB, True),
    "words-1mb": (b".word " + b"1," * (MB // 2) + b"1\n", None),
    "string-1mb": (b'.ascii "' + b"s" * MB + b'"', None),
    "string-open": (b'.ascii "abc', True),
    "string-escape": (b'.ascii "\\q"', True),
    "comment-open": (b"nop\n/* never closed", True),
    "space-2^32": (b".space 4294967296", True),
    "space-4g": (b".space 4294967295", None),
    "space-twice": (b".space 2147483647\n.space 2147483647\n.space 100\n", True),
    "space-bss": (b".section .bss\n.space 4294967292\n.space 8\n", True),
    "space-negative": (b".space -1", True),
    "align-31": (b"nop\n.align 31\n", None),
    "align-huge": (b".align 4294967295", True),
    "align-zero": (b".align 0", None),
    "align-negative": (b".align -4", True),
    "word-huge": (b".word 99999999999999999999", True),
    "word-2^32": (b".word 4294967296", True),
    "word-overflow": (b".word 4294967295 * 4294967295 * 4294967295", None),
    "divide-zero": (b".word 1 / 0", True),
    "divide-least": (b".equ m, -9223372036854775807 - 1\n.word m / -1\n", True),
    "remainder-least": (b".word (-2147483647 - 1) % -1\n", None),
    "shift-64": (b".word 1 << 64", None),
    "shift-negative": (b".word 1 << -1", None),
    "equ-self": (b".equ a, a + 1\n.word a\n", True),
    "equ-cycle": (b".equ a, b\n.equ b, a\n.word a\n", True),
    "label-twice": (b"a: nop\na: nop\n", True),
    "register-32": (b"add r1, r2, r32\n", True),
    "register-huge": (b"add r1, r2, r99999999999\n", True),
    "immediate": (b"addi r1, r2, 32768\n", True),
    "branch-far": (b"a: nop\n.space 200000\nbeqz r1, a\nnop\n", True),
    "unknown": (b"frobnicate r1\n", True),
    "directive": (b".frobnicate 1\n", True),
    "operands": (b"add r1, r2\n", True),
    "hi-open": (b"lhgi r1, %hi(a\n", True),
    "section-1mb": (b".section ." + b"s" * MB + b"\nnop\n", None),
    "section-empty": (b".section\nnop\n", True),
    "sections-70000": (b"".join(b".section .s%d\n.word 1\n" % i for i in range(70000)), True),
    "nul": (b"nop\0\n", True),
    "nul-string": (b'.ascii "a\0b"\n', None),
    "nuls": (b"\0" * 1000, True),
    "all-bytes": (bytes(range(256)), True),
    "bom": (b"\xEF\xBB\xBFnop\n", None),
    "carriage-return": (b"nop\rnop\r\n", None),
    "errors-20000": (b"frob\n" * 20000, True),
}

# Runs that end badly, on the line with the mark //@: text and fault. The limits are small because consis compares every
# frame and heap variable at every step.
SMALL = ["--heap=64k", "--stack=8k"]
RUNS = {
    "recursion": (b"int f(int n) {\n  int r;\n  r = f(n + 1); //@\n  return r;\n}\nint main() {\n  int x;\n  x = f(0);\n  return x;\n}\n",
                  "stack-overflow"),
    "big-frame": (b"int f(int n) {\n  int a[1000];\n  int r;\n  a[0] = n;\n  r = f(n + 1); //@\n  return r;\n}\n"
                  b"int main() {\n  int x;\n  x = f(0);\n  return x;\n}\n", "stack-overflow"),
    "bounds": (b"int a[3];\nint main() {\n  int i;\n  i = 3;\n  a[i] = 1; //@\n  return 0;\n}\n", "out-of-bounds"),
    "heap-unchecked": (b"struct s { int a[1000]; struct s *n; };\nint main() {\n  struct s *p;\n  p = new(struct s);\n"
                       b"  while (true) {\n    p->a[0] = 1; //@\n    p = new(struct s);\n  }\n  return 0;\n}\n", "null"),
    "division": (b"int main() {\n  int i;\n  i = 0;\n  i = 1 / i; //@\n  return i;\n}\n", "division"),
}
LOOP = b"int main() {\n  int i;\n  i = 0;\n  while (true) { i = i + 1; }\n  return 0;\n}\n"
HEAP = (b"struct s { int a[1000]; };\nint main() {\n  struct s *p;\n  int n;\n  n = 0;\n  p = new(struct s);\n"
        b"  while (p != NULL) { n = n + 1; p = new(struct s); }\n  return n;\n}\n")

# Commands of vamp's monitor with what they do not want, for a program that does not end.
MONITOR = ["step 1000", "x 0xffffffff 100", "x 0xfffffff0 20", "x", "walk 0xffffffff", "walk 0", "walk", "disas 0xfffffff0 20", "break 0", "break 0xfffffffc",
           "break 0x7ffffffc", "break main+", "break +4", "break main-0x99999999", "break :", "break a:b", "break :5", "break", "watch 0 4294967296",
           "watch 0 0", "watch 0x3fffffc 4", "watch 0 67108864", "back 18446744073709551615", "step 0", "step 3", "why r0", "why f31", "why MODE", "why", "goto",
           "goto -1", "goto 18446744073709551616", "reverse-continue", "delete 0", "delete 7", "last-write 0x4000000", "last-write 0 67108864", "info",
           "info x y", "snapshot", "snapshot nowhere/x", "help nothing", "\x00\x01", "q q"]
