# The synchronisation conditions: code and a page-table entry that are stored to, each fetched once with and once without something between that
# drains the pipe; user mode without rfe.
# RUN: vas %s -o %t.o && vld -o %t.elf %t.o
# RUN: %status 0 vamp %t.elf
# RUN: %status 0 vamp --check-sync --result-json=%t.json %t.elf 2> %t.err
# RUN: FileCheck %s --match-full-lines < %t.err
# RUN: FileCheck %s --check-prefix=JSON < %t.json
# RUN: %status 0 vamp --check-sync --reference %t.elf 2>&1 | diff %t.err -
# JSON: "sync":[{"kind":"code","store":{{[0-9]+}},"fetch":{{[0-9]+}},"address":{{[0-9]+}},"count":3}
# JSON-SAME: "kind":"mode"
# JSON-SAME: "kind":"table"
        .section .vector
        movs2i  r1,ECA
        andi    r2,r1,1
        bnez    r2,start
        andi    r2,r1,16
        bnez    r2,over
        nop
        bnez    r26,patch               # the second trap: of the user
        addi    r26,r0,1
        rfe
over:
        sw      r0,-8192(r0)

# CHECK: sync: instruction {{[0-9]+}} at {{0x[0-9a-f]+}} <loop> stores to {{0x[0-9a-f]+}}, from which instruction {{[0-9]+}} at {{0x[0-9a-f]+}} <patched> is fetched, and nothing between drains the pipe (3 times) [sync-code]
start:
        lw      r4,%lo(nopword)(r0)
        addi    r3,r0,3
loop:
        sw      r4,%lo(patched)(r0)
        addi    r3,r3,-1
patched:
        nop
        bnez    r3,loop
        nop
        sw      r4,%lo(drained)(r0)          # with a trap between: nothing is said
        trap    1
drained:
        nop
        addi    r2,r0,4                 # a user whose table is at 0x4000, by rfe: nothing is said
        movi2s  PTO,r2
        addi    r2,r0,15
        movi2s  PTL,r2
        lw      r5,%lo(entry)(r0)
        sw      r5,0x4020(r0)           # page 8
        addi    r2,r0,1
        movi2s  EMODE,r2
        addi    r2,r0,%lo(user)
        lhgi    r6,%hi(user)
        add     r2,r2,r6
        movi2s  EDPC,r2
        addi    r2,r2,4
        movi2s  EPC,r2
        rfe
# CHECK-NEXT: sync: instruction {{[0-9]+}} at {{0x[0-9a-f]+}} <entered> enters user mode without rfe [sync-mode]
# CHECK-NEXT: sync: instruction {{[0-9]+}} at {{0x[0-9a-f]+}} <again> stores to 0x4000, the page-table entry with which instruction {{[0-9]+}} at {{0x[0-9a-f]+}} (user mode) is fetched, and nothing between drains the pipe [sync-table]
patch:                                  # the page of this code, for the user that goes on here
        lw      r5,%lo(first)(r0)
again:
        sw      r5,0x4000(r0)
        addi    r2,r0,1
entered:
        movi2s  MODE,r2
        sw      r0,-8192(r0)            # a page fault for the user: its page is not in the table
        nop
nopword:
        ori     r1,r1,0
entry:
        .word   0x8C00
first:
        .word   0x0C00

        .section .text
user:
        trap    2
