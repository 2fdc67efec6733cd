"""Writes attacks.s: what a process may not do, or may but should not, a function each, for wild.c0.

    attacks.py OUTPUT

`attack(k)` makes attack number k, 0 .. attack_count() - 1, and does not return; or returns if the machine lets it pass. `attack_cause(k)`
is the cause with which it has to end (vamp.md, "Interrupts"), 0 if it has to pass; `attack_name(k)` says what it is.
"""
import sys

SPECIAL = ["SR", "ESR", "ECA", "EPC", "EDPC", "EDATA", "PTO", "PTL", "EMODE", "MODE"]

# name, cause, lines
ATTACKS = [
    ("load far above", 4, ["lhgi r2,0x7000", "lw r3,0(r2)"]),
    ("load one byte above", 4, ["li r2,0", "lw r3,0(r11)"]),
    ("store far above", 4, ["lhgi r2,0x7000", "sw r2,0(r2)"]),
    ("load from a device", 4, ["lw r2,-8192(r0)"]),
    ("store to a device", 4, ["sw r0,-8192(r0)"]),
    ("store to the swap disk", 4, ["sw r0,-32768(r0)"]),
    ("load below zero", 4, ["lw r2,-4(r0)"]),
    ("byte above", 4, ["lb r2,0(r11)"]),
    ("store a byte above", 4, ["sb r0,0(r11)"]),
    ("run far above", 3, ["lhgi r2,0x7000", "jr r2", "nop"]),
    ("run on a device", 3, ["addi r2,r0,-8192", "jr r2", "nop"]),
    ("run at the end of the address space", 3, ["addi r2,r0,-4", "jr r2", "nop"]),
    ("load at an odd address", 2, ["addi r2,r0,1", "lw r3,0(r2)"]),
    ("half word at an odd address", 2, ["addi r2,r0,3", "lh r3,0(r2)"]),
    ("store at an odd address", 2, ["addi r2,r0,2", "sw r3,0(r2)"]),
    ("run at an odd address", 2, ["addi r2,r0,2", "jr r2", "nop"]),
    ("odd address far above", 2, ["lhgi r2,0x7000", "lw r3,1(r2)"]),
    ("rfe", 1, ["rfe"]),
    *[(f"read {name}", 1, [f"movs2i r2,{name}"]) for name in SPECIAL],
    *[(f"write {name}", 1, [f"movi2s {name},r2"]) for name in SPECIAL],
    ("RM, IEEEF and FCC are the user's", 0, ["movi2s RM,r2", "movi2s IEEEF,r2", "movi2s FCC,r2", "movs2i r2,FCC"]),
    *[(f"operation code {op:#x}", 1, [f".word {op << 26:#x}"]) for op in (1, 6 + 0x26, 0x22, 0x26, 0x3C)],
    ("function code 0x3f", 1, [".word 0x3f"]),
    ("a square root", 12, [".word 0x44000006"]),
    ("overflow is not let through", 0, ["lhgi r2,0x7fff", "addo r3,r2,r2"]),
    ("a jump in a delay slot", 0, ["addi r2,r0,0", "j over@", "j over@", "addi r2,r2,1", "over@: addi r2,r2,1", "slei r2,r2,2", "beqz r2,bad@", "nop"]),
    ("a branch into its own delay slot", 0, ["bnez r31,slot@", "slot@: addi r2,r2,1"]),
    ("a jump to itself in a delay slot, taken by time", 0, ["addi r2,r0,31", "again@: subi r2,r2,1", "bnez r2,again@", "bnez r2,again@", "nop"]),
    ("a system call in a delay slot", 0, ["j over@", "trap 0", "over@: nop"]),
    ("a fault in a delay slot", 4, ["j over@", "lw r2,-4(r0)", "over@: nop"]),
    ("an illegal instruction in a delay slot", 1, ["j over@", "rfe", "over@: nop"]),
    ("a jump away in the delay slot of a jump away", 3, ["lhgi r2,0x7000", "jr r2", "jr r2", "nop"]),
    ("code that it has just written", 0, ["la r2,patch@", "lhgi r3,0x3421", "sw r3,0(r2)", "trap 0", "patch@: rfe"]),
    ("code that becomes illegal", 1, ["la r2,patch@", "addi r3,r0,-1", "sw r3,0(r2)", "trap 0", "patch@: nop"]),
    ("all registers that the kernel could trust", 4, [f"lhgi r{k},0x{0x7000 + k:x}" for k in (28, 29, 30, 31)] + ["lw r2,0(r29)"]),
]


def main():
    lines = ["        .text", "        .globl  attack, attack_count, attack_cause, attack_name"]
    lines += ["attack_count:", f"        li      r20,{len(ATTACKS)}", "        jr      r31", "        nop"]
    lines += ["attack:                                 # r12: the first address above the process's memory",
              "        slli    r2,r11,2", "        lhgi    r3,%hi(places)", "        add     r3,r3,r2", "        lw      r3,%lo(places)(r3)",
              "        mov     r11,r12", "        jr      r3", "        nop"]
    lines += ["attack_cause:", "        slli    r2,r11,2", "        lhgi    r3,%hi(causes)", "        add     r3,r3,r2", "        jr      r31",
              "        lw      r20,%lo(causes)(r3)"]
    lines += ["attack_name:", "        slli    r2,r11,2", "        lhgi    r3,%hi(names)", "        add     r3,r3,r2", "        jr      r31",
              "        lw      r20,%lo(names)(r3)"]
    for k, (_, _, body) in enumerate(ATTACKS):
        lines.append(f"attack_{k}:")
        for line in body:
            label, _, rest = line.rpartition(": ")
            lines += [f"{label.replace('@', f'_{k}')}:"] if label else []
            lines.append("        " + rest.replace("@", f"_{k}"))
        lines += ["        jr      r31", "        nop"]
        if any("bad@" in line for line in body):
            lines += [f"bad_{k}:", "        rfe"]
    lines += ["        .data", "        .align  4"]
    for name, words in (("places", [f"attack_{k}" for k in range(len(ATTACKS))]), ("causes", [str(cause) for _, cause, _ in ATTACKS]),
                        ("names", [f"name_{k}" for k in range(len(ATTACKS))])):
        lines += [f"{name}:"] + [f"        .word   {word}" for word in words]
    for k, (name, _, _) in enumerate(ATTACKS):
        lines.append(f'name_{k}: .asciz "{name}"')
    with open(sys.argv[1], "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
