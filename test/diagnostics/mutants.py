#!/usr/bin/env python3
"""A hundred programs with one wrong token: does c0c's first error stand where the mistake is?

    mutants.py --tools build/release/bin [--seed N] [--count 100] [--least 95] [--verbose]

Correct programs of test/programs (-std=c0) and test/c0x (-std=c0x) lose a token, get it twice, or have it swapped with its
neighbour; the seed, which is printed, decides. Kept are the mutants that gcc with our headers rejects: they are wrong by a
second opinion. Mutants with the same text as another are dropped.

The right line is that of the mutated token (of either token of a swap). The line of the token behind it counts only if gcc
reports an error there as well: a missing `;` at the end of a line is such a case for who points at the next token. c0c's first
error decides, not any of them."""

import argparse
import glob
import os
import random
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(ROOT, "test", "programs"))
import oracle  # noqa: E402

SEED = 1955
TOKEN = re.compile(r"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/|^\#[^\n]*)
  |[A-Za-z_]\w*|0[xX][0-9a-fA-F]+[uU]?|\d+[uU]?|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'
  |\.\.\.|<<=|>>=|->|\+\+|--|<<|>>|[<>=!+\-*/%&|^]=|&&|\|\||.""", re.S | re.M | re.X)
GCC = ["gcc", "-m32", "-fsyntax-only", "-w", *oracle.LANGUAGE, "-I", oracle.INCLUDE, "-include", os.path.join(oracle.HOST, "c0.h"), "-x", "c"]


def tokens(text):
    return [(m.start(), m.end()) for m in TOKEN.finditer(text) if not m.group("skip")]


def mutate(chance, text):
    """(mutant, lines of the mutated tokens, line of the token behind them, what was done)."""
    places = tokens(text)
    index = chance.randrange(len(places) - 2)
    (a, b), (c, d), (e, _) = places[index:index + 3]
    line = lambda at: text.count("\n", 0, at) + 1  # noqa: E731
    how = chance.choice(("delete", "double", "swap"))
    if how == "delete":
        return text[:a] + " " * (b - a) + text[b:], {line(a)}, line(c), f"delete {text[a:b]}"
    if how == "double":
        return text[:b] + " " + text[a:b] + text[b:], {line(a)}, line(c), f"double {text[a:b]}"
    return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:], {line(a), line(c)}, line(e), f"swap {text[a:b]} {text[c:d]}"


def errors(command, folder):
    """The lines of the errors in the mutant, in their order (None: there are none), and what was said."""
    done = subprocess.run([*command, "mutant.c0"], cwd=folder, capture_output=True, text=True)
    lines = [int(n) for n in re.findall(r"^mutant.c0:(\d+):\d+: (?:fatal )?error: ", done.stderr, re.M)]
    return (lines if done.returncode else None), done.stderr


def programs():
    for standard, pattern in (("c0", "test/programs/*.c0"), ("c0x", "test/c0x/programs/*.c0"), ("c0x", "test/c0x/features/*.c0")):
        for path in sorted(glob.glob(os.path.join(ROOT, pattern))):
            yield standard, path


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--least", type=int, default=95, help="of a hundred")
    parser.add_argument("--verbose", action="store_true")
    args = parser.parse_args()
    chance = random.Random(args.seed)
    candidates = list(programs())
    tool = os.path.join(os.path.abspath(args.tools), "c0c")
    folder = tempfile.TemporaryDirectory()
    right = kept = tried = 0
    seen = set()
    while kept < args.count:
        tried += 1
        standard, path = chance.choice(candidates)
        mutant, lines, behind, how = mutate(chance, open(path, encoding="ascii").read())
        with open(os.path.join(folder.name, "mutant.c0"), "w", encoding="ascii") as file:
            file.write(mutant)
        gcc, _ = errors(GCC, folder.name)
        if gcc is None or mutant in seen:
            continue
        seen.add(mutant)
        kept += 1
        ours, said = errors([tool, f"-std={standard}", "-fsyntax-only"], folder.name)
        first = ours[0] if ours else None
        good = first in lines or (first == behind and behind in gcc)
        right += good
        if not good or args.verbose:
            print(f"{'right' if good else 'WRONG'} {os.path.basename(path)}:{min(lines)}: {how}: c0c says {first}, gcc {gcc[:3]}")
            if not good:
                print("    " + "\n    ".join(mutant.split("\n")[min(lines) - 1:max(lines) + 1]) + "\n    | " + "\n    | ".join(said.split("\n")[:4]))
    print(f"{right} of {kept} mutants have their first error at the right line (seed {args.seed}, {tried} tried)")
    return right * 100 < args.least * kept


if __name__ == "__main__":
    sys.exit(main())
