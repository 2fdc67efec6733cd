# Several errors in one run, each with line, caret and id; no output file.
# RUN: rm -f %t.o
# RUN: %status 1 vas -o %t.o %s 2>&1 | FileCheck %s
# RUN: not test -e %t.o

    lw r2,4
# CHECK: errors.s:[[#@LINE-1]]:11: error: expected offset(register) [asm-operands]
# CHECK-NEXT: lw r2,4
# CHECK-NEXT: {{^ *\^$}}
    adi r1,r2,3
# CHECK: errors.s:[[#@LINE-1]]:5: error: there is no instruction 'adi'; did you mean 'addi'? [asm-mnemonic]
    addi r1,r2,70000
# CHECK: errors.s:[[#@LINE-1]]:16: error: the immediate 70000 is not in -32768..32767 [asm-range]
    add r1,r2,f3
# CHECK: errors.s:[[#@LINE-1]]:15: error: expected a general register (r0..r31), found 'f3' [asm-register]
    .word (1+2
# CHECK: errors.s:[[#@LINE-1]]:15: error: unexpected end of line
here: nop
here: nop
# CHECK: errors.s:[[#@LINE-1]]:1: error: 'here' is defined already [asm-redefined]
# CHECK: errors.s:[[#@LINE-3]]:1: note: first defined here
    beqz r1,9f
# CHECK: errors.s:[[#@LINE-1]]:13: error: no label 9 follows [asm-undefined]
# CHECK: 7 errors generated.
