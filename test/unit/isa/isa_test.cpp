// The instruction table against shared/spec/vamp.md, from which all lists below were copied by hand.
#include "assembler/isa/isa.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>

namespace isa {
namespace {

using Key = std::tuple<unsigned, unsigned, unsigned>;  // opcode, function (R, F), fmt (F)

// "Formats and encodings": what each opcode, function and fmt is; nothing else is an instruction.
std::map<Key, std::string> specification() {
  std::map<Key, std::string> list;
  const std::map<unsigned, std::string> byOpcode = {
      {0x02, "j"},     {0x03, "jal"},  {0x04, "beqz"},   {0x05, "bnez"},   {0x16, "jr"},      {0x17, "jalr"},
      {0x3E, "trap"},  {0x3F, "rfe"},  {0x08, "addio"},  {0x09, "addi"},   {0x0A, "subio"},   {0x0B, "subi"},
      {0x0C, "andi"},  {0x0D, "ori"},  {0x0E, "xori"},   {0x0F, "lhgi"},   {0x18, "clri"},    {0x19, "sgri"},
      {0x1A, "seqi"},  {0x1B, "sgei"}, {0x1C, "slsi"},   {0x1D, "snei"},   {0x1E, "slei"},    {0x1F, "seti"},
      {0x20, "lb"},    {0x21, "lh"},   {0x23, "lw"},     {0x24, "lbu"},    {0x25, "lhu"},     {0x28, "sb"},
      {0x29, "sh"},    {0x2B, "sw"},   {0x31, "load.s"}, {0x35, "load.d"}, {0x39, "store.s"}, {0x3D, "store.d"},
      {0x06, "fbeqz"}, {0x07, "fbnez"}};
  for (const auto& [opcode, name] : byOpcode) list[{opcode, 0, 0}] = name;
  const std::map<unsigned, std::string> byFunction = {
      {0x00, "slli"},   {0x02, "srli"},   {0x03, "srai"}, {0x04, "sll"}, {0x06, "srl"},  {0x07, "sra"},
      {0x10, "movs2i"}, {0x11, "movi2s"}, {0x20, "addo"}, {0x21, "add"}, {0x22, "subo"}, {0x23, "sub"},
      {0x24, "and"},    {0x25, "or"},     {0x26, "xor"},  {0x27, "lhg"}, {0x28, "clr"},  {0x29, "sgr"},
      {0x2A, "seq"},    {0x2B, "sge"},    {0x2C, "sls"},  {0x2D, "sne"}, {0x2E, "sle"},  {0x2F, "set"}};
  for (const auto& [function, name] : byFunction) list[{0, function, 0}] = name;
  const char* arithmetic[] = {"fadd", "fsub", "fmul", "fdiv", "fneg", "fabs", "fsqt", "frem", "fmov"};
  const char* conditions[] = {"f",  "un",   "eq",  "ueq", "olt", "ult", "ole", "ule",
                              "sf", "ngle", "seq", "ngl", "lt",  "nge", "le",  "ngt"};
  for (unsigned fmt = 0; fmt < 2; fmt++) {
    std::string suffix = fmt ? ".d" : ".s";
    for (unsigned i = 0; i < 9; i++) list[{0x11, i, fmt}] = arithmetic[i] + suffix;
    for (unsigned i = 0; i < 16; i++) list[{0x11, 0x30 + i, fmt}] = "fc." + (conditions[i] + suffix);
  }
  list[{0x11, 0x09, 0}] = "mf2i", list[{0x11, 0x0A, 0}] = "mi2f";
  list[{0x11, 0x20, 1}] = "cvt.s.d", list[{0x11, 0x20, 4}] = "cvt.s.i";
  list[{0x11, 0x21, 0}] = "cvt.d.s", list[{0x11, 0x21, 4}] = "cvt.d.i";
  list[{0x11, 0x24, 0}] = "cvt.i.s", list[{0x11, 0x24, 1}] = "cvt.i.d";
  return list;
}

std::string nameOf(Op op) { return op == Op::Illegal ? "illegal" : std::string(row(op).mnemonic); }

TEST(Isa, EveryOpcodeFunctionAndFormatIsWhatTheManualSays) {
  auto list = specification();
  std::set<std::string> seen;
  for (unsigned opcode = 0; opcode < 64; opcode++)
    for (unsigned function = 0; function < 64; function++)
      for (unsigned fmt = 0; fmt < 8; fmt++) {
        Key key = opcode == 0 ? Key{0, function, 0} : opcode == 0x11 ? Key{0x11, function, fmt} : Key{opcode, 0, 0};
        auto found = list.find(key);
        std::string expected = found == list.end() ? "illegal" : found->second;
        // Whatever the other fields are.
        for (uint32_t rest : {0u, 0x03FFF800u, 0x01234800u, 0x02A95000u}) {
          uint32_t word = opcode << 26 | rest | fmt << 6 | function;
          if (opcode == 0) word |= (rest >> 12) & 0x600;
          ASSERT_EQ(nameOf(decode(word).op), expected) << std::hex << word;
        }
        seen.insert(expected);
      }
  EXPECT_EQ(seen.size(), kOpCount + 1);
  EXPECT_EQ(list.size(), kOpCount);
}

TEST(Isa, RowsDoNotOverlap) {
  std::set<Key> keys;
  std::set<std::string_view> names;
  for (unsigned i = 0; i < kOpCount; i++) {
    const Row& r = row(Op(i));
    EXPECT_EQ(r.op, Op(i));
    EXPECT_TRUE(keys.insert({r.opcode, r.function, r.fmt}).second) << r.mnemonic;
    EXPECT_TRUE(names.insert(r.mnemonic).second) << r.mnemonic;
    EXPECT_EQ(findMnemonic(r.mnemonic), Op(i));
  }
  EXPECT_EQ(findMnemonic("mul"), std::nullopt);
}

TEST(Isa, GoldenWords) {
  const std::pair<const char*, uint32_t> golden[] = {
      {"ori r1,r1,0", 0x34210000},   {"lw r2,4(r1)", 0x8C220004},  {"sw r2,-4(r1)", 0xAC22FFFC},
      {"addi r3,r0,-1", 0x2403FFFF}, {"lhgi r5,4660", 0x3C051234}, {"add r3,r1,r2", 0x00221821},
      {"sls r3,r1,r2", 0x0022182C},  {"slli r3,r1,5", 0x00201940}, {"movs2i r7,ECA", 0x00003890},
      {"movi2s PTO,r7", 0x00E00251}, {"beqz r4,-8", 0x1080FFF8},   {"jr r31", 0x5BE00000},
      {"jal 64", 0x0C000040},        {"trap 3", 0xF8000003},       {"rfe", 0xFC000000},
      {"lhg r4,r3", 0x00032027}};
  for (auto [text, word] : golden) {
    EXPECT_EQ(print(word), text);
    EXPECT_EQ(encode(decode(word)), word) << text;
  }
  EXPECT_EQ(encode({Op::Lw, 2, 1, 0, 0, 4}), 0x8C220004u);
  EXPECT_EQ(encode({Op::Movi2s, 0, 7, 0, PTO, 0}), 0x00E00251u);
  EXPECT_EQ(encode({Op::Lhg, 4, 0, 3, 0, 0}), 0x00032027u);
  EXPECT_EQ(kNop, 0x34210000u);
}

TEST(Isa, DecodeOfEncodeIsIdentity) {
  std::mt19937 random(7);
  for (unsigned i = 0; i < kOpCount; i++)
    for (unsigned round = 0; round < 200; round++) {
      Instruction in;
      in.op = Op(i);
      in.rs1 = random() % 32, in.rd = random() % 32;
      switch (row(Op(i)).format) {
        case Format::I: in.imm = int16_t(random()); break;
        case Format::R: in.rs2 = random() % 32, in.sa = random() % 32; break;
        case Format::F: in.rs2 = random() % 32; break;
        case Format::J: in.rs1 = in.rd = 0, in.imm = int32_t(random()) >> 6; break;
      }
      ASSERT_EQ(decode(encode(in)), in) << row(Op(i)).mnemonic;
    }
}

TEST(Isa, EveryWordDecodesToItselfOrIsIllegal) {
  std::mt19937 random(11);
  for (unsigned round = 0; round < 2'000'000; round++) {
    uint32_t word = random();
    Instruction in = decode(word);
    if (in.op == Op::Illegal) {
      ASSERT_EQ(print(word).substr(0, 8), ".word 0x");
      continue;
    }
    // Only fields that the format does not use may be lost.
    ASSERT_EQ(decode(encode(in)), in);
    Format format = row(in.op).format;
    uint32_t unused = format == Format::R ? 0 : format == Format::F ? 0x600 : 0;
    ASSERT_EQ(encode(in), word & ~unused) << print(word);
  }
  EXPECT_EQ(encode({}), 0xFFFFFFFFu);
}

TEST(Isa, KindsOfInstructions) {
  std::set<std::string> control, loads, stores;
  for (unsigned i = 0; i < kOpCount; i++) {
    Op op = Op(i);
    if (isControl(op)) control.insert(nameOf(op));
    if (isLoad(op)) loads.insert(nameOf(op));
    if (isStore(op)) stores.insert(nameOf(op));
    EXPECT_EQ(accessSize(op) != 0, isLoad(op) || isStore(op));
  }
  EXPECT_EQ(control, (std::set<std::string>{"beqz", "bnez", "fbeqz", "fbnez", "j", "jal", "jr", "jalr"}));
  EXPECT_EQ(loads, (std::set<std::string>{"lb", "lbu", "lh", "lhu", "lw", "load.s", "load.d"}));
  EXPECT_EQ(stores, (std::set<std::string>{"sb", "sh", "sw", "store.s", "store.d"}));
  EXPECT_EQ(accessSize(Op::Lhu), 2u);
  EXPECT_EQ(accessSize(Op::Sb), 1u);
  EXPECT_EQ(accessSize(Op::StoreD), 8u);
}

TEST(Isa, SpecialRegisters) {
  const std::map<unsigned, std::string> names = {{0, "SR"},    {1, "ESR"},    {2, "ECA"},   {3, "EPC"}, {4, "EDPC"},
                                                 {5, "EDATA"}, {6, "RM"},     {7, "IEEEF"}, {8, "FCC"}, {9, "PTO"},
                                                 {10, "PTL"},  {11, "EMODE"}, {16, "MODE"}};
  for (unsigned i = 0; i < 32; i++) {
    auto found = names.find(i);
    EXPECT_EQ(sprExists(i), found != names.end());
    EXPECT_EQ(sprName(i), found == names.end() ? "s" + std::to_string(i) : found->second);
    EXPECT_EQ(userSpr(i), i >= 6 && i <= 8);
    EXPECT_EQ(findSpr(sprName(i)), i);
  }
  EXPECT_EQ(findSpr("s16"), 16);
  for (const char* bad : {"", "s", "s32", "sr", "s1x", "s001", "XX"}) EXPECT_EQ(findSpr(bad), std::nullopt) << bad;
}

}  // namespace
}  // namespace isa
