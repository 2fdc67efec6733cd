# A global symbol is meant rather than local ones of the same name that stand before it.
# RUN: printf '.data\nplace: .word 1\n' > %t.other.s
# RUN: vas %t.other.s -o %t.other.o && vas %s -o %t.o && vld -o %t.elf %t.other.o %t.o
# RUN: printf 'goto 2\nx place 1\nlast-write place\n' | vamp --monitor %t.elf | FileCheck %s
# CHECK: 00000005
# CHECK: stored r2 = 0x5
        .section .vector
        addi    r2,r0,5
        sw      r2,%lo(place)(r0)
        sw      r0,-8192(r0)
        .globl  place
place:  .word   0
