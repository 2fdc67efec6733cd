#!/usr/bin/env python3
"""refine link: the good linking and its certificate, which certificate.py checks on its own; tampered certificates and broken
linkings are refused, with the layer's name.

    check_link.py --tools build/release/bin --lib build/release/lib --folder /tmp/link
"""
import argparse
import copy
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../kernel"))
import certificate as checker  # noqa: E402
import image as images  # noqa: E402


class Linker:
    def __init__(self, args):
        self.args = args
        self.builder = images.Builder(args.tools, args.folder)

    def objects(self, name, replaced={}):
        """Compiles the kernel; the objects' paths."""
        sources = images.kernel_sources()
        self.builder.build(name, sources, ["-DNPAGES=64"], replaced=replaced, link=["-lbabyvmm", "--memory", "256k"])
        return [os.path.join(self.args.folder, f"{name}-{source.replace('/', '_')}.o") for source in sources]

    def link(self, name, objects, modules=images.MODULES):
        image, certificate = (os.path.join(self.args.folder, name + end) for end in (".elf", ".json"))
        for old in (image, certificate):
            if os.path.exists(old):
                os.remove(old)
        libraries = [os.path.join(self.args.lib, library) for library in ("libbabyvmm.a", "libc0.a")]
        done = subprocess.run([os.path.join(self.args.tools, "refine"), "link", *objects, *libraries, "--modules", modules,
                               "-o", image, "--certificate", certificate], capture_output=True, text=True)
        return done.returncode, done.stderr, image, certificate

    def table(self, name, change):
        """modules.txt with a change, as a file."""
        path = os.path.join(self.args.folder, name + ".txt")
        with open(images.MODULES) as file:
            text = file.read()
        changed = change(text)
        if changed == text:
            sys.exit(f"{name}: modules.txt does not have what should be changed")
        with open(path, "w") as file:
            file.write(changed)
        return path


def refused(linker, name, objects, modules, *wanted):
    status, said, image, certificate = linker.link(name, objects, modules)
    print(f"{name}: status {status}: {said.strip()[:300]}")
    if status != 1 or not all(text in said for text in wanted):
        sys.exit(f"{name}: expected status 1 and {wanted}")
    if os.path.exists(image) or os.path.exists(certificate):
        sys.exit(f"{name}: an output was left behind")


def tampered(good):
    """Certificates that say something else than what was checked."""
    def module(certificate, name):
        return next(m for m in certificate["modules"] if m["name"] == name)

    def changed(change):
        certificate = copy.deepcopy(good)
        change(certificate)
        return certificate

    yield "hash", changed(lambda c: c["image"].update(sha256="0" * 64))
    yield "no module as", changed(lambda c: c["modules"].remove(module(c, "as")))
    yield "model", changed(lambda c: module(c, "as").update(model="ALE"))
    yield "chain", changed(lambda c: c["chain"]["on"].remove("ALE-PE"))
    yield "clash", changed(lambda c: module(c, "pt")["exports"].append("mem_alloc"))
    yield "through", changed(lambda c: module(c, "as")["stubs"][0]["through"].pop())
    yield "no evidence", changed(lambda c: module(c, "as")["stubs"][0].update(calls=0))
    yield "cut off", changed(lambda c: c["run"].update(ended=False))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--lib", required=True)
    parser.add_argument("--folder", required=True)
    linker = Linker(parser.parse_args())
    objects = linker.objects("good")
    status, said, image, certificate = linker.link("linked", objects)
    if status:
        sys.exit(f"the good linking: status {status}: {said}")
    with open(certificate) as file:
        good = json.load(file)
    print("good: {} modules, {} stubs replaced".format(*checker.check(good)))
    run = subprocess.run([os.path.join(linker.args.tools, "vamp"), "--mem", "256K", image], capture_output=True)
    if run.returncode:
        sys.exit(f"the linked image ends with status {run.returncode}")
    for name, bad in tampered(good):
        try:
            checker.check(bad)
        except checker.Wrong as problem:
            print(f"tampered, {name}: {problem}")
        else:
            sys.exit(f"tampered, {name}: accepted")

    without = linker.table("stub-left-over", lambda text: text.replace("  exports as_request as_release\n", ""))
    refused(linker, "stub-left-over", objects, without, "[stub-left]", "as_request", "layer AS")
    clash = linker.table("name-clash", lambda text: text.replace("exports ptspace_base", "exports mem_alloc ptspace_base"))
    refused(linker, "name-clash", objects, clash, "[name-clash]", "mem over PE", "ptspace over PMAP")
    for name, layer in (("release-forgets-the-frame", "AS"), ("set-protected", "PMAP"), ("double-hand-out", "PMAP")):
        wrong = next(wrong for wrong in images.wrong_modules() if wrong.name == name)
        weak = linker.objects(name, {wrong.path: wrong.changed()})
        refused(linker, name, weak, images.MODULES, "[weak-stub]", "module " + wrong.module, "layer " + layer)
    twice = linker.objects("twice") + [objects[1]]
    refused(linker, "defined-twice", twice, images.MODULES, "[name-clash]", "is defined by", "layer ALE")
    down = linker.table("primitive-of-another-layer", lambda text: text.replace(
        "  source  kernel/babyvmm/pages.c0\n  imports ", "  source  kernel/babyvmm/pages.c0\n  imports pt_set "))
    refused(linker, "primitive-of-another-layer", objects, down, "[no-primitive]", "AS has no primitive")
    hidden = linker.table("not-imported", lambda text: text.replace("imports mem_alloc mem_free pt_set", "imports mem_alloc pt_set"))
    refused(linker, "not-imported", objects, hidden, "[undeclared-call]", "mem_free", "layer PMAP")


if __name__ == "__main__":
    main()
