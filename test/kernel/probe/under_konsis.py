#!/usr/bin/env python3
"""kernel-probe's disturbed runs, checked step by step: konsis holds whatever disturbs, and the output is what it should be.

    under_konsis.py --tools build/release/bin --kernel minimal-slow.elf --disk calm.img interrupts --every 397
    under_konsis.py --tools build/release/bin --kernel minimal-slow.elf --disk stress.img faults --every 29

interrupts: the timer's line goes up at a user step. faults: a transfer of a sector fails, once or for good; then a process may have lost a page,
which only konsis judges.
"""
import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor


class Laboratory:
    def __init__(self, options):
        self.options = options

    def konsis(self, *more):
        """Status, output, summary."""
        options = self.options
        command = [os.path.join(options.tools, "konsis"), options.kernel, "--disk", options.disk, "--mem", "8M", "--output", *more]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
        return done.returncode, done.stdout, done.stderr

    def transfers(self):
        options = self.options
        command = [os.path.join(options.tools, "vamp"), options.kernel, "--disk", options.disk, "--mem", "8M", "--snapshot", "--stats"]
        done = subprocess.run(command, capture_output=True, text=True)
        return sum(int(n) for n in re.findall(r"^disk-sectors-\w+ (\d+)$", done.stderr, re.MULTILINE))

    def interrupted(self, step, right):
        status, out, err = self.konsis("--force", f"{step}:1")
        if status or sorted(out) != sorted(right):  # processes may change places
            return f"interrupted at user step {step}: status {status}, {out!r}\n{err}"
        return ""

    def faulty(self, fault, right):
        status, out, err = self.konsis("--disk-fault", fault)
        refused = status == 4 and fault.endswith(",bad") and out == "boot: cannot read the disk\n"
        if not refused and (status or (out != right and not fault.endswith(",bad"))):
            return f"fault {fault}: status {status}, {out!r}\n{err}"
        return ""


def main():
    parser = argparse.ArgumentParser()
    for name in ("tools", "kernel", "disk"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("what", choices=["interrupts", "faults"])
    options = parser.parse_args()
    lab = Laboratory(options)
    status, right, summary = lab.konsis()
    steps = re.search(r"([\d,]+) user steps", summary)
    if status or not steps:
        sys.exit(f"undisturbed: status {status}\n{summary}")
    if options.what == "interrupts":
        cases, one = range(0, int(steps[1].replace(",", "")), options.every), lab.interrupted
    else:
        cases, one = [f"{n}{kind}" for n in range(1, lab.transfers() + 1, options.every) for kind in ("", ",bad")], lab.faulty
    with ThreadPoolExecutor(options.jobs) as pool:
        wrong = [error for error in pool.map(lambda case: one(case, right), cases) if error]
    for error in wrong[:5]:
        print(error)
    print(f"{len(cases)} runs, {len(wrong)} wrong")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
