# A user program behind a page table: its first page fault maps the page, a trap prints, a store to a protected page ends the run.
# RUN: vas %s -o %t.o && vld -o %t.elf %t.o
# RUN: %status 7 vamp %t.elf --stats 2> %t.stats | FileCheck %s
# RUN: FileCheck --check-prefix=STATS %s < %t.stats
# RUN: %status 7 vamp --reference %t.elf | FileCheck %s
# CHECK: {{^}}A{{$}}
# STATS: interrupt 3 1 page fault on fetch
# STATS: interrupt 4 2 page fault on load or store
# STATS: interrupt 5 1 trap
# STATS: page-faults 3
        .section .vector
        movs2i  r1,ECA
        andi    r2,r1,1
        bnez    r2,start
        andi    r2,r1,8
        bnez    r2,fetch
        andi    r2,r1,16
        bnez    r2,data
        nop
        sw      r11,-8188(r0)           # trap: a character
        addi    r2,r0,10
        sw      r2,-8188(r0)
        rfe
fetch:                                  # page 16 is the text's frame, protected
        addi    r2,r0,%lo(0x8C00)
        lhgi    r3,%hi(0x8C00)
        add     r2,r2,r3
        sw      r2,0x4040(r0)
        rfe
data:                                   # first time: page 17; second time: the end
        bnez    r25,over
        addi    r25,r0,1
        lhgi    r2,1
        ori     r2,r2,0x800             # frame 16
        sw      r2,0x4044(r0)
        rfe
over:
        movs2i  r2,EDATA
        srli    r2,r2,12
        addi    r2,r2,-9                # page 16 - 9
        sw      r2,-8192(r0)
start:
        addi    r2,r0,4
        movi2s  PTO,r2                  # the table is at 0x4000
        addi    r2,r0,17
        movi2s  PTL,r2
        addi    r2,r0,1
        movi2s  EMODE,r2
        lhgi    r2,1                    # page 16
        movi2s  EDPC,r2
        addi    r2,r2,4
        movi2s  EPC,r2
        rfe

        .section .text
        lhgi    r5,1
        addi    r5,r5,0x1000            # page 17
        addi    r12,r0,65
        sw      r12,8(r5)
        lw      r11,8(r5)
        trap    1
        sw      r2,-0x1000(r5)          # page 16 is protected
