# What graders ask of a run: when it must end, what its devices did, how it ended.
# RUN: vas %s -o %t.o && vld -o %t.elf %t.o
# RUN: python3 -c "import sys; sys.stdout.buffer.write(bytes(4096))" > %t.img

# The program writes sectors 0, 1, .. of the disk, and stops after as many as the seed says; with none it loops.
# RUN: %status 3 vamp --seed 3 --disk %t.img --snapshot --result-json=%t.json --result-junit=%t.xml %t.elf
# RUN: FileCheck --check-prefix=JSON3 %s < %t.json
# JSON3: {"program":"{{.*}}.elf","ending":"exit","status":3,"instructions":{{[0-9]+}},"interrupts":{},"disk-sectors-read":0,"disk-sectors-written":3}
# RUN: FileCheck --check-prefix=XML3 %s < %t.xml
# XML3: <testsuite name="vamp" tests="1" failures="1" errors="0">
# XML3: <failure type="exit" message="status 3"/>

# RUN: %status 124 vamp --seed 5 --disk %t.img --snapshot --max-disk-writes=2 --result-json=%t.json %t.elf 2>&1 | FileCheck --check-prefix=WRITES %s
# RUN: %status 124 vamp --seed 5 --disk %t.img --snapshot --max-disk-writes=2 --reference --result-json=%t.reference %t.elf 2>&1 | FileCheck --check-prefix=WRITES %s
# RUN: diff %t.json %t.reference
# WRITES: vamp: stopped after [[N:[0-9]+]] instructions: limit of disk writes
# RUN: FileCheck --check-prefix=JSON2 %s < %t.json
# JSON2: "ending":"disk-writes","status":124,{{.*}}"disk-sectors-written":2}

# RUN: %status 124 vamp --watchdog=5000 --result-json=%t.json --result-junit=%t.xml %t.elf 2>&1 | FileCheck --check-prefix=DOG %s
# RUN: %status 124 vamp --watchdog=5000 --reference %t.elf 2>&1 | FileCheck --check-prefix=DOG %s
# DOG: vamp: stopped after 5001 instructions: no progress
# RUN: FileCheck --check-prefix=JSON0 %s < %t.json
# JSON0: "ending":"no-progress","status":124,"instructions":5001,
# RUN: FileCheck --check-prefix=XML0 %s < %t.xml
# XML0: <failure type="no-progress" message="no progress"/>
# RUN: %status 3 vamp --seed 3 --watchdog=5000 --disk %t.img --snapshot %t.elf

# RUN: %status 1 vamp --seed 1 --disk %t.img --snapshot --trace-device=disk,host %t.elf 2>&1 | FileCheck --check-prefix=TRACE %s
# TRACE: host read 3 0x1
# TRACE: disk write 7 0x30
# TRACE: disk write 0 0x0
# TRACE: disk read 7
# TRACE: host write 0 0x1
# RUN: %status 1 vamp --seed 1 --disk %t.img --snapshot --trace-device=timer %t.elf 2>&1 | diff /dev/null -

# RUN: %status 125 vamp --trace-device=clock %t.elf 2>&1 | FileCheck --check-prefix=NAME %s
# NAME: vamp: error: --trace-device=clock: there is no device 'clock': disk, timer, serial, network, bus, disk5, host, all [bad-argument]
# RUN: %status 125 vamp --result-json=/nonexistent/x --max-steps 1 %t.elf 2>&1 | FileCheck --check-prefix=FILE %s
# FILE: /nonexistent/x
# RUN: %status 125 vamp --monitor --watchdog=5 %t.elf 2>&1 < /dev/null | FileCheck --check-prefix=MONITOR %s
# MONITOR: vamp: error: --watchdog: it does not go with --monitor [bad-argument]
        .section .vector
        addi    r10,r0,-32768           # disk 0
        addi    r12,r0,-8192            # host
        lw      r3,12(r12)              # the seed
        addi    r4,r0,0
forever:
        beqz    r3,forever
        nop
        addi    r2,r0,0xE0
        sw      r2,24(r10)
sector:
        addi    r2,r0,1
        sw      r2,8(r10)
        sw      r4,12(r10)
        addi    r2,r0,0x30
        sw      r2,28(r10)
        addi    r5,r0,128
fill:
        sw      r4,0(r10)
        addi    r5,r5,-1
        bnez    r5,fill
        nop
wait:
        lw      r2,28(r10)
        andi    r2,r2,0x80
        bnez    r2,wait
        nop
        addi    r4,r4,1
        sub     r6,r4,r3
        bnez    r6,sector
        nop
        sw      r4,0(r12)
