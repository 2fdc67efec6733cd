// What the emulator's parts cost: instructions per second of small hand-assembled loops in system mode and in user mode
// with translation, and nanoseconds of the system-level operations. Goals: shared/measures.md. Prints a table; best of
// several rounds.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <functional>
#include <vector>

#include "vm/devices/system_bus.h"
#include "vm/machine/machine.h"

namespace {

using isa::Op;
using machine::Machine;

constexpr uint32_t kCode = 0x8000, kData = 0x100000, kTable = 0x80000, kFrame = 0x40000;
constexpr unsigned kRounds = 5;

class Nobody : public devices::Console {
 public:
  void put(uint8_t) override {}
  int get() override { return -1; }
  bool available() override { return false; }
};

// Words of a program, with forward labels kept by hand: branches are given the index of their target.
class Code {
 public:
  std::vector<uint32_t> words;

  size_t here() const { return words.size(); }
  void i(Op op, unsigned rd, unsigned rs1, int32_t imm) { put(op, rd, rs1, 0, 0, imm); }
  void r(Op op, unsigned rd, unsigned rs1, unsigned rs2) { put(op, rd, rs1, rs2, 0, 0); }
  void shift(Op op, unsigned rd, unsigned rs1, unsigned sa) { put(op, rd, rs1, 0, sa, 0); }
  void branch(Op op, unsigned rs1, size_t target) { put(op, 0, rs1, 0, 0, int32_t(target - here() - 1) * 4); }
  void nop() { words.push_back(isa::kNop); }
  void spr(Op op, unsigned reg, unsigned number) { put(op, reg, reg, 0, number, 0); }

 private:
  void put(Op op, unsigned rd, unsigned rs1, unsigned rs2, unsigned sa, int32_t imm) {
    isa::Instruction in;
    in.op = op, in.rd = uint8_t(rd), in.rs1 = uint8_t(rs1), in.rs2 = uint8_t(rs2), in.sa = uint8_t(sa), in.imm = imm;
    words.push_back(isa::encode(in));
  }
};

// s := s + a[i]; i := i + 1 over 1024 elements for ever, as a compiler without optimisation writes it (r29 is the
// frame).
Code compiledSum() {
  Code c;
  c.i(Op::Sw, 0, 29, 8);
  size_t loop = c.here();
  c.i(Op::Lw, 2, 29, 8);
  c.i(Op::Slsi, 2, 2, 1024);
  c.branch(Op::Bnez, 2, c.here() + 4);
  c.i(Op::Lw, 2, 29, 4);
  c.branch(Op::J, 0, 0);
  c.nop();
  c.i(Op::Lw, 3, 29, 8);
  c.shift(Op::Slli, 3, 3, 2);
  c.r(Op::Add, 3, 3, 28);
  c.i(Op::Lw, 3, 3, 0);
  c.r(Op::Add, 2, 2, 3);
  c.i(Op::Sw, 2, 29, 4);
  c.i(Op::Lw, 2, 29, 8);
  c.i(Op::Addi, 2, 2, 1);
  c.branch(Op::J, 0, loop);
  c.i(Op::Sw, 2, 29, 8);
  return c;
}

// A counter in memory, and branches only.
Code compiledCount() {
  Code c;
  c.i(Op::Lw, 2, 29, 8);
  c.i(Op::Addi, 2, 2, 1);
  c.i(Op::Sw, 2, 29, 8);
  c.i(Op::Lw, 2, 29, 8);
  c.i(Op::Sgri, 3, 2, 0);
  c.branch(Op::Bnez, 3, 0);
  c.nop();
  c.branch(Op::J, 0, 0);
  c.nop();
  return c;
}

// fib(20) for ever: calls, a frame of 16 bytes.
Code calls() {
  Code c;
  c.i(Op::Addi, 11, 0, 20);
  c.branch(Op::Jal, 0, 5);
  c.nop();
  c.branch(Op::J, 0, 0);
  c.nop();
  c.i(Op::Addi, 29, 29, -16);  // fib:
  c.i(Op::Sw, 31, 29, 12);
  c.i(Op::Sw, 11, 29, 0);
  c.i(Op::Lw, 2, 29, 0);
  c.i(Op::Slsi, 2, 2, 2);
  c.branch(Op::Beqz, 2, 15);
  c.nop();
  c.i(Op::Lw, 20, 29, 0);
  c.branch(Op::J, 0, 25);
  c.nop();
  c.i(Op::Lw, 2, 29, 0);
  c.branch(Op::Jal, 0, 5);
  c.i(Op::Addi, 11, 2, -1);
  c.i(Op::Sw, 20, 29, 4);
  c.i(Op::Lw, 2, 29, 0);
  c.branch(Op::Jal, 0, 5);
  c.i(Op::Addi, 11, 2, -2);
  c.i(Op::Lw, 2, 29, 4);
  c.r(Op::Add, 20, 2, 20);
  c.nop();
  c.i(Op::Lw, 31, 29, 12);
  c.i(Op::Addi, 29, 29, 16);
  c.i(Op::Jr, 0, 31, 0);
  c.nop();
  return c;
}

// Registers only: a xorshift generator.
Code registers() {
  Code c;
  c.i(Op::Addi, 2, 0, 1);
  size_t loop = c.here();
  c.shift(Op::Slli, 3, 2, 13);
  c.r(Op::Xor, 2, 2, 3);
  c.shift(Op::Srli, 3, 2, 17);
  c.r(Op::Xor, 2, 2, 3);
  c.shift(Op::Slli, 3, 2, 5);
  c.r(Op::Xor, 2, 2, 3);
  c.branch(Op::Bnez, 2, loop);
  c.nop();
  return c;
}

Code bytes() {  // marks every third byte of 64 KiB
  Code c;
  c.i(Op::Addi, 2, 0, 0);
  c.i(Op::Addi, 4, 0, 1);
  size_t loop = c.here();
  c.r(Op::Add, 3, 28, 2);
  c.i(Op::Sb, 4, 3, 0);
  c.i(Op::Addi, 2, 2, 3);
  c.i(Op::Lhgi, 3, 0, 1);
  c.r(Op::Sls, 3, 2, 3);
  c.branch(Op::Bnez, 3, loop);
  c.nop();
  c.branch(Op::J, 0, 0);
  c.nop();
  return c;
}

// Loops of one system-level operation; the handler at 0 is one rfe.
Code traps() {
  Code c;
  c.i(Op::Trap, 0, 0, 1);
  c.branch(Op::J, 0, 0);
  c.nop();
  return c;
}

Code deviceReads() {
  Code c;
  c.i(Op::Lw, 2, 27, 16);  // the timer's clock
  c.branch(Op::J, 0, 0);
  c.nop();
  return c;
}

// Stores the page-table entry of a page, then loads from the page.
Code walks() {
  Code c;
  c.i(Op::Sw, 25, 26, 0);
  c.i(Op::Lw, 2, 28, 0);
  c.branch(Op::J, 0, 0);
  c.nop();
  return c;
}

// Patches an instruction and runs it.
Code patches() {
  Code c;
  c.i(Op::Sw, 24, 23, 12);
  c.nop();
  c.nop();
  c.nop();  // patched
  c.branch(Op::J, 0, 0);
  c.nop();
  return c;
}

void prepare(Machine& machine, const Code& code, bool user) {
  auto word = [&](uint32_t address, uint32_t value) { machine.write(address, &value, 4); };
  word(0, 0xFC000000);  // rfe
  machine.write(kCode, code.words.data(), uint32_t(4 * code.words.size()));
  machine.state = machine::resetState();
  machine.state.gpr[28] = kData;
  machine.state.gpr[29] = kFrame;
  machine.state.gpr[27] = machine::kDeviceBase + devices::kTimer * 4096;
  machine.state.gpr[26] = kTable + 4 * (kData >> 12);
  machine.state.gpr[25] = kData | 0x800;
  machine.state.gpr[24] = isa::kNop;
  machine.state.gpr[23] = kCode;
  machine.state.dpc = kCode, machine.state.pc = kCode + 4;
  if (!user) return;
  constexpr uint32_t kPages = 1 << 14;
  for (uint32_t page = 0; page < kPages; page++) word(kTable + 4 * page, page << 12 | 0x800);
  machine.state.spr[isa::PTO] = kTable >> 12;
  machine.state.spr[isa::PTL] = kPages - 1;
  machine.state.spr[isa::MODE] = 1;
}

// Nanoseconds for an instruction of the program.
double measure(const Code& code, bool user, uint64_t steps) {
  double best = 1e9;
  for (unsigned round = 0; round < kRounds; round++) {
    Nobody nobody;
    devices::SystemBus bus(nobody, nobody, machine::kDefaultMemory);
    Machine machine(machine::kDefaultMemory, &bus);
    prepare(machine, code, user);
    machine.run(steps / 10);
    auto begin = std::chrono::steady_clock::now();
    machine.run(steps);
    std::chrono::duration<double, std::nano> time = std::chrono::steady_clock::now() - begin;
    best = std::min(best, time.count() / double(steps));
  }
  return best;
}

void speed() {
  struct {
    const char* name;
    Code code;
  } programs[] = {{"compiled-sum", compiledSum()},
                  {"compiled-count", compiledCount()},
                  {"calls", calls()},
                  {"registers", registers()},
                  {"bytes", bytes()}};
  std::printf("million instructions per second\n%-16s %8s %8s %6s\n", "", "system", "user", "ratio");
  double system = 1, user = 1;
  for (auto& program : programs) {
    double a = 1000 / measure(program.code, false, 50'000'000), b = 1000 / measure(program.code, true, 50'000'000);
    std::printf("%-16s %8.0f %8.0f %6.2f\n", program.name, a, b, b / a);
    system *= a, user *= b;
  }
  double root = 1.0 / std::size(programs);
  system = std::pow(system, root), user = std::pow(user, root);
  std::printf("%-16s %8.0f %8.0f %6.2f\n\n", "geometric mean", system, user, user / system);
}

// Time of one operation: a round of its loop, less the loop itself (a jump and its nop).
void operation(const char* name, const Code& code, bool user, unsigned instructions, double goal) {
  Code empty;
  empty.branch(Op::J, 0, 0);
  empty.nop();
  double loop = 2 * measure(empty, user, 10'000'000);
  double time = instructions * measure(code, user, 3'000'000) - loop;
  std::printf("%-34s %6.1f ns (goal %.0f)\n", name, time, goal);
}

}  // namespace

int main() {
  speed();
  operation("trap and return, system mode", traps(), false, 4, 150);
  operation("trap and return, user mode", traps(), true, 4, 150);
  operation("device read, system mode", deviceReads(), false, 3, 46);
  operation("entry stored, then used, user mode", walks(), true, 4, 130);
  operation("instruction patched, then run", patches(), false, 6, 2500);
  double begin = 0;
  {
    auto start = std::chrono::steady_clock::now();
    Machine machine;
    machine.run(1);
    begin = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
  }
  std::printf("%-34s %6.1f us (goal 6000)\n", "making a machine, first instruction", begin);
  return 0;
}
