# A node of the bus, for bus.py: sends word 0 = 5 * slot + node in its slot of each round, and forms h := 31 h + word + length + sender of what it receives.
# After the number of slots that is at address 0x6000 it ends; h is in r20, messages received in r21, collisions in r22.
        .section .vector
        addi    r10,r0,-16384           # bus controller
        lw      r18,0x6000(r0)          # slots
        lw      r2,20(r10)              # port 5
        andi    r4,r2,255               # node
        srli    r5,r2,8                 # nodes
        addi    r2,r0,400
        sw      r2,8(r10)               # slot length
        sw      r5,12(r10)              # a round: a slot for each node
        addi    r2,r0,1
        sll     r2,r2,r4
        sw      r2,16(r10)              # schedule
        addi    r2,r4,4
        sw      r2,28(r10)              # length: 4 + node
        addi    r20,r0,0
        addi    r21,r0,0
        addi    r22,r0,0
        addi    r6,r0,0                 # slot
        addi    r7,r4,0                 # 5 * slot + node
        sw      r7,256(r10)
        addi    r2,r0,1
        sw      r2,0(r10)               # start
slot:
        lw      r2,4(r10)
        sub     r2,r2,r6
        beqz    r2,slot
        nop
        lw      r2,0(r10)
        andi    r3,r2,4
        beqz    r3,no_collision
        andi    r3,r2,2
        addi    r22,r22,1
no_collision:
        beqz    r3,next
        nop
        addi    r21,r21,1
        slli    r2,r20,5
        sub     r20,r2,r20
        lw      r2,512(r10)
        add     r20,r20,r2
        lw      r2,32(r10)
        add     r20,r20,r2
        lw      r2,36(r10)
        add     r20,r20,r2
next:
        addi    r7,r7,5
        sw      r7,256(r10)
        addi    r6,r6,1
        sub     r2,r6,r18
        bnez    r2,slot
        nop
        sw      r0,-8192(r0)            # host: stop
        nop
