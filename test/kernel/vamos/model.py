"""What vamos does, once more, over plain lists and without its data structures: the source is docs/vamos.md.

`Model(pages)` has booted; `event(mca, edata, arguments)` is an interrupt; `line()` is what fake.c0 prints then.
"""
import re
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[3]
P, PAGES, SLOTS, KEPT = 128, 8, 160, 32


def constants():
    found = {}
    for name in ("calls.h", "vamos/calls.h"):
        for line in (ROOT / "kernel/abstract" / name).read_text().splitlines():
            match = re.match(r"#define (\w+) \(?(-?\d+)\)?", line)
            if match:
                found[match.group(1)] = int(match.group(2))
    return found


C = constants()
globals().update(C)


def signed(x):
    x &= 0xFFFFFFFF
    return x - (1 << 32) if x >> 31 else x


class Process:
    def __init__(self):
        self.state = STATE_FREE
        self.parent = None
        self.gpr = [0] * 32
        self.size = self.mask = 0
        self.memory = []
        self.dead, self.senders, self.interrupts = [], [], set()
        self.open = False

    def wants(self, sender):
        """The message of this process (KERNEL: a message of the kernel) would be taken now."""
        return self.state == STATE_RECEIVING and (self.source == sender or self.source == ANYBODY)


class Model:
    def __init__(self, pages):
        self.p = [Process() for _ in range(P + 1)]
        self.ready = [[] for _ in range(PRIORITIES)]
        self.unused = []
        self.rights = set()  # (from, to)
        self.ticks = self.output = 0
        self.drivers = {HOST: 1}
        self.mask = 1 << 14
        self.halted = None
        self.status = 0
        self.current = 0
        for u in range(1, P + 1):
            process = self.p[u]
            process.priority, process.slice, process.used, process.privileged = FIRST_PRIORITY, FIRST_SLICE, 0, False
            if u <= len(pages):
                process.state, process.size = STATE_DORMANT, pages[u - 1]
                process.memory = [signed8(u + k) for k in range(process.size * KEPT)]
            else:
                self.unused.append(u)
        self.out(TIMER, 1, 10000)
        self.out(TIMER, 0, 7)
        if self.p[1].state == STATE_DORMANT:
            self.p[1].privileged = True
            self.start(1)
        self.choose()

    # ---- the machine -------------------------------------------------------------------------------------------------------------

    def out(self, device, port, x):
        self.output = self.output * 31 + device * 1024 + port + x & 0xFFFFFFFF
        if device == HOST and port == 0:
            self.halted = x

    def pages_used(self):
        return sum(p.size for p in self.p)

    def inside(self, u, a, d):
        a &= 0xFFFFFFFF
        return d == 0 or d > 0 and a + d <= self.p[u].size * 4096

    def copy(self, u1, a1, u2, a2, d):
        if d < 0 or not self.inside(u1, a1, d) or not self.inside(u2, a2, d):
            return ERROR_RANGE
        for k in range(d):
            to = place(a2 + k)
            if to >= 0:
                source = place(a1 + k)
                self.p[u2].memory[to] = self.p[u1].memory[source] if source >= 0 else 0
        return 0

    def resize(self, u, size):
        p = self.p[u]
        p.memory = p.memory[:size * KEPT] + [0] * ((size - p.size) * KEPT)
        p.size = size

    def alloc(self, u, x):
        if x < 0 or x > 0x100000 - self.p[u].size:
            return ERROR_RANGE
        if self.pages_used() + x > SLOTS or self.p[u].size + x > PAGES:
            return ERROR_MEMORY
        self.resize(u, self.p[u].size + x)
        return 0

    # ---- scheduling --------------------------------------------------------------------------------------------------------------

    def make_ready(self, u):
        p = self.p[u]
        p.state, p.left, p.end = STATE_READY, p.slice, None
        self.ready[p.priority].append(u)

    def unready(self, u):
        self.ready[self.p[u].priority].remove(u)

    def hand_over(self, u, to):
        """u waits; `to` is ready in its place, for the rest of its slice, if both have one priority."""
        p, q = self.p[u], self.p[to]
        if p.priority == q.priority:
            ring = self.ready[p.priority]
            ring[ring.index(u)] = to
            q.state, q.left, q.end = STATE_READY, p.left, None
        else:
            self.unready(u)
            self.make_ready(to)

    def pass_turn(self, u):
        p = self.p[u]
        p.left = p.slice
        ring = self.ready[p.priority]
        if ring[0] == u:
            ring.append(ring.pop(0))

    def choose(self):
        self.current = next((ring[0] for ring in reversed(self.ready) if ring), 0)
        if not self.current:
            living = self.living()
            if living == 0:
                self.out(HOST, 0, self.status)
            elif self.mask == 1 << 14 and all(self.p[u].end is None for u in range(1, P + 1) if self.waits(u)):
                self.out(HOST, 0, STATUS_DEADLOCK)

    def waits(self, u):
        return self.p[u].state in (STATE_SENDING, STATE_RECEIVING)

    def living(self):
        return sum(p.state in (STATE_READY, STATE_SENDING, STATE_RECEIVING) for p in self.p)

    # ---- messages ----------------------------------------------------------------------------------------------------------------

    def find(self, u):
        return u if 1 <= u <= P and self.p[u].state not in (STATE_FREE, STATE_DEAD) else 0

    def stop_waiting(self, u, result):
        p = self.p[u]
        if p.state == STATE_SENDING:
            self.p[p.partner].senders.remove(u)
        p.gpr[20] = result
        self.make_ready(u)

    def wait(self, u, state, timeout):
        if timeout == 0:
            return ERROR_TIMEOUT
        self.unready(u)
        return self.waits_now(u, state, timeout)

    def waits_now(self, u, state, timeout):
        p = self.p[u]
        p.state = state
        # Who came first is woken first.
        self.sequence = getattr(self, "sequence", 0) + 1
        p.end = (self.ticks + timeout, self.sequence) if timeout > 0 else None
        return None

    def message(self, u, to):
        a, b = self.p[u], self.p[to]
        if a.buffer:
            length = a.gpr[16]
            if length > (b.gpr[18] if b.buffer else 0):
                return ERROR_RANGE
            error = self.copy(u, a.gpr[17], to, b.gpr[17], length)
            assert error == 0
        b.gpr[13:16] = a.gpr[13:16]
        b.gpr[16] = a.gpr[16] if a.buffer or not b.buffer else 0
        b.gpr[20] = u
        return 0

    def send(self, u, to, timeout):
        if not self.find(to) or to == u:
            return ERROR_PROCESS
        p = self.p[to]
        if p.state == STATE_DORMANT:
            return ERROR_STATE
        closed = p.state == STATE_RECEIVING and p.source == u
        if not closed and not p.open and (u, to) not in self.rights:
            return ERROR_RIGHTS
        if p.wants(u):
            return self.message(u, to)  # without error: the caller makes it ready
        error = self.wait(u, STATE_SENDING, timeout)
        if error is None:
            self.p[u].partner = to
            p.senders.append(u)
        return error

    def take(self, u, sender):
        error = self.message(sender, u)
        p = self.p[sender]
        if error == 0 and p.requests:
            self.p[u].senders.remove(sender)
            p.state, p.source = STATE_RECEIVING, u
        else:
            self.stop_waiting(sender, error)
        return error == 0

    def take_from_kernel(self, u):
        p = self.p[u]
        if p.interrupts:
            device = min(p.interrupts)
            p.interrupts.remove(device)
            words = MESSAGE_INTERRUPT, device, 0, 0
        elif p.dead:
            child = p.dead.pop(0)
            words = self.p[child].words[0], child, self.p[child].words[1], 0
            self.delete(child)
        else:
            return False
        p.gpr[13:17] = words
        p.gpr[20] = 0
        return True

    def notify(self, u):
        if self.p[u].wants(KERNEL) and self.take_from_kernel(u):
            self.make_ready(u)

    def receive(self, u, source, timeout):
        if source in (KERNEL, ANYBODY):
            if self.take_from_kernel(u):
                return None
            while source == ANYBODY and self.p[u].senders:
                if self.take(u, self.p[u].senders[0]):
                    return None
        elif not self.find(source):
            return ERROR_PROCESS
        elif self.p[source].state == STATE_DORMANT:
            return ERROR_STATE
        elif source in self.p[u].senders and self.take(u, source):
            return None
        self.p[u].source = source
        return self.wait(u, STATE_RECEIVING, timeout)

    def call_ipc(self, u, number):
        p = self.p[u]
        p.buffer = number >= CALL_SEND_BUFFER
        if p.buffer:
            number -= CALL_SEND_BUFFER - CALL_SEND
        to, timeout = p.gpr[11], p.gpr[12]
        sends = number in (CALL_SEND, CALL_REQUEST) or number == CALL_REPLY_WAIT and to != KERNEL
        p.requests = number == CALL_REQUEST
        if p.buffer:
            size, length = p.gpr[18], p.gpr[16] if sends else 0
            if not self.inside(u, p.gpr[17], size) or size < 0 or not 0 <= length <= min(size, BUFFER_LIMIT):
                return ERROR_RANGE
        if number == CALL_SEND:
            error = self.send(u, to, timeout)
            if error == 0:
                self.make_ready(to)
            return error
        if number == CALL_RECEIVE:
            return self.receive(u, to, timeout)
        if number == CALL_REQUEST:
            error = self.send(u, to, timeout)
            if error == 0:
                p.source = to
                if timeout == 0:
                    self.make_ready(to)
                    return ERROR_TIMEOUT
                self.hand_over(u, to)
                return self.waits_now(u, STATE_RECEIVING, timeout)
            return error
        if to != KERNEL and self.send(u, to, 0) == 0:
            if not p.senders and not p.interrupts and not p.dead:
                p.source = ANYBODY
                self.hand_over(u, to)
                return self.waits_now(u, STATE_RECEIVING, FOREVER)
            self.make_ready(to)
        return self.receive(u, ANYBODY, FOREVER)

    # ---- life --------------------------------------------------------------------------------------------------------------------

    def start(self, u):
        self.p[u].mask = 0x1FC000
        self.make_ready(u)

    def new(self, parent):
        if not self.unused:
            return 0
        u = self.unused.pop(0)
        p, q = self.p[u], self.p[parent]
        p.state, p.parent, p.priority, p.slice = STATE_DORMANT, parent, q.priority, q.slice
        p.used, p.privileged, p.open = 0, False, False
        self.rights = {pair for pair in self.rights if u not in pair} | {(u, parent), (parent, u)}
        return u

    def delete(self, u):
        self.p[u].state, self.p[u].parent = STATE_FREE, None
        self.unused.append(u)

    def undo(self, u):
        self.rights = {pair for pair in self.rights if u not in pair}
        self.delete(u)
        return ERROR_MEMORY

    def release(self, u):
        p = self.p[u]
        if p.state == STATE_READY:
            self.unready(u)
        if p.state == STATE_SENDING:
            self.p[p.partner].senders.remove(u)
        p.state = STATE_DEAD
        while p.senders:
            self.stop_waiting(p.senders[0], ERROR_PROCESS)
        for q in range(1, P + 1):
            if self.p[q].state == STATE_RECEIVING and self.p[q].source == u and q != u:
                self.stop_waiting(q, ERROR_PROCESS)
        self.rights = {pair for pair in self.rights if u not in pair}
        for device in [d for d, driver in self.drivers.items() if driver == u]:
            self.release_device(device)
        p.gpr, p.size, p.mask, p.memory, p.dead = [0] * 32, 0, 0, [], []

    def end_orphans(self):
        """Numbers are given back in the order in which the ended are found: from low to high, again and again."""
        while True:
            found = False
            for u in range(1, P + 1):
                p = self.p[u]
                if p.parent and self.p[p.parent].state in (STATE_FREE, STATE_DEAD):
                    if p.state != STATE_DEAD:
                        self.release(u)
                    self.delete(u)
                    found = True
            if not found:
                return

    def end(self, u, kind, word):
        self.release(u)
        self.end_orphans()
        p = self.p[u]
        if u == 1:
            self.status = word if kind == MESSAGE_EXITED else STATUS_KILLED
        if p.parent is None or kind == MESSAGE_KILLED and word == p.parent:
            self.delete(u)
        else:
            p.words = kind, word
            self.p[p.parent].dead.append(u)
            self.notify(p.parent)

    def decides(self, u, v):
        if not self.find(v):
            return ERROR_PROCESS
        return 0 if self.p[u].privileged or u == v or self.p[v].parent == u else ERROR_RIGHTS

    def decides_dormant(self, u, v):
        return self.decides(u, v) or (0 if self.p[v].state == STATE_DORMANT else ERROR_STATE)

    def call_life(self, u, number, a, b, c, d):
        p = self.p[u]
        if number == CALL_CREATE:
            child = self.new(u)
            error = self.alloc(child, a) if child else ERROR_MEMORY
            if error and child:
                self.undo(child)
            return error or child
        if number == CALL_CLONE:
            error = 0 if a == u else self.decides_dormant(u, a)
            if error:
                return error
            child = self.new(u)
            if not child:
                return ERROR_MEMORY
            if self.pages_used() + self.p[a].size > SLOTS:
                return self.undo(child)
            q, source = self.p[child], self.p[a]
            q.gpr, q.size, q.mask, q.memory = source.gpr[:], source.size, source.mask, source.memory[:]
            if a == u:
                q.gpr[20] = 0
                self.start(child)
            return child
        if number == CALL_FILL:
            error = self.decides_dormant(u, a)
            return error or (ERROR_RANGE if d > BUFFER_LIMIT else self.copy_apart(u, c, a, b, d))
        if number == CALL_START:
            error = self.decides_dormant(u, a)
            if not error:
                self.start(a)
            return error
        if number == CALL_KILL:
            error = self.decides(u, a)
            if not error:
                self.end(a, MESSAGE_KILLED, u)
            return error
        if number == CALL_SCHEDULE:
            error = self.decides(u, a)
            if error:
                return error
            if not 0 <= b < PRIORITIES or not 1 <= c <= SLICE_LIMIT:
                return ERROR_NUMBER
            if not p.privileged and b > p.priority:
                return ERROR_RIGHTS
            q = self.p[a]
            if q.state == STATE_READY:
                self.unready(a)
            q.priority, q.slice = b, c
            if q.state == STATE_READY:
                self.make_ready(a)
            return 0
        if number == CALL_PRIVILEGE:
            if not p.privileged:
                return ERROR_RIGHTS
            if not self.find(a):
                return ERROR_PROCESS
            self.p[a].privileged = b != 0
            return 0
        if number == CALL_ALLOW:
            error = self.decides(u, b)
            if error:
                return error
            if not self.find(a) and a != ANYBODY:
                return ERROR_PROCESS
            if a == ANYBODY:
                self.p[b].open = c != 0
                self.rights = {pair for pair in self.rights if pair[1] != b}
            else:
                self.rights = self.rights | {(a, b)} if c else self.rights - {(a, b)}
            return 0
        return self.info(u, a, b)

    def copy_apart(self, u1, a1, u2, a2, d):
        return self.copy(u1, a1, u2, a2, d)

    def info(self, u, what, v):
        if what == INFO_ID:
            return u
        if what == INFO_VERSION:
            return VAMOS_VERSION
        if what == INFO_TICKS:
            return self.ticks
        if what == INFO_PERIOD:
            return 10000
        if what == INFO_PROCESSES:
            return P
        if what == INFO_DRIVER:
            return self.drivers.get(v, 0) if 2 <= v <= HOST else ERROR_NUMBER
        if not INFO_STATE <= what <= INFO_USED:
            return ERROR_NUMBER
        if not self.find(v):
            return ERROR_PROCESS
        p = self.p[v]
        return {INFO_STATE: p.state, INFO_PARENT: p.parent or 0, INFO_PRIORITY: p.priority, INFO_SLICE: p.slice, INFO_SIZE: p.size,
                INFO_PRIVILEGED: int(p.privileged), INFO_USED: p.used}[what]

    # ---- devices -----------------------------------------------------------------------------------------------------------------

    def release_device(self, device):
        driver = self.drivers.pop(device, 0)
        if driver:
            self.mask &= ~(1 << 13 + device)
            self.p[driver].interrupts.discard(device)

    def call_device(self, u, number, a, b, c, d):
        if number == CALL_DRIVER:
            if not self.p[u].privileged:
                return ERROR_RIGHTS
            if not 2 <= a <= HOST:
                return ERROR_NUMBER
            if not self.find(b) and b != 0:
                return ERROR_PROCESS
            self.release_device(a)
            if b:
                self.drivers[a] = b
            return 0
        port = 0 if number == CALL_INTERRUPTS else b
        if not 2 <= a < HOST or not 0 <= port < 1024:
            return ERROR_NUMBER
        if self.drivers.get(a, 0) != u:
            return ERROR_RIGHTS
        if number == CALL_INTERRUPTS:
            self.mask = self.mask | 1 << 13 + a if b else self.mask & ~(1 << 13 + a)
            return 0
        if number == CALL_READ:
            self.p[u].gpr[13] = a * 1024 + b
            return 0
        if number == CALL_WRITE:
            self.out(a, b, c)
            return 0
        if not 0 <= d <= BUFFER_LIMIT // 4:
            return ERROR_RANGE
        if c % 4 or not self.inside(u, c, 4 * d):
            return ERROR_RANGE
        if number == CALL_READ_WORDS:
            for k in range(4 * d):
                to = place(c + k)
                if to >= 0:
                    self.p[u].memory[to] = a if k % 4 == 0 else 0
        return 0

    # ---- events ------------------------------------------------------------------------------------------------------------------

    def call(self, u, number):
        p = self.p[u]
        a, b, c, d = p.gpr[11:15]
        if CALL_SEND <= number <= CALL_REPLY_WAIT_BUFFER:
            result = self.call_ipc(u, number)
        elif number in (CALL_EXIT, CALL_FAULT):
            self.end(u, MESSAGE_EXITED if number == CALL_EXIT else MESSAGE_FAULT, a if number == CALL_EXIT else 0)
            result = None
        elif number == CALL_YIELD:
            self.pass_turn(u)
            result = 0
        elif number == CALL_NOTHING:
            result = 0
        elif number == CALL_PUT_CHAR:
            self.out(HOST, 1, a)
            result = a
        elif number == CALL_GET_CHAR:
            result = HOST * 1024 + 4 if self.drivers.get(HOST) == u else ERROR_RIGHTS
        elif number == CALL_ALLOC:
            result = self.alloc(u, a)
        elif number == CALL_FREE:
            result = ERROR_RANGE if not 0 <= a <= p.size else 0
            if result == 0:
                self.resize(u, p.size - a)
        elif CALL_ALLOW <= number <= CALL_INFO:
            result = self.call_life(u, number, a, b, c, d)
        elif CALL_DRIVER <= number <= CALL_WRITE_WORDS:
            result = self.call_device(u, number, a, b, c, d)
        else:
            result = ERROR_CALL
        if result is not None and p.state == STATE_READY:
            p.gpr[20] = result

    def tick(self, u):
        self.out(TIMER, 3, 0)
        self.ticks += 1
        over = [(self.p[v].end, v) for v in range(1, P + 1) if self.waits(v) and self.p[v].end and self.p[v].end[0] <= self.ticks]
        for _, v in sorted(over):
            self.stop_waiting(v, ERROR_TIMEOUT)
        if u:
            p = self.p[u]
            p.used += 1
            p.left -= 1
            if p.left <= 0:
                self.pass_turn(u)

    def event(self, mca, edata, arguments=None):
        u = self.current
        if arguments:
            self.p[u].gpr[11:19] = arguments
        if mca & 1 << 14:
            self.tick(u)
        for device in range(2, 8):
            if mca & 1 << 13 + device and self.drivers.get(device):
                self.mask &= ~(1 << 13 + device)
                self.p[self.drivers[device]].interrupts.add(device)
                self.notify(self.drivers[device])
        if mca & 0x20:
            self.call(u, edata)
        elif u:
            causes = [c for c in [1, 2, 3, 4, *range(6, 13), 31] if mca & 1 << c]
            if causes:
                self.end(u, MESSAGE_FAULT, causes[0])
        self.choose()

    def line(self):
        h = self.output + self.mask
        for u, p in enumerate(self.p):
            if p.state != STATE_FREE:
                for x in [u, p.state, p.size, p.mask, *p.gpr[13:17], p.gpr[20], *p.memory[::4]]:
                    h = h * 31 + x & 0xFFFFFFFF
        return f"{self.current} {self.living()} {h & 0xFFFFFFFF:08x}"


TIMER, HOST = 1, 6


def signed8(x):
    return (x & 255) - (256 if x & 128 else 0)


def place(address):
    address &= 0xFFFFFFFF
    offset = address & 4095
    if offset >= 4096 - KEPT // 2:
        offset -= 4096 - KEPT
    return (address >> 12) * KEPT + offset if offset < KEPT else -1
