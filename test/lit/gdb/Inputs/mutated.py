"""Sends damaged packets to a server on a pipe: mutated.py PACKETS SESSIONS COMMAND..   PACKETS has a packet a line, and comments. The server may
answer what it likes, but must not crash, and must end when its input does."""
import random
import subprocess
import sys

SPECIAL = b"0123456789abcdef,;:=-ZzvQ$#}\x03\xff"


def damaged(packet, dice):
    data = bytearray(packet)
    for _ in range(dice.randint(0, 3)):
        at = dice.randint(0, len(data))
        kind = dice.randrange(4)
        if kind == 0:
            data[at:at + 1] = bytes([dice.choice(SPECIAL)])
        elif kind == 1:
            data[at:at] = bytes([dice.choice(SPECIAL)])
        elif kind == 2:
            del data[at:at + 1]
        else:
            del data[at:]
    return bytes(data)


def main():
    with open(sys.argv[1], encoding="ascii") as file:
        packets = [line.rstrip("\n").encode() for line in file if line.strip() and line[0] not in "#k"]
    sessions, crashes = int(sys.argv[2]), 0
    for seed in range(sessions):
        dice = random.Random(seed)
        text = b""
        for _ in range(40):
            payload = damaged(dice.choice(packets), dice)
            text += b"$" + payload + b"#%02x" % (sum(payload) & 0xFF)
        done = subprocess.run(sys.argv[3:], input=text, capture_output=True, check=False)
        if done.returncode < 0 or b"Sanitizer" in done.stderr or b"runtime error" in done.stderr:
            crashes += 1
            print("session", seed, "status", done.returncode, done.stderr.decode("latin-1")[:2000])
    print("%d sessions, %d crashes" % (sessions, crashes))


main()
