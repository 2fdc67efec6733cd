#include <random>

#include "assembler/asm/synthetic.h"
#include "test/unit/asm/assembling.h"

namespace assembler {
namespace {

// The golden words of vamp.md.
TEST(Golden, WordsOfTheManual) {
  Assembling a(R"(
    ori r1,r1,0
    nop
    lw r2,4(r1)
    sw r2,-4(r1)
    addi r3,r0,-1
    lhgi r5,0x1234
    add r3,r1,r2
    sls r3,r1,r2
    slli r3,r1,5
    movs2i r7,ECA
    movi2s PTO,r7
    beqz r4,-8
    jr r31
    jal 64
    trap 3
    rfe
    lhg r4,r3
  )");
  EXPECT_EQ(
      hex(a.words()),
      "34210000 34210000 8C220004 AC22FFFC 2403FFFF 3C051234 00221821 0022182C 00201940 00003890 00E00251 1080FFF8 "
      "5BE00000 0C000040 F8000003 FC000000 00032027");
}

// Worked out by hand from the formats: I op RS1 RD imm; R RS1 RS2 RD SA fn; F 11 FS1 FS2 FD fmt fn.
TEST(Golden, OtherFormats) {
  const std::pair<const char*, uint32_t> cases[] = {
      {"addio r1,r2,3", 0x20410003},   {"subi r31,r30,-32768", 0x2FDF8000},
      {"andi r4,r5,-1", 0x30A4FFFF},   {"xori r4,r5,32767", 0x38A47FFF},
      {"lhgi r1,-1", 0x3C01FFFF},      {"lhgi r1,65535", 0x3C01FFFF},
      {"clri r7,r0,0", 0x60070000},    {"seti r7,r0,0", 0x7C070000},
      {"slei r1,r2,5", 0x78410005},    {"lb r9,0(r8)", 0x81090000},
      {"lhu r9,-2(r8)", 0x9509FFFE},   {"sh r9,6(r8)", 0xA5090006},
      {"jalr r5", 0x5CA00000},         {"j -4", 0x0BFFFFFC},
      {"bnez r31,32764", 0x17E07FFC},  {"srai r1,r2,31", 0x00400FC3},
      {"sll r1,r2,r3", 0x00430804},    {"subo r1,r2,r3", 0x00430822},
      {"xor r31,r31,r31", 0x03FFF826}, {"movs2i r1,MODE", 0x00000C10},
      {"movi2s s31,r2", 0x004007D1},   {"fadd.d f4,f2,f6", 0x44462040},
      {"load.s f3,8(r2)", 0xC4430008}, {"store.d f2,-8(r29)", 0xF7A2FFF8},
      {"fc.eq.s f1,f2", 0x44220032},   {"fc.ngt.d f30,f31", 0x47DF007F},
      {"mi2f f3,r5", 0x4405180A},      {"mf2i r5,f3", 0x44650009},
      {"cvt.i.d f0,f2", 0x44400064},   {"cvt.d.i f4,f2", 0x44402121},
      {"fbeqz 16", 0x18000010},        {"trap -1", 0xFBFFFFFF},
  };
  for (auto [text, word] : cases) {
    Assembling a(text);
    EXPECT_EQ(hex(a.words()), hex({word})) << text << "\n" << a.errors();
  }
}

// What isa::print says of any instruction assembles back to it.
TEST(Golden, PrintedInstructionsAssembleBack) {
  std::mt19937 random(3);
  std::string text;
  std::vector<uint32_t> expected;
  for (unsigned op = 0; op < isa::kOpCount; op++)
    for (int i = 0; i < 200; i++) {
      uint32_t word = random();
      isa::Instruction in = isa::decode(word);
      in.op = isa::Op(op);
      // Only the operands that the template names survive printing.
      std::string_view operands = isa::row(in.op).operands;
      auto has = [&](const char* name) { return operands.find(name) != std::string_view::npos; };
      isa::Instruction kept;
      kept.op = in.op;
      uint32_t fields = random();
      if (has("RD") || has("FD")) kept.rd = fields & 31;
      if (has("RS1") || has("FS1") || has("mem")) kept.rs1 = fields >> 5 & 31;
      if (has("RS2") || has("FS2")) kept.rs2 = fields >> 10 & 31;
      if (has("SA") || has("SPR")) kept.sa = fields >> 15 & 31;
      if (has("imm") || has("mem") || has("branch")) kept.imm = int16_t(random());
      if (has("jump") || has("code")) kept.imm = int32_t(random()) >> 6;
      expected.push_back(isa::encode(kept));
      text += isa::print(expected.back()) + "\n";
    }
  Assembling a(text);
  ASSERT_TRUE(a.object) << a.errors();
  EXPECT_EQ(a.words(), expected);
}

// Each expansion worked out by hand.
TEST(Synthetic, Expansions) {
  const std::pair<const char*, const char*> cases[] = {
      {"mov r3,r4", "34830000"},
      {"neg r3,r4", "00041823"},
      {"not r3,r4", "3883FFFF"},
      {"li r5,0", "24050000"},
      {"li r5,-32768", "24058000"},
      {"li r5,32767", "24057FFF"},
      {"li r5,0xFFFFFFFF", "2405FFFF"},
      {"li r5,32768", "3C050001 24A58000"},
      {"li r5,0x12340000", "3C051234"},
      {"li r5,-2147483648", "3C058000"},
      {"li r5,0x12345678", "3C051234 24A55678"},
      {"li r5,0x1234FFFF", "3C051235 24A5FFFF"},
      {"li r5,x; .equ follows\n .equ x,7", "3C050000 24A50007"},
      {".equ x,7\n li r5,x", "24050007"},
      {"la r5,0x8004", "3C050001 24A58004"},
      {"x: b x", "0BFFFFFC 34210000"},
      {"x: call x", "0FFFFFFC 34210000"},
      {"ret", "5BE00000 34210000"},
      {"beq r2,r3,8", "0043082A 14200008 34210000"},
      {"bne r2,r3,8", "0043082D 14200008 34210000"},
      {"blt r2,r3,8", "0043082C 14200008 34210000"},
      {"ble r2,r3,8", "0043082E 14200008 34210000"},
      {"bgt r2,r3,8", "00430829 14200008 34210000"},
      {"x: bge r2,r3,x", "0043082B 1420FFF8 34210000"},
      {"bltz r2,8", "70410000 14200008 34210000"},
      {"blez r2,8", "78410000 14200008 34210000"},
      {"bgtz r2,8", "64410000 14200008 34210000"},
      {"bgez r2,8", "6C410000 14200008 34210000"},
  };
  for (auto [text, expected] : cases) {
    Assembling a(text);
    EXPECT_EQ(hex(a.words()), expected) << text << "\n" << a.errors();
  }
}

TEST(Synthetic, LiGivesEveryNumber) {
  std::mt19937 random(9);
  std::vector<uint32_t> numbers = {0,          1,          0x7FFF,     0x8000,     0xFFFF,    0x10000,
                                   0x7FFF8000, 0x7FFFFFFF, 0x80000000, 0xFFFF7FFF, 0xFFFF8000};
  for (int i = 0; i < 2000; i++) numbers.push_back(random() >> random() % 24);
  for (uint32_t number : numbers) {
    Assembling a("li r5," + std::to_string(number));
    uint32_t r5 = 0xDEADBEEF;
    for (uint32_t word : a.words()) {
      isa::Instruction in = isa::decode(word);
      if (in.op == isa::Op::Lhgi) r5 = uint32_t(in.imm) << 16;
      else if (in.op == isa::Op::Addi) r5 = (in.rs1 ? r5 : 0) + uint32_t(in.imm);
      else FAIL() << isa::print(word);
    }
    ASSERT_EQ(r5, number);
  }
}

// docs/assembly.md has one row for each of ours.
TEST(Synthetic, TheManualHasTheTable) {
  FILE* file = std::fopen(C0_SOURCE_DIR "/docs/assembly.md", "rb");
  ASSERT_NE(file, nullptr);
  std::string manual(1 << 20, 0);
  manual.resize(std::fread(manual.data(), 1, manual.size(), file));
  std::fclose(file);
  for (const SyntheticRow& row : syntheticRows()) {
    std::string head =
        "`" + std::string(row.mnemonic) + (row.operands.empty() ? "" : " " + std::string(row.operands)) + "`";
    std::string line = "| " + head + " | `" + std::string(row.expansion) + "` | " + std::string(row.meaning) + " |";
    EXPECT_NE(manual.find(line), std::string::npos) << line;
  }
}

}  // namespace
}  // namespace assembler
