#include <algorithm>
#include <bit>

#include "assembler/asm/builder.h"
#include "assembler/base/bytes.h"

namespace assembler {
namespace {

constexpr uint32_t kProgBits = 1, kNoBits = 8;
constexpr uint32_t kCode = object::kAlloc | object::kExecute, kData = object::kAlloc | object::kWrite;

struct StandardSection {
  std::string_view name;
  uint32_t type, flags;
};
// Also the type and flags of ".text.f" and the like where .section gives none.
constexpr StandardSection kSections[] = {
    {".text", kProgBits, kCode},   {".rodata", kProgBits, object::kAlloc}, {".data", kProgBits, kData},
    {".bss", kNoBits, kData},      {".sdata", kProgBits, kData},           {".sbss", kNoBits, kData},
    {".vector", kProgBits, kCode},
};

const StandardSection* findStandard(std::string_view name) {
  for (const StandardSection& row : kSections)
    if (name.starts_with(row.name) && (name.size() == row.name.size() || name[row.name.size()] == '.')) return &row;
  return nullptr;
}

}  // namespace

using dwarf::FrameRule;

const std::unordered_map<std::string_view, Builder::Directive>& Builder::directives() {
  static const auto* table = new std::unordered_map<std::string_view, Directive>{
      {".text", &Builder::standardSection<0>},
      {".rodata", &Builder::standardSection<1>},
      {".data", &Builder::standardSection<2>},
      {".bss", &Builder::standardSection<3>},
      {".section", &Builder::sectionDirective},
      {".word", &Builder::dataDirective<Field::Word>},
      {".half", &Builder::dataDirective<Field::Half>},
      {".byte", &Builder::dataDirective<Field::Byte>},
      {".ascii", &Builder::textDirective},
      {".asciz", &Builder::terminatedTextDirective},
      {".space", &Builder::space},
      {".align", &Builder::align},
      {".globl", &Builder::globl},
      {".global", &Builder::globl},
      {".weak", &Builder::weak},
      {".equ", &Builder::equ},
      {".type", &Builder::typeDirective},
      {".size", &Builder::sizeDirective},
      {".cfi_startproc", &Builder::startProcedure},
      {".cfi_endproc", &Builder::endProcedure},
      {".cfi_return_column", &Builder::returnColumn},
      {".cfi_def_cfa", &Builder::frameRule<FrameRule::Cfa>},
      {".cfi_offset", &Builder::frameRule<FrameRule::Saved>},
      {".cfi_address", &Builder::frameRule<FrameRule::SavedAt>},
      {".cfi_register", &Builder::frameRule<FrameRule::Moved>},
      {".cfi_same_value", &Builder::frameRule<FrameRule::Kept>},
      {".cfi_undefined", &Builder::frameRule<FrameRule::Lost>},
      {".cfi_restore", &Builder::frameRule<FrameRule::Initial>},
      {".cfi_remember_state", &Builder::frameRule<FrameRule::Remember>},
      {".cfi_restore_state", &Builder::frameRule<FrameRule::Recall>},
  };
  return *table;
}

bool Builder::count(const std::vector<Operand>& operands, size_t low, size_t high, Range where, const char* usage) {
  bool good = operands.size() >= low && operands.size() <= high;
  if (!good) error("asm-operands", where, std::string("the directive is written ") + usage);
  return good;
}

Symbol* Builder::named(const Operand& operand) {
  bool good = operand.kind == Operand::Value && operand.modifier == Modifier::None && operand.value.kind == Expr::Name;
  if (!good) {
    error("asm-operands", operand.where, "expected a name");
    return nullptr;
  }
  return &expressions_[expressions_.symbol(operand.value.name, operand.where)];
}

void Builder::select(std::string_view name, uint32_t type, uint32_t flags, Range where) {
  auto [found, isNew] = sectionByName_.emplace(name, uint32_t(object_.sections.size()));
  if (isNew) {
    if (object_.sections.size() == object::kMaxSections) return error("asm-section", where, "too many sections");
    object::Section& added = object_.sections.emplace_back();
    added.name = name, added.type = type, added.flags = flags;
    added.align = flags & object::kExecute ? 4 : 1;
  }
  const object::Section& selected = object_.sections[found->second];
  if (selected.type != type || selected.flags != flags)
    return error("asm-section", where, "the section '" + selected.name + "' exists with other flags");
  current_ = found->second;
}

template <int kSection>
void Builder::standardSection(const std::vector<Operand>& operands, Range where) {
  const StandardSection& row = kSections[kSection];
  if (count(operands, 0, 0, where, "without operands")) select(row.name, row.type, row.flags, where);
}

void Builder::sectionDirective(const std::vector<Operand>& operands, Range where) {
  if (!count(operands, 1, 3, where, ".section name[,\"flags\"[,@progbits or @nobits]]")) return;
  const Operand& first = operands[0];
  std::string name = first.kind == Operand::Text                                      ? first.text
                     : first.kind == Operand::Value && first.value.kind == Expr::Name ? std::string(first.value.name)
                                                                                      : "";
  if (name.empty() || name.find('\0') != std::string::npos)
    return error("asm-operands", first.where, "expected a section's name");
  const StandardSection* standard = findStandard(name);
  auto existing = sectionByName_.find(name);
  uint32_t type = standard ? standard->type : kProgBits, flags = standard ? standard->flags : 0;
  if (existing != sectionByName_.end()) {
    type = object_.sections[existing->second].type, flags = object_.sections[existing->second].flags;
  }
  if (operands.size() > 1) {
    if (operands[1].kind != Operand::Text)
      return error("asm-operands", operands[1].where, "expected the flags as a string");
    flags = 0;
    for (char c : operands[1].text) {
      if (c == 'a') flags |= object::kAlloc;
      else if (c == 'w') flags |= object::kWrite;
      else if (c == 'x') flags |= object::kExecute;
      else return error("asm-operands", operands[1].where, "the flags of a section are a, w and x");
    }
  }
  if (operands.size() > 2) {
    bool attribute = operands[2].kind == Operand::Attribute;
    if (attribute && operands[2].text == "nobits") type = kNoBits;
    else if (attribute && operands[2].text == "progbits") type = kProgBits;
    else if (attribute && operands[2].text == "note") type = 7;
    else return error("asm-operands", operands[2].where, "expected @progbits, @nobits or @note");
  }
  select(name, type, flags, where);
}

template <Field kField>
void Builder::dataDirective(const std::vector<Operand>& operands, Range where) {
  if (operands.empty()) return error("asm-operands", where, "expected values");
  if (!hasContents(where)) return;
  const uint32_t width = fieldBytes(kField);
  for (const Operand& operand : operands) {
    if (operand.kind != Operand::Value || operand.modifier != Modifier::None) {
      error("asm-operands", operand.where, "expected a number or a symbol");
      continue;
    }
    if (!reserve(width, where)) return;
    uint32_t at = offset();
    section().bytes.resize(at + width);
    put(kField, at, operand.value);
  }
}

void Builder::putText(const std::vector<Operand>& operands, Range where, bool terminated) {
  if (operands.empty()) return error("asm-operands", where, "expected strings");
  if (!hasContents(where)) return;
  for (const Operand& operand : operands) {
    if (operand.kind != Operand::Text) {
      error("asm-operands", operand.where, "expected a string");
      continue;
    }
    if (!reserve(operand.text.size() + 1, where)) return;
    std::vector<uint8_t>& bytes = section().bytes;
    bytes.insert(bytes.end(), operand.text.begin(), operand.text.end());
    if (terminated) bytes.push_back(0);
  }
}

void Builder::textDirective(const std::vector<Operand>& operands, Range where) { putText(operands, where, false); }
void Builder::terminatedTextDirective(const std::vector<Operand>& operands, Range where) {
  putText(operands, where, true);
}

void Builder::space(const std::vector<Operand>& operands, Range where) {
  if (!count(operands, 1, 2, where, ".space bytes[,value]")) return;
  std::optional<int64_t> size = expressions_.constant(operands[0].value, "the number of bytes");
  std::optional<int64_t> fill = 0;
  if (operands.size() > 1) fill = expressions_.constant(operands[1].value, "the value");
  if (!size || !fill) return;
  if (*size < 0 || *size > INT32_MAX)
    return error("asm-range", operands[0].where, "the number of bytes is not in 0..2147483647");
  if (*fill < -128 || *fill > 255) return error("asm-range", operands[1].where, "the value is not in -128..255");
  if (*fill != 0 && !hasContents(where)) return;
  if (!reserve(uint64_t(*size), where)) return;
  if (section().noBits()) section().size += uint32_t(*size);
  else section().bytes.resize(section().bytes.size() + size_t(*size), uint8_t(*fill));
}

void Builder::align(const std::vector<Operand>& operands, Range where) {
  if (!count(operands, 1, 1, where, ".align bytes")) return;
  std::optional<int64_t> bytes = expressions_.constant(operands[0].value, "the alignment");
  if (!bytes) return;
  if (*bytes < 1 || *bytes > 1 << 20 || !std::has_single_bit(uint64_t(*bytes)))
    return error("asm-range", operands[0].where, "the alignment is a power of two from 1 to 1048576");
  object::Section& to = section();
  uint32_t align = uint32_t(*bytes), at = offset(), padding = (align - at % align) % align;
  to.align = std::max(to.align, align);
  if (!reserve(padding, where)) return;
  if (to.noBits()) {
    to.size += padding;
    return;
  }
  to.bytes.resize(at + padding);
  if (!(to.flags & object::kExecute) || at % 4) return;
  for (; padding; padding -= 4, at += 4) base::store(&to.bytes[at], isa::kNop);
}

void Builder::globl(const std::vector<Operand>& operands, Range where) {
  if (!count(operands, 1, SIZE_MAX, where, ".globl name,...")) return;
  for (const Operand& operand : operands)
    if (Symbol* symbol = named(operand)) symbol->global = true;
}

void Builder::weak(const std::vector<Operand>& operands, Range where) {
  if (!count(operands, 1, SIZE_MAX, where, ".weak name,...")) return;
  for (const Operand& operand : operands)
    if (Symbol* symbol = named(operand)) symbol->weak = true;
}

void Builder::equ(const std::vector<Operand>& operands, Range where) {
  if (!count(operands, 2, 2, where, ".equ name,expression")) return;
  Symbol* symbol = named(operands[0]);
  if (!symbol) return;
  if (operands[1].kind != Operand::Value || operands[1].modifier != Modifier::None)
    return error("asm-operands", operands[1].where, "expected an expression");
  if (symbol->state != Symbol::Undefined) {
    diagnostics_.error("asm-redefined", operands[0].where, "'" + std::string(symbol->name) + "' is defined already")
        .note(symbol->where, "first defined here");
    return;
  }
  symbol->state = Symbol::Equate, symbol->value = operands[1].value, symbol->where = operands[0].where;
}

void Builder::typeDirective(const std::vector<Operand>& operands, Range where) {
  if (!count(operands, 2, 2, where, ".type name,@function or @object")) return;
  Symbol* symbol = named(operands[0]);
  if (!symbol) return;
  if (operands[1].kind == Operand::Attribute && operands[1].text == "function") symbol->kind = object::Symbol::Function;
  else if (operands[1].kind == Operand::Attribute && operands[1].text == "object") symbol->kind = object::Symbol::Data;
  else error("asm-operands", operands[1].where, "expected @function or @object");
}

void Builder::sizeDirective(const std::vector<Operand>& operands, Range where) {
  if (!count(operands, 2, 2, where, ".size name,expression")) return;
  if (Symbol* symbol = named(operands[0])) symbol->size = operands[1].value;
}

}  // namespace assembler
