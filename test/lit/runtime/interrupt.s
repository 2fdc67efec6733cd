# An interrupt nobody expects: start code prints cause, EDPC and EDATA on the console and stops with 123.
# RUN: vas %s -o %t.o
# RUN: c0c -std=c0 %t.o -o %t.elf
# RUN: %status 123 vamp %t.elf | FileCheck %s
# CHECK: interrupt 00000004 00008004 00000003
        .text
        .globl  main
main:   li      r2,3
        lw      r3,0(r2)
