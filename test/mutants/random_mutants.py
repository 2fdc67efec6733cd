#!/usr/bin/env python3
"""Random wrong compilations and corruptions: all modes of consis must say the same of each (test/programs/modes.py).

    random_mutants.py --tools build/release/bin [--seed N] [--count N] [--generated N] [--every N] [PROGRAM..]

Of each program (default: small ones of test/programs and generated ones) the image as it is, `count` images of which one
random instruction has a random bit changed, and `count` runs in which a random register, word, byte or program counter
is changed at a random step. Most are found, some change nothing that the relation is about; which, is for mode full to say."""

import argparse
import collections
import glob
import os
import random
import re
import struct
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TEST = os.path.dirname(HERE)
sys.path[:0] = [HERE, os.path.join(TEST, "programs")]
import modes  # noqa: E402
import patch  # noqa: E402

LIMITS = ["--checked", "--limit=20000"]
STEPS = 1500
SHARDED = 5  # every so many runs are made in shards, too


class Trial:
    def __init__(self, tools, folder, seed):
        self.tools, self.folder = tools, folder
        self.random = random.Random(seed)
        self.found = collections.Counter()
        self.work = {}  # of mode parallel
        self.bad = 0

    def tool(self, name):
        return os.path.join(self.tools, name)

    def file(self, name):
        return os.path.join(self.folder, name)

    def compare(self, label, arguments, stdin):
        try:
            outcome, _ = modes.same(self.tool("consis"), [*LIMITS, f"--max-steps={STEPS}", *arguments], stdin, work=self.work,
                                    shards=sum(self.found.values()) % SHARDED == 0)
        except modes.Differ as differ:
            self.bad += 1
            print(f"FAIL {label}: {differ}", flush=True)
            return None
        what = outcome if isinstance(outcome, str) else outcome.get("failure", {}).get("condition", outcome["verdict"])
        self.found["refused" if isinstance(outcome, str) else what] += 1
        return outcome

    def program(self, path, count):
        stdin = "".join(re.findall(r"^// INPUT: (.*\n)", open(path, encoding="latin-1").read(), re.M)).encode()
        name = os.path.basename(path)
        standard = "-std=c0x" if "c0x" in path else "-std=c0"
        # A small heap and stack, so that random addresses hit something.
        subprocess.run([self.tool("c0c"), standard, "-c", path, "-o", self.file("good.o")], check=True)
        self.link("good")
        right = self.compare(name, [self.file("good.elf")], stdin)
        if not right or right["verdict"] == "inconsistent":
            self.bad += bool(right)
            print(f"FAIL {name}: a false alarm" if right else "", flush=True)
            return
        steps = right["counters"]["c0Steps"]
        for _ in range(count):
            where = self.change()
            if self.link("bad"):
                self.compare(f"{name} with {where}", [self.file("bad.elf")], stdin)
            what = self.corruption(steps)
            self.compare(f"{name} {what}", ["--corrupt=" + what, self.file("good.elf")], stdin)

    def link(self, name):
        return subprocess.run([self.tool("c0c"), self.file(name + ".o"), "-o", self.file(name + ".elf"), "--heap=16k",
                               "--stack=8k"], capture_output=True).returncode == 0

    def change(self):
        """bad.o is good.o with one bit of .text changed."""
        elf = bytearray(open(self.file("good.o"), "rb").read())
        header = next(h for n, h in patch.sections(elf) if n == ".text")
        at = header[4] + 4 * self.random.randrange(header[5] // 4)
        bit = self.random.randrange(32)
        word, = struct.unpack_from("<I", elf, at)
        struct.pack_into("<I", elf, at, word ^ 1 << bit)
        open(self.file("bad.o"), "wb").write(elf)
        return f"bit {bit} of .text+{at - header[4]:#x}"

    def corruption(self, steps):
        image = open(self.file("good.elf"), "rb").read()
        symbols = {name: value for name, value, _, _ in patch.symbols(image)}
        step, value = self.random.randrange(max(steps, 1)), self.random.choice([0, 1, 255, 0x12345, self.random.getrandbits(32)])
        text = symbols["main"]
        kind = self.random.choice(("reg", "mem", "mem", "mem", "byte", "byte", "dpc", "pc"))
        if kind == "reg":
            return f"{step}:reg={self.random.choice((28, 29, 30, 31, self.random.randrange(1, 28)))},value={value}"
        if kind in ("dpc", "pc"):
            return f"{step}:{kind}={text + 4 * self.random.randrange(64)}"
        top = symbols["__stack_top"]
        address = self.random.choice((top - self.random.randrange(1, 256), symbols["__heap_start"] + self.random.randrange(256),
                                      symbols["__heap_start"] - self.random.randrange(1, 512), text + self.random.randrange(64)))
        return f"{step}:{kind}={address & ~3 if kind == 'mem' else address},value={value}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=2)
    parser.add_argument("--generated", type=int, default=6)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="of the programs, each N-th")
    parser.add_argument("programs", nargs="*")
    options = parser.parse_args()
    paths = options.programs or sorted(glob.glob(os.path.join(TEST, "programs", "*.c0")))[::options.every]
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(os.path.abspath(options.tools), folder, options.seed)
        for i in range(0 if options.programs else options.generated):
            path = os.path.join(folder, f"generated{i}.c0")
            with open(path, "w") as file:
                subprocess.run([sys.executable, "-B", os.path.join(TEST, "differential/generate/generate.py"), "--std", "c0",
                                "--seed", str(1000 * options.seed + i)], stdout=file, check=True)
            paths.append(path)
        for path in paths:
            trial.program(path, options.count)
    print(", ".join(f"{number} {what}" for what, number in sorted(trial.found.items())))
    caught = sum(number for what, number in trial.found.items() if "-consis" in what)
    print(f"{sum(trial.found.values())} runs, the modes differ in {trial.bad}; {trial.work['segments']} segments, {trial.work['again']} checked again")
    return 1 if trial.bad or not caught or trial.work["segments"] < 10 * sum(trial.found.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
