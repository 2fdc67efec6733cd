# The golden words of the machine's manual, and a few of every other format worked out by hand.
# RUN: vas -o %t.o %s
# RUN: vdump -d %t.o | FileCheck %s

    nop
# CHECK: 0: 34210000 nop
    lw r2,4(r1)
# CHECK: 4: 8c220004 lw r2,4(r1)
    sw r2,-4(r1)
# CHECK: 8: ac22fffc sw r2,-4(r1)
    addi r3,r0,-1
# CHECK: c: 2403ffff addi r3,r0,-1
    lhgi r5,0x1234
# CHECK: 10: 3c051234 lhgi r5,4660
    add r3,r1,r2
# CHECK: 14: 00221821 add r3,r1,r2
    sls r3,r1,r2
# CHECK: 18: 0022182c sls r3,r1,r2
    slli r3,r1,5
# CHECK: 1c: 00201940 slli r3,r1,5
    movs2i r7,ECA
# CHECK: 20: 00003890 movs2i r7,ECA
    movi2s PTO,r7
# CHECK: 24: 00e00251 movi2s PTO,r7
    beqz r4,-8
# CHECK: 28: 1080fff8 beqz r4,-8
    jr r31
# CHECK: 2c: 5be00000 jr r31
    jal 64
# CHECK: 30: 0c000040 jal 64
    trap 3
# CHECK: 34: f8000003 trap 3
    rfe
# CHECK: 38: fc000000 rfe
    lhg r4,r3
# CHECK: 3c: 00032027 lhg r4,r3
    fadd.d f4,f2,f6
# CHECK: 40: 44462040 fadd.d f4,f2,f6
    load.s f3,8(r2)
# CHECK: 44: c4430008 load.s f3,8(r2)
    fc.eq.s f1,f2
# CHECK: 48: 44220032 fc.eq.s f1,f2
