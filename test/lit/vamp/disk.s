# Reads sector 1, adds one to its first word, writes it to sector 0.
# RUN: vas %s -o %t.o && vld -o %t.elf %t.o
# RUN: python3 -c "import sys; sys.stdout.buffer.write(bytes(512) + bytes([41]) + bytes(511))" > %t.img
# RUN: %status 42 vamp --disk %t.img --stats %t.elf 2>&1 | FileCheck %s
# RUN: od -A n -t u4 -N 4 %t.img | FileCheck --check-prefix=IMAGE %s
# CHECK: disk-sectors-read 1
# CHECK: disk-sectors-written 1
# IMAGE: 42
        .section .vector
        addi    r10,r0,-32768           # disk 0
        addi    r2,r0,1
        sw      r2,8(r10)               # one sector
        sw      r2,12(r10)              # number 1
        addi    r2,r0,0xE0
        sw      r2,24(r10)
        addi    r2,r0,0x20
        sw      r2,28(r10)
        jal     wait
        nop
        lw      r11,0(r10)
        addi    r3,r0,127
rest:
        lw      r2,0(r10)
        addi    r3,r3,-1
        bnez    r3,rest
        nop
        addi    r11,r11,1
        addi    r2,r0,1
        sw      r2,8(r10)
        sw      r0,12(r10)
        addi    r2,r0,0x30
        sw      r2,28(r10)
        addi    r3,r0,127
        sw      r11,0(r10)
fill:
        sw      r0,0(r10)
        addi    r3,r3,-1
        bnez    r3,fill
        nop
        jal     wait
        nop
        sw      r11,-8192(r0)
wait:
        lw      r2,28(r10)
        andi    r2,r2,0x80
        bnez    r2,wait
        nop
        jr      r31
        nop
