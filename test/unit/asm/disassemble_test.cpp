#include "assembler/asm/disassemble.h"

#include <random>
#include <set>

#include "assembler/asm/encode.h"
#include "test/unit/asm/assembling.h"

namespace assembler {
namespace {

// Assembles the disassembly and compares sections and relocations.
void expectRoundTrip(const object::Object& object) {
  std::string text = disassemble(object);
  Assembling again(text);
  ASSERT_TRUE(again.object) << again.errors() << text.substr(0, 2000);
  for (const object::Section& section : object.sections) {
    const object::Section* other = again.object->section(section.name);
    ASSERT_NE(other, nullptr) << section.name;
    EXPECT_EQ(other->bytes, section.bytes) << section.name << "\n" << text.substr(0, 2000);
    EXPECT_EQ(other->length(), section.length()) << section.name;
    EXPECT_EQ(other->flags, section.flags) << section.name;
    EXPECT_EQ(other->type, section.type) << section.name;
  }
}

TEST(Disassemble, RandomWords) {
  std::mt19937 random(17);
  for (int round = 0; round < 20; round++) {
    object::Object object;
    object.executable = round % 2;
    object::Section& text = object.sections.emplace_back();
    text.name = ".text", text.flags = object::kAlloc | object::kExecute, text.align = 4;
    text.address = round % 2 ? 0x8000 : 0;
    for (int i = 0; i < 2000; i++) {
      uint32_t word = random();
      // Half of them instructions, with short branches.
      if (i % 2) {
        isa::Instruction in = isa::decode(word);
        in.op = isa::Op(random() % isa::kOpCount);
        in.imm = int32_t(random() % 4096) - 2048;
        word = isa::encode(i % 4 == 1 ? in : canonical(in));
      }
      text.bytes.resize(text.bytes.size() + 4);
      base::store(&text.bytes[text.bytes.size() - 4], word);
    }
    text.bytes.resize(text.bytes.size() + round % 4, 0x5A);
    expectRoundTrip(object);
  }
}

TEST(Disassemble, ObjectsWithEverything) {
  Assembling a(R"(
    .globl f, limit
    .weak w
    .type f,@function
    .size f,8
    .equ limit,0x1234
  f: lhgi r5,%hi(x+4)
    lw r5,%lo(x+4)(r5)
    lw r6,%gprel(d)(r28)
    sw r6,%lo(.Ld)(r0)
  w: beqz r1,f
    beqz r1,w2
  w2: jal f
    j other-8
    .word .Ld, f+4
    .byte 1
  odd: .byte 2,3
    .align 4
    rfe
    .data
  d: .word 1,f,d+4
    .byte 0
  .Ld: .word d
    .ascii "hello, \"world\"\n"
    .space 40
  tail:
    .bss
    .space 10
  b: .space 90
    .section ".odd name",""
    .word undefined+5
    .section .note.x,"",@note
    .byte 7
  )");
  ASSERT_TRUE(a.object) << a.errors();
  expectRoundTrip(*a.object);
  Assembling again(disassemble(*a.object));
  EXPECT_EQ(a.relocations(), again.relocations());
  auto names = [](const object::Object& object) {
    std::multiset<std::string> result;
    for (const object::Symbol& s : object.symbols)
      result.insert(s.name + " " + std::to_string(s.value) + " " + std::to_string(s.size) + " " +
                    std::to_string(s.global) + std::to_string(s.weak) + std::to_string(s.kind) + " " +
                    std::to_string(s.section));
    return result;
  };
  EXPECT_EQ(names(*a.object), names(*again.object));
}

TEST(Disassemble, NamesThatCannotBeWrittenOrAppearTwice) {
  object::Object object;
  object.sections.push_back(
      {.name = ".text", .flags = object::kAlloc | object::kExecute, .align = 4, .bytes = std::vector<uint8_t>(16)});
  object.symbols = {{.name = "two", .section = 0, .value = 4},
                    {.name = "two", .section = 0, .value = 8},
                    {.name = "with blank", .section = 0, .value = 12},
                    {.name = ".Lv0_4", .section = 0, .value = 0},
                    {.name = "", .section = 0, .kind = object::Symbol::SectionSymbol},
                    {.name = "file.c", .section = object::kAbsolute, .kind = object::Symbol::File}};
  for (uint32_t i = 0; i < 4; i++) object.sections[0].relocations.push_back({i * 4, object::Relocation::Word32, i, 0});
  expectRoundTrip(object);
}

TEST(Disassemble, MutatedObjectsGiveText) {
  Assembling a(".globl f\nf: jal g\n beqz r1,f\n lw r2,%lo(d)(r1)\n.data\nd: .word f,1,2,d+4\n.bss\n.space 8\nz:\n");
  const std::vector<uint8_t> good = object::writeElf(*a.object);
  std::mt19937 random(29);
  size_t same = 0;
  for (int round = 0; round < 5000; round++) {
    std::vector<uint8_t> bytes = good;
    for (unsigned n = 1 + random() % 3; n; n--)
      bytes[52 + random() % (bytes.size() - 52)] = uint8_t(random() % 3 ? random() % 16 : random());
    base::Result<object::Object> object = object::readElf(bytes);
    if (!object) continue;
    for (object::Section& section : object->sections) section.size = std::min(section.size, 1u << 20);
    Assembling again(disassemble(*object));
    if (again.object && again.bytes() == object->sections[0].bytes) same++;
  }
  EXPECT_GT(same, 500u);
}

TEST(Disassemble, TextIsReadable) {
  Assembling a("f: lw r2,4(r1)\n1: bnez r2,1b\n nop\n jal g\n .word 0xffffffff, 0x04000000, 0x0c000001\n jr r31\n");
  EXPECT_EQ(disassemble(*a.object), R"(
    .section .text,"ax",@progbits
    .align 4
f:
    lw r2,4(r1)
.Lv0_4:
    bnez r2,.Lv0_4
    nop
    jal g
    .word 0xffffffff  # rfe
    .word 0x04000000
    jal 1
    jr r31
)");
}

TEST(Disassemble, PrintWith) {
  EXPECT_EQ(printWith(0x8C220004, "%lo(x)"), "lw r2,%lo(x)(r1)");
  EXPECT_EQ(printWith(0x0C000040, "f"), "jal f");
  EXPECT_EQ(printWith(0x1080FFF8, "l"), "beqz r4,l");
}

}  // namespace
}  // namespace assembler
