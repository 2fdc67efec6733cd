// The seven models: what each can load and store, and by which rule it cannot; copies, equality, dumps.
#include <gtest/gtest.h>

#include <random>

#include "test/unit/relate/small_machine.h"
#include "vm/relate/models/primitive.h"

namespace {

using namespace models;
using small::at;
using small::Chain;

TEST(Words, CopiesAndDifferences) {
  std::mt19937 random(1);
  Words a(5000), b;
  std::vector<uint32_t> plain(5000, 0), other;
  for (int i = 0; i < 3000; ++i) {
    if (i == 1500) b = a, other = plain;
    uint32_t index = random() % 5000, value = random() % 3;
    a.set(index, value), plain[index] = value;
  }
  std::vector<uint32_t> expected, found;
  for (uint32_t i = 0; i < 5000; ++i) {
    EXPECT_EQ(a[i], plain[i]);
    EXPECT_EQ(b[i], other[i]);
    if (plain[i] != other[i]) expected.push_back(i);
  }
  Words::differences(a, b, [&](uint32_t i) { return found.push_back(i), true; });
  EXPECT_EQ(found, expected);
  EXPECT_FALSE(a == b);
  for (uint32_t i : expected) b.set(i, plain[i]);
  EXPECT_TRUE(a == b);
}

TEST(Words, PagesAreCopiedAndCompared) {
  Words a(4 * 1024), b(40 * 1024);
  a.set(1024 + 5, 7);
  b.copyPage(33, a, 1);
  EXPECT_EQ(b[33 * 1024 + 5], 7u);
  b.set(33 * 1024 + 6, 8);
  EXPECT_EQ(a[1024 + 6], 0u);
  std::vector<uint32_t> found;
  Words::pageDifferences(a, 1, b, 33, [&](uint32_t i) { return found.push_back(i), true; });
  EXPECT_EQ(found, std::vector<uint32_t>{6});
  found.clear();
  Words::differences(a, b, [&](uint32_t i) { return found.push_back(i), true; });
  EXPECT_EQ(found, (std::vector<uint32_t>{1024 + 5, 33 * 1024 + 5, 33 * 1024 + 6}));
}

// One row: an address, and by which rule each model cannot load there; "" if it can.
struct Row {
  const char* what;
  uint32_t address;
  const char *hw, *pe, *ale, *pmap, *as;
};
constexpr Row kLoads[] = {
    {"data", at(8), "", "", "", "", ""},
    {"a frame in use", at(12), "", "", "", "", ""},
    {"a free frame", at(15), "", "", "allocated", "allocated", "allocated"},
    {"the frame behind page 24", at(13), "", "", "", "", "allocated"},
    {"page 24", at(24), "", "", "", "", ""},
    {"page 25, not mapped", at(25), "mapped", "mapped", "mapped", "mapped", "allocated"},
    {"the page table", at(23, 4 * 30), "", "", "", "allocated", "allocated"},
    {"mem_next", at(22), "", "", "allocated", "allocated", "allocated"},
    {"page 0", at(0), "", "", "allocated", "allocated", "allocated"},
    {"beyond the last page", at(32), "in-space", "in-space", "in-space", "in-space", "in-space"},
    {"misaligned", at(8, 18), "aligned", "aligned", "aligned", "aligned", "aligned"},
};

template <class M>
void expectLoad(const M& model, const Row& row, const char* rule) {
  SCOPED_TRACE(std::string(modelName(M::kName)) + ", " + row.what);
  auto word = model.load(row.address);
  M copy = model;
  auto stored = copy.store(row.address, 77);
  if (*rule) {
    ASSERT_FALSE(word);
    EXPECT_EQ(ruleName(word.why().rule), rule);
    EXPECT_EQ(word.why().model, M::kName);
    EXPECT_EQ(word.why().address, row.address);
    ASSERT_TRUE(stored);
    EXPECT_EQ(ruleName(stored->rule), rule);
    EXPECT_EQ(copy, model);
  } else {
    ASSERT_TRUE(word) << word.why().print();
    ASSERT_FALSE(stored) << stored->print();
    EXPECT_EQ(*copy.load(row.address), 77u);
    EXPECT_FALSE(copy == model);
  }
}

TEST(Models, LoadsAndStores) {
  Chain m;
  for (const Row& row : kLoads) {
    expectLoad(m.hw, row, row.hw), expectLoad(m.pe, row, row.pe), expectLoad(m.ale, row, row.ale);
    expectLoad(m.pmap, row, row.pmap), expectLoad(m.as, row, row.as);
  }
  EXPECT_EQ(*m.as.load(at(24)), 0x1000u + 13);
}

TEST(Models, TranslationOff) {
  Layout layout = small::layout();
  HW hw = small::hw(layout);
  hw.mode = false;
  PD pd(hw);
  ALD ald(pd);
  EXPECT_TRUE(hw.load(at(15)));
  EXPECT_TRUE(pd.load(at(15)));
  EXPECT_EQ(ruleName(ald.load(at(15)).why().rule), "allocated");
  EXPECT_TRUE(ald.load(at(23)));
  for (auto rule : {hw.load(at(24)).why().rule, pd.load(at(24)).why().rule, ald.load(at(24)).why().rule})
    EXPECT_EQ(ruleName(rule), "low-address");
}

TEST(Models, TheWindowAndTheTable) {
  Chain m;
  ASSERT_FALSE(m.pe.store(at(23, 4 * 9), 10u << 12 | kValid));
  EXPECT_EQ(ruleName(m.pe.load(at(8)).why().rule), "window");
  ASSERT_FALSE(m.ale.store(at(23, 4 * 9), 9u << 12));
  EXPECT_EQ(ruleName(m.ale.load(at(8)).why().rule), "window");
  Chain n;
  n.ale.allocate(23, false);
  EXPECT_EQ(ruleName(n.ale.load(at(24)).why().rule), "table-allocated");
  EXPECT_EQ(ruleName(n.ale.load(at(23)).why().rule), "allocated");
  n.hw.pto = 24;
  EXPECT_EQ(ruleName(n.hw.load(at(8)).why().rule), "table-in-memory");
  n.pmap.setMap(24, Mapping::of(13, true));
  EXPECT_TRUE(n.pmap.load(at(24)));
  EXPECT_EQ(ruleName(n.pmap.store(at(24), 1)->rule), "writable");
  n.pmap.setMap(24, Mapping::of(100, false));
  EXPECT_EQ(ruleName(n.pmap.load(at(24)).why().rule), "low-address");
}

TEST(Models, Messages) {
  Chain m;
  EXPECT_EQ(m.as.load(at(25, 0)).why().print(), "AS: load 0x00019000 (page 25): the page is not allocated [allocated]");
  EXPECT_EQ(dump(m.pmap, 1), "PMAP (D, A, PM)\n  A    8..9 12..13\n  PM   24 -> 13\n  D    0x00008010 00001008  ..\n");
  EXPECT_EQ(dump(m.as, 0), "AS (D, A)\n  A    8..9 12 24\n  D    ..\n");
  EXPECT_EQ(dump(m.hw, 0), "HW (D, MODE, PTO, PTL)\n  MODE 1  PTO 23  PTL 31\n  D    ..\n");
  for (unsigned i = 0; i < kModelCount; ++i) EXPECT_EQ(findModel(modelName(Name(i))), Name(i));
  EXPECT_FALSE(findModel("XY"));
}

// ---- Primitives: p and g over hand-made states.

template <class M>
bool allows(const char* name, const M& before, std::vector<uint32_t> arguments, const M& after, uint32_t result) {
  const auto* primitive = findPrimitive<M>(name);
  CallState<M> s{before, arguments, {}}, t{after, arguments, result};
  return primitive && primitive->action.p(s) && primitive->action.g(s, t);
}

TEST(Primitives, MemAlloc) {
  Chain m;
  ALE after = m.ale;
  EXPECT_FALSE(allows("mem_alloc", m.ale, {}, after, 0)) << "frames are free";
  after.allocate(15, true);
  EXPECT_TRUE(allows("mem_alloc", m.ale, {}, after, 15));
  EXPECT_FALSE(allows("mem_alloc", m.ale, {}, after, 16));
  after.d.set(at(15), 5);
  EXPECT_TRUE(allows("mem_alloc", m.ale, {}, after, 15)) << "a fresh page contains anything";
  after.d.set(at(12), 5);
  EXPECT_FALSE(allows("mem_alloc", m.ale, {}, after, 15)) << "an allocated page changed";
  ALE reserved = m.ale;
  reserved.allocate(21, true);
  EXPECT_FALSE(allows("mem_alloc", m.ale, {}, reserved, 21)) << "not a frame of the pool";
  for (uint32_t page = 14; page < 20; ++page) m.ale.allocate(page, true);
  EXPECT_TRUE(allows("mem_alloc", m.ale, {}, m.ale, 0));
}

TEST(Primitives, AsRequestAndRelease) {
  Chain m;
  AS after = m.as;
  after.allocate(25, true);
  EXPECT_TRUE(allows("as_request", m.as, {0, 25}, after, 25));
  EXPECT_FALSE(allows("as_request", m.as, {0, 25}, m.as, 0)) << "a frame is free";
  EXPECT_FALSE(allows("as_request", m.as, {0, 25}, after, 0));
  EXPECT_TRUE(allows("as_request", m.as, {0, 24}, m.as, 0)) << "mapped already";
  EXPECT_TRUE(allows("as_request", m.as, {1, 25}, m.as, 0)) << "no such space";
  EXPECT_TRUE(allows("as_request", m.as, {0, 12}, m.as, 0)) << "a low page";
  AS less = m.as;
  less.allocate(24, false);
  EXPECT_TRUE(allows("as_release", m.as, {0, 24}, less, 24));
  EXPECT_FALSE(allows("as_release", m.as, {0, 24}, m.as, 0));
  EXPECT_TRUE(allows("as_release", m.as, {0, 25}, m.as, 0));
  EXPECT_FALSE(allows("mem_free", m.as, {13}, m.as, 0)) << "AS cannot know whose frame 13 is: p";
  EXPECT_TRUE(allows("mem_free", m.as, {0}, m.as, 0));
  for (uint32_t page = 25; page < 31; ++page) m.as.allocate(page, true);
  EXPECT_TRUE(allows("as_request", m.as, {0, 31}, m.as, 0)) << "eight frames: 12, page 24 and six more";
}

TEST(Primitives, PtSetAndLookup) {
  Chain m;
  PMAP after = m.pmap;
  after.setMap(25, Mapping::of(14, false));
  EXPECT_TRUE(allows("pt_set", m.pmap, {0, 25, 14, 2}, after, 1));
  EXPECT_FALSE(allows("pt_set", m.pmap, {0, 25, 14, 3}, after, 1));
  EXPECT_FALSE(allows("pt_set", m.pmap, {0, 25, 30, 2}, after, 1)) << "p: no frame of low memory";
  EXPECT_TRUE(allows("pt_set", m.pmap, {0, 25, 14, 0}, m.pmap, 1)) << "not valid is not mapped";
  EXPECT_TRUE(allows("pt_set", m.pmap, {0, 8, 14, 2}, m.pmap, 0)) << "the window";
  after.setMap(24, {});
  EXPECT_FALSE(allows("pt_set", m.pmap, {0, 25, 14, 2}, after, 1)) << "another entry changed";
  EXPECT_TRUE(allows("pt_lookup", m.pmap, {0, 24}, m.pmap, 13));
  EXPECT_TRUE(allows("pt_lookup", m.pmap, {0, 9}, m.pmap, 9));
  EXPECT_FALSE(allows("pt_lookup", m.pmap, {0, 25}, m.pmap, 14));
}

}  // namespace
