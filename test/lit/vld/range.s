# RUN: vas -o %t.o %s
# RUN: %status 1 vld -o %t.elf %t.o 2>&1 | FileCheck %s
# CHECK: .o(.text+0x0): error: the branch to 'far' needs the offset 32768, its field holds -32768..32767 in function 'near' [link-range]
# CHECK: .o(.text+0x4): error: the access relative to r28 to 'far' needs the offset {{-[0-9]+}}, its field holds -32768..32767 in function 'near' [link-range]

    .type near,@function
near: beqz r1,far
    lw r1,%gprel(far)(r28)
    .space 32764
    .globl far
far: nop
