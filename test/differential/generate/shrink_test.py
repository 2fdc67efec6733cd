#!/usr/bin/env python3
"""A compiler with a seeded bug is found by random programs, and the program that finds it becomes small and keeps finding it.

    shrink_test.py --tools build/release/bin
"""
import argparse
import glob
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
RUN = [sys.executable, os.path.join(HERE, "run.py")]
MUTATION = "c0c-mutant --mutate=compare-strict"


def main():
    parser = argparse.ArgumentParser(description="Finds and shrinks a seeded bug.")
    parser.add_argument("--tools", required=True)
    parser.add_argument("--tests", default="250")
    tools = ["--tools", parser.parse_args().tools]
    with tempfile.TemporaryDirectory() as folder:
        mutant = [*tools, "--c0c", MUTATION]
        found = subprocess.run([*RUN, *mutant, "--seed", "1", "--count", "20", "--size", "1", "--stop", "--keep", folder, "--shrink-tests", parser.parse_args().tests],
                               capture_output=True, text=True)
        small = sorted(glob.glob(os.path.join(folder, "*.small.c0")))
        if found.returncode != 1 or not small:
            sys.exit(f"the seeded bug was not found: {found.stdout}{found.stderr}")
        for path in small:
            sizes = [len(open(each).read().split()) for each in (path.replace(".small", ""), path)]
            print(f"{os.path.basename(path)}: {sizes[0]} words became {sizes[1]}")
            if sizes[1] * 3 > sizes[0]:
                sys.exit("it did not become small")
        again = subprocess.run([*RUN, *mutant, "--no-shrink", *small], capture_output=True, text=True)
        if again.stdout.count("FAIL") != len(small):
            sys.exit(f"a shrunk program does not show the bug: {again.stdout}")
        right = subprocess.run([*RUN, *tools, "--no-shrink", "--consis", *small], capture_output=True, text=True)
        if right.returncode != 0:
            sys.exit(f"a shrunk program shows another bug: {right.stdout}")


if __name__ == "__main__":
    main()
