"""Timing of processes, and the report: each row a figure with its goal."""
import os
import statistics
import subprocess
import tempfile
import time


class Run:
    """One finished process: seconds, status, stdout and stderr as text.

    `seconds` is wall clock, unless the process had to wait for a processor or a disk for more than a tenth of it: then
    it is processor time, and the run counts as disturbed.
    """

    finished = disturbed = 0

    def __init__(self, command, stdin=""):
        with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            source.write(stdin.encode())
            source.seek(0)
            begin = time.perf_counter()
            process = subprocess.Popen(command, stdin=source, stdout=out, stderr=err)
            _, status, usage = os.wait4(process.pid, 0)
            self.wall = self.seconds = time.perf_counter() - begin
            processor = usage.ru_utime + usage.ru_stime
            Run.finished += 1
            if self.wall > 0.02 and self.wall > 1.1 * processor:
                self.seconds = processor
                Run.disturbed += 1
            process.returncode = self.status = os.waitstatus_to_exitcode(status)
            out.seek(0)
            err.seek(0)
            self.stdout, self.stderr = out.read().decode("latin-1"), err.read().decode("latin-1")
        self.command = command


class BenchError(Exception):
    pass


def checked(command, stdin="", status=0):
    done = Run([str(word) for word in command], stdin)
    if done.status != status:
        raise BenchError(f"{' '.join(done.command)}: status {done.status}\n{done.stderr.strip()}")
    return done


def wall_seconds(commands, stdin):
    """Of all of them at the same time."""
    with tempfile.NamedTemporaryFile() as source:
        source.write(stdin.encode())
        source.flush()
        begin = time.perf_counter()
        running = [subprocess.Popen([str(word) for word in command], stdin=open(source.name, "rb"), stdout=subprocess.DEVNULL) for command in commands]
        for process in running:
            if process.wait() != 0:
                raise BenchError(f"{' '.join(map(str, process.args))}: status {process.returncode}")
        return time.perf_counter() - begin


def median_seconds_with_status(command, stdin, repeat, status):
    return statistics.median(checked(command, stdin, status).seconds for _ in range(repeat))


def median_seconds(command, stdin="", repeat=5):
    return statistics.median(checked(command, stdin).seconds for _ in range(repeat))


class Report:
    """Prints rows as they come; a row with a goal ends in ok or behind."""

    def __init__(self):
        self.ok = self.behind = 0

    @staticmethod
    def title(text):
        print(f"\n{text}", flush=True)

    @staticmethod
    def line(text):
        print(f"  {text}", flush=True)

    def row(self, name, figure, unit, goal, at_least=True):
        """goal None: the figure stands for itself."""
        text = f"  {name:<58} {figure:>12,.2f} {unit:<8}"
        if goal is not None:
            good = figure >= goal if at_least else figure <= goal
            self.ok, self.behind = self.ok + good, self.behind + (not good)
            text += f" goal {'>=' if at_least else '<='} {goal:>10,.2f}  {'ok' if good else 'behind'}"
        print(text.rstrip(), flush=True)

    def summary(self):
        print(f"\n{self.ok} goals reached, {self.behind} behind; {Run.disturbed} of {Run.finished} runs were disturbed "
              "by other load (processor time counts for them)")
