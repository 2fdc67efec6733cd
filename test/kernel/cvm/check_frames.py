#!/usr/bin/env python3
"""Instructions at the edges of pages need two pages: they make progress with two frames, and their output is that of CVM, which has
no frames at all; nor does it depend on the size of memory.

    check_frames.py --tools build/release/bin --kernels build/release/kernel --folder /tmp/frames
"""
import argparse
import subprocess
import sys

import kernels

PAGES = 24  # that hog visits


def statistics(text):
    words = text.split()
    return {key: int(words[words.index(key) + 1]) for key in ("page-faults", "disk-sectors-read", "disk-sectors-written")}


def main():
    parser = argparse.ArgumentParser()
    kernels.arguments(parser)
    parser.add_argument("--kernels", required=True)
    options = parser.parse_args()
    builder = kernels.Builder(options)
    failures = []

    def expect(name, holds, found):
        if not holds:
            failures.append(name)
            print(f"{name}: {found}", file=sys.stderr)

    def run(tool, users, frames, *more):
        disk = builder.path("disk.img")
        builder.run("vimg", "build", "-o", disk, "--slots", "200", "--frames", str(frames), *users)
        done = subprocess.run([builder.tool(tool), f"{options.kernels}/minimal.elf", "--disk", disk, "--max-steps", "400000000", *more],
                              capture_output=True, text=True)
        return done.stdout, done.stderr, done.returncode

    hog = builder.path("hog.elf")
    builder.run("c0c", "-I.", f"-DPAGES={PAGES}", "kernel/user/hog.c0", "-lcvm-user", "--heap", "0", "--stack", "8k", "-o", hog)
    runs = 0  # fits: so many frames are enough for all pages
    for name, users, fits in (("hog", [f"hog={hog}"], 60), ("edge", [f"edge={builder.user('edge')}"], 7)):
        expected, _, status = run("cvm", users, 0)
        expect(name + " on cvm", status == 0 and expected, (expected, status))
        if name == "edge":
            expect("edge", expected == "k", expected)
        for frames in (2, 0) if name == "hog" else (2, 3, 4, 9, 60, 0):
            for memory in ("6M", "64M", "300M") if frames in (2, 0) else ("8M",):
                output, errors, status = run("vamp", users, frames, "--mem", memory, "--stats")
                case, counts = f"{name}, {frames} frames, {memory}", statistics(errors)
                runs += 1
                expect(case, (output, status) == (expected, 0), (output, errors, status))
                written, faults = counts["disk-sectors-written"], counts["page-faults"]
                expect(case, (written == 0) == (frames == 0 or frames >= fits), counts)
                expect(case, faults > PAGES if name == "hog" else faults > 5, counts)
    print(f"{runs} runs, {len(failures)} failed")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
