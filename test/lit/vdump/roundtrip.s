# The assembly text of an object and of an image gives the same bytes again.
# RUN: vas -o %t.o %s
# RUN: vdump --asm %t.o | vas -o %t.2.o -
# RUN: vdump --asm %t.2.o | vas -o %t.3.o -
# RUN: cmp %t.2.o %t.3.o
# RUN: vdump -d --relocations %t.o > %t.txt
# RUN: vdump -d --relocations %t.2.o > %t.2.txt
# RUN: diff %t.txt %t.2.txt
# RUN: vld -o %t.elf %t.o
# RUN: vdump --asm %t.elf | vas -o %t.4.o -
# RUN: readelf -x .text %t.elf | sed 's/^  0x[0-9a-f]*//' > %t.hex
# RUN: readelf -x .text %t.4.o | sed 's/^  0x[0-9a-f]*//' > %t.4.hex
# RUN: diff %t.hex %t.4.hex
# RUN: vdump --asm %t.o | FileCheck %s

    .globl start
start: li r5,table
    lw r6,4(r5)
1:  subi r6,r6,1
    bgtz r6,1b
# CHECK: bnez r1,.L
    .word 0xffffffff
# CHECK: .word 0xffffffff # rfe
    .word 0x00000001
# CHECK: .word 0x00000001
    .word 0x5be00001
# CHECK: .word 0x5be00001 # jr r31
    .byte 1,2
    .align 4
    call start
    .data
table: .word start,table,1b
    .ascii "text with \"quotes\""
    .space 100
    .bss
    .space 12
