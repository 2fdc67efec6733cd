#!/usr/bin/env python3
"""User programs that compute print the same under minimal, under vamos, and on the host, compiled by gcc; and minimal's turns.

    check_users.py --tools build/release/bin --kernels build/release/kernel --folder /tmp/users
"""
import argparse
import collections
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "test/programs"))
import oracle  # noqa: E402

COMPUTING = ["hello", "primes", "hog"]


class Machine:
    def __init__(self, args):
        self.tools, self.kernels, self.folder = args.tools, args.kernels, args.folder

    def run(self, kernel, disk, text=""):
        copy = os.path.join(self.folder, "disk.img")
        shutil.copy(disk, copy)
        line = [os.path.join(self.tools, "vamp"), os.path.join(self.kernels, kernel + ".elf"), "--disk", copy, "--max-steps", "400000000"]
        done = subprocess.run(line, input=text, capture_output=True, text=True)
        return done.returncode, done.stdout

    def disk(self, *contents):
        path = os.path.join(self.folder, "built.img")
        subprocess.run([os.path.join(self.tools, "vimg"), "build", "-o", path, "--slots", "512", "--frames", "40", *contents], check=True)
        return path

    def user(self, name):
        return os.path.join(self.kernels, "user", name + ".elf")

    def compiled(self, name, source, *flags):
        path = os.path.join(self.folder, name + ".elf")
        line = [os.path.join(self.tools, "c0c"), "-I.", *flags, source, "-lcvm-user", "--heap", "0", "--stack", "8k", "-o", path]
        subprocess.run(line, cwd=ROOT, check=True)
        return path


def host_output(folder, name):
    binary = os.path.join(folder, name)
    oracle.build([str(ROOT / f"kernel/user/{name}.c0"), "-I" + str(ROOT)], binary)
    return subprocess.run([binary], capture_output=True, text=True, check=True).stdout


def computing(machine):
    for name in COMPUTING:
        expected = host_output(machine.folder, name)
        yield f"{name} under vamos", machine.run("vamos", os.path.join(machine.kernels, "vamos.img"), f"{name}\n"), (0, f"$ {expected}$ \n")
        yield f"{name} under minimal", machine.run("minimal", machine.disk(f"{name}={machine.user(name)}")), (0, expected)


def turns(machine):
    """Three write their letters: all of them, and nobody is done before another one begins. Two do what ends them at once."""
    letters = [f"{c}={machine.compiled(c, 'kernel/user/letter.c0', f'-DLETTER={ord(c)}')}" for c in "abc"]
    for name, body in (("wild", "asm { lw r2,-4(r0) }"), ("null", "int *p = NULL; *p = 1;")):
        source = os.path.join(machine.folder, name + ".c0a")
        pathlib.Path(source).write_text("int main() { %s return 0; }\n" % body)
        letters.append(f"{name}={machine.compiled(name, source, '-std=c0x')}")
    disk = machine.disk(*letters)
    status, output = machine.run("minimal", disk)
    first = min(output.rfind(c) for c in "abc")
    found = status, collections.Counter(output), all(output.find(c) < first for c in "abc")
    yield "turns under minimal", found, (0, collections.Counter("abc" * 10), True)


def main():
    parser = argparse.ArgumentParser()
    for name in ("--tools", "--kernels", "--folder"):
        parser.add_argument(name, required=True, type=os.path.abspath)
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    reason = oracle.available()
    if reason:
        sys.exit("no 32-bit gcc: " + reason)
    machine = Machine(args)
    passed = failed = 0
    for check in (computing, turns):
        for what, found, expected in check(machine):
            if found == expected:
                passed += 1
            else:
                failed += 1
                print(f"{what}: expected {expected}, found {found}")
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
