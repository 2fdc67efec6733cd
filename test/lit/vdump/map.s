# A consistency map written by hand after docs/formats.md, in the object and, relocated, in the image.
# RUN: vas -o %t.o %s
# RUN: vdump --map -d %t.o | FileCheck %s
# RUN: vld -o %t.elf %t.o
# RUN: vdump --map -d %t.elf | FileCheck --check-prefix=IMAGE %s

# CHECK:      00000004 <work>:
# CHECK-NEXT: ; w.c0:3:5 statement 0
# CHECK-NEXT: 4: 34210000 nop
# CHECK-NEXT: ; w.c0:4:7 statement 1
# CHECK-NEXT: ; w.c0:4:7 statement 2 (no code)
# CHECK-NEXT: 8: 34210000 nop

# CHECK:      unit w
# CHECK-NEXT: global v at (another section)
# CHECK-NEXT: function work at 00000004: 12 bytes, frame 16, return address at 12(r29)
# CHECK-NEXT: variables: 0(r29) 8(r29)
# CHECK-NEXT: statement 0 w.c0:3:5 +0
# CHECK-NEXT: statement 1 w.c0:4:7 +4 +8
# CHECK-NEXT: statement 2 w.c0:4:7 no code +4
# CHECK-NEXT: call: statement 1 returns to +8
# CHECK-NEXT: check +c null-dereference w.c0:3:9
# CHECK-NEXT: asm: statement 1 +4..+8

# IMAGE:      00008004 <work>:
# IMAGE:      global v at 00009000
# IMAGE-NEXT: function work at 00008004: 12 bytes, frame 16

    nop
work: nop
    nop
    nop
    .data
v:  .word 0
    .section .c0map
    .ascii "c0m\x01"
    .word end-begin
begin:
    .byte 1
    .ascii "w"               # unit
    .byte 1,4
    .ascii "w.c0"            # files
    .byte 1,1
    .ascii "v"
    .word v                  # globals
    .byte 1,4
    .ascii "work"
    .word work               # functions: one, at work
    .byte 12,16,12           # size, frame, return address
    .byte 2, 0,0, 0,8        # variables
    .byte 3
    .byte 4|2, 6, 5, 0       # one entry, emits; line 0+3, column 5; entry +0
    .byte 8|2, 2, 7, 2, 2    # two entries, emits; line +1; +4, +8
    .byte 4, 0, 7, 1         # one entry; line +0; back by one word
    .byte 1, 1, 4            # call: statement 1, two words
    .byte 1, 1<<1, 6, 9, 6   # check: fault 1, line 3, column 9, three words
    .byte 1, 1, 1, 1         # asm: statement 1, one word on, one word long
end:
