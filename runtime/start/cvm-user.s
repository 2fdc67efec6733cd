# Start code and primitives of user programs of CVM (docs/abi.md; decisions.md, 18). A process begins at virtual address 0 with all
# registers 0. A system call is a trap: its number in the instruction, arguments in r11.., result in r20 (seed 003, 5.3).

        .equ    exit_number,1
        .equ    put_char_number,3
        .equ    get_char_number,4
        .equ    fault_number,6

        .section .vector
        .globl  __reset
__reset:
        .cfi_startproc
        .cfi_undefined r31
        lhgi    r28,%hi(__gp)
        addi    r28,r28,%lo(__gp)
        la      r29,__stack_top
        lhgi    r30,%hi(__heap_start)
        jal     main
        addi    r30,r30,%lo(__heap_start)
        mov     r11,r20
ended:
        trap    exit_number
        j       ended
        nop
        .cfi_endproc

        .text
        .globl  put_char, get_char, exit, __c0_fault
exit:                                   # int exit(int)
        trap    exit_number
        j       exit
        nop
put_char:                               # int put_char(char)
        trap    put_char_number
        jr      r31
        nop
get_char:                               # int get_char(): the next byte, or -1
        trap    get_char_number
        jr      r31
        nop
__c0_fault:                             # a run-time check failed; r31 names it
        mov     r11,r31
        trap    fault_number
        j       __c0_fault
        nop
