#!/usr/bin/env python3
"""Maps csmith's programs to C0X: what C0X lacks in words (long, void *, csmith.h) is rewritten, the rest is left alone.

    csmith_filter.py --seed 7 > prog.c0          # runs csmith (package csmith) with FLAGS
    csmith_filter.py < csmith.c > prog.c0        # a program that csmith made
    csmith_filter.py --seed 1 --count 500 --out folder

FLAGS leave out what the language has not: 64 bits, floats, unions, bit-fields, packed structs, goto, volatile, builtins. csmith also
converts pointers between the signed and the unsigned type of one size, which the language has not either and no flag turns off:
--signed makes all variables signed (csmith's operations keep their types), which maps those programs too. csmith_run.py compares.
"""
import argparse
import os
import re
import subprocess
import sys

FLAGS = ("--no-argc --no-bitfields --no-longlong --no-math64 --no-float --no-packed-struct --no-unions --no-volatiles --no-volatile-pointers "
         "--no-builtins --no-jumps --no-inline-function --max-funcs 6 --max-block-depth 4 --max-expr-complexity 6 --max-array-dim 2 "
         "--max-array-len-per-dim 8 --quiet --concise").split()

PRELUDE = """\
#include <limits.h>
#include <stdint.h>
#include <stdio.h>

static uint32_t crc_table[256];
static uint32_t crc32_context = 0xFFFFFFFFu;

static void crc32_gentab(void) {
  for (unsigned i = 0; i < 256; i++) {
    uint32_t crc = i;
    for (int j = 8; j > 0; j--) crc = crc & 1 ? crc >> 1 ^ 0xEDB88320u : crc >> 1;
    crc_table[i] = crc;
  }
}

static void transparent_crc(uint32_t value, const char *name, int print) {
  for (int i = 0; i < 4; i++) {
    crc32_context = crc32_context >> 8 & 0x00FFFFFFu ^ crc_table[(crc32_context ^ value) & 0xFF];
    value >>= 8;
  }
  if (print) printf("...checksum after hashing %s : %X\\n", name, crc32_context ^ 0xFFFFFFFFu);
}

static void platform_main_end(uint32_t crc, int print) { printf("checksum = %X\\n", crc); }
"""

BITS = {"int8_t": 8, "int16_t": 16, "int32_t": 32, "uint8_t": 8, "uint16_t": 16, "uint32_t": 32}
WORD = {"add": "+", "sub": "-", "mul": "*", "div": "/", "mod": "%"}


def safe(name):
    """The definition of csmith's safe_<op>_func_<type>_<signs>: an operation that has no undefined case, or None."""
    match = re.fullmatch(r"safe_(\w+?)_func_(u?int\d+_t)_([su])(?:_([su]))?", name)
    if not match or match[2] not in BITS:
        return None
    op, type_, second = match[1], match[2], match[4]
    signed = not type_.startswith("u")
    if op == "unary_minus":
        return f"static {type_} {name}({type_} a) {{ return -a; }}\n"
    if op in ("lshift", "rshift"):
        by = "int" if second == "s" else "unsigned"
        unsafe = ("b < 0 || " if by == "int" else "") + "b >= 32"
        if signed:
            unsafe = "a < 0 || " + unsafe
        return f"static {type_} {name}({type_} a, {by} b) {{ return {unsafe} ? a : a {'<<' if op == 'lshift' else '>>'} b; }}\n"
    if op not in WORD:
        return None
    guard = ""
    if op in ("div", "mod"):
        guard = "b == 0 ? a : "
        if type_ == "int32_t":
            guard = "b == 0 || (a == INT_MIN && b == -1) ? a : "
    return f"static {type_} {name}({type_} a, {type_} b) {{ return {guard}a {WORD[op]} b; }}\n"


def translate(text, signed=False):
    """The program in C0X; ValueError names what cannot be mapped."""
    if signed:
        text = re.sub(r"\buint(\d+)_t\b", r"int\1_t", text)
    text = re.sub(r"/\*.*?\*/|//[^\n]*", "", text, flags=re.S)
    text = re.sub(r'^\s*#.*$|^static long __undefined;$|^\s*platform_main_begin\(\);$', "", text, flags=re.M)
    text = re.sub(r"\b(0[xX][0-9A-Fa-f]+|\d+)([uU]?)[lL]*\b", lambda m: m[1] + m[2].lower(), text)
    text = re.sub(r"\(\s*void\s*\*\s*\)\s*0", "NULL", text)
    text = re.sub(r"\bsizeof\((?:const )?(u?int\d+_t)\)", lambda m: str(BITS[m[1]] // 8) + "u", text)
    for word in ("goto", "union", "volatile", "float", "double", "long"):
        if re.search(rf"\b{word}\b", text):
            raise ValueError(f"it has {word}")
    helpers = ""
    for name in sorted(set(re.findall(r"\bsafe_\w+", text))):
        definition = safe(name)
        if definition is None:
            raise ValueError(f"it has {name}")
        helpers += definition
    return PRELUDE + "\n" + helpers + re.sub(r"\n\s*\n+", "\n\n", text)


def csmith(seed):
    return subprocess.run(["csmith", "--seed", str(seed), *FLAGS], capture_output=True, text=True, check=True).stdout


def main():
    parser = argparse.ArgumentParser(description="Maps csmith's programs to C0X.")
    parser.add_argument("--seed", type=int, help="run csmith with this seed")
    parser.add_argument("--count", type=int, help="this many seeds, into --out")
    parser.add_argument("--out", default=".")
    parser.add_argument("--signed", action="store_true", help="no variable is unsigned")
    options = parser.parse_args()
    try:
        if options.seed is None:
            sys.stdout.write(translate(sys.stdin.read(), options.signed))
            return
        if options.count is None:
            sys.stdout.write(translate(csmith(options.seed), options.signed))
            return
    except ValueError as error:
        sys.exit(f"csmith_filter.py: cannot be mapped: {error}")
    os.makedirs(options.out, exist_ok=True)
    mapped = 0
    for seed in range(options.seed, options.seed + options.count):
        try:
            text = translate(csmith(seed), options.signed)
        except ValueError as error:
            print(f"{seed}: {error}")
            continue
        with open(os.path.join(options.out, f"csmith-{seed}.c0"), "w") as file:
            file.write(text)
        mapped += 1
    print(f"{mapped} of {options.count} mapped: seeds from {options.seed}")


if __name__ == "__main__":
    main()
