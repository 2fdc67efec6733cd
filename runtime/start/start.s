# Start of standalone programs (decisions.md, 17). Address 0 is entered on reset and on every interrupt.
# Memory map: docs/abi.md. Host device: FFFFE000 + 4 port; ports 0 status, 1 character out, 4 byte in, 5 fault.

        .section .vector
        .globl  __reset
__reset:
        .cfi_startproc                  # the code that was interrupted, if it was
        .cfi_return_column EDPC
        movs2i  r1,ECA
        andi    r1,r1,1
        beqz    r1,interrupted
        lhgi    r28,%hi(__gp)           # slot
        .cfi_endproc
        .cfi_startproc                  # nobody calls this
        .cfi_undefined r31
        addi    r28,r28,%lo(__gp)
        la      r29,__stack_top
        lhgi    r30,%hi(__heap_start)
        jal     main
        addi    r30,r30,%lo(__heap_start)
        sw      r20,-8192(r0)           # the program's status; the run ends here
stopped:
        j       stopped
        nop
        .cfi_endproc

interrupted:
        .cfi_startproc
        .cfi_return_column EDPC
        j       __interrupted
        nop
        .cfi_endproc
