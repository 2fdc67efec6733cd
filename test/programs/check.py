#!/usr/bin/env python3
"""Runs the corpus of strict C0 on the engines named (corpus.py) and compares output and exit status with what each program says.

    check.py gcc                              # the host's gcc alone
    check.py --tools build/release/bin c0i vamp consis dump quick_sort.c0
"""
import glob
import os

import corpus
import oracle

HERE = os.path.dirname(os.path.abspath(__file__))


def native(program, folder):
    yield oracle.run(program.path, program.input, corpus.TIMEOUT, ("-Wall", "-Wextra", "-Werror"))


if __name__ == "__main__":
    corpus.main("Runs the corpus on the engines named.", HERE, sorted(glob.glob(os.path.join(HERE, "*.c0"))), "-std=c0", native)
