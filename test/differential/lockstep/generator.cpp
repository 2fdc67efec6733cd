#include "test/differential/lockstep/generator.h"

#include "assembler/base/bytes.h"

namespace lockstep {
namespace {

using isa::Op;

// r1..r15 are computed with; r16..r31 mostly keep addresses.
constexpr unsigned kFirstPointer = 16;

uint8_t anyRegister(Random& random) { return uint8_t(random.below(32)); }
uint8_t valueRegister(Random& random) {
  return uint8_t(random.chance(95) ? random.below(kFirstPointer) : random.below(32));
}
uint8_t pointerRegister(Random& random) {
  return uint8_t(random.chance(97) ? kFirstPointer + random.below(32 - kFirstPointer) : random.below(32));
}

uint32_t pointerValue(Random& random) {
  if (random.chance(15))
    return 0xFFFF8000 + random.pick<uint32_t>({0, 1, 2, 3, 4, 5, 6, 6, 6, 7}) * 4096 + random.below(64) * 4;
  if (random.chance(5)) return kMemory - 4 + random.below(4) * 4;
  if (random.chance(5)) return random.word();
  return random.below(kMemory) & (random.chance(95) ? ~3u : ~0u);
}

int32_t branchOffset(Random& random) {
  if (random.chance(2)) return int32_t(random.below(0x10000)) - 0x8000;
  if (random.chance(6)) return (int32_t(random.below(4096)) - 2048) * 4;
  return (int32_t(random.below(24)) - 10) * 4;
}

int32_t displacement(Random& random) {
  if (random.chance(3)) return int32_t(random.below(0x10000)) - 0x8000;
  return (int32_t(random.below(32)) - 8) * (random.chance(97) ? 4 : 1);
}

uint8_t specialRegister(Random& random) {
  if (random.chance(5)) return anyRegister(random);
  return random.pick<uint8_t>({isa::SR, isa::ESR, isa::ECA, isa::EPC, isa::EDPC, isa::EDATA, isa::RM, isa::IEEEF,
                               isa::FCC, isa::RM, isa::FCC, isa::PTL, isa::EMODE});
}

Op randomOp(Random& random) {
  unsigned kind = random.below(100);
  if (random.chance(3)) return random.pick({Op::FmulS, Op::FmulD, Op::FdivS, Op::FdivD, Op::FdivS});
  if (kind < 22) return random.pick({Op::Lw, Op::Lw, Op::Lw, Op::Lb, Op::Lbu, Op::Lh, Op::Lhu});
  if (kind < 36) return random.pick({Op::Sw, Op::Sw, Op::Sw, Op::Sb, Op::Sh});
  if (kind < 48) return random.pick({Op::Beqz, Op::Bnez, Op::J, Op::Jal, Op::Beqz, Op::Bnez, Op::Jr, Op::Jalr});
  if (kind < 51) return random.pick({Op::Movs2i, Op::Movi2s, Op::Trap, Op::Trap, Op::Rfe});
  if (kind < 57) return random.pick({Op::Addo, Op::Addio, Op::Subo, Op::Subio});
  if (kind < 62) return random.pick({Op::Lhgi, Op::Lhgi, Op::Ori, Op::Xor});
  if (kind < 66) return random.pick({Op::Slsi, Op::Sls, Op::Seqi, Op::Seq, Op::Sgei, Op::Sle, Op::Sgr, Op::Snei});
  return Op(random.below(unsigned(Op::LoadS)));  // any that is not floating point
}

uint32_t encodeRandom(Random& random, Op op) {
  isa::Instruction in;
  in.op = op;
  in.rd = valueRegister(random);
  in.rs1 = valueRegister(random), in.rs2 = valueRegister(random);
  in.sa = anyRegister(random);
  in.imm = random.chance(80) ? int32_t(random.below(256)) - 128 : int32_t(random.word());
  if (isa::isLoad(op) || isa::isStore(op)) in.rs1 = pointerRegister(random), in.imm = displacement(random);
  if (op == Op::Lhgi) in.imm = int32_t(edgeValue(random));
  if (isa::isControl(op)) in.imm = branchOffset(random);
  if (op == Op::Jr || op == Op::Jalr) in.rs1 = pointerRegister(random);
  if (op == Op::Movs2i || op == Op::Movi2s) in.sa = specialRegister(random);
  return isa::encode(in);
}

uint32_t make(Op op, unsigned rd, unsigned rs1, int32_t imm, unsigned sa = 0) {
  isa::Instruction in;
  in.op = op, in.rd = uint8_t(rd), in.rs1 = uint8_t(rs1), in.imm = imm, in.sa = uint8_t(sa);
  return isa::encode(in);
}

// A handler at address 0 that goes on somewhere: past the instruction, at it (after some random work), or anywhere.
// Most are careful to end, and to go on at an address that can be fetched, lest everything that happens be the same
// interrupt.
std::vector<uint32_t> handler(Random& random) {
  std::vector<uint32_t> code;
  auto work = [&](unsigned percent) {
    while (random.chance(percent)) code.push_back(randomInstruction(random));
  };
  bool wild = random.chance(15);
  work(wild ? 50 : 3);
  code.push_back(make(Op::Movs2i, 1, 0, 0, isa::EPC));
  if (!wild) {
    code.push_back(make(Op::Slli, 1, 1, 0, 16));
    code.push_back(make(Op::Srli, 1, 1, 0, 16));
    code.push_back(make(Op::Andi, 1, 1, -4));
  }
  if (random.chance(80)) {
    code.push_back(make(Op::Movi2s, 0, 1, 0, isa::EDPC));
    code.push_back(make(Op::Addi, 1, 1, 4));
    code.push_back(make(Op::Movi2s, 0, 1, 0, isa::EPC));
  }
  // Nested interrupts would leave SR at 0.
  if (random.chance(60)) {
    code.push_back(make(Op::Addi, 2, 0, int32_t(random.word() | 0x40)));
    code.push_back(make(Op::Movi2s, 0, 2, 0, isa::ESR));
  }
  if (random.chance(30)) {
    code.push_back(make(Op::Movs2i, 2, 0, 0, isa::EMODE));
    code.push_back(make(Op::Xori, 2, 2, 1));
    code.push_back(make(Op::Movi2s, 0, 2, 0, isa::EMODE));
  }
  // A page-table entry changes: to one that is valid most of the time.
  if (random.chance(50))
    code.push_back(make(Op::Sw, 3 + random.below(4), 16 + random.below(2), int32_t(random.below(16)) * 4));
  // The device is told, so that it may lower its line.
  if (random.chance(50)) code.push_back(make(random.chance(50) ? Op::Lw : Op::Sw, 2, 18, 4));
  work(wild ? 50 : 5);
  code.push_back(make(Op::Rfe, 0, 0, 0));
  return code;
}

uint32_t tableEntry(Random& random) {
  uint32_t frame = random.chance(93) ? random.below(kMemory / 4096)
                                     : random.pick<uint32_t>({16, 0xFFFF8 + random.below(8), random.below(1 << 20)});
  return frame << 12 | (random.chance(92) ? 0x800 : 0) | (random.chance(10) ? 0x400 : 0) | random.below(0x400);
}

}  // namespace

uint32_t edgeValue(Random& random) {
  switch (random.below(4)) {
    case 0:
      return random.pick<uint32_t>({0, 1, 0xFFFFFFFF, 0x7FFFFFFF, 0x80000000, 0x8000, 0x7FFF, 31, 32, 4096, 0xFFFF});
    case 1: return 1u << random.below(32);
    case 2: return random.below(64);
    default: return random.word();
  }
}

uint32_t randomInstruction(Random& random) {
  if (random.chance(1)) return random.word();
  if (random.chance(6)) return isa::kNop;
  if (random.chance(8))
    return encodeRandom(random, Op(unsigned(Op::LoadS) + random.below(isa::kOpCount - unsigned(Op::LoadS))));
  return encodeRandom(random, randomOp(random));
}

Episode generate(Random& random) {
  Episode episode;
  episode.memory.resize(kMemory);
  auto put = [&](uint32_t address, uint32_t word) { base::store(episode.memory.data() + address, word); };
  for (uint32_t address = 0; address < kMemory; address += 4) put(address, randomInstruction(random));

  uint32_t tablePage = 2 + random.below(kMemory / 4096 - 2);
  for (uint32_t i = 0; i < 64; i++) put(tablePage * 4096 + 4 * i, tableEntry(random));
  // Mostly users can reach their table at its own address.
  if (random.chance(70)) put(tablePage * 4096 + 4 * tablePage, tablePage << 12 | 0x800);
  uint32_t at = 0;
  for (uint32_t word : handler(random)) put(at, word), at += 4;

  machine::State& state = episode.state;
  for (unsigned i = 1; i < 32; i++) state.gpr[i] = i < kFirstPointer ? edgeValue(random) : pointerValue(random);
  // Entries to store, and where: so that handlers and programs edit the live table.
  for (unsigned i = 3; i < 7; i++) state.gpr[i] = tableEntry(random);
  for (unsigned i = 16; i < 18; i++) state.gpr[i] = tablePage * 4096 + 4 * random.below(32);
  for (unsigned i = 0; i < isa::kSprCount; i++)
    if (isa::sprExists(i)) state.spr[i] = edgeValue(random);
  for (uint32_t& word : state.fpr)
    word = random.chance(40) ? random.word()
                             : random.pick<uint32_t>({0, 0, 0, 1, 0x3F800000, 0xBFF00000, 0x7F7FFFFF, 0x7F000000, 0x7FEFFFFF,
                                                      0x7FE00000, 0x7F7FFFFF, 0x7FF00000});
  state.gpr[18] = 0xFFFF8000 + random.below(8) * 4096;
  state.spr[isa::PTO] = random.chance(95) ? tablePage : random.word();
  state.spr[isa::PTL] = random.chance(90) ? 8 + random.below(56) : edgeValue(random);
  state.spr[isa::MODE] = random.below(2);
  state.spr[isa::EMODE] = random.chance(80) ? 1 : random.word();
  state.spr[isa::SR] = random.chance(50) ? 0xFFFFFFFF : random.word();
  state.spr[isa::ESR] = random.chance(50) ? 0xFFFFFFFF : random.word();
  state.spr[isa::EDPC] = random.below(kMemory) & ~3u;
  state.spr[isa::EPC] = state.spr[isa::EDPC] + 4;
  state.dpc = random.below(kMemory) & ~3u;
  state.pc = random.chance(90) ? state.dpc + 4 : random.below(kMemory) & ~3u;
  return episode;
}

}  // namespace lockstep
