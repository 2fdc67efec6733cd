"""Checks what the house's style asks of the sources' structure: who may include whom, and how long a file may be.

Prints each breach with its place and closes with `N passed, N failed` (files).
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# A folder may include itself and what is listed; listed folders bring what they may include.
MAY_INCLUDE = {
    "assembler/base": [],
    "assembler/isa": ["assembler/base"],
    "assembler/object": ["assembler/isa"],
    "assembler/dwarf": ["assembler/object"],
    "assembler/asm": ["assembler/object", "assembler/dwarf"],
    "assembler/link": ["assembler/object"],
    "assembler/tools": ["assembler/asm", "assembler/link", "compiler/core"],  # vld --kernel joins cores
    "compiler/core": ["assembler/object"],
    "compiler/syntax": ["assembler/base"],
    "compiler/sema": ["compiler/lower", "compiler/syntax", "compiler/core", "assembler/asm"],
    "compiler/lower": ["compiler/syntax", "compiler/core"],
    "compiler/interp": ["compiler/core"],
    "compiler/debug": ["compiler/interp", "assembler/base"],
    "compiler/codegen": ["compiler/core", "assembler/asm"],
    "compiler/driver": ["compiler/codegen", "compiler/lower", "compiler/sema", "assembler/link"],
    "compiler/tools": ["compiler/driver", "compiler/debug"],
    "vm/machine": ["assembler/isa"],
    "vm/devices": ["vm/machine"],
    "vm/network": ["vm/devices"],
    "vm/timeline": ["vm/devices"],
    "vm/monitor": ["vm/timeline", "assembler/object"],
    "vm/gdb": ["vm/timeline", "assembler/object"],
    "vm/cvmimage": ["assembler/base"],
    "vm/consis": ["compiler/interp", "compiler/debug", "vm/devices", "assembler/object", "compiler/codegen"],  # asm blocks, once more
    "vm/relate": ["vm/consis", "vm/cvmimage"],
    "vm/tools": ["vm/consis", "vm/relate", "vm/network", "vm/gdb", "vm/monitor", "compiler/driver"],
}
# The machine can be embedded: it sees neither LLVM nor the compiler, and of base only what needs neither. The emulator's
# main is held to the same where the compiler is concerned.
NO_LLVM = ("assembler/isa", "assembler/object", "vm/machine", "vm/devices", "vm/cvmimage", "compiler/core", "compiler/interp")
PLAIN_BASE = ("assembler/base/bytes.h", "assembler/base/result.h", "assembler/base/generated_page.h")
LONGEST = 600  # lines; tables, grammars and lexers aside

INCLUDE = re.compile(r'^#include\s+["<]((?:assembler|compiler|vm|llvm)/[^">]+)[">]', re.MULTILINE)


def reachable(folder):
    seen, todo = {folder}, [folder]
    while todo:
        for below in MAY_INCLUDE[todo.pop()]:
            if below not in seen:
                seen.add(below)
                todo.append(below)
    return seen


def breaches(path, text):
    folder = "/".join(path.relative_to(ROOT).parts[:2])
    allowed = reachable(folder)
    for match in INCLUDE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        included = match.group(1)
        if included.startswith("llvm/"):
            if folder in NO_LLVM:
                yield line, f"{folder} must not include LLVM"
        elif folder in NO_LLVM and included.startswith("assembler/base/") and included not in PLAIN_BASE:
            yield line, f"{folder} must not include {included}"
        elif "/".join(included.split("/")[:2]) not in allowed:
            yield line, f"{folder} must not include {included}"
        elif path.name.startswith("vamp") and included.startswith("compiler/"):
            yield line, "the emulator must not include the compiler"
    if path.suffix in (".cpp", ".h") and text.count("\n") > LONGEST:
        yield LONGEST, f"{text.count(chr(10))} lines; {LONGEST} at most"


def main():
    passed = failed = 0
    for area in ("assembler", "compiler", "vm"):
        for path in sorted((ROOT / area).rglob("*")):
            if path.suffix not in (".h", ".cpp", ".def", ".re", ".yy"):
                continue
            found = list(breaches(path, path.read_text()))
            for line, text in found:
                print(f"{path.relative_to(ROOT)}:{line}: {text}")
            passed, failed = passed + (not found), failed + bool(found)
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
