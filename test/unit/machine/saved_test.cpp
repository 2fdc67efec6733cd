// States as bytes; pages that were written.
#include "vm/machine/saved.h"

#include <algorithm>

#include "test/unit/machine/engine_test.h"

namespace machine {
namespace {

using isa::Op;

std::vector<uint8_t> saved(const Machine& machine) {
  base::Writer to;
  save(machine, to);
  return to.bytes;
}

base::Status load(Machine& machine, const std::vector<uint8_t>& bytes) {
  base::Reader from(bytes.data(), bytes.size());
  return load(machine, from);
}

void fill(Machine& machine) {
  for (unsigned i = 1; i < 32; i++) machine.state.gpr[i] = i * 0x01010101, machine.state.fpr[i] = ~i;
  machine.state.spr[isa::SR] = 0x4000;
  machine.state.steps = uint64_t(1) << 40;
  machine.state.dpc = 0x5000, machine.state.pc = 0x7000;
  const uint32_t word = 0xDEADBEEF;
  for (uint32_t address : {0u, 0x5FFCu, 0x10000u}) machine.write(address, &word, 4);
}

TEST(Saved, RoundTrip) {
  Machine first(kMemoryBytes), second(kMemoryBytes);
  fill(first);
  const uint32_t other = 1;
  second.write(0x3000, &other, 4);  // where the state has zeros
  ASSERT_TRUE(load(second, saved(first)));
  EXPECT_EQ(second.state, first.state);
  EXPECT_TRUE(std::equal(first.memory().begin(), first.memory().end(), second.memory().begin()));
  EXPECT_EQ(saved(second), saved(first));
}

TEST(Saved, DecodedCodeFollows) {
  Machine first(kMemoryBytes), second(kMemoryBytes);
  const auto put = [](Machine& machine, uint32_t word) {
    const uint32_t words[] = {word, encode(Op::J, 0, 0, -8), isa::kNop};
    machine.write(0x1000, words, sizeof words);
    machine.state.dpc = 0x1000, machine.state.pc = 0x1004;
  };
  put(first, encode(Op::Addi, 4, 4, 1));
  put(second, encode(Op::Addi, 5, 5, 1));
  second.run(30000);
  ASSERT_TRUE(load(second, saved(first)));
  second.run(30000);
  EXPECT_EQ(second.state.gpr[4], 10000u);
  EXPECT_EQ(second.state.gpr[5], 0u);
}

TEST(Saved, WhatIsNoStateIsRefused) {
  Machine first(kMemoryBytes);
  fill(first);
  const std::vector<uint8_t> bytes = saved(first);
  for (size_t size = 0; size < bytes.size(); size += size < 1000 ? 1 : 97) {
    Machine other(kMemoryBytes);
    const auto status = load(other, std::vector<uint8_t>(bytes.begin(), bytes.begin() + ptrdiff_t(size)));
    ASSERT_FALSE(status) << size;
    EXPECT_EQ(status.error().id, "bad-state");
    EXPECT_EQ(other.state, resetState());
  }
  Machine smaller(kMemoryBytes / 2);
  EXPECT_EQ(load(smaller, bytes).error().text, "the state has 262144 bytes, the machine 131072");
}

TEST(Saved, PagesMustAscend) {
  Machine first(kMemoryBytes), second(kMemoryBytes);
  const uint32_t word = 1;
  first.write(0x4000, &word, 4), first.write(0x6000, &word, 4);
  std::vector<uint8_t> bytes = saved(first);
  bytes[bytes.size() - 4 - 2 * (kPageSize + 4)] = 7;  // was 4, before 6
  EXPECT_EQ(load(second, bytes).error().text, "page 6 is out of order or outside memory");
}

class Written : public EngineTest {
 protected:
  std::vector<uint32_t> take() {
    std::vector<uint32_t> pages = machine.takeWritten();
    std::sort(pages.begin(), pages.end());
    return pages;
  }
};

TEST_P(Written, EachTimeAnew) {
  const auto idle = [](std::vector<uint32_t> words) {
    words.push_back(encode(Op::J, 0, 0, -4)), words.push_back(isa::kNop);
    return words;
  };
  put(0x4000, idle({encode(Op::Sw, 4, 3, 0), encode(Op::Sb, 4, 3, 0x2001), encode(Op::StoreD, 4, 3, 0x3000), encode(Op::Lw, 4, 3, 0x4000)}));
  take();
  machine.state.gpr[3] = 0x6000;
  for (unsigned i = 0; i < 3; i++) {
    start(0x4000);
    run(4);
    EXPECT_EQ(take(), (std::vector<uint32_t>{6, 8, 9})) << i;
  }
  EXPECT_EQ(take(), std::vector<uint32_t>());
}

TEST_P(Written, UsersToo) {
  map(4, 4), map(6, 20), map(7, 21);
  put(0x4000, {encode(Op::Sw, 4, 3, 0), encode(Op::Sw, 4, 3, 0x1000), encode(Op::J, 0, 0, -4), isa::kNop});
  machine.state.gpr[3] = 0x6000;
  take();
  for (unsigned i = 0; i < 3; i++) {
    user();
    start(0x4000);
    run(2);
    EXPECT_EQ(take(), (std::vector<uint32_t>{20, 21})) << i;
  }
}

ALL_ENGINES(Written);

}  // namespace
}  // namespace machine
