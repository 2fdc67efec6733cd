#!/usr/bin/env python3
"""Measures the tools beside their rivals in one run and prints each figure with its goal (docs/benchmarks.md).

    bench.py --tools build/release/bin            # everything, about five minutes
    bench.py --tools build/release/bin speed      # one part: speed compile consis start code
    bench.py --tools build/release/bin check      # no clocks: do all machines print the same?
"""
import argparse
import json
import math
import os
import re
import shutil
import statistics
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "programs"))

import generate  # noqa: E402
import oracle  # noqa: E402
from measure import BenchError, Report, checked, median_seconds, median_seconds_with_status, wall_seconds  # noqa: E402

# Rounds that make about 500 million VAMP instructions at -O0.
PROGRAMS = {"sieve": 26, "sort": 12, "sha": 480, "mixed": 190, "fib": 110}
MIPS = ("-mno-abicalls", "-fno-pic", "-G0")
# Much faster guests run that many times the rounds, to have a time to measure.
FASTER = 8
# The checker is that much slower.
FEWER = 8


def geometric(values):
    return math.exp(statistics.fmean(math.log(value) for value in values))


class Bench:
    def __init__(self, tools, folder, repeat, previous=None):
        self.tools, self.folder, self.repeat, self.previous = tools, folder, repeat, previous
        self.report = Report()

    def tool(self, name):
        path = os.path.join(self.tools, name)
        if not os.access(path, os.X_OK):
            raise BenchError(f"no tool {path}")
        return path

    def file(self, name):
        return os.path.join(self.folder, name)

    # ---- building ----

    def image(self, source):
        """For the VAMP in system mode."""
        image = self.file(os.path.basename(source) + ".elf")
        checked([self.tool("c0c"), "-O0", "-std=c0", source, "-o", image])
        return image

    def user_image(self, source):
        """The same for user mode: test/bench/user_start.s takes the place of runtime/start."""
        name = self.file(os.path.basename(source))
        library = os.path.join(os.path.dirname(self.tools), "lib", "libc0.a")
        checked([self.tool("vas"), os.path.join(HERE, "user_start.s"), "-o", self.file("user_start.o")])
        checked([self.tool("c0c"), "-c", "-O0", "-std=c0", source, "-o", name + ".o"])
        checked([self.tool("vld"), "-o", name + ".user.elf", self.file("user_start.o"), name + ".o", library])
        return name + ".user.elf"

    def host(self, source, name, **options):
        binary = self.file(os.path.basename(source) + "." + name)
        checked(oracle.command(source, binary, **options))
        return binary

    # ---- counting and timing ----

    def vamp_count(self, image, stdin):
        done = checked([self.tool("vamp"), "--stats", image], stdin)
        return int(re.search(r"^instructions (\d+)", done.stderr, re.M).group(1)), done.stdout

    def qemu_count(self, binary, stdin):
        plugin = self.file("count.so")
        if not os.path.exists(plugin):
            checked(["gcc", "-shared", "-fPIC", "-O1", os.path.join(HERE, "count.c"), "-o", plugin])
        done = checked(["qemu-mipsel", "-plugin", f"file={plugin}", binary], stdin)
        return int(re.search(r"^instructions (\d+)", done.stderr, re.M).group(1)), done.stdout

    def peak_mebibytes(self, command):
        helper = self.file("peak")
        if not os.path.exists(helper):
            checked(["gcc", "-O1", os.path.join(HERE, "peak.c"), "-o", helper])
        return int(re.search(r"^peak (\d+)", checked([helper, *command]).stderr, re.M).group(1)) / 1024

    def net_seconds(self, command, stdin):
        """Median wall clock less that of zero rounds."""
        full = median_seconds(command, stdin, self.repeat)
        return max(full - median_seconds(command, "0\n", self.repeat), 1e-6)

    # ---- (a) ----

    def speed(self):
        """Guest instructions per second."""
        self.report.title("Emulator: million guest instructions per second (median, start-up subtracted)")
        qemu = shutil.which("qemu-mipsel") and shutil.which("mipsel-linux-gnu-gcc")
        if not qemu:
            self.report.line("qemu-mipsel or mipsel-linux-gnu-gcc is not installed: no figures beside ours")
        self.report.line(f"{'program':<8}{'Minstr':>8}{'system':>9}{'user':>9}{'qemu':>9}   time / native "
                         f"{'-O0':>7}{'-O2':>8}{'qemu/-O2':>10}   code / mips2 -O2")
        rows = [self.one_program(name, rounds, qemu) for name, rounds in PROGRAMS.items()]
        means = {key: geometric([row[key] for row in rows]) for key in ("system", "user", "qemu") if key in rows[0]}
        self.report.line(f"{'geomean':<8}{'':>8}{means['system']:>9.0f}{means['user']:>9.0f}"
                         + (f"{means['qemu']:>9.0f}" if qemu else ""))
        self.report.row("interpreter, system mode, Minstr/s", means["system"], "", 400)
        self.report.row("the same against the long-term goal", means["system"], "", 690)
        self.report.row("user mode / system mode", means["user"] / means["system"], "", 0.85)
        worst = min(row["user"] / row["system"] for row in rows)
        self.report.row("user mode / system mode, worst program", worst, "", None)
        if qemu:
            code = geometric([row["code"] for row in rows if row["name"] != "mixed"])
            self.report.row("instructions of our -O0 code / mips2 gcc -O2 (not mixed)", code, "", 3.0, at_least=False)
        if self.previous:
            self.beside_previous()

    def beside_previous(self):
        """The same images on another build's vamp; the two take turns, the fastest run of each counts."""
        ratios = {}
        for name, rounds in PROGRAMS.items():
            image = self.image(os.path.join(HERE, name + ".c0"))
            runs = [[median_seconds([os.path.join(tools, "vamp"), image], f"{rounds}\n", 1) for tools in (self.previous, self.tools)]
                    for _ in range(2 * self.repeat)]
            before, now = (min(column) for column in zip(*runs))
            ratios[name] = before / now
        self.report.line("speed / that of the previous build: " + ", ".join(f"{name} {ratio:.3f}" for name, ratio in ratios.items()))
        self.report.row("speed / previous, geometric mean", geometric(ratios.values()), "", 0.97)

    def one_program(self, name, rounds, qemu):
        source = os.path.join(HERE, name + ".c0")
        stdin, more = f"{rounds}\n", f"{FASTER * rounds}\n"
        row, outputs, seconds = {"name": name}, set(), {}
        for mode, image in (("system", self.image(source)), ("user", self.user_image(source))):
            count, output = self.vamp_count(image, stdin)
            idle, _ = self.vamp_count(image, "0\n")
            outputs.add(output)
            seconds[mode] = self.net_seconds([self.tool("vamp"), image], stdin)
            row[mode] = (count - idle) / seconds[mode] / 1e6
            row.setdefault("count", count - idle)
        if qemu:
            options = {"gcc": "mipsel-linux-gnu-gcc", "optimise": "-O2"}
            binary = self.host(source, "mips32", machine=("-march=mips32", *MIPS), **options)
            count = self.qemu_count(binary, more)[0] - self.qemu_count(binary, "0\n")[0]
            outputs.add(self.qemu_count(binary, stdin)[1])
            seconds["qemu"] = self.net_seconds(["qemu-mipsel", binary], more) / FASTER
            row["qemu"] = count / FASTER / seconds["qemu"] / 1e6
            binary = self.host(source, "mips2", machine=("-march=mips2", "-mno-branch-likely", *MIPS), **options)
            count, output = self.qemu_count(binary, stdin)
            outputs.add(output)
            row["code"] = row["count"] / (count - self.qemu_count(binary, "0\n")[0])
        for level in ("-O0", "-O2"):
            binary = self.host(source, "native" + level, machine=(), optimise=level)
            outputs.add(checked([binary], stdin).stdout)
            seconds[level] = self.net_seconds([binary], more) / FASTER
        if len(outputs) != 1:
            raise BenchError(f"{name}: the machines print different checksums: {sorted(outputs)}")
        text = f"{name:<8}{row['count'] / 1e6:>8.0f}{row['system']:>9.0f}{row['user']:>9.0f}"
        text += f"{row['qemu']:>9.0f}" if qemu else f"{'-':>9}"
        text += f"{'':17}{seconds['system'] / seconds['-O0']:>7.1f}{seconds['system'] / seconds['-O2']:>8.1f}"
        if qemu:
            text += f"{seconds['qemu'] / seconds['-O2']:>10.1f}{row['code']:>19.2f}"
        self.report.line(text)
        return row

    # ---- (b) ----

    def compile(self):
        """Lines per second."""
        self.report.title("Compiler: objects without optimisation, generated program")
        sources, lines = {}, {}
        for size in (50_000, 200_000):
            sources[size] = self.file(f"big{size}.c")  # tcc goes by the name; c0c by -std
            text = generate.program(size)
            lines[size] = text.count("\n")
            with open(sources[size], "w") as file:
                file.write(text)
            shutil.copy(sources[size], self.file(f"big{size}.c0"))
        c0c = [self.tool("c0c"), "-c", "-O0", "-std=c0", "-o", self.file("big.o")]
        seconds = {size: median_seconds(c0c + [self.file(f"big{size}.c0")], "", self.repeat) for size in sources}
        small, large = 50_000, 200_000
        peak = self.peak_mebibytes(c0c + [self.file(f"big{large}.c0")])
        rate = lines[small] / seconds[small]
        self.report.row("c0c -c -O0, lines/s", rate, "", 500_000)
        header = ["-w", "-include", os.path.join(oracle.HOST, "c0.h"), "-c", sources[small], "-o", self.file("other.o")]
        for name, command in (("tcc -c", ["tcc"]), ("gcc -O0 -c", ["gcc", "-O0", "-ffreestanding", "-fno-builtin"])):
            if not shutil.which(command[0]):
                self.report.line(f"{name} is not installed")
                continue
            other = lines[small] / median_seconds(command + header, "", self.repeat)
            self.report.row(f"{name}, lines/s", other, "", None)
            self.report.row(f"c0c / {name}", rate / other, "", None)
        ratio = seconds[large] / seconds[small]
        self.report.row("time for 200,000 lines / 50,000 lines", ratio, "", 4.4, at_least=False)
        self.report.row("peak memory at 200,000 lines, MB", peak * 1.048576, "", 150, at_least=False)

    # ---- (c) ----

    def consis(self):
        """Steps per second of the checker in both modes, whatever the size of the state, beside plain emulation."""
        self.report.title("Checker: consis in mode full, on programs of the corpus")
        steps = checks = seconds = 0
        programs = os.path.join(os.path.dirname(HERE), "programs")
        for name in ("heap_sort", "avl_tree", "sha256", "n_queens", "lfsr"):
            source = os.path.join(programs, name + ".c0")
            stdin = "".join(re.findall(r"^// INPUT: (.*\n)", open(source).read(), re.M))
            command = [self.tool("consis"), "--mode=full", "--json", self.image(source)]
            counters = json.loads(checked(command, stdin).stdout)["counters"]
            steps += counters["c0Steps"]
            checks += sum(counters[kind] for kind in ("values", "pointers", "control", "code"))
            seconds += median_seconds(command, stdin, self.repeat)
        self.report.row("mode full, C0 steps/s", steps / seconds, "", None)
        self.report.row("mode full, checks/s", checks / seconds, "", None)
        self.independence()
        self.beside_emulation()
        self.in_parallel()

    def checked_steps(self, image, rounds):
        """Of mode incremental: C0 steps, instructions, seconds; start and end, which look at everything, left out."""
        command = [self.tool("consis"), "--json", image]
        done, idle = (json.loads(checked(command, f"{n}\n").stdout)["counters"] for n in (rounds, 0))
        seconds = self.net_seconds(command, f"{rounds}\n")
        return done["c0Steps"] - idle["c0Steps"], done["instructions"] - idle["instructions"], seconds

    def independence(self):
        self.report.title("Checker: mode incremental, nanoseconds a C0 step by the size of the live state")
        text, commands, steps = open(os.path.join(HERE, "state.c0")).read(), {}, {}
        for name, size in (("10 KB", 10_000), ("1 MB", 1_000_000), ("16 MB", 16_000_000)):
            source = self.file(f"state{size}.c0")
            with open(source, "w") as file:
                file.write(text.replace("COUNT", str(size // 4)))
            commands[name] = [self.tool("consis"), "--json", self.image(source)]
            busy, idle = (json.loads(checked(commands[name], f"{n}\n").stdout)["counters"]["c0Steps"] for n in (20_000, 0))
            steps[name] = busy - idle
        # Side by side, since the host's speed changes; the best of each.
        runs = [{name: [checked(command, f"{n}\n").seconds for n in (20_000, 0)] for name, command in commands.items()} for _ in range(2 * self.repeat)]
        best = {name: [min(run[name][i] for run in runs) for i in (0, 1)] for name in commands}
        times = {name: (best[name][0] - best[name][1]) / steps[name] * 1e9 for name in commands}
        for name, each in times.items():
            self.report.row(f"{name}, ns a step", each, "", None)
        self.report.row("longest / shortest", max(times.values()) / min(times.values()), "", 1.2, at_least=False)
        self.report.row("1 MB, C0 steps/s", 1e9 / times["1 MB"], "", 3_000_000)
        slow = [self.tool("consis"), "--mode=full", "--json", "--max-steps=300", self.file("state1000000.c0.elf")]
        seconds = median_seconds_with_status(slow, "9\n", 3, 3) - median_seconds_with_status(slow[:3] + ["--max-steps=0", slow[-1]], "9\n", 3, 3)
        self.report.row("1 MB, mode full, C0 steps/s", 300 / max(seconds, 1e-6), "", None)

    def beside_emulation(self):
        self.report.title("Checker: mode incremental beside plain emulation (vamp), million instructions per second")
        ratios = []
        for name, rounds in PROGRAMS.items():
            image = self.image(os.path.join(HERE, name + ".c0"))
            few = max(1, rounds // FEWER)
            steps, instructions, seconds = self.checked_steps(image, few)
            count = self.vamp_count(image, f"{rounds}\n")[0] - self.vamp_count(image, "0\n")[0]
            plain = count / self.net_seconds([self.tool("vamp"), image], f"{rounds}\n") / 1e6
            ratios.append(instructions / seconds / 1e6 / plain)
            self.report.line(f"{name:<8}{steps / seconds / 1e6:>8.2f} million C0 steps/s{instructions / seconds / 1e6:>9.1f} checked"
                             f"{plain:>9.0f} plain")
            self.report.row(f"{name}, checked / plain", ratios[-1], "", 0.1)
        self.report.row("checked / plain, geometric mean", geometric(ratios), "", 0.1)

    def in_parallel(self):
        self.report.title("Checker: mode parallel with two threads beside mode incremental (wall clock, seconds)")
        self.report.line(f"{'program':<8}{'incremental':>13}{'parallel':>10}{'ratio':>7}{'two at once':>13}{'ratio':>7}{'parallel of that':>18}")
        ratios, shares = [], []
        for name, rounds in PROGRAMS.items():
            image, stdin = self.image(os.path.join(HERE, name + ".c0")), f"{max(1, rounds // 2)}\n"
            one = [self.tool("consis"), "-q", image]
            parallel = [*one, "--mode=parallel", "--jobs=2"]
            # Side by side, since the host's speed changes; the best of each. Those with two threads in a row: the first after one with one is slower.
            runs = [(wall_seconds([one], stdin), wall_seconds([one, one], stdin), wall_seconds([parallel], stdin)) for _ in range(self.repeat)]
            alone, both, divided = (min(run[i] for run in runs) for i in range(3))
            ratios.append(alone / divided)
            shares.append(both / 2 / divided)
            self.report.line(f"{name:<8}{alone:>13.2f}{divided:>10.2f}{ratios[-1]:>7.2f}{both:>13.2f}{2 * alone / both:>7.2f}{shares[-1]:>18.2f}")
        self.report.row("incremental / parallel, geometric mean", geometric(ratios), "", 1.8)
        self.report.row("half of two runs at the same time / parallel", geometric(shares), "", 0.9)

    # ---- (d) ----

    def start(self):
        """Start-up time and memory."""
        self.report.title("Start-up: the empty program")
        source = self.file("empty.c0")
        with open(source, "w") as file:
            file.write("int main() { return 0; }\n")
        command = [self.tool("vamp"), self.image(source)]
        runs = [checked(command) for _ in range(4 * self.repeat)]
        true = median_seconds(["/bin/true"], "", 4 * self.repeat) * 1e3
        self.report.row("vamp, ms", statistics.median(run.wall for run in runs) * 1e3, "", 6, at_least=False)
        self.report.row("vamp, resident MiB (of the guest a few pages)", self.peak_mebibytes(command), "", 12,
                        at_least=False)
        self.report.row("/bin/true, ms", true, "", None)

    # ---- without clocks: a test ----

    def check(self):
        """Every program prints the same on the host, in system mode and in user mode; so do generated programs."""
        cases = [(os.path.join(HERE, name + ".c0"), "1\n") for name in PROGRAMS]
        cases += [(os.path.join(HERE, "arith.c0"), f"{operation}\n2000\n") for operation in range(5)]
        generated = self.file("generated.c0")
        with open(generated, "w") as file:
            file.write(generate.program(3000))
        cases.append((generated, ""))
        for source, stdin in cases:
            _, expected = oracle.run(source, stdin.encode())
            outputs = {"gcc": expected.decode()}
            for mode, image in (("system", self.image(source)), ("user", self.user_image(source))):
                outputs[mode] = checked([self.tool("vamp"), image], stdin).stdout
            if len(set(outputs.values())) != 1 or not expected:
                raise BenchError(f"{os.path.basename(source)} on {stdin.split()}: {outputs}")
            arguments = " ".join(stdin.split())
            self.report.line(f"{os.path.basename(source):<14} {arguments:<8} {expected.decode().strip()}")

    # ---- (e) ----

    def code(self):
        """Instructions of a general multiplication and division, call included."""
        self.report.title("Arithmetic: instructions of one general operation, operands of 1 to 31 bits")
        image, n = self.image(os.path.join(HERE, "arith.c0")), 20_000
        counts = [self.vamp_count(image, f"{operation}\n{n}\n")[0] for operation in range(5)]
        names = (("multiply", 60), ("divide, signed", 90), ("divide, unsigned", 90), ("remainder, unsigned", 90))
        for (name, goal), count in zip(names, counts[1:]):
            self.report.row(name, (count - counts[0]) / n + 1, "", goal, at_least=False)


PARTS = ("speed", "compile", "consis", "start", "code")
TEST = "check"


def main():
    parser = argparse.ArgumentParser(description="Measures the tools beside their rivals.")
    parser.add_argument("--tools", required=True, help="folder of c0c, vas, vld, vamp, consis")
    parser.add_argument("--previous", metavar="TOOLS", type=os.path.abspath, help="speed: another build's folder, whose vamp is measured, too")
    parser.add_argument("--repeat", type=int, default=5, help="runs of which the median counts (default 5)")
    parser.add_argument("parts", nargs="*", help=f"of {', '.join(PARTS)} (default: all)")
    options = parser.parse_args()
    unknown = [part for part in options.parts if part not in PARTS + (TEST,)]
    if unknown:
        parser.error(f"unknown part {unknown[0]}")
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(os.path.abspath(options.tools), folder, options.repeat, options.previous)
        for part in options.parts or PARTS:
            try:
                getattr(bench, part)()
            except BenchError as error:
                failed = True
                print(f"  failed: {error}", flush=True)
        if options.parts != [TEST]:
            bench.report.summary()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
