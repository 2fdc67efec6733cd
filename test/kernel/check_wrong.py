#!/usr/bin/env python3
"""Every wrong module of wrong/wrong.txt is wrong: the model test or the kernel's own run notices it.

    check_wrong.py --tools build/release/bin --folder /tmp/wrong [name..]
    check_wrong.py --tools build/release/bin --folder /tmp/wrong --build name..     # only builds <folder>/<name>.elf
"""
import argparse
import os
import subprocess
import sys

import check_model
import image as images

PAGES = 64


def build_kernel(builder, name, replaced, pages=PAGES, flags=()):
    return builder.build(name, images.kernel_sources(), [f"-DNPAGES={pages}", *flags], replaced=replaced,
                         link=["-lbabyvmm", "--memory", f"{pages * 4}k"])


def run_kernel(builder, image):
    return subprocess.run([builder.vamp, "--mem", f"{PAGES * 4}K", "--max-steps", "20000000", image], capture_output=True, text=True,
                          errors="replace")


def noticed_by(builder, wrong, right):
    """Yields the tests that notice it, with what they say. `right` is what the kernel prints with the right modules."""
    replaced = {wrong.path: wrong.changed()}
    for client, (ptspace, _, pages, first) in check_model.CLIENTS.items():
        if wrong.path not in [*check_model.DRIVER, ptspace]:
            continue
        image = check_model.build(builder, client, pages, replaced, "-" + wrong.name)
        _, message = check_model.check(builder.vamp, image, client, pages, first, 1, 600)
        if message:
            yield "model", message
    image = build_kernel(builder, wrong.name, replaced)
    run = run_kernel(builder, image)
    said = (run.stdout + run.stderr).strip().replace("\n", "; ")[:100]
    if run.returncode or run.stdout != right:
        yield "run", f"status {run.returncode}, " + said


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--tools", required=True)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--build", action="store_true")
    parser.add_argument("--pages", type=int, default=PAGES)
    parser.add_argument("--define", action="append", default=[], help="for --build: NAME=VALUE")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="of the wrong modules, each N-th")
    parser.add_argument("names", nargs="*")
    args = parser.parse_args()
    builder = images.Builder(args.tools, args.folder)
    known = images.wrong_modules()
    if unknown := set(args.names) - {wrong.name for wrong in known}:
        sys.exit("wrong.txt has no " + ", ".join(sorted(unknown)))
    missed = []
    right = None if args.build else run_kernel(builder, build_kernel(builder, "right", {})).stdout
    for wrong in known[::args.every]:
        if args.names and wrong.name not in args.names:
            continue
        if args.build:
            flags = ["-D" + define for define in args.define]
            print(build_kernel(builder, wrong.name, {wrong.path: wrong.changed()}, args.pages, flags))
            continue
        notes = list(noticed_by(builder, wrong, right))
        if not notes:
            missed.append(wrong.name)
        for who, message in notes or [("-", "not noticed")]:
            print(f"{wrong.name:30} {wrong.module:9} {who:6} {message}")
    if missed:
        sys.exit("not noticed: " + ", ".join(missed))


if __name__ == "__main__":
    main()
