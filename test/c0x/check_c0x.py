#!/usr/bin/env python3
"""Runs the C0X programs on the engines named, as test/programs/check.py does for those of c0 (test/programs/corpus.py).

    check_c0x.py gcc
    check_c0x.py --tools build/release/bin c0i vamp consis dump features/switch_nested.c0
"""
import glob
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "programs"))
import corpus  # noqa: E402
import oracle  # noqa: E402

# What the features are about, gcc warns of.
WARNINGS = ("-Wall -Wextra -Werror -Wno-sign-compare -Wno-type-limits -Wno-missing-braces -Wno-missing-field-initializers -Wno-parentheses "
            "-Wno-int-in-bool-context -Wno-overflow -Wno-unused-value -Wno-char-subscripts -Wno-dangling-pointer").split()


def native(program, folder):
    for optimise in ("-O0", "-O2"):
        binary = os.path.join(folder, "program")
        oracle.build(program.units, binary, optimise, WARNINGS)
        done = corpus.execute([binary], program.input)
        yield done.returncode, done.stdout


def programs():
    found = []
    for area in ("features", "programs"):
        found += glob.glob(os.path.join(HERE, area, "*.c0")) + [os.path.dirname(p) for p in glob.glob(os.path.join(HERE, area, "*", "main.c0"))]
    return sorted(found)


if __name__ == "__main__":
    corpus.main("Runs the C0X programs on the engines named.", HERE, programs(), "-std=c0x", native)
