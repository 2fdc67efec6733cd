# Undefined and duplicate symbols are named with both places.
# RUN: sed -n '/^#=one/,/^#=two/p' %s | vas -o %t.one.o -
# RUN: sed -n '/^#=two/,/^#=three/p' %s | vas -o %t.two.o -
# RUN: rm -f %t.a
# RUN: sed -n '/^#=three/,$p' %s | vas -o %t.three.o -
# RUN: ar rcs %t.a %t.three.o
# RUN: %status 1 vld -o %t.elf %t.one.o %t.two.o %t.a 2>&1 | FileCheck %s
# RUN: not test -e %t.elf
# RUN: %status 1 vld -o %t.elf %t.one.o %t.a --undefined=nothing 2>&1 | FileCheck --check-prefix=REQUIRED %s

# CHECK:      two.o(.text+0x0): error: duplicate symbol 'f' [link-duplicate]
# CHECK-NEXT: one.o(.text+0x0): note: first defined here
# CHECK-NOT:  lonely
# CHECK:      a({{.*}}three.o)(.text+0x4): error: undefined symbol 'missing' in function 'g' [link-undefined]
# CHECK-NEXT: a({{.*}}three.o)(.text+0x8): note: also used here in function 'g'
# CHECK:      2 errors generated.
# REQUIRED:   --undefined: error: undefined symbol 'nothing' [link-undefined]

#=one
    .globl f
f:  jal g
    nop
#=two
    .globl f
f:  nop
#=three
    .globl g
    .type g,@function
    .size g,12
g:  nop
    jal missing
    j missing
