#include "assembler/asm/encode.h"

#include <array>

namespace assembler {
namespace {

constexpr int64_t k32Low = INT32_MIN, k32High = UINT32_MAX;

constexpr FieldRow kFields[] = {
    {"", 0, 0, object::Relocation::None},
    {"the immediate", -32768, 32767, object::Relocation::None},
    {"the immediate", -32768, 65535, object::Relocation::None},
    {"the code", -(1 << 25), (1 << 25) - 1, object::Relocation::None},
    {"the shift distance", 0, 31, object::Relocation::None},
    {"the branch offset", -32768, 32767, object::Relocation::Pc16},
    {"the jump offset", -(1 << 25), (1 << 25) - 1, object::Relocation::Pc26},
    {"the operand of %hi", k32Low, k32High, object::Relocation::Hi16},
    {"the operand of %lo", k32Low, k32High, object::Relocation::Lo16},
    {"the operand of %gprel", 0, -1, object::Relocation::Gprel16},
    {"the word", k32Low, k32High, object::Relocation::Word32},
    {"the half word", -32768, 65535, object::Relocation::None},
    {"the byte", -128, 255, object::Relocation::None},
};

enum class Kind : uint8_t { Rd, Rs1, Rs2, Fd, Fs1, Fs2, Sa, Spr, Imm, Uimm, Mem, Branch, Jump, Code };

struct KindRow {
  std::string_view name;  // in the templates
  Kind kind;
  Field field;
};
constexpr KindRow kKinds[] = {
    {"RD", Kind::Rd, Field::None},       {"RS1", Kind::Rs1, Field::None},     {"RS2", Kind::Rs2, Field::None},
    {"FD", Kind::Fd, Field::None},       {"FS1", Kind::Fs1, Field::None},     {"FS2", Kind::Fs2, Field::None},
    {"SA", Kind::Sa, Field::Shift5},     {"SPR", Kind::Spr, Field::None},     {"imm", Kind::Imm, Field::Imm16},
    {"uimm", Kind::Uimm, Field::Uimm16}, {"mem", Kind::Mem, Field::Imm16},    {"branch", Kind::Branch, Field::Branch16},
    {"jump", Kind::Jump, Field::Jump26}, {"code", Kind::Code, Field::Code26},
};

// The templates, split once.
struct Template {
  std::array<const KindRow*, 3> operands{};
  unsigned count = 0;
};

const Template& templateOf(isa::Op op) {
  static const std::array<Template, isa::kOpCount>* all = [] {
    auto* table = new std::array<Template, isa::kOpCount>;
    for (unsigned i = 0; i < isa::kOpCount; i++) {
      Template& result = (*table)[i];
      std::string_view rest = isa::row(isa::Op(i)).operands;
      while (!rest.empty()) {
        std::string_view one = rest.substr(0, rest.find(','));
        rest.remove_prefix(std::min(rest.size(), one.size() + 1));
        for (const KindRow& row : kKinds)
          if (row.name == one) result.operands[result.count++] = &row;
      }
    }
    return table;
  }();
  return (*all)[unsigned(op)];
}

std::optional<uint8_t> numbered(std::string_view name, char bank) {
  if (name.size() < 2 || name.size() > 3 || name[0] != bank || (name[1] == '0' && name.size() == 3))
    return std::nullopt;
  unsigned number = 0;
  for (char c : name.substr(1)) {
    if (c < '0' || c > '9') return std::nullopt;
    number = number * 10 + unsigned(c - '0');
  }
  if (number > 31) return std::nullopt;
  return uint8_t(number);
}

class Encoder {
 public:
  Encoder(isa::Op op, Range where, base::Diagnostics& diagnostics) : where_(where), diagnostics_(diagnostics) {
    result_.instruction.op = op;
  }

  std::optional<Encoded> run(std::span<const Operand> operands) {
    const isa::Row& row = isa::row(result_.instruction.op);
    const Template& wanted = templateOf(row.op);
    if (operands.size() != wanted.count) {
      std::string text = "'" + std::string(row.mnemonic) + "' takes " +
                         (wanted.count ? std::string(row.operands) : "no operands") + ", not " +
                         std::to_string(operands.size()) + (operands.size() == 1 ? " operand" : " operands");
      diagnostics_.error("asm-operands", where_, std::move(text));
      return std::nullopt;
    }
    bool good = true;
    for (unsigned i = 0; i < wanted.count; i++) good = operand(*wanted.operands[i], operands[i]) && good;
    if (!good) return std::nullopt;
    return result_;
  }

 private:
  bool operand(const KindRow& row, const Operand& operand) {
    isa::Instruction& in = result_.instruction;
    switch (row.kind) {
      case Kind::Rd: return general(operand, in.rd);
      case Kind::Rs1: return general(operand, in.rs1);
      case Kind::Rs2: return general(operand, in.rs2);
      case Kind::Fd: return floating(operand, in.rd);
      case Kind::Fs1: return floating(operand, in.rs1);
      case Kind::Fs2: return floating(operand, in.rs2);
      case Kind::Spr: return special(operand, in.sa);
      case Kind::Mem: return memory(operand);
      default: return number(row.field, operand);
    }
  }

  bool fail(const char* id, Range where, std::string text) {
    diagnostics_.error(id, where, std::move(text));
    return false;
  }
  static std::string quoted(std::string_view name) { return "'" + std::string(name) + "'"; }
  static bool bareName(const Operand& operand) {
    return operand.kind == Operand::Value && operand.modifier == Modifier::None && operand.value.kind == Expr::Name;
  }

  bool take(std::optional<uint8_t> number, const Operand& operand, uint8_t& field, const char* wanted) {
    if (number) {
      field = *number;
      return true;
    }
    std::string text = std::string("expected ") + wanted;
    if (bareName(operand)) text += ", found " + quoted(operand.value.name);
    return fail("asm-register", operand.where, std::move(text));
  }
  bool general(const Operand& operand, uint8_t& field) {
    return take(bareName(operand) ? findGeneral(operand.value.name) : std::nullopt, operand, field,
                "a general register (r0..r31)");
  }
  bool floating(const Operand& operand, uint8_t& field) {
    return take(bareName(operand) ? findFloat(operand.value.name) : std::nullopt, operand, field,
                "a floating-point register (f0..f31)");
  }
  bool special(const Operand& operand, uint8_t& field) {
    return take(bareName(operand) ? isa::findSpr(operand.value.name) : std::nullopt, operand, field,
                "a special register (SR, ESR, ECA, ...)");
  }

  bool memory(const Operand& operand) {
    std::string_view base = operand.base;
    Range where = operand.baseWhere;
    Expr offset = operand.value;
    if (operand.kind == Operand::Value && operand.value.parenthesised && bareName(operand)) {  // (r4)
      base = operand.value.name, where = operand.where;
      offset = Expr{};
      offset.where = operand.where;
    } else if (operand.kind != Operand::Memory) {
      return fail("asm-operands", operand.where, "expected offset(register)");
    }
    std::optional<uint8_t> number = findGeneral(base);
    if (!number) return fail("asm-register", where, "expected a general register (r0..r31), found " + quoted(base));
    result_.instruction.rs1 = *number;
    return setValue(Field::Imm16, operand.modifier, offset, operand.where);
  }

  bool number(Field field, const Operand& operand) {
    if (operand.kind != Operand::Value) return fail("asm-operands", operand.where, "expected a number or a symbol");
    bool immediate = field == Field::Imm16 || field == Field::Uimm16;
    // A register's name can also be a symbol's, but not where an immediate stands.
    bool target = field == Field::Branch16 || field == Field::Jump26;
    if (!target && bareName(operand) && (findGeneral(operand.value.name) || findFloat(operand.value.name)))
      return fail("asm-operands", operand.where, "expected a number, found the register " + quoted(operand.value.name));
    if (operand.modifier != Modifier::None && !immediate)
      return fail("asm-operands", operand.where, "%hi, %lo and %gprel are for 16-bit immediates");
    return setValue(field, operand.modifier, operand.value, operand.where);
  }

  bool setValue(Field field, Modifier modifier, const Expr& value, Range where) {
    switch (modifier) {
      case Modifier::None: break;
      case Modifier::Hi: field = Field::Hi16; break;
      case Modifier::Lo: field = Field::Lo16; break;
      case Modifier::Gprel: field = Field::Gprel16; break;
    }
    result_.field = field;
    result_.value = value;
    result_.value.where = where;
    return true;
  }

  Encoded result_;
  Range where_;
  base::Diagnostics& diagnostics_;
};

}  // namespace

const FieldRow& fieldRow(Field field) { return kFields[unsigned(field)]; }

uint32_t insertField(Field field, uint32_t word, int64_t value) {
  uint32_t bits = uint32_t(value);
  switch (field) {
    case Field::None: return word;
    case Field::Hi16: return (word & 0xFFFF0000) | ((bits + 0x8000) >> 16);
    case Field::Imm16:
    case Field::Uimm16:
    case Field::Branch16:
    case Field::Lo16:
    case Field::Gprel16:
    case Field::Half: return (word & 0xFFFF0000) | (bits & 0xFFFF);
    case Field::Code26:
    case Field::Jump26: return (word & 0xFC000000) | (bits & 0x03FFFFFF);
    case Field::Shift5: return (word & ~(31u << 6)) | (bits & 31) << 6;
    case Field::Word: return bits;
    case Field::Byte: return (word & 0xFFFFFF00) | (bits & 0xFF);
  }
  return word;
}

unsigned fieldBytes(Field field) { return field == Field::Half ? 2 : field == Field::Byte ? 1 : 4; }

std::optional<Encoded> encode(isa::Op op, std::span<const Operand> operands, Range where,
                              base::Diagnostics& diagnostics) {
  return Encoder(op, where, diagnostics).run(operands);
}

isa::Instruction canonical(const isa::Instruction& in) {
  isa::Instruction result;
  result.op = in.op;
  const Template& wanted = templateOf(in.op);
  for (unsigned i = 0; i < wanted.count; i++) switch (wanted.operands[i]->kind) {
      case Kind::Rd:
      case Kind::Fd: result.rd = in.rd; break;
      case Kind::Rs1:
      case Kind::Fs1: result.rs1 = in.rs1; break;
      case Kind::Rs2:
      case Kind::Fs2: result.rs2 = in.rs2; break;
      case Kind::Sa:
      case Kind::Spr: result.sa = in.sa; break;
      case Kind::Mem: result.rs1 = in.rs1, result.imm = in.imm; break;
      case Kind::Imm:
      case Kind::Uimm:
      case Kind::Branch:
      case Kind::Jump:
      case Kind::Code: result.imm = in.imm; break;
    }
  return result;
}

Field numberField(isa::Op op) {
  const Template& wanted = templateOf(op);
  for (unsigned i = 0; i < wanted.count; i++)
    if (wanted.operands[i]->field != Field::None) return wanted.operands[i]->field;
  return Field::None;
}

std::optional<uint8_t> findGeneral(std::string_view name) {
  static constexpr std::pair<std::string_view, uint8_t> kAliases[] = {
      {"zero", isa::kZero}, {"gp", isa::kGlobals}, {"fp", isa::kFrame}, {"hp", isa::kHeap}, {"ra", isa::kLink}};
  if (std::optional<uint8_t> number = numbered(name, 'r')) return number;
  for (auto [alias, number] : kAliases)
    if (alias == name) return number;
  return std::nullopt;
}

std::optional<uint8_t> findFloat(std::string_view name) { return numbered(name, 'f'); }

}  // namespace assembler
