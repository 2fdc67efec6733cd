#!/usr/bin/env python3
"""The checker checked: consis must catch every seeded fault at the first C0 step at which the states differ, and name the right
variable and statement; and without any one condition of the relation a fault must escape (docs/mutants.md, which this writes).

    run.py --tools build/release/bin [--case TEXT] [--every N] [--show] [--shards N] [--table | --write]

    --case TEXT   only cases whose program or label has TEXT      --show    the reports
    --every N     of these, each N-th; with either, docs/mutants.md is not looked at
    --shards N    every N-th fault is also checked in shards that are merged (default 5)
    --table       print docs/mutants.md                          --write   write it; else it must be as it is

Cases stand in programs/*.c0*, one a line:

    //! mutate NAME[:K] [FLAG]        : EXPECTED    a mutation of the code generator (c0c-mutant)
    //! violate NAME                  : ..          -DNAME, compiled by a c0c that lets any asm block pass
    //! patch FUNCTION OPCODE CHANGE  : ..          one instruction of the object (patch.py); `text` the same in the image
    //! runtime FILE FUNCTION OPCODE CHANGE : ..    one instruction of a library routine
    //! relocation FUNCTION K +N, data NAME+N=BYTE, symbol NAME+N, layout NAME+N : ..  the object's; `layout` a symbol of the image
    //! corrupt WHAT..                : ..          the machine's state at a C0 step; &NAME+N: an address

EXPECTED is `CONDITION VARIABLE @MARK[*K] HOW`: what the report must say (variable - for none), and the line with //@MARK, in its
K-th execution, or @start. HOW, the step: `brute`: mutant-brute, which compares the mutant's run with the correct one's, must blame
the same statement in the same execution; `unseen`: what is wrong is not in the states that it compares, or in the map only; a number, for
corruptions. The step is checked against c0i's trace. Or `asm-violation - @MARK`: a restriction of C0A is broken. Or `refused ID`: an
error when the image is loaded. `flags ..` lines give options for c0c, `link ..` for linking only."""

import argparse
import os
import sys
import tempfile

from suite import CODE, OBJECT, STATE, TEST, Suite, Wrong

TITLES = {CODE: "`c0c-mutant --mutate=`", OBJECT: "the object or image is changed in", STATE: "`--corrupt=STEP:`"}
MEANINGS = {  # of operators that mutation.def does not have
    "opcode": "an instruction's opcode", "nop": "an instruction, which becomes none", "word": "an instruction, which becomes any other",
    "rd": "an instruction's destination", "rs1": "an instruction's first source", "sa": "a shift's amount",
    "imm": "an instruction's immediate", "runtime": "an instruction of a library routine", "relocation": "a relocation's addend",
    "data": "a byte of an initial value", "symbol": "a global's place, for code and map", "layout": "a symbol of the memory map",
    "text": "an instruction, after linking", "reg": "r28, r29, r30", "spr": "PTO, PTL", "dpc": "DPC", "pc": "PC",
    "mem": "a word: of a variable, a saved return address, the code, the page table", "byte": "a byte"}
PAGE = os.path.join(TEST, "..", "docs", "mutants.md")


class Totals:
    def __init__(self, suite):
        self.suite = suite
        self.cases = []  # (program, case, result or None)

    def meaning(self, operator):
        return MEANINGS.get(operator) or next(line.split(": ", 1)[1] for line in self.suite.mutations() if line.startswith(operator + ":"))

    def operators(self):
        """(kind, operator) -> [cases, caught]."""
        found = {}
        for _, case, result in self.cases:
            row = found.setdefault(case.operator(), [0, 0])
            row[0] += 1
            row[1] += result is not None
        return found

    def of(self, name, field):
        """Labels of the faults that have the condition in this field of their result."""
        return [f"{program.name}: {case.label}" for program, case, result in self.cases if result and name in getattr(result, field)]

    def complaints(self):
        """What is not tested: mutations without a case, conditions without which nothing escapes."""
        mutations = [line.split(":")[0] for line in self.suite.mutations()]
        operators = self.operators()
        for name in mutations:
            if (CODE, name) not in operators:
                yield f"no case has the mutation {name}"
        for name, row in self.suite.conditions.items():
            escapes, instead = self.of(name, "escapes"), {result.instead.get(name) for _, _, result in self.cases if result}
            implied = row["implied"] and {row["implied"], self.suite.conditions[row["implied"]]["report"]}
            if implied and (escapes or not implied & instead):
                yield f"{name} is not implied by {row['implied']}: {', '.join(escapes) or 'no case shows it'}"
            if not row["implied"] and not escapes:
                yield f"nothing escapes without {name}"


def page(totals):
    """docs/mutants.md."""
    operators = totals.operators()
    caught = sum(row[1] for row in operators.values())
    yield "# What consis catches, and what it would miss"
    yield ""
    yield "Written by `cmake --build build/release --target mutants` (test/mutants/run.py) from a run; [consis.md](consis.md#checking-the-checker) says what it means."
    yield ""
    yield f"{len(operators)} operators, {len(totals.cases)} faults, {caught} caught at the first differing step, with variable and statement; all modes."
    for kind, title in TITLES.items():
        rows = sorted((name, row) for (of, name), row in operators.items() if of == kind)
        yield ""
        yield f"{kind[0].upper() + kind[1:]}, {len(rows)} operators:"
        yield ""
        yield f"| {title} | | faults | caught |"
        yield "|---|---|---|---|"
        yield from (f"| {name} | {totals.meaning(name)} | {row[0]} | {row[1]} |" for name, row in rows)
    yield ""
    yield "## Without one condition"
    yield ""
    yield "Faults that are no longer reported at the first differing step if consis leaves out this condition (`consis-dropped --drop=`)."
    yield ""
    yield "| condition | in reports | | escape | one of them |"
    yield "|---|---|---|---|---|"
    for name, row in totals.suite.conditions.items():
        escapes = totals.of(name, "escapes")
        example = f"`{escapes[0]}`" if escapes else f"none: {row['implied']} reports it at the same step" if row["implied"] else ""
        yield f"| {name} | {row['report']} | {row['meaning']} | {len(escapes)} | {example} |"


def run_cases(suite, wanted, every):
    totals, bad, seen = Totals(suite), 0, 0
    print(f"{'program':<13} {'seeded':<48} {'condition':<17} {'variable':<26} {'line':>4} {'step':>5}  escapes without")
    for program in suite.programs():
        found = [case for case in program.cases if wanted in program.name + " " + case.label]
        cases = [case for number, case in enumerate(found, seen) if number % every == 0]
        seen += len(found)
        correct = None
        for case in cases:
            result = None
            try:
                correct = correct or suite.correct(program)
                result = suite.run(program, case, correct)
                print(f"{program.name:<13} {case.label:<48} {result.condition:<17} {result.variable:<26} {result.line:>4} {result.step:>5}  "
                      + " ".join(sorted(result.escapes)))
            except Wrong as wrong:
                bad += 1
                print(f"{program.name:<13} {case.label:<48} FAILED: {wrong}")
            totals.cases.append((program, case, result))
    for of in ("", " of shards"):
        print(f"mode parallel: {suite.work.get('segments' + of, 0)} segments{of}, {suite.work.get('again' + of, 0)} checked again")
    part = f" (of {seen}, each {every}th)" if every > 1 else ""
    print(f"{len(totals.operators())} operators: {len(totals.cases) - bad} of {len(totals.cases)}{part} caught at the first step, with variable "
          "and statement")
    return totals, bad


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--case", default="")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--shards", type=int, default=5)
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        totals, bad = run_cases(Suite(os.path.abspath(args.tools), folder, args.show, args.shards), args.case, args.every)
        if args.case or args.every > 1:
            return 1 if bad else 0
        for complaint in totals.complaints():
            bad += 1
            print(f"FAILED: {complaint}")
        if len(totals.operators()) < 60:
            bad += 1
            print("FAILED: fewer than 60 operators")
        text = "\n".join(page(totals)) + "\n"
    if args.table:
        print(text, end="")
    if args.write:
        open(PAGE, "w").write(text)
    elif not os.path.exists(PAGE) or open(PAGE).read() != text:
        bad += 1
        print("FAILED: docs/mutants.md is another; run.py --write")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
