# A user whose instructions lie at the edges of pages and need other pages: jumps whose slot is on the next page and stores, loads
# at a page's last word, pages that are zero, clean and dirty. Prints "k" and ends if all is as it should be.
        .equ    exit_number,1
        .equ    put_char_number,3

        .section .vector
        .globl  __reset
__reset:
        li      r10,3                   # rounds
round:
        li      r3,0x4000               # the page that is stored to and loaded from
        li      r5,77
        j       first
        add     r5,r5,r10
        .space  0xFF4-(.-__reset)
first:
        li      r4,0x1FFC
        jr      r4                      # at 0xFFC, its slot at 0x1000
        sw      r5,4092(r3)             # slot
        .space  0x1FFC-(.-__reset)
        lw      r6,4092(r3)             # at 0x1FFC
        sub     r7,r6,r5
        bnez    r7,wrong
        lw      r6,0(r3)                # slot; nobody writes there
        bnez    r6,wrong
        addi    r3,r3,0x1000
        li      r8,0x7000
        sub     r7,r8,r3
        bnez    r7,first
        addi    r5,r5,1                 # slot
        addi    r10,r10,-1
        bnez    r10,round
        nop
        li      r11,'k'
        trap    put_char_number
wrong:
        trap    exit_number
        .text
        nop
