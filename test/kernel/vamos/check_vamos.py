#!/usr/bin/env python3
"""vamos under random events, over fake primitives (fake.c0), against the model of it (model.py); and its data after each (rings.c0).

    check_vamos.py --tools build/release/bin --folder /tmp/vamos --seeds 100 --events 1000

The same program runs on VAMP; for the first seed also on the abstract machine, which finds every fault, and compiled by gcc.
"""
import argparse
import os
import random
import subprocess
import sys

from model import *  # noqa: F403

sys.path.insert(0, str(ROOT / "test/programs"))
import oracle  # noqa: E402

EXTREME = [0, 1, -1, 2, 127, 128, 129, 4095, 4096, 16384, 16385, 0x7FFFFFFF, -0x80000000]


def arguments(model, r, number):
    """Mostly what makes sense."""
    u = model.current
    alive = [v for v in range(1, P + 1) if model.find(v)]
    someone = lambda: r.choice(alive + [model.p[u].parent or 1, 0, -1]) if r.random() < 0.95 else r.choice(EXTREME)
    words = [r.randint(-100, 100) for _ in range(8)]
    words[0] = someone()
    mine = [v for v in alive if v == u or model.p[v].parent == u or model.p[u].privileged]
    if number in (CALL_CLONE, CALL_FILL, CALL_START, CALL_KILL, CALL_SCHEDULE, CALL_PRIVILEGE, CALL_INFO) and r.random() < 0.7:
        want = (STATE_SENDING, STATE_RECEIVING) if number == CALL_KILL else (STATE_DORMANT,)
        words[0] = r.choice([v for v in mine if model.p[v].state in want] or mine)
    if CALL_SEND <= number <= CALL_REPLY_WAIT_BUFFER:
        able = [to for to in alive if to != u and (model.p[to].open or (u, to) in model.rights)]
        waiting = [v for v in alive if model.p[v].state == STATE_RECEIVING and model.p[v].source == u]
        if r.random() < 0.9:
            words[0] = r.choice(waiting or able or [1])
        words[1] = r.choice([0, 1, 2, 5, -1, -1, -1])
        if number in (CALL_RECEIVE, CALL_RECEIVE_BUFFER) and r.random() < 0.6:
            words[0] = -1
        if number >= CALL_SEND_BUFFER:
            size = r.choice([0, 1, 8, 40, 5000]) if r.random() < 0.98 else 16390
            words[5] = r.choice([0, 1, 8, 40, size])
            words[6] = r.choice([0, 4090, 16, 100, 8192 - size]) if r.random() < 0.98 else -4
            words[7] = size
    elif number in (CALL_ALLOC, CALL_FREE, CALL_CREATE):
        words[0] = r.choice([0, 1, 1, 2, 3])
    elif number == CALL_ALLOW:
        words[0:3] = [r.choice([-1, someone()]), r.choice([u, u, someone()]), r.choice([0, 1, 1, 1])]
    elif number == CALL_CLONE and r.random() < 0.6:
        words[0] = u
    elif number == CALL_FILL:
        words[1:4] = [r.choice([0, 4090]), r.choice([0, 4080]), r.choice([0, 3, 40, 4096])]
    elif number == CALL_SCHEDULE:
        words[1:3] = [r.randint(0, 7), r.randint(1, 4)]
    elif number == CALL_PRIVILEGE:
        words[1] = r.choice([0, 1, 1, 1])
    elif number == CALL_INFO:
        words[0:2] = [r.randint(0, 13), r.choice([someone(), r.randint(1, 7)])]
    elif number >= CALL_DRIVER:
        own = [device for device, driver in model.drivers.items() if driver == u]
        words[0] = r.choice(own) if own and number != CALL_DRIVER else r.randint(1, 7)
        words[1] = someone() if number == CALL_DRIVER else r.choice([0, 1, 5, 1023, 1024])
        words[2:4] = [r.choice([0, 4, 4092, 2]), r.choice([0, 1, 4, 1024])]
    if r.random() < 0.04:
        words[r.randint(0, 7)] = r.choice(EXTREME)
    return words


CALLS = [value for name, value in C.items() if name.startswith("CALL_")]
WEIGHTS = [{CALL_EXIT: 0.5, CALL_FAULT: 0.2, CALL_KILL: 1.5, CALL_CLONE: 2, CALL_SCHEDULE: 0.7}.get(c, 3 if CALL_SEND <= c <= CALL_ALLOW else 1)
           for c in CALLS]


def family(model, u):
    """How many end with u."""
    return 1 + sum(family(model, v) for v in range(1, P + 1) if model.p[v].parent == u)


class Fairness:
    """A ready process of the highest priority runs before the slices of those that were ahead of it are over."""

    def __init__(self):
        self.ahead = {}  # (process, priority): ticks

    def watch(self, model, tick):
        ready = {(u, priority) for priority, ring in enumerate(model.ready) for u in ring[1:]}
        self.ahead = {key: ticks for key, ticks in self.ahead.items() if key in ready}
        ring = next((ring for ring in reversed(model.ready) if ring), [])
        for k, u in enumerate(ring[1:], 1):
            key = u, model.p[u].priority
            if key not in self.ahead:
                self.ahead[key] = sum(model.p[v].slice for v in ring[:k])
            elif tick:
                self.ahead[key] -= 1
                assert self.ahead[key] >= 0, f"{u} waits"


def events(seed, count):
    """The input, and the lines that are expected."""
    fairness = Fairness()
    r = random.Random(seed)
    pages = [3] + [r.randint(1, 3) for _ in range(r.randint(0, 6))]
    if seed % 3 == 0:
        pages = [3] + [1] * r.randint(P - 14, P - 4)  # so that numbers are used again
    model = Model(pages)
    text, lines = [" ".join(map(str, pages + [0]))], []
    for _ in range(count):
        if model.halted is not None:
            break
        mca, edata, words = 0, 0, None
        if model.current and r.random() < 0.8:
            mca = 0x20
            edata = r.choices(CALLS, WEIGHTS)[0] if r.random() < 0.97 else r.choice(EXTREME)
            words = arguments(model, r, edata)
            living = [v for v in range(1, P + 1) if model.p[v].state >= STATE_READY and model.find(v)]
            if model.p[model.current].privileged and r.random() < 0.1:
                edata = r.choice([CALL_DRIVER, CALL_PRIVILEGE, CALL_KILL])
                words[0:2] = [r.randint(2, 6), r.choice(living)] if edata == CALL_DRIVER else [r.choice(living), 1]
            elif model.current in model.drivers.values() and r.random() < 0.3:
                edata = r.randint(CALL_INTERRUPTS, CALL_WRITE_WORDS)
                words = arguments(model, r, edata)
            dies = {CALL_EXIT: model.current, CALL_FAULT: model.current, CALL_KILL: model.find(words[0])}.get(edata, 0)
            if dies and model.living() - family(model, dies) < 5 and r.random() < 0.99:
                edata, words[0] = CALL_CLONE, model.current
            if sum(map(len, model.ready)) < 3 and r.random() < 0.99:  # nearly a deadlock
                if edata in (CALL_REPLY_WAIT, CALL_REPLY_WAIT_BUFFER):
                    edata, words[0] = CALL_CLONE, model.current
                elif words[1] < 0:
                    words[1] = 3
        elif model.current and r.random() < 0.03 and model.living() - family(model, model.current) > 4:
            mca = r.choice([2, 4, 8, 0x10, 0x1000, 0x40, -0x80000000])
        lines_up = model.mask if model.current == 0 else model.mask & model.p[model.current].mask
        if mca == 0 or r.random() < 0.1:
            mca |= lines_up & (1 << 14 if r.random() < 0.6 else -1 << 15)
        if mca == 0:
            mca = 1 << 14
        model.event(mca, edata, words)
        fairness.watch(model, mca & 1 << 14)
        text.append(" ".join(map(str, [mca, edata] + (words or []))))
        lines.append(model.line())
    lines.append(str(-1 if model.halted is None else model.halted))
    return "\n".join(text + ["0"]) + "\n", lines


def build(tools, folder):
    """The command lines of the program: on VAMP, on the abstract machine, on the host."""
    os.makedirs(folder, exist_ok=True)
    sources = ["test/kernel/vamos/fake.c0", "test/kernel/vamos/rings.c0"]
    sources += sorted(str(path.relative_to(ROOT)) for path in (ROOT / "kernel/abstract/vamos").glob("*.c0"))
    image, host = os.path.join(folder, "vamos.elf"), os.path.join(folder, "vamos")
    subprocess.run([os.path.join(tools, "c0c"), "-I.", *sources, "-o", image], cwd=ROOT, check=True)
    reason = oracle.available()
    if reason:
        sys.exit("no 32-bit gcc: " + reason)
    oracle.build([str(ROOT / sources[0]), "-I" + str(ROOT), *(str(ROOT / source) for source in sources[1:])], host)
    return [os.path.join(tools, "vamp"), image], [os.path.join(tools, "c0i"), "-I.", *sources], [host]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--events", type=int, default=300)
    args = parser.parse_args()
    on_vamp, *others = build(os.path.abspath(args.tools), args.folder)
    passed = failed = total = 0
    for seed in range(args.first, args.first + args.seeds):
        text, lines = events(seed, args.events)
        total += len(lines) - 1
        for command in [on_vamp] + (others if seed == args.first else []):
            run = subprocess.run(command, input=text, capture_output=True, text=True, cwd=ROOT)
            found = run.stdout.splitlines()
            if found == lines and run.returncode == 0:
                passed += 1
                continue
            failed += 1
            k = next((k for k, (a, b) in enumerate(zip(found, lines)) if a != b), min(len(found), len(lines)))
            print(f"seed {seed}, {os.path.basename(command[0])}: event {k + 1} `{text.splitlines()[k + 1]}`: expected "
                  f"`{lines[k] if k < len(lines) else ''}`, found `{found[k] if k < len(found) else ''}`, status {run.returncode} {run.stderr}")
    print(f"{passed} passed, {failed} failed, {total} events")
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
