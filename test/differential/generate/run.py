#!/usr/bin/env python3
"""Runs generated programs on several engines and compares what they print and their status; shrinks what differs.

    run.py --seed 1 --count 1000                                   # gcc -O0, gcc -O2, clang, sanitizers: are they well-defined?
    run.py --seed 1 --count 300 --tools build/release/bin          # gcc -O0, c0i, c0c + vamp
    run.py --seed 1 --count 300 --tools build/release/bin --consis # and in lockstep
    run.py --tools build/release/bin prog.c0                       # these programs instead

Seed and count are printed, so that a run can be had again; a failing program is kept, and shrunk, in --keep. Exit status 0 if all agree.
"""
import argparse
import functools
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TEST = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(TEST, "programs"))
import oracle  # noqa: E402
from generate import generate  # noqa: E402
from shrink import shrink  # noqa: E402

TIMEOUT = 10
STEPS = 30_000_000  # instructions and C0 steps; a generated program needs far less
NATIVE = ["-Wno-all", "-Werror=return-type", "-Werror=implicit-function-declaration", "-Werror=implicit-int"]
SANITIZE = ["-fsanitize=undefined,address", "-fno-sanitize-recover=all", "-fwrapv", "-fsigned-char", "-Werror=uninitialized"]


class Outcome:
    """How a program ended on an engine: equal outcomes agree."""

    def __init__(self, engine, status, output, note=""):
        self.engine, self.status, self.output, self.note = engine, status, output, note

    def same(self, other):
        return (self.status, self.output) == (other.status, other.output)

    def __str__(self):
        lines = self.output.decode("latin-1").split("\n")
        return f"{self.engine}: status {self.status}, {len(lines) - 1} lines, {self.note.strip() or lines[-2 if len(lines) > 1 else -1]}"


class Rejected(Exception):
    """An engine did not take the program."""


def execute(command, timeout=TIMEOUT, stdin=b""):
    try:
        done = subprocess.run(command, input=stdin, capture_output=True, timeout=timeout)
    except subprocess.TimeoutExpired:
        return "timeout", b"", b""
    return done.returncode, done.stdout, done.stderr


@functools.lru_cache
def hosted():
    output = os.path.join(oracle.folder().name, "hosted.o")
    subprocess.run(["gcc", "-O1", "-c", os.path.join(HERE, "hosted.c"), "-o", output], check=True)
    return output


class Engines:
    def __init__(self, tools, strict, options):
        self.tools, self.strict = tools, strict
        self.standard = ["-std=c0"] if strict else []
        self.options = options

    def names(self):
        names = ["gcc -O0"]
        if self.options.optimised or not self.tools:
            names.append("gcc -O2")
        if self.options.clang:
            names.append("clang -O1")
        if self.options.sanitize:
            names.append("sanitizers")
        if self.tools:
            names += ["c0i", "vamp"]
            if self.options.consis:
                names.append("consis")
        return names

    def run(self, engine, source, folder):
        """The engine's Outcome; Rejected if it does not compile."""
        if engine.startswith(("gcc", "clang")):
            return self.native(engine, source, folder)
        return {"sanitizers": self.sanitizers, "c0i": self.c0i, "vamp": self.vamp, "consis": self.consis}[engine](source, folder)

    def native(self, engine, source, folder):
        compiler, level = engine.split()
        binary = os.path.join(folder, "native")
        try:
            oracle.build([source], binary, level, NATIVE, compiler)
        except RuntimeError as failure:
            raise Rejected(str(failure))
        status, output, _ = execute([binary])
        return Outcome(engine, status, output)

    def sanitizers(self, source, folder):
        binary = os.path.join(folder, "hosted")
        status, _, text = execute(["gcc", "-O1", *SANITIZE, "-include", os.path.join(oracle.HOST, "c0.h"), "-I", oracle.INCLUDE, "-x", "c",
                                   source, "-x", "none", hosted(), "-o", binary], 60)
        if status != 0:
            raise Rejected(text.decode("latin-1"))
        status, output, text = execute(["env", "ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=1", binary])
        return Outcome("sanitizers", status, output, next((line for line in text.decode("latin-1").split("\n") if "error" in line.lower()), ""))

    def tool(self, name):
        return os.path.join(self.tools, name)

    def c0i(self, source, folder):
        status, output, text = execute([self.tool("c0i"), f"--max-steps={STEPS}", self.image(source, folder)])
        return Outcome("c0i", status, output, text.decode("latin-1").split("\n")[0])

    def image(self, source, folder):
        """Compiled once for all; the runner removes it before the next program."""
        image = os.path.join(folder, "image.elf")
        if os.path.exists(image):
            return image
        compiler, *options = self.options.c0c.split()
        status, _, text = execute([self.tool(compiler), *options, *self.standard, source, "-o", image])
        if status != 0:
            raise Rejected(f"c0c ends with {status}: " + text.decode("latin-1"))
        return image

    def vamp(self, source, folder):
        status, output, text = execute([self.tool("vamp"), f"--max-steps={STEPS}", self.image(source, folder)])
        return Outcome("vamp", status, output, text.decode("latin-1").split("\n")[0])

    def consis(self, source, folder):
        """consis itself compares; what it finds differs from anything."""
        status, output, text = execute([self.tool("consis"), "-q", self.image(source, folder)], 120)
        note = (text + output).decode("latin-1").strip()
        return None if status == 0 else Outcome("consis", f"consis {status}", b"", note.split("\n")[0])

    def disagreement(self, source, folder, names):
        """None, or (engine, kind, text): what the first engine that differs from the first of all does."""
        first = None
        for engine in names:
            try:
                outcome = self.run(engine, source, folder)
            except Rejected as rejected:
                return engine, "rejected", str(rejected).split("\n")[0 if engine != "gcc -O0" else 1]
            if outcome is None:
                continue
            if first is None and (outcome.status == "timeout" or outcome.status < 0):
                return engine, "undefined", f"the program ends with {outcome.status}"
            if first is None:
                first = outcome
            elif not outcome.same(first):
                kind = "output" if outcome.status not in (70, 123, 124, 125, "timeout") and not str(outcome.status).startswith(("-", "consis")) \
                    else str(outcome.status)
                return engine, kind, f"{first} | {outcome}"
        return None


def check(engines, name, text, keep, reduce):
    """None, or what disagreement() says; the program is kept, and a smaller one that does the same."""
    with tempfile.TemporaryDirectory() as folder:
        source = os.path.join(folder, "program.c0")

        def failing(candidate, names):
            with open(source, "w") as file:
                file.write(candidate)
            image = os.path.join(folder, "image.elf")
            if os.path.exists(image):
                os.remove(image)
            return engines.disagreement(source, folder, names)

        found = failing(text, engines.names())
        if found is None:
            return None
        if keep:
            os.makedirs(keep, exist_ok=True)
            with open(os.path.join(keep, f"{name}.c0"), "w") as file:
                file.write(text)
            if reduce:
                names = ["gcc -O0"] + [found[0]] * (found[0] != "gcc -O0")
                small = shrink(text, lambda candidate: (failing(candidate, names) or ("", ""))[:2] == found[:2] and defined(engines, source, folder, found[0]),
                               engines.options.shrink_tests)
                with open(os.path.join(keep, f"{name}.small.c0"), "w") as file:
                    file.write(small)
                found = failing(small, names) or found
        return found


# What shrinking must preserve: gcc takes the program (NATIVE), the sanitizers find nothing, nor does c0i if another engine fails.

def defined(engines, source, folder, failed):
    try:
        if engines.tools and failed != "c0i" and engines.c0i(source, folder).status in (123, 124, 125):
            return False
        outcome = engines.sanitizers(source, folder)
    except Rejected:
        return False
    return isinstance(outcome.status, int) and outcome.status >= 0 and not outcome.note


def main():
    parser = argparse.ArgumentParser(description="Compares engines on random programs.")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--std", choices=("c0", "c0x"), default="c0x")
    parser.add_argument("--size", type=int, default=8)
    parser.add_argument("--tools", help="folder of c0c, c0i, vamp, consis")
    parser.add_argument("--consis", action="store_true", help="run consis too")
    parser.add_argument("--optimised", action="store_true", help="run gcc -O2 too (always without --tools)")
    parser.add_argument("--clang", action="store_true", help="run clang too")
    parser.add_argument("--sanitize", action="store_true", help="run under gcc's sanitizers too")
    parser.add_argument("--keep", help="folder for programs that fail")
    parser.add_argument("--no-shrink", action="store_true")
    parser.add_argument("--stop", action="store_true", help="stop at the first program that fails")
    parser.add_argument("--shrink-tests", type=int, default=1500, metavar="N", help="give up shrinking after N smaller programs")
    parser.add_argument("--c0c", default="c0c", help="the compiler's name and options, as in 'c0c-mutant --mutate=compare-strict'")
    parser.add_argument("-j", "--jobs", type=int, default=1, help="processes")
    parser.add_argument("--progress", type=int, default=0, metavar="N", help="say how far it is after every N programs")
    parser.add_argument("programs", nargs="*", help="files to run instead of generated programs")
    options = parser.parse_args()
    if not options.tools:
        options.clang, options.sanitize = shutil.which("clang") is not None, True
    engines = Engines(options.tools, options.std == "c0", options)
    oracle.library(), hosted()

    work = options.programs or range(options.seed, options.seed + options.count)
    passed = failed = 0
    print(f"seed {options.seed}, count {options.count}, size {options.size}, -std={options.std}; {', '.join(engines.names())}", flush=True)
    with multiprocessing.Pool(options.jobs, share, (engines,)) as pool:
        for name, found in pool.imap(one, work):
            if found:
                failed += 1
                print(f"FAIL {name}: {found[0]} ({found[1]}): {found[2]}", flush=True)
                if options.stop:
                    break
            else:
                passed += 1
            if options.progress and (passed + failed) % options.progress == 0:
                print(f"{passed + failed} done, {failed} failed", flush=True)
    print(f"{passed} passed, {failed} failed: seed {options.seed}, count {options.count}, -std={options.std}; {', '.join(engines.names())}")
    sys.exit(1 if failed or not passed else 0)


# ---- in the worker processes ----

shared = None


def share(engines):
    global shared
    shared = engines


def one(item):
    """(name, check's answer) of a seed or of a file."""
    options = shared.options
    if isinstance(item, int):
        name, text = f"{options.std}-{item}", generate(item, shared.strict, options.size)
    else:
        name, text = os.path.basename(item).removesuffix(".c0"), open(item).read()
    try:
        return name, check(shared, name, text, options.keep, not options.no_shrink)
    except OSError as error:
        return name, ("run.py", "error", str(error))


if __name__ == "__main__":
    main()
