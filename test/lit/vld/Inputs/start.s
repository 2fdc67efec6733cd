        .section .vector
        .globl  __reset
__reset:
        lhgi    r28,%hi(__gp)
        addi    r28,r28,%lo(__gp)
        la      r29,__stack_top
        jal     boot
        nop
        .text
        .globl  __c0_fault
__c0_fault:
        sw      r31,-8172(r0)
