#!/usr/bin/env python3
"""refine rejects every wrong module of test/kernel/wrong/wrong.txt in the module that is wrong, and what `refine scope` shows
is minimal in pages: no smaller scope has a counterexample.

    check_wrong.py --tools build/release/bin --folder /tmp/wrong [name..]
"""
import argparse
import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../kernel"))
import image as images  # noqa: E402
from check_wrong import build_kernel  # noqa: E402  (test/kernel/check_wrong.py)

SMALL = ["-DVPAGES=68", "-DFREE_PAGES=3"]
FRAMES, PAGES = 2, 2  # every one of them shows within this


class Refine:
    def __init__(self, tools):
        self.program = os.path.join(tools, "refine")

    def report(self, command, image, *options):
        done = subprocess.run([self.program, command, image, "--json", "--modules", images.MODULES, *options],
                              capture_output=True, text=True, errors="replace")
        if done.returncode not in (0, 1):
            sys.exit(f"refine {command} {image}: status {done.returncode}: {done.stderr}")
        report = json.loads(done.stdout)
        if (report["verdict"] in ("accepted", "related")) != (done.returncode == 0):
            sys.exit(f"refine {command} {image}: {report['verdict']}, but status {done.returncode}")
        return report

    def scope(self, image, frames, pages, function=None):
        only = ["--function", function] if function else []
        return self.report("scope", image, "--frames", str(frames), "--pages", str(pages), *only)


def is_minimal(refine, image, found):
    """No scope with one page less has a counterexample for this function."""
    size = found["frames"] + found["pages"] - 1
    return all(refine.scope(image, frames, size - frames, found["function"])["verdict"] == "accepted"
               for frames in range(0, min(size, 3) + 1) if size - frames <= 4)


def check(refine, builder, wrong):
    """(module, how, problem or None)"""
    replaced = {wrong.path: wrong.changed()}
    small = build_kernel(builder, "refine-" + wrong.name, replaced, flags=SMALL)
    found = refine.scope(small, FRAMES, PAGES).get("counterexample")
    if found:
        how = f"{found['call']}, {found['frames']} frames, {found['pages']} pages: {found['rule']}"
        if found["module"] != wrong.module:
            return found["module"], how, "another module is blamed"
        return found["module"], how, None if is_minimal(refine, small, found) else "not minimal in pages"
    whole = build_kernel(builder, "refine-" + wrong.name, replaced)
    failure = refine.report("run", whole).get("failure")
    if not failure:
        return "-", "accepted", "not rejected"
    how = f"run, step {failure['step']}: {failure['rule']}"
    return failure["module"], how, None if failure["module"] == wrong.module else "another module is blamed"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--every", type=int, default=1, metavar="N", help="of the wrong modules, each N-th")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    builder = images.Builder(args.tools, args.folder)
    refine = Refine(args.tools)
    bad = []
    right = build_kernel(builder, "refine-right", {}, flags=SMALL)
    if refine.scope(right, FRAMES, PAGES)["verdict"] != "accepted":
        bad.append("the right modules are rejected")
    rejected = 0
    for wrong in images.wrong_modules()[::args.every]:
        if args.names and wrong.name not in args.names:
            continue
        module, how, problem = check(refine, builder, wrong)
        rejected += problem is None
        print(f"{wrong.name:28} {module:9} {how}{'  <-- ' + problem if problem else ''}", flush=True)
        if problem:
            bad.append(f"{wrong.name}: {problem}")
    print(f"{rejected} wrong modules rejected")
    if not args.names and rejected < 20 // args.every:
        bad.append(f"fewer than {20 // args.every} are rejected")
    if bad:
        sys.exit("\n".join(bad))


if __name__ == "__main__":
    main()
