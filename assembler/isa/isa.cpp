#include "assembler/isa/isa.h"

#include <array>
#include <cstdio>
#include <unordered_map>

namespace isa {
namespace {

constexpr Row kRows[] = {
#define INSTRUCTION(mnemonic, name, format, opcode, function, fmt, operands) \
  {mnemonic, Op::name, Format::format, opcode, function, fmt, operands},
#include "assembler/isa/instructions.def"
};

struct SprRow {
  std::string_view name;
  uint8_t number;
  bool user;
};
constexpr SprRow kSprs[] = {
#define SPR(name, number, user) {#name, number, user},
#include "assembler/isa/registers.def"
};

constexpr uint8_t kFloatOpcode = 0x11;

// One entry for each way in which opcode, function and fmt can select a row.
struct DecodeTable {
  std::array<Op, 64> byOpcode;
  std::array<Op, 64> byFunction;       // opcode 0
  std::array<std::array<Op, 8>, 64> byFloat;  // opcode 0x11: [function][fmt]

  constexpr DecodeTable() : byOpcode{}, byFunction{}, byFloat{} {
    byOpcode.fill(Op::Illegal);
    byFunction.fill(Op::Illegal);
    for (auto& formats : byFloat) formats.fill(Op::Illegal);
    for (const Row& row : kRows) {
      if (row.format == Format::R) byFunction[row.function] = row.op;
      else if (row.format == Format::F) byFloat[row.function][row.fmt] = row.op;
      else byOpcode[row.opcode] = row.op;
    }
  }
};
constexpr DecodeTable kDecode;

int32_t signExtend(uint32_t value, unsigned bits) { return int32_t(value << (32 - bits)) >> (32 - bits); }

uint8_t field(uint32_t word, unsigned low) { return uint8_t(word >> low & 31); }

std::string registerName(char bank, unsigned number) { return bank + std::to_string(number); }

}  // namespace

const Row& row(Op op) { return kRows[unsigned(op)]; }

std::optional<Op> findMnemonic(std::string_view mnemonic) {
  static const auto* index = [] {
    auto* map = new std::unordered_map<std::string_view, Op>;
    for (const Row& row : kRows) map->emplace(row.mnemonic, row.op);
    return map;
  }();
  auto found = index->find(mnemonic);
  if (found == index->end()) return std::nullopt;
  return found->second;
}

Instruction decode(uint32_t word) {
  uint8_t opcode = uint8_t(word >> 26), function = word & 63;
  Op op = opcode == 0              ? kDecode.byFunction[function]
          : opcode == kFloatOpcode ? kDecode.byFloat[function][word >> 6 & 7]
                                   : kDecode.byOpcode[opcode];
  Instruction result;
  result.op = op;
  if (op == Op::Illegal) return result;
  switch (row(op).format) {
    case Format::I:
      result.rs1 = field(word, 21), result.rd = field(word, 16), result.imm = signExtend(word, 16);
      break;
    case Format::R:
      result.rs1 = field(word, 21), result.rs2 = field(word, 16), result.rd = field(word, 11);
      result.sa = field(word, 6);
      break;
    case Format::J: result.imm = signExtend(word, 26); break;
    case Format::F:
      result.rs1 = field(word, 21), result.rs2 = field(word, 16), result.rd = field(word, 11);
      break;
  }
  return result;
}

uint32_t encode(const Instruction& in) {
  if (in.op == Op::Illegal) return 0xFFFFFFFF;
  const Row& r = row(in.op);
  uint32_t word = uint32_t(r.opcode) << 26;
  uint32_t rs1 = in.rs1 & 31u, rs2 = in.rs2 & 31u, rd = in.rd & 31u, sa = in.sa & 31u;
  switch (r.format) {
    case Format::I: return word | rs1 << 21 | rd << 16 | (uint32_t(in.imm) & 0xFFFF);
    case Format::R: return word | rs1 << 21 | rs2 << 16 | rd << 11 | sa << 6 | r.function;
    case Format::J: return word | (uint32_t(in.imm) & 0x03FFFFFF);
    case Format::F: return word | rs1 << 21 | rs2 << 16 | rd << 11 | uint32_t(r.fmt) << 6 | r.function;
  }
  return 0xFFFFFFFF;
}

std::string print(uint32_t word) {
  Instruction in = decode(word);
  if (in.op == Op::Illegal) {
    char text[24];
    std::snprintf(text, sizeof text, ".word 0x%08x", word);
    return text;
  }
  const Row& r = row(in.op);
  std::string text(r.mnemonic);
  std::string_view rest = r.operands;
  for (char separator = ' '; !rest.empty(); separator = ',') {
    std::string_view operand = rest.substr(0, rest.find(','));
    rest.remove_prefix(std::min(rest.size(), operand.size() + 1));
    text += separator;
    if (operand == "RD") text += registerName('r', in.rd);
    else if (operand == "RS1") text += registerName('r', in.rs1);
    else if (operand == "RS2") text += registerName('r', in.rs2);
    else if (operand == "FD") text += registerName('f', in.rd);
    else if (operand == "FS1") text += registerName('f', in.rs1);
    else if (operand == "FS2") text += registerName('f', in.rs2);
    else if (operand == "SA") text += std::to_string(in.sa);
    else if (operand == "SPR") text += sprName(in.sa);
    else if (operand == "mem") text += std::to_string(in.imm) + '(' + registerName('r', in.rs1) + ')';
    else if (operand == "uimm") text += std::to_string(in.imm & 0xFFFF);
    else text += std::to_string(in.imm);
  }
  return text;
}

bool allowedInAsm(Op op) {
  switch (op) {
    case Op::Illegal:
    case Op::Lh:
    case Op::Lhu:
    case Op::Sh:
    case Op::Jal:
    case Op::Jr:
    case Op::Jalr:
    case Op::Trap:
    case Op::LoadD:
    case Op::StoreD:
    case Op::Fbeqz:
    case Op::Fbnez: return false;
    default: return row(op).format != Format::F;
  }
}

bool isControl(Op op) {
  switch (op) {
    case Op::Beqz: case Op::Bnez: case Op::Fbeqz: case Op::Fbnez:
    case Op::J: case Op::Jal: case Op::Jr: case Op::Jalr: return true;
    default: return false;
  }
}

bool isLoad(Op op) {
  switch (op) {
    case Op::Lb: case Op::Lh: case Op::Lw: case Op::Lbu: case Op::Lhu: case Op::LoadS: case Op::LoadD: return true;
    default: return false;
  }
}

bool isStore(Op op) {
  switch (op) {
    case Op::Sb: case Op::Sh: case Op::Sw: case Op::StoreS: case Op::StoreD: return true;
    default: return false;
  }
}

unsigned accessSize(Op op) {
  switch (op) {
    case Op::Lb: case Op::Lbu: case Op::Sb: return 1;
    case Op::Lh: case Op::Lhu: case Op::Sh: return 2;
    case Op::Lw: case Op::Sw: case Op::LoadS: case Op::StoreS: return 4;
    case Op::LoadD: case Op::StoreD: return 8;
    default: return 0;
  }
}

std::string_view sprName(unsigned number) {
  for (const SprRow& spr : kSprs)
    if (spr.number == number) return spr.name;
  static constexpr std::string_view kUnused[] = {
      "s0",  "s1",  "s2",  "s3",  "s4",  "s5",  "s6",  "s7",  "s8",  "s9",  "s10", "s11", "s12", "s13", "s14", "s15",
      "s16", "s17", "s18", "s19", "s20", "s21", "s22", "s23", "s24", "s25", "s26", "s27", "s28", "s29", "s30", "s31"};
  return kUnused[number & 31];
}

std::optional<uint8_t> findSpr(std::string_view name) {
  for (const SprRow& spr : kSprs)
    if (spr.name == name) return spr.number;
  if (name.size() < 2 || name.size() > 3 || name[0] != 's') return std::nullopt;
  unsigned number = 0;
  for (char c : name.substr(1)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + unsigned(c - '0');
  }
  if (number > 31) return std::nullopt;
  return uint8_t(number);
}

bool userSpr(unsigned number) {
  for (const SprRow& spr : kSprs)
    if (spr.number == number) return spr.user;
  return false;
}

bool sprExists(unsigned number) {
  for (const SprRow& spr : kSprs)
    if (spr.number == number) return true;
  return false;
}

}  // namespace isa
