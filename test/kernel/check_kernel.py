#!/usr/bin/env python3
"""Runs the BabyVMM images and compares status and output with the same kernel over the AS model on the host (host_as.c).

    check_kernel.py --tools build/release/bin --images build/release/kernel 64 4096 65536

gcc builds the host's program for the sizes that it has room for; for the others the number of requests follows from the
number of frames: the work is the same, and exhausting h frames takes h requests and again half of them.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

import image

sys.path.insert(0, os.path.join(image.ROOT, "test/programs"))
import oracle  # noqa: E402

KERNEL = ["pages", "hash", "queue", "kernel"]
HOST_PAGES = 4096


def first_page(tools, path):
    symbols = subprocess.run([os.path.join(tools, "vdump"), "--symbols", path], capture_output=True, text=True, check=True)
    top = re.search(r"^\s*([0-9a-f]{8}) .* __stack_top$", symbols.stdout, re.MULTILINE)
    return (int(top[1], 16) + 4095) // 4096


def expected(pages, first, folder):
    """Builds the kernel for the host, runs it: its output."""
    units = [os.path.join(image.ROOT, f"kernel/babyvmm/{unit}.c0") for unit in KERNEL]
    binary = os.path.join(folder, f"host-{pages}")
    flags = ["-I" + image.ROOT, "-I" + os.path.join(image.ROOT, "kernel/babyvmm"), f"-DNPAGES={pages}", f"-DFIRST={first}"]
    oracle.build([os.path.join(image.ROOT, "test/kernel/host_as.c"), *flags, *units], binary)
    done = subprocess.run([binary], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"the kernel on the host ends with {done.returncode}:\n{done.stdout}")
    return done.stdout


def numbers(text):
    return [int(n) for n in re.findall(r"-?\d+", text)]


def requests_of(frames, known):
    """From a run with other frames: one for each of the table and the pages of the queue's rest stays as it was."""
    held, known_held = frames - (known["frames"] - known["held"]), known["held"]
    total = lambda h: h + (h + 1) // 2
    return known["requests"] + total(held) - total(known_held)


def check(args, pages, folder, known):
    path = os.path.join(args.images, f"babyvmm-{pages}.elf")
    run = subprocess.run([os.path.join(args.tools, "vamp"), "--mem", f"{pages * 4}K", path], capture_output=True, text=True)
    first = first_page(args.tools, path)
    if run.returncode:
        sys.exit(f"{path}: status {run.returncode}\n{run.stdout}{run.stderr}")
    if pages <= HOST_PAGES:
        text = expected(pages, first, folder)
        _, _, frames, requests, *_ = numbers(text)
        known.update(frames=frames, requests=requests, held=frames - 2)
    else:
        tables = (pages * 2 + 1023) // 1024 + (pages + 1023) // 1024
        frames = pages - tables - first
        requests = requests_of(frames, known)
        text = (f"babyvmm: {pages} pages, {pages} high, {frames} frames\n"
                f"requested {requests}, released {requests}, refused 3\nall checks passed\n")
    if run.stdout != text:
        sys.exit(f"{path}:\n{run.stdout}expected:\n{text}")
    print(f"babyvmm-{pages}: {frames} frames, {requests} requests, as on the host")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--images", required=True)
    parser.add_argument("pages", type=int, nargs="+")
    args = parser.parse_args()
    if oracle.available():
        sys.exit("no 32-bit gcc: " + oracle.available())
    with tempfile.TemporaryDirectory() as folder:
        known = {}
        for pages in sorted(args.pages):
            check(args, pages, folder, known)


main()
