#include "test/unit/link/builder.h"

namespace linker {
namespace {

using object::Relocation;

// One word with a relocation against an absolute symbol; expectations are worked out from vamp.md and elf.h by hand.
struct Case {
  Relocation type;
  uint32_t before;
  uint32_t symbol;
  int32_t addend;
  uint32_t after;
};

std::optional<uint32_t> relocated(const Case& c, std::string* errors = nullptr) {
  ObjectBuilder a;
  a.text(12);
  a.data(4);
  base::store(&a.object().sections[0].bytes[4], c.before);
  a.object().symbols.push_back({.name = "s", .section = object::kAbsolute, .value = c.symbol, .global = true});
  a.relocate(0, 4, c.type, 0, c.addend);
  Linking linking;
  linking.add("a.o", a.bytes());
  linking.run();
  if (errors) *errors = linking.errors();
  if (!linking.image) return std::nullopt;
  return linking.word(0x8004);
}

TEST(Relocation, FieldsAndCarries) {
  const Case cases[] = {
      {Relocation::None, 0x11223344, 5, 0, 0x11223344},
      {Relocation::Word32, 0, 0x12345678, 1, 0x12345679},
      {Relocation::Word32, 0xFFFFFFFF, 0xFFFFFFFF, 1, 0},
      // lhgi r5,hi ; addi r5,r5,lo must give S: the low half counts as signed.
      {Relocation::Hi16, 0x3C050000, 0x00007FFF, 0, 0x3C050000},
      {Relocation::Lo16, 0x24A50000, 0x00007FFF, 0, 0x24A57FFF},
      {Relocation::Hi16, 0x3C050000, 0x00008000, 0, 0x3C050001},
      {Relocation::Lo16, 0x24A50000, 0x00008000, 0, 0x24A58000},
      {Relocation::Hi16, 0x3C05FFFF, 0x12345678, 0, 0x3C051234},
      {Relocation::Hi16, 0x3C050000, 0x1234FFFF, 0, 0x3C051235},
      {Relocation::Hi16, 0x3C050000, 0x12347FFE, 2, 0x3C051235},
      {Relocation::Hi16, 0x3C050000, 0xFFFFFFFF, 0, 0x3C050000},  // 0x10000 << 16 falls out
      {Relocation::Lo16, 0x24A5FFFF, 0x12340000, -4, 0x24A5FFFC},
      // The word is at 0x8004, its delay slot at 0x8008.
      {Relocation::Pc16, 0x10800000, 0x8008, 0, 0x10800000},
      {Relocation::Pc16, 0x1080FFFF, 0x8000, 0, 0x1080FFF8},  // beqz r4,-8
      {Relocation::Pc16, 0x10800000, 0x8008 + 0x7FFF, 0, 0x10807FFF},
      {Relocation::Pc16, 0x10800000, 8, 0, 0x10808000},
      {Relocation::Pc26, 0x0C000000, 0x8048, 0, 0x0C000040},  // jal 64
      {Relocation::Pc26, 0x0C000000, 0x8008 + 0x01FFFFFC, 0, 0x0DFFFFFC},
      {Relocation::Pc26, 0x0C000000, 0x8008, -0x02000000, 0x0E000000},
      // .data is at 0x9000, __gp at 0x11000.
      {Relocation::Gprel16, 0x8F820000, 0x11000, 0, 0x8F820000},
      {Relocation::Gprel16, 0x8F820000, 0x9000, 0, 0x8F828000},
      {Relocation::Gprel16, 0x8F820000, 0x11000, 0x7FFF, 0x8F827FFF},
  };
  for (const Case& c : cases) {
    std::string errors;
    std::optional<uint32_t> word = relocated(c, &errors);
    ASSERT_TRUE(word) << errors;
    EXPECT_EQ(*word, c.after) << object::relocationName(c.type) << " " << std::hex << c.symbol << " got " << *word;
  }
}

TEST(Relocation, OutOfRangeIsAnErrorWithItsPlace) {
  const std::pair<Case, const char*> cases[] = {
      {{Relocation::Pc16, 0, 0x8008, 0x8000, 0},
       "a.o(.text+0x4): the branch to 's+0x8000' needs the offset 32768, its field holds -32768..32767 [link-range]\n"},
      {{Relocation::Pc16, 0, 7, 0, 0},
       "a.o(.text+0x4): the branch to 's' needs the offset -32769, its field holds -32768..32767 [link-range]\n"},
      {{Relocation::Pc26, 0, 0x2008008, 0, 0},
       "a.o(.text+0x4): the jump to 's' needs the offset 33554432, its field holds -33554432..33554431 [link-range]\n"},
      {{Relocation::Gprel16, 0, 0x9000, -1, 0},
       "a.o(.text+0x4): the access relative to r28 to 's-0x1' needs the offset -32769, its field holds -32768..32767 "
       "[link-range]\n"},
  };
  for (const auto& [c, expected] : cases) {
    std::string errors;
    EXPECT_FALSE(relocated(c, &errors));
    EXPECT_EQ(errors, expected);
  }
}

TEST(Relocation, HiAndLoTogetherGiveTheAddressForEveryLowHalf) {
  for (uint32_t low : {0u, 1u, 0x7FFFu, 0x8000u, 0x8001u, 0xFFFFu}) {
    for (uint32_t high : {0u, 1u, 0x7FFFu, 0x8000u, 0xFFFFu}) {
      uint32_t address = high << 16 | low;
      std::optional<uint32_t> hi = relocated({Relocation::Hi16, 0x3C050000, address, 0, 0});
      std::optional<uint32_t> lo = relocated({Relocation::Lo16, 0x24A50000, address, 0, 0});
      ASSERT_TRUE(hi && lo);
      // lhgi puts the first on top, addi adds the second sign-extended.
      EXPECT_EQ((*hi << 16) + uint32_t(int32_t(int16_t(*lo))), address);
    }
  }
}

TEST(Relocation, AnyAlignment) {
  ObjectBuilder a;
  a.data(9);
  a.relocate(0, 5, Relocation::Word32, a.local("d", 0, 4), 0x100);
  Linking linking;
  linking.add("a.o", a.bytes());
  linking.run();
  ASSERT_TRUE(linking.image);
  EXPECT_EQ(linking.word(linking.address("__data_start") + 5), linking.address("__data_start") + 0x104);
}

}  // namespace
}  // namespace linker
