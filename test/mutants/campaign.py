#!/usr/bin/env python3
"""No false alarms: consis over all programs, the kernels and generated programs, until so many C0 steps have been checked.

    campaign.py --tools build/release/bin [--steps 100000000] [--generated 2000] [--seed 1] [--mode incremental] [--jobs N] [--keep FOLDER]

Of each group: runs, C0 steps, VAMP instructions, comparisons by condition, exemptions by kind, how the runs ended. Generated programs
are at least --generated, half in each dialect, and as many more as it takes. Anything but consistent or no-semantics is an alarm: it is
named, and the program is kept. Status 1 if there is one."""

import argparse
import collections
import glob
import itertools
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TEST = os.path.dirname(HERE)
sys.path[:0] = [os.path.join(TEST, area) for area in ("programs", "c0x", "differential/generate")]
import check_c0x  # noqa: E402
import corpus  # noqa: E402
import generate  # noqa: E402

ROUNDS = {"sieve": 6, "sort": 3, "sha": 80, "mixed": 36, "fib": 20}  # about fourteen million C0 steps each
COMPARED, EXEMPT = ("values", "pointers", "control", "code", "window"), ("undefined", "dangling")
COUNTED = ("c0Steps", "instructions", *COMPARED, *EXEMPT)


class Run:
    """A program or an image; made where it is run."""

    def __init__(self, group, name, sources=(), standard="-std=c0", image=None, text=None, stdin=b"", options=()):
        self.group, self.name, self.sources, self.standard = group, name, list(sources), standard
        self.image, self.seed, self.stdin, self.options = image, text, stdin, list(options)


def fixed(tools):
    """What there is to run once."""
    for group, standard, paths in (("test/programs", "-std=c0", sorted(glob.glob(os.path.join(TEST, "programs", "*.c0")))),
                                   ("test/c0x", "-std=c0x", check_c0x.programs())):
        for program in map(corpus.Program, paths):
            yield Run(group, program.name, program.units, standard, stdin=program.input)
    for path in sorted(glob.glob(os.path.join(tools, "..", "kernel", "babyvmm-*.elf"))):
        yield Run("BabyVMM", os.path.basename(path), image=path)
    for name, rounds in ROUNDS.items():
        yield Run("test/bench", name, [os.path.join(TEST, "bench", name + ".c0")], stdin=f"{rounds}\n".encode())


def generated(first):
    for seed in itertools.count(first):
        standard = ("c0", "c0x")[seed % 2]
        yield Run("generated", f"seed {seed}", standard="-std=" + standard, text=seed)


def execute(command, stdin=b""):
    done = subprocess.run(command, input=stdin, capture_output=True)
    return done.returncode, done.stdout, done.stderr.decode("latin-1")


def check(job):
    """(run, verdict, counters or text): in a process of its own."""
    run, tools, mode, keep = job
    with tempfile.TemporaryDirectory() as folder:
        sources, image = run.sources, run.image
        if run.seed is not None:
            sources = [os.path.join(folder, f"{run.standard[5:]}-{run.seed}.c0")]
            with open(sources[0], "w") as file:
                file.write(generate.generate(run.seed, run.standard == "-std=c0"))
        if not image:
            image = os.path.join(folder, "image.elf")
            status, _, text = execute([os.path.join(tools, "c0c"), run.standard, *sources, "-o", image])
            if status != 0:
                return run, "not compiled", text
        status, out, text = execute([os.path.join(tools, "consis"), "--json", "--mode=" + mode, image], run.stdin)
        outcome = json.loads(out) if out.startswith(b"{") else {}
        verdict = outcome.get("verdict", f"status {status}")
        if (status, verdict) in ((0, "consistent"), (4, "no-semantics")):
            return run, verdict, outcome["counters"]
        for path in [*sources, image] if keep else []:
            shutil.copy(path, keep)
        return run, verdict, text


class Totals:
    def __init__(self):
        self.groups = collections.defaultdict(collections.Counter)
        self.alarms = []

    def add(self, run, verdict, found):
        row = self.groups[run.group]
        row["runs"] += 1
        if isinstance(found, str):
            self.alarms.append(f"{run.group} {run.name}: {verdict}: {found.strip()[:300]}")
            return
        row[verdict] += 1
        for key in COUNTED:
            row[key] += found[key]

    def steps(self):
        return sum(row["c0Steps"] for row in self.groups.values())

    def print(self):
        keys = ("runs", "consistent", "no-semantics", *COUNTED)
        total = sum(self.groups.values(), collections.Counter())
        print(f"{'':<14}" + "".join(f"{key:>15}" for key in keys))
        for name, row in [*self.groups.items(), ("total", total)]:
            print(f"{name:<14}" + "".join(f"{row[key]:>15,}" for key in keys))
        for alarm in self.alarms:
            print("ALARM " + alarm)
        compared, exempt = (sum(total[key] for key in keys) for keys in (COMPARED, EXEMPT))
        print(f"{total['c0Steps']:,} C0 steps, {compared:,} comparisons, {exempt:,} exemptions, {len(self.alarms)} false alarms")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--steps", type=int, default=100_000_000)
    parser.add_argument("--generated", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--mode", default="incremental")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--keep", default="")
    parser.add_argument("--only", default="", help="only every N-th of the programs, and no kernel but the smallest", metavar="N")
    options = parser.parse_args()
    tools = os.path.abspath(options.tools)
    if options.keep:
        os.makedirs(options.keep, exist_ok=True)
    runs = list(fixed(tools))
    if options.only:
        runs = [run for run in runs if run.group.startswith("test/") and run.group != "test/bench"][:: int(options.only)]
    random = generated(options.seed)
    totals = Totals()
    with multiprocessing.Pool(options.jobs) as pool:
        jobs = runs + list(itertools.islice(random, options.generated))
        while jobs:
            for found in pool.imap_unordered(check, [(run, tools, options.mode, options.keep) for run in jobs]):
                totals.add(*found)
            jobs = list(itertools.islice(random, 200)) if totals.steps() < options.steps else []
    totals.print()
    return 1 if totals.alarms or totals.steps() < options.steps else 0


if __name__ == "__main__":
    sys.exit(main())
