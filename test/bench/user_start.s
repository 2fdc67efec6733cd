# Start of a program in user mode, in place of runtime/start: an identity page table up to the end of the stack is built
# behind the stack, then rfe enters the program with MODE = 1. Console and exit are system calls: trap 1 put_char,
# trap 2 get_char, trap 3 exit; anything else ends the run with status 123.

.equ kHost, 0xFFFFE000        # device 6: port 0 exit status, port 1 console, port 4 next input byte
.equ kValid, 0x800

.section .vector, "ax"
        movs2i  r2, ECA
        andi    r3, r2, 1
        bnez    r3, reset
        nop
        li      r4, kHost
        andi    r3, r2, 0x20
        beqz    r3, fatal
        nop
        movs2i  r5, EDATA
        seqi    r3, r5, 1
        bnez    r3, do_put
        seqi    r3, r5, 2
        bnez    r3, do_get
        seqi    r3, r5, 3
        bnez    r3, do_exit
        nop
fatal:  li      r11, 123
do_exit:
        sw      r11, 0(r4)
do_put: sw      r11, 4(r4)
        rfe
do_get: lw      r20, 16(r4)
        rfe

# r2: entry's address, r3: entry, r4: end of the identity map
reset:  la      r2, __stack_top + 4095
        srli    r2, r2, 12
        mov     r5, r2
        slli    r4, r2, 12
        mov     r2, r4
        movi2s  PTO, r5
        addi    r6, r5, -1
        movi2s  PTL, r6
        li      r3, kValid
table:  sw      r3, 0(r2)
        addi    r3, r3, 4096
        addi    r2, r2, 4
        addi    r5, r5, -1
        bnez    r5, table
        nop
        la      r28, __gp
        la      r29, __stack_top
        la      r30, __heap_start
        la      r2, enter
        movi2s  EDPC, r2
        addi    r2, r2, 4
        movi2s  EPC, r2
        addi    r2, r0, 1
        movi2s  EMODE, r2
        movi2s  ESR, r0
        rfe

.text
enter:  jal     main
        nop
        mov     r11, r20
.globl exit
exit:   trap    3

.globl put_char
put_char:
        trap    1
        jr      r31
        nop

.globl get_char
get_char:
        trap    2
        jr      r31
        nop

.globl __c0_fault
__c0_fault:
        li      r11, 123
        trap    3
