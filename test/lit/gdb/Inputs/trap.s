# Start, a trap handler that calls C0, and a routine that traps. A trap is a function call: r31 alone is saved.
        .equ    saved,256

        .section .vector
        .globl  __reset
__reset:
        .cfi_startproc
        .cfi_return_column EDPC
        sw      r31,saved(r0)
        .cfi_address r31,saved
        movs2i  r1,ECA
        andi    r1,r1,1
        bnez    r1,start
        mov     r12,r11
        jal     handler
        movs2i  r11,EDATA
        lw      r31,saved(r0)
        rfe
        .cfi_endproc

start:
        .cfi_startproc
        .cfi_undefined r31
        lhgi    r28,%hi(__gp)
        addi    r28,r28,%lo(__gp)
        la      r29,__stack_top
        lhgi    r30,%hi(__heap_start)
        jal     main
        addi    r30,r30,%lo(__heap_start)
        sw      r20,-8192(r0)
stopped:
        j       stopped
        nop
        .cfi_endproc

        .text
        .globl  through
through:
        trap    7
        jr      r31
        addi    r20,r20,1
