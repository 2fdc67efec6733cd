# What `new` has handed out, and the heap's size (decisions.md, 6): r30 is the next free byte.
        .section .text
        .globl  heap_used, heap_size

heap_used:                              # unsigned heap_used()
        lhgi    r1,%hi(__heap_start)
        addi    r1,r1,%lo(__heap_start)
        jr      r31
        sub     r20,r30,r1

heap_size:                              # unsigned heap_size()
        lhgi    r1,%hi(__heap_start)
        addi    r1,r1,%lo(__heap_start)
        lhgi    r20,%hi(__heap_end)
        addi    r20,r20,%lo(__heap_end)
        jr      r31
        sub     r20,r20,r1
