# RUN: vas -o %t.o %s
# RUN: vld -o %t.elf --map %t.map --heap 64k --stack 0x2000 --entry main %t.o
# RUN: FileCheck --check-prefix=MAP %s < %t.map
# RUN: vdump --header --segments %t.elf | FileCheck %s
# RUN: readelf -hlW %t.elf | FileCheck --check-prefix=READELF %s
# RUN: nm %t.elf | FileCheck --check-prefix=NM %s

# MAP:      00000000 00000008 .vector
# MAP:      00008000 0000000c .text
# MAP-NEXT: 00008000 0000000c   {{.*}}.o(.text)
# MAP-NEXT: 00008004              main
# MAP:      00009000 00000008 .data
# MAP:      0000a000 00000010 .bss
# MAP:      00011000 __gp
# MAP:      0000b000 __heap_start
# MAP-NEXT: 0001b000 __heap_end
# MAP-NEXT: 0001b000 __stack_limit
# MAP-NEXT: 0001d000 __stack_top

# CHECK:      image, 5 sections, {{.*}} entry 00008004
# CHECK-NEXT: isa 1, abi 1, text hash {{[0-9a-f]+}} (the text's)
# CHECK:      00000000 8 8
# CHECK-NEXT: 00008000 c c
# CHECK-NEXT: 00009000 8 8
# CHECK-NEXT: 0000a000 0 10

# READELF: EXEC (Executable file)
# READELF: LOAD {{.*}} 0x00008000 0x00008000 0x0000c 0x0000c R E
# NM-DAG: 00008004 T main
# NM-DAG: 0000a000 b buffer
# NM-DAG: 00011000 A __gp

    .section .vector
    j main
    nop
    .text
    nop
    .globl main
main: lw r5,%gprel(value)(r28)
    nop
    .data
value: .word buffer,main
    .bss
buffer: .space 16
