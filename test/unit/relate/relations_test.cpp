// The relations: what each notices, and that incremental checks find exactly what full ones find.
#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "test/unit/relate/small_machine.h"

namespace {

using namespace models;
using small::at;

struct RelatedChain : small::Chain {
  Restricted<PE> peHw;
  Allocated<ALE, PE> alePe;
  PageMap pmapAle;
  Space asPmap;

  std::vector<std::string> full() {
    std::vector<std::string> found;
    auto note = [&](const Found& difference) {
      if (difference) found.push_back(std::string(relationName(difference->relation)) + " " + difference->component);
    };
    note(peHw.full(pe, hw)), note(alePe.full(ale, pe)), note(pmapAle.full(pmap, ale)), note(asPmap.full(as, pmap));
    return found;
  }
  bool incremental() {
    bool wrong = bool(peHw.check(pe, hw));
    wrong |= bool(alePe.check(ale, pe));
    wrong |= bool(pmapAle.check(pmap, ale));
    wrong |= bool(asPmap.check(as, pmap));
    return wrong;
  }
  void word(uint32_t address) {
    peHw.touched.words.push_back(address), alePe.touched.words.push_back(address);
    pmapAle.touched.words.push_back(address), asPmap.touched.words.push_back(address);
  }
  void page(uint32_t page) {
    if (page < layout.npages) alePe.touched.pages.push_back(page);
    pmapAle.touched.pages.push_back(page), asPmap.touched.pages.push_back(page);
  }
  // The same word in every D that has it.
  void everywhere(uint32_t address, uint32_t value) {
    hw.d.set(address, value), pe.put(address, value), ale.put(address, value);
    pmap.d.set(address, value), word(address);
  }
};

TEST(Relations, TheStartIsRelated) {
  RelatedChain m;
  EXPECT_EQ(m.full(), std::vector<std::string>{});
  EXPECT_FALSE(composed(m.as, m.hw));
  EXPECT_EQ(m.alePe.freeList().order(), (std::vector<uint32_t>{19, 18, 17, 16, 15, 14}));
  EXPECT_EQ(m.asPmap.owner(13), 24u);
}

struct Damage {
  const char* name;
  std::function<void(RelatedChain&)> change;
  const char* expected;  // the first that full() names
};
const Damage kDamages[] = {
    {"D of HW", [](RelatedChain& m) { m.hw.d.set(at(15), 9), m.word(at(15)); }, "PE-HW D(0x0000f010)"},
    {"MODE", [](RelatedChain& m) { m.hw.mode = false; }, "PE-HW MODE"},
    {"PTL", [](RelatedChain& m) { m.hw.ptl = 3; }, "PE-HW PTL"},
    {"the window", [](RelatedChain& m) { m.everywhere(at(23, 4 * 8), 9u << 12 | kValid); }, "PE-HW the low window"},
    {"a protected window", [](RelatedChain& m) { m.everywhere(at(23, 4 * 8), 8u << 12 | kValid | kProtected); },
     "PE-HW the low window"},
    {"a page marked used", [](RelatedChain& m) { m.everywhere(at(22, 4 * 15), kUsed); }, "ALE-PE the free list"},
    {"the list cut", [](RelatedChain& m) { m.everywhere(at(22, 4 * 15), 0); }, "ALE-PE A(16)"},
    {"the list in a cycle", [](RelatedChain& m) { m.everywhere(at(22, 4 * 19), 15); }, "ALE-PE the free list"},
    {"the list leaves the pool", [](RelatedChain& m) { m.everywhere(at(22, 0), 8); }, "ALE-PE the free list"},
    {"a page lost", [](RelatedChain& m) { m.everywhere(at(22, 0), 15); }, "ALE-PE A(14)"},
    {"a reserved page", [](RelatedChain& m) { m.everywhere(at(22, 4 * 9), kUsed); }, "ALE-PE A(9)"},
    {"A of a frame", [](RelatedChain& m) { m.ale.allocate(15, true), m.page(15); }, "ALE-PE A(15)"},
    {"A of a data page", [](RelatedChain& m) { m.ale.allocate(9, false), m.page(9); }, "ALE-PE A(9)"},
    {"A of a code page", [](RelatedChain& m) { m.ale.allocate(7, true), m.page(7); }, "ALE-PE A(7)"},
    {"D of ALE", [](RelatedChain& m) { m.ale.put(at(12), 1), m.word(at(12)); }, "ALE-PE D(0x0000c010)"},
    {"PM", [](RelatedChain& m) { m.pmap.setMap(25, Mapping::of(12, false)), m.page(25); }, "PMAP-ALE PM(25)"},
    {"an entry", [](RelatedChain& m) { m.everywhere(at(23, 4 * 25), 12u << 12 | kValid); }, "PMAP-ALE PM(25)"},
    {"A of a table page", [](RelatedChain& m) { m.pmap.allocate(23, true), m.page(23); }, "PMAP-ALE A(23)"},
    {"D of PMAP", [](RelatedChain& m) { m.pmap.d.set(at(13), 1), m.word(at(13)); }, "PMAP-ALE D(0x0000d010)"},
    {"D of AS", [](RelatedChain& m) { m.as.d.set(at(24), 1), m.word(at(13)); }, "AS-PMAP D(0x00018010)"},
    {"A of a high page", [](RelatedChain& m) { m.as.allocate(26, true), m.page(26); }, "AS-PMAP A(26)"},
    {"A of a hidden frame", [](RelatedChain& m) { m.as.allocate(13, true), m.page(13); }, "AS-PMAP A(13)"},
    {"two pages, one frame",
     [](RelatedChain& m) {
       m.everywhere(at(23, 4 * 25), 13u << 12 | kValid), m.pmap.setMap(25, Mapping::of(13, false));
       m.as.allocate(25, true), m.as.d.copyPage(25, m.pmap.d, 13), m.page(25);
     },
     "AS-PMAP PM(25)"},
    {"mapped to a frame that is free",
     [](RelatedChain& m) {
       m.everywhere(at(23, 4 * 25), 15u << 12 | kValid), m.pmap.setMap(25, Mapping::of(15, false));
       m.as.allocate(25, true), m.page(25);
     },
     "AS-PMAP PM(25)"},
    {"mapped for reading",
     [](RelatedChain& m) {
       m.everywhere(at(23, 4 * 24), 13u << 12 | kValid | kProtected), m.pmap.setMap(24, Mapping::of(13, true)),
           m.page(24);
     },
     "AS-PMAP PM(24)"},
};

TEST(Relations, EachNoticesItsDamage) {
  for (const Damage& damage : kDamages) {
    SCOPED_TRACE(damage.name);
    RelatedChain m;
    ASSERT_TRUE(m.full().empty());
    damage.change(m);
    EXPECT_TRUE(m.incremental());
    auto found = m.full();
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found[0], damage.expected);
  }
}

// What no relation may notice.
TEST(Relations, HiddenContentsAreFree) {
  RelatedChain m;
  ASSERT_TRUE(m.full().empty());
  m.ale.put(at(15), 1), m.word(at(15));     // a free frame
  m.pmap.d.set(at(22), 2), m.word(at(22));  // mem_next
  m.as.d.set(at(13), 3), m.word(at(13));    // the frame behind page 24
  m.ale.put(at(10), 4), m.word(at(10));     // the stack
  EXPECT_FALSE(m.incremental());
  EXPECT_EQ(m.full(), std::vector<std::string>{});
}

TEST(Relations, TheComposedRelationSeesTheWholeChain) {
  RelatedChain m;
  m.hw.d.set(at(13), 1);
  auto found = composed(m.as, m.hw);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->print(), "AS <= HW: D(0x00018010): AS has 0x0000100d, HW has 0x00000001 at 0x0000d010");
  RelatedChain n;
  n.hw.d.set(at(23, 4 * 24), 0);
  ASSERT_TRUE(composed(n.as, n.hw));
  RelatedChain k;
  k.hw.d.set(at(23, 4 * 24), 12u << 12 | kValid);
  found = composed(k.as, k.hw);
  ASSERT_TRUE(found);
  EXPECT_NE(found->text.find("share frame 12"), std::string::npos);
}

// Random steps of all kinds, some that keep the relations, some that do not: after each, the incremental checks find
// something exactly if the full ones do. `steps` of them, from a fresh chain after each difference.
TEST(Relations, IncrementalIsFull) {
  constexpr unsigned kSeed = 42, kSteps = 6000;
  std::mt19937 random(kSeed);
  auto below = [&](uint32_t n) { return uint32_t(random() % n); };
  auto m = std::make_unique<RelatedChain>();
  ASSERT_TRUE(m->full().empty());
  size_t related = 0, different = 0;
  for (unsigned step = 0; step < kSteps; ++step) {
    switch (below(6)) {
      case 0: {  // a store by AS, as a kernel does it
        uint32_t page = below(32), value = random();
        auto target = m->pmap.trans(at(page), true);
        if (m->as.store(at(page), value)) break;
        ASSERT_TRUE(std::holds_alternative<uint32_t>(target));
        m->everywhere(std::get<uint32_t>(target), value);
        break;
      }
      case 1: {  // pop, as mem_alloc does it
        uint32_t page = m->hw.d(at(22, 0));
        if (!page) break;
        m->everywhere(at(22, 0), m->hw.d(at(22, 4 * page))), m->everywhere(at(22, 4 * page), kUsed);
        m->ale.allocate(page, true), m->ale.d.copyPage(page, m->pe.d, page);
        m->pmap.allocate(page, true), m->pmap.d.copyPage(page, m->pe.d, page);
        m->as.allocate(page, true), m->as.d.copyPage(page, m->pe.d, page);
        m->page(page);
        break;
      }
      case 2: {  // push, as mem_free does it
        uint32_t page = 12 + below(8);
        if (!m->as.a(page)) break;
        m->everywhere(at(22, 4 * page), m->hw.d(at(22, 0))), m->everywhere(at(22, 0), page);
        m->ale.allocate(page, false), m->pmap.allocate(page, false), m->as.allocate(page, false), m->page(page);
        break;
      }
      case 3: {  // unmap and map, as pt_set and as do it
        uint32_t high = 24 + below(8), frame = m->pmap.map(high).frame();
        if (!frame) break;
        uint32_t to = 24 + below(8);
        if (m->pmap.map(to).mapped()) break;
        m->everywhere(at(23, 4 * high), 0), m->everywhere(at(23, 4 * to), frame << 12 | kValid);
        m->pmap.setMap(high, {}), m->pmap.setMap(to, Mapping::of(frame, false));
        m->as.allocate(high, false), m->as.allocate(to, true), m->as.d.copyPage(to, m->pmap.d, frame);
        m->page(high), m->page(to);
        break;
      }
      case 4:
        if (below(12) == 0) {  // damage to one table word everywhere
          uint32_t address = below(2) ? at(22, 4 * below(24)) : at(23, 4 * below(32));
          m->everywhere(address, below(3) ? below(24) << 12 | kValid : below(20));
        }
        break;
      case 5:
        if (below(12) == 0) {  // damage to one model
          uint32_t page = below(24);
          if (below(2)) m->as.allocate(page, !m->as.a(page)), m->page(page);
          else m->pmap.d.set(at(page), random()), m->word(at(page));
        }
        break;
    }
    bool incremental = m->incremental();
    auto found = m->full();
    ASSERT_EQ(incremental, !found.empty()) << "step " << step << (found.empty() ? "" : ": " + found[0]);
    (found.empty() ? related : different)++;
    if (!found.empty()) {
      m = std::make_unique<RelatedChain>();
      ASSERT_TRUE(m->full().empty());
    }
  }
  std::printf("seed %u: %zu steps related, %zu different\n", kSeed, related, different);
  EXPECT_GT(related, 4000u);
  EXPECT_GT(different, 50u);
}

}  // namespace
