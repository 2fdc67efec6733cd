"""Builds images of BabyVMM's modules for the tests: whole kernels, and drivers that call mem, pt and as one by one."""
import os
import re
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
MODULES = os.path.join(ROOT, "kernel/babyvmm/modules.txt")
WRONG = os.path.join(ROOT, "test/kernel/wrong/wrong.txt")


def kernel_sources():
    with open(MODULES) as file:
        return list(dict.fromkeys(line.split()[1] for line in file if line.split()[:1] == ["source"]))


class Builder:
    def __init__(self, tools, folder):
        self.c0c, self.vamp = os.path.join(tools, "c0c"), os.path.join(tools, "vamp")
        self.folder = folder
        os.makedirs(folder, exist_ok=True)

    def build(self, name, sources, flags, include="kernel/babyvmm", link=(), replaced={}):
        """The image's path. `replaced`: source -> text to be compiled in its place."""
        objects = []
        for source in sources:
            stem = os.path.join(self.folder, name + "-" + source.replace("/", "_"))
            given = source
            if source in replaced:
                given = stem
                with open(given, "w") as file:
                    file.write(replaced[source])
            objects.append(stem + ".o")
            standard = "-std=c0x" if source.endswith(".c0") else "-std=c0"
            self.run(self.c0c, standard, "-I.", "-I" + include, *flags, "-c", given, "-o", objects[-1])
        image = os.path.join(self.folder, name + ".elf")
        self.run(self.c0c, *objects, *link, "--heap", "0", "--stack", "12k", "-o", image)
        return image

    def run(self, *command):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(" ".join(command) + "\n" + done.stdout + done.stderr)


def source_text(path):
    with open(os.path.join(ROOT, path)) as file:
        return file.read()


class Wrong:
    """One entry of wrong.txt."""

    def __init__(self, name, text):
        self.name, self.text, self.changes = name, text, []

    def changed(self):
        """The file's text with the changes; each old text must occur once in the function."""
        text = source_text(self.path)
        begin, end = 0, len(text)
        if self.function != "-":
            head = re.search(rf"^\w+ {self.function}\([^;]*\) {{$", text, re.MULTILINE)
            begin = head.start() if head else self.fail("no function " + self.function)
            end = text.index("\n}\n", begin)
        body = text[begin:end]
        for old, new in self.changes:
            if body.count(old) != 1:
                self.fail(f"`{old}` occurs {body.count(old)} times")
            body = body.replace(old, new)
        return text[:begin] + body + text[end:]

    def fail(self, text):
        raise SystemExit(f"wrong.txt: {self.name}: {text}")


def wrong_modules():
    entries = []
    with open(WRONG) as file:
        for line in file:
            keyword, _, rest = line.strip().partition(" ")
            rest = rest.strip()
            if keyword == "wrong":
                name, _, text = rest.partition(" ")
                entries.append(Wrong(name, text.strip()))
            elif keyword == "module":
                entries[-1].module = rest
            elif keyword == "at":
                entries[-1].path, entries[-1].function = rest.split()
            elif keyword == "old":
                entries[-1].changes.append([rest, ""])
            elif keyword == "new":
                entries[-1].changes[-1][1] = rest.replace("\\n", "\n")
    return entries
