# Start code, traps and primitives of kernels that run with translation on (docs/babyvmm.md; decisions.md, 17, 22).
# Reset runs main in system mode. Afterwards the entry serves four traps, in system mode, where the host device is within
# reach; every other cause is fatal and reported. A trap is a function call, so the entry may use r1 and r2 without saving them.

        .equ    exit_number,1
        .equ    put_char_number,2
        .equ    get_char_number,3
        .equ    fault_number,4

        .section .vector
        .globl  __reset
__reset:
        .cfi_startproc
        .cfi_return_column EDPC
        j       entry
        nop
        .cfi_endproc
        .word   __stack_top             # the boot word, at address 8

entry:
        .cfi_startproc
        .cfi_return_column EDPC
        movs2i  r1,ECA
        andi    r1,r1,1
        bnez    r1,booted
        movs2i  r1,ECA                  # slot
        xori    r1,r1,1<<5
        bnez    r1,fatal
        movs2i  r1,EDATA                # slot
        seqi    r2,r1,put_char_number
        bnez    r2,print
        seqi    r2,r1,get_char_number   # slot
        bnez    r2,read
        seqi    r2,r1,fault_number      # slot
        bnez    r2,faulted
        seqi    r2,r1,exit_number       # slot
        beqz    r2,fatal
        nop
        sw      r11,-8192(r0)           # host port 0: the run ends here
stopped:
        j       stopped
        nop
faulted:
        sw      r31,-8172(r0)           # host port 5: a run-time check failed
        j       stopped
        nop
print:
        sw      r11,-8188(r0)           # host port 1
        mov     r20,r11
        rfe
read:
        lw      r20,-8176(r0)           # host port 4
        rfe
fatal:
        j       __interrupted
        nop
        .cfi_endproc

booted:
        .cfi_startproc
        .cfi_undefined r31
        lhgi    r28,%hi(__gp)
        addi    r28,r28,%lo(__gp)
        la      r29,__stack_top
        lhgi    r30,%hi(__heap_start)
        jal     main
        addi    r30,r30,%lo(__heap_start)
        mov     r11,r20
        trap    exit_number
        .cfi_endproc

        .text
        .globl  put_char, get_char, exit, __c0_fault
exit:                                   # int exit(int)
        trap    exit_number
put_char:                               # int put_char(char)
        trap    put_char_number
        jr      r31
        nop
get_char:                               # int get_char(): the next byte, or -1
        trap    get_char_number
        jr      r31
        nop
__c0_fault:                             # r31 names the check
        trap    fault_number
