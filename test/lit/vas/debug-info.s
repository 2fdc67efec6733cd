# vas -g: lines; procedures from global labels and functions on; how to leave them, said with .cfi directives or as of a leaf.
# RUN: vas -g %s -o %t.o
# RUN: vld %t.o -o %t.elf
# RUN: llvm-dwarfdump-14 --verify %t.elf | FileCheck --check-prefix=VERIFY %s
# VERIFY: No errors.
# RUN: readelf --debug-dump=decodedline %t.elf | FileCheck --check-prefix=LINES %s
# RUN: readelf --debug-dump=info %t.elf | FileCheck --check-prefix=INFO %s
# RUN: readelf --debug-dump=frames-interp %t.elf | FileCheck --check-prefix=FRAMES %s
# Directives alone make nothing.
# RUN: vas %s -o %t.o
# RUN: readelf -SW %t.o | FileCheck --check-prefix=PLAIN %s
# PLAIN-NOT: debug
# RUN: %status 1 vas %S/Inputs/frames.s -o %t.bad.o 2>&1 | FileCheck --check-prefix=ERROR %s

        .section .vector
        .cfi_startproc
        .cfi_return_column EDPC
vector:
        sw      r31,256(r0)
        .cfi_def_cfa r0,512
        .cfi_offset r31,-256
        .cfi_same_value r29
        .cfi_address r27,256
        jal     handler
        nop
        rfe
        .cfi_endproc

        .text
        .globl  handler
handler:
        jr      r31
        nop
framed:
        .type   framed,@function
        .cfi_startproc
        mov     r5,r31
        .cfi_register r31,r5
        .cfi_undefined r30
        .cfi_remember_state
        beqz    r2,out
        addi    r29,r29,-8
        .cfi_def_cfa r29,8
        addi    r29,r29,8
        .cfi_restore_state
out:    jr      r5
        nop
        .cfi_restore r31
        nop
        .cfi_endproc

# LINES: debug-info.s 32 0x8000
# LINES: debug-info.s 33 0x8004
# LINES: debug-info.s 37 0x8008
# LINES: debug-info.s 19 0 x
# LINES: debug-info.s 24 0x4 x

# INFO: MIPS assembler
# INFO: DW_AT_ranges
# INFO: DW_AT_name : handler
# INFO: DW_AT_high_pc : 8
# INFO: DW_AT_name : framed
# INFO: DW_AT_name : vector

# FRAMES: pc=00008000..00008008
# FRAMES: pc=00008008..
# FRAMES-NEXT: LOC
# FRAMES-NEXT: 00008008 r29+0 {{.*}} s s
# FRAMES-NEXT: 0000800c r29+0 {{.*}} u r5
# FRAMES-NEXT: 00008014 r29+8 {{.*}} u r5
# FRAMES-NEXT: 00008018 r29+0 {{.*}} u r5
# FRAMES-NEXT: 00008020 r29+0 {{.*}} u s
# FRAMES: pc=00000000..00000010
# FRAMES-NEXT: LOC CFA {{.*}}ra
# FRAMES-NEXT: 00000000 r29+0 {{.*}} s s
# FRAMES-NEXT: 00000004 r0+512 {{.*}} exp {{.*}} c-256 s

# ERROR: frames.s:2:{{.*}}error: the section '.data' is not code [asm-cfi]
# ERROR: frames.s:4:{{.*}}error: this stands between .cfi_startproc and .cfi_endproc [asm-cfi]
# ERROR: frames.s:5:{{.*}}error: no .cfi_endproc follows [asm-cfi]
# ERROR: frames.s:6:{{.*}}error: a procedure within a procedure [asm-cfi]
# ERROR: frames.s:7:{{.*}}error: expected one of r0..r31, or EDPC [asm-register]
# ERROR: frames.s:8:{{.*}}error: the offset is a multiple of 4
# ERROR: frames.s:9:{{.*}}error: the directive is written with two registers [asm-operands]
# ERROR: frames.s:11:{{.*}}error: the procedure began in another section [asm-cfi]
