#!/usr/bin/env python3
"""Four nodes run a time-triggered schedule on the bus: every run ends in the same states, and they are what a model says. A node's log gives its run
again without the others.

    bus.py --tools build/release/bin --folder /tmp/bus --slots 100000
"""
import argparse
import json
import os
import pathlib
import struct
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
NODES = 4


def expected(node, slots):
    """(h, messages, collisions), by the comment of schedule.s."""
    h = messages = 0
    for slot in range(slots):
        sender = slot % NODES
        if sender != node:
            word = 5 * slot + sender
            h, messages = (31 * h + word + 4 + sender + sender) % 2**32, messages + 1
    return h, messages, 0


def run(args, image, slots_file, record=False):
    vamp = [os.path.join(args.tools, "vamp"), "--dump-state=json", f"--raw={slots_file}@0x6000", image]
    log = lambda node: f"{args.folder}/{node}.log"
    commands = [[*vamp, f"--bus={args.folder}/bus,{node}/{NODES}", *(["--reference"] if node == 1 and args.slots < 10000 else []),
                 *([f"--record={log(node)}"] if record else [])] for node in range(NODES)]
    nodes = [subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) for command in commands]
    states = [json.loads(node.communicate()[0]) for node in nodes]
    if record:
        again = [json.loads(subprocess.run([*vamp, f"--replay={log(node)}"], stdout=subprocess.PIPE).stdout) for node in range(NODES)]
        return states if states == again else None
    return states


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tools", required=True, type=os.path.abspath)
    parser.add_argument("--folder", required=True, type=os.path.abspath)
    parser.add_argument("--slots", type=int, default=2000)
    args = parser.parse_args()
    os.makedirs(args.folder, exist_ok=True)
    place = lambda name: os.path.join(args.folder, name)
    subprocess.run([os.path.join(args.tools, "vas"), HERE / "schedule.s", "-o", place("schedule.o")], check=True)
    subprocess.run([os.path.join(args.tools, "vld"), "-o", place("schedule.elf"), place("schedule.o")], check=True)
    with open(place("slots"), "wb") as file:
        file.write(struct.pack("<I", args.slots))

    first, second = (run(args, place("schedule.elf"), place("slots"), record) for record in (False, True))
    wrong = int(first != second)
    if wrong:
        print("two runs end in different states" if second else "a log gives another run")
    for node, state in enumerate(first):
        found = tuple(int(state["gpr"][register], 16) for register in (20, 21, 22))
        if found != expected(node, args.slots):
            wrong += 1
            print(f"node {node}: {found}, expected {expected(node, args.slots)}")
    print(f"{NODES} nodes, {args.slots} slots, twice and from their logs, {first[0]['steps']} instructions each, {wrong} wrong")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
