"""The fixed rows."""

import hashlib
import json
import re

import inputs
from row import BAD, PLACE, TOOLS, USAGE, Row

RUBBISH = bytes((i * 167 + (i >> 3) * 31 + 5) % 256 for i in range(5000))
NO_FOLDER = "nowhere/out"


def on(tool, name):
    """The usual arguments with this input."""
    return {"c0c": ["-c", name, "-o", "out.o"], "c0i": ["--max-steps=100000", name],
            "consis": ["--max-steps=5000", "--limit=20000", name], "vas": [name, "-o", "out.o"],
            "vld": [name, "-o", "out.elf"], "vdump": [name], "vamp": ["--max-steps=100000", name], "vimg": ["fsck", name],
            "cvm": ["--max-steps=100000", name], "konsis": ["--max-steps=3000", "--limit=20000", name, "--disk", name]}[tool]


def link(name):
    return [name, "-o", "out.elf"]


def files(good):
    """Files that are none, or of the wrong kind."""
    for tool in TOOLS:
        bad = BAD[tool]
        reads = tool != "c0c"  # the name says that it is for the linker
        name = re.escape("in.c0")
        yield Row("missing", tool, on(tool, "in.c0"), bad, rf"{name}: (error: )?cannot open")
        yield Row("folder", tool, on(tool, "in.c0"), bad, rf"{name}.*(cannot read|directory)", {"in.c0": None})
        yield Row("rubbish", tool, on(tool, "in.c0"), bad, name, {"in.c0": RUBBISH})
        yield Row("empty", tool, on(tool, "in.c0"), 0 if tool in ("c0c", "vas") else bad, PLACE, {"in.c0": b""})
        yield Row("nothing", tool, [], USAGE[tool], f"^{tool}: ")
        yield Row("unknown-option", tool, ["--frobnicate=1", *on(tool, "in.c0")], USAGE[tool], f"^{tool}: .*frobnicate")
        yield Row("empty-name", tool, on(tool, ""), {bad, USAGE[tool]}, "")
        yield Row("magic-only", tool, on(tool, "in.o") if reads else link("in.o"), bad, r"in\.o", {"in.o": b"\x7FELF"})
        yield Row("response-file", tool, ["@nowhere.rsp"], {bad, USAGE[tool]}, "nowhere.rsp")
        yield Row("stdin-rubbish", tool, on(tool, "-"), {bad, USAGE[tool]}, "", stdin=RUBBISH)
    for tool in ("c0c", "c0i", "vld", "vdump"):
        yield Row("archive-cut", tool, link("in.a") if tool == "c0c" else on(tool, "in.a"), BAD[tool], r"in\.a.*byte \d",
                  {"in.a": good["lib.a"][:1000]})
        yield Row("archive-magic", tool, link("in.a") if tool == "c0c" else on(tool, "in.a"), {0, BAD[tool]}, "",
                  {"in.a": b"!<arch>\n"})
    yield Row("object-for-image", "vamp", "in.o", 125, r"in\.o.*\[not-an-image\]", {"in.o": good["good.o"]})
    yield Row("image-for-object", "vld", "in.elf -o out.elf", 1, r"in\.elf.*\[link-input\]", {"in.elf": good["good.elf"]})
    yield Row("twice", "vld", "in.o in.o -o out.elf", 1, r"error: .*\[link-duplicate\]", {"in.o": good["good.o"]})
    yield Row("no-core", "consis", "in.elf", 1, r"in\.elf.*\[missing-section\]", {"in.elf": good["plain.elf"]})
    yield Row("no-core", "c0i", "in.elf", 125, r"in\.elf.*\[no-core\]", {"in.elf": good["plain.elf"]})


def outputs(good):
    """Outputs that cannot be written."""
    source, assembly = {"in.c0": inputs.HEAP}, {"in.s": b"f: nop\n"}
    written = r"(nowhere/out|folder|/dev/full|no-right).*\[cannot-write\]|standard output.*cannot-write|cannot write"
    for to in (NO_FOLDER, "folder", "/dev/full"):
        for tool, arguments, content in (("c0c", "-c in.c0", source), ("c0c", "in.c0", source), ("c0c", "-S in.c0", source),
                                         ("vas", "in.s", assembly), ("vld", "in.o", {"in.o": good["plain.o"]})):
            yield Row("output", tool, [*arguments.split(), "-o", to], 1, written, {**content, "folder": None})
        yield Row("output-map", "vld", f"in.o -o out.elf --map={to}", 1, written, {"in.o": good["plain.o"], "folder": None})
        yield Row("output-map", "c0c", f"in.c0 -o out.elf --map={to}", 1, written, {**source, "folder": None})
        for report in ("json", "html", "sarif"):
            yield Row("output-report", "consis", f"-q --{report}={to} --heap=16k in.c0", 1, written, {**source, "folder": None})
        yield Row("output-reports", "consis", f"-q --json=first --html={to} --heap=16k in.c0", 1, written, {**source, "folder": None})
        yield Row("output-rule", "c0c", f"-c in.c0 -o out.o -MD -MF {to}", 1, written, {**source, "folder": None})
        yield Row("output-trace", "c0i", f"--trace={to} in.c0", 125, "cannot-write", {**source, "folder": None})
        yield Row("output-trace", "vamp", f"--trace={to} in.elf", 125, "cannot-write",
                  {"in.elf": good["good.elf"], "folder": None})
    for tool, text in (("c0c", "--help"), ("c0i", "--help"), ("vamp", "--help"), ("vamp", "--version"), ("c0c", "--explain"), ("vas", "--version"), ("c0c", "-fdump-core in.c0"), ("c0c", "-M in.c0"),
                       ("c0c", "-S -o - in.c0"), ("vas", "in.s -o -"), ("vld", "in.o -o -"), ("vdump", "in.o"),
                       ("consis", "--heap=16k in.c0"), ("consis", "--json --heap=16k in.c0"), ("consis", "--html=- --heap=16k in.c0"), ("consis", "--sarif=- --heap=16k in.c0"), ("c0i", "--dump --heap=16k in.c0"),
                       ("vamp", "in.elf --max-steps=1 --dump-state=json")):
        yield Row("standard-output", tool, text, BAD[tool], r"error: .*(standard output|-): cannot write.*\[cannot-write\]",
                  {**source, **assembly, "in.o": good["plain.o"], "in.elf": good["heap.elf"]}, stdout="/dev/full")
    yield Row("kept", "c0c", "-c in.c0 -o out.o", 1, PLACE, {"in.c0": b"int main() { return }", "out.o": b"old"})
    yield Row("kept", "vas", "in.s -o out.o", 1, PLACE, {"in.s": b"frob\n", "out.o": b"old"})
    yield Row("kept", "vld", "in.o -o out.elf", 1, PLACE, {"in.o": good["good.o"][:-9], "out.elf": b"old"})
    yield Row("one-of-two", "c0c", "a.c0 b.c0 -o out.elf", 1, r"^b\.c0:1:",
              {"a.c0": b"int f() { return 1; }", "b.c0": b"int main() { return }"})


VAMP = {
    "set": ("r5", "r32=1", "r5=0xZZ", "r5=0x100000000", "r0=1", "r5=", "=5", "=", "", ",", "r5=1,,r6=2", "r5=1,", "s12=1", "r-1=1",
            "r=1", "f32=1", "mode=7x", "r5=-2147483649", "r5=1=2", "r5==", "pc", "r5=99999999999999999999999", "\xFF=1", "x" * 100000),
    "raw": ("in.bin", "@0", "in.bin@", "in.bin@x", "in.bin@-", "in.bin@4294967296", "in.bin@0xFFFFFFFE", "in.bin@67108864",
            "nowhere@0", "folder@0", "empty@0", "@", "in.bin@0@x", "x" * 100000),
    "mem": ("", "0", "5000", "3G", "k", "-1", "-4096", "4096x", "99999999999999999999M", "0x", "4k4", "4294967295G", "1T"),
    "dump-mem": ("", "0", ":", "0:", ":4", "x:4", "0:x", "-4:8", "0:67108865", "67108864:1", "4294967295:4294967295", "0:4:4", "0-4"),
    "dump-state": ("xml", "JSON", "json,"),
    "max-steps": ("many", "-1", "", "18446744073709551616", "1e9", "0x"),
    "serial": ("x", "", "stdio,"),
    "disk": ("nowhere", "folder", "in.bin", "empty", "/dev/full"),
    "disk5": ("nowhere", "folder", "in.bin", "empty"),
    "seed": ("x", "-1", "4294967296"),
    "disk-fault": ("0", "x", "", ",bad", "1,", "1,good", "4294967296"),
    "replay": ("nowhere", "folder", "in.bin", "empty"),
    "restore": ("nowhere", "folder", "in.bin", "empty"),
    "record": ("nowhere/log", "folder", "/dev/full"),
    "save": ("nowhere/state", "folder", "/dev/full"),
    "result-json": ("nowhere/result", "folder", "/dev/full"),
    "result-junit": ("nowhere/result", "folder", "/dev/full"),
    "input": ("nowhere", "folder"),
    "watchdog": ("x", "-1", "1e9"),
    "max-disk-writes": ("x", "-1", "1e9"),
    "digest-interval": ("0", "x", "-1"),
    "trace-device": ("clock", "disk,", "all,x", ",", "x" * 100000),
}
SIZES = ("lots", "", "-1", "5G", "16q", "1kk", "0x", "99999999999999999999", "4294967296", "1.5M", " 4")
CORRUPT = ("", "5", ":", "5:", "x:reg=1,value=1", "-1:reg=1,value=1", "5:reg=0,value=1", "5:reg=32,value=1", "5:reg=1", "5:reg",
           "5:reg=1,value=", "5:reg=1,value=x", "5:mem=3,value=1", "5:mem=,value=1", "5:frob=1,value=1", "5:pc=", "5:pc=x",
           "99999999999999999999:pc=0", "5:mem=0x100000000,value=0", "5:reg=1,value=4294967296", "5:=", "5:byte=1,,value=1")


def arguments(good):
    def said(option, value):
        return rf"^vamp: .*({option}|{re.escape(value[:20]) or 'number'}|nowhere|folder)"

    memory = {"in.bin": b"\1\2\3\4", "empty": b"", "folder": None}
    for option, values in VAMP.items():
        extra = {"dump-mem": ["--dump-state=json"], "raw": []}.get(option, [])
        base = ["--max-steps=1"] if option != "max-steps" else []
        for value in values:
            if option != "raw":
                extra = [*extra, "--raw=in.bin@0"]
            yield Row(f"--{option}", "vamp", [*base, *extra, f"--{option}={value}"], 125,
                      said(option, value), memory)
    program = {"in.c0": inputs.HEAP}
    for size in SIZES:
        for option in ("heap", "stack"):
            for tool, rest in (("c0c", link("in.c0")), ("c0i", ["in.c0"]), ("consis", ["in.c0"])):
                yield Row(f"--{option}", tool, [f"--{option}={size}", *rest], USAGE[tool], rf"^{tool}: error: --{option}: ", program)
            yield Row(f"--{option}", "vld", [f"--{option}={size}", *link("in.o")], 2, rf"^vld: error: --{option}: ",
                      {"in.o": good["plain.o"]})
        yield Row("--memory", "vld", [f"--memory={size}", *link("in.o")], 2, "^vld: error: --memory: ", {"in.o": good["plain.o"]})
        yield Row("--memory", "c0c", [f"--memory={size}", *link("in.c0")], 2, "^c0c: error: --memory: ", program)
    for text in CORRUPT:
        yield Row("--corrupt", "consis", [f"--corrupt={text}", "in.c0"], 2, r"^consis: error: --corrupt=.*\[bad-corrupt\]", program)
    for text in ("0:mem=0xFFFFFFFC,value=1", "0:byte=0xFFFFFFFF,value=1", "0:pc=3", "0:dpc=0xFFFFFFFC", "999999999:pc=0", "3:reg=30,value=2"):
        yield Row("--corrupt", "consis", [f"--corrupt={text}", "--max-steps=1000", "--limit=1000", "in.c0"], {0, 1, 3}, "", program)
    for option in ("--max-steps", "--limit"):
        for text in ("x", "-1", "", "18446744073709551616"):
            yield Row(option, "consis", [f"{option}={text}", "in.c0"], 2, "^consis: ", program)
            yield Row("--max-steps", "c0i", [f"--max-steps={text}", "in.c0"], 125, "^c0i: ", program)
    yield Row("--dump", "c0i", "--dump=xml in.c0", 125, "^c0i: error: --dump=xml", program)
    yield Row("--dump-at", "c0i", "--dump-at=x in.c0", 125, "^c0i: ", program)
    for text in ("-O9", "-Ox", "-std=c99", "-x frob", "-fcheck=frob", "-Gx", "-G-1", "-ferror-limit=x", "--color=red",
                 "-fdiagnostics-format=xml", "-o", "-MF"):
        yield Row("option", "c0c", ["-c", "in.c0", *text.split()], 2, "^c0c: ", program)
    yield Row("-o", "c0c", "-c in.c0 in.c0 -o out.o", 2, "^c0c: error: -o out.o: ", program)
    yield Row("-l", "c0c", "in.c0 -lfrob -o out.elf", 1, "frob", program)
    yield Row("runtime", "c0c", "--runtime=nowhere in.c0 -o out.elf", 1, "nowhere/libc0.a", program)
    yield Row("--entry", "vld", "in.o -o out.elf --entry=frob", 1, "frob", {"in.o": good["plain.o"]})
    yield Row("-u", "vld", "in.o -o out.elf -u frob", {0, 1}, "frob", {"in.o": good["plain.o"]})


def images(good):
    """Disk images and the programs in them."""
    image, program = {"in.img": good["disk.img"]}, {"in.elf": good["user.elf"]}
    place = r"^in\.img: .*error: .*\[bad-image\]$"
    for size in (0, 4, 36, 4095, 4096, 8192, 8193, len(good["disk.img"]) - 1):
        for command in (["list", "in.img"], ["fsck", "in.img"], ["extract", "in.img", "a", "-o", "out"]):
            yield Row(f"image of {size}", "vimg", command, 1, place, {"in.img": good["disk.img"][:size]})
    yield Row("image", "vimg", "fsck in.img", 0, "", image)
    yield Row("nobody", "vimg", "extract in.img nobody -o out", 1, "nobody", image)
    for words in ("list", "fsck", "extract in.img", "extract in.img a", "build -o out", "build a=in.elf", "frob in.img", "list in.img in.img",
                  "build -o out in.elf", "build -o out =in.elf", "build -o out a=", "build -o out a=in.elf,mask=x", "build -o out a=in.elf,mask=1"):
        yield Row("words", "vimg", words, 2, r"^vimg: error: ", {**image, **program})
    for option in ("--slots=x", "--slots=-1", "--tables=", "--frames=1.5"):
        yield Row("option", "vimg", ["build", "-o", "out", option, "a=in.elf"], 2, "^vimg: ", program)
    for option in ("--slots=0", "--slots=3", "--slots=65537", "--slots=4294967295", "--tables=257", "--tables=0", "--frames=1"):
        yield Row("limit", "vimg", ["build", "-o", "out", option, "a=in.elf"], 1, r"^vimg: error: .*\[image-limit\]$", program)
    yield Row("same name", "vimg", "build -o out a=in.elf a=in.elf", 1, r"^vimg: error: a: two processes", program)
    yield Row("long name", "vimg", ["build", "-o", "out", "x" * 41 + "=in.elf"], 1, r"1 to 40 printable", program)
    yield Row("no program", "vimg", "build -o out a=in.elf", 1, r"^in\.elf: error: .*\[not-an-image\]$", {"in.elf": good["plain.o"]})
    for to in (NO_FOLDER, "folder", "/dev/full"):
        yield Row("output", "vimg", ["build", "-o", to, "a=in.elf"], 1, r"\[cannot-write\]", {**program, "folder": None})
        yield Row("output", "vimg", ["extract", "in.img", "a", "-o", to], 1, r"\[cannot-write\]", {**image, "folder": None})
    yield Row("standard-output", "vimg", "list in.img", 1, r"cannot write.*\[cannot-write\]", image, stdout="/dev/full")


def kernels(good):
    """Kernels, disks and lists of events for the CVM machine and konsis."""
    content = {"in.elf": good["kernel.elf"], "in.img": good["disk.img"], "in.o": good["kernel.o"]}
    cvm, konsis = ["in.elf", "--disk=in.img"], ["in.elf", "--disk=in.img", "--max-steps=1000"]
    for name, rest in (("cvm", ["user.elf"]), ("konsis", ["user.elf", "--disk=in.img"])):
        yield Row("no kernel", name, rest, BAD[name], r"user\.elf.*\[no-kernel\]", {**content, "user.elf": good["user.elf"]})
        yield Row("disk", name, ["in.elf", "--disk=in.o"], BAD[name], r"in\.o.*\[bad-image\]", content)
        yield Row("no disk", name, ["in.elf", "--disk=nowhere"], BAD[name], "nowhere.*cannot open", content)
        yield Row("second disk", name, ["in.elf", "--disk=in.img", "--disk5=nowhere"], BAD[name], "nowhere", content)
        for size in VAMP["mem"]:
            yield Row("--mem", name, ["in.elf", "--disk=in.img", f"--mem={size}"], USAGE[name], f"^{name}: error: ", content)
    yield Row("object", "konsis", ["in.o", "--disk=in.img"], 1, r"in\.o.*\[bad-elf\]", content)
    yield Row("two kernels", "konsis", ["in.elf", "in.elf", "--disk=in.img"], 2, "^konsis: error: name one kernel", content)
    yield Row("two kernels", "cvm", ["in.elf", "in.elf"], 125, r"in\.elf.*\[no-kernel\]", content)
    for option in ("--force=", "--force=x", "--force=5", "--force=5:", "--force=5:0", "--force=5:8", "--force=x:1", "--disk-fault=0", "--disk-fault=x",
                   "--serial=x", "--mode=x", "--corrupt=x", "--max-instructions=x", "--limit=x"):
        yield Row("option", "konsis", [*konsis, option], 2, "^konsis: ", content)
    for option in ("--serial=x", "--max-steps=x", "--heap=x", "--stack=-1", "--seed=x"):
        yield Row("option", "cvm", [*cvm, option], 125, "^cvm: ", content)
    for name, text in (("empty", b""), ("rubbish", RUBBISH), ("another", b"cvm-events 2\n"), ("half", b"cvm-events 1\n5 line\n"),
                       ("device", b"cvm-events 1\n5 line 9\n"), ("order", b"cvm-events 1\n5 line 1\n4 line 1\n"), ("long", b"cvm-events 1\n" + b"9" * 100000)):
        yield Row(f"events {name}", "cvm", [*cvm, "--replay=in.txt"], 125, r"in\.txt.*line \d+.*\[bad-events\]$", {**content, "in.txt": text})
    for to in (NO_FOLDER, "folder", "/dev/full"):
        for report in ("json", "html"):
            yield Row("output", "konsis", [*konsis, f"--{report}={to}"], 1, r"\[cannot-write\]", {**content, "folder": None})
        for option in ("record", "trace")[:2 - (to == "/dev/full")]:  # nothing is traced
            yield Row("output", "cvm", [*cvm, f"--{option}={to}"], 125, r"\[cannot-write\]", {**content, "folder": None})


def reports(good):
    """Reports to run again that are none, damaged, or about something else."""
    image = {"in.elf": good["loop.elf"]}
    whole = json.loads(good["report.json"])
    bad = r"^consis: error: in\.json: .*\[bad-report\]$"

    def replay(name, text, status=1, first=bad, options=()):
        content = text if isinstance(text, bytes) else json.dumps(text).encode()
        return Row(f"replay {name}", "consis", ["--replay=in.json", *options], status, first, {**image, "in.json": content})

    yield replay("good", whole, 0)
    yield Row("replay missing", "consis", "--replay=in.json", 1, r"in\.json: cannot open.*\[cannot-read\]", image)
    yield Row("replay folder", "consis", "--replay=in.json", 1, r"in\.json: .*\[cannot-read\]", {**image, "in.json": None})
    yield Row("replay image", "consis", "--replay=in.elf", 1, r"in\.elf: .*\[bad-report\]", image)
    for name, text in (("empty", b""), ("rubbish", RUBBISH), ("null", None), ("list", []), ("number", 7), ("foreign", {"version": "2.1.0"}),
                       ("nested", b"[" * 100000), ("cut", good["report.json"][:-40]), ("bytes", b'{"run": "\xff"}')):
        yield replay(name, text)
    for key in ("inputs", "sha256", "limit", "checked", "corrupt", "input"):
        for value in (None, -1, [7], {}, "\n", 1e300):
            yield replay(f"{key}={value!r}", {**whole, "run": {**whole["run"], key: value}},
                         first=r"^consis: error: (in\.json: .*\[bad-report\]|in\.elf: .*\[replay-image\])$")
    for key in ("mode", "verdict", "counters", "run"):
        yield replay(f"no {key}", {k: v for k, v in whole.items() if k != key})
    for failure in (7, {}, {"condition": "v-consis", "c0Step": "x", "machineStep": 1}):
        yield replay("failure", {**whole, "failure": failure})
    yield replay("no failure", {**whole, "failure": {"condition": "v-consis", "c0Step": 3, "machineStep": 9}},
                 first=r"in\.json: .*\[replay-differs\]")
    run = whole["run"]
    for inputs in (["nowhere"], [""], ["in.json"], ["in.elf", "in.elf"], ["/dev/null"], ["-"], ["x" * 100000]):
        yield replay(f"inputs {inputs[0][:20]}", {**whole, "run": {**run, "inputs": inputs}}, {1, 2}, first="")
    for compiled in (7, {}, {"std": "c99", "include": [], "define": [], "heap": "", "stack": "", "checks": True},
                     {"std": "c0", "include": [], "define": [], "heap": "lots", "stack": "", "checks": True},
                     {"std": "c0", "include": ["\n"], "define": ["-o", "x y"], "heap": "", "stack": "-1", "checks": True}):
        yield replay("sources", {**whole, "run": {**run, "inputs": ["in.json"], "sources": compiled}}, first="")
    for step in ("x", "-1", "", "18446744073709551616"):
        yield replay(f"--step={step}", whole, 2, "^consis: ", [f"--step={step}"])
    yield replay("--step past the end", whole, 1, r"--step=5001.*\[replay-step\]", ["--step=5001"])
    for option in ("--json", "--html=x", "--sarif=x", "--max-steps=3", "--corrupt=1:pc=0", "-std=c0", "--heap=4k", "-DX", "--stats"):
        yield replay(option, whole, 2, r"^consis: error: --replay: .*\[usage\]", [option])


def shards(good):
    """Shards to merge that are none, damaged, or, though whole, say what cannot be."""
    image = {"in.elf": good["loop.elf"]}
    whole = json.loads(good["shard.json"])["shard"]

    def sealed(shard):
        text = json.dumps(shard, sort_keys=True, separators=(",", ":"))
        return f'{{"shard": {text}, "sha256": "{hashlib.sha256(text.encode()).hexdigest()}"}}'.encode()

    def merge(name, content, status=1, first=r"^consis: error: in\.json: .*\[bad-shard\]$"):
        return Row(f"merge {name}", "consis", ["--merge", "in.json"], status, first, {**image, "in.json": content})

    yield merge("good", good["shard.json"], 3, r"^limit: 2,000 C0 steps")
    yield merge("good, sealed here", sealed(whole), 3, r"^limit: 2,000 C0 steps")
    yield Row("merge missing", "consis", ["--merge", "in.json"], 1, r"in\.json: cannot open.*\[cannot-read\]", image)
    yield Row("merge image", "consis", ["--merge", "in.elf"], 1, r"in\.elf: .*\[bad-shard\]", image)
    yield Row("merge twice", "consis", ["--merge", "in.json", "in.json"], 1, r"\[duplicate-shard\]", {**image, "in.json": good["shard.json"]})
    yield Row("merge another image", "consis", ["--merge", "in.json"], 1, r"in\.elf: .*\[stale-shard\]",
              {"in.elf": good["heap.elf"], "in.json": good["shard.json"]})
    for name, content in (("empty", b""), ("rubbish", RUBBISH), ("null", b"null"), ("report", good["report.json"]), ("nested", b"[" * 100000),
                          ("cut", good["shard.json"][:-40]), ("changed", good["shard.json"].replace(b"reached", b"ended"))):
        yield merge(name, content)
    for key in whole:
        for value in (None, -1, [7], {}, "\n", 1e300):
            yield merge(f"{key}={value!r}", sealed({**whole, key: value}))
    first, second, *rest = whole["results"]
    for key in second:
        for value in (None, -1, 2**62, [7], {}, "\n"):
            yield merge(f"result {key}={value!r}", sealed({**whole, "results": [first, {**second, key: value}, *rest]}))
    data = second["data"]
    for i in range(len(data)):
        changed = {**second, "data": [*data[:i], 2**32 - 1, *data[i + 1:]]}
        yield merge(f"number {i}", sealed({**whole, "results": [first, changed, *rest]}), {1, 3}, first="")


def texts():
    """Sources that are hard to read."""
    place = r"^(in|x|\./in|<stdin>|nowhere).*:\d+:\d+: (fatal )?error: |^\S*in\.c0.*error: .*\]$|^In file included from |^\S*in\.c0:\d+:(\d+:)? (error|warning): "
    for name, (text, refused) in inputs.C0.items():
        allowed = {True: {1}, False: {0}, None: {0, 1}}[refused]
        yield Row(f"text {name}", "c0c", on("c0c", "in.c0"), allowed, place, {"in.c0": text})
        if len(text) < 200000 or name in ("sum-1mb", "parens-1mb"):
            if b"#" not in text or refused is False:
                yield Row(f"text {name}", "c0i", on("c0i", "in.c0"), {125 if status else 7 for status in allowed}, place,
                          {"in.c0": text})
            yield Row(f"text {name}", "consis", on("consis", "in.c0"), allowed, place, {"in.c0": text})
    for name, (text, refused) in inputs.ASSEMBLY.items():
        yield Row(f"text {name}", "vas", on("vas", "in.s"), {True: {1}, False: {0}, None: {0, 1}}[refused],
                  r"^in\.s:\d+:\d+: error: ", {"in.s": text})


def runs(good):
    """Programs that end badly: the abstract machine, the emulator and consis agree on where."""
    for name, (text, fault) in inputs.RUNS.items():
        line = text[:text.index(b"//@")].count(b"\n") + 1
        first = rf"^\S*{name}\.c0:{line}:\d+: fault: \S*{fault}"
        for tool, status, file in (("c0i", 123, f"{name}.c0"), ("vamp", 123, f"{name}.elf"), ("consis", 4, f"{name}.c0"),
                                   ("consis", 4, f"{name}.elf"), ("c0i", 123, f"{name}.elf")):
            content = good[file] if file.endswith(".elf") else text
            limits = ["--max-steps=200000000"] if tool == "vamp" else [] if file.endswith(".elf") else inputs.SMALL
            yield Row(f"run {name}", tool, [*limits, file], status, first, {file: content}, failures={status})
    loop, image = {"in.c0": inputs.LOOP}, {"in.elf": good["loop.elf"]}
    yield Row("loop", "c0i", "--max-steps=100000 in.c0", 124, r"c0i: limit of 100000 steps reached at in\.c0:4:", loop, failures={124})
    yield Row("loop", "vamp", "--max-steps=1000000 in.elf", 124, "", image, failures={124})
    yield Row("loop", "vamp", "--max-steps=10000 --reference in.elf", 124, "", image, failures={124})
    yield Row("loop", "consis", "--max-steps=100000 in.c0", 3, "", loop, failures={3})
    yield Row("heap", "c0i", "--heap=16k in.c0", 4, files={"in.c0": inputs.HEAP})
    yield Row("monitor", "vamp", "--monitor in.elf", 0, files=image, stdin=RUBBISH)
    yield Row("monitor", "vamp", "--monitor --input=/dev/null in.elf", 0, files=image, stdin="\n".join(inputs.MONITOR).encode())
    yield Row("heap", "vamp", "in.elf", 4, files={"in.elf": good["heap.elf"]})
    yield Row("heap", "consis", "--heap=16k in.c0", 0, files={"in.c0": inputs.HEAP})


def fixed(good):
    for part in (files(good), outputs(good), arguments(good), images(good), kernels(good), reports(good), shards(good), texts(), runs(good)):
        yield from part
