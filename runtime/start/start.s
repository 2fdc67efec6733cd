# Start of standalone programs (decisions.md, 17). Address 0 is entered on reset and on every interrupt.
# Memory map: docs/abi.md. Host device: FFFFE000 + 4 port; ports 0 status, 1 character out, 4 byte in, 5 fault.

        .section .vector
        .globl  __reset
__reset:
        movs2i  r1,ECA
        andi    r1,r1,1
        beqz    r1,interrupted
        lhgi    r28,%hi(__gp)
        addi    r28,r28,%lo(__gp)
        la      r29,__stack_top
        lhgi    r30,%hi(__heap_start)
        jal     main
        addi    r30,r30,%lo(__heap_start)
        sw      r20,-8192(r0)           # the program's status; the run ends here
stopped:
        j       stopped
        nop

# Any other cause: "interrupt ECA EDPC EDATA" in hexadecimal on the console, status 123.
interrupted:
        lhgi    r2,%hi(text)
        addi    r2,r2,%lo(text)
next_letter:
        lb      r3,0(r2)
        beqz    r3,numbers
        addi    r2,r2,1
        j       next_letter
        sw      r3,-8188(r0)
numbers:
        movs2i  r4,ECA
        jal     print_number
        nop
        movs2i  r4,EDPC
        jal     print_number
        nop
        movs2i  r4,EDATA
        jal     print_number
        nop
        li      r3,10
        sw      r3,-8188(r0)
        li      r3,123
        j       stopped
        sw      r3,-8192(r0)

# A space and the eight digits of r4.
print_number:
        li      r3,32
        sw      r3,-8188(r0)
        li      r5,8
next_digit:
        srli    r3,r4,28
        slsi    r6,r3,10
        bnez    r6,is_decimal
        slli    r4,r4,4
        addi    r3,r3,39                # 'a' - 10 - '0'
is_decimal:
        addi    r3,r3,48
        sw      r3,-8188(r0)
        subi    r5,r5,1
        bnez    r5,next_digit
        nop
        jr      r31
        nop
text:   .asciz  "interrupt"
        .align  4
