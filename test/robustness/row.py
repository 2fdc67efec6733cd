"""A row: one run of one tool, and what it may answer (the project's conventions for statuses and messages)."""

import os
import re
import subprocess
from dataclasses import dataclass, field

TOOLS = ("c0c", "c0i", "consis", "vas", "vld", "vdump", "vamp", "vimg", "cvm", "konsis")
GUARD = 60  # seconds; against hangs, not a timing

# Errors in the input, wrong usage. vamp, c0i and cvm return their program's status, and have one for both (docs/adr/0004).
BAD = {tool: 125 if tool in ("c0i", "vamp", "cvm") else 1 for tool in TOOLS}
USAGE = {tool: 125 if tool in ("c0i", "vamp", "cvm") else 2 for tool in TOOLS}

# "FILE:LINE:COL: error: .. [id]", "FILE: PLACE: error: .. [id]" or "TOOL: error: PLACE: .. [id]".
PLACE = r"^(?:[^ ].*: (?:fatal )?error: .+|TOOL: error: .+: .+) \[[a-z][a-z0-9-]+\]$"
SANITIZER = re.compile(r"(Address|Leak|Memory|UndefinedBehavior)Sanitizer|: runtime error: |terminate called|"
                       r"Assertion .* failed|PLEASE submit a bug report|Stack dump:")
DAMAGED = re.compile(r"\[bad-(elf|map|core|archive|note|image)\]$")
WHERE = re.compile(r"header|section|symbol|byte \d|relocation|\.c0map|\.c0core|\.note|function|global|a (file|unit)'s name|:\d+:\d+: |"
                   r"not an ELF file|the file is empty|descriptor|the file has|the file's size")


@dataclass
class Row:
    name: str
    tool: str
    arguments: list
    statuses: set
    first: str = PLACE  # pattern of the first line on standard error; looked at when the status says failure
    files: dict = field(default_factory=dict)  # name -> bytes, or None for a folder
    stdin: bytes = b""
    stdout: str = None  # a device that takes its place
    failures: set = None  # the statuses that say failure

    def __post_init__(self):
        if isinstance(self.arguments, str):
            self.arguments = self.arguments.split()
        if isinstance(self.statuses, int):
            self.statuses = {self.statuses}
        if self.failures is None:
            self.failures = {BAD[self.tool], USAGE[self.tool]}


@dataclass
class Outcome:
    wrong: list
    err: str


def listing(folder):
    """Every file with its bytes."""
    found = {}
    for base, folders, files in os.walk(folder):
        for name in folders:
            found[os.path.relpath(os.path.join(base, name), folder)] = None
        for name in files:
            with open(os.path.join(base, name), "rb") as file:
                found[os.path.relpath(os.path.join(base, name), folder)] = file.read()
    return found


def create(row, folder):
    for name, content in row.files.items():
        path = os.path.join(folder, name)
        if content is None:
            os.makedirs(path)
        else:
            with open(path, "wb") as file:
                file.write(content)


def check(row, status, err, before, after):
    wrong = []
    if status < 0 or status >= 128 and status not in row.statuses:
        wrong.append(f"ended by a signal or with status {status}")
    elif status not in row.statuses:
        wrong.append(f"status {status}, allowed {sorted(row.statuses)}")
    if SANITIZER.search(err):
        wrong.append("a report of the sanitizers or of a crash")
    if status in row.failures:
        line = err.split("\n")[0]
        if not re.search(row.first.replace("TOOL", row.tool), line):
            wrong.append(f"the first line is not {row.first}")
        elif DAMAGED.search(line) and not WHERE.search(line):
            wrong.append("the message does not say where in the file")
        if before != after:
            names = [n for n in sorted(before.keys() | after.keys()) if before.get(n, 0) != after.get(n, 0)]
            wrong.append(f"it fails and leaves {', '.join(names)}")
    return wrong


def execute(row, tools, folder):
    create(row, folder)
    command = [os.path.join(tools, row.tool), *row.arguments]
    before = listing(folder)
    try:
        with open(row.stdout or os.devnull, "wb") as out:
            done = subprocess.run(command, input=row.stdin, stdout=out, stderr=subprocess.PIPE, timeout=GUARD, cwd=folder)
    except subprocess.TimeoutExpired:
        return Outcome([f"no end within {GUARD} s"], "")
    err = done.stderr.decode("latin-1")
    return Outcome(check(row, done.returncode, err, before, listing(folder)), err)
