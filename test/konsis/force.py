#!/usr/bin/env python3
"""The timer's interrupt forced at user steps, one run for each: nothing of it is seen in the output, and konsis holds.

    force.py --tools build/release/bin --kernels build/release/kernel --folder /tmp/force [--every 1] [--jobs 2]

The user walks over more pages than there are frames; its run has more than 20,000 user steps.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
STEPS = 20_000


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--tools", "--kernels", "--folder"):
        parser.add_argument(name, required=True, type=os.path.abspath)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    program, disk = os.path.join(args.folder, "walker.elf"), os.path.join(args.folder, "walker.img")
    tool = lambda name, *rest: subprocess.run([os.path.join(args.tools, name), *rest], check=True, cwd=ROOT)
    tool("c0c", "test/konsis/walker.c0", "-lcvm-user", "--heap", "0", "--stack", "4k", "-o", program)
    tool("vimg", "build", "-o", disk, "--slots", "40", "--frames", "4", "walker=" + program)
    konsis = [os.path.join(args.tools, "konsis"), os.path.join(args.kernels, "minimal.elf"), "--disk", disk, "--json", "--output"]

    def run(*force):
        done = subprocess.run(konsis + list(force), capture_output=True, text=True)
        try:
            report = json.loads(done.stderr)
        except ValueError:
            sys.exit(f"{force}: status {done.returncode}: {done.stderr}")
        return done.stdout, report

    expected, report = run()
    steps = report["kernel"]["userSteps"]
    if report["verdict"] != "consistent" or steps < STEPS:
        sys.exit(f"without force: {report['verdict']}, {steps} user steps")
    wrong = taken = 0

    def forced(step):
        said, report = run(f"--force={step}:1")
        good = said == expected and report["verdict"] == "consistent" and report["kernel"]["forced"] == 1
        return step, good, report

    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        for step, good, report in pool.map(forced, range(0, steps, args.every)):
            taken += 1
            if not good:
                wrong += 1
                print(f"step {step}: {json.dumps(report.get('failure', report), indent=1)[:800]}")
    print(f"{taken} runs of {steps:,} user steps, {report['kernel']['pageFaults']} page faults each, {wrong} wrong")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
