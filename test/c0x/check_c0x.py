#!/usr/bin/env python3
"""Runs the C0X programs on the engines named, as test/programs/check.py does for those of c0 (same comments, same engines).

    check_c0x.py gcc
    check_c0x.py --tools build/release/bin c0i vamp consis features/switch_nested.c0

A program is a file, or a folder of units whose main.c0 has the comments.
"""
import argparse
import functools
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "programs"))
import check  # noqa: E402
import oracle  # noqa: E402
from check import Failure  # noqa: E402

LIBRARY = os.path.join(os.path.dirname(os.path.dirname(HERE)), "runtime", "lib")
INCLUDE = os.path.join(LIBRARY, "include")
# What the features are about, gcc warns of.
WARNINGS = ("-Wall -Wextra -Werror -Wno-sign-compare -Wno-type-limits -Wno-missing-braces -Wno-missing-field-initializers -Wno-parentheses "
            "-Wno-int-in-bool-context -Wno-overflow -Wno-unused-value -Wno-char-subscripts").split()
UNITS = ("print", "sort", "stdio", "stdlib", "string")


class Program(check.Program):
    def __init__(self, path):
        units = sorted(glob.glob(os.path.join(path, "*.c0"))) if os.path.isdir(path) else [path]
        super().__init__(os.path.join(path, "main.c0") if os.path.isdir(path) else path)
        self.units = units
        self.name = os.path.relpath(path, HERE)


def build(units, binary, optimise="-O1", warnings=WARNINGS, gcc="gcc"):
    """Compiles a C0X program with gcc, the headers and the library of C0X."""
    command = oracle.command(units[0], binary, gcc=gcc, optimise=optimise, warnings=warnings)
    if gcc == "clang":
        command.remove("-fno-tree-loop-distribute-patterns")
    done = subprocess.run([*command, "-I", INCLUDE, *units[1:], "-x", "none", *library()], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"{gcc} rejects it:\n{done.stderr}")


@functools.lru_cache
def folder():
    return tempfile.TemporaryDirectory()


@functools.lru_cache
def library():
    """The library's objects, compiled once a run."""
    sources = [os.path.join(LIBRARY, unit + ".c0") for unit in UNITS] + [os.path.join(oracle.HOST, "printf.c")]
    objects = []
    for source in sources:
        objects.append(os.path.join(folder().name, os.path.basename(source) + ".o"))
        subprocess.run(["gcc", "-m32", "-O1", *oracle.LANGUAGE, "-fno-pie", "-fno-stack-protector", "-fno-tree-loop-distribute-patterns",
                        "-I", INCLUDE, "-include", os.path.join(oracle.HOST, "c0.h"), "-x", "c", "-c", source, "-o", objects[-1]], check=True)
    return objects


class Engines(check.Engines):
    def gcc(self, program, folder):
        for optimise in ("-O0", "-O2"):
            binary = os.path.join(folder, "program")
            build(program.units, binary, optimise)
            done = check.execute([binary], program.input)
            check.compare(program, done.returncode, done.stdout)

    def c0i(self, program, folder):
        done = check.execute([self.tool("c0i"), *program.units], program.input)
        self.show(program, done)
        check.compare(program, done.returncode, done.stdout)

    def vamp(self, program, folder):
        image = self.image(program, folder)
        done = check.execute([self.tool("vamp"), "--stats", image], program.input)
        counted = re.search(r"^instructions (\d+)", done.stderr.decode("latin-1"), re.M)
        self.add("instructions", int(counted.group(1)) if counted else 0)
        check.compare(program, done.returncode, done.stdout)

    def consis(self, program, folder):
        done = check.execute([self.tool("consis"), "--json", self.image(program, folder)], program.input)
        self.show(program, done)
        outcome = json.loads(done.stdout) if done.stdout.startswith(b"{") else {}
        # A failed assertion ends both machines the same way.
        if not outcome or (done.returncode != 0 and program.status != 123):
            what = outcome.get("failure") or outcome.get("fault") or {"text": "no outcome"}
            raise Failure(f"consis ends with status {done.returncode}: {what['text']}")
        self.add("C0 steps", outcome["counters"]["c0Steps"])

    def image(self, program, folder):
        image = os.path.join(folder, "program.elf")
        built = check.execute([self.tool("c0c"), *program.units, "-o", image])
        if built.returncode != 0:
            raise Failure("c0c: " + built.stderr.decode("latin-1").strip())
        return image

    @staticmethod
    def show(program, done):
        if done.stderr and program.status != 123:
            sys.stderr.write(done.stderr.decode("latin-1"))


def programs():
    found = []
    for area in ("features", "programs"):
        found += glob.glob(os.path.join(HERE, area, "*.c0")) + [os.path.dirname(p) for p in glob.glob(os.path.join(HERE, area, "*", "main.c0"))]
    return sorted(found)


def main():
    parser = argparse.ArgumentParser(description="Runs the C0X programs on the engines named.")
    parser.add_argument("--tools", help="folder of c0c, c0i, vamp, consis (default: PATH)")
    parser.add_argument("-v", "--verbose", action="store_true", help="a line for every program, with its seconds")
    parser.add_argument("what", nargs="+", help=f"engines ({', '.join(check.ENGINES)}) and programs (default: all)")
    options = parser.parse_args()
    chosen = [word for word in options.what if word in check.ENGINES]
    paths = [word for word in options.what if word not in check.ENGINES] or programs()
    if not chosen:
        parser.error(f"name an engine: {', '.join(check.ENGINES)}")

    engines = Engines(options.tools)
    passed = failed = 0
    for path in paths:
        for engine in chosen:
            start = time.monotonic()
            try:
                with tempfile.TemporaryDirectory() as scratch:
                    getattr(engines, engine)(Program(path), scratch)
                passed += 1
                if options.verbose:
                    print(f"ok   {engine} {os.path.relpath(path, HERE)} {time.monotonic() - start:.2f} s")
            except Failure as failure:
                failed += 1
                print(f"FAIL {engine} {os.path.relpath(path, HERE)}: {failure}")
    totals = "".join(f", {number:,} {key}" for key, number in engines.totals.items())
    print(f"{', '.join(chosen)}: {passed} passed, {failed} failed{totals}")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
