#!/usr/bin/env python3
"""refine scope accepts the right modules, and tries as many states as there are: they are counted here in another way.

    check_scope.py --tools build/release/bin --image build/release/kernel/babyvmm-small.elf [--frames N --pages N]
"""
import argparse
import json
import math
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../kernel"))
import image as images  # noqa: E402


def lists(frames, free):
    return math.comb(frames, free) * math.factorial(free)


def pmap_states(frames, pages):
    """Entries: not mapped, each frame, the first one protected, the first one not valid."""
    entries = 1 + frames + (2 if frames else 0)
    return sum(lists(frames, free) for free in range(frames + 1)) * entries ** pages


def as_states(frames, pages):
    """Pages mapped one to one to frames in use."""
    total = 0
    for free in range(frames + 1):
        used = frames - free
        total += lists(frames, free) * sum(math.comb(pages, k) * math.comb(used, k) * math.factorial(k)
                                           for k in range(min(pages, used) + 1))
    return total


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--image", required=True)
    parser.add_argument("--frames", type=int, default=2)
    parser.add_argument("--pages", type=int, default=3)
    args = parser.parse_args()
    done = subprocess.run([os.path.join(args.tools, "refine"), "scope", args.image, "--json", "--modules", images.MODULES,
                           "--frames", str(args.frames), "--pages", str(args.pages)], capture_output=True, text=True)
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    report = json.loads(done.stdout)
    sizes = [(n, m) for n in range(args.frames + 1) for m in range(args.pages + 1)]
    expected = {"PMAP": sum(pmap_states(n, m) for n, m in sizes), "AS": sum(as_states(n, m) for n, m in sizes)}
    tried = 0
    for row in report["primitives"]:
        print(f"{row['module']:8} {row['function']:14} {row['model']:5} {row['states']:8} states {row['calls']:9} calls")
        if row["model"] in expected and row["states"] != expected[row["model"]]:
            sys.exit(f"{row['function']} over {row['model']}: there are {expected[row['model']]} states")
        if row["calls"] < row["states"]:
            sys.exit(f"{row['function']}: fewer calls than states")
        tried += row["model"] in expected
    if tried != 11:
        sys.exit(f"{tried} primitives instead of 11")
    largest = (pmap_states(args.frames, args.pages), as_states(args.frames, args.pages))
    if (report["states"], report["spaces"]) != largest or not 0 < report["symmetric"] < report["states"]:
        sys.exit(f"the largest size has {largest} states")


if __name__ == "__main__":
    main()
