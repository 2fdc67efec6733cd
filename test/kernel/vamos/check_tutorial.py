#!/usr/bin/env python3
"""The commands of docs/tutorial-kernel.md do what the page says.

    check_tutorial.py --build build/release --folder /tmp/tutorial

Commands are indented lines that begin with `$ `, up to END if they open a text with <<'END'. What follows is their output; a
line `...` stands for any lines, `...` in a line for anything.
"""
import argparse
import difflib
import os
import pathlib
import re
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
MARK = "@@ next command"


def commands(text):
    """[command, expected output] in order."""
    found, open_text = [], False
    for line in text.splitlines():
        if not line.startswith("    ") and line:
            open_text = False
            continue
        line = line[4:]
        if open_text:
            found[-1][0] += "\n" + line
            open_text = line != "END"
        elif line.startswith("$ "):
            found.append([line[2:], []])
            open_text = "<<'END'" in line
        elif line and found and not line.startswith(("export", "cd ")):
            found[-1][1].append(line)
    return found


def matches(expected, output):
    pattern = "".join("(.*\n)*" if line == "..." else re.escape(line).replace(re.escape("..."), ".*") + "\n" for line in expected)
    return re.fullmatch(pattern, output) is not None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True, type=os.path.abspath)
    parser.add_argument("--folder", required=True)
    args = parser.parse_args()
    shutil.rmtree(args.folder, ignore_errors=True)
    os.makedirs(args.folder)
    steps = commands((ROOT / "docs/tutorial-kernel.md").read_text())
    script = "".join(f"{command}\necho '{MARK}'\n" for command, _ in steps)
    environment = dict(os.environ, C0=str(ROOT), BUILD=args.build, PATH=os.path.join(args.build, "bin") + os.pathsep + os.environ["PATH"])
    done = subprocess.run(["bash", "-c", script], cwd=args.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    outputs = done.stdout.split(MARK + "\n")
    failed = len(steps) - (len(outputs) - 1)
    if failed:
        print(f"{failed} commands were not run; at the end:\n{outputs[-1]}")
    for (command, expected), output in zip(steps, outputs):
        if not matches(expected, output):
            failed += 1
            print(f"$ {command}")
            print("\n".join(difflib.unified_diff(expected, output.splitlines(), "the page", "now", lineterm="")))
    print(f"{len(steps) - failed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
