"""CVM as the specification has it (seed 003, section 5; kernel/cvm/cvm.h), for the tests: processes with linear memory, no pages
that come and go. Users execute the few instructions that the tests' programs consist of."""
PAGE = 4096
P = 128
WORD = 0xFFFFFFFF
MASK = 0x1FCFC0
TIMER = 1 << 14
MAX_SIZE = 1 << 20


def signed(x):
    x &= WORD
    return x - (1 << 32) if x >> 31 else x


class Unknown(Exception):
    """The user does something that this model does not know."""


class Process:
    def __init__(self):
        self.reset()

    def reset(self):
        self.gpr, self.dpc, self.pc, self.size, self.mask = [0] * 32, 0, 4, 0, 0
        self.special, self.pages = {6: 0, 7: 0, 8: 0}, {}

    def copy_of(self, other):
        self.gpr, self.dpc, self.pc, self.size, self.mask = list(other.gpr), other.dpc, other.pc, other.size, other.mask
        self.special, self.pages = dict(other.special), {p: bytearray(page) for p, page in other.pages.items()}

    def has(self, address, count):
        return count == 0 or (count > 0 and 0 <= address and address + count <= PAGE * self.size)

    def read(self, address, count):
        out = bytearray()
        while count > 0:
            part = min(count, PAGE - address % PAGE)
            page = self.pages.get(address // PAGE)
            out += page[address % PAGE:address % PAGE + part] if page else bytes(part)
            address, count = address + part, count - part
        return bytes(out)

    def write(self, address, data):
        while data:
            part = min(len(data), PAGE - address % PAGE)
            page = self.pages.setdefault(address // PAGE, bytearray(PAGE))
            page[address % PAGE:address % PAGE + part] = data[:part]
            address, data = address + part, data[part:]


class Cvm:
    """Methods are named after the driver's commands."""

    def __init__(self, programs, slots, tables):
        self.up = [None] + [Process() for _ in range(P)]
        self.slots, self.tables, self.mask, self.timer = slots, tables, MASK, False
        for u, program in enumerate(programs, 1):
            up = self.up[u]
            up.gpr = [0] + [x & WORD for x in program.gpr[1:]]
            up.dpc, up.pc, up.mask, up.size = program.dpc, program.pc, program.mask & MASK, len(program.pages)
            up.pages = {p: bytearray(page) for p, page in enumerate(program.pages) if any(page)}

    def is_process(self, *us):
        return all(1 <= u <= P for u in us)

    def has_room(self, u, size):
        others = [up.size for v, up in enumerate(self.up[1:], 1) if v != u] + [size]
        return sum(others) <= self.slots and sum((n + 1023) // 1024 for n in others) <= self.tables

    def r(self, u):
        if not self.is_process(u):
            return -1
        self.up[u].reset()
        return 0

    def c(self, u1, u2):
        if not self.is_process(u1, u2):
            return -1
        if u1 == u2:
            return 0
        if not self.has_room(u2, self.up[u1].size):
            return -3
        self.up[u2].copy_of(self.up[u1])
        return 0

    def a(self, u, x):
        if not self.is_process(u):
            return -1
        if not 0 <= x <= MAX_SIZE - self.up[u].size:
            return -4
        if not self.has_room(u, self.up[u].size + x):
            return -3
        self.up[u].size += x
        return 0

    def f(self, u, x):
        if not self.is_process(u):
            return -1
        if not 0 <= x <= self.up[u].size:
            return -4
        self.up[u].size -= x
        for page in [p for p in self.up[u].pages if p >= self.up[u].size]:
            del self.up[u].pages[page]
        return 0

    def z(self, u):
        return self.up[u].size if self.is_process(u) else -1

    def y(self, u1, a1, u2, a2, d):
        if not self.is_process(u1, u2):
            return -1
        a1, a2 = a1 & WORD, a2 & WORD
        if not (self.up[u1].has(a1, d) and self.up[u2].has(a2, d)):
            return -4
        if d > 0:
            self.up[u2].write(a2, self.up[u1].read(a1, d))
        return 0

    def g(self, r, u):
        if not self.is_process(u):
            return -1
        return signed(self.up[u].gpr[r]) if 0 <= r < 32 else -2

    def s(self, r, u, x):
        if not self.is_process(u):
            return -1
        if not 0 <= r < 32:
            return -2
        if r:
            self.up[u].gpr[r] = x & WORD
        return 0

    def m(self, u, m):
        if u == 0:
            self.mask = m & MASK
        elif self.is_process(u):
            self.up[u].mask = m & MASK
        else:
            return -1
        return 0

    def block(self, dev, port, u, a, n):
        if not self.is_process(u):
            return -1
        if not (1 <= dev <= 6 and 0 <= port < 1024):
            return -2
        return 0 if a % 4 == 0 and n >= 0 and self.up[u].has(a & WORD, 4 * n) else -4

    # ---- users --------------------------------------------------------------------------------------------------

    def S(self, u, limit=20000):
        """(mca, edata), or the result of a call that returns."""
        if not self.is_process(u):
            return -1
        up = self.up[u]
        lines = TIMER if self.timer and up.mask & self.mask & TIMER else 0
        for _ in range(limit):
            causes, edata = self.execute(up)
            if causes | lines:
                return signed(causes | lines), signed(edata)
        raise Unknown

    def access(self, up, address, size):
        """(causes, edata) of a load or store."""
        if address % size:
            return 1 << 2, address
        return (0, 0) if up.has(address, size) else (1 << 4, address)

    def execute(self, up):
        if up.dpc % 4:
            return 1 << 2, up.dpc
        if not up.has(up.dpc, 4):
            return 1 << 3, up.dpc
        word = int.from_bytes(up.read(up.dpc, 4), "little")
        op, rs, rd = word >> 26, word >> 21 & 31, word >> 16 & 31
        immediate = (word & 0xFFFF) - (word >> 15 & 1) * 0x10000
        long = (word & 0x3FFFFFF) - (word >> 25 & 1) * 0x4000000
        target, value, to, causes, edata = (up.pc + 4) & WORD, None, rd, 0, 0
        address = (up.gpr[rs] + immediate) & WORD
        if op in (0x23, 0x24, 0x28, 0x2B):  # lw lbu sb sw
            size = 1 if op in (0x24, 0x28) else 4
            causes, edata = self.access(up, address, size)
            if causes:
                return causes, edata
            if op in (0x23, 0x24):
                value = int.from_bytes(up.read(address, size), "little")
            else:
                up.write(address, (up.gpr[rd] & (1 << 8 * size) - 1).to_bytes(size, "little"))
        elif op == 0x02:  # j
            target = (up.pc + long) & WORD
        elif op == 0x16:  # jr
            target = up.gpr[rs]
        elif op == 0x05:  # bnez
            target = (up.pc + immediate) & WORD if up.gpr[rs] else target
        elif op == 0x3E:  # trap
            causes, edata = 1 << 5, long & WORD
        elif op == 0x09:  # addi
            value = address
        elif op == 0x0D:  # ori
            value = (up.gpr[rs] | immediate) & WORD
        elif op == 0:
            to, function, shift = word >> 11 & 31, word & 63, word >> 6 & 31
            if function == 0x00:  # slli
                value = up.gpr[rs] << shift & WORD
            elif function == 0x21:  # add
                value = up.gpr[rs] + up.gpr[rd] & WORD
            elif function == 0x23:  # sub
                value = up.gpr[rs] - up.gpr[rd] & WORD
            elif function in (0x10, 0x11) and shift not in up.special:  # movs2i, movi2s
                return 1 << 1, word
            elif function == 0x10:
                value = up.special[shift]
            elif function == 0x11:
                up.special[shift] = up.gpr[rs]
            else:
                raise Unknown
        else:
            raise Unknown
        if value is not None and to:
            up.gpr[to] = value
        up.dpc, up.pc = up.pc, target
        return causes, edata
