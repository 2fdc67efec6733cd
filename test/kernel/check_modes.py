#!/usr/bin/env python3
"""BabyVMM, which enters user mode and stays there, in mode parallel of consis: the same outcome as in mode incremental (docs/consis.md,
"Parallel in time"), with long segments and short ones, in shards, without a disk and with one, and of a wrong compilation.

    check_modes.py --tools build/release/bin --images build/release/kernel [--every N]
"""
import argparse
import glob
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(os.path.dirname(HERE), folder) for folder in ("programs", "mutants")]

import modes  # noqa: E402
import patch  # noqa: E402

# image, instructions of a segment (None: the default), at least so many segments, status
CASES = (("babyvmm-small", 40, 100, 0), ("mutant", 2000, 5, 1), ("babyvmm-64", None, 1, 0), ("babyvmm-64", 20_000, 100, 0))
TIMEOUT = 300


def build_mutant(tools, images, folder):
    """babyvmm-64 whose queue_put stores a word beside its place."""
    objects = sorted(glob.glob(os.path.join(images, "babyvmm-64", "*.o")))
    wrong = os.path.join(folder, "queue.o")
    source = next(path for path in objects if "queue" in path)
    patch.patch(source, wrong, "queue_put", "sw:4", "imm+4")
    objects[objects.index(source)] = wrong
    subprocess.run([os.path.join(tools, "c0c"), *objects, "-lbabyvmm", "--heap=0", "--stack=12k", "--memory=256k", "-o", os.path.join(folder, "mutant.elf")],
                   check=True)


def same(consis, run, cut, least, status):
    expected = modes.outcome(consis, "incremental", run, b"", TIMEOUT)[:2]
    good = expected[0] == status
    for how in ("parallel", "shards"):
        arguments = [*cut, "--jobs=2", *run]
        *found, work = modes.outcome(consis, how, arguments, b"", TIMEOUT) if how == "parallel" else \
            modes.merged(consis, expected[1], arguments, b"", TIMEOUT)
        good &= tuple(found) == expected and work["segments"] >= least
        print(f"{'ok' if good else 'FAILED'}: {how} {' '.join([*cut, *run])}: {modes.brief(*found)}; {work.get('segments')} segments")
    if not good:
        print(f"  mode incremental: {modes.brief(*expected)}")
    return good


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--images", required=True)
    parser.add_argument("--every", type=int, default=1, help="only each N-th case")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        build_mutant(args.tools, args.images, folder)
        disk = os.path.join(folder, "disk.img")
        with open(disk, "wb") as file:
            file.write(bytes(range(256)) * 64)
        good = True
        for name, segment, least, status in CASES[:: args.every]:
            image = os.path.join(folder if name == "mutant" else args.images, name + ".elf")
            for options in ([], ["--disk=" + disk]):
                good &= same(os.path.join(args.tools, "consis"), [*options, image], [f"--segment={segment}"] if segment else [], least, status)
    print(f"{len(CASES[:: args.every])} of {len(CASES)} cases")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
