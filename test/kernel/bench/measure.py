#!/usr/bin/env python3
"""Guest instructions for each call of mem: the free list of kernel/mem beside the seed's scan, as a table.

    measure.py --tools build/release/bin --folder /tmp/bench [--check]

Half of all pages are in use. Instruction counts are exact: the difference between images that differ in the number of
calls alone, the loop around the calls included. --check: status 1 unless the free list costs the same, within 10 %, for all sizes.
"""
import argparse
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import image  # noqa: E402

SIZES = [64, 4096, 65536]
CALLS = 20  # few, so that 64 pages have enough
WAYS = {"free list": "kernel/mem/mem.c0a", "scan": "test/kernel/bench/mem_scan.c0a"}


def instructions(builder, source, pages, allocs, frees):
    sources = [source, "test/kernel/bench/calls.c0"]
    path = builder.build("bench", sources, [f"-DNPAGES={pages}", f"-DALLOCS={allocs}", f"-DFREES={frees}"],
                         link=["--memory", f"{pages * 4}k"])
    run = subprocess.run([builder.vamp, "--mem", f"{pages * 4}K", "--stats", path], capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"{source}, {pages} pages: status {run.returncode}\n{run.stderr}")
    return int(re.search(r"^instructions (\d+)$", run.stderr, re.MULTILINE)[1])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    builder = image.Builder(args.tools, args.folder)
    alloc = {}
    print(f"{'pages':>6} {'':9} {'mem_alloc':>10} {'mem_free':>9}   instructions a call")
    for pages in SIZES:
        for way, source in WAYS.items():
            none = instructions(builder, source, pages, 0, 0)
            taken = instructions(builder, source, pages, CALLS, 0)
            freed = instructions(builder, source, pages, CALLS, CALLS)
            alloc[way, pages] = (taken - none) / CALLS
            print(f"{pages:6} {way:9} {alloc[way, pages]:10.1f} {(freed - taken) / CALLS:9.1f}")
        print(f"{pages:6} {'ratio':9} {alloc['scan', pages] / alloc['free list', pages]:10.1f}")
    costs = [alloc["free list", pages] for pages in SIZES]
    if args.check and max(costs) > 1.1 * min(costs):
        sys.exit("the free list's cost depends on the size")


main()
