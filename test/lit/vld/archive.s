# Members come in when something needs them, also from an archive that stands before its user.
# RUN: sed -n '/^#=main/,/^#=a/p' %s | vas -o %t.main.o -
# RUN: sed -n '/^#=a/,/^#=b/p' %s | vas -o %t.a.o -
# RUN: sed -n '/^#=b/,/^#=c/p' %s | vas -o %t.b.o -
# RUN: sed -n '/^#=c/,$p' %s | vas -o %t.c.o -
# RUN: rm -f %t.lib.a %t.other.a
# RUN: ar rcs %t.lib.a %t.b.o %t.c.o
# RUN: ar rcs %t.other.a %t.a.o
# RUN: vld -o %t.elf %t.lib.a %t.main.o %t.other.a
# RUN: nm %t.elf | FileCheck %s
# CHECK-NOT: unused
# CHECK: 00008008 T a
# CHECK: 00008010 T b
# CHECK-NOT: unused

#=main
    call a
#=a
    .globl a
a:  call b
#=b
    .globl b
b:  ret
#=c
    .globl unused
unused: ret
