#!/usr/bin/env python3
"""Maps csmith's programs to the language (csmith_filter.py), compiles them, and compares what compiles on all engines.

    csmith_run.py --seed 1 --count 500 --tools build/release/bin -j2

Printed is how many compile, as they are or with signed variables only, how many of those end in time, and whether gcc, c0i and vamp
agree on these and consis finds nothing in their first steps. Exit status 0 if all do; without csmith (package csmith) it says so, with
status 77.
"""
import argparse
import collections
import multiprocessing
import os
import shutil
import sys
import tempfile

import csmith_filter
import run
import oracle  # (of test/programs, which run.py has found)

STEPS = 3_000_000          # C0 steps and, thirty times this, instructions: more is "no end"
CONSIS_STEPS = 100_000
options = None


class Engines(run.Engines):
    def names(self):
        return ["gcc -O0", "c0i", "vamp", "consis"]

    def c0i(self, source, folder):
        status, output, text = run.execute([self.tool("c0i"), f"--max-steps={STEPS}", self.image(source, folder)], 120)
        return run.Outcome("c0i", status, output, text.decode("latin-1").split("\n")[0])

    def vamp(self, source, folder):
        status, output, text = run.execute([self.tool("vamp"), f"--max-steps={30 * STEPS}", self.image(source, folder)], 120)
        return run.Outcome("vamp", status, output, text.decode("latin-1").split("\n")[0])

    def consis(self, source, folder):
        status, output, text = run.execute([self.tool("consis"), "-q", f"--max-steps={CONSIS_STEPS}", self.image(source, folder)], 300)
        note = (text + output).decode("latin-1").strip()
        return None if status in (0, 3) else run.Outcome("consis", f"consis {status}", b"", note.split("\n")[0])


def one(seed):
    """(seed, what became of the program, detail)."""
    engines = Engines(options.tools, False, argparse.Namespace(c0c="c0c"))
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "program.c0")
        made = csmith_filter.csmith(seed)
        for signed in (False, True):
            try:
                text = csmith_filter.translate(made, signed)
            except ValueError as error:
                return seed, "not mapped", str(error)
            with open(source, "w") as file:
                file.write(text)
            try:
                engines.image(source, folder)
                break
            except run.Rejected as rejected:
                reason = str(rejected)
        else:
            return seed, "not mapped" if "ends with 1:" in reason else "broken", reason.split("error: ")[-1].split("\n")[0]
        kind = "signed" if signed else "as it is"
        native = engines.run("gcc -O0", source, folder)
        if native.status == "timeout" or engines.run("c0i", source, folder).status == 124:
            return seed, kind + ", no end", ""
        found = engines.disagreement(source, folder, engines.names())
        if found and options.keep:
            os.makedirs(options.keep, exist_ok=True)
            shutil.copy(source, os.path.join(options.keep, f"csmith-{seed}.c0"))
        return seed, kind + (", differs" if found else ""), f"{found[0]} ({found[1]}): {found[2]}" if found else ""


def main():
    global options
    parser = argparse.ArgumentParser(description="Compares engines on csmith's programs.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--tools", required=True, help="folder of c0c, c0i, vamp, consis")
    parser.add_argument("--keep", help="folder for programs that differ")
    parser.add_argument("-j", "--jobs", type=int, default=1)
    options = parser.parse_args()
    if not shutil.which("csmith"):
        print(f"csmith is not installed: 0 of {options.count} programs run")
        sys.exit(77)
    oracle.library()
    counts = collections.Counter()
    with multiprocessing.Pool(options.jobs) as pool:
        for seed, what, detail in pool.imap(one, range(options.seed, options.seed + options.count)):
            counts[what] += 1
            if detail:
                print(f"{seed}: {what}: {detail}", flush=True)
    ended = {kind: counts[kind] + counts[kind + ", differs"] for kind in ("as it is", "signed")}
    compiled = {kind: ended[kind] + counts[kind + ", no end"] for kind in ended}
    differs = sum(counts[kind + ", differs"] for kind in ended)
    print(f"csmith, seeds from {options.seed}: {options.count} programs, {sum(compiled.values())} compile ({compiled['as it is']} as they are, "
          f"{compiled['signed']} with signed variables only), {sum(ended.values())} of them end within {STEPS:,} steps; "
          f"of these {sum(ended.values()) - differs} agree on gcc, c0i and vamp and are consistent, {differs} differ; {counts['broken']} break c0c")
    sys.exit(1 if differs or counts["broken"] or not sum(ended.values()) else 0)


if __name__ == "__main__":
    main()
