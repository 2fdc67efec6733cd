"""Makes the stubs of vamos's calls: assembly, a function `vamos_NAME` for each line `#define CALL_X n // NAME(..)` of the tables.

    stubs.py calls.h .. OUTPUT

A stub is three instructions: trap, jump back. Where an argument is a message, its words travel in r13..r16; where one is a buffer, its
address and size in r17 and r18.
"""
import re
import sys

CALL = re.compile(r"#define CALL_\w+ (\d+) +// (\w+)\(")
MESSAGE = {"send": 13, "receive": 13, "request": 13, "reply_wait": 12}  # the register of the message's address


def simple(number):
    return [f"trap    {number}", "jr      r31", "nop"]


def message(number, kind, buffer):
    at = MESSAGE[kind]
    lines = [f"mov     r17,r{at + 1}", f"mov     r18,r{at + 2}"] if buffer else []
    lines.append(f"mov     r19,r{at}")
    if kind != "receive":
        lines += [f"lw      r{13 + k},{4 * k}(r19)" for k in range(4)]
    lines.append(f"trap    {number}")
    if kind == "send":
        return lines + ["jr      r31", "nop"]
    stores = [f"sw      r{13 + k},{4 * k}(r19)" for k in range(4)]
    return lines + stores[:3] + ["jr      r31", stores[3]]


def read(number):
    return ["mov     r19,r13", f"trap    {number}", "jr      r31", "sw      r13,0(r19)"]


def stub(name, number):
    kind = name.removesuffix("_buffer")
    if kind in MESSAGE:
        body = message(number, kind, kind != name)
    elif name == "read":
        body = read(number)
    else:
        body = simple(number)
    label = f"vamos_{name}"
    return [f"        .globl  {label}", f"{label}:"] + ["        " + line for line in body]


MEMORY = """        .globl  load_word, store_word
load_word:
        jr      r31
        lw      r20,0(r11)
store_word:
        sw      r12,0(r11)
        jr      r31
        mov     r20,r12
"""


def main():
    *tables, output = sys.argv[1:]
    lines = ["        .text"]
    for table in tables:
        with open(table, encoding="utf-8") as file:
            for number, name in CALL.findall(file.read()):
                lines += stub(name, number)
    with open(output, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n" + MEMORY)


if __name__ == "__main__":
    main()
