# A user that executes one instruction at a time: r13 says which. `trap 7` asks for the next one.
        .section .vector
        .globl  __reset
__reset:
next:
        trap    7
        jr      r13
        nop
        .align  16
load:                                   # 0x10
        lw      r20,0(r11)
        j       next
        nop
        .align  16
store:                                  # 0x20
        sw      r12,0(r11)
        j       next
        nop
        .align  16
load_byte:                              # 0x30
        lbu     r20,0(r11)
        j       next
        nop
        .align  16
store_byte:                             # 0x40
        sb      r12,0(r11)
        j       next
        nop
        .align  16
copy:                                   # 0x50
        lw      r20,0(r11)
        sw      r20,0(r12)
        j       next
        nop
        .align  16
sum:                                    # 0x60: r20 := the sum of the first words of pages from r11 to r12, r12 - r11 a multiple of 4096
        add     r20,r0,r0
        li      r10,4096
again:
        lw      r9,0(r11)
        add     r20,r20,r9
        sub     r8,r11,r12
        bnez    r8,again
        add     r11,r11,r10
        j       next
        nop
        .align  16
modes:                                  # 0x90: special registers that a user has
        movs2i  r20,FCC
        movi2s  FCC,r12
        movi2s  RM,r12
        movs2i  r10,IEEEF
        j       next
        movi2s  IEEEF,r12               # slot
        .align  16
system:                                 # 0xb0: one that it has not
        movi2s  PTO,r12
        j       next
        nop
        .align  16
registers:                              # 0xc0: all change
        add     r1,r1,r12
        add     r2,r2,r12
        add     r3,r3,r12
        add     r4,r4,r12
        add     r5,r5,r12
        add     r6,r6,r12
        add     r7,r7,r12
        add     r8,r8,r12
        add     r9,r9,r12
        add     r10,r10,r12
        add     r11,r11,r12
        add     r12,r12,r12
        add     r13,r13,r12
        add     r14,r14,r12
        add     r15,r15,r12
        add     r16,r16,r12
        add     r17,r17,r12
        add     r18,r18,r12
        add     r19,r19,r12
        add     r20,r20,r12
        add     r21,r21,r12
        add     r22,r22,r12
        add     r23,r23,r12
        add     r24,r24,r12
        add     r25,r25,r12
        add     r26,r26,r12
        add     r27,r27,r12
        add     r28,r28,r12
        add     r29,r29,r12
        add     r30,r30,r12
        add     r31,r31,r12
        j       next
        nop
        .text
        nop
