#!/bin/sh
# The main job, shown: a C0 program becomes a VAMP image, runs, and is checked step by step. Called by the target `demo`.
set -eu
root=$1
build=$2
PATH=$build/bin:$PATH
work=$build/demo
mkdir -p "$work"
cd "$root"

say() { printf '\n\033[1m%s\033[0m\n' "$*"; }
run() { # status command..: shows the command, runs it, insists on its status
  expected=$1
  shift
  printf '$ %s\n' "$*"
  status=0
  "$@" || status=$?
  [ "$status" = "$expected" ] || { echo "demo: status $status instead of $expected" >&2; exit 1; }
}

say "1. A C0 program: SHA-256, $(wc -l < test/programs/sha256.c0) lines"
run 0 sed -n '/^unsigned rotate/,/^}/p' test/programs/sha256.c0

say "2. Compiled and linked for VAMP, with the map from its variables and statements to the machine"
run 0 c0c -std=c0 test/programs/sha256.c0 -o "$work/sha256.elf"
run 0 vdump --sections "$work/sha256.elf"

say "3. Run by the emulator, and by the abstract C0 machine"
run 0 vamp --stats "$work/sha256.elf"
run 0 c0i --stats test/programs/sha256.c0

say "4. Both side by side: every variable, pointer, return address and program counter compared after every C0 step"
run 0 consis --stats "$work/sha256.elf"

say "5. The same with one bit of a local variable flipped on the machine at C0 step 400"
run 1 consis --corrupt=400:mem=0x01409fec,value=0x06001981 "$work/sha256.elf"

say "6. A kernel: vamos on the CVM implementation, with a shell; three of its users need 642 pages, all users together have 64 page frames"
run 0 vimg list "$build/kernel/vamos.img"
cat > "$work/session" <<'END'
hog &
hog &
hog &
philosophers
talk
wait
wild
ps
END
cat "$work/session"
printf '$ vamp --stats vamos.elf --disk vamos.img --snapshot < session\n'
vamp --stats "$build/kernel/vamos.elf" --disk "$build/kernel/vamos.img" --snapshot < "$work/session" > "$work/output" 2> "$work/stats"
cat "$work/output"
said() { # times line: the users said so
  [ "$(grep -c -x -e "\(\$ \)*$2" "$work/output")" = "$1" ] || { echo "demo: not $1 times '$2'" >&2; exit 1; }
}
said 3 "hog: 200 pages, 0 wrong, sum 943a3c20"
said 1 "philosophers: 20 20 20 20 20 meals, 0 wrong"
said 1 "talk: 100 rounds, sum 338350"
said 1 "wild: 57 attacks, 0 wrong"
echo
grep -E '^(instructions|page-faults|disk-sectors)' "$work/stats"

say "7. The same session on the abstract CVM machine of the kernel paper, where memory has no frames and no disk"
printf '$ cvm vamos.elf --disk vamos.img < session\n'
cvm "$build/kernel/vamos.elf" --disk "$build/kernel/vamos.img" < "$work/session" > "$work/abstract"
characters() { fold -w 1 "$1" | sort | uniq -c; }  # what runs at the same time may come in another order
characters "$work/output" > "$work/expected"
characters "$work/abstract" | cmp - "$work/expected"
echo "the same output"
