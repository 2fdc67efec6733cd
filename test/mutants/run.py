"""The mutant suite: consis must catch every seeded wrong compilation at the first C0 step at which the states differ, and
name the right variable and statement (docs/consis.md, "Checking the checker").

    run.py --tools build/release/bin [--case TEXT] [--show]

Cases stand in programs/*.c0, one a line:

    //! mutate NAME[:K]              : CONDITION VARIABLE @MARK[*K]    a mutation of the code generator
    //! patch FUNCTION OPCODE CHANGE : ..                              one instruction of the object (patch.py)
    //! corrupt WHAT                 : .. STEP                         the machine's state at a C0 step; &NAME+N: an address
    //! refused NAME                 : ID                              the map no longer fits the core: an error, no run

CONDITION, VARIABLE (- for none) and the statement's line (that with //@MARK, in its K-th execution) are what the report
must say; for corruptions also the step. CONDITION asm-violation: a restriction of C0A is broken, consis ends with 4. `brute` after the mark: mutant-brute, which compares the mutant's run with the
correct one's, must blame the same statement in the same execution; `map` instead: the map is wrong, not the code, so
there is nothing for it to compare. The C0 step is checked against c0i's trace. `flags ..` lines give options for c0c."""

import argparse
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
sys.path.insert(1, os.path.join(os.path.dirname(HERE), "programs"))
import modes  # noqa: E402
import patch  # noqa: E402


class Wrong(Exception):
    pass


def execute(command, stdin=b""):
    done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=300)
    return done.returncode, done.stdout.decode("latin-1"), done.stderr.decode("latin-1")


def need(command):
    status, out, err = execute(command)
    if status != 0:
        raise Wrong(f"{' '.join(command)} ends with {status}: {err.strip()[:200]}")
    return out


class Program:
    def __init__(self, path):
        self.path = path
        self.name = os.path.splitext(os.path.basename(path))[0]
        self.assembly = path.endswith(".c0a")
        self.text = open(path).read().split("\n")
        self.marks = {m[1]: n for n, line in enumerate(self.text, 1) if (m := re.search(r"//@(\w+)", line))}
        self.flags = [f for line in self.text if line.startswith("//! flags") for f in line.split()[2:]]
        self.standard = [] if any(f.startswith("-std=") for f in self.flags) else ["-std=c0"]
        self.cases = [line[4:].strip() for line in self.text
                      if line.startswith("//! ") and not line.startswith("//! flags")]


class Suite:
    def __init__(self, tools, folder, show):
        self.tools, self.folder, self.show = tools, folder, show
        self.work = {}  # of mode parallel

    def tool(self, name):
        return os.path.join(self.tools, name)

    def file(self, name):
        return os.path.join(self.folder, name)

    def compile(self, program, compiler, options, name):
        need([self.tool(compiler), *program.standard, *program.flags, *options, "-c", program.path, "-o", self.file(name + ".o")])

    def link(self, program, name):
        need([self.tool("c0c"), *program.flags, self.file(name + ".o"), "-o", self.file(name + ".elf")])
        return self.file(name + ".elf")

    def correct(self, program):
        """The unmutated image; no false alarm on it."""
        self.compile(program, "c0c", [], program.name)
        elf = self.link(program, program.name)
        status, out, err = execute([self.tool("consis"), "--json", elf])
        verdict = json.loads(out)["verdict"] if out else err
        if status not in (0, 4) or verdict not in ("consistent", "no-semantics"):
            raise Wrong(f"false alarm: {verdict}")
        return elf

    def mutant(self, program, kind, words):
        """Image and options of consis for a case."""
        name = "mutant"
        if kind in ("mutate", "refused"):
            self.compile(program, "c0c-mutant", ["--mutate=" + words[0]], name)
        else:
            self.compile(program, "c0c", [], name)
        if kind == "patch":
            patch.patch(self.file(name + ".o"), self.file(name + ".o"), *words)
        elf = self.link(program, name)
        if kind != "corrupt":
            return elf, []
        image = open(elf, "rb").read()
        return elf, ["--corrupt=" + re.sub(r"&(\w+)([+-]\d+)?", lambda m: str(
            patch.symbol_value(image, m[1]) + int(m[2] or 0)), words[0])]

    def steps(self, elf, line):
        """The C0 steps that execute a statement of this line, in order, by c0i."""
        execute([self.tool("c0i"), "--trace=" + self.file("trace"), elf])
        lines = open(self.file("trace"), encoding="latin-1").read().splitlines()
        return [int(m[1]) for m in (re.match(r"(\d+) \S+ \S+ \S*:(\d+):\d+ ", text) for text in lines)
                if m and int(m[2]) == line]

    def run(self, program, case, correct):
        left, _, right = case.partition(" : ")
        kind, *words = left.split()
        expected = right.split()
        elf, options = self.mutant(program, kind, words)
        status, out, err = execute([self.tool("consis"), "--json", "--checked", "--limit=200000", *options, elf])
        if status != (4 if expected[0] == "asm-violation" else 1):
            raise Wrong(f"not caught: status {status} {err.strip()[:100]}")
        if kind == "refused":
            if f"[{expected[0]}]" not in err:
                raise Wrong(f"refused otherwise: {err.strip()[:150]}")
            return "-", expected[0], "-", "load"
        try:
            modes.same(self.tool("consis"), ["--checked", "--limit=200000", *options, elf], work=self.work)
        except modes.Differ as differ:
            raise Wrong(f"the modes differ: {differ}")
        if not out:
            raise Wrong(f"no report: {err.strip()[:150]}")
        if expected[0] == "asm-violation":
            fault = json.loads(out)["fault"]
            wanted = (expected[0], program.marks[expected[2].lstrip("@")])
            if (fault["fault"], fault["line"]) != wanted:
                raise Wrong(f"reported {fault}, wanted {wanted}")
            return *wanted[:1], "-", wanted[1], "-"
        failure = json.loads(out)["failure"]
        statement = failure["statement"]
        found = (failure["condition"], failure.get("variable", "-").replace(" ", "_"), statement["line"] if statement else 0)
        if self.show:
            print(json.dumps({k: v for k, v in failure.items() if k != "instructions"}, indent=1), file=sys.stderr)
        mark, _, times = expected[2].lstrip("@").partition("*")
        wanted = (expected[0], expected[1], program.marks[mark] if mark != "start" else 0)
        if found != wanted:
            raise Wrong(f"reported {found}, wanted {wanted}")
        self.confirm(program, kind, expected, failure, correct, elf, int(times or 1))
        return failure["condition"], failure.get("variable", "-"), statement["line"] if statement else 0, failure["c0Step"]

    def confirm(self, program, kind, expected, failure, correct, elf, times):
        """The step, by other means."""
        if kind == "corrupt":
            if failure["c0Step"] != int(expected[3]):
                raise Wrong(f"reported at step {failure['c0Step']}, wanted {expected[3]}")
            return
        if expected[3] == "brute":
            blamed = need([self.tool("mutant-brute"), correct, elf]).split()
            line = failure["statement"]["line"] if failure["statement"] else 0
            if blamed[0] == "equal" or int(blamed[2]) != line or int(blamed[3]) != times:
                raise Wrong(f"brute force blames {' '.join(blamed)}, wanted line {line}, execution {times}")
        if not failure["statement"] or program.assembly:  # c0i runs no assembly
            return
        steps = self.steps(correct, failure["statement"]["line"])
        if len(steps) < times or steps[times - 1] != failure["c0Step"]:
            raise Wrong(f"reported at step {failure['c0Step']}, execution {times} is step {steps[:times][-1:]}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--case", default="")
    parser.add_argument("--show", action="store_true")
    args = parser.parse_args()
    bad = count = 0
    print(f"{'program':<12} {'seeded':<44} {'condition':<11} {'variable':<26} {'line':>4} {'step':>5}")
    with tempfile.TemporaryDirectory() as folder:
        suite = Suite(os.path.abspath(args.tools), folder, args.show)
        for path in sorted(glob.glob(os.path.join(HERE, "programs", "*.c0*"))):
            program = Program(path)
            cases = [c for c in program.cases if args.case in program.name + " " + c]
            if not cases:
                continue
            try:
                correct = suite.correct(program)
            except Wrong as wrong:
                bad, count = bad + len(cases), count + len(cases)
                print(f"{program.name:<12} FAILED: {wrong}")
                continue
            for case in cases:
                count += 1
                label = case.partition(" : ")[0]
                try:
                    condition, variable, line, step = suite.run(program, case, correct)
                    print(f"{program.name:<12} {label:<44} {condition:<11} {variable:<26} {line:>4} {step:>5}")
                except Wrong as wrong:
                    bad += 1
                    print(f"{program.name:<12} {label:<44} FAILED: {wrong}")
    print(f"mode parallel: {suite.work.get('segments', 0)} segments, {suite.work.get('again', 0)} checked again")
    print(f"{count - bad} of {count} caught at the first step, with variable and statement")
    return 1 if bad or count < 30 and not args.case else 0


if __name__ == "__main__":
    sys.exit(main())
