# Floating-point registers belong to their process: three of them keep a number there, while the timer and system calls
# pass the processor on.
# RUN: sed s/NUMBER/7/ %s > %t.7.s && vas %t.7.s -o %t.7.o && vld %t.7.o --heap 0 --stack 4k -o %t.7.elf
# RUN: sed s/NUMBER/9/ %s > %t.9.s && vas %t.9.s -o %t.9.o && vld %t.9.o --heap 0 --stack 4k -o %t.9.elf
# RUN: vimg build -o %t.img --slots 64 seven=%t.7.elf nine=%t.9.elf again=%t.7.elf
# RUN: konsis %kernel/minimal.elf --disk %t.img --output --stats 2>&1 | FileCheck %s
# CHECK-DAG: 7
# CHECK-DAG: 7
# CHECK-DAG: 9
# CHECK: consistent: {{.*}}exit 0
# CHECK: interrupt 14 {{[1-9][0-9]}}
        .section .vector
        .globl  __reset
__reset:
        li      r2,NUMBER
        mi2f    f31,r2
        cvt.d.i f0,f31                  # all that is used: a single and a double
        cvt.s.i f31,f31
        li      r6,20                   # rounds
again:
        li      r3,1500
loop:
        cvt.i.s f5,f31
        mf2i    r4,f5
        sub     r4,r4,r2
        bnez    r4,wrong
        cvt.i.d f5,f0
        mf2i    r4,f5
        sub     r4,r4,r2
        bnez    r4,wrong
        subi    r3,r3,1
        bnez    r3,loop
        nop
        trap    2                       # yield
        subi    r6,r6,1
        bnez    r6,again
        nop
        addi    r11,r2,48
        trap    3                       # put_char
        clr     r11,r0,r0
        trap    1                       # exit
wrong:
        li      r11,63
        trap    3
        li      r11,1
        trap    1
