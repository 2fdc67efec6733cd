# The primitives of standalone programs on the host device.
        .section .text
        .globl  put_char, get_char, exit

put_char:                               # int put_char(char)
        sw      r11,-8188(r0)
        jr      r31
        mov     r20,r11

get_char:                               # int get_char(): the next byte, or -1
        jr      r31
        lw      r20,-8176(r0)

exit:                                   # int exit(int)
        sw      r11,-8192(r0)
stopped:
        j       stopped
        nop
