#!/usr/bin/env python3
"""konsis over whole kernels with all users: every run is consistent, and says what is expected; figures as a table.

    campaign.py --tools build/release/bin --kernels build/release/kernel --folder /tmp/konsis           all: over 50 million VAMP instructions,
                                                                                                          100,000 page faults, 10,000 timer interrupts
    campaign.py .. --short                                                                               the form of the normal tests
"""
import argparse
import collections
import json
import os
import subprocess
import sys
import time

# Under vamos, by the shell: users, frames, what the console says (a part of it).
SESSIONS = [
    ("nothing", [], 64, "$ "),
    ("hello", ["hello"], 64, "hello, world"),
    ("wild", ["wild"], 64, "wild: 57 attacks, 0 wrong"),
    ("storm", ["storm"], 64, "$ "),
    ("suicide", ["suicide"], 64, "$ "),
    ("tree", ["tree"], 64, "tree: depth 4, 31 processes"),
    ("talk", ["talk"], 12, "talk: 100 rounds, sum 338350"),
    ("philosophers", ["philosophers"], 64, "philosophers: 20 20 20 20 20 meals, 0 wrong"),
    ("churn", ["churn"], 64, "churn: 2000 pages, 0 wrong"),
    ("extreme", ["extreme"], 64, "extreme"),
    ("hog", ["hog"], 64, "hog: 200 pages, 0 wrong, sum 943a3c20"),
    ("together", ["hog &", "primes &", "talk", "wild"], 40, "primes: 1007 below 8000, sum 18ed04fc"),
    ("grab", ["grab"], 64, "grab: 0 wrong, then -3 0 0"),
    ("faults", ["churn"] * 50, 64, "churn: 2000 pages, 0 wrong"),
]
SHORT = {"nothing", "hello", "wild", "suicide", "tree", "talk", "churn"}
PROGRAMS = ["shell", "hello", "primes", "hog", "churn", "talk", "philosophers", "tree", "wild", "extreme", "storm", "suicide", "grab"]
# Under minimal: users, frames, all that is said.
TURNS = [("one user", ["hello"], 2), ("three users", ["hello", "primes", "hog"], 20)]
GOALS = {"instructions": 50_000_000, "pageFaults": 100_000, "timer": 10_000}


class Campaign:
    def __init__(self, args):
        self.tools, self.kernels, self.folder = args.tools, args.kernels, args.folder
        self.total, self.wrong = collections.Counter(), 0

    def disk(self, name, programs, frames, slots="2048"):
        path = os.path.join(self.folder, name.replace(" ", "-") + ".img")
        contents = [f"{program}={self.kernels}/user/{program}.elf" for program in programs]
        subprocess.run([os.path.join(self.tools, "vimg"), "build", "-o", path, "--slots", slots, "--frames", str(frames), *contents], check=True)
        return path

    def run(self, name, kernel, disk, text, expected):
        begin = time.time()
        done = subprocess.run([os.path.join(self.tools, "konsis"), os.path.join(self.kernels, kernel + ".elf"), "--disk", disk, "--json", "--output"],
                              input=text, capture_output=True, text=True)
        seconds = time.time() - begin
        said, good = done.stdout, False
        try:
            report = json.loads(done.stderr)
            good = report["verdict"] == "consistent" and expected(said)
        except ValueError:
            report = {"verdict": f"status {done.returncode}", "counters": {"instructions": 0}, "kernel": {}}
        kernel_counts = report["kernel"]
        counts = {"instructions": report["counters"]["instructions"], "timer": kernel_counts.get("interrupt 14", 0)}
        counts |= {key: kernel_counts.get(key, 0) for key in ("userSteps", "pageFaults", "pageIns", "pageOuts")}
        self.total.update(counts)
        print(f"{name:14} {counts['instructions']:13,} {counts['userSteps']:12,} {counts['pageFaults']:9,} {counts['timer']:8,} "
              f"{counts['pageIns']:8,} {counts['pageOuts']:8,} {seconds:7.1f} s  {report['verdict']}", flush=True)
        if not good:
            self.wrong += 1
            print(f"WRONG: {name} said {said[-300:]!r}\n{json.dumps(report.get('failure', done.stderr[-600:]), indent=1)[:1500]}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--tools", "--kernels", "--folder"):
        parser.add_argument(name, required=True, type=os.path.abspath)
    parser.add_argument("--short", action="store_true")
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    campaign = Campaign(args)
    print(f"{'run':14} {'instructions':>13} {'user steps':>12} {'faults':>9} {'timer':>8} {'pages in':>8} {'out':>8}")
    for name, users, frames in TURNS[:1] if args.short else TURNS:
        disk = campaign.disk(name, users, frames)
        campaign.run(name, "minimal", disk, "", lambda said, n=len(users): "hello, world" in said if n == 1 else len(said) > 60)
    for name, lines, frames, expected in SESSIONS:
        if args.short and name not in SHORT:
            continue
        disk = campaign.disk(f"vamos-{frames}", PROGRAMS, frames)
        campaign.run(name, "vamos", disk, "".join(line + "\n" for line in lines), lambda said, e=expected: e in said)
    total = campaign.total
    print(f"{'together':14} {total['instructions']:13,} {total['userSteps']:12,} {total['pageFaults']:9,} {total['timer']:8,} "
          f"{total['pageIns']:8,} {total['pageOuts']:8,}")
    short = [] if args.short else [f"{key}: {total[key]:,} of {goal:,}" for key, goal in GOALS.items() if total[key] < goal]
    for line in short:
        print("TOO FEW", line)
    return bool(campaign.wrong or short)


if __name__ == "__main__":
    sys.exit(main())
