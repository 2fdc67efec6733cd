#!/usr/bin/env python3
"""Runs the examples of docs/language.md, "Defined here, not in C": each has the outcome that the table says, on all machines.

    defined.py --tools build/release/bin

A row's outcome is a status, or a fault's name; `, checked` if compiled code reports the fault too. consis finds no difference.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
PAGE = os.path.join(os.path.dirname(os.path.dirname(HERE)), "docs", "language.md")
STACK = "--stack=16k"  # so that endless recursion ends soon
LEAST = 30             # rows


def examples():
    section = re.search(r"^## Defined here, not in C\n(.*?)^## ", open(PAGE, encoding="utf-8").read(), re.M | re.S)[1]
    prelude = "".join(line[4:] + "\n" for line in section.split("\n") if line.startswith("    "))
    rows = re.findall(r"^\| (?!what C|---)(.*) \| `(.*)` \| ([-\w]+)(, checked)? \|$", section, re.M)
    if not prelude or len(rows) < LEAST or len(rows) != len(re.findall(r"^\| .* \|$", section, re.M)) - 1:
        sys.exit(f"{PAGE}: {len(rows)} rows of the table can be read")
    return [(f"{prelude}int main() {{ {code} }}\n", code, outcome, bool(checked)) for _, code, outcome, checked in rows]


def execute(*command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    fault = re.search(r"fault: ([\w-]+)", done.stderr)
    return fault[1] if fault and done.returncode == 123 else str(done.returncode), done


def problems(tools, folder, source, outcome, checked):
    """What is not as the row says."""
    def tool(name):
        return os.path.join(tools, name) if tools else name

    path, image = os.path.join(folder, "example.c0"), os.path.join(folder, "example.elf")
    with open(path, "w") as file:
        file.write(source)
    built = subprocess.run([tool("c0c"), STACK, path, "-o", image], capture_output=True, text=True)
    if built.returncode != 0:
        yield f"c0c: {built.stderr}"
        return
    fault = not outcome.isdigit()
    engines = [("c0i", execute(tool("c0i"), STACK, path)[0])]
    if checked or not fault:
        engines.append(("vamp", execute(tool("vamp"), "--max-steps=1000000", image)[0]))
    for engine, found in engines:
        if found != outcome:
            yield f"{engine}: {found} instead of {outcome}"
    status, done = execute(tool("consis"), *(["--checked"] if checked else []), image)
    if status != ("4" if fault else "0") or (fault and outcome not in done.stdout + done.stderr):
        yield f"consis ends with {status}: {done.stdout}{done.stderr}"
    if fault and checked != ("in both machines" in done.stdout + done.stderr):
        yield f"the fault is {'not ' if checked else ''}reported by compiled code: {done.stdout}"


def main():
    parser = argparse.ArgumentParser(description="Runs the examples of what is defined here and not in C.")
    parser.add_argument("--tools", help="folder of c0c, c0i, vamp, consis (default: PATH)")
    tools = parser.parse_args().tools
    rows, failed = examples(), 0
    for source, code, outcome, checked in rows:
        with tempfile.TemporaryDirectory() as folder:
            for problem in problems(tools, folder, source, outcome, checked):
                failed += 1
                print(f"FAIL {code}\n     {problem}")
    print(f"{len(rows)} examples, {failed} problems")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
