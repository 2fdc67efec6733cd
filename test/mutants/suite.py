"""One seeded fault: built, checked, confirmed by other means, and looked at again with conditions left out (run.py has the format)."""

import glob
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field

HERE = os.path.dirname(os.path.abspath(__file__))
TEST = os.path.dirname(HERE)
sys.path[:0] = [HERE, os.path.join(TEST, "programs")]
import modes  # noqa: E402
import patch  # noqa: E402

LIMITS = ["--checked", "--limit=200000"]
# Conditions of a kernel's run, which consis has not: konsis has them, and mutants of its own.
KERNELS = ("entry", "konsis", "page-fault", "B", "ownership", "devices")
CODE, OBJECT, STATE = "generated code", "objects", "machine state"


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


class Case:
    def __init__(self, text):
        self.label, _, right = text.partition(" : ")
        self.label = self.label.strip()
        self.kind, *self.words = self.label.split()
        self.expected = right.split()

    def operator(self):
        """(kind of thing that is broken, operator)."""
        if self.kind == "mutate":
            return CODE, self.words[0].partition(":")[0]
        if self.kind == "violate":
            return CODE, "asm-unrestricted"
        if self.kind == "corrupt":
            return STATE, re.match(r"\d+:(\w+)=", self.words[0])[1]
        if self.kind == "patch":
            change = self.words[-1]
            named = re.match(r"(\w+)[=+]", change)
            return OBJECT, named[1] if named else "nop" if change == "nop" else "opcode"
        return OBJECT, self.kind


class Program:
    def __init__(self, path):
        self.path = path
        self.name = os.path.splitext(os.path.basename(path))[0]
        self.assembly = path.endswith(".c0a")
        self.text = open(path).read().split("\n")
        self.marks = {m[1]: n for n, line in enumerate(self.text, 1) if (m := re.search(r"//@(\w+)", line))}
        self.flags, self.link, self.cases = [], [], []
        for line in self.text:
            keyword, _, rest = line.removeprefix("//! ").partition(" ") if line.startswith("//! ") else ("", "", "")
            if keyword in ("flags", "link"):
                getattr(self, keyword).extend(rest.split())
            elif keyword:
                self.cases.append(Case(line[4:]))
        if not any(flag.startswith("-std=") for flag in self.flags):
            self.flags.append("-std=c0")


@dataclass
class Result:
    """What consis reports of a fault, and what without the one condition by which it does."""
    condition: str
    variable: str = "-"
    line: object = "-"
    step: object = "-"                           # a number, or "load"
    parts: set = field(default_factory=set)      # the conditions that are broken at that step
    escapes: set = field(default_factory=set)    # those without which nothing is reported at that step, in any mode
    instead: dict = field(default_factory=dict)  # those without which another one reports it there: which


class Suite:
    def __init__(self, tools, folder, show=False, sharded=1):
        self.tools, self.folder, self.show = tools, folder, show
        self.checked, self.sharded = 0, sharded  # faults so far; every so many are checked in shards, too
        self.work = {}  # of mode parallel
        rows = [line.split("\t") for line in need([self.tool("consis-dropped"), "--list"]).splitlines()]
        self.conditions = {name: {"report": report, "implied": implied, "meaning": meaning} for name, report, implied, meaning in rows
                           if report not in KERNELS}

    @staticmethod
    def programs():
        return [Program(path) for path in sorted(glob.glob(os.path.join(HERE, "programs", "*.c0*")))]

    def tool(self, name):
        return os.path.join(self.tools, name)

    def file(self, name):
        return os.path.join(self.folder, name)

    def mutations(self):
        return need([self.tool("c0c-mutant"), "--list-mutations"]).splitlines()

    # ---- building ----

    def compile(self, program, compiler, options, name):
        need([self.tool(compiler), *program.flags, *options, "-c", program.path, "-o", self.file(name + ".o")])

    def link(self, program, name, first=()):
        extra = [os.path.join(HERE, "programs", word) if word.endswith(".s") else word for word in program.link]
        need([self.tool("c0c"), self.file(name + ".o"), *first, *extra, "-o", self.file(name + ".elf")])
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

    def mutant(self, program, case):
        """Image and options of consis for a case."""
        name, words, first = "mutant", case.words, []
        if case.kind == "mutate":
            self.compile(program, "c0c-mutant", ["--mutate=" + words[0], *words[1:]], name)
        elif case.kind == "violate":
            self.compile(program, "c0c-mutant", ["--mutate=asm-unrestricted", "-D" + words[0]], name)
        else:
            self.compile(program, "c0c", [], name)
        object_file = self.file(name + ".o")
        if case.kind in ("patch", "symbol", "data", "relocation"):
            getattr(patch, case.kind)(object_file, object_file, *words)
        if case.kind == "runtime":
            routine = self.file("routine.o")
            need([self.tool("c0c"), "-c", os.path.join(TEST, "..", "runtime/start", words[0]), "-o", routine])
            patch.patch(routine, routine, *words[1:])
            first = [routine]
        elf = self.link(program, name, first)
        if case.kind in ("text", "layout"):
            {"text": patch.patch, "layout": patch.symbol}[case.kind](elf, elf, *words)
        if case.kind != "corrupt":
            return elf, []
        image = open(elf, "rb").read()
        return elf, ["--corrupt=" + re.sub(r"&(\w+)([+-]\d+)?", lambda m: str(
            patch.symbol_value(image, m[1]) + int(m[2] or 0)), word) for word in words]

    # ---- checking ----

    def run(self, program, case, correct):
        elf, options = self.mutant(program, case)
        arguments = [*LIMITS, *options, elf]
        if case.expected[0] == "refused":
            result = self.refused(case, arguments)
        else:
            try:
                self.checked += 1
                outcome, _ = modes.same(self.tool("consis"), arguments, work=self.work, shards=self.checked % self.sharded == 0)
            except modes.Differ as differ:
                raise Wrong(f"the modes differ: {differ}")
            if isinstance(outcome, str):
                raise Wrong(f"no report: {outcome.strip()[:150]}")
            result = self.violation(program, case, outcome) if case.expected[0] == "asm-violation" else \
                self.failure(program, case, outcome, correct, elf)
        self.leave_out(result, arguments)
        return result

    def refused(self, case, arguments):
        status, _, err = execute([self.tool("consis"), "--json", *arguments])
        if status != 1 or f"[{case.expected[1]}]" not in err:
            raise Wrong(f"not refused, or otherwise: status {status} {err.strip()[:150]}")
        return Result(case.expected[1], step="load", parts=self.of_images())

    def of_images(self):
        """The conditions on images: those of the reports with which something is refused."""
        reports = {case.expected[1] for program in self.programs() for case in program.cases if case.expected[0] == "refused"}
        return {name for name, row in self.conditions.items() if row["report"] in reports}

    def violation(self, program, case, outcome):
        fault = outcome.get("fault", {})
        wanted = (case.expected[0], program.marks[case.expected[2].lstrip("@")])
        if (fault.get("fault"), fault.get("line")) != wanted:
            raise Wrong(f"reported {fault or outcome['verdict']}, wanted {wanted}")
        step, part = report_of(outcome)
        return Result(wanted[0], line=wanted[1], step=step, parts={part})

    def failure(self, program, case, outcome, correct, elf):
        failure = outcome.get("failure")
        if not failure:
            raise Wrong(f"not caught: {outcome['verdict']}")
        if self.show:
            print(json.dumps({k: v for k, v in failure.items() if k != "instructions"}, indent=1), file=sys.stderr)
        mark, _, times = case.expected[2].lstrip("@").partition("*")
        variable, line = failure.get("variable", "-"), failure["statement"]["line"] if failure["statement"] else 0
        found = (failure["condition"], variable.replace(" ", "_"), line)
        wanted = (case.expected[0], case.expected[1], program.marks[mark] if mark != "start" else 0)
        if found != wanted:
            raise Wrong(f"reported {found}, wanted {wanted}")
        self.confirm(program, case, failure, correct, elf, int(times or 1))
        return Result(failure["condition"], variable, line, failure["c0Step"], {v["part"] for v in [failure, *failure["also"]]})

    def confirm(self, program, case, failure, correct, elf, times):
        """The step, by other means."""
        how = case.expected[3]
        if case.kind == "corrupt":
            if failure["c0Step"] != int(how):
                raise Wrong(f"reported at step {failure['c0Step']}, wanted {how}")
            return
        if how == "brute":
            blamed = need([self.tool("mutant-brute"), correct, elf]).split()
            line = failure["statement"]["line"] if failure["statement"] else 0
            if blamed[0] == "equal" or int(blamed[2]) != line or int(blamed[3]) != times:
                raise Wrong(f"brute force blames {' '.join(blamed)}, wanted line {line}, execution {times}")
        if not failure["statement"] or program.assembly:  # c0i runs no assembly
            return
        steps = self.steps(correct, failure["statement"]["line"])
        if len(steps) < times or steps[times - 1] != failure["c0Step"]:
            raise Wrong(f"reported at step {failure['c0Step']}, execution {times} is step {steps[:times][-1:]}")

    def steps(self, elf, line):
        """The C0 steps that execute a statement of this line, in order, by c0i."""
        execute([self.tool("c0i"), "--trace=" + self.file("trace"), elf])
        lines = open(self.file("trace"), encoding="latin-1").read().splitlines()
        return [int(m[1]) for m in (re.match(r"(\d+) \S+ \S+ \S*:(\d+):\d+ ", text) for text in lines)
                if m and int(m[2]) == line]

    # ---- without a condition ----

    def leave_out(self, result, arguments):
        """Only a condition that is alone broken at the first differing step can let the fault escape; an image is refused by one.
        Values are compared by liveness, too."""
        candidates = result.parts if len(result.parts) == 1 or result.step == "load" else set()
        if result.parts <= {"value", "pointer"}:
            candidates = candidates | {"liveness"}
        for name in sorted(candidates):
            found = [self.without(name, mode, arguments, result.step) for mode in modes.MODES]
            if not any(found):
                result.escapes.add(name)
            elif all(found) and name != "liveness" and found[0] not in result.parts:
                result.instead[name] = found[0]

    def without(self, name, mode, arguments, step):
        """The condition that still reports the fault at this step; None if there is none."""
        status, out, err = execute([self.tool("consis-dropped"), "--drop=" + name, "--mode=" + mode, *arguments])
        if not out:
            match = re.search(r"\[([\w-]+)\]", err)
            if status != 1 or not match:
                raise Wrong(f"consis-dropped --drop={name} ends with {status}: {err.strip()[:200]}")
            return match[1]
        when, part = report_of(json.loads(out))
        return part if when == step else None


def report_of(outcome):
    """(C0 step, condition) of a report; (None, None) if there is none."""
    if "failure" in outcome:
        return outcome["failure"]["c0Step"], outcome["failure"]["part"]
    fault = outcome.get("fault", {})
    if fault.get("fault") == "asm-violation":
        rule = re.search(r"restriction \((\w+)\)", fault["text"])
        return outcome["counters"]["c0Steps"] + 1, "rule-" + rule[1]
    return None, None
