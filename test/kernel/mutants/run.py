#!/usr/bin/env python3
"""Every kernel mutant of mutants.txt is wrong, and is noticed.

    run.py --tools build/release/bin --folder /tmp/mutants [name..]      by what the users say, by what is left over, by the primitives' model

`--check` only builds them. A mutant is the CVM implementation with the changes of its entry; its users and abstract kernels are right.
"""
import argparse
import glob
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
KERNEL = os.path.dirname(HERE)
ROOT = os.path.dirname(os.path.dirname(KERNEL))
sys.path[:0] = [KERNEL, os.path.join(KERNEL, "cvm")]
import check_primitives  # noqa: E402
import image as images  # noqa: E402
import kernels  # noqa: E402

STEPS = "30000000"
SESSION = "hog &\ntalk\nwild\ngrab\ntree\nwait\nextreme\n"
SEEDS = range(1, 41)
CALLS = 250


def entries():
    """The mutants: images.Wrong with .relations, .run and, some, .inside."""
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
                found[-1].relations = rest.split()
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
        subprocess.run(["cp", right, library], check=True)
        subprocess.run(["ar", "rD", library, object_], check=True, capture_output=True)
        return library

    def kernel(self, name, source, library, *flags):
        """The concrete kernel of an abstract one, in the folder of the library's mutant."""
        folder = self.folder if library.startswith(self.build) else os.path.dirname(library)
        abstract, image = os.path.join(self.folder, name + ".o"), os.path.join(folder, name + ".elf")
        self.must("c0c", "-I.", *flags, "-c", source, "-o", abstract)
        self.must("c0c", "--kernel", abstract, library, "-o", image)
        return image


# ---- noticed by what can be seen from outside ------------------------------------------------------------------------

def users(lab, library, name, source):
    """What the users of the tests' disk say, how it ends, what is left over. Interrupts come often."""
    image = lab.kernel(name, source, library, "-DPERIOD=30000")
    disk = os.path.join(lab.probe, "stress.img")
    status, out, _ = lab.tool("vamp", image, "--mem", "8M", "--snapshot", "--disk", disk, "--max-steps", STEPS)
    left, _, err = lab.tool("kernel-probe", "undisturbed", image, disk) if status == 0 else (0, "", "")
    return f"status {status}, {sorted(out)}, {err.strip()}"


def stress(lab, library):
    return users(lab, library, "minimal", "kernel/abstract/minimal/minimal.c0")


def heap(lab, library):
    return users(lab, library, "heap", "test/kernel/mutants/heap.c0")


def session(lab, library):
    """What vamos's users say."""
    image = os.path.join(lab.folder if library.startswith(lab.build) else os.path.dirname(library), "vamos.elf")
    objects = glob.glob(os.path.join(lab.build, "kernel/vamos/*.o"))
    lab.must("c0c", "--kernel", *objects, library, "-o", image)
    disk = os.path.join(lab.build, "kernel/vamos.img")
    status, out, _ = lab.tool("vamp", image, "--snapshot", "--disk", disk, "--max-steps", "400000000", input=SESSION)
    return f"status {status}, {out}"


def primitives(lab, library):
    """The first seed that differs from the model."""
    options = argparse.Namespace(tools=lab.tools, folder=os.path.dirname(library) if not library.startswith(lab.build) else lab.folder,
                                 machine="vamp")
    builder = kernels.Builder(options)
    builder.library = library
    for seed in SEEDS:
        error, _ = check_primitives.run(builder, options.folder, seed, CALLS, False)
        if error:
            return error.strip().split("\n")[0][:120]
    return ""


SCENARIOS = {"stress": stress, "heap": heap, "primitives": primitives, "session": session}


def noticed(lab, mutant, right):
    library = lab.library(mutant)
    for name in dict.fromkeys([mutant.run, *SCENARIOS]):
        if name in SCENARIOS and (said := SCENARIOS[name](lab, library)) != right[name]:
            return name, said.strip()[:110]
    return "-", "not noticed"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    lab = Laboratory(options)
    mutants = entries()
    if unknown := set(options.names) - {mutant.name for mutant in mutants}:
        sys.exit("mutants.txt has no " + ", ".join(sorted(unknown)))
    mutants = [mutant for mutant in mutants if not options.names or mutant.name in options.names]
    if options.check:
        for mutant in mutants:
            lab.library(mutant)
        print(f"{len(mutants)} mutants")
        return 0
    right = {name: scenario(lab, lab.library(None)) for name, scenario in SCENARIOS.items()}
    missed = []
    for mutant in mutants:
        if mutant.inside:
            print(f"{mutant.name:32} -          {mutant.inside}")
            continue
        who, said = noticed(lab, mutant, right)
        if who == "-":
            missed.append(mutant.name)
        print(f"{mutant.name:32} {who:10} {said}", flush=True)
    print(f"{len(mutants)} mutants, {len(missed)} not noticed" + (": " + ", ".join(missed) if missed else ""))
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
