"""Random damage to objects, images, archives and texts: structured, so that the checks behind the first are met too."""

import struct

HEADER = {"type": (16, 2), "machine": (18, 2), "version": (20, 4), "entry": (24, 4), "phoff": (28, 4), "shoff": (32, 4),
          "flags": (36, 4), "ehsize": (40, 2), "phentsize": (42, 2), "phnum": (44, 2), "shentsize": (46, 2),
          "shnum": (48, 2), "shstrndx": (50, 2)}
SIZES = {1: "B", 2: "<H", 4: "<I"}
RELOCATABLE_CONTENT = (".c0map", ".c0core", ".note.vamp")


def number(random, old, bits):
    """A value that is likely to hurt."""
    top = 1 << bits
    return random.choice((0, 1, top - 1, top >> 1, (top >> 1) - 1, old + 1, old - 1, old * 2, old ^ 1 << random.randrange(bits),
                          old + 4, old - 4, random.randrange(top), random.randrange(256))) % top


def put(random, data, at, size):
    if at + size <= len(data):
        old, = struct.unpack_from(SIZES[size], data, at)
        struct.pack_into(SIZES[size], data, at, number(random, old, 8 * size))


class Elf:
    def __init__(self, data):
        self.shoff, = struct.unpack_from("<I", data, 32)
        self.phoff, = struct.unpack_from("<I", data, 28)
        self.phnum, = struct.unpack_from("<H", data, 44)
        count, names = struct.unpack_from("<HH", data, 48)
        self.sections = [struct.unpack_from("<10I", data, self.shoff + 40 * i) for i in range(count)]
        table = self.sections[names][4]
        self.names = [bytes(data[table + s[0]:data.index(0, table + s[0])]).decode() for s in self.sections]

    def of_type(self, kind):
        return [s for s in self.sections if s[1] == kind and s[5]]

    def named(self, names):
        return [s for s, name in zip(self.sections, self.names) if name in names and s[5]]


def elf_header(random, data, elf):
    put(random, data, *random.choice(list(HEADER.values())))


def section_header(random, data, elf):
    put(random, data, elf.shoff + 40 * random.randrange(len(elf.sections)) + 4 * random.randrange(10), 4)


def program_header(random, data, elf):
    if elf.phnum:
        put(random, data, elf.phoff + 32 * random.randrange(elf.phnum) + 4 * random.randrange(8), 4)


def symbol(random, data, elf):
    for section in elf.of_type(2)[:1]:
        at = section[4] + 16 * random.randrange(section[5] // 16)
        put(random, data, *random.choice(((at, 4), (at + 4, 4), (at + 8, 4), (at + 12, 1), (at + 14, 2))))


def relocation(random, data, elf):
    tables = elf.of_type(4)
    if tables:
        section = random.choice(tables)
        at = section[4] + 12 * random.randrange(section[5] // 12)
        put(random, data, *random.choice(((at, 4), (at + 4, 1), (at + 5, 2), (at + 8, 4))))


def content(random, data, elf):
    """Numbers of the consistency map, the core program and the note: bytes changed, moved, or cut off."""
    sections = elf.named(RELOCATABLE_CONTENT)
    if not sections:
        return
    section = random.choice(sections)
    begin, size = section[4], section[5]
    kind = random.randrange(4)
    at = begin + random.randrange(size)
    if kind == 0:
        for _ in range(random.randint(1, 4)):
            data[begin + random.randrange(size)] = random.choice((0, 1, 0x7F, 0x80, 0xFF, random.randrange(256)))
    elif kind == 1:
        data[at] = (data[at] + random.choice((1, 255, 2, 128))) % 256
    elif kind == 2:
        shift = random.randint(1, 8)
        piece = bytes(data[at:begin + size])
        data[at:begin + size] = (piece[shift:] + piece[:shift])[:len(piece)]
    else:
        header = elf.shoff + 40 * elf.sections.index(section)
        struct.pack_into("<I", data, header + 20, random.randrange(size))


def strings(random, data, elf):
    section = random.choice(elf.of_type(3) or [None])
    if section:
        data[section[4] + random.randrange(section[5])] = random.choice((0, 10, 27, 255, random.randrange(256)))


def swap_sections(random, data, elf):
    a, b = (elf.shoff + 40 * random.randrange(len(elf.sections)) for _ in range(2))
    data[a:a + 40], data[b:b + 40] = data[b:b + 40], data[a:a + 40]


def anywhere(random, data, elf=None):
    for _ in range(random.randint(1, 16)):
        data[random.randrange(len(data))] = random.randrange(256)


def truncate(random, data, elf=None):
    del data[random.choice((random.randrange(len(data)), random.randrange(min(200, len(data))))):]


def splice(random, data, elf=None):
    size = random.randint(1, min(200, len(data)))
    a, b = (random.randrange(len(data) - size + 1) for _ in range(2))
    data[a:a + size] = data[b:b + size]


ELF_DAMAGE = (elf_header, section_header, section_header, program_header, symbol, symbol, relocation, relocation, content,
              content, content, content, content, strings, swap_sections, anywhere, truncate, splice)


def damage_elf(random, data):
    data, elf = bytearray(data), Elf(data)
    names = []
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        kind = random.choice(ELF_DAMAGE)
        names.append(kind.__name__)
        kind(random, data, elf)
        if kind is truncate:
            break
    return bytes(data), "+".join(names)


def damage_image(random, data):
    """Words of a disk image's header and descriptors; half of the time the checksum follows."""
    data = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 4))):
        at = 4 * random.choice((random.randrange(9), 1024 + random.randrange(160), random.randrange(2048)))
        old, checksum = struct.unpack_from("<I", data, at)[0], struct.unpack_from("<I", data, 28)[0]
        put(random, data, at, 4)
        new, = struct.unpack_from("<I", data, at)
        if at != 28 and random.randrange(2):
            struct.pack_into("<I", data, 28, (checksum + old - new) % 2**32)
    if random.randrange(6) == 0:
        truncate(random, data)
    return bytes(data), "words"


def members(data):
    """The archive's members: (offset of the header, offset and size of the contents)."""
    at, found = 8, []
    while at + 60 <= len(data):
        size = int(data[at + 48:at + 58])
        found.append((at, at + 60, size))
        at += 60 + size + size % 2
    return found


def damage_archive(random, data):
    data = bytearray(data)
    header, begin, size = random.choice(members(data))
    kind = random.randrange(5)
    if kind == 0:
        data[header + random.randrange(60)] = random.choice(b"0123456789 /-`\n\0\xFF")
        return bytes(data), "member-header"
    if kind == 1:
        field = random.choice((b"", b"0", b"9999999999", b"-1", b"1", b"%d" % (size + 1), b"%d" % (2 * size)))
        data[header + 48:header + 58] = field.ljust(10)
        return bytes(data), "member-size"
    if kind == 2 and bytes(data[begin:begin + 4]) == b"\x7FELF":
        inner, name = damage_elf(random, bytes(data[begin:begin + size]))
        data[begin:begin + size] = inner.ljust(size, b"\0")
        return bytes(data), "member-" + name
    kind = random.choice((anywhere, truncate, splice))
    kind(random, data)
    return bytes(data), kind.__name__


WORDS = (b"(", b")", b"{", b"}", b"[", b"]", b";", b",", b"*", b"&", b"0", b"4294967296", b"'", b'"', b"/*", b"//", b"\0",
         b"\xFF", b"#", b"\\\n", b"return", b"struct", b"new", b"int", b"int *", b"if", b"while", b"NULL", b"->", b".", b"=",
         b"-", b"typedef", b"main", b".word", b".space -1", b":", b"%hi(", b"r31", b"\r", b"asm {", b"void", b"1.5", b"else")


def damage_text(random, data):
    """Words and lines lost, doubled, moved or planted."""
    data = bytearray(data)
    for _ in range(random.randint(1, 4)):
        at = random.randrange(len(data))
        kind = random.randrange(5)
        if kind == 0:
            del data[at:at + random.choice((1, 1, 5, 30))]
        elif kind == 1:
            data[at:at] = random.choice(WORDS)
        elif kind == 2:
            lines = data.split(b"\n")
            a, b = random.randrange(len(lines)), random.randrange(len(lines))
            lines[a], lines[b] = lines[b], random.choice((lines[a], lines[b]))
            data = bytearray(b"\n".join(lines))
        elif kind == 3:
            size = random.randint(1, 40)
            data[at:at] = data[(start := random.randrange(len(data))):start + size]
        else:
            data[at] = random.randrange(256)
        if not data:
            break
    return bytes(data), "text"
