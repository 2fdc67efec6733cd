#include "test/unit/asm/assembling.h"

namespace assembler {
namespace {

TEST(Relocations, OneOfEachKind) {
  Assembling a(R"(
    lhgi r5,%hi(x+4)
    addi r5,r5,%lo(x+4)
    lw r6,%gprel(x)(r28)
    beqz r1,x
    jal x-8
    .word x
  )");
  EXPECT_EQ(a.relocations(),
            ".text+0 HI16 x+4\n.text+4 LO16 x+4\n.text+8 GPREL16 x+0\n.text+12 PC16 x+0\n.text+16 PC26 x+-8\n"
            ".text+20 WORD32 x+0\n");
  EXPECT_EQ(hex(a.words()), "3C050000 24A50000 8F860000 10200000 0C000000 00000000");
}

TEST(Relocations, LocalTargetsAreResolvedGlobalOnesAreNot) {
  Assembling a(R"(
    .globl g
    .weak w
  l: nop
  g: nop
  w: nop
    j l
    j g
    j w
    beqz r1,l
    beqz r1,g
    .data
  d: .word l, d, .Lx
    .byte 0
  .Lx: .word 1f
  1:
    .text
    j d
  )");
  EXPECT_EQ(a.relocations(),
            ".text+16 PC26 g+0\n.text+20 PC26 w+0\n.text+28 PC16 g+0\n.text+32 PC26 d+0\n"
            ".data+0 WORD32 l+0\n.data+4 WORD32 d+0\n.data+8 WORD32 .data+13\n.data+13 WORD32 .data+17\n");
  std::vector<uint32_t> words = a.words();
  EXPECT_EQ(words[3], 0x0BFFFFF0u);  // from 12 + 4 back to 0
  EXPECT_EQ(words[6], 0x1020FFE4u);  // from 24 + 4 back to 0
}

TEST(Relocations, HiAndLoOfConstantsCarry) {
  const std::pair<const char*, const char*> cases[] = {
      {"0x7FFF", "3C050000 24A57FFF"},     {"0x8000", "3C050001 24A58000"},     {"0x12347FFF", "3C051234 24A57FFF"},
      {"0x12348000", "3C051235 24A58000"}, {"0x1234FFFF", "3C051235 24A5FFFF"}, {"-1", "3C050000 24A5FFFF"},
      {"0xFFFF8000", "3C050000 24A58000"}, {"0x80000000", "3C058000 24A50000"},
  };
  for (auto [value, expected] : cases) {
    Assembling a(std::string("lhgi r5,%hi(") + value + ")\naddi r5,r5,%lo(" + value + ")");
    EXPECT_EQ(hex(a.words()), expected) << value;
  }
}

TEST(Relocations, BranchesReachTheirLimits) {
  Assembling near("beqz r1,x\n.space 32764\nx: nop\ny: .space 32764\nbeqz r1,y\n");
  ASSERT_TRUE(near.object) << near.errors();
  EXPECT_EQ(near.words().front(), 0x10207FFCu);
  EXPECT_EQ(near.words().back(), 0x10208000u);
  Assembling far("y: .space 32768\nbeqz r1,y\n");
  EXPECT_EQ(far.errors(), "2:9: the branch offset -32772 is not in -32768..32767 [asm-range]\n");
}

TEST(Relocations, ManySymbolsAreLinear) {
  std::string text;
  for (int i = 0; i < 100000; i++)
    text += "f" + std::string("x") + std::to_string(i) + ": jal fx" + std::to_string((i * 7919) % 100000) + "\n";
  Assembling a(text);
  ASSERT_TRUE(a.object) << a.errors();
  EXPECT_EQ(a.object->symbols.size(), 100000u);
  EXPECT_EQ(a.words()[1], 0x0C000000u | (7919u * 4 - 8));
}

}  // namespace
}  // namespace assembler
