#!/usr/bin/env python3
"""Holds the library of C0X (runtime/lib) and the oracle's printf (runtime/host) against the host's libc."""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
RUNTIME = os.path.join(HERE, "..", "..", "..", "runtime")
INCLUDE = os.path.join(RUNTIME, "lib", "include")
RENAMED = ("strlen strcmp strncmp strcpy strncpy strcat strchr strstr memcpy memset memcmp abs atoi strtol rand srand sort_ints putchar "
           "puts").split()
SANITIZE = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"]


def main():
    gcc = ["gcc", "-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror", "-fno-builtin", "-fsigned-char", "-fwrapv", *SANITIZE]
    ours = [*gcc, "-I", INCLUDE, "-include", os.path.join(RUNTIME, "host", "c0.h"), *(f"-D{name}=c0_{name}" for name in RENAMED)]
    with tempfile.TemporaryDirectory() as folder:
        objects = []

        def build(command, source):
            objects.append(os.path.join(folder, f"{len(objects)}.o"))
            subprocess.run([*command, "-x", "c", "-c", source, "-o", objects[-1]], check=True)

        for name in ("print", "string", "stdlib", "sort", "stdio"):
            build(ours, os.path.join(RUNTIME, "lib", name + ".c0"))
        build([*gcc, "-Dprintf=host_printf", "-include", os.path.join(RUNTIME, "host", "c0.h")], os.path.join(RUNTIME, "host", "printf.c"))
        # libc's headers, and of ours only c0/print.h.
        os.symlink(os.path.join(INCLUDE, "c0"), os.path.join(folder, "c0"))
        build([*gcc, "-I", folder, "-Wno-format-nonliteral"], os.path.join(HERE, "library_test.c"))
        test = os.path.join(folder, "test")
        subprocess.run(["gcc", *SANITIZE, *objects, "-o", test], check=True)
        sys.exit(subprocess.run([test]).returncode)


if __name__ == "__main__":
    main()
