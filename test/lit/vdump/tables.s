# RUN: vas -o %t.o %s
# RUN: vdump %t.o | FileCheck %s
# RUN: rm -f %t.a
# RUN: ar rcs %t.a %t.o
# RUN: vdump --symbols %t.a | FileCheck --check-prefix=ARCHIVE %s

# CHECK:      object, 3 sections, 4 symbols
# CHECK:      0 00000000 00000008 4 a-x progbits .text
# CHECK-NEXT: 1 00000000 00000004 1 aw- progbits .data
# CHECK-NEXT: 2 00000000 00000010 8 aw- nobits .bss
# CHECK:      00000000 00000000 local - .bss buffer
# CHECK-NEXT: 00000000 00000008 global function .text f
# CHECK-NEXT: 00000007 00000000 global - absolute limit
# CHECK-NEXT: 00000000 00000000 global - undefined g
# CHECK:      relocations of .text
# CHECK-NEXT: 00000000 PC26 g-4
# CHECK:      relocations of .data
# CHECK-NEXT: 00000000 WORD32 buffer+8

# ARCHIVE: # {{.*}}.a({{.*}}.o)
# ARCHIVE: global function .text f

    .globl f,limit
    .type f,@function
    .size f,8
    .equ limit,7
f:  jal g-4
    nop
    .data
    .word buffer+8
    .bss
    .align 8
buffer: .space 16
