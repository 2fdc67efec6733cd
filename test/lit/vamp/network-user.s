# REQUIRES: user-network
# Asks who has 10.0.2.2, by ARP; the status is the answer's operation, 2.
# RUN: vas %s -o %t.o && vld -o %t.elf %t.o
# RUN: %status 2 vamp --net=user --mac=52:54:00:12:34:56 --net-capture=%t.pcapng %t.elf
# RUN: python3 %inputs/pcapng.py %t.pcapng | FileCheck %s
# CHECK: packet out 42 ffffffffffff52540012345608060001080006040001525400123456000000000000000000000a000202{{$}}
# CHECK-NEXT: packet in {{[0-9]+}} 525400123456{{............}}08060001080006040002{{............}}0a000202525400123456
        .section .vector
        addi    r10,r0,-20480           # network interface
        addi    r2,r0,42
        sw      r2,12(r10)
        la      r3,request
        addi    r4,r3,44
copy:
        lw      r2,0(r3)
        sw      r2,16(r10)
        addi    r3,r3,4
        sub     r2,r4,r3
        bnez    r2,copy
        addi    r2,r0,1
        sw      r2,0(r10)               # send
wait:
        lw      r2,0(r10)
        andi    r2,r2,1
        beqz    r2,wait
        addi    r3,r0,5
skip:
        lw      r2,8(r10)
        addi    r3,r3,-1
        bnez    r3,skip
        nop
        lw      r2,8(r10)               # bytes 20..23
        srli    r2,r2,8
        andi    r2,r2,255
        sw      r2,-8192(r0)
request:
        .byte   0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x52, 0x54, 0x00, 0x12, 0x34, 0x56, 8, 6
        .byte   0, 1, 8, 0, 6, 4, 0, 1, 0x52, 0x54, 0x00, 0x12, 0x34, 0x56, 0, 0, 0, 0
        .byte   0, 0, 0, 0, 0, 0, 10, 0, 2, 2, 0, 0
