        .section .vector
        .globl  __reset
__reset:
        lhgi    r28,%hi(__gp)
        addi    r28,r28,%lo(__gp)
        la      r29,__stack_top
        jal     boot
        nop
