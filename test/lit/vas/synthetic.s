# RUN: vas -o %t.o %s
# RUN: vdump --asm %t.o | FileCheck %s

f:  li r5,7
# CHECK: addi r5,r0,7
    li r5,0x12348000
# CHECK-NEXT: lhgi r5,4661
# CHECK-NEXT: addi r5,r5,-32768
    li r5,0x50000
# CHECK-NEXT: lhgi r5,5
    la r6,data+4
# CHECK-NEXT: lhgi r6,%hi(data+4)
# CHECK-NEXT: addi r6,r6,%lo(data+4)
    mov r7,r6
# CHECK-NEXT: ori r7,r6,0
    neg r7,r6
# CHECK-NEXT: sub r7,r0,r6
    not r7,r6
# CHECK-NEXT: xori r7,r6,-1
    blt r7,r6,f
# CHECK-NEXT: sls r1,r7,r6
# CHECK-NEXT: bnez r1,.L{{.*}} # f
# CHECK-NEXT: nop
    call outside
# CHECK-NEXT: jal outside
# CHECK-NEXT: nop
    ret
# CHECK-NEXT: jr r31
# CHECK-NEXT: nop
    .data
data: .word 1,2
