#include "test/unit/asm/assembling.h"

namespace assembler {
namespace {

TEST(Syntax, CommentsLabelsAndBlankLines) {
  Assembling a(
      "# one\n// two\n; three\n/* four\n */ nop # five\n\n  a: b: nop // six\n\tc:\n.L1: nop ; seven\nd : j a /* x "
      "*/\nnop");
  EXPECT_EQ(hex(a.words()), "34210000 34210000 34210000 0BFFFFF4 34210000") << a.errors();
  EXPECT_EQ(a.object->symbol("c")->value, 8u);
  EXPECT_EQ(a.object->symbol("d")->value, 12u);
  EXPECT_EQ(a.object->symbol(".L1"), nullptr);
}

TEST(Syntax, NumericLabels) {
  Assembling a("1: j 1f\n1: j 1b\n j 1f\n2: j 2b\n1: j 2b\n0: j 0b\n");
  // 0: to 4; 4: to 4; 8: to 16; 12: to 12; 16: to 12; 20: to 20
  EXPECT_EQ(hex(a.words()), "08000000 0BFFFFFC 08000004 0BFFFFFC 0BFFFFF8 0BFFFFFC") << a.errors();
}

TEST(Syntax, NamesOfRegistersAreSymbolsWhereOnlySymbolsStand) {
  Assembling a(
      "f1: nop\nr2: jal f1\n nop\n beqz r2,r2\n add: lw ra,(fp)\n sw zero,0(gp)\n mov hp,r1\n.word f1\n j add\n");
  EXPECT_EQ(hex(a.words()), "34210000 0FFFFFF8 34210000 1040FFF4 8FBF0000 AF800000 343E0000 00000000 0BFFFFEC")
      << a.errors();
}

TEST(Expressions, Values) {
  const std::pair<const char*, uint32_t> cases[] = {
      {"1+2*3", 7},
      {"(1+2)*3", 9},
      {"10-4-3", 3},
      {"7/2", 3},
      {"-7/2", uint32_t(-3)},
      {"-7%3", uint32_t(-1)},
      {"1<<31", 0x80000000},
      {"1<<2+1", 8},  // + binds tighter than <<
      {"0xF0>>4", 15},
      {"-1>>4", uint32_t(-1)},
      {"6&3|8", 10},
      {"6^3&1", 7},
      {"~0", 0xFFFFFFFF},
      {"~~5", 5},
      {"- -5", 5},
      {"+5", 5},
      {"0x7fffFFFF", 0x7FFFFFFF},
      {"0b1011", 11},
      {"0755", 493},
      {"0", 0},
      {"'a'", 97},
      {"'\\n'", 10},
      {"'\\0'", 0},
      {"'\\x41'", 65},
      {"'\\''", 39},
      {"'\\\\'", 92},
      {"' '", 32},
      {"4294967295", 0xFFFFFFFF},
      {"-2147483648", 0x80000000},
      {"0x7FFFFFFFFFFFFFF0 & 0xFF", 0xF0},
      {"early*2", 10},
      {"late+1", 43},
      {"end-start", 8},
      {"(end-start)/4", 2},
      {"end-start-(end-start)", 0},
      {"late2-start", 12},
      {".-start", 16},
  };
  for (auto [text, value] : cases) {
    Assembling a(std::string(".equ early,5\n.data\n.word 0\nstart: .word 1,2\nend: .word 0,0\n.word ") + text +
                 "\n.equ late,41+1\n.equ late2,end+4\n");
    std::vector<uint32_t> words = a.words(".data");
    ASSERT_EQ(words.size(), 6u) << text;
    EXPECT_EQ(words[5], value) << text;
  }
}

TEST(Directives, DataInMemoryOrder) {
  Assembling a(R"(
    .data
    .byte 1,-1,255,'x'
    .half 0x1234,-2
    .word 0x12345678
    .ascii "ab\n\x41\101","\"\\"
    .asciz "z"
    .space 2
    .space 2,0xEE
    .align 8
    .byte 9
  )");
  const std::vector<uint8_t> expected = {1,    0xFF, 0xFF, 'x',  0x34, 0x12, 0xFE, 0xFF, 0x78, 0x56, 0x34,
                                         0x12, 'a',  'b',  '\n', 0x41, 'A',  '"',  '\\', 'z',  0,    0,
                                         0,    0xEE, 0xEE, 0,    0,    0,    0,    0,    0,    0,    9};
  EXPECT_EQ(a.bytes(".data"), expected) << a.errors();
  EXPECT_EQ(a.object->section(".data")->align, 8u);
}

TEST(Directives, Sections) {
  Assembling a(R"(
    nop
    .rodata
    .byte 1
    .bss
    .space 100
    .align 64
  buffer: .space 1
    .section .vector
    rfe
    .section .text.cold
    nop
    .section ".my data","aw"
    .byte 2
    .section .zero,"aw",@nobits
    .space 0x7fffffff
    .section .info
    .byte 3
    .text
    .align 16
    nop
    .section .info
    .byte 4
  )");
  ASSERT_TRUE(a.object) << a.errors();
  auto is = [&](const char* name, uint32_t type, uint32_t flags, uint32_t align, uint32_t length) {
    const object::Section* section = a.object->section(name);
    ASSERT_NE(section, nullptr) << name;
    EXPECT_EQ(section->type, type) << name;
    EXPECT_EQ(section->flags, flags) << name;
    EXPECT_EQ(section->align, align) << name;
    EXPECT_EQ(section->length(), length) << name;
  };
  using namespace object;
  is(".text", 1, kAlloc | kExecute, 16, 20);
  is(".rodata", 1, kAlloc, 1, 1);
  is(".bss", 8, kAlloc | kWrite, 64, 129);
  is(".vector", 1, kAlloc | kExecute, 4, 4);
  is(".text.cold", 1, kAlloc | kExecute, 4, 4);
  is(".my data", 1, kAlloc | kWrite, 1, 1);
  is(".zero", 8, kAlloc | kWrite, 1, 0x7FFFFFFF);
  is(".info", 1, 0, 1, 2);
  EXPECT_EQ(hex(a.words()), "34210000 34210000 34210000 34210000 34210000");  // code is padded with nops
  EXPECT_EQ(a.object->symbol("buffer")->value, 128u);
}

TEST(Directives, SymbolsAndTheirAttributes) {
  Assembling a(R"(
    .globl f,limit
    .weak w
    .type f,@function
    .size f,end-f
    .type v,@object
    .equ limit,1000
    .equ alias,f+4
    .globl alias, unused
  f: nop
    nop
  end: jal other
  w: nop
    .data
  v: .word 1
    .size v,4
  )");
  ASSERT_TRUE(a.object) << a.errors();
  const object::Symbol* f = a.object->symbol("f");
  EXPECT_TRUE(f->global);
  EXPECT_EQ(f->size, 8u);
  EXPECT_EQ(f->kind, object::Symbol::Function);
  EXPECT_TRUE(a.object->symbol("w")->weak);
  EXPECT_EQ(a.object->symbol("v")->kind, object::Symbol::Data);
  EXPECT_EQ(a.object->symbol("v")->size, 4u);
  EXPECT_FALSE(a.object->symbol("v")->global);
  EXPECT_EQ(a.object->symbol("limit")->section, object::kAbsolute);
  EXPECT_EQ(a.object->symbol("limit")->value, 1000u);
  EXPECT_EQ(a.object->symbol("alias")->section, 0u);
  EXPECT_EQ(a.object->symbol("alias")->value, 4u);
  unsigned undefined = 0;
  for (const object::Symbol& symbol : a.object->symbols) undefined += symbol.section == object::kUndefined;
  EXPECT_EQ(undefined, 1u);  // other, not unused
}

TEST(Errors, EachHasItsPlaceAndText) {
  const std::pair<const char*, const char*> cases[] = {
      {"lw r2", "1:1: 'lw' takes RD,mem, not 1 operand [asm-operands]\n"},
      {"nop r1", "1:1: 'nop' takes no operands, not 1 operand [asm-operands]\n"},
      {"rfe 1,2", "1:1: 'rfe' takes no operands, not 2 operands [asm-operands]\n"},
      {"lw r2,4", "1:7: expected offset(register) [asm-operands]\n"},
      {"lw r2,4(x)", "1:9: expected a general register (r0..r31), found 'x' [asm-register]\n"},
      {"add r1,r2,r32", "1:11: expected a general register (r0..r31), found 'r32' [asm-register]\n"},
      {"add r1,r2,f3", "1:11: expected a general register (r0..r31), found 'f3' [asm-register]\n"},
      {"add r1,r2,r03", "1:11: expected a general register (r0..r31), found 'r03' [asm-register]\n"},
      {"add r1,r2,4+x", "1:11: expected a general register (r0..r31) [asm-register]\n"},
      {"fneg.s f1,r2", "1:11: expected a floating-point register (f0..f31), found 'r2' [asm-register]\n"},
      {"movs2i r1,XX", "1:11: expected a special register (SR, ESR, ECA, ...), found 'XX' [asm-register]\n"},
      {"addi r1,r2,32768", "1:12: the immediate 32768 is not in -32768..32767 [asm-range]\n"},
      {"lhgi r1,65536", "1:9: the immediate 65536 is not in -32768..65535 [asm-range]\n"},
      {"lw r1,-32769(r2)", "1:7: the immediate -32769 is not in -32768..32767 [asm-range]\n"},
      {"slli r1,r2,32", "1:12: the shift distance 32 is not in 0..31 [asm-range]\n"},
      {"slli r1,r2,n\n.equ n,-1", "1:12: the shift distance -1 is not in 0..31 [asm-range]\n"},
      {"beqz r1,32768", "1:9: the branch offset 32768 is not in -32768..32767 [asm-range]\n"},
      {"beqz r1,x\n.space 32768\nx:", "1:9: the branch offset 32768 is not in -32768..32767 [asm-range]\n"},
      {"x: j x+0x7fffffffffffffff", "1:6: the jump offset 1099511627772 is not in -33554432..33554431 [asm-range]\n"},
      {".word x+0x7fffffffffffffff", "1:7: the distance from the symbol does not fit 32 bits [asm-range]\n"},
      {"j 0x2000000", "1:3: the jump offset 33554432 is not in -33554432..33554431 [asm-range]\n"},
      {"trap 0x2000000", "1:6: the code 33554432 is not in -33554432..33554431 [asm-range]\n"},
      {"li r1,0x100000000", "1:7: the operand of %hi 4294967296 is not in -2147483648..4294967295 [asm-range]\n"},
      {"addi r1,r2,r3", "1:12: expected a number, found the register 'r3' [asm-operands]\n"},
      {"addi r1,r2,x\nx:",
       "1:12: the immediate must be a number, not an address (%hi, %lo and %gprel take addresses) "
       "[asm-not-constant]\n"},
      {"addi r1,r2,x",
       "1:12: the immediate needs 'x', which is not defined here (%hi, %lo and %gprel take addresses) "
       "[asm-not-constant]\n"},
      {"addi r1,r2,%gprel(5)", "1:12: %gprel is for addresses, not constants [asm-operands]\n"},
      {"slli r1,r2,%lo(5)", "1:12: %hi, %lo and %gprel are for 16-bit immediates [asm-operands]\n"},
      {"li r1,%lo(5)", "1:7: 'li' takes no %hi, %lo or %gprel [asm-operands]\n"},
      {"adi r1,r2,3", "1:1: there is no instruction 'adi'; did you mean 'addi'? [asm-mnemonic]\n"},
      {"ADD r1,r2,r3", "1:1: there is no instruction 'ADD' [asm-mnemonic]\n"},
      {".wrod 3", "1:1: there is no directive '.wrod'; did you mean '.word'? [asm-directive]\n"},
      {"x: nop\nx: nop", "2:1: 'x' is defined already [asm-redefined]\n"},
      {".equ x,1\n.equ x,2", "2:6: 'x' is defined already [asm-redefined]\n"},
      {"x:\n.equ x,2", "2:6: 'x' is defined already [asm-redefined]\n"},
      {"j 1b", "1:3: there is no label 1 before this [asm-undefined]\n"},
      {"j 7f", "1:3: no label 7 follows [asm-undefined]\n"},
      {"j .Lx", "1:3: the label '.Lx' is not defined [asm-undefined]\n"},
      {".equ a,b+1\n.equ b,a", "1:8: the value of 'b' needs itself [asm-expression]\n"},
      {".word 1/0", "1:7: division by zero [asm-expression]\n"},
      {".word 1%0", "1:7: division by zero [asm-expression]\n"},
      {".word 1<<64", "1:7: the shift distance is not in 0..63 [asm-expression]\n"},
      {".word 1<<32", "1:7: the word 4294967296 is not in -2147483648..4294967295 [asm-range]\n"},
      {".word 0x7fffffffffffff*0x7fffffffff", "1:7: the value does not fit 64 bits [asm-expression]\n"},
      {".word 99999999999999999999", "1:7: the number does not fit 64 bits [asm-number]\n"},
      {".word 08", "1:7: not a number [asm-number]\n"},
      {".word 0x", "1:7: not a number [asm-number]\n"},
      {".word 12ab", "1:7: not a number [asm-number]\n"},
      {".word x*2", "1:7: an address can only have constants added or another address subtracted [asm-expression]\n"},
      {".word x-y\n.data\ny:",
       "1:7: the difference of symbols is known only for labels of one section [asm-expression]\n"},
      {".byte 256", "1:7: the byte 256 is not in -128..255 [asm-range]\n"},
      {".half -32769", "1:7: the half word -32769 is not in -32768..65535 [asm-range]\n"},
      {".byte x", "1:7: the byte needs 'x', which is not defined here [asm-not-constant]\n"},
      {".byte 'ab'", "1:7: not a character: one byte or an escape (\\n \\t \\0 \\x41 \\\\ \\') is [asm-number]\n"},
      {".ascii \"a", "1:8: the string has no end [asm-string]\n"},
      {".ascii \"\\q\"", "1:8: the string has an unknown escape [asm-string]\n"},
      {".ascii 5", "1:8: expected a string [asm-operands]\n"},
      {".word \"x\"", "1:7: expected a number or a symbol [asm-operands]\n"},
      {".space n", "1:8: the number of bytes must be known here, but 'n' has no value yet [asm-not-constant]\n"},
      {"x: .space x", "1:11: the number of bytes must be a constant, not an address [asm-not-constant]\n"},
      {".space -1", "1:8: the number of bytes is not in 0..2147483647 [asm-range]\n"},
      {".space 0x7fffffff", "1:1: the file's contents get larger than 256 MiB [asm-size]\n"},
      {".align 3", "1:8: the alignment is a power of two from 1 to 1048576 [asm-range]\n"},
      {".bss\n.word 1", "2:1: the section '.bss' has no contents, only space [asm-section]\n"},
      {".bss\nnop", "2:1: the section '.bss' has no contents, only space [asm-section]\n"},
      {".byte 1\nnop",
       "2:1: an instruction at an address that is no multiple of 4; .align 4 before it helps [asm-misaligned]\n"},
      {".section .text,\"aw\"", "1:1: the section '.text' exists with other flags [asm-section]\n"},
      {".section .x,\"q\"", "1:13: the flags of a section are a, w and x [asm-operands]\n"},
      {".globl 5", "1:8: expected a name [asm-operands]\n"},
      {".equ x", "1:1: the directive is written .equ name,expression [asm-operands]\n"},
      {"f: nop\n.size f,8", "2:9: the size reaches beyond the section [asm-range]\n"},
      {".globl a\n.equ a,x+1",
       "2:6: the symbol's value is neither a 32-bit number nor an address in a section of this file "
       "[asm-range]\n"},
      {"lw r1,[x]", "1:7: [...] names a C0 variable, which is only possible in asm blocks of C0A [asm-syntax]\n"},
      {"la r1,%addr(x)", "1:7: %addr is only known in asm blocks of C0A [asm-syntax]\n"},
      {"nop nop", "1:1: 'nop' takes no operands, not 1 operand [asm-operands]\n"},
      {"mov r1 r2", "1:8: unexpected name, expected end of line or ',' [asm-syntax]\n"},
      {"add r1,,r2", "1:8: unexpected ',' [asm-syntax]\n"},
      {"/* open", "1:1: the comment has no end [asm-syntax]\n"},
      {"nop\n\x01", "2:1: unexpected byte 0x01 [asm-syntax]\n"},
      {"\xC3\xA4: nop", "1:1: unexpected byte 0xc3 [asm-syntax]\n"},
      {".: nop", "1:1: unexpected operand, expected end of line or name or number [asm-syntax]\n"},
  };
  for (auto [text, expected] : cases) {
    Assembling a(text);
    EXPECT_FALSE(a.object) << text;
    EXPECT_EQ(a.errors(), expected) << text;
  }
}

TEST(Errors, SeveralInOneRun) {
  Assembling a("lw r1\nnop\nfoo\nnop nop\nbar r1\n");
  EXPECT_EQ(a.diagnostics.errorCount(), 4u) << a.errors();
}

TEST(Expressions, EquatesSeeLaterOnes) {
  Assembling a(".equ a,b+1\n.data\n.word a-b\n.space c\n.equ b,x+8\nx: .word a-x\n.equ c,4\n");
  EXPECT_EQ(a.errors(), "4:8: the number of bytes must be known here, but 'c' has no value yet [asm-not-constant]\n");
  Assembling b(".equ a,b+1\n.equ d,a+1\n.data\nli r1,d-a\n.equ b,x+8\nx: .word a-x,d-x,a\n");
  EXPECT_EQ(hex(b.words(".data")), "24010001 00000009 0000000A 00000000");
  EXPECT_EQ(b.relocations(), ".data+12 WORD32 x+9\n");
}

TEST(Errors, LineMarkersNameTheOriginal) {
  Assembling a("# 10 \"orig.c0a\" 2\n nop\n foo\n");
  ASSERT_EQ(a.diagnostics.all().size(), 1u);
  base::Place place = a.sources.place(a.diagnostics.all()[0].where.begin);
  EXPECT_EQ(place.file, "orig.c0a");
  EXPECT_EQ(place.line, 11u);
}

}  // namespace
}  // namespace assembler
