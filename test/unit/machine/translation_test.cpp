// Translation reads the page table at every access, and code is what memory holds at that moment: no engine may
// remember anything that can be seen.
#include "test/unit/machine/engine_test.h"

namespace machine {
namespace {

using isa::Op;

constexpr uint32_t kLoop = 0x4000;

class Translation : public EngineTest {
 protected:
  void mapAll() {
    for (uint32_t page = 0; page < 16; page++) map(page, page);
  }
  static std::vector<uint32_t> idle() { return {encode(Op::J, 0, 0, -4), isa::kNop}; }
  static std::vector<uint32_t> then(std::vector<uint32_t> words) {
    for (uint32_t word : idle()) words.push_back(word);
    return words;
  }
};

// Tests that act between steps.
class TranslationBetweenSteps : public Translation {};

TEST_P(Translation, UsersSeeTheirFrames) {
  mapAll();
  map(5, 40);
  put(40 * kPageSize + 12, {0xFEEDF00D});
  put(5 * kPageSize + 12, {0xBAD});
  put(kLoop, then({encode(Op::Lw, 4, 3, 12), encode(Op::Sw, 4, 3, 16)}));
  machine.state.gpr[3] = 0x5000;
  user();
  start(kLoop);
  run(2);
  EXPECT_EQ(machine.state.gpr[4], 0xFEEDF00Du);
  EXPECT_EQ(word(40 * kPageSize + 16), 0xFEEDF00Du);
  EXPECT_EQ(word(5 * kPageSize + 16), 0u);
}

TEST_P(Translation, StoresToTheLiveTableTakeEffectAtOnce) {
  // The table itself is mapped at page 7. Load (fills whatever there is to fill), remap by a store, load again.
  mapAll();
  map(7, 32);
  put(0x5000, {111});
  put(40 * kPageSize, {222});
  put(kLoop, then({encode(Op::Lw, 4, 3, 0), encode(Op::Sw, 8, 9, 0), encode(Op::Lw, 5, 3, 0)}));
  machine.state.gpr[3] = 0x5000;
  machine.state.gpr[8] = 40 << 12 | kValid;
  machine.state.gpr[9] = 0x7000 + 4 * 5;
  user();
  start(kLoop);
  run(3);
  EXPECT_EQ(machine.state.gpr[4], 111u);
  EXPECT_EQ(machine.state.gpr[5], 222u);
}

TEST_P(Translation, ByteStoresToEntriesCount) {
  mapAll();
  map(7, 32);
  put(0x5000, {111});
  // Clears the valid bit, which lies in byte 1.
  put(kLoop, then({encode(Op::Lw, 4, 3, 0), encode(Op::Sb, 0, 9, 1), encode(Op::Lw, 5, 3, 0)}));
  machine.state.gpr[3] = 0x5000;
  machine.state.gpr[9] = 0x7000 + 4 * 5;
  user();
  start(kLoop);
  run(3);
  expectInterrupt(1 << 4, kLoop + 8, kLoop + 12, 0x5000, 0, 1);
}

TEST_P(Translation, ProtectionAppliesAfterItIsSet) {
  mapAll();
  map(7, 32);
  put(kLoop,
      then({encode(Op::Sw, 4, 3, 0), encode(Op::Sw, 8, 9, 0), encode(Op::Lw, 5, 3, 0), encode(Op::Sw, 4, 3, 0)}));
  machine.state.gpr[3] = 0x5000, machine.state.gpr[4] = 77;
  machine.state.gpr[8] = 5 << 12 | kValid | kProtected;
  machine.state.gpr[9] = 0x7000 + 4 * 5;
  user();
  start(kLoop);
  run(4);
  EXPECT_EQ(machine.state.gpr[5], 77u);
  expectInterrupt(1 << 4, kLoop + 12, kLoop + 16, 0x5000, 0, 1);
}

TEST_P(Translation, CodeOfTheNextInstructionMoves) {
  // The program remaps the page it runs in: the next instruction comes from the other frame.
  mapAll();
  map(7, 32);
  put(kLoop, {encode(Op::Sw, 8, 9, 0), encode(Op::Addi, 4, 0, 1)});
  put(41 * kPageSize + 4, then({encode(Op::Addi, 4, 0, 2)}));
  machine.state.gpr[8] = 41 << 12 | kValid;
  machine.state.gpr[9] = 0x7000 + 4 * 4;
  user();
  start(kLoop);
  run(2);
  EXPECT_EQ(machine.state.gpr[4], 2u);
}

TEST_P(Translation, SelfModifyingCode) {
  // The next instruction, the one after, the delay slot after a jump, and one executed before.
  uint32_t patch = encode(Op::Addi, 4, 4, 64);
  machine.state.gpr[8] = patch;
  for (int32_t distance : {4, 8}) {
    put(0x1000,
        then({encode(Op::Sw, 8, 9, distance), encode(Op::Addi, 4, 4, 1), encode(Op::Addi, 4, 4, 1), isa::kNop}));
    machine.state.gpr[4] = 0, machine.state.gpr[9] = 0x1000;
    start(0x1000);
    run(4);
    EXPECT_EQ(machine.state.gpr[4], 65u);
  }
  put(0x1000, {encode(Op::J, 0, 0, 0xFC), encode(Op::Sw, 8, 9, 0)});
  put(0x1100, then({encode(Op::Addi, 4, 4, 1)}));
  machine.state.gpr[4] = 0, machine.state.gpr[9] = 0x1100;
  start(0x1000);
  run(3);
  EXPECT_EQ(machine.state.gpr[4], 64u);

  // Second round of a loop.
  put(0x1000, {encode(Op::Addi, 4, 4, 1), encode(Op::Sw, 8, 9, 0), encode(Op::Addi, 5, 5, -1),
               encode(Op::Bnez, 0, 5, -16), isa::kNop});
  put(0x1014, idle());
  machine.state.gpr[4] = 0, machine.state.gpr[5] = 3, machine.state.gpr[9] = 0x1000;
  start(0x1000);
  run(15);
  EXPECT_EQ(machine.state.gpr[4], 1u + 64 + 64);
}

TEST_P(Translation, PatchedPartOfASequence) {
  // A comparison, a branch on it and the slot may run as one: patch each of them from outside the sequence, twice.
  for (unsigned part = 0; part < 3; part++) {
    machine.state = resetState();
    put(0x1000, {encode(Op::Slsi, 5, 6, 10), encode(Op::Bnez, 0, 5, 0xF8), isa::kNop, encode(Op::Addi, 7, 7, 1)});
    put(0x1010, idle());
    put(0x1100,
        {encode(Op::Sw, 8, 9, int32_t(4 * part)), encode(Op::Addi, 10, 10, 1), encode(Op::J, 0, 0, -0x10C), isa::kNop});
    const uint32_t patches[] = {encode(Op::Sgri, 5, 6, 10), encode(Op::Beqz, 0, 5, 0xF8), encode(Op::Addi, 6, 6, 4)};
    machine.state.gpr[8] = patches[part];
    machine.state.gpr[9] = 0x1000;
    start(0x1000);
    run(part == 2 ? 32 : 11);
    EXPECT_EQ(machine.state.gpr[10], part == 2 ? 4u : 1u) << part;
    EXPECT_EQ(machine.state.gpr[7], 1u) << part;
    EXPECT_EQ(machine.state.gpr[6], part == 2 ? 16u : 0u) << part;
  }
}

TEST_P(Translation, StoreToItsOwnEntry) {
  // The table's second page is mapped by an entry that lies in it; the first access to it is a store to that entry.
  mapAll();
  user(2047);
  put(33 * kPageSize + 4 * 6, {33 << 12 | kValid});  // page 1030
  put(kLoop, then({encode(Op::Sw, 8, 9, 4 * 6), encode(Op::Sw, 10, 9, 4 * 7)}));
  machine.state.gpr[8] = 40 << 12 | kValid;
  machine.state.gpr[9] = 1030 << 12;
  machine.state.gpr[10] = 0x1234;
  start(kLoop);
  run(2);
  EXPECT_EQ(word(33 * kPageSize + 4 * 6), uint32_t(40 << 12 | kValid));
  EXPECT_EQ(word(33 * kPageSize + 4 * 7), 0u);
  EXPECT_EQ(word(40 * kPageSize + 4 * 7), 0x1234u);
}

TEST_P(Translation, DataThatBecomesCode) {
  // A page is stored to first, then called, then stored to again and called again; as system, and as a user.
  std::vector<uint32_t> program = {encode(Op::Sw, 8, 9, 0),  encode(Op::Jalr, 0, 9, 0), isa::kNop,
                                   encode(Op::Sw, 10, 9, 0), encode(Op::Jalr, 0, 9, 0), isa::kNop};
  for (bool asUser : {false, true}) {
    machine.state = resetState();
    mapAll();
    put(kLoop, then(program));
    uint32_t page = asUser ? 0x6000 : 0x5000;
    put(page, {isa::kNop, encode(Op::Jr, 0, 31, 0), isa::kNop});
    machine.state.gpr[8] = encode(Op::Addi, 4, 4, 1);
    machine.state.gpr[10] = encode(Op::Addi, 4, 4, 16);
    machine.state.gpr[9] = page;
    if (asUser) user();
    start(kLoop);
    run(12);
    EXPECT_EQ(machine.state.gpr[4], 17u) << asUser;
  }
}

TEST_P(TranslationBetweenSteps, WritesFromOutsideReachCode) {
  put(0x1000, {encode(Op::Addi, 4, 4, 1), encode(Op::J, 0, 0, -8), isa::kNop});
  start(0x1000);
  run(3000);
  uint32_t count = machine.state.gpr[4];
  EXPECT_EQ(count, 1000u);
  put(0x1000, {encode(Op::Addi, 4, 4, 2)});
  run(3000);
  EXPECT_EQ(machine.state.gpr[4], 3000u);
}

TEST_P(Translation, TwoTablesAtTurns) {
  // System code switches between two tables whose page 5 differs, and each user traps back.
  mapAll();
  for (uint32_t page = 0; page < 16; page++) put(33 * kPageSize + 4 * page, {page << 12 | kValid});
  put(33 * kPageSize + 4 * 5, {50 << 12 | kValid});
  put(0x5000, {1});
  put(50 * kPageSize, {100});
  // 0: r20 xor 65 makes 32 from 97..: PTO := r20, r20 := r20 xor (32 xor 33); back to the user's code at kLoop.
  put(0, {encode(Op::Movi2s, 0, 20, 0, 0, isa::PTO), encode(Op::Xori, 20, 20, 32 ^ 33),
          encode(Op::Movi2s, 0, 21, 0, 0, isa::EDPC), encode(Op::Movi2s, 0, 22, 0, 0, isa::EPC),
          encode(Op::Rfe, 0, 0, 0)});
  put(kLoop, {encode(Op::Lw, 4, 3, 0), encode(Op::Add, 5, 5, 0, 4), encode(Op::Trap, 0, 0, 0)});
  auto& gpr = machine.state.gpr;
  gpr[3] = 0x5000, gpr[20] = 33, gpr[21] = kLoop, gpr[22] = kLoop + 4;
  user();
  start(kLoop);
  // The first round takes 3 steps, each further one 8. Stop at the end of a round: 3 + 8 * 999.
  if (GetParam() == Engine::Reference)
    for (int i = 0; i < 7995; i++) machine.step();
  else machine.run(7995);
  EXPECT_EQ(machine.state.gpr[5], 500u * 1 + 500u * 100);
  EXPECT_EQ(machine.interrupts()[kTrap], 1000u);
}

TEST_P(TranslationBetweenSteps, ManyTables) {
  // More tables than are remembered, and each is changed while it is not in use.
  put(kLoop, then({encode(Op::Lw, 4, 3, 0)}));
  machine.state.gpr[3] = 0x5000;
  for (unsigned round = 0; round < 3; round++)
    for (uint32_t table = 0; table < 40; table++) {
      uint32_t frame = 48 + (table + round) % 16;
      uint32_t page = 8 + table % 20;
      put(page * kPageSize + 4 * 4, {4 << 12 | kValid});
      put(page * kPageSize + 4 * 5, {frame << 12 | kValid});
      put(frame * kPageSize, {frame + 1000});
      machine.state.spr[isa::MODE] = 1, machine.state.spr[isa::PTO] = page, machine.state.spr[isa::PTL] = 15;
      start(kLoop);
      run(1);
      ASSERT_EQ(machine.state.gpr[4], frame + 1000) << round << " " << table;
    }
}

TEST_P(Translation, DevicesThroughTheTable) {
  mapAll();
  map(6, 0xFFFF8 + 2);
  put(kLoop, then({encode(Op::Lw, 4, 3, 20), encode(Op::Sw, 4, 3, 24)}));
  machine.state.gpr[3] = 0x6000;
  user();
  start(kLoop);
  run(2);
  EXPECT_EQ(machine.state.gpr[4], 0x12345678u);
  EXPECT_EQ(bus.log, (std::vector<std::string>{"read 2 5 at 0", "write 2 6 = 305419896 at 1"}));
}

ALL_ENGINES(Translation);
STEPPING_ENGINES(TranslationBetweenSteps);

}  // namespace
}  // namespace machine
