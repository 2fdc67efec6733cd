        .section .vector
        addi    r2,r0,3
        la      r3,cell
loop:   lw      r4,0(r3)
        add     r4,r4,r2
        sw      r4,0(r3)
        subi    r2,r2,1
        bnez    r2,loop
        nop
        addi    r5,r0,79
        sw      r5,-8188(r0)
        sw      r4,-8192(r0)
        .bss
cell:   .space  4
