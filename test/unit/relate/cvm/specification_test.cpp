// The specification functions: results, effects, and which error is first.
#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>

#include "assembler/base/bytes.h"
#include "vm/relate/cvm/specification.h"

namespace cvm {
namespace {

// Ports give what is queued, and keep what they are given; some pages are lost.
class ScriptedOutside : public Outside {
 public:
  std::map<std::pair<unsigned, unsigned>, std::deque<uint32_t>> input;
  std::map<std::pair<unsigned, unsigned>, std::vector<uint32_t>> output;
  std::vector<Page> lostPages;

  uint32_t in(unsigned device, unsigned port) override {
    auto& words = input[{device, port}];
    const uint32_t word = words.empty() ? 0 : words.front();
    if (!words.empty()) words.pop_front();
    return word;
  }
  void out(unsigned device, unsigned port, uint32_t value) override { output[{device, port}].push_back(value); }
  bool lost(Page page) override { return std::find(lostPages.begin(), lostPages.end(), page) != lostPages.end(); }
};

constexpr int32_t kLeast = INT32_MIN, kGreatest = INT32_MAX;

class Specification : public ::testing::Test {
 protected:
  Specification() {
    users.slots = 16, users.tables = 4;
    allocS(1, 3, users);
    allocS(2, 2, users);
    for (uint32_t a = 0; a < 3 * kPageSize; ++a) put(1, a, uint8_t(a * 7 + a / 256));
  }
  void put(uint32_t u, uint32_t a, uint8_t byte) { users.up[u].write(a, {&byte, 1}); }
  uint8_t at(uint32_t u, uint32_t a) const { return *users.up[u].memory(a); }
  std::vector<uint8_t> bytes(uint32_t u) const {
    const uint32_t size = users.up[u].pages() * kPageSize;
    return size ? std::vector(users.up[u].memory(0), users.up[u].memory(0) + size) : std::vector<uint8_t>();
  }

  Users users;
  ScriptedOutside outside;
};

TEST_F(Specification, ProcessesAreChecked) {
  for (uint32_t u : {0u, 129u, 130u, 0xFFFFFFFFu, 0x80000000u}) {
    EXPECT_EQ(resetS(u, users), -1);
    EXPECT_EQ(cloneS(u, 1, users, outside), -1);
    EXPECT_EQ(cloneS(1, u, users, outside), -1);
    EXPECT_EQ(allocS(u, -1, users), -1);
    EXPECT_EQ(freeS(u, -1, users), -1);
    EXPECT_EQ(copyS(u, 0, 1, 0, -1, users, outside), -1);
    EXPECT_EQ(copyS(1, 0, u, 0, -1, users, outside), -1);
    EXPECT_EQ(getVmGprS(32, u, users), -1);
    EXPECT_EQ(setVmGprS(32, u, 0, users), -1);
    EXPECT_EQ(getSizeS(u, users), -1);
    EXPECT_EQ(virtInS(0, 0, u, 1, -1, users, outside), -1);
    EXPECT_EQ(virtOutS(0, 0, u, 1, -1, users, outside), -1);
    EXPECT_EQ(setMaskS(u, 0, users), u == 0 ? 0 : -1);
    EXPECT_FALSE(isProcess(u));
  }
}

TEST_F(Specification, NumbersAreChecked) {
  for (uint32_t r : {32u, 0xFFFFFFFFu, 0x80000000u}) {
    EXPECT_EQ(getVmGprS(r, 1, users), -2);
    EXPECT_EQ(setVmGprS(r, 1, 0, users), -2);
  }
  for (auto [device, port] : {std::pair{0u, 0u}, {7u, 0u}, {8u, 0u}, {1u, 1024u}, {1u, 0xFFFFFFFFu}, {0xFFFFFFFFu, 0u}}) {
    EXPECT_EQ(inWordS(device, port, outside), -2);
    EXPECT_EQ(outWordS(device, port, 5, outside), -2);
    EXPECT_EQ(virtInS(device, port, 1, 1, -1, users, outside), -2);
    EXPECT_EQ(virtOutS(device, port, 1, 1, -1, users, outside), -2);
  }
  EXPECT_TRUE(outside.output.empty());
}

TEST_F(Specification, RegistersAndPorts) {
  EXPECT_EQ(setVmGprS(7, 1, 0xFFFFFFFE, users), 0);
  EXPECT_EQ(getVmGprS(7, 1, users), -2);  // data
  EXPECT_EQ(setVmGprS(0, 1, 5, users), 0);
  EXPECT_EQ(getVmGprS(0, 1, users), 0);
  outside.input[{6, 1023}] = {9};
  EXPECT_EQ(inWordS(6, 1023, outside), 9);
  EXPECT_EQ(outWordS(1, 0, 7, outside), 0);
  EXPECT_EQ((outside.output[{1, 0}]), std::vector<uint32_t>{7});
}

TEST_F(Specification, SizesAreChecked) {
  for (int32_t x : {-1, kLeast, kGreatest, int32_t(kMaxPages) - 2}) EXPECT_EQ(allocS(1, x, users), -4) << x;
  for (int32_t x : {-1, kLeast, kGreatest, 4}) EXPECT_EQ(freeS(1, x, users), -4) << x;
  EXPECT_EQ(allocS(1, int32_t(kMaxPages) - 3, users), -3);
  EXPECT_EQ(allocS(1, 12, users), -3);
  EXPECT_EQ(getSizeS(1, users), 3);
  EXPECT_EQ(allocS(1, 11, users), 0);
  EXPECT_EQ(allocS(2, 1, users), -3);
  EXPECT_EQ(freeS(1, 1, users), 0);
  EXPECT_EQ(allocS(2, 1, users), 0);
  EXPECT_EQ(getSizeS(1, users), 13);
  EXPECT_EQ(getSizeS(2, users), 3);
}

// A process takes a page of tables for each 1024 pages it has, however few.
TEST_F(Specification, TablesAreCounted) {
  users.slots = 65536, users.tables = 4;
  EXPECT_EQ(allocS(3, 1025, users), -0);
  EXPECT_EQ(getSizeS(3, users), 1025);
  EXPECT_EQ(allocS(4, 1, users), -3);
  EXPECT_EQ(cloneS(2, 4, users, outside), -3);
  EXPECT_EQ(freeS(3, 1, users), 0);
  EXPECT_EQ(cloneS(2, 4, users, outside), 0);
  EXPECT_EQ(allocS(3, 1, users), -3);
}

TEST_F(Specification, FreshPagesAreZero) {
  EXPECT_EQ(freeS(1, 2, users), 0);
  EXPECT_EQ(allocS(1, 2, users), 0);
  const std::vector<uint8_t> now = bytes(1);
  EXPECT_TRUE(std::all_of(now.begin() + kPageSize, now.end(), [](uint8_t byte) { return byte == 0; }));
  EXPECT_EQ(now[5], 35);
}

TEST_F(Specification, CloneAndReset) {
  users.up[1].registers.gpr[3] = 33, users.up[1].registers.dpc = 0x100, users.up[1].mask = 0x4000;
  EXPECT_EQ(cloneS(1, 1, users, outside), 0);
  EXPECT_EQ(cloneS(1, 2, users, outside), 0);
  EXPECT_EQ(bytes(2), bytes(1));
  EXPECT_EQ(users.up[2].registers.gpr[3], 33u);
  EXPECT_EQ(users.up[2].registers.dpc, 0x100u);
  EXPECT_EQ(users.up[2].mask, 0x4000u);
  put(2, 0, 99);
  EXPECT_EQ(at(1, 0), 0);
  EXPECT_EQ(resetS(2, users), 0);
  EXPECT_EQ(getSizeS(2, users), 0);
  EXPECT_EQ(users.up[2].registers.pc, 4u);
  EXPECT_EQ(users.up[2].registers.dpc, 0u);
  EXPECT_EQ(users.up[2].mask, 0u);
  outside.lostPages = {{1, 1}};
  EXPECT_EQ(cloneS(1, 2, users, outside), -5);
  EXPECT_EQ(getSizeS(2, users), 0);
}

TEST_F(Specification, RangesOfCopy) {
  const uint32_t end1 = 3 * kPageSize, end2 = 2 * kPageSize;
  EXPECT_EQ(copyS(1, 0, 2, 0, -1, users, outside), -4);
  EXPECT_EQ(copyS(1, 0, 2, 0, kLeast, users, outside), -4);
  EXPECT_EQ(copyS(1, end1 - 1, 2, 0, 2, users, outside), -4);
  EXPECT_EQ(copyS(1, 0, 2, end2 - 1, 2, users, outside), -4);
  EXPECT_EQ(copyS(1, 0xFFFFFFFF, 2, 0, 2, users, outside), -4);
  EXPECT_EQ(copyS(1, 0, 2, 0, kGreatest, users, outside), -4);
  EXPECT_EQ(copyS(1, 0xFFFFFFFF, 2, 0xFFFFFFFF, 0, users, outside), 0);
  EXPECT_EQ(copyS(3, 0, 2, 0, 1, users, outside), -4);
  EXPECT_EQ(copyS(1, end1 - 2, 2, end2 - 2, 2, users, outside), 0);
  EXPECT_EQ(at(2, end2 - 1), at(1, end1 - 1));
}

TEST_F(Specification, CopiesAreMemmove) {
  for (auto [from, to, d] : {std::array{5u, 9u, 8000u}, {9u, 5u, 8000u}, {0u, 4096u, 8192u}, {4096u, 0u, 8192u}, {100u, 100u, 5000u},
                             {4000u, 4100u, 300u}, {1u, 0u, 12287u}, {0u, 1u, 12287u}}) {
    std::vector<uint8_t> expected = bytes(1);
    std::memmove(expected.data() + to, expected.data() + from, d);
    EXPECT_EQ(copyS(1, from, 1, to, int32_t(d), users, outside), 0);
    EXPECT_EQ(bytes(1), expected);
  }
}

// What comes before the chunk with a lost page has been copied.
TEST_F(Specification, CopyMeetsALostPage) {
  outside.lostPages = {{1, 1}};
  std::vector<uint8_t> expected = bytes(2);
  const std::vector<uint8_t> source = bytes(1);
  std::copy_n(source.begin() + 100, kPageSize - 100, expected.begin() + 40);
  EXPECT_EQ(copyS(1, 100, 2, 40, 5000, users, outside), -5);
  EXPECT_EQ(bytes(2), expected);
  // Downwards: the chunks above 8192 - 16 are in page 1 on one side.
  expected = bytes(1);
  std::copy_n(source.begin() + 8192, 100, expected.begin() + 8192 + 16);
  EXPECT_EQ(copyS(1, 0, 1, 16, 8192 + 100, users, outside), -5);
  EXPECT_EQ(bytes(1), expected);
}

TEST_F(Specification, Blocks) {
  EXPECT_EQ(virtInS(5, 0, 1, 2, 1, users, outside), -4);
  EXPECT_EQ(virtInS(5, 0, 1, 0, -1, users, outside), -4);
  EXPECT_EQ(virtInS(5, 0, 1, 4, 3 * 1024, users, outside), -4);
  EXPECT_EQ(virtInS(5, 0, 1, 0, 0x40000000, users, outside), -4);
  EXPECT_EQ(virtInS(5, 0, 1, 0xFFFFFFFC, 0, users, outside), 0);
  EXPECT_EQ(virtOutS(5, 0, 1, 0xFFFFFFFC, 2, users, outside), -4);
  outside.input[{5, 0}] = {0x04030201, 7, 8, 9};
  EXPECT_EQ(virtInS(5, 0, 1, kPageSize - 4, 2, users, outside), 0);
  EXPECT_EQ(at(1, kPageSize - 4), 1);
  EXPECT_EQ(at(1, kPageSize - 1), 4);
  EXPECT_EQ(at(1, kPageSize), 7);
  EXPECT_EQ(virtOutS(5, 0, 1, kPageSize - 4, 2, users, outside), 0);
  EXPECT_EQ((outside.output[{5, 0}]), (std::vector<uint32_t>{0x04030201, 7}));
  outside.lostPages = {{1, 1}};
  EXPECT_EQ(virtInS(5, 0, 1, kPageSize - 4, 2, users, outside), -5);
  EXPECT_EQ(at(1, kPageSize - 4), 8);
  EXPECT_EQ(at(1, kPageSize), 7);
  EXPECT_EQ((outside.input[{5, 0}].size()), 1u);
}

TEST_F(Specification, Masks) {
  EXPECT_EQ(setMaskS(1, 0xFFFFFFFF, users), 0);
  EXPECT_EQ(users.up[1].mask, 0x1FCFC0u);
  EXPECT_EQ(users.effectiveMask(1), 0x1FCFC0u);
  EXPECT_EQ(setMaskS(0, 0x4040, users), 0);
  EXPECT_EQ(users.effectiveMask(1), 0x4040u);
  EXPECT_EQ(setMaskS(1, 0x8040, users), 0);
  EXPECT_EQ(users.effectiveMask(1), 0x40u);
}

}  // namespace
}  // namespace cvm
