"""Changes one instruction of an object's .text: a wrong compilation that no mutation of the code generator would make.

    patch.py IN.o OUT.o FUNCTION OPCODE[:K] CHANGE

The K-th (from 1) instruction of the function with this mnemonic is changed: CHANGE is a mnemonic of the same format
(the opcode), or FIELD=VALUE or FIELD+VALUE with FIELD one of rd rs1 rs2 sa imm, or nop. The encodings come from
assembler/isa/instructions.def."""

import os
import re
import struct
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
NOP = 0x34210000
FIELDS = {"I": {"rs1": (21, 5), "rd": (16, 5), "imm": (0, 16)},
          "R": {"rs1": (21, 5), "rs2": (16, 5), "rd": (11, 5), "sa": (6, 5)},
          "J": {"imm": (0, 26)}}


def table():
    """mnemonic -> (format, bits of opcode and function), for the integer instructions."""
    rows = {}
    text = open(os.path.join(ROOT, "assembler/isa/instructions.def")).read()
    for name, form, op, fn in re.findall(r'^INSTRUCTION\("([^"]+)", \w+, ([IRJ]), (0x\w+|\d+), (0x\w+|\d+),', text, re.M):
        rows[name] = (form, int(op, 0) << 26 | (int(fn, 0) if form == "R" else 0))
    return rows


def is_a(word, form, code):
    return (word & 0xFC00003F if form == "R" else word & 0xFC000000) == code


def change_word(word, form, code, change, rows):
    if change == "nop":
        return NOP
    match = re.fullmatch(r"(rd|rs1|rs2|sa|imm)([=+])(-?\w+)", change)
    if match:
        shift, width = FIELDS[form][match[1]]
        mask = (1 << width) - 1
        old = word >> shift & mask
        value = int(match[3], 0) + (old if match[2] == "+" else 0)
        return word & ~(mask << shift) | (value & mask) << shift
    other, bits = rows[change]
    if other != form:
        raise SystemExit(f"patch.py: {change} has another format")
    return word & ~(0xFC00003F if form == "R" else 0xFC000000) | bits


def sections(elf):
    """name -> (type, offset, size, link), and the names in order."""
    start, = struct.unpack_from("<I", elf, 32)
    entry, count, names = struct.unpack_from("<HHH", elf, 46)
    headers = [struct.unpack_from("<10I", elf, start + i * entry) for i in range(count)]
    base = headers[names][4]
    return [(elf[base + h[0]:elf.index(b"\0", base + h[0])].decode(), h) for h in headers]


def symbols(elf):
    """(name, value, size, section index) of every symbol."""
    all_sections = sections(elf)
    header = next(h for n, h in all_sections if h[1] == 2)
    strings = all_sections[header[6]][1][4]
    for at in range(header[4], header[4] + header[5], 16):
        name, value, size, _, _, index = struct.unpack_from("<IIIBBH", elf, at)
        yield elf[strings + name:elf.index(b"\0", strings + name)].decode(), value, size, index


def symbol_value(elf, wanted):
    for name, value, _, _ in symbols(elf):
        if name == wanted:
            return value
    raise SystemExit(f"patch.py: no symbol {wanted}")


def function_range(elf, function):
    """File offset and size of a function's code in an object."""
    for name, value, size, index in symbols(elf):
        if name == function and 0 < index < 0xFF00:
            return sections(elf)[index][1][4] + value, size
    raise SystemExit(f"patch.py: no function {function}")


def patch(source, target, function, what, change):
    elf = bytearray(open(source, "rb").read())
    rows = table()
    mnemonic, _, which = what.partition(":")
    form, code = rows[mnemonic]
    start, size = function_range(elf, function)
    places = [at for at in range(start, start + size, 4) if is_a(struct.unpack_from("<I", elf, at)[0], form, code)]
    k = int(which or 1)
    if k > len(places):
        raise SystemExit(f"patch.py: {function} has {len(places)} {mnemonic}")
    word, = struct.unpack_from("<I", elf, places[k - 1])
    changed = change_word(word, form, code, change, rows)
    if changed == word:
        raise SystemExit(f"patch.py: {what} {change} changes nothing")
    struct.pack_into("<I", elf, places[k - 1], changed)
    open(target, "wb").write(elf)


if __name__ == "__main__":
    if len(sys.argv) != 6:
        raise SystemExit(__doc__)
    patch(*sys.argv[1:])
