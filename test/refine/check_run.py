#!/usr/bin/env python3
"""refine run: BabyVMM's runs are related in all models, with the figures that vamp counts; kernels that leave their layer are
stopped in its words; reports.

    check_run.py --tools build/release/bin --images build/release/kernel --folder /tmp/run 64 4096
"""
import argparse
import json
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../kernel"))
import image as images  # noqa: E402

CHAIN = ["HW", "PD", "PE", "ALD", "ALE", "PMAP", "AS"]
RELATIONS = ["PD-HW", "PE-HW", "ALD-PD", "ALE-PE", "PMAP-ALE", "AS-PMAP"]

# What a kernel does after its start, and what refine says: model and rule.
HEAD = '#include <stdlib.h>\n#include "kernel/as/as.h"\n#include "kernel/mem/mem.h"\n#include "kernel/pt/pt.h"\n' \
       '#include "kernel/babyvmm/memory.h"\n#include "layout.h"\n' \
       '#define AT(page) ((unsigned)(page) << 12)\nint sink;\nint kernel_init() {\n  %s\n  exit(0);\n  return 0;\n}\n'
KERNELS = [
    ("ok", "int page = mem_alloc(); st(AT(page), 7u); as_request(0, NPAGES); st(AT(NPAGES) + 8u, ld(AT(page)));", None, None),
    ("load-of-a-free-frame", "sink = (int)ld(AT(END_PAGE - 1));", "AS", "allocated"),
    ("store-into-the-page-table", "st(AT(PT_PAGE), 0u);", "AS", "allocated"),
    ("store-into-mem_next", "st(AT(MEM_PAGE), 0u);", "AS", "allocated"),
    ("store-into-page-0", "st(AT(0), 0u);", "AS", "allocated"),
    ("load-of-code", "sink = (int)ld(AT(8));", "AS", "allocated"),
    ("use-after-free", "int page = mem_alloc(); mem_free(page); st(AT(page), 1u);", "AS", "allocated"),
    ("page-not-requested", "sink = (int)ld(AT(NPAGES + 3));", "AS", "allocated"),
    ("use-after-release", "as_request(0, NPAGES); as_release(0, NPAGES); st(AT(NPAGES), 1u);", "AS", "allocated"),
    ("frame-behind-a-high-page", "int page = mem_alloc(); mem_free(page); as_request(0, NPAGES); st(AT(page), 1u);", "AS", "allocated"),
    ("page-beyond-the-space", "sink = (int)ld(AT(VPAGES));", "AS", "in-space"),
    ("misaligned", "int page = mem_alloc(); sink = (int)ld(AT(page) + 2u);", "AS", "aligned"),
    ("call-of-pt", "pt_set(0, NPAGES, 20, 2);", "AS", "no-primitive"),
    ("free-of-another's-frame", "int page = mem_alloc(); mem_free(page); as_request(0, NPAGES); mem_free(page);", "AS", "p of mem_free"),
    ("call-of-mem_init", "mem_init(20, 30);", "AS", "no-primitive"),
]


class Test:
    def __init__(self, args):
        self.tools, self.images, self.folder = args.tools, args.images, args.folder
        self.builder = images.Builder(args.tools, args.folder)

    def refine(self, image, *options, modules=images.MODULES):
        return subprocess.run([os.path.join(self.tools, "refine"), "run", image, "--modules", modules, *options],
                              capture_output=True, text=True, stdin=subprocess.DEVNULL)

    def report(self, image, *options):
        done = self.refine(image, "--json", *options)
        return done.returncode, json.loads(done.stdout)


def demand(holds, text):
    if not holds:
        sys.exit(text)


def whole_run(test, pages):
    image = os.path.join(test.images, f"babyvmm-{pages}.elf")
    status, report = test.report(image)
    demand(status == 0 and report["verdict"] == "related" and report["exit"] == 0, f"{image}: {status}, {report['verdict']}")
    vamp = subprocess.run([os.path.join(test.tools, "vamp"), "--mem", f"{pages * 4}K", "--stats", image], capture_output=True, text=True)
    instructions = int(re.search(r"instructions (\d+)", vamp.stderr).group(1))
    demand(report["steps"] == instructions, f"{image}: {report['steps']} steps, vamp counts {instructions}")
    for model in CHAIN:
        demand(report["models"][model]["accesses"] > 0, f"{image}: no access in {model}")
    for relation in RELATIONS:
        demand(report["relations"][relation]["checks"] > 0, f"{image}: {relation} never checked")
    calls = report["calls"]
    # Every call is a primitive of the models above: mem's of ALE and PMAP always, pt's of PMAP, as's of AS.
    mem, pt, space = (sum(calls[name] for name in names)
                      for names in (("mem_alloc", "mem_free"), ("pt_set", "pt_lookup"), ("as_request", "as_release")))
    demand(report["models"]["ALE"]["primitives"] == mem, f"{image}: primitives of ALE")
    demand(space > 100 and report["models"]["AS"]["primitives"] >= space, f"{image}: primitives of AS")
    demand(report["models"]["PMAP"]["primitives"] >= mem + pt, f"{image}: primitives of PMAP")
    print(f"{pages} pages: {report['steps']} steps, {report['loads']} loads, {report['stores']} stores, {mem + pt + space} calls, "
          f"{sum(r['checks'] for r in report['relations'].values())} checks")
    return image, report


def same_with_full_checks(test, image, report):
    """Incremental and full checks agree all along the run."""
    status, full = test.report(image, "--full-every", "7")
    demand(status == 0, "with full checks the run is not related")
    demand(full["relations"]["AS-PMAP"]["full"] > 100, "few full checks")
    for name in ("steps", "loads", "stores", "models", "calls"):
        demand(full[name] == report[name], f"{name} differ with --full-every")


def reports(test, image):
    dot, html = (os.path.join(test.folder, name) for name in ("chain.dot", "report.html"))
    done = test.refine(image, "--dot", dot, "--html", html, "--stats", "--output", "--max-steps", "400000")
    demand(done.returncode == 3 and done.stderr.startswith("limit:"), f"--max-steps: {done.returncode} {done.stderr[:80]}")
    demand("AS-PMAP checked" in done.stderr, "--stats prints no figures")
    with open(dot) as file:
        text = file.read()
    for model in ("HW", "ALE", "PMAP", "AS"):
        demand(f"  {model} [label=<<table" in text, f"the picture has no {model}")
    with open(html) as file:
        demand("limit: 400,000 steps" in file.read(), "the page has no summary")
    bad = os.path.join(test.folder, "bad.txt")
    for text, wanted in (("model PE\n", "line 1"), ("module a\n  model XY\n", "no memory model"), ("module a\n", "has no model"),
                         ("module a\n  model PE\n  exports nowhere\n", "missing-function")):
        with open(bad, "w") as file:
            file.write(text)
        done = test.refine(image, modules=bad)
        demand(done.returncode == 1 and wanted in done.stderr, f"{text!r}: {done.returncode} {done.stderr}")


def kernels(test):
    """Kernels of a few lines; those that leave the layer are stopped where they do."""
    sources = [source for source in images.kernel_sources() if not re.search(r"pages|hash|queue", source)]
    modules = os.path.join(test.folder, "small.txt")
    with open(images.MODULES) as file:
        blocks = file.read().split("\nmodule ")
    with open(modules, "w") as file:
        file.write("\nmodule ".join(block for block in blocks if not re.match(r"pages|hash|queue", block)))
    for name, body, model, rule in KERNELS:
        image = test.builder.build(name, sources, ["-DNPAGES=64"], replaced={"kernel/babyvmm/kernel.c0": HEAD % body},
                                   link=["-lbabyvmm", "--memory", "256k"])
        done = test.refine(image, "--json", modules=modules)
        report = json.loads(done.stdout)
        if rule is None:
            demand(done.returncode == 0, f"{name}: {report}")
            continue
        demand(done.returncode == 1, f"{name}: status {done.returncode}")
        failure = report["failure"]
        print(f"{name}: {failure['text']}")
        demand((failure["model"], failure["rule"]) == (model, rule), f"{name}: {failure}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--images", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("pages", nargs="+", type=int)
    args = parser.parse_args()
    test = Test(args)
    first, report = whole_run(test, args.pages[0])
    same_with_full_checks(test, first, report)
    for pages in args.pages[1:]:
        whole_run(test, pages)
    reports(test, first)
    kernels(test)


if __name__ == "__main__":
    main()
