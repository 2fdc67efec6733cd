#!/usr/bin/env python3
"""Runs are functions of what they were given and of what came from outside: recorded, replayed, and gone back in.

    check.py --tools build/release/bin --kernels build/release/kernel --folder /tmp/replay

Programs with input, and a session of vamos with its disk, are recorded and replayed by both executors without input: output, status and all digests are
equal. States that the monitor comes back to, by `goto` and `back`, are byte for byte those at which a run forward was stopped.
Prints `N passed, N failed`.
"""
import argparse
import pathlib
import random
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test/programs"))
from corpus import Failure, Program, execute  # noqa: E402

PROGRAMS = 20
SESSION = ["list", "hello", "spin &", "primes", "tree", "hog", "ps", "philosophers", "exit"]


def expect(condition, text):
    if not condition:
        raise Failure(text)


class Run:
    """A command of vamp, without input, and where its files lie."""

    def __init__(self, vamp, arguments, base):
        self.vamp, self.arguments, self.base = vamp, arguments, base

    def __call__(self, *options, stdin=b""):
        return execute([self.vamp, *options, *self.arguments], stdin)

    def steps(self, done):
        return int(next(line for line in done.stderr.decode().splitlines() if line.startswith("instructions")).split()[1])

    def replayed(self, recorded, log, *options):
        again = self("--replay=" + log, *options)
        expect(again.returncode == recorded.returncode, f"status {again.returncode}, recorded {recorded.returncode}: {again.stderr.decode()}")
        expect(again.stdout == recorded.stdout, "the replay's output is another")

    def gone_back(self, log, length, r, steps_back):
        """States by going back from the end, against a run forward to each."""
        times = sorted(r.sample(range(length), min(4, length)), reverse=True)
        script, files = "continue\n", []
        for time_ in times + [t - steps_back for t in times if t >= steps_back]:
            files.append((time_, f"{self.base}.back{len(files)}"))
        for time_, file in files[: len(times)]:
            script += f"goto {time_}\nsnapshot {file}\n"
        for time_, file in files[len(times):]:
            script += f"goto {length}\ngoto {time_ + steps_back}\nback {steps_back}\nsnapshot {file}\n"
        (pathlib.Path(self.base + ".script")).write_text(script + "quit\n")
        with open(self.base + ".script", "rb") as commands:
            done = subprocess.run([self.vamp, "--monitor", "--input=/dev/null", "--replay=" + log, *self.arguments], stdin=commands, capture_output=True)
        expect(b"there is no" not in done.stdout and done.returncode < 123, done.stdout.decode(errors="replace")[-500:] + done.stderr.decode())
        for time_, file in files:
            forward = self("--replay=" + log, "--max-steps", str(time_), "--save=" + self.base + ".forward")
            expect(forward.returncode == 124, forward.stderr.decode())
            expect(pathlib.Path(file).read_bytes() == pathlib.Path(self.base + ".forward").read_bytes(),
                   f"the state at {time_} is another than that of a run forward")
            pathlib.Path(file).unlink()


def check_program(tools, folder, path, seed):
    program = Program(str(path))
    base = str(folder / path.stem)
    done = execute([str(tools / "c0c"), str(path), "-o", base + ".elf"])
    expect(done.returncode == 0, done.stderr.decode())
    run, log = Run(str(tools / "vamp"), [base + ".elf"], base), base + ".log"
    recorded = run("--record=" + log, "--digest-interval=10000", "--stats", stdin=program.input)
    expect(recorded.returncode == program.status and recorded.stdout == program.output, "the recorded run is wrong: " + recorded.stderr.decode())
    run.replayed(recorded, log)
    run.replayed(recorded, log, "--reference")
    run.gone_back(log, run.steps(recorded), random.Random(seed), 7)


def check_session(tools, folder, kernels):
    """Keys are pressed at times that no program determines."""
    base = str(folder / "vamos")
    run = Run(str(tools / "vamp"), [str(kernels / "vamos.elf"), "--disk", str(kernels / "vamos.img"), "--snapshot"], base)
    log = base + ".log"
    with subprocess.Popen([run.vamp, "--record=" + log, "--stats", *run.arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as process:
        for command in SESSION:
            process.stdin.write(command.encode() + b"\n")
            process.stdin.flush()
            time.sleep(0.01)
        recorded = subprocess.CompletedProcess([], 0, *process.communicate())
        recorded.returncode = process.returncode
    expect(b"hello, world" in recorded.stdout and b"primes: 1007 below 8000" in recorded.stdout, "the session is wrong: " + recorded.stdout.decode())
    run.replayed(recorded, log)
    run.gone_back(log, run.steps(recorded), random.Random(1), 1000)
    return f"vamos: {run.steps(recorded)} instructions"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", type=pathlib.Path, required=True)
    parser.add_argument("--kernels", type=pathlib.Path, required=True)
    parser.add_argument("--folder", type=pathlib.Path, required=True)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="of the programs, each N-th")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    everything = sorted((ROOT / "test/programs").glob("*.c0"))
    with_input = [path for path in everything if "// INPUT:" in path.read_text()]
    chosen = (with_input + [path for path in everything if path not in with_input])[:PROGRAMS:arguments.every]
    passed = failed = 0
    for name, check in [(path.stem, lambda path=path, seed=seed: check_program(arguments.tools, arguments.folder, path, seed))
                        for seed, path in enumerate(chosen)] + [("vamos", lambda: check_session(arguments.tools, arguments.folder, arguments.kernels))]:
        try:
            if note := check():
                print(note)
            passed += 1
        except Failure as failure:
            print(f"FAIL {name}: {failure}")
            failed += 1
    print(f"{passed} passed, {failed} failed")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
