"""Disk images as docs/formats.md describes them ("Disk images"), written apart from vimg."""
import struct
import sys

PAGE = 4096
MAGIC = 0x314D5643


class Program:
    """An initial process: memory, registers, DPC and PC, mask."""

    def __init__(self, memory=b"", gpr=(0,) * 32, dpc=0, pc=4, mask=0, name="program"):
        self.memory, self.gpr, self.dpc, self.pc, self.mask, self.name = bytes(memory), gpr, dpc, pc, mask, name
        self.pages = [self.memory[i:i + PAGE].ljust(PAGE, b"\0") for i in range(0, len(self.memory), PAGE)]


def load(path):
    """The memory of an image of the linker: its segments, heap and stack, up to __stack_top."""
    with open(path, "rb") as file:
        elf = file.read()
    segments, sections = struct.unpack_from("<II", elf, 28)
    memory = bytearray()
    for k in range(struct.unpack_from("<H", elf, 44)[0]):
        kind, offset, address, _, size, length = struct.unpack_from("<6I", elf, segments + 32 * k)
        if kind == 1:
            memory.extend(bytes(max(0, address + length - len(memory))))
            memory[address:address + size] = elf[offset:offset + size]
    headers = [struct.unpack_from("<10I", elf, sections + 40 * k) for k in range(struct.unpack_from("<H", elf, 48)[0])]
    for header in headers:
        if header[1] == 2:  # the symbol table
            names = headers[header[6]][4]
            for at in range(header[4], header[4] + header[5], 16):
                name, value = struct.unpack_from("<II", elf, at)
                if elf[names + name:].startswith(b"__stack_top\0"):
                    memory.extend(bytes(max(0, value - len(memory))))
    return bytes(memory)


def build(path, programs, slots, tables=256, frames=0, version=1, spoil=None):
    """`spoil`: (byte offset, word) written after the checksum was made."""
    descriptors, bitmaps, contents, slot = b"", b"", b"", 0
    bitmaps_at = PAGE + 256 * len(programs)
    for program in programs:
        zeros = [page == bytes(PAGE) for page in program.pages]
        descriptors += struct.pack("<6I", len(zeros), program.mask, program.dpc, program.pc, slot, bitmaps_at + len(bitmaps))
        descriptors += program.name.encode().ljust(40, b"\0") + struct.pack("<32I", *(x & 0xFFFFFFFF for x in program.gpr)) + bytes(64)
        for i in range(0, len(zeros), 32):
            bitmaps += struct.pack("<I", sum(1 << j for j, zero in enumerate(zeros[i:i + 32]) if zero))
        contents += b"".join(program.pages)
        slot += len(zeros)
    header = bytearray(PAGE) + descriptors + bitmaps
    header += bytes(-len(header) % PAGE)
    struct.pack_into("<9I", header, 0, MAGIC, version, len(header) // PAGE, slots, tables, len(programs), PAGE, 0, frames)
    struct.pack_into("<I", header, 28, -sum(struct.unpack(f"<{len(header) // 4}I", header)) & 0xFFFFFFFF)
    if spoil:
        struct.pack_into("<I", header, *spoil)
    with open(path, "wb") as file:
        file.write(header + contents)
        file.truncate(len(header) + slots * PAGE)


if __name__ == "__main__":  # disk.py IMAGE FRAMES SLOTS PROGRAM..
    build(sys.argv[1], [Program(load(name)) for name in sys.argv[4:]], int(sys.argv[3]), frames=int(sys.argv[2]))
