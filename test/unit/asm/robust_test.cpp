#include <random>

#include "test/unit/asm/assembling.h"

namespace assembler {
namespace {

std::string repeat(std::string_view text, size_t count) {
  std::string result;
  result.reserve(text.size() * count);
  while (count--) result += text;
  return result;
}

TEST(Robust, EmptyFiles) {
  for (const char* text : {"", "\n", "   ", "# only a comment", "/**/"}) {
    Assembling a(text);
    ASSERT_TRUE(a.object) << a.errors();
    EXPECT_EQ(a.object->sections.size(), 1u);
    EXPECT_TRUE(a.bytes().empty());
  }
}

TEST(Robust, DeepNestingIsLimited) {
  Assembling deep(".word " + repeat("(", 10000) + "1" + repeat(")", 10000) + "\nfoo\n");
  EXPECT_EQ(deep.errors(),
            "1:207: more than 200 parentheses or signs one in the other [asm-nesting]\n"
            "2:1: there is no instruction 'foo' [asm-mnemonic]\n");
  Assembling signs(".word " + repeat("- ", 10000) + "1\n");
  EXPECT_EQ(signs.diagnostics.errorCount(), 1u);
  EXPECT_EQ(signs.diagnostics.all()[0].id, "asm-nesting");
  Assembling fine(".word " + repeat("(", 190) + "1" + repeat(")", 190));
  EXPECT_TRUE(fine.object) << fine.errors();
  Assembling sums(".word x" + repeat("+x-x", 5000) + "\nx:\n");
  EXPECT_EQ(sums.diagnostics.all()[0].id, "asm-nesting");
  std::string chain = ".word e0\n";
  for (int i = 0; i < 100000; i++)
    chain += ".equ e" + std::string(std::to_string(i)) + ",e" + std::to_string(i + 1) + "\n";
  Assembling equates(chain);
  EXPECT_EQ(equates.diagnostics.all()[0].id, "asm-nesting");
  std::string doubling = ".equ e0,0\n";
  for (int i = 0; i < 200; i++)
    doubling +=
        ".equ e" + std::string(std::to_string(i + 1)) + ",e" + std::to_string(i) + "+e" + std::to_string(i) + "\n";
  Assembling twice(doubling + ".word e200\n");
  EXPECT_EQ(twice.words(), std::vector<uint32_t>{0});
}

TEST(Robust, LongLines) {
  Assembling list(".byte 0" + repeat(",1", 500000));
  ASSERT_TRUE(list.object) << list.errors();
  EXPECT_EQ(list.bytes().size(), 500001u);
  Assembling sum(".word 0" + repeat("+1", 500000));
  EXPECT_EQ(sum.words(), std::vector<uint32_t>{500000});
  Assembling name(repeat("a", 1 << 20) + ": nop");
  ASSERT_TRUE(name.object);
  EXPECT_EQ(name.object->symbols[0].name.size(), size_t(1) << 20);
  Assembling unknown(repeat("a", 1 << 20));
  EXPECT_EQ(unknown.diagnostics.all()[0].id, "asm-mnemonic");
  Assembling text(".ascii \"" + repeat("x", 1 << 20) + "\"");
  EXPECT_EQ(text.bytes().size(), size_t(1) << 20);
  Assembling number(".word " + repeat("9", 1 << 20));
  EXPECT_EQ(number.diagnostics.all()[0].id, "asm-number");
}

TEST(Robust, RubbishNeverCrashes) {
  std::mt19937 random(1);
  size_t failed = 0;
  for (int round = 0; round < 2000; round++) {
    std::string text;
    for (unsigned n = random() % 300; n; n--) text += char(random());
    Assembling a(text);
    failed += !a.object;
    EXPECT_EQ(a.object.has_value(), a.errors().empty());
  }
  EXPECT_GT(failed, 1000u);
}

TEST(Robust, MutatedProgramsNeverCrash) {
  const std::string program = R"(# sample
    .section .vector,"ax"
    j start
    nop
    .text
    .globl start
  start: li r5,0x12345678
    la r6,table+4
    lw r7,%lo(table)(r6)
  1: subi r7,r7,1
    bgtz r7,1b
    jal other
    ret
    .size start,.-start
    .rodata
  table: .word 1,2,start,'a',(end-table)/4
    .asciz "text\n"
    .align 8
  end:
    .equ n,end-table
    .bss
    .space n & ~3
  )";
  Assembling whole(program);
  ASSERT_TRUE(whole.object) << whole.errors();
  static constexpr char kBytes[] = "()%,:.+-*/<>&|^~[]@\"'\\\n 0x9zr1";
  std::mt19937 random(2);
  size_t good = 0;
  for (int round = 0; round < 5000; round++) {
    std::string text = program;
    for (unsigned n = 1 + random() % 4; n; n--) {
      size_t at = random() % text.size();
      switch (random() % 3) {
        case 0: text[at] = kBytes[random() % (sizeof kBytes - 1)]; break;
        case 1: text.erase(at, random() % 20); break;
        case 2: text.insert(at, text.substr(random() % text.size(), random() % 40)); break;
      }
    }
    Assembling a(text);
    good += a.object.has_value();
    ASSERT_EQ(a.object.has_value(), a.errors().empty());
  }
  EXPECT_GT(good, 100u);
}

}  // namespace
}  // namespace assembler
