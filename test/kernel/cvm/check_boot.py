#!/usr/bin/env python3
"""The concrete kernel at its edges: images and memories that boot refuses, a kdispatch that returns, and consis from reset to
the first user and to a refusal.

    check_boot.py --tools build/release/bin --folder /tmp/boot"""
import argparse
import os
import subprocess
import sys

import disk
import kernels

NO_IMAGE, UNREADABLE, NO_MEMORY, NO_FIT = ("boot: the disk holds no image\n", "boot: cannot read the disk\n",
                                           "boot: too little memory\n", "boot: a process does not fit\n")
BOOTED = "1 0\n"  # what the driver prints first
PAGES = 1412  # docs/cvm.md: the first page of users


class Case:
    def __init__(self, name, output, status, changes=(), cut=None, mem="64M", **image):
        self.name, self.output, self.status, self.changes, self.cut, self.mem, self.image = name, output, status, changes, cut, mem, image


CASES = [
    Case("an image", BOOTED, 7),
    Case("as little memory as will do", BOOTED, 7, mem=str(4096 * (PAGES + 2))),
    Case("a page less", NO_MEMORY, 125, mem=str(4096 * (PAGES + 1))),
    Case("one frame", NO_MEMORY, 125, frames=1),
    Case("two frames", BOOTED, 7, frames=2),
    Case("more frames than there are", BOOTED, 7, frames=100000),
    Case("more memory than the tables are for", BOOTED, 7, mem="512M"),
    Case("no slots but the processes'", BOOTED, 7, slots=20),
    Case("65536 slots", BOOTED, 7, slots=65536),
    Case("too many slots", NO_IMAGE, 125, slots=65537),
    Case("no tables", NO_FIT, 125, tables=0),
    Case("too many tables", NO_IMAGE, 125, tables=257),
    Case("another version", NO_IMAGE, 125, version=2),
    Case("the magic number", NO_IMAGE, 125, [(0, 0x314D5642)]),
    Case("the checksum", NO_IMAGE, 125, [(4096 + 64, 1)]),
    Case("no header pages", NO_IMAGE, 125, [(8, 0)]),
    Case("more header pages than are read", NO_IMAGE, 125, [(8, 2**31 - 1)]),
    Case("negative header pages", NO_IMAGE, 125, [(8, 2**32 - 1)]),
    Case("negative slots", NO_IMAGE, 125, [(12, 2**32 - 1)]),
    Case("129 processes", NO_IMAGE, 125, [(20, 129), "sum"]),
    Case("negative processes", NO_IMAGE, 125, [(20, 2**32 - 1), "sum"]),
    Case("descriptors outside", NO_IMAGE, 125, [(24, 8192), "sum"]),
    Case("a process too large", NO_FIT, 125, [(4096, 65537), "sum"]),
    Case("a negative size", NO_FIT, 125, [(4096, 2**32 - 1), "sum"]),
    Case("slots outside", NO_FIT, 125, [(4096 + 256 + 16, 91), "sum"]),
    Case("a negative slot", NO_FIT, 125, [(4096 + 16, 2**31), "sum"]),
    Case("a slot of another", NO_FIT, 125, [(4096 + 256 + 16, 9), "sum"]),
    Case("a bitmap outside", NO_FIT, 125, [(4096 + 20, 8192), "sum"]),
    Case("a disk that ends early", UNREADABLE, 125, cut=4096 * 50),
    Case("a disk of a sector", UNREADABLE, 125, cut=512),
]


def change(path, changes):
    with open(path, "r+b") as file:
        data = bytearray(file.read(8192))
        for where in changes:
            if where == "sum":
                data[28:32] = bytes(4)
                total = sum(int.from_bytes(data[i:i + 4], "little") for i in range(0, len(data), 4))
                data[28:32] = (-total & 0xFFFFFFFF).to_bytes(4, "little")
            else:
                data[where[0]:where[0] + 4] = where[1].to_bytes(4, "little")
        file.seek(0)
        file.write(data)


def prepare(builder, case):
    path = builder.path("case.disk")
    memory = disk.load(builder.user("agent"))
    programs = [disk.Program(memory), disk.Program(memory, mask=0xFFFFFFFF)]
    disk.build(path, programs, **{"slots": 100, **case.image})
    change(path, case.changes)
    if case.cut is not None:
        os.truncate(path, case.cut)
    return path


def main():
    parser = argparse.ArgumentParser()
    kernels.arguments(parser)
    builder = kernels.Builder(parser.parse_args())
    failures = []

    def expect(name, found, expected):
        if found != expected:
            failures.append(name)
            print(f"{name}: {found} instead of {expected}", file=sys.stderr)

    def run(*command, stdin="q 7\n"):
        done = subprocess.run(command, input=stdin, capture_output=True, text=True)
        return done.stdout, done.stderr, done.returncode

    for case in CASES:
        path = prepare(builder, case)
        output, _, status = run(*builder.command("driver", path), "--mem", case.mem, "--max-steps", "100000000")
        expect(case.name, (output, status), (case.output, case.status))
    output, _, status = run(builder.tool("vamp"), builder.kernel("driver"))
    expect("no disk", (output, status), (UNREADABLE, 125))

    path = prepare(builder, CASES[0])
    _, errors, status = run(*builder.command("returns", path))
    expect("kdispatch returns", (errors, status), ("kernel/entry/returned.core:3:3: fault: kernel-returned: kdispatch returned\n", 123))

    # S 1 starts the first user: the rfe is the end of the C0 program.
    output, errors, status = run(builder.tool("consis"), "--disk", path, builder.kernel("driver"), stdin="S 1\n")
    expect("consis to the first user", (output.split(":")[0], "left by rfe" in output, errors, status), ("consistent", True, "", 0))
    output, errors, status = run(builder.tool("consis"), builder.kernel("driver"))
    expect("consis to a refusal", (output.split(":")[0], "exit 125" in output, errors, status), ("consistent", True, "", 0))
    output, errors, status = run(builder.tool("consis"), "--disk", path, builder.kernel("returns"))
    expect("consis and a kdispatch that returns", ("kernel-returned" in errors, status), (True, 4))
    print(f"{len(CASES) + 5} cases, {len(failures)} failed")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
