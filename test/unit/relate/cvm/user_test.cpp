// User steps: the fast executor against the definition, on random programs.
#include <gtest/gtest.h>

#include "assembler/base/bytes.h"
#include "test/differential/lockstep/generator.h"
#include "vm/relate/cvm/user.h"

namespace cvm {
namespace {

using lockstep::Random;

// Lines that go up at times known from the start, and stay for a while.
class ScriptedLines : public Lines {
 public:
  explicit ScriptedLines(Random& random) {
    uint64_t at = 0;
    for (int i = 0; i < 40; ++i) times_.push_back(at += 1 + random.below(60));
  }
  uint32_t lines(uint64_t now) override {
    const size_t passed = size_t(std::upper_bound(times_.begin(), times_.end(), now) - times_.begin());
    return passed % 2 ? 1u << (13 + passed / 2 % 8) : 0;
  }
  uint64_t nextEvent(uint64_t now) override {
    auto at = std::upper_bound(times_.begin(), times_.end(), now);
    return at == times_.end() ? machine::kNever : *at;
  }

 private:
  std::vector<uint64_t> times_;
};

// Code at 0, data behind it, pointers into both and beyond.
User randomUser(Random& random) {
  User user;
  const uint32_t pages = random.below(5);
  user.resize(pages);
  for (uint32_t a = 0; a < pages * kPageSize; a += 4) {
    uint8_t bytes[4];
    base::store(bytes, lockstep::randomInstruction(random));
    user.write(a, bytes);
  }
  for (unsigned r = 1; r < 32; ++r)
    user.registers.gpr[r] = r < 16 ? lockstep::edgeValue(random) : random.below((pages + 1) * kPageSize) & ~3u;
  user.registers.dpc = random.chance(90) ? random.below(64) * 4 : random.word();
  user.registers.pc = random.chance(90) ? user.registers.dpc + 4 : random.below(64) * 4;
  return user;
}

void expectSame(const User& a, const User& b, uint32_t seed) {
  EXPECT_EQ(a.registers.gpr, b.registers.gpr) << seed;
  EXPECT_EQ(a.registers.fpr, b.registers.fpr) << seed;
  EXPECT_EQ(a.registers.dpc, b.registers.dpc) << seed;
  EXPECT_EQ(a.registers.pc, b.registers.pc) << seed;
  for (isa::Spr spr : kUserSprs) EXPECT_EQ(a.registers.spr[spr], b.registers.spr[spr]) << seed;
  ASSERT_EQ(a.pages(), b.pages()) << seed;
  if (a.pages() == 0) return;
  EXPECT_EQ(0, std::memcmp(a.memory(0), b.memory(0), a.pages() * kPageSize)) << seed;
}

TEST(UserSteps, FastIsPlain) {
  uint64_t interrupts = 0, steps = 0;
  for (uint32_t seed = 0; seed < 300; ++seed) {
    Random random(seed);
    User plain = randomUser(random), fast;
    fast.assign(plain);
    ScriptedLines lines(random);
    uint64_t plainNow = random.below(100), fastNow = plainNow;
    for (int round = 0; round < 30; ++round) {
      const uint64_t limit = random.chance(20) ? 1 : random.below(200);
      const uint32_t mask = random.chance(50) ? 0x001FCFC0 : random.word() & 0x001FCFC0;
      const Interrupt expected = plain.run(limit, mask, lines, plainNow, Executor::Plain);
      const Interrupt found = fast.run(limit, mask, lines, fastNow, Executor::Fast);
      ASSERT_EQ(expected.mca, found.mca) << seed << ", " << round;
      EXPECT_EQ(expected.edata, found.edata) << seed;
      EXPECT_EQ(plainNow, fastNow) << seed;
      expectSame(plain, fast, seed);
      interrupts += expected.mca != 0;
      // What a kernel may do in between.
      const unsigned r = 1 + random.below(31);
      plain.registers.gpr[r] = fast.registers.gpr[r] = random.below(5 * kPageSize) & ~3u;
      if (expected.mca) plain.registers.dpc = fast.registers.dpc = random.below(64) * 4;
      if (expected.mca) plain.registers.pc = fast.registers.pc = plain.registers.dpc + 4;
      if (random.chance(10)) {
        const uint32_t pages = random.below(6);
        plain.resize(pages), fast.resize(pages);
      }
      uint8_t bytes[4];
      base::store(bytes, lockstep::randomInstruction(random));
      const uint32_t a = random.below(1024) * 4;
      if (plain.contains(a, 4)) plain.write(a, bytes), fast.write(a, bytes);
    }
    steps += plainNow;
  }
  EXPECT_GT(interrupts, 3000u);
  EXPECT_GT(steps, 50000u);
}

// A step that is interrupted has been made; the limit counts it.
TEST(UserSteps, AnInterruptedStepCounts) {
  class Up : public Lines {
    uint32_t lines(uint64_t now) override { return now >= 3 ? 1u << 14 : 0; }
    uint64_t nextEvent(uint64_t now) override { return now < 3 ? 3 : machine::kNever; }
  } up;
  for (Executor executor : {Executor::Plain, Executor::Fast}) {
    User user;
    user.resize(1);
    for (uint32_t a = 0; a < 64; a += 4) {
      uint8_t bytes[4];
      base::store(bytes, 0x24210001u);  // addi r1,r1,1
      user.write(a, bytes);
    }
    uint64_t now = 0;
    EXPECT_EQ(user.run(3, 0x4000, up, now, executor).mca, 0u);
    EXPECT_EQ(now, 3u);
    EXPECT_EQ(user.run(1, 0x4000, up, now, executor).mca, 0x4000u);
    EXPECT_EQ(now, 4u);
    EXPECT_EQ(user.registers.gpr[1], 4u);
    EXPECT_EQ(user.registers.dpc, 16u);
    EXPECT_EQ(user.run(2, 0, up, now, executor).mca, 0u);
    EXPECT_EQ(user.registers.gpr[1], 6u);
    EXPECT_EQ(user.run(0, 0x4000, up, now, executor).mca, 0u);
    EXPECT_EQ(now, 6u);
  }
}

// An access outside V is a page fault, whatever lies there; the limit is exact.
TEST(UserSteps, OutsideMemory) {
  class Silent : public Lines {
    uint32_t lines(uint64_t) override { return 0; }
    uint64_t nextEvent(uint64_t) override { return machine::kNever; }
  } silent;
  for (Executor executor : {Executor::Plain, Executor::Fast}) {
    User user;
    uint64_t now = 0;
    Interrupt interrupt = user.run(10, 0, silent, now, executor);
    EXPECT_EQ(interrupt.mca, 8u);  // fetch
    EXPECT_EQ(interrupt.edata, 0u);
    EXPECT_EQ(user.registers.dpc, 0u);
    user.resize(2);
    uint8_t bytes[4];
    base::store(bytes, 0x8C220000u);  // lw r2,0(r1)
    user.write(0, bytes);
    user.resize(1);
    user.registers.gpr[1] = kPageSize;
    interrupt = user.run(10, 0, silent, now, executor);
    EXPECT_EQ(interrupt.mca, 16u);
    EXPECT_EQ(interrupt.edata, kPageSize);
    EXPECT_EQ(user.registers.dpc, 0u);
    EXPECT_EQ(user.registers.pc, 4u);
    EXPECT_EQ(now, 2u);
  }
}

}  // namespace
}  // namespace cvm
