#!/usr/bin/env python3
"""The tables of docs/vamos.md name every call, error, message and kind of knowledge of calls.h with its number, and nothing else."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
KINDS = ("CALL", "ERROR", "MESSAGE", "INFO", "STATE", "STATUS")


def defined():
    """{(CALL, name): number, ..}, with the name that a call's comment gives."""
    found = {}
    for table in ("calls.h", "vamos/calls.h"):
        for line in (ROOT / "kernel/abstract" / table).read_text().splitlines():
            match = re.match(r"#define (%s)_(\w+) \(?(-?\d+)\)?(?: +// (\w+)\()?" % "|".join(KINDS), line)
            if match:
                kind, name, number, call = match.groups()
                found[kind, call if kind == "CALL" else f"{kind}_{name}"] = int(number)
    return found


def documented():
    """Rows whose first cell is a number and whose second begins with `name`; the heading above says of what."""
    found, kind = {}, None
    for line in (ROOT / "docs/vamos.md").read_text().splitlines():
        heading = re.match(r"\| number \| (\w+)", line)
        if heading:
            kind = heading.group(1).upper()
        row = re.match(r"\| (-?\d+) \| `(\w+)", line)
        if row and kind:
            found[kind, row.group(2)] = int(row.group(1))
        elif not line.startswith("|"):
            kind = None
    return found


def main():
    here, there = defined(), documented()
    wrong = {key for key in here.keys() | there.keys() if here.get(key) != there.get(key)}
    for key in sorted(wrong):
        print(f"{key[1]}: {here.get(key)} in calls.h, {there.get(key)} in docs/vamos.md")
    print(f"{len(here) - len(wrong)} passed, {len(wrong)} failed")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
