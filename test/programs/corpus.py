"""Programs that say in comments what they print, and the engines that run them (used by check.py and test/c0x/check_c0x.py).

A program states its expectation at its top: `// EXPECT: line` and `// INPUT: line` (repeated, each line ends in a newline)
and `// STATUS: n`. It is a file, or a folder of units whose main.c0 has the comments.

    gcc     the host's compiler, in the dialect's way (oracle.py)
    c0i     the abstract machine
    vamp    c0c, then the emulator
    consis  both in lockstep: no difference, the same output and status; and all modes say the same (modes.py)
    reconstruct    what consis finds in the VAMP alone is what the abstract machine has (reconstruct_check.cpp)
    dump    the core's text (-fdump-core) read back: the same text again, the same assembly, the same run
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

import modes
import oracle

TIMEOUT = 300
FAULT = 123  # the status of a program that a fault has ended


class Failure(Exception):
    pass


class Program:
    """A source and what its comments promise."""

    def __init__(self, path):
        self.path = path
        self.name = os.path.basename(path)
        self.units = sorted(glob.glob(os.path.join(path, "*.c0"))) if os.path.isdir(path) else [path]
        text = open(os.path.join(path, "main.c0") if os.path.isdir(path) else path, encoding="ascii").read()
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


def definitions(assembly):
    """What an assembly text defines, in sorted order: each function and variable without comments, its labels counted afresh. A dump
    gives the functions in the order of their first declarations. Left out is what knows source positions (.c0map, .c0core)."""
    sections = re.split(r"(?m)^(?=\s*\.section\s)", assembly)
    kept = "".join(part for part in sections if ".c0map" not in part[:40] and ".c0core" not in part[:40])
    found = re.findall(r"(?m)^\s*\.globl.*\n", kept)
    for part in re.split(r"(?m)^(?=\s*\.type\s)", re.sub(r"(?m)^#.*\n|^\s*\.globl.*\n", "", kept)):
        labels = {}
        found.append(re.sub(r"\.L\d+\b", lambda match: labels.setdefault(match[0], f".L{len(labels)}"), part))
    return sorted(found)


class Engines:
    """One method an engine; each raises Failure or adds to the totals. `native(program, folder)` yields the host's (status, output)."""

    NAMES = ("gcc", "c0i", "vamp", "consis", "reconstruct", "dump")

    def __init__(self, tools, standard, native):
        self.tools, self.standard, self.native = tools, standard, native
        self.totals = {}  # what they did

    def tool(self, name):
        path = os.path.join(self.tools, name) if self.tools else name
        if self.tools and not os.access(path, os.X_OK):
            raise Failure(f"no tool {path}")
        return path

    def gcc(self, program, folder):
        try:
            for status, output in self.native(program, folder):
                compare(program, status, output)
        except RuntimeError as error:
            raise Failure(str(error))

    def c0i(self, program, folder):
        done = execute([self.tool("c0i"), self.standard, *program.units], program.input)
        self.show(program, done)
        compare(program, done.returncode, done.stdout)

    def c0c(self, *arguments):
        done = execute([self.tool("c0c"), *arguments])
        if done.returncode != 0:
            raise Failure(f"c0c {' '.join(arguments)}: " + done.stderr.decode("latin-1").strip())
        return done.stdout.decode("latin-1")

    def image(self, units, standard, folder):
        image = os.path.join(folder, "program.elf")
        self.c0c(standard, *units, "-o", image)
        return image

    def emulate(self, program, image):
        done = execute([self.tool("vamp"), "--stats", image], program.input)
        counted = re.search(r"^instructions (\d+)", done.stderr.decode("latin-1"), re.M)
        self.add("instructions", int(counted.group(1)) if counted else 0)
        compare(program, done.returncode, done.stdout)

    def vamp(self, program, folder):
        self.emulate(program, self.image(program.units, self.standard, folder))

    def consis(self, program, folder):
        image = self.image(program.units, self.standard, folder)
        try:
            _, (_, checks) = modes.same(self.tool("consis"), [image], program.input, TIMEOUT, self.totals)
        except (modes.Differ, subprocess.TimeoutExpired) as differ:
            raise Failure(str(differ))
        self.add("comparisons in mode full", checks)
        done = execute([self.tool("consis"), "--json", "--output", image], program.input)
        outcome = json.loads(done.stderr) if done.stderr.startswith(b"{") else {}
        # Status 4: a fault that ends both machines at the same place.
        if not outcome or done.returncode != (4 if program.status == FAULT else 0):
            what = outcome.get("failure") or outcome.get("fault") or {"text": done.stderr.decode("latin-1") or "no outcome"}
            raise Failure(f"consis ends with status {done.returncode}: {what['text']}")
        counters = outcome["counters"]
        self.add("C0 steps", counters["c0Steps"])
        self.add("instructions", counters["instructions"])
        self.add("comparisons", counters["comparable"])
        compare(program, FAULT if done.returncode == 4 else outcome["exit"] % 256, done.stdout)

    def reconstruct(self, program, folder):
        done = execute([self.tool("reconstruct-check"), self.image(program.units, self.standard, folder)], program.input)
        found = re.match(rb"(\d+) of \d+ places, (\d+) values", done.stdout)
        if done.returncode != 0 or not found or int(found[1]) == 0:
            raise Failure((done.stdout + done.stderr).decode("latin-1").strip())
        self.add("configurations", int(found[1]))
        self.add("values", int(found[2]))

    def dump(self, program, folder):
        dumps = []
        for i, unit in enumerate(program.units):
            dumps.append(os.path.join(folder, f"unit{i}.c0"))
            text = self.c0c(self.standard, "-fdump-core", unit)
            with open(dumps[-1], "w", encoding="latin-1") as file:
                file.write(text)
            if self.c0c("-std=core", "-fdump-core", dumps[-1]) != text:
                raise Failure(f"{unit}: the dump of its dump is another text")
            made = [definitions(self.c0c(standard, "-S", "-o", "-", source)) for standard, source in ((self.standard, unit), ("-std=core", dumps[-1]))]
            if made[0] != made[1] or not any(part.strip() for part in made[0]):
                other = next((a for a, b in zip(*made) if a != b), "").strip()
                raise Failure(f"{unit}: other assembly from its dump, first at {other.split(chr(10))[0]}")
            self.add("lines of assembly", sum(part.count("\n") for part in made[0]))
        self.emulate(program, self.image(dumps, "-std=core", folder))

    def add(self, key, number):
        self.totals[key] = self.totals.get(key, 0) + number

    @staticmethod
    def show(program, done):
        if done.stderr and program.status != FAULT:
            sys.stderr.write(done.stderr.decode("latin-1"))


def main(about, here, paths, standard, native):
    """The command line of a corpus: all its paths on the engines named."""
    names = Engines.NAMES
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--tools", help="folder of c0c, c0i, vamp, consis (default: PATH)")
    parser.add_argument("-v", "--verbose", action="store_true", help="a line for every program, with its seconds")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="of all programs, each N-th")
    parser.add_argument("what", nargs="+", help=f"engines ({', '.join(names)}) and programs (default: all)")
    options = parser.parse_args()
    chosen = [word for word in options.what if word in names]
    paths = [word for word in options.what if word not in names] or paths[::options.every]
    if not chosen:
        parser.error(f"name an engine: {', '.join(names)}")
    if "gcc" in chosen and oracle.available():
        sys.exit(f"the gcc oracle does not work here: {oracle.available()}")

    engines = Engines(options.tools, standard, native)
    passed = failed = 0
    for path in paths:
        name = os.path.relpath(path, here)
        for engine in chosen:
            start = time.monotonic()
            try:
                with tempfile.TemporaryDirectory() as folder:
                    getattr(engines, engine)(Program(path), folder)
                passed += 1
                if options.verbose:
                    print(f"ok   {engine} {name} {time.monotonic() - start:.2f} s")
            except Failure as failure:
                failed += 1
                print(f"FAIL {engine} {name}: {failure}")
    totals = "".join(f", {number:,} {key}" for key, number in engines.totals.items())
    print(f"{', '.join(chosen)}: {passed} passed, {failed} failed{totals}")
    sys.exit(1 if failed or not passed else 0)
