#!/usr/bin/env python3
"""Writes a C0 program of about N lines to measure compilers with: `generate.py 50000 > big.c0`.

Deterministic. Units of about 90 lines: a struct, two globals and an array, five functions with while and if, array,
struct and pointer accesses, shifts, / and %, calls as statements only; about 15 bytes a line. Valid as -std=c0 and,
with runtime/host/c0.h, as C for gcc and tcc. The program runs, too: it prints a checksum.
"""
import sys


class Random:
    """A linear congruential generator: the same program on every host and Python."""

    def __init__(self, seed):
        self.state = seed

    def below(self, n):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % n

    def pick(self, choices):
        return choices[self.below(len(choices))]


class Unit:
    """Struct s<k>, globals g<k>, h<k>, a<k>, o<k>, functions f<k>_0 .. f<k>_4; calls go to earlier functions."""

    def __init__(self, number, random):
        self.k = number
        self.random = random
        self.size = random.pick([8, 16, 32])

    def atom(self):
        k, r = self.k, self.random
        return r.pick(["x", "y", "n", f"g{k}", f"o{k}.p", f"q->p", f"q->r[{r.below(4)}]", f"a{k}[x & {self.size - 1}]",
                       str(r.below(100)), str(r.below(100000))])

    def more(self):
        return f" {self.random.pick('+-')} {self.atom()}" if self.random.below(3) else ""

    def constants(self):
        return f"n % {self.random.below(90) + 9} + {self.random.below(500)}"

    def expression(self):
        r = self.random
        form = r.below(8)
        a, b = self.atom(), self.atom()
        if form == 0:
            return f"{a} * {r.below(30) + 2} + {b}"
        if form == 1:
            return f"({a} << {r.below(7) + 1}) ^ ({b}{self.more()})"
        if form == 2:
            return f"({a} >> {r.below(7) + 1}) - {b}"
        if form == 3:
            return f"{a} / {r.below(60) + 3}"
        if form == 4:
            return f"{a} % {r.below(60) + 3}"
        if form == 5:
            return f"({a} & {r.below(255) + 1}) | {b}"
        return f"{a} {r.pick('+-')} {b}{self.more()}"

    def place(self):
        k, r = self.k, self.random
        return r.pick(["x", "y", f"g{k}", f"o{k}.p", "q->p", f"q->r[y & 3]", f"a{k}[y & {self.size - 1}]"])

    def condition(self):
        relation = self.random.pick(["<", ">", "<=", "==", "!="])
        return f"{self.atom()} {relation} {self.atom()}"

    def assignment(self, indent):
        return f"{indent}{self.place()} = {self.expression()};"

    def function(self, j):
        """About 15 lines, where only the loop's own statement changes its counter i."""
        k, r = self.k, self.random
        loop = r.below(2) == 1
        lines = [f"int f{k}_{j}(int n) {{", "  int x;", "  int y;", f"  struct s{k} *q;"]
        if loop:
            lines.append("  int i;")
        lines += [f"  q = &o{k};", "  x = n;", f"  y = {self.constants()};"]
        if loop:
            lines += ["  i = 0;", f"  while (i < {r.below(4) + 2}) {{", self.assignment("    "), "    i = i + 1;",
                      "  }"]
        if r.below(2):
            lines += [f"  if ({self.condition()})", self.assignment("    "), "  else", self.assignment("    ")]
        if r.below(4) == 0:
            lines.append(f"  h{k} = h{k} + ((unsigned)x >> {r.below(8)}u);")
        lines.append(self.assignment("  "))
        if j > 0:
            lines.append(f"  y = f{k}_{j - 1}(x);")
        elif k % 16 > 0:  # a chain through all units would be as deep as the program is long
            lines.append(f"  y = f{k - 1}_{r.below(2)}(y);")
        lines += ["  return x + y;", "}"]
        return lines

    def lines(self):
        k = self.k
        result = [f"struct s{k} {{", "  int p;", "  int r[4];", "  char c;", f"  struct s{k} *n;", "};", f"int g{k};",
                  f"unsigned h{k};", f"int a{k}[{self.size}];", f"struct s{k} o{k};"]
        for j in range(5):
            result += self.function(j)
        return result


def program(lines):
    random = Random(lines)
    result = ["extern int put_char(char c);", "extern int put_int(int value);"]
    units = 0
    while len(result) < lines - 12:
        result += Unit(units, random).lines()
        units += 1
    calls = [f"  x = f{k}_4(x);" for k in range(0, units, max(1, units // 4))]
    result += ["int main() {", "  int x;", "  x = 1;", *calls, "  put_int(x);", "  put_char('\\n');", "  return 0;",
               "}"]
    return "\n".join(result) + "\n"


if __name__ == "__main__":
    if len(sys.argv) != 2 or not sys.argv[1].isdigit():
        sys.exit("usage: generate.py lines > big.c0")
    sys.stdout.write(program(int(sys.argv[1])))
