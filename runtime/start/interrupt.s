# An interrupt that nobody handles: "interrupt ECA EDPC EDATA" in hexadecimal on the console, status 123. Runs in
# system mode; the start files jump here.
        .section .text
        .globl  __interrupted
__interrupted:
        .cfi_startproc
        .cfi_return_column EDPC
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
        .cfi_undefined r31
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
        sw      r3,-8192(r0)
stopped:
        j       stopped
        nop
        .cfi_endproc

# A space and the eight digits of r4.
print_number:
        .cfi_startproc
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
        .cfi_endproc
text:   .asciz  "interrupt"
        .align  4
