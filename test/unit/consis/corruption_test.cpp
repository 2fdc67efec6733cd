#include <gtest/gtest.h>

#include "vm/consis/lockstep.h"

namespace consis {
namespace {

TEST(ParseCorruption, ReadsEveryKind) {
  auto reg = parseCorruption("5:reg=29,value=0x10");
  ASSERT_TRUE(reg);
  EXPECT_EQ(reg->step, 5u);
  EXPECT_EQ(reg->kind, Corruption::Register);
  EXPECT_EQ(reg->where, 29u);
  EXPECT_EQ(reg->value, 16u);
  auto spr = parseCorruption("5:spr=PTL,value=3");
  ASSERT_TRUE(spr);
  EXPECT_EQ(spr->kind, Corruption::Special);
  EXPECT_EQ(spr->where, uint32_t(isa::PTL));
  auto word = parseCorruption("0:mem=0x8004,value=-1");
  ASSERT_TRUE(word);
  EXPECT_EQ(word->kind, Corruption::Word);
  EXPECT_EQ(word->where, 0x8004u);
  EXPECT_EQ(word->value, 0xFFFFFFFFu);
  auto byte = parseCorruption("1:byte=3,value=7");
  ASSERT_TRUE(byte);
  EXPECT_EQ(byte->kind, Corruption::Byte);
  auto dpc = parseCorruption("18446744073709551615:dpc=32768");
  ASSERT_TRUE(dpc);
  EXPECT_EQ(dpc->kind, Corruption::Dpc);
  EXPECT_EQ(dpc->step, UINT64_MAX);
  auto pc = parseCorruption("1:pc=0xFFFFFFFF");
  ASSERT_TRUE(pc);
  EXPECT_EQ(pc->kind, Corruption::Pc);
}

TEST(ParseCorruption, RejectsTheRest) {
  for (const char* text :
       {"", "5", ":", "5:", "x:reg=1,value=1", "-1:reg=1,value=1", "5:reg=1", "5:reg=0,value=1", "5:reg=32,value=1",
        "5:reg=1,value=", "5:reg=1,value=z", "5:mem=2,value=1", "5:mem=,value=1", "5:dpc=", "5:dpc=4,value=1",
        "5:tlb=1,value=1", "5:spr=9,value=1", "5:spr=s12,value=1", "5:reg=1,value=4294967296",
        "5:byte=0x1ffffffff,value=0", "99999999999999999999:pc=0"}) {
    auto parsed = parseCorruption(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_EQ(parsed.error().id, "bad-corrupt");
    EXPECT_EQ(parsed.error().place, "--corrupt=" + std::string(text));
  }
}

}  // namespace
}  // namespace consis
