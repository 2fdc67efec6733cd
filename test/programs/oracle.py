#!/usr/bin/env python3
"""The gcc oracle: runs a C0 program as C11 on the host (decisions.md, 13), `oracle.py prog.c0 < input`.

gcc shares nothing with c0c or c0i, so its output and exit status are a second source for what a program means. Programs
must not depend on what C leaves open: shifts by 32 and more, INT_MIN / -1.
"""
import functools
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
RUNTIME = os.path.join(os.path.dirname(os.path.dirname(HERE)), "runtime")
HOST = os.path.join(RUNTIME, "host")
INCLUDE = os.path.join(RUNTIME, "lib", "include")

# Meaning of the language, then linking without any library.
LANGUAGE = ["-std=c11", "-ffreestanding", "-fwrapv", "-fno-strict-aliasing", "-fno-builtin", "-fsigned-char"]
LINK = ["-nostdlib", "-static", "-fno-pie", "-no-pie", "-fno-stack-protector", "-fno-tree-loop-distribute-patterns",
        "-Wl,-z,noexecstack"]
# The library of C0X in C0X, and what of it the compiler makes itself.
UNITS = ["print.c0", "sort.c0", "stdio.c0", "stdlib.c0", "string.c0"]


def command(source, output, gcc="gcc", machine=("-m32",), optimise="-O1", warnings=("-w",)):
    """The line that builds `source` together with our start file."""
    return [gcc, *machine, optimise, *warnings, *LANGUAGE, *LINK, "-include", os.path.join(HOST, "c0.h"), "-x", "c",
            source, os.path.join(HOST, "start.c"), "-o", output]


@functools.lru_cache
def folder():
    return tempfile.TemporaryDirectory()


def compiled(source):
    output = os.path.join(folder().name, os.path.basename(source) + ".o")
    subprocess.run(["gcc", "-m32", "-O1", "-w", *LANGUAGE, "-fno-pie", "-fno-stack-protector", "-fno-tree-loop-distribute-patterns",
                    "-I", INCLUDE, "-include", os.path.join(HOST, "c0.h"), "-x", "c", "-c", source, "-o", output], check=True)
    return output


@functools.lru_cache
def library():
    """Objects of the C0X library and of our start file, compiled once a run."""
    sources = [os.path.join(RUNTIME, "lib", unit) for unit in UNITS] + [os.path.join(HOST, name) for name in ("printf.c", "start.c")]
    return [compiled(source) for source in sources]


def build(units, output, optimise="-O1", warnings=("-w",), gcc="gcc"):
    """Compiles a C0X program with its headers and library; RuntimeError if gcc rejects it."""
    line = command(units[0], output, gcc, ("-m32",), optimise, warnings)
    line.remove(os.path.join(HOST, "start.c"))
    if gcc == "clang":
        line.remove("-fno-tree-loop-distribute-patterns")
    done = subprocess.run([*line, "-I", INCLUDE, *units[1:], "-x", "none", *library()], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{gcc} rejects {units[0]}:\n{done.stderr}")


@functools.lru_cache(maxsize=1)
def available():
    """None, or why this host cannot build or run 32-bit programs."""
    with tempfile.TemporaryDirectory() as scratch:
        source = os.path.join(scratch, "empty.c0")
        with open(source, "w") as file:
            file.write("int main() { return 7; }\n")
        try:
            status, _ = run(source)
        except (OSError, RuntimeError) as error:
            return str(error)
        return None if status == 7 else f"a 32-bit program ended with status {status}, not 7"


def run(source, stdin=b"", timeout=60, warnings=("-w",)):
    """Compiles and runs; returns (status, output bytes). RuntimeError if gcc rejects the program."""
    with tempfile.TemporaryDirectory() as scratch:
        binary = os.path.join(scratch, "program")
        built = subprocess.run(command(source, binary, warnings=warnings), capture_output=True, text=True)
        if built.returncode != 0:
            raise RuntimeError(f"gcc rejects {source}:\n{built.stderr}")
        done = subprocess.run([binary], input=stdin, stdout=subprocess.PIPE, timeout=timeout)
        return done.returncode, done.stdout


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: oracle.py prog.c0 < input")
    result, text = run(sys.argv[1], b"" if sys.stdin.isatty() else sys.stdin.buffer.read())
    sys.stdout.buffer.write(text)
    sys.exit(result)
