#!/usr/bin/env python3
"""Every kernel mutant of mutants.txt is wrong, and is noticed.

    run.py --tools build/release/bin --folder /tmp/mutants [name..]     by konsis, which must name the relation
    run.py --tools build/release/bin --folder /tmp/mutants --outside    by what the users say, by what is left over, by the primitives' model

A mutant is the CVM implementation with the changes of its entry; its users and abstract kernels are right.
"""
import argparse
import glob
import hashlib
import os
import re
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
KERNEL = os.path.dirname(HERE)
ROOT = os.path.dirname(os.path.dirname(KERNEL))
sys.path[:0] = [KERNEL, os.path.join(KERNEL, "cvm")]
import check_primitives  # noqa: E402
import image as images  # noqa: E402
import kernels  # noqa: E402

STEPS = "60000000"
SEEDS = range(1, 31)
CALLS = 250


def entries():
    """The mutants: images.Wrong with .relation, .run and, some, .inside."""
    found = []
    with open(os.path.join(HERE, "mutants.txt"), encoding="utf-8") as file:
        for line in file:
            keyword, _, rest = line.strip().partition(" ")
            rest = rest.strip()
            if keyword == "wrong":
                name, _, text = rest.partition(" ")
                found.append(images.Wrong(name, text.strip()))
                found[-1].inside = None
            elif keyword == "relation":
                found[-1].relation = rest
            elif keyword == "run":
                found[-1].run = rest
            elif keyword == "inside":
                found[-1].inside = rest
            elif keyword == "at":
                found[-1].path, found[-1].function = rest.split()
            elif keyword == "old":
                found[-1].changes.append([rest, ""])
            elif keyword == "new":
                found[-1].changes[-1][1] = rest.replace("\\n", "\n")
    return found


class Laboratory:
    def __init__(self, options):
        self.tools, self.folder = os.path.abspath(options.tools), os.path.abspath(options.folder)
        self.build = os.path.dirname(self.tools)
        self.probe = os.path.join(self.build, "test/kernel/probe")
        self.known = {}
        os.makedirs(self.folder, exist_ok=True)

    def tool(self, name, *arguments, **more):
        done = subprocess.run([os.path.join(self.tools, name), *arguments], cwd=ROOT, capture_output=True, text=True, errors="replace", **more)
        return done.returncode, done.stdout, done.stderr

    def must(self, name, *arguments):
        status, _, err = self.tool(name, *arguments)
        if status:
            sys.exit(f"{name} {' '.join(arguments)}\n{err}")

    def library(self, mutant):
        """libcvm.a with the mutant's file in the place of the right one; without a mutant the right one."""
        right = os.path.join(self.build, "lib/libcvm.a")
        if mutant is None:
            return right
        stem = os.path.join(self.folder, mutant.name)
        os.makedirs(stem, exist_ok=True)
        source = os.path.join(stem, os.path.basename(mutant.path))
        with open(source, "w", encoding="utf-8") as file:
            file.write(mutant.changed())
        object_ = os.path.join(stem, re.sub("[/.]", "_", mutant.path) + ".o")
        if mutant.path.endswith(".s"):
            self.must("vas", source, "-o", object_)
        else:
            self.must("c0c", "-std=c0", "-I.", "-Ikernel/cvm", "-fno-check", "-c", source, "-o", object_)
        library = os.path.join(stem, "libcvm.a")
        shutil.copy(right, library)
        subprocess.run(["ar", "rD", library, object_], check=True, capture_output=True)
        return library

    def out(self, library):
        """Where kernels with this library go."""
        folder = os.path.join(self.folder, "right") if library == self.library(None) else os.path.dirname(library)
        os.makedirs(folder, exist_ok=True)
        return folder

    def remember(self, key, what):
        key = repr(key)
        if key not in self.known:
            self.known[key] = what()
        return self.known[key]

    def kernel(self, name, source, library, *flags):
        """The concrete kernel of an abstract one, in the folder of the library's mutant."""
        abstract, image = os.path.join(self.folder, name + ".o"), os.path.join(self.out(library), name + ".elf")
        self.must("c0c", "-I.", *flags, "-c", source, "-o", abstract)
        self.must("c0c", "--kernel", abstract, library, "-o", image)
        return image


# ---- scenarios: (kernel, disk, input, further arguments), one run or several ------------------------------------------

def stress(lab, library, name="minimal", source="kernel/abstract/minimal/minimal.c0"):
    """Pages come and go, interrupts come often."""
    image = lab.kernel(name, source, library, "-DPERIOD=30000")
    yield image, os.path.join(lab.probe, "stress.img"), None, ["--mem", "8M"]


def heap(lab, library):
    """The same; the abstract kernel has a heap."""
    return stress(lab, library, "heap", "test/kernel/mutants/heap.c0")


def session(lab, library):
    """vamos, whose users take all memory and all processes."""
    image, disk = os.path.join(lab.out(library), "vamos.elf"), os.path.join(lab.folder, "session.img")
    lab.must("c0c", "--kernel", *sorted(glob.glob(os.path.join(lab.build, "kernel/vamos/*.o"))), library, "-o", image)
    if not os.path.exists(disk):
        users = [f"{name}={lab.build}/kernel/user/{name}.elf" for name in ("shell", "grab", "talk", "wild")]
        lab.must("vimg", "build", "-o", disk, "--slots", "200", "--frames", "40", *users)
    yield image, disk, "grab\ntalk\nwild\n", []


def primitives(lab, library):
    """All primitives, with good and hostile arguments; right results come from a model."""
    image = lab.kernel("driver", "test/kernel/cvm/driver.c0", library)
    builder = kernels.Builder(argparse.Namespace(tools=lab.tools, folder=lab.folder, machine="vamp"))
    for seed in SEEDS:
        stem = os.path.join(lab.folder, str(seed))
        if not os.path.exists(stem + ".calls"):
            check_primitives.run(builder, lab.folder, seed, CALLS, True)
        with open(stem + ".calls", encoding="latin1") as calls:
            yield image, stem + ".disk", calls.read(), ["--disk5", stem + ".scratch"]


SCENARIOS = {"stress": stress, "heap": heap, "primitives": primitives, "session": session}


# ---- who notices -----------------------------------------------------------------------------------------------------

def seen(lab, run):
    """What can be seen of a run from outside: how it ends, what is said, what is left over."""
    image, disk, text, more = run
    disks = [os.path.join(lab.folder, name) for name in ("disk", "scratch")]  # a run writes them; what is in the second one is compared
    for source, copy in zip([disk, *more[1:]] if "--disk5" in more else [disk], disks):
        shutil.copy(source, copy)
    more = ["--disk5", disks[1]] if "--disk5" in more else more
    status, out, _ = lab.tool("vamp", image, "--disk", disks[0], *more, "--max-steps", STEPS, input=text)
    if "--disk5" in more:
        with open(disks[1], "rb") as scratch:
            out += hashlib.sha256(scratch.read()).hexdigest()
    left = lab.tool("kernel-probe", "undisturbed", image, disk)[2] if text is None and status == 0 else ""
    return f"status {status}, {sorted(out) if text is None else out}{left.strip()}"


def outside(lab, mutant):
    if mutant.inside:
        return True, mutant.inside
    library = lab.library(mutant)
    for name in dict.fromkeys([mutant.run, *SCENARIOS]):
        for run, right in zip(SCENARIOS[name](lab, library), SCENARIOS[name](lab, lab.library(None))):
            if (said := seen(lab, run)) != lab.remember(right, lambda: seen(lab, right)):
                return True, f"{name}: {said.strip()[:80]!r}"
    return False, "not noticed"


def konsis(lab, mutant):
    """konsis finds an inconsistency, and names the relation."""
    for image, disk, text, more in SCENARIOS[mutant.run](lab, lab.library(mutant)):
        status, _, err = lab.tool("konsis", image, "--disk", disk, "-q", "--max-instructions", STEPS, *more, input=text)
        first = err.split("\n")[0]
        if status == 1:
            named = re.search(r"inconsistent: ([\w-]+): ", first)
            return bool(named) and named[1] == mutant.relation, first
        if status not in (0, 3):
            return False, f"status {status}: {first}"
    return False, "not noticed"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--check", action="store_true", help="only build them")
    parser.add_argument("--outside", action="store_true")
    parser.add_argument("--every", type=int, default=1, help="only every k-th")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    lab = Laboratory(options)
    mutants = entries()
    if unknown := set(options.names) - {mutant.name for mutant in mutants}:
        sys.exit("mutants.txt has no " + ", ".join(sorted(unknown)))
    mutants = [mutant for mutant in mutants if not options.names or mutant.name in options.names][::options.every]
    if options.check:
        for mutant in mutants:
            lab.library(mutant)
        print(f"{len(mutants)} mutants")
        return 0
    wrong = []
    for mutant in mutants:
        good, said = (outside if options.outside else konsis)(lab, mutant)
        if not good:
            wrong.append(mutant.name)
        print(f"{'' if good else 'WRONG '}{mutant.name}: {said}", flush=True)
    print(f"{len(mutants)} mutants, {len(wrong)} not noticed" + (": " + ", ".join(wrong) if wrong else ""))
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
