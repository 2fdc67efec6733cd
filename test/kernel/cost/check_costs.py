#!/usr/bin/env python3
"""The table of docs/cvm.md, "Costs", is what the kernel costs: measured by kernel-probe (the fast executor, an observer), and counted once more
here from the trace of the reference executor. Counts of instructions are exact, so all three are compared exactly.

    check_costs.py --tools build/release/bin --kernel vamos-slow.elf --roomy roomy.img --tight tight.img [--update]

--update writes the measured numbers into the page.
"""
import argparse
import os
import re
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
PAGE = os.path.join(ROOT, "docs/cvm.md")
MARK = 4095
# Rows that the roomy disk shows, by their part of cost.c0: the trap that begins it (None: a page fault), and whether it ends with the next
# instruction of the same process.
COUNTED = {"null system call": (1, 0, True), "yield, to another process": (2, 2, False), "IPC round trip, 4 words": (3, 10, True),
           "IPC round trip, 4 KiB each way": (4, 14, True), "page fault to a free frame": (5, None, True), "alloc of a page": (7, 5, True),
           "free of a page": (7, 7, True), "clone of 16 pages": (8, 18, True)}
INTERRUPT = re.compile(r" interrupt (\d+) .*EDATA=0x(\w+)")


def measured(options):
    """Row -> instructions, from kernel-probe, twice the same."""
    command = [os.path.join(options.tools, "kernel-probe"), "cost", options.kernel, options.roomy, options.tight]
    first, second = (subprocess.run(command, capture_output=True, text=True, check=True).stdout for _ in range(2))
    if first != second:
        sys.exit("two measurements differ:\n" + first + second)
    return {m[1].rstrip(): int(m[2]) for m in re.finditer(r"^(\S.*?) {2,}(\d+) ", first, re.MULTILINE)}


def counted(options):
    """Row -> instructions, from a trace. A process is known by its page table."""
    command = [os.path.join(options.tools, "vamp"), "--reference", "--trace=-", "--mem", "8M", "--snapshot", "--disk", options.roomy, options.kernel]
    costs, part, marked, r11, pto = {}, 0, None, 0, None
    user, begun = False, None  # begun: row, step
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, errors="replace") as vamp:
        for step, line in enumerate(vamp.stdout):
            if " r11=" in line:
                r11 = int(line.split(" r11=")[1][:10], 16)
            if not user:
                if " PTO=" in line:
                    pto = line.split(" PTO=")[1][:10]
                user = " rfe " in line
                continue
            if begun and (pto == marked or not COUNTED[begun[0]][2]):
                costs.setdefault(begun[0], []).append(step - begun[1])
                begun = None
            interrupt = INTERRUPT.search(line)
            if not interrupt:
                continue
            user, cause, data = False, int(interrupt[1]), int(interrupt[2], 16)
            if cause == 5 and data == MARK:
                part, marked = r11, pto
            elif part and pto == marked and not begun:
                what = (part, data if cause == 5 else None)
                begun = next(((row, step) for row, (p, trap, _) in COUNTED.items() if (p, trap) == what), None)
    return {row: min(steps) for row, steps in costs.items()}


def page_table(text):
    section = text[text.index("\n## Costs\n"):]
    return {m[1].strip(): int(m[2]) for m in re.finditer(r"^\| ([^|]+) \| (\d+) \|", section, re.MULTILINE)}


def update(text, costs):
    at = text.index("\n## Costs\n")
    for row, cost in costs.items():
        text = text[:at] + re.sub(rf"(\| {re.escape(row)} \|) \d+ \|", rf"\1 {cost} |", text[at:])
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(text)


def main():
    parser = argparse.ArgumentParser()
    for name in ("tools", "kernel", "roomy", "tight"):
        parser.add_argument("--" + name, required=True)
    parser.add_argument("--update", action="store_true")
    options = parser.parse_args()
    with open(PAGE, encoding="utf-8") as file:
        text = file.read()
    probe, trace = measured(options), counted(options)
    wrong = [f"{row}: {probe.get(row)} by kernel-probe, {trace.get(row)} in the trace" for row in COUNTED if probe.get(row) != trace.get(row)]
    if options.update and not wrong:
        return update(text, probe)
    page = page_table(text)
    wrong += [f"{row}: {probe.get(row)}, but {page.get(row)} in docs/cvm.md (check_costs.py --update)"
              for row in sorted(probe.keys() | page.keys()) if probe.get(row) != page.get(row)]
    for line in wrong:
        print(line)
    print(f"{len(probe)} costs, {len(wrong)} wrong")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
