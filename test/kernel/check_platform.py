#!/usr/bin/env python3
"""Start code, traps and the fatal report of BabyVMM (runtime/start/babyvmm.s), seen from a small kernel.

    check_platform.py --tools build/release/bin --folder /tmp/platform
"""
import argparse
import re
import subprocess
import sys

import image as images

HIGH = 64 << 12
# input, status, output or a pattern for output and errors; causes: 2 misaligned 4 page fault on load or store 5 trap
CASES = [
    ("every character is echoed", b"eabc\n\x7f", 7, r"abc\n\x7f"),
    ("empty input", b"e", 7, ""),
    ("load from a page not requested", b"l", 123, rf"interrupt 00000010 [0-9a-f]{{8}} {HIGH + 8:08x}\n"),
    ("store to a page not requested", b"s", 123, rf"interrupt 00000010 [0-9a-f]{{8}} {HIGH + 0xFFC:08x}\n"),
    ("load from a released page", b"a", 123, rf"interrupt 00000010 [0-9a-f]{{8}} {HIGH:08x}\n"),
    ("store to a device", b"d", 123, r"interrupt 00000010 [0-9a-f]{8} ffffe004\n"),
    ("misaligned load", b"m", 123, rf"interrupt 00000004 [0-9a-f]{{8}} {HIGH + 2:08x}\n"),
    ("a trap that is not known", b"t", 123, r"interrupt 00000020 [0-9a-f]{8} 00000063\n"),
    ("a failing run-time check", b"n", 123, r".*kernel\.c0:\d+:\d+: fault: null-dereference: .*\n"),
    ("kernel_init returns", b"x", 126, ""),
]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--folder", required=True)
    args = parser.parse_args()
    builder = images.Builder(args.tools, args.folder)
    sources = [source for source in images.kernel_sources() if not source.endswith(".c0")]
    image = builder.build("platform", [*sources, "test/kernel/platform/kernel.c0"], ["-DNPAGES=64"],
                          link=["test/kernel/platform/trap.s", "-lbabyvmm", "--memory", "256k"])
    failed = 0
    for name, given, status, pattern in CASES:
        run = subprocess.run([builder.vamp, "--mem", "256K", "--max-steps", "1000000", image], input=given, capture_output=True)
        text = (run.stdout + run.stderr).decode("latin-1")
        right = run.returncode == status and re.fullmatch(pattern, text)
        failed += not right
        print(f"{name}: {'as expected' if right else f'status {run.returncode}, {text!r}'}")
    sys.exit(1 if failed else 0)


main()
