# The carry that the sign-extended low half needs, at its boundary: 0xffff7fff + 1.
# RUN: vas -o %t.o %s
# RUN: vld -o %t.elf %t.o
# RUN: vdump -d %t.elf | FileCheck %s

# CHECK: lhgi r5,1
# CHECK-NEXT: addi r5,r5,-4
    la r5,below
# CHECK-NEXT: lhgi r5,2
# CHECK-NEXT: addi r5,r5,-32768
    la r5,above
# CHECK-NEXT: lhgi r5,1
# CHECK-NEXT: addi r5,r5,32767
    la r5,above-1

    .data
    .globl below, above
    .space 0x6ffc
below: .word 0
    .space 0x7ffc
    .word 0
above: .word 0
