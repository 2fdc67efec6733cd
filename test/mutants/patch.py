"""Changes an object or an image: a wrong compilation that no mutation of the code generator would make.

    patch.py IN OUT FUNCTION OPCODE[:K] CHANGE

The K-th (from 1) instruction of the function with this mnemonic is changed: CHANGE is a mnemonic of the same format
(the opcode), or FIELD=VALUE or FIELD+VALUE with FIELD one of rd rs1 rs2 sa imm, or word=VALUE (another instruction), or nop. The
encodings come from assembler/isa/instructions.def. `symbol`, `data` and `relocation` change what is beside the code."""

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
    if change.startswith("word="):
        return int(change[5:], 0)
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
    return (symbol[:4] for symbol in symbols_at(elf))


def symbols_at(elf):
    """The same, and where the symbol's entry is in the file."""
    all_sections = sections(elf)
    header = next(h for n, h in all_sections if h[1] == 2)
    strings = all_sections[header[6]][1][4]
    for at in range(header[4], header[4] + header[5], 16):
        name, value, size, _, _, index = struct.unpack_from("<IIIBBH", elf, at)
        yield elf[strings + name:elf.index(b"\0", strings + name)].decode(), value, size, index, at


def symbol_value(elf, wanted):
    for name, value, _, _ in symbols(elf):
        if name == wanted:
            return value
    raise SystemExit(f"patch.py: no symbol {wanted}")


def function_range(elf, function):
    """File offset and size of what a symbol names, a function or a variable."""
    for name, value, size, index in symbols(elf):
        if name == function and 0 < index < 0xFF00:
            section = sections(elf)[index][1]
            ends = [v for _, v, _, i in symbols(elf) if i == index and v > value] + [section[3] + section[5]]
            return section[4] + value - section[3], size or min(ends) - value
    raise SystemExit(f"patch.py: no function {function}")


def symbol(source, target, change):
    """NAME+N: moves a symbol."""
    name, by = re.fullmatch(r"(\w+)([+-]\w+)", change).groups()
    elf = bytearray(open(source, "rb").read())
    for found, value, _, _, at in symbols_at(elf):
        if found == name:
            struct.pack_into("<I", elf, at + 4, value + int(by, 0))
            break
    else:
        raise SystemExit(f"patch.py: no symbol {name}")
    open(target, "wb").write(elf)


def data(source, target, change):
    """NAME+N=VALUE: a byte of an initial value."""
    name, offset, byte = re.fullmatch(r"(\w+)\+(\w+)=(\w+)", change).groups()
    elf = bytearray(open(source, "rb").read())
    start, _ = function_range(elf, name)
    elf[start + int(offset, 0)] = int(byte, 0)
    open(target, "wb").write(elf)


def relocation(source, target, function, which, by):
    """FUNCTION K +N: the addend of the function's K-th relocation."""
    elf = bytearray(open(source, "rb").read())
    start, size = next((value, size) for name, value, size, _ in symbols(elf) if name == function)
    header = next(h for n, h in sections(elf) if n == ".rela.text")
    places = [at for at in range(header[4], header[4] + header[5], 12) if start <= struct.unpack_from("<I", elf, at)[0] < start + size]
    addend, = struct.unpack_from("<i", elf, places[int(which) - 1] + 8)
    struct.pack_into("<i", elf, places[int(which) - 1] + 8, addend + int(by))
    open(target, "wb").write(elf)


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
