// Chains and rings of the kernel's memory: the incremental verdict against a full walk, on random changes.
#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "test/differential/lockstep/random.h"
#include "vm/relate/konsis/chain.h"
#include "vm/relate/konsis/ring.h"

namespace konsis {
namespace {

using lockstep::Random;

constexpr uint32_t kNodes = 12, kUsed = 0xFFFFFFF0;

// A list through next[], nodes that are not in it marked; kept as the kernel keeps its free frames.
struct List {
  uint32_t head = Chain::kEnd;
  std::vector<uint32_t> next = std::vector<uint32_t>(kNodes, kUsed);

  Chain::Source source() {
    return {[this] { return head; }, [this](uint32_t node) { return next[node] != kUsed; }, [this](uint32_t node) { return next[node]; }};
  }
  // The definition.
  bool right() const {
    std::vector<bool> seen(kNodes);
    size_t count = 0;
    for (uint32_t at = head; at != Chain::kEnd; at = next[at], ++count)
      if (at >= kNodes || seen[at] || next[at] == kUsed) return false;
      else seen[at] = true;
    return count == size_t(std::count_if(next.begin(), next.end(), [](uint32_t n) { return n != kUsed; }));
  }
};

TEST(Chain, IsRightExactlyIfAWalkSaysSo) {
  uint64_t right = 0, wrong = 0;
  for (uint32_t seed = 0; seed < 1500; ++seed) {
    Random random(seed);
    List list;
    Chain chain(kNodes, list.source());
    for (int round = 0; round < 30; ++round) {
      for (uint32_t changes = random.below(3); changes > 0; --changes) {
        const uint32_t node = random.below(kNodes);
        if (random.chance(96)) {  // push or pop
          if (list.next[node] == kUsed) list.next[node] = list.head, list.head = node, chain.changed(node);
          else if (list.head != Chain::kEnd) {
            const uint32_t first = list.head;
            list.head = list.next[first], list.next[first] = kUsed, chain.changed(first);
          }
        } else if (random.chance(30)) {
          list.head = random.chance(20) ? Chain::kEnd : random.below(kNodes);
        } else {
          list.next[node] = random.pick<uint32_t>({kUsed, Chain::kEnd, random.below(kNodes), random.below(kNodes), kNodes + 3});
          chain.changed(node);
        }
      }
      const auto found = chain.check();
      ASSERT_EQ(!found, list.right()) << seed << ", " << round << (found ? found->text : "");
      ++(found ? wrong : right);
      if (found) break;
      EXPECT_EQ(chain.members(), std::count_if(list.next.begin(), list.next.end(), [](uint32_t n) { return n != kUsed; }));
    }
  }
  EXPECT_GT(right, 8000u);
  EXPECT_GT(wrong, 500u);
}

// Parts that are rings of their own are found, too.
TEST(Chain, ACycleBeside) {
  List list;
  Chain chain(kNodes, list.source());
  for (uint32_t node : {1u, 2u, 3u, 4u}) list.next[node] = list.head, list.head = node, chain.changed(node);
  EXPECT_FALSE(chain.check());
  // 4 -> 1 -> end, and 3 -> 2 -> 3
  list.next[4] = 1, list.next[2] = 3;
  chain.changed(4), chain.changed(2);
  EXPECT_TRUE(chain.check());
}

struct Links {
  std::vector<bool> in = std::vector<bool>(kNodes);
  std::vector<uint32_t> next = std::vector<uint32_t>(kNodes), previous = std::vector<uint32_t>(kNodes);

  Ring::Source source() {
    return {[this](uint32_t node) { return in[node]; }, [this](uint32_t node) { return next[node]; },
            [this](uint32_t node) { return previous[node]; }};
  }
  void append(uint32_t node) {
    const uint32_t last = previous[0];
    in[node] = true, next[last] = node, previous[node] = last, next[node] = 0, previous[0] = node;
  }
  void remove(uint32_t node) {
    in[node] = false, next[previous[node]] = next[node], previous[next[node]] = previous[node];
  }
  bool right() const {
    std::vector<bool> seen(kNodes);
    uint32_t at = 0;
    do {
      const uint32_t to = next[at];
      if (to >= kNodes || (to && (!in[to] || seen[to])) || previous[to] != at) return false;
      seen[at = to] = true;
    } while (at);
    for (uint32_t node = 1; node < kNodes; ++node)
      if (in[node] && !seen[node]) return false;
    return true;
  }
};

TEST(Ring, IsRightExactlyIfAWalkSaysSo) {
  uint64_t right = 0, wrong = 0;
  for (uint32_t seed = 0; seed < 1500; ++seed) {
    Random random(seed);
    Links links;
    Ring ring(kNodes, links.source());
    for (int round = 0; round < 30; ++round) {
      for (uint32_t changes = random.below(3); changes > 0; --changes) {
        const uint32_t node = 1 + random.below(kNodes - 1);
        const Links before = links;
        if (random.chance(96)) links.in[node] ? links.remove(node) : links.append(node);
        else if (random.chance(30)) links.in[node] = !links.in[node];
        else if (random.chance(50)) std::swap(links.next[node], links.next[random.below(kNodes)]);
        else links.previous[random.below(kNodes)] = random.below(kNodes + 1);
        for (uint32_t n = 0; n < kNodes; ++n)
          if (before.in[n] != links.in[n] || before.next[n] != links.next[n] || before.previous[n] != links.previous[n]) ring.changed(n);
      }
      const auto found = ring.check();
      ASSERT_EQ(!found, links.right()) << seed << ", " << round << (found ? found->text : "");
      ++(found ? wrong : right);
      if (found) break;
    }
  }
  EXPECT_GT(right, 8000u);
  EXPECT_GT(wrong, 500u);
}

}  // namespace
}  // namespace konsis
