#!/usr/bin/env python3
"""Writes the multiply and divide routines as assembly: arith.py multiply|divide OUTPUT

Both are unrolled far enough that a generator is shorter than its output. Convention (docs/abi.md): operands r11, r12; product or
quotient r20, remainder r11; r1, r11..r18, r20, r31 may change; leaf routines without a frame.
"""
import itertools
import sys

# ---- multiply: r20 := r11 * r12 ------------------------------------------------------------------------------------------------
# Six bits of the multiplier r12 a round. A round jumps into a table with one piece of code for each value d of the six bits, which
# adds d * r11 to r20 by shifts and adds, shifts r11 and, if bits are left, starts the next round. The multiplier is the
# operand of smaller magnitude, made positive.

DIGIT_BITS = 6
ENTRY_BYTES = 64  # of a piece of code


def digit_code(d):
    """Shortest code for r20 += d * r11 that keeps r11; scratch r1, r13."""
    if d == 0:
        return []
    best = None

    def consider(code):
        nonlocal best
        if best is None or len(code) < len(best):
            best = code

    # A sum of at most four signed powers of two, by Horner's rule on r13 or directly on r20.
    for count in (1, 2, 3, 4):
        for shifts in itertools.combinations(range(DIGIT_BITS + 1), count):
            for signs in itertools.product((1, -1), repeat=count):
                if sum(s << n for s, n in zip(signs, shifts)) != d:
                    continue
                code = []
                for sign, shift in zip(signs, shifts):
                    source = "r11"
                    if shift:
                        code.append(f"slli r1,r11,{shift}")
                        source = "r1"
                    code.append(f"{'add' if sign > 0 else 'sub'} r20,r20,{source}")
                consider(code)
    # A product (2^a +- 1)(2^b +- 1) 2^c.
    for a, sign_a, b, sign_b, c in itertools.product(range(1, 7), (1, -1), range(0, 7), (1, -1), range(0, 6)):
        first = (1 << a) + sign_a
        second = (1 << b) + sign_b if b else 1
        if first * second << c != d:
            continue
        op = {1: "add", -1: "sub"}
        code = [f"slli r13,r11,{a}", f"{op[sign_a]} r13,r13,r11"]
        if b:
            code += [f"slli r1,r13,{b}", f"{op[sign_b]} r13,r1,r13"]
        if c:
            code.append(f"slli r13,r13,{c}")
        consider(code + ["add r20,r20,r13"])
    # One of the two, and one more power of two.
    for a, sign_a, c, e, sign_e in itertools.product(range(1, 7), (1, -1), range(0, 6), range(0, 7), (1, -1)):
        if ((((1 << a) + sign_a) << c) + sign_e * (1 << e)) != d:
            continue
        op = {1: "add", -1: "sub"}
        code = [f"slli r13,r11,{a}", f"{op[sign_a]} r13,r13,r11"]
        if c:
            code.append(f"slli r13,r13,{c}")
        code.append("add r20,r20,r13")
        if e:
            code.append(f"slli r1,r11,{e}")
        code.append(f"{op[sign_e]} r20,r20,{'r1' if e else 'r11'}")
        consider(code)
    return best


def multiply():
    lines = """\
# Written by runtime/arith/arith.py: r20 := r11 * r12.
        .section .text
        .globl __mul
__mul:
        sgr     r1,r12,r11
        beqz    r1,__mul_ordered
        lhgi    r14,%hi(__mul_table)
        mov     r1,r11                  # r12 := the smaller one
        mov     r11,r12
        mov     r12,r1
__mul_ordered:
        slsi    r1,r12,0
        bnez    r1,__mul_negative
        addi    r14,r14,%lo(__mul_table)
__mul_positive:
        li      r20,0
__mul_round:
        andi    r1,r12,63
        slli    r1,r1,6
        add     r1,r1,r14
        jr      r1
        srli    r12,r12,6
# r12 < 0, r12 <= r11. If r11 has the smaller magnitude, it becomes the multiplier.
__mul_negative:
        slsi    r1,r11,0
        bnez    r1,__mul_both_negative
        sub     r13,r0,r12
        sgr     r1,r13,r11
        bnez    r1,__mul_swapped
        sub     r15,r0,r11
        mov     r11,r15                 # (-r11) * (-r12)
        j       __mul_positive
        mov     r12,r13
__mul_swapped:
        mov     r1,r11
        mov     r11,r12
        j       __mul_positive
        mov     r12,r1
__mul_both_negative:
        sub     r12,r0,r11              # -r11 is the smaller one
        j       __mul_positive
        mov     r11,r13
        .align  64
__mul_table:
""".splitlines()
    for d in range(1 << DIGIT_BITS):
        code = digit_code(d)
        code = [*code, "bnez r12,__mul_round", f"slli r11,r11,{DIGIT_BITS}", "jr r31", "nop"]
        lines.append(f"# {d}")
        lines += [f"        {line}" for line in code]
        lines.append(f"        .space {ENTRY_BYTES - 4 * len(code)}")
    return lines


# ---- divide: r20 := r11 / r12, r11 := r11 mod r12 ------------------------------------------------------------------------------
# Let n be the least multiple of 4 with x >> n < d, D = d << n. Starting from P = 2x, n steps `if (P >= D) P = P - D + 1; P = 2P`
# (without the last doubling) leave the remainder in P >> n and the quotient in the n bits below. With D' = D - 1 in r13 and
# 2 D' in r17 a step is: sgr, beqz, add, and for a one sub. No value reaches 2^31 if x, d < 2^26.


def steps(name, count, last):
    lines = []
    for i in range(count):
        final = last and i == count - 1
        lines += ["        sgr     r1,r20,r13", f"        beqz    r1,{name}_{i}"]
        lines += ["        nop", "        sub     r20,r20,r13"] if final else [
            "        add     r20,r20,r20", "        sub     r20,r20,r17"]
        lines.append(f"{name}_{i}:")
    return lines


def scale(n):
    return [f"        slli    r13,r12,{n}", "        addi    r13,r13,-1", "        add     r20,r11,r11"]


def divide():
    lines = """\
# Written by runtime/arith/arith.py: r20 := r11 / r12, r11 := r11 mod r12.
        .section .text
        .globl __div
# Signed, truncating toward zero.
__div:
        .cfi_startproc
        or      r1,r11,r12
        srli    r1,r1,26
        beqz    r1,__div_small
        srli    r13,r11,4
        srai    r14,r11,31
        xor     r11,r11,r14             # magnitudes
        sub     r11,r11,r14
        srai    r1,r12,31
        xor     r12,r12,r1
        sub     r12,r12,r1
        xor     r1,r1,r14
        srli    r1,r1,31                # r14: bit 31 the remainder's sign, bit 0 the quotient's
        slli    r14,r14,31
        or      r14,r14,r1
        beqz    r12,__div_by_zero
        mov     r15,r31
        .cfi_register r31,r15
        jal     __udiv
        nop
        andi    r1,r14,1
        sub     r1,r0,r1
        xor     r20,r20,r1
        sub     r20,r20,r1
        srai    r1,r14,31
        xor     r11,r11,r1
        jr      r15
        sub     r11,r11,r1
        .cfi_restore r31
# The fault's key is the return address of the division.
__div_by_zero:
        j       __c0_fault
        nop
        .cfi_endproc
        .globl __udiv
__udiv:
        .cfi_startproc
        .cfi_same_value r15             # here callers of __udiv and __div_small keep r31
        or      r1,r11,r12
        srli    r1,r1,26
        bnez    r1,__udiv_large
        srli    r13,r11,4
        .cfi_endproc
__div_small:
        .cfi_startproc
        .cfi_same_value r15
        .cfi_same_value r18
""".splitlines()
    # The rungs: x >> n < d?
    for n in range(4, 28, 4):
        lines += ["        sge     r1,r13,r12", f"        beqz    r1,__div_n{n}", f"        srli    r13,r11,{n + 4}"]
    lines += ["        beqz    r12,__div_by_zero"]
    lines += scale(28) + ["        add     r17,r13,r13", "        li      r11,28"]
    for n in range(28, 11, -4):
        lines.append(f"__div_s{n}:")
        lines += steps(f"__div_s{n}", 4 if n > 12 else 12, n == 12)
    lines += """\
        srl     r1,r20,r11
        sll     r11,r1,r11
        sub     r20,r20,r11
        jr      r31
        mov     r11,r1""".splitlines()
    for n in (24, 20, 16, 12):
        lines += [f"__div_n{n}:"] + scale(n) + [f"        li      r11,{n}", f"        j       __div_s{n}", "        add     r17,r13,r13"]
    for n in (8, 4):
        lines += [f"__div_n{n}:"] + scale(n) + ["        add     r17,r13,r13"] + steps(f"__div_t{n}", n, True)
        lines += [f"        srli    r11,r20,{n}", "        jr      r31", f"        andi    r20,r20,{(1 << n) - 1}"]
    lines += """\
# x or d is at least 2^26. For d < 2^24 the division of x >> 6 leaves a remainder with which six more steps can be made.
        .cfi_endproc
__udiv_large:
        .cfi_startproc
        .cfi_same_value r15
        beqz    r12,__div_by_zero
        srli    r1,r12,24
        bnez    r1,__udiv_few
        mov     r18,r31
        .cfi_register r31,r18
        andi    r16,r11,63
        srli    r11,r11,6
        jal     __div_small
        srli    r13,r11,4
        slli    r11,r11,6
        add     r11,r11,r16
        slli    r13,r12,6
        addi    r13,r13,-1
        slli    r16,r20,6               # the upper part of the quotient
        add     r20,r11,r11
        add     r17,r13,r13""".splitlines()
    lines += steps("__udiv_l", 6, True)
    lines += """\
        srli    r11,r20,6
        andi    r20,r20,63
        jr      r18
        add     r20,r20,r16
        .cfi_restore r31
# d >= 2^24: at most eight bits of quotient. Operands are compared with their top bits flipped; r16 is the top bit.
__udiv_few:
        lhgi    r16,0x8000
        li      r20,0
        mov     r13,r12                 # d shifted left as long as it is at most x
        srli    r17,r11,1
__udiv_up:
        slsi    r1,r13,0
        bnez    r1,__udiv_down
        sgr     r1,r13,r17
        beqz    r1,__udiv_up
        slli    r13,r13,1
        srli    r13,r13,1               # one too far; the bit that fell out was 0
__udiv_down:
        add     r1,r11,r16
        add     r17,r13,r16
        sge     r1,r1,r17
        add     r20,r20,r20
        beqz    r1,__udiv_next
        add     r20,r20,r1
        sub     r11,r11,r13
__udiv_next:
        sne     r1,r13,r12
        bnez    r1,__udiv_down
        srli    r13,r13,1
        jr      r31
        nop
        .cfi_endproc""".splitlines()
    return lines


if __name__ == "__main__":
    with open(sys.argv[2], "w", encoding="ascii") as output:
        print("\n".join({"multiply": multiply, "divide": divide}[sys.argv[1]]()), file=output)
