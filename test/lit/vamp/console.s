# Echoes its input, then ends with the number of bytes as status.
# RUN: vas %s -o %t.o && vld -o %t.elf %t.o
# RUN: printf 'two\nlines\n' > %t.in
# RUN: %status 10 vamp %t.elf < %t.in > %t.out
# RUN: cmp %t.in %t.out
# RUN: %status 10 vamp --reference %t.elf < %t.in | cmp %t.in -
# RUN: %status 0 vamp %t.elf < /dev/null > %t.none
# RUN: cmp %t.none /dev/null
        .section .vector
next:
        lw      r2,-8176(r0)            # host port 4
        slsi    r3,r2,0
        bnez    r3,end
        addi    r4,r4,1
        j       next
        sw      r2,-8188(r0)            # host port 1
end:
        subi    r4,r4,1
        sw      r4,-8192(r0)
