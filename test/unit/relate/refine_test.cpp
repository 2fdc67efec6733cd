// The chain of models without a machine: calls between layers, traps, upcalls; the table of modules; paths between
// models.
#include <gtest/gtest.h>

#include "test/unit/relate/small_machine.h"
#include "vm/relate/refine/linking.h"

namespace {

using namespace refine;

constexpr uint32_t address(uint32_t page, uint32_t offset = 16) { return page * models::kPageSize + offset; }

struct Fixture : testing::Test {
  Chain chain{small::layout()};
  void SetUp() override {
    auto start = small::hw(chain.layout);
    chain.hw.d = start.d, chain.hw.mode = true, chain.hw.pto = start.pto, chain.hw.ptl = start.ptl;
    auto failure = chain.construct(Name::AS);
    ASSERT_FALSE(failure) << failure->text;
  }
};
using ChainTest = Fixture;

TEST_F(ChainTest, AccessesAreCheckedInTheLayerAndBelow) {
  EXPECT_FALSE(chain.store(Name::AS, address(24), 4, 5));
  EXPECT_EQ(chain.hw.d(address(13)), 5u);
  EXPECT_EQ(chain.as->d(address(24)), 5u);
  EXPECT_FALSE(chain.load(Name::AS, address(24), 4, 5u));
  auto failure = chain.load(Name::AS, address(24), 4, 6u);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, Failure::WrongValue);
  EXPECT_FALSE(chain.load(Name::PE, address(22), 4, {}));
  failure = chain.load(Name::ALE, address(22), 4, {});
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->model, Name::ALE);
  EXPECT_EQ(failure->rule, "allocated");
}

TEST_F(ChainTest, BytesAreMerged) {
  ASSERT_FALSE(chain.store(Name::AS, address(24), 4, 0x44332211));
  ASSERT_FALSE(chain.store(Name::AS, address(24) + 1, 1, 0xAB));
  ASSERT_FALSE(chain.store(Name::AS, address(24) + 2, 2, 0x7766));
  EXPECT_EQ(chain.as->d(address(24)), 0x7766AB11u);
  EXPECT_FALSE(chain.load(Name::AS, address(24) + 1, 1, 0xABu));
  EXPECT_FALSE(chain.load(Name::AS, address(24) + 2, 2, 0x7766u));
  EXPECT_TRUE(chain.load(Name::AS, address(24) + 1, 2, {})) << "misaligned";
}

TEST_F(ChainTest, AStoreOfALowerLayerIsADifferenceAbove) {
  auto failure = chain.store(Name::PE, address(13), 4, 5);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->rule, "ALE-PE");
}

TEST_F(ChainTest, APrimitiveSuspendsTheModelsBetween) {
  Pending pending;
  ASSERT_FALSE(chain.enter("mem_alloc", Name::AS, Name::PE, {}, pending));
  EXPECT_TRUE(chain.suspended(Name::ALE) && chain.suspended(Name::PMAP) && chain.suspended(Name::AS));
  EXPECT_FALSE(chain.suspended(Name::PE));
  ASSERT_FALSE(chain.store(Name::PE, address(22, 0), 4, 15));
  ASSERT_FALSE(chain.store(Name::PE, address(22, 4 * 14), 4, models::kUsed));
  auto failure = chain.leave("mem_alloc", Name::PE, 14, pending);
  ASSERT_FALSE(failure) << failure->text;
  EXPECT_TRUE(chain.as->a(14) && chain.pmap->a(14) && chain.ale->a(14));
  EXPECT_EQ(chain.as->d(address(14)), 0x1000u + 14);
  EXPECT_FALSE(chain.checkFull());
}

TEST_F(ChainTest, AWrongResultIsNamedInTheWordsOfTheLowestModel) {
  Pending pending;
  ASSERT_FALSE(chain.enter("mem_alloc", Name::AS, Name::PE, {}, pending));
  auto failure = chain.leave("mem_alloc", Name::PE, 0, pending);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, Failure::Specification);
  EXPECT_EQ(failure->model, Name::ALE);
  EXPECT_EQ(failure->rule, "g of mem_alloc");
}

TEST_F(ChainTest, CallsThatAModelDoesNotKnow) {
  Pending pending;
  auto failure = chain.enter("pt_set", Name::AS, Name::ALE, {0, 25, 14, 2}, pending);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->rule, "no-primitive");
  EXPECT_EQ(failure->model, Name::AS);
  failure = chain.enter("mem_free", Name::AS, Name::PE, {13}, pending);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, Failure::Precondition);
}

TEST_F(ChainTest, SystemCodeMayWriteItsSaveAreaOnly) {
  EXPECT_FALSE(chain.systemStore(0x100, 4, 7));
  EXPECT_FALSE(chain.leaveSystem());
  EXPECT_FALSE(chain.systemStore(address(12), 4, 7));
  auto failure = chain.leaveSystem();
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->rule, "PE-HW");
}

TEST_F(ChainTest, AnUpcallNeedsARelatedState) {
  chain.hw.d.set(address(22, 0), 8);
  auto failure = chain.construct(Name::AS);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->kind, Failure::NoState);
  EXPECT_EQ(failure->rule, "ALE-PE");
  EXPECT_EQ(chain.top(), Name::AS);
  chain.drop();
  EXPECT_EQ(chain.top(), Name::HW);
}

TEST(Modules, Table) {
  auto modules =
      Modules::parse("# a comment\nmodule a\n  model PE\n  exports f g\nmodule b\n  model AS # two\n  imports f\n");
  ASSERT_TRUE(modules) << modules.error().text;
  ASSERT_EQ(modules->all().size(), 2u);
  EXPECT_EQ(modules->exporting("g")->name, "a");
  EXPECT_EQ(modules->exporting("h"), nullptr);
  for (auto [text, id, place] :
       {std::tuple("model PE\n", "bad-modules", "line 1"), std::tuple("module a\nmodel X\n", "bad-modules", "line 2"),
        std::tuple("module a\n", "bad-modules", "line 1"), std::tuple("module\n", "bad-modules", "line 1"),
        std::tuple("module a\nmodel PE\nfoo\n", "bad-modules", "line 3"),
        std::tuple("module a\nmodel PE\nexports f\nmodule b\nmodel AS\nexports f\n", "name-clash", "line 4")}) {
    auto bad = Modules::parse(text);
    ASSERT_FALSE(bad) << text;
    EXPECT_EQ(bad.error().id, id);
    EXPECT_EQ(bad.error().place, place);
  }
}

TEST(Linking, Paths) {
  auto names = [](Name a, Name b) {
    std::string text;
    for (auto relation : path(a, b)) text += std::string(models::relationName(relation)) + " ";
    return text;
  };
  EXPECT_EQ(names(Name::AS, Name::HW), "AS-PMAP PMAP-ALE ALE-PE PE-HW ");
  EXPECT_EQ(names(Name::PMAP, Name::PE), "PMAP-ALE ALE-PE ");
  EXPECT_EQ(names(Name::ALD, Name::HW), "ALD-PD PD-HW ");
  EXPECT_EQ(names(Name::ALD, Name::PE), "");
  EXPECT_EQ(names(Name::PE, Name::AS), "");
}

}  // namespace
