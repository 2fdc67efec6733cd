# Node 0 sends a frame of 62 bytes; node 1 adds one to each of its words and sends it back; node 0's status is the last half word of what it gets.
# RUN: vas %s -o %t.o && vld -o %t.elf %t.o
# RUN: %nodes 2 vamp --net=%t.net,NODE/2 --net-capture=%t.NODE.pcapng --stats %t.elf | FileCheck %s
# CHECK: node 0: status 59
# CHECK: frames-sent 1
# CHECK-NEXT: frames-received 1
# CHECK: node 1: status 62
# CHECK: frames-sent 1
# CHECK-NEXT: frames-received 1
# RUN: python3 %inputs/pcapng.py %t.1.pcapng | FileCheck --check-prefix=CAPTURE %s
# The log of a run gives it again, alone.
# RUN: %nodes 2 vamp --net=%t.net,NODE/2 --record=%t.NODE.log %t.elf | FileCheck --check-prefix=RECORD %s
# RECORD: node 0: status 59
# RECORD: node 1: status 62
# RUN: %status 59 vamp --replay=%t.0.log %t.elf
# RUN: %status 62 vamp --replay=%t.1.log --net-capture=%t.2.pcapng %t.elf
# RUN: printf 'info net\ncontinue\ninfo net\nquit\n' > %t.commands
# RUN: %status 62 vamp --monitor --replay=%t.1.log %t.elf < %t.commands 2>&1 | FileCheck --check-prefix=INFO %s
# INFO: network: 52:54:00:00:00:01; frames sent 0, received 0
# INFO: network: 52:54:00:00:00:01; frames sent 1, received 1; one of 62 bytes waits
# INFO-NEXT: bus: none
# RUN: python3 %inputs/pcapng.py %t.2.pcapng | FileCheck --check-prefix=CAPTURE %s
# CAPTURE: section
# CAPTURE-NEXT: interface, link type 1
# CAPTURE-NEXT: packet in 62 525400000001525400000000{{(..)*}}390000003a00{{$}}
# CAPTURE-NEXT: packet out 62 535400000101525401000000{{(..)*}}3a0000003b00{{$}}
        .section .vector
        addi    r10,r0,-20480           # network interface
        lw      r4,24(r10)              # its address ends in the node's number
        srli    r4,r4,8
        addi    r2,r0,62
        bnez    r4,other
        sw      r2,12(r10)

        la      r3,header
        lw      r2,0(r3)
        sw      r2,16(r10)
        lw      r2,4(r3)
        sw      r2,16(r10)
        lw      r2,8(r3)
        sw      r2,16(r10)
        addi    r3,r0,46                # 13 words: 46 .. 58
fill:
        sw      r3,16(r10)
        addi    r3,r3,1
        slei    r2,r3,58
        bnez    r2,fill
        addi    r2,r0,1
        jal     receive
        sw      r2,0(r10)               # send
        addi    r3,r0,15
skip:
        lw      r2,8(r10)
        addi    r3,r3,-1
        bnez    r3,skip
        nop
        lw      r5,8(r10)               # the last half word
        sw      r5,-8192(r0)

other:
        jal     receive
        nop
        lw      r5,4(r10)
        addi    r3,r0,16
copy:
        lw      r2,8(r10)
        addi    r2,r2,1
        sw      r2,16(r10)
        addi    r3,r3,-1
        bnez    r3,copy
        addi    r2,r0,1
        sw      r2,0(r10)
        sw      r5,-8192(r0)

receive:
        lw      r6,0(r10)
        andi    r6,r6,1
        beqz    r6,receive
        nop
        jr      r31
        nop
header:
        .byte   0x52, 0x54, 0, 0, 0, 1, 0x52, 0x54, 0, 0, 0, 0
