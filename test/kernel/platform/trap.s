        .text
        .globl  unknown_trap
unknown_trap:
        trap    99
        jr      r31
        nop
