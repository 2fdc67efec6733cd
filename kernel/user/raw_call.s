# int raw_call(int number, const int *words): the system call with any number, of 26 bits, with r2..r27, r30 all set, words[0..7] in
# r11..r18 and words[8] in the others. The trap is written into the code first. Result: r20.
        .equ    saved,0x7F00            # nobody uses the end of the vector's pages

        .text
        .globl  raw_call
raw_call:
        sw      r31,saved(r0)
        sw      r30,saved+4(r0)
        sw      r21,saved+8(r0)
        sw      r22,saved+12(r0)
        sw      r23,saved+16(r0)
        sw      r24,saved+20(r0)
        sw      r25,saved+24(r0)
        sw      r26,saved+28(r0)
        sw      r27,saved+32(r0)
        slli    r11,r11,6
        srli    r11,r11,6
        lhgi    r2,0xF800               # trap
        or      r2,r2,r11
        la      r3,instruction
        sw      r2,0(r3)
        mov     r19,r12
        trap    0                       # drains the pipe: the next instruction fetched there is the new one
        lw      r11,0(r19)
        lw      r12,4(r19)
        lw      r13,8(r19)
        lw      r14,12(r19)
        lw      r15,16(r19)
        lw      r16,20(r19)
        lw      r17,24(r19)
        lw      r18,28(r19)
        lw      r2,32(r19)
        mov     r1,r2
        mov     r3,r2
        mov     r4,r2
        mov     r5,r2
        mov     r6,r2
        mov     r7,r2
        mov     r8,r2
        mov     r9,r2
        mov     r10,r2
        mov     r19,r2
        mov     r20,r2
        mov     r21,r2
        mov     r22,r2
        mov     r23,r2
        mov     r24,r2
        mov     r25,r2
        mov     r26,r2
        mov     r27,r2
        mov     r30,r2
        mov     r31,r2
instruction:
        trap    0
        lw      r31,saved(r0)
        lw      r30,saved+4(r0)
        lw      r21,saved+8(r0)
        lw      r22,saved+12(r0)
        lw      r23,saved+16(r0)
        lw      r24,saved+20(r0)
        lw      r25,saved+24(r0)
        lw      r26,saved+28(r0)
        jr      r31
        lw      r27,saved+32(r0)
