#!/usr/bin/env python3
"""Runs the corpus on the engines named and compares output and exit status with what each program says of itself.

    check.py gcc                              # the host's gcc alone
    check.py --tools build/release/bin c0i vamp consis quick_sort.c0

A program states its expectation in comments at its top: `// EXPECT: line` and `// INPUT: line` (repeated, each line
ends in a newline) and `// STATUS: n`. Engines: gcc (oracle.py), c0i (the abstract machine), vamp (c0c -std=c0, then the
emulator), consis (both in lockstep, in full mode, without a difference).
"""
import argparse
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import time

import oracle

HERE = os.path.dirname(os.path.abspath(__file__))
ENGINES = ("gcc", "c0i", "vamp", "consis")
TIMEOUT = 300


class Failure(Exception):
    pass


class Program:
    """A source and what its comments promise."""

    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(path)
        text = open(path, encoding="ascii").read()
        self.output = self.lines(text, "EXPECT")
        self.input = self.lines(text, "INPUT")
        status = re.findall(r"^// STATUS: (\d+)$", text, re.M)
        if len(status) != 1 or not self.output:
            raise Failure("needs one `// STATUS: n` and at least one `// EXPECT: line`")
        self.status = int(status[0])

    @staticmethod
    def lines(text, keyword):
        found = re.findall(rf"^// {keyword}:(?: (.*))?$", text, re.M)
        return "".join(line + "\n" for line in found).encode()


def execute(command, stdin=b""):
    try:
        return subprocess.run(command, input=stdin, capture_output=True, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        raise Failure(f"no end after {TIMEOUT} s: {' '.join(command)}")


def compare(program, status, output):
    if output != program.output:
        expected, found = program.output.decode().split("\n"), output.decode("latin-1").split("\n")
        for number, (want, have) in enumerate(zip(expected + ["<end>"], found + ["<end>"]), 1):
            if want != have:
                raise Failure(f"output line {number}: expected '{want}', found '{have}'")
    if status != program.status:
        raise Failure(f"expected status {program.status}, found {status}")


class Engines:
    """One method an engine; each raises Failure, consis adds to the totals."""

    def __init__(self, tools):
        self.tools = tools
        self.totals = {}

    def tool(self, name):
        path = os.path.join(self.tools, name) if self.tools else name
        if self.tools and not os.access(path, os.X_OK):
            raise Failure(f"no tool {path}")
        return path

    def gcc(self, program, folder):
        try:
            status, output = oracle.run(program.path, program.input, TIMEOUT, ("-Wall", "-Wextra", "-Werror"))
        except RuntimeError as error:
            raise Failure(str(error))
        compare(program, status, output)

    def c0i(self, program, folder):
        done = execute([self.tool("c0i"), "-std=c0", program.path], program.input)
        self.show(done)
        compare(program, done.returncode, done.stdout)

    def image(self, program, folder):
        image = os.path.join(folder, "program.elf")
        built = execute([self.tool("c0c"), "-std=c0", program.path, "-o", image])
        if built.returncode != 0:
            raise Failure("c0c: " + built.stderr.decode("latin-1").strip())
        return image

    def vamp(self, program, folder):
        done = execute([self.tool("vamp"), "--stats", self.image(program, folder)], program.input)
        counted = re.search(r"^instructions (\d+)", done.stderr.decode("latin-1"), re.M)
        self.add("instructions", int(counted.group(1)) if counted else 0)
        compare(program, done.returncode, done.stdout)

    def consis(self, program, folder):
        done = execute([self.tool("consis"), "--json", self.image(program, folder)], program.input)
        self.show(done)
        outcome = json.loads(done.stdout) if done.stdout.startswith(b"{") else {}
        if done.returncode != 0 or not outcome:
            what = outcome.get("failure") or outcome.get("fault") or {"text": "no outcome"}
            raise Failure(f"consis ends with status {done.returncode}: {what['text']}")
        counters = outcome["counters"]
        self.add("C0 steps", counters["c0Steps"])
        self.add("instructions", counters["instructions"])
        self.add("checks", sum(counters[kind] for kind in ("values", "pointers", "control", "code")))
        if outcome["exit"] % 256 != program.status or counters["outputs"] != len(program.output):
            raise Failure(f"exit {outcome['exit']} after {counters['outputs']} bytes of output")

    def add(self, key, number):
        self.totals[key] = self.totals.get(key, 0) + number

    @staticmethod
    def show(done):
        if done.stderr:
            sys.stderr.write(done.stderr.decode("latin-1"))


def main():
    parser = argparse.ArgumentParser(description="Runs the corpus on the engines named.")
    parser.add_argument("--tools", help="folder of c0c, c0i, vamp, consis (default: PATH)")
    parser.add_argument("-v", "--verbose", action="store_true", help="a line for every program, with its seconds")
    parser.add_argument("what", nargs="+", help=f"engines ({', '.join(ENGINES)}) and programs (default: all)")
    options = parser.parse_args()
    chosen = [word for word in options.what if word in ENGINES]
    paths = [word for word in options.what if word not in ENGINES] or sorted(glob.glob(os.path.join(HERE, "*.c0")))
    if not chosen:
        parser.error(f"name an engine: {', '.join(ENGINES)}")
    if "gcc" in chosen and oracle.available():
        sys.exit(f"check.py: the gcc oracle does not work here: {oracle.available()}")

    engines = Engines(options.tools)
    passed = failed = 0
    for path in paths:
        for engine in chosen:
            start = time.monotonic()
            try:
                with tempfile.TemporaryDirectory() as folder:
                    getattr(engines, engine)(Program(path), folder)
                passed += 1
                if options.verbose:
                    print(f"ok   {engine} {os.path.basename(path)} {time.monotonic() - start:.2f} s")
            except Failure as failure:
                failed += 1
                print(f"FAIL {engine} {os.path.basename(path)}: {failure}")
    totals = "".join(f", {number:,} {key}" for key, number in engines.totals.items())
    print(f"{', '.join(chosen)}: {passed} passed, {failed} failed{totals}")
    sys.exit(1 if failed or not passed else 0)


if __name__ == "__main__":
    main()
