#!/usr/bin/env python3
"""Random calls of all primitives, users that run in between, and hostile arguments, on VAMP against a model of the specification
(model.py). At the end the processes' memories are read back through disk 5 and compared.

    check_primitives.py --tools build/release/bin --folder /tmp/cvm --seeds 5 --calls 800

`--machine cvm` runs CVM itself; `consis` runs the kernel on the abstract C0A machine beside VAMP, which ends when a user starts, so
none does; `konsis` runs all three side by side. The last two write no disk, so memories are not compared at the end. `--keep` leaves command files and disks."""
import argparse
import copy
import os
import random
import subprocess
import sys

import disk
import model as models
import kernels

FIRST_FAULT = 50  # the transfer with which boot is over
WILD = [-1, -2**31, 2**31 - 1, -2, 2**30, 2**20, 129, 128, 4096, -4096, 32, 31, 1024, 7]


class Generator:
    def __init__(self, rng, model, big, users=True, blocks=True):
        self.rng, self.model, self.big, self.users, self.blocks = rng, model, big, users, blocks
        self.lines, self.expected, self.dumps = [], [], []
        self.sizes = big and [1, 3, 900, 1024, 1025, 2100] or [0, 1, 2, 3, 5, 8]

    def process(self):
        roll = self.rng.random()
        if roll < 0.03:
            return self.rng.choice(WILD + [0, 130])
        return self.rng.choice([1, 1, 2, 2, 3, 4, 5, 6]) if roll < 0.97 else self.rng.choice([64, 127, 128])

    def number(self, values, wild=0.06):
        return self.rng.choice(WILD) if self.rng.random() < wild else self.rng.choice(values)

    def address(self, u, align=1):
        size = self.model.up[u].size if self.model.is_process(u) else 0
        page = self.rng.choice([0, size - 1, self.rng.randrange(size) if size else 0, self.rng.randrange(size) if size else 0])
        at = 4096 * page + self.rng.choice([0, 4, 4092, 4095, self.rng.randrange(4096)])
        if self.rng.random() < 0.05:
            at = self.rng.choice(WILD + [4096 * size, 4096 * size - 1, 4096 * size - 4])
        return models.signed(at & -align if self.rng.random() < 0.97 else at)

    def add(self, line, expected, extra=""):
        self.lines.append(line + "\n" + extra)
        self.expected.append(str(expected))

    def call(self, name, *arguments):
        self.add(" ".join([name, *map(str, arguments)]), getattr(self.model, name)(*arguments))

    def start(self):
        """Process 1 stays as it was loaded, mostly: others that are stuck become what it is."""
        u = self.process()
        if u == 1 and self.rng.random() < 0.9:
            u = 2
        if self.model.is_process(u):
            for r, x in self.errand(u):
                self.call("s", r, u, x)
        before = copy.deepcopy(self.model.up[u]) if self.model.is_process(u) else None
        try:
            result = self.model.S(u)
        except models.Unknown:
            self.model.up[u] = before
            return
        self.add(f"S {u}", result if isinstance(result, int) else "%d %d" % result)
        self.call("g", self.rng.choice([10, 20, 20]), u)
        if not isinstance(result, int) and result[0] & 14 and self.rng.random() < 0.8:
            self.call("c", 1, u)

    def errand(self, u):
        """Arguments for agent.s."""
        rng = self.rng
        what = rng.choice([0x10, 0x10, 0x20, 0x20, 0x30, 0x40, 0x50, 0x50, 0x60, 0x90, 0x90, 0xB0, 0xC0, 0xC0, 0x1000, 2])
        yield 13, what if rng.random() < 0.97 else rng.choice(WILD)
        if what == 0x60:
            first = rng.randrange(max(1, self.model.up[u].size))
            last = rng.randrange(first, max(first + 1, min(self.model.up[u].size + 1, first + 300)))
            yield 11, first * 4096
            yield 12, last * 4096
            return
        align = 4 if what in (0x10, 0x20, 0x50) else 1
        yield 11, self.address(u, align)
        yield 12, self.address(u, 4) if what == 0x50 else rng.randrange(-2**31, 2**31)

    def copying(self):
        u1, u2 = self.process(), self.process()
        if self.rng.random() < 0.4:
            u2 = u1
        count = self.number([0, 1, 3, 4, 16, 100, 4096, 4096, 4097, 8192, 12288, self.rng.randrange(9000)])
        a1, a2 = self.address(u1), self.address(u2)
        if self.rng.random() < 0.3:
            a2 = models.signed(a1 + self.rng.choice([0, 1, -1, 4, -4, 100, -100, 4096, -4096, 5000]))
        if self.rng.random() < 0.3:
            a1, a2 = a1 & -4, a2 & -4
        self.call("y", u1, a1, u2, a2, count)

    def block(self):
        """virt_in takes bytes of the input that follow the command; virt_out shows low bytes on the console."""
        name, u = self.rng.choice("IO"), self.process()
        dev, port = 6, 4 if name == "I" else 1
        if self.rng.random() < 0.08:
            dev, port = self.rng.choice([(0, 0), (7, 0), (-1, 4), (6, 1024), (6, -1), (2**31 - 1, 1), (-2**31, -2**31)])
        a, n = self.address(u, 4), self.number([0, 1, 2, 5, 40, 300, 1024, 1500], 0.03)
        result = self.model.block(dev, port, u, a, n)
        line = f"{name} {dev} {port} {u} {a} {n}"
        if result or n > 4000:
            return self.add(line, result) if result else None
        if name == "I":
            data = "".join(self.rng.choice("abcdefgh") for _ in range(n))
            self.model.up[u].write(a & models.WORD, b"".join(ord(c).to_bytes(4, "little") for c in data))
            return self.add(line, 0, data)
        # What the console shows must be text that the driver does not print: only memory that virt_in filled is shown.
        memory = self.model.up[u].read(a & models.WORD, 4 * n)[::4]
        if any(byte and not 97 <= byte <= 104 for byte in memory):
            return None
        return self.add(line, memory.decode("latin1") + "0")

    def timer(self):
        """Waits for the timer; lets it stop, or not stop, a user."""
        rng = self.rng
        self.call("m", 0, -1)
        for port, x in ((1, rng.randrange(1, 2000)), (0, 3)):
            self.add(f"o 1 {port} {x}", 0)
        self.add("w", f"{models.TIMER} 0")
        self.model.timer = True
        for _ in range(rng.randrange(3)):
            if rng.random() < 0.7:
                self.call("m", self.process(), rng.choice([-1, models.TIMER, 0, ~models.TIMER]))
            if rng.random() < 0.2:
                self.call("r", self.process())
            if rng.random() < 0.3:
                self.call("m", 0, rng.choice([-1, models.TIMER, ~models.TIMER]))
            self.start()
        self.model.timer = False
        self.add("o 1 3 0", 0)
        self.add("i 1 3", 0)

    def ports(self):
        dev, port, expected = self.rng.choice([(0, 0, -2), (7, 0, -2), (6, 1024, -2), (6, -1, -2), (-1, 0, -2), (2**31 - 1, 0, -2),
                                               (-2**31, 5, -2), (1, 1023, 0), (3, 17, 0), (6, 700, 0), (5, 100, 0), (0, 8, -2)])
        self.add(f"i {dev} {port}", expected)
        self.add(f"o {dev} {port} {self.number([1, 2])}", expected)

    def step(self):
        rng = self.rng
        u = self.process()
        kind = rng.choices(["start", "copy", "alloc", "free", "reset", "clone", "gpr", "block", "timer", "ports", "mask"],
                           [10, 6, 6 if self.big else 3, 6 if self.big else 3, 0.5, 2, 3, 4, 1, 0.7, 1])[0]
        if kind in ("start", "timer"):
            if self.users:
                self.start() if kind == "start" else self.timer()
        elif kind == "copy":
            self.copying()
        elif kind in ("alloc", "free"):
            self.call(kind[0], u, self.number(self.sizes))
            self.call("z", u)
        elif kind == "reset":
            self.call("r", u)
        elif kind == "clone":
            self.call("c", rng.choice([1, u, self.process()]), self.process())
        elif kind == "gpr":
            self.call("g", self.number(range(32)), u)
            self.call("s", self.number(range(32)), u, rng.randrange(-2**31, 2**31))
        elif kind == "block" and self.blocks:
            self.block()
        elif kind == "ports":
            self.ports()
        else:
            self.call("m", u, rng.randrange(-2**31, 2**31))

    def dump(self):
        """Registers and memory of everyone."""
        for u, up in enumerate(self.model.up[1:], 1):
            if not (up.size or any(up.gpr)):
                continue
            for r in range(32):
                self.call("g", r, u)
            pages = sorted(set(up.pages) | {0, up.size - 1, up.size // 2} - {-1})
            for page in [p for p in pages if p < up.size]:
                self.add(f"D {u} {page} {8 * len(self.dumps)}", 0)
                self.dumps.append((u, page, bytes(up.pages.get(page, bytes(4096)))))


def compare(name, generator, output, scratch, bad):
    """`bad`: a sector of the swap disk may be gone, and so a slot, or a page be lost; what comes after that is not compared."""
    found, expected = output.split("\n"), "\n".join(generator.expected).split("\n")
    for k, (line, a, b) in enumerate(zip(generator.lines, expected, found[1:])):
        if a != b:
            if bad and (b in ("-3", "-5") or b.startswith("-2147483648 ")):
                return None
            return f"{name}: call {k + 1}, `{line.strip()[:60]}`: {b} instead of {a}"
    if found[0] != "1 0" or len(found) < len(expected) + 1:
        return f"{name}: the run ended after {len(found)} of {len(expected)} calls"
    if not scratch:
        return None
    with open(scratch, "rb") as file:
        for u, page, contents in generator.dumps:
            if file.read(4096) != contents:
                return f"{name}: page {page} of process {u} is not what it should be"
    return None


def transfers(machine, calls):
    """Of sectors of the swap disk and disk 5, in a run without faults."""
    done = subprocess.run(machine + ["--snapshot", "--stats"], stdin=open(calls, "rb"), capture_output=True)
    words = done.stderr.decode().split()
    return sum(int(words[words.index("disk-sectors-" + what) + 1]) for what in ("read", "written"))


def run(builder, folder, seed, calls, keep, faults=False):
    rng = random.Random(seed)
    big = rng.random() < 0.5 and not faults
    memory = disk.load(builder.user("agent"))
    programs = []
    for u in range(1, rng.randrange(2, 6)):
        extra = b"".join(bytes(4096) if rng.random() < 0.4 else rng.randbytes(4096) for _ in range(rng.randrange(5)))
        gpr = [0] + [rng.randrange(2**32) for _ in range(31)]
        programs.append(disk.Program(memory + extra, gpr, mask=rng.randrange(2**32) & models.MASK, name=f"agent{u}"))
    used, need = sum(len(p.pages) for p in programs), len(programs)
    slots = used + rng.choice([0, 3, 30, 200]) if not big else used + rng.choice([2500, 5000, 12000])
    tables = need + rng.choice([0, 1, 2, 3, 5, 9]) if rng.random() < 0.9 else 256
    frames = rng.choice([2, 2, 3, 4, 6, 20, 0] if not big else [2, 3, 5])
    bad = faults and rng.random() < 0.6
    if faults:
        slots, frames = slots + 50, frames % 7 + 2
    generator = Generator(rng, models.Cvm(programs, slots, tables), big, builder.machine != "consis", not bad)
    for _ in range(calls):
        generator.step()
    generator.dump()
    name = f"seed {seed} ({'big, ' if big else ''}{frames} frames, {slots} slots, {tables} table pages)"
    paths = [os.path.join(folder, f"{seed}.{kind}") for kind in ("disk", "scratch", "calls")]
    disk.build(paths[0], programs, slots, tables, frames)
    with open(paths[1], "wb") as file:
        file.truncate(4096 * max(1, len(generator.dumps)))
    with open(paths[2], "w", encoding="latin1") as file:
        file.write("".join(generator.lines) + "q 7\n")
    checked = builder.machine in ("consis", "konsis")
    machine = builder.command("driver", paths[0])
    machine += ["--output"] if checked else ["--disk5", paths[1], "--max-steps", "400000000"]
    if faults:
        count = transfers(machine, paths[2]) - 8 * len(generator.dumps)
        fault = f"{rng.randrange(FIRST_FAULT, max(count, FIRST_FAULT + 1))}{',bad' if bad else ''}"
        machine += ["--disk-fault", fault]
        name += ", fault " + fault
    done = subprocess.run(machine, stdin=open(paths[2], "rb"), capture_output=True)
    error = compare(name, generator, done.stdout.decode("latin1"), None if checked else paths[1], bad)
    if done.returncode != (0 if checked else 7) or (checked and b"exit 7" not in done.stderr):
        error = f"{error or name}\n{done.stderr.decode()}(status {done.returncode})"
    if not keep and not error:
        for path in paths:
            os.remove(path)
    return error, len(generator.expected)


def main():
    parser = argparse.ArgumentParser()
    kernels.arguments(parser)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--calls", type=int, default=600)
    parser.add_argument("--faults", action="store_true", help="transfers of the swap disk fail, one in each run")
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    builder = kernels.Builder(options)
    failures, calls = 0, 0
    for seed in range(options.seed, options.seed + options.seeds):
        error, count = run(builder, options.folder, seed, options.calls, options.keep, options.faults)
        calls += count
        if error:
            failures += 1
            print(error, file=sys.stderr)
    print(f"{calls} calls in {options.seeds} runs, {failures} runs failed")
    return failures > 0


if __name__ == "__main__":
    sys.exit(main())
