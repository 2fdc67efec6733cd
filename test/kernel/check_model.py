#!/usr/bin/env python3
"""Random calls of mem, pt and as on VAMP against a model of their contracts (kernel/*/*.h).

    check_model.py --tools build/release/bin --folder /tmp/model --seed 1 --calls 3000

The model below knows frames, mappings and spaces as sets and dictionaries, not how the modules represent them. After
each batch of calls the image prints its tables and checksums of all frames, so that a call which changes anything else is seen.
"""
import argparse
import random
import subprocess
import sys

import image as images

PROTECTED, VALID = 1, 2
WORDS = 1024


class Client:
    """The client's constants: what its layout.h and its ptspace say."""

    def __init__(self, name, pages, virtual):
        up = lambda words: (words + WORDS - 1) // WORDS
        if name == "babyvmm":
            self.entries, self.window = virtual, pages
            self.pt_page = pages - up(self.entries)
            self.mem_pages = pages
            self.mem_page = self.pt_page - up(pages)
            self.end = self.mem_page
            self.spaces = {0: (0, pages, virtual)}
        else:
            self.entries, self.window, self.pt_page = 5000, 0, 100
            self.mem_pages, self.mem_page, self.end = 96, 99, 96
            self.spaces = {1: (0, 0, 1500), 2: (2, 0, 7), 3: (3, 0, 1928)}


class Model:
    def __init__(self, client):
        self.client = client
        self.free = []  # in the order in which pages are handed out, last first
        self.used = set()
        self.map = {}  # entry number -> (frame, flags)
        self.contents = {}  # page -> first and last word

    def mem_init(self, first, end):
        ok = 1 <= first <= end <= self.client.mem_pages
        self.free = list(range(end - 1, first - 1, -1)) if ok else []
        self.used = set()
        return len(self.free)

    def mem_alloc(self):
        if not self.free:
            return 0
        page = self.free.pop()
        self.used.add(page)
        return page

    def mem_free(self, page):
        if page not in self.used:
            return 0
        self.used.remove(page)
        self.free.append(page)
        return page

    def pt_init(self):
        self.map = {page: (page, VALID) for page in range(self.client.window)}
        return self.client.entries

    def entry(self, base, vpage):
        if base < 0 or vpage < 0 or base * WORDS + vpage >= self.client.entries:
            return None
        return base * WORDS + vpage

    def pt_set(self, base, vpage, frame, flags):
        entry = self.entry(base, vpage)
        if entry is None or entry < self.client.window or not 0 <= frame < 2**20 or not 0 <= flags <= 3:
            return 0
        if frame == 0 and flags:
            return 0
        self.map[entry] = (frame, flags)
        return 1

    def pt_lookup(self, base, vpage):
        frame, flags = self.map.get(self.entry(base, vpage), (0, 0))
        return frame if flags & VALID else 0

    def as_request(self, space, vpage):
        base, first, end = self.client.spaces.get(space, (-1, 0, 0))
        if not first <= vpage < end or self.pt_lookup(base, vpage) or not self.free:
            return 0
        self.pt_set(base, vpage, self.mem_alloc(), VALID)
        return vpage

    def as_release(self, space, vpage):
        base, first, end = self.client.spaces.get(space, (-1, 0, 0))
        if not first <= vpage < end or not self.pt_lookup(base, vpage):
            return 0
        self.mem_free(self.pt_lookup(base, vpage))
        self.pt_set(base, vpage, 0, 0)
        return vpage

    def word(self, entry):
        frame, flags = self.map.get(entry, (0, 0))
        word = frame << 12 | flags << 10
        return word - 2**32 if word >= 2**31 else word

    def checksum(self, first, end):
        total = 0
        for page in range(first, end):
            word = self.contents.get(page, 0)
            for i in range(WORDS):
                total = ((total << 5 & 0xFFFFFFFF) + (total >> 27) ^ (word if i in (0, WORDS - 1) else 0)) & 0xFFFFFFFF
        return total


def commands(model, rng, first, calls):
    """Yields (text, expected line or None)."""
    client = model.client
    letters = {"mem_init": "i", "mem_alloc": "a", "mem_free": "f", "pt_init": "I", "pt_set": "s", "pt_lookup": "l",
               "as_request": "q", "as_release": "r"}

    def call(name, *args):
        return " ".join([letters[name], *map(str, args)]), str(getattr(model, name)(*args))

    def dump():
        for page in sorted(model.used)[:4] + model.free[-2:]:
            yield f"d {page} {page + 1}", str(model.checksum(page, page + 1))
        yield f"d {first} {min(client.end, first + 64)}", str(model.checksum(first, min(client.end, first + 64)))
        for entry in rng.sample(range(client.entries), 40) + [0, client.window, client.entries - 1, *list(model.map)[-30:]]:
            yield f"w {client.pt_page} {entry}", str(model.word(entry))

    def some_entry():
        space = rng.choice(list(client.spaces))
        base, low, high = client.spaces[space]
        vpage = rng.choice([low, high - 1, low + rng.randrange(8), rng.randrange(low, high)])
        if rng.random() < 0.1:
            vpage = rng.choice([low - 1, high, -1, 2**31 - 1, -2**31, rng.randrange(client.window or 1), 2**20])
        if rng.random() < 0.05:
            space, base = rng.choice([-1, 4, 99]), rng.choice([-1, 5, 2**21, 2**22])
        return space, base, vpage

    def some_frame():
        choice = rng.random()
        if choice < 0.7 and model.used:
            return rng.choice(sorted(model.used))
        return rng.choice([0, -1, client.end, client.mem_pages, 2**31 - 1, -2**31, first - 1, rng.randrange(client.mem_pages)])

    for bad in ((0, 5), (5, 4), (1, client.mem_pages + 1), (-1, 3), (3, -1)):
        yield call("mem_init", *bad)
        yield call("mem_alloc")
    yield call("mem_init", first, client.end)
    yield call("pt_init")
    for _ in range(20):  # a table that is not empty
        yield call("pt_set", *some_entry()[1:], rng.randrange(1, 2**20), rng.randrange(1, 4))
    yield call("pt_init")
    phase = 0.5
    for number in range(calls):
        if number % 200 == 0:
            phase = rng.choice([0.2, 0.5, 0.9])  # of requests among requests and releases
            yield from dump()
        kind = rng.random()
        if kind < 0.15:
            yield call("mem_alloc")
        elif kind < 0.3:
            yield call("mem_free", some_frame())
        elif kind < 0.4:
            space, base, vpage = some_entry()
            yield call("pt_set", base, vpage, rng.choice([some_frame(), 2**20 - 1, 2**20]), rng.choice([0, 1, 2, 3, 4, -1]))
        elif kind < 0.5:
            yield call("pt_lookup", *some_entry()[1:])
        elif kind < 0.9:
            space, base, vpage = some_entry()
            yield call("as_request" if rng.random() < phase else "as_release", space, vpage)
        elif model.used:
            page, word = rng.choice(sorted(model.used)), rng.randrange(2**31)
            model.contents[page] = word
            yield f"p {page} {word}", None
    while model.free:
        yield call("mem_alloc")
    yield call("mem_alloc")
    yield from dump()
    for entry in range(0, client.entries, max(1, client.entries // 4000)):
        yield f"w {client.pt_page} {entry}", str(model.word(entry))


DRIVER = ["kernel/mem/mem.c0a", "kernel/pt/pt.c0a", "kernel/as/as.c0a", "kernel/babyvmm/memory.c0a", "test/kernel/model/driver.c0"]
# client -> its ptspace, the folder of its layout.h, pages of memory, first page that mem may hand out
CLIENTS = {
    "babyvmm": ("kernel/babyvmm/ptspace.c0a", "kernel/babyvmm", 64, 40),
    "processes": ("test/kernel/model/processes/ptspace.c0a", "test/kernel/model/processes", 128, 60),
}


def build(builder, client, pages, replaced={}, name=""):
    ptspace, include, _, _ = CLIENTS[client]
    return builder.build(f"model-{client}-{pages}{name}", [*DRIVER, ptspace], [f"-DNPAGES={pages}"] if client == "babyvmm" else [],
                         include, replaced=replaced)


def check(vamp, image, client, pages, first, seed, calls):
    """Runs the calls; returns (number of results compared, None or what differs)."""
    model = Model(Client(client, pages, 2 * pages))
    script = list(commands(model, random.Random(seed), first, calls))
    text = "".join(command + "\n" for command, _ in script)
    run = subprocess.run([vamp, "--mem", f"{pages * 4}K", "--max-steps", "2000000000", image], input=text, capture_output=True, text=True)
    lines = run.stdout.split("\n")
    compared = 0
    for command, expected in script:
        if expected is None:
            continue
        found = lines[compared] if compared < len(lines) - 1 else "nothing"
        if found != expected:
            return compared, f"result {compared}, `{command}`: expected {expected}, found {found} {run.stderr.strip()}"
        compared += 1
    if run.returncode != 0 or lines[compared:] != [""]:
        return compared, f"status {run.returncode}, {len(lines) - 1} lines for {compared} calls {run.stderr.strip()}"
    return compared, None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--folder", required=True, help="for the images")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=1, help="so many, from --seed on")
    parser.add_argument("--calls", type=int, default=3000)
    parser.add_argument("--pages", type=int, default=64, help="of BabyVMM's layout")
    args = parser.parse_args()
    builder = images.Builder(args.tools, args.folder)
    for client, (_, _, pages, first) in CLIENTS.items():
        if client == "babyvmm":
            pages = args.pages
        image = build(builder, client, pages)
        for seed in range(args.seed, args.seed + args.seeds):
            compared, wrong = check(builder.vamp, image, client, pages, first, seed, args.calls)
            if wrong:
                sys.exit(f"{image}, seed {seed}: {wrong}")
            print(f"{client}, {pages} pages, seed {seed}: {compared} results as the model says")


if __name__ == "__main__":
    main()
