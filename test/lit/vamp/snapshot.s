# A run that is saved in the middle, while the disk is busy, and restored ends as one that was not.
# RUN: vas %s -o %t.o && vld -o %t.elf %t.o
# RUN: python3 -c "import sys; sys.stdout.buffer.write(bytes(512) + bytes([41]) + bytes(511))" > %t.img
# RUN: %status 42 vamp --disk %t.img --snapshot --dump-state=json %t.elf > %t.whole
# RUN: %status 124 vamp --disk %t.img --snapshot --max-steps 500 --save=%t.state %t.elf
# RUN: %status 42 vamp --restore=%t.state --dump-state=json > %t.rest
# RUN: diff %t.whole %t.rest
# RUN: printf '' | %status 42 vamp --restore=%t.state --record=%t.log %t.elf
# RUN: %status 42 vamp --restore=%t.state --replay=%t.log %t.elf

# RUN: %status 125 vamp --restore=%t.state --mem 4M 2>&1 | FileCheck --check-prefix=MEM %s
# MEM: vamp: error: --mem: the snapshot says it already [bad-argument]
# RUN: %status 125 vamp --restore=%t.state --disk %t.img 2>&1 | FileCheck --check-prefix=DISK %s
# DISK: vamp: error: --disk: the snapshot says it already [bad-argument]
# RUN: head -c 60 %t.state > %t.cut
# RUN: %status 125 vamp --restore=%t.cut 2>&1 | FileCheck --check-prefix=CUT %s
# CUT: vamp: error: {{.*}}.cut: the snapshot is truncated or damaged [bad-snapshot]
# RUN: %status 125 vamp --restore=%t.log 2>&1 | FileCheck --check-prefix=LOG %s
# LOG: this is no snapshot [bad-snapshot]
# RUN: python3 -c "import sys; b = bytearray(open(sys.argv[1], 'rb').read()); b[8] = 9; open(sys.argv[2], 'wb').write(b)" %t.state %t.later
# RUN: %status 125 vamp --restore=%t.later 2>&1 | FileCheck --check-prefix=VERSION %s
# VERSION: the snapshot has version 9, not 1 [bad-snapshot]
        .section .vector
        addi    r10,r0,-32768           # disk 0
        addi    r2,r0,1
        sw      r2,8(r10)               # one sector
        sw      r2,12(r10)              # number 1
        addi    r2,r0,0xE0
        sw      r2,24(r10)
        addi    r2,r0,0x20
        sw      r2,28(r10)
wait:
        lw      r2,28(r10)
        andi    r2,r2,0x80
        bnez    r2,wait
        nop
        lw      r11,0(r10)
        addi    r11,r11,1
        addi    r12,r0,-8192            # host
        sw      r11,0(r12)
