# init1: the code at address 0, which reset and every interrupt enter (seed 003, 6.1, "Entering System Mode";
# decisions.md, 17). It saves the registers of the process that was interrupted, sets the kernel's, and goes to init2,
# which never returns. No register is free at first: r1 waits below the image, where the address of pcb[cup] is, too.

        .equ    saved_r1,0x7FF8
        .equ    current,0x7FFC          # ENTRY_CURRENT of kernel/cvm/layout.h

        .equ    gpr,0                   # struct pcb of kernel/pcb/pcb.h
        .equ    dpc,128
        .equ    pc,132
        .equ    rm,148
        .equ    ieeef,152
        .equ    fcc,156

        .section .vector
        .globl  __reset
__reset:
        .cfi_startproc                  # what was interrupted is in another address space
        .cfi_undefined r31
        sw      r1,saved_r1(r0)
        movs2i  r1,ECA
        andi    r1,r1,1
        bnez    r1,reset
        lw      r1,current(r0)          # slot
        sw      r2,gpr+4*2(r1)
        lw      r2,saved_r1(r0)
        sw      r3,gpr+4*3(r1)
        sw      r2,gpr+4*1(r1)
        sw      r4,gpr+4*4(r1)
        sw      r5,gpr+4*5(r1)
        sw      r6,gpr+4*6(r1)
        sw      r7,gpr+4*7(r1)
        sw      r8,gpr+4*8(r1)
        sw      r9,gpr+4*9(r1)
        sw      r10,gpr+4*10(r1)
        sw      r11,gpr+4*11(r1)
        sw      r12,gpr+4*12(r1)
        sw      r13,gpr+4*13(r1)
        sw      r14,gpr+4*14(r1)
        sw      r15,gpr+4*15(r1)
        sw      r16,gpr+4*16(r1)
        sw      r17,gpr+4*17(r1)
        sw      r18,gpr+4*18(r1)
        sw      r19,gpr+4*19(r1)
        sw      r20,gpr+4*20(r1)
        sw      r21,gpr+4*21(r1)
        sw      r22,gpr+4*22(r1)
        sw      r23,gpr+4*23(r1)
        sw      r24,gpr+4*24(r1)
        sw      r25,gpr+4*25(r1)
        sw      r26,gpr+4*26(r1)
        sw      r27,gpr+4*27(r1)
        sw      r28,gpr+4*28(r1)
        sw      r29,gpr+4*29(r1)
        sw      r30,gpr+4*30(r1)
        sw      r31,gpr+4*31(r1)
        movs2i  r2,EDPC
        movs2i  r3,EPC
        movs2i  r4,RM
        movs2i  r5,IEEEF
        movs2i  r6,FCC
        sw      r2,dpc(r1)
        sw      r3,pc(r1)
        sw      r4,rm(r1)
        sw      r5,ieeef(r1)
        sw      r6,fcc(r1)
        lhgi    r30,%hi(pcb+gpr+4*30)   # the kernel's heap: pcb[0].gpr[30]
        lw      r30,%lo(pcb+gpr+4*30)(r30)
kernel:
        la      r29,__stack_top
        lhgi    r28,%hi(__gp)
        jal     init2                   # does not return
        addi    r28,r28,%lo(__gp)       # slot
reset:
        lhgi    r30,%hi(__heap_start)
        j       kernel
        addi    r30,r30,%lo(__heap_start)
        .cfi_endproc
