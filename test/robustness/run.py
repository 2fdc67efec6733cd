"""Bad input of every kind on every tool: an error with its place and the right status, never a crash, a hang, a report of
the sanitizers or a partial output.

    run.py --tools build/release/bin [--seed N] [--mutants N] [--only TEXT] [--keep FOLDER]

First the fixed rows (rows.py), then random damage (mutate.py) to objects, images, archives and sources: the seed, which is
printed, decides all of it. A row that fails prints its command and what the tool said; its input stays under --keep."""

import argparse
import glob
import os
import random
import resource
import shlex
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import inputs  # noqa: E402
import mutate  # noqa: E402
import rows  # noqa: E402
from row import BAD, Row, execute  # noqa: E402

SEED = 20071
PLAIN = b"        .section .vector\n        j 0\n        nop\n        .section .data\nw:      .word w\n"
PROGRAMS = ("quick_sort", "layout", "huffman", "bytecode_vm")


def build(tools, folder):
    """What the rows start from."""
    def tool(name, *arguments, status=0):
        done = subprocess.run([os.path.join(tools, name), *arguments], cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if done.returncode != status:
            sys.exit(f"cannot build the inputs: {name} {' '.join(arguments)}: {done.stderr.decode()}")

    def source(name, text):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(text)

    for name, (text, _) in inputs.RUNS.items():
        source(name + ".c0", text)
        tool("c0c", *inputs.SMALL, name + ".c0", "-o", name + ".elf")
    source("loop.c0", inputs.LOOP)
    tool("c0c", "loop.c0", "-o", "loop.elf")
    tool("consis", "-q", "--max-steps=5000", "--json=report.json", "loop.elf", status=3)
    with open(os.path.join(folder, "report.json")) as file:
        text = file.read()
    source("report.json", text.replace('"loop.elf"', '"in.elf"').encode())
    shutil.copy(os.path.join(folder, "loop.elf"), os.path.join(folder, "in.elf"))
    tool("consis", "-q", "--shard=1/1", "--segment=500", "--until=5000", "--max-steps=2000", "--json=shard.json", "in.elf")
    os.remove(os.path.join(folder, "in.elf"))
    source("heap.c0", inputs.HEAP)
    tool("c0c", "--heap=16k", "heap.c0", "-o", "heap.elf")
    source("plain.s", PLAIN)
    tool("vas", "plain.s", "-o", "plain.o")
    tool("vld", "plain.o", "-o", "plain.elf")
    tool("c0c", "-lcvm-user", "--heap=4k", "--stack=8k", "heap.c0", "-o", "user.elf")
    tool("vimg", "build", "-o", "disk.img", "--slots=40", "a=user.elf", "b=user.elf,mask=0x8000")
    for name in PROGRAMS:
        shutil.copy(os.path.join(HERE, "..", "programs", name + ".c0"), folder)
        tool("c0c", "-c", name + ".c0", "-o", name + ".o")
        tool("c0c", "--stack=64k", name + ".c0", "-o", name + ".elf")
        tool("c0c", "-S", name + ".c0", "-o", name + ".s")
    shutil.copy(os.path.join(tools, "..", "lib", "libc0.a"), os.path.join(folder, "lib.a"))
    shutil.copy(os.path.join(tools, "..", "lib", "libcvm.a"), os.path.join(folder, "cvm.a"))
    source("kernel.c0", KERNEL)
    tool("c0c", "-c", "kernel.c0", "-o", "kernel.o")
    tool("vld", "--kernel", "kernel.o", os.path.join(tools, "..", "lib", "libabstract-kernel.a"), "cvm.a", "-o", "kernel.elf")
    good = {os.path.basename(path): open(path, "rb").read() for path in glob.glob(os.path.join(folder, "*"))}
    good["good.o"], good["good.elf"] = good["quick_sort.o"], good["quick_sort.elf"]
    return good


KONSIS_LIMITS = ["--max-steps=3000", "--limit=20000", "--max-instructions=100000"]
# Who reads what, and how.
READERS = {
    "o": [("c0c", ["IN", "-o", "out.elf"]), ("c0i", rows.on("c0i", "IN")), ("consis", rows.on("consis", "IN")),
          ("vld", ["IN", "LIB", "-o", "out.elf"]), ("vld", ["--kernel", "IN", "PURE", "CVM", "-o", "out.elf"]), ("vdump", ["IN"]), ("vdump", ["-d", "IN"]), ("vdump", ["--map", "IN"]),
          ("vdump", ["--asm", "IN"]), ("vamp", rows.on("vamp", "IN")), ("cvm", ["--max-steps=20000", "IN", "PURE"])],
    "elf": [("c0i", rows.on("c0i", "IN")), ("consis", rows.on("consis", "IN")), ("consis", ["--checked", "--json", *rows.on("consis", "IN")]),
            ("vld", ["IN", "-o", "out.elf"]), ("vdump", ["IN"]), ("vdump", ["-d", "IN"]), ("vdump", ["--map", "IN"]),
            ("vdump", ["--asm", "IN"]), ("vimg", ["build", "-o", "out.img", "--slots=2000", "a=IN"]),
            ("vamp", rows.on("vamp", "IN")), ("vamp", ["--reference", "--max-steps=20000", "IN"]),
            ("cvm", ["--max-steps=20000", "IN", "--disk=disk.img"]), ("konsis", [*KONSIS_LIMITS, "IN", "--disk=disk.img"])],
    "a": [("c0c", ["main.c0", "IN", "-nostdlib", "-o", "out.elf"]), ("c0i", ["-nostdlib", *rows.on("c0i", "IN"), "main.c0"]),
          ("vld", ["IN", "-u", "put_int", "-u", "_start", "-o", "out.elf"]), ("vld", ["--kernel", "KERNEL", "PURE", "IN", "-o", "out.elf"]),
          ("vdump", ["IN"]), ("vdump", ["--map", "IN"])],
    "c0": [("c0c", ["-c", "IN", "-o", "out.o"]), ("c0c", ["-S", "-std=c0x", "IN", "-o", "out.s"]), ("c0i", rows.on("c0i", "IN")),
           ("consis", ["--heap=64k", "--stack=64k", *rows.on("consis", "IN")])],
    "s": [("vas", ["IN", "-o", "out.o"])],
    "img": [("vimg", ["list", "IN"]), ("vimg", ["fsck", "IN"]), ("vimg", ["extract", "IN", "b", "-o", "out.mem"]),
            ("cvm", ["--max-steps=20000", "kernel.elf", "--disk=IN"]), ("konsis", [*KONSIS_LIMITS, "kernel.elf", "--disk=IN"])],
}
DAMAGE = {"o": mutate.damage_elf, "elf": mutate.damage_elf, "a": mutate.damage_archive, "c0": mutate.damage_text,
          "s": mutate.damage_text, "img": mutate.damage_image}
SHARES = ("o",) * 7 + ("elf",) * 7 + ("a",) * 2 + ("c0",) * 3 + ("s",) + ("img",) * 2
LIBRARIES = {"LIB": "libc0.a", "PURE": "libabstract-kernel.a", "CVM": "libcvm.a"}
KERNEL = b"int i;\nint kdispatch(int mca, int edata) { i = mca * edata; return i; }\n"
MAIN = b"extern int put_int(int n);\nint main() { int x; x = put_int(7); return x; }\n"
CONSIS = r"^(.*: )?inconsistent: |"


def mutant(good, seed, index):
    chance = random.Random(f"{seed}/{index}")
    kind = chance.choice(SHARES)
    name = chance.choice(sorted(n for n in good if n.endswith("." + kind)))
    content, how = DAMAGE[kind](chance, good[name])
    tool, arguments = chance.choice(READERS[kind])
    where = {"IN": "in." + kind, "KERNEL": "kernel.o"}
    where |= {name: os.path.join(good["tools"], "..", "lib", library) for name, library in LIBRARIES.items()}
    statuses = {"c0i": range(256), "vamp": range(256), "cvm": range(256), "consis": (0, 1, 3, 4), "konsis": (0, 1, 3, 4)}.get(tool, (0, 1))
    first = "^$|" * ("--json" in arguments) + CONSIS * (tool in ("consis", "konsis")) + rows.PLACE  # the verdict is on standard output
    arguments = [where.get(a, a.replace("=IN", "=" + where["IN"])) for a in arguments]
    others = {name: good[name] for name in ("disk.img", "kernel.elf") if any(name in a for a in arguments)}
    return Row(f"mutant {index} {name} {how}", tool, arguments, set(statuses), first,
               {"in." + kind: content, **({"main.c0": MAIN, "kernel.o": good["kernel.o"]} if kind == "a" else others)}, failures={BAD[tool]})


def report(number, row, outcome, keep):
    folder = os.path.join(keep, str(number))
    os.makedirs(folder, exist_ok=True)
    for name, content in row.files.items():
        if content is not None:
            with open(os.path.join(folder, name), "wb") as file:
                file.write(content)
    print(f"FAILED {row.tool}: {row.name}: {'; '.join(outcome.wrong)}")
    print(f"  cd {folder} && {shlex.join([row.tool, *row.arguments])[:300]}")
    for line in outcome.err.split("\n")[:6]:
        print(f"  | {line[:200]!a}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--mutants", type=int, default=400)
    parser.add_argument("--only", default="", help="rows whose tool and name contain this")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="of the rows, each N-th")
    parser.add_argument("--keep", default="robustness-failed")
    parser.add_argument("--jobs", type=int, default=2)
    args = parser.parse_args()
    tools = os.path.abspath(args.tools)
    shutil.rmtree(args.keep, ignore_errors=True)
    failed = 0
    with tempfile.TemporaryDirectory() as top:
        os.mkdir(os.path.join(top, "good"))
        good = build(tools, os.path.join(top, "good"))
        table = list(rows.fixed(good))
        good["tools"] = tools
        table += [mutant(good, args.seed, i) for i in range(args.mutants)]
        table = [row for row in table if args.only in f"{row.tool} {row.name}"][::args.every]

        def one(numbered):
            number, row = numbered
            folder = os.path.join(top, str(number))
            os.mkdir(folder)
            outcome = execute(row, tools, folder)
            shutil.rmtree(folder, ignore_errors=True)
            return outcome

        with ThreadPoolExecutor(args.jobs) as pool:
            for number, outcome in enumerate(pool.map(one, enumerate(table))):
                if outcome.wrong:
                    failed += 1
                    report(number, table[number], outcome, os.path.abspath(args.keep))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    print(f"{len(table) - failed} passed, {failed} failed (seed {args.seed}, {args.mutants} mutants, peak {peak} MB)")
    return 1 if failed or not table else 0


if __name__ == "__main__":
    sys.exit(main())
