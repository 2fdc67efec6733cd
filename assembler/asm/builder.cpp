#include "assembler/asm/builder.h"

#include <algorithm>

#include "assembler/asm/synthetic.h"
#include "assembler/base/bytes.h"
#include "llvm/ADT/StringRef.h"

namespace assembler {
namespace {

constexpr uint64_t kMaxContents = uint64_t(256) << 20, kMaxSection = uint64_t(1) << 31;

int32_t low32(int64_t value) { return int32_t(uint32_t(value)); }

}  // namespace

Builder::Builder(base::Diagnostics& diagnostics, BlockNames* names)
    : diagnostics_(diagnostics), names_(names), expressions_(diagnostics) {
  select(".text", 1, object::kAlloc | object::kExecute, {});
}

void Builder::label(std::string_view name, Range where) {
  Symbol& symbol = expressions_[expressions_.symbol(name, where)];
  if (symbol.state != Symbol::Undefined) {
    diagnostics_.error("asm-redefined", where, "'" + std::string(name) + "' is defined already")
        .note(symbol.where, "first defined here");
    return;
  }
  symbol.state = Symbol::Label, symbol.section = current_, symbol.offset = offset(), symbol.where = where;
}

void Builder::numericLabel(int64_t number, Range where) {
  auto waiting = nextLabel_.find(number);
  uint32_t index = waiting != nextLabel_.end() ? waiting->second : expressions_.anonymous(where);
  if (waiting != nextLabel_.end()) nextLabel_.erase(waiting);
  Symbol& symbol = expressions_[index];
  symbol.state = Symbol::Label, symbol.section = current_, symbol.offset = offset(), symbol.where = where;
  lastLabel_[number] = index;
}

Expr Builder::numericReference(int64_t number, bool forward, Range where) {
  Expr result;
  result.where = where;
  if (forward) {
    auto [next, isNew] = nextLabel_.emplace(number, 0);
    if (isNew) next->second = expressions_.anonymous(where);
    result.index = next->second;
  } else {
    auto last = lastLabel_.find(number);
    if (last == lastLabel_.end()) {
      error("asm-undefined", where, "there is no label " + std::to_string(number) + " before this");
      return result;
    }
    result.index = last->second;
  }
  result.kind = Expr::Symbol;
  return result;
}

Expr Builder::here(Range where) {
  Expr result;
  result.kind = Expr::Symbol, result.where = where;
  result.index = expressions_.anonymous(where);
  Symbol& symbol = expressions_[result.index];
  symbol.state = Symbol::Label, symbol.section = current_, symbol.offset = offset();
  return result;
}

Expr Builder::blockFunction(std::string_view name, std::string_view argument, Range where) {
  Expr result;
  result.where = where;
  if (!names_) {
    poisoned_ = true;
    error("asm-syntax", where, "%" + std::string(name) + " is only known in asm blocks of C0A");
    return result;
  }
  std::optional<BlockNames::Meaning> meaning = names_->function(name, argument, where);
  poisoned_ |= !meaning;
  if (!meaning) return result;
  result.value = meaning->value;
  if (meaning->symbol.empty()) return result;
  Expr symbol;
  symbol.kind = Expr::Name, symbol.name = texts_.emplace_back(std::move(meaning->symbol)), symbol.where = where;
  return meaning->value ? expressions_.binary(Operator::Plus, symbol, result, where) : symbol;
}

Expr Builder::blockNext(Range where) {
  Expr result;
  result.kind = Expr::Name, result.name = kNextStatement, result.where = where;
  return result;
}

Operand Builder::blockVariable(std::string_view text, Range where) {
  Operand result;
  result.where = result.baseWhere = where;
  if (!names_) {
    poisoned_ = true;
    error("asm-syntax", where, "[...] names a C0 variable, which is only possible in asm blocks of C0A");
    return result;
  }
  std::optional<BlockNames::Place> place = names_->variable(text, where);
  poisoned_ |= !place;
  if (!place) return result;
  result.kind = Operand::Memory;
  result.base = texts_.emplace_back("r" + std::to_string(place->base));
  result.value.value = place->offset.value, result.value.where = where;
  if (place->offset.symbol.empty()) return result;
  Expr symbol;
  symbol.kind = Expr::Name, symbol.name = texts_.emplace_back(std::move(place->offset.symbol)), symbol.where = where;
  result.value = expressions_.binary(Operator::Plus, symbol, result.value, where);
  result.modifier = place->relocation == object::Relocation::Gprel16 ? Modifier::Gprel : Modifier::Lo;
  return result;
}

bool Builder::reserve(uint64_t bytes, Range where) {
  bool noBits = section().noBits();
  bool fits = offset() + bytes <= kMaxSection && (noBits || total_ + bytes <= kMaxContents);
  if (fits && !noBits) total_ += bytes;
  if (!fits)
    error("asm-size", where,
          noBits ? "the section gets larger than 2 GiB" : "the file's contents get larger than 256 MiB");
  return fits;
}

bool Builder::hasContents(Range where) {
  if (section().noBits())
    error("asm-section", where, "the section '" + section().name + "' has no contents, only space");
  return !section().noBits();
}

bool Builder::store(Field field, uint32_t sectionIndex, uint32_t at, int64_t value, Range where) {
  const FieldRow& row = fieldRow(field);
  if (field == Field::Gprel16) {
    error("asm-operands", where, "%gprel is for addresses, not constants");
    return false;
  }
  if (value < row.low || value > row.high) {
    error("asm-range", where,
          std::string(row.name) + " " + std::to_string(value) + " is not in " + std::to_string(row.low) + ".." +
              std::to_string(row.high));
    return false;
  }
  uint8_t* to = object_.sections[sectionIndex].bytes.data() + at;
  uint32_t bytes = fieldBytes(field), word = 0;
  std::copy(to, to + bytes, reinterpret_cast<uint8_t*>(&word));
  word = insertField(field, word, value);
  std::copy_n(reinterpret_cast<const uint8_t*>(&word), bytes, to);
  return true;
}

void Builder::put(Field field, uint32_t at, const Expr& value) {
  if (value.isConstant()) store(field, current_, at, value.value, value.where);
  else fixups_.push_back({current_, at, field, value});
}

void Builder::emit(const Encoded& encoded, Range where) {
  if (!reserve(4, where)) return;
  object::Section& to = section();
  to.align = std::max(to.align, 4u);
  uint32_t at = offset(), word = isa::encode(encoded.instruction);
  to.bytes.resize(at + 4);
  base::store(&to.bytes[at], word);
  places_.push_back(where), instructions_.push_back({current_, at});
  if (encoded.field != Field::None) put(encoded.field, at, encoded.value);
}

void Builder::statement(std::string_view name, Range nameWhere, const std::vector<Operand>& operands, Range where) {
  if (std::exchange(poisoned_, false)) return;  // an operand's error has been reported
  if (name[0] == '.') {
    auto found = directives().find(name);
    if (names_) error("asm-directive", nameWhere, "an asm block has instructions only, no directives");
    else if (found != directives().end()) (this->*found->second)(operands, where);
    else unknown(name, nameWhere);
    return;
  }
  if (!hasContents(where)) return;
  std::optional<isa::Op> op = isa::findMnemonic(name);
  if (offset() % 4)
    error("asm-misaligned", where, "an instruction at an address that is no multiple of 4; .align 4 before it helps");
  else if (op) instruction(*op, operands, where);
  else if (!synthetic(name, operands, where)) unknown(name, nameWhere);
}

void Builder::instruction(isa::Op op, const std::vector<Operand>& operands, Range where) {
  if (std::optional<Encoded> encoded = encode(op, operands, where, diagnostics_)) emit(*encoded, where);
}

bool Builder::holds(int condition, const Operand& operand) {
  if (Condition(condition) == Condition::Always) return true;
  std::optional<Value> value = expressions_.evaluate(operand.value, true);
  if (operand.kind != Operand::Value || !value || !value->isConstant()) return false;
  if (value->addend < INT32_MIN || value->addend > UINT32_MAX) return false;
  int32_t number = low32(value->addend);
  return Condition(condition) == Condition::Small ? number >= -32768 && number <= 32767 : (number & 0xFFFF) == 0;
}

bool Builder::synthetic(std::string_view name, const std::vector<Operand>& operands, Range where) {
  std::span<const SyntheticRow> rows = findSynthetic(name);
  if (rows.empty()) return false;
  const SyntheticRow* chosen = &rows.back();
  for (const SyntheticRow& row : rows)
    if (!operands.empty() && holds(int(row.condition), operands.back())) {
      chosen = &row;
      break;
    }
  std::optional<std::vector<Encoded>> list = expand(*chosen, operands, where, diagnostics_);
  if (!list) return true;
  for (Encoded& encoded : *list) {
    // A short li of 0xFFFFFFFF is addi with -1.
    if (chosen->condition == Condition::Small && encoded.field == Field::Imm16) {
      std::optional<Value> value = expressions_.evaluate(encoded.value, true);
      if (value && value->isConstant()) encoded.value.kind = Expr::Constant, encoded.value.value = low32(value->addend);
    }
    emit(encoded, where);
  }
  return true;
}

void Builder::unknown(std::string_view name, Range where) {
  std::string_view best;
  unsigned distance = unsigned(std::min<size_t>(name.size(), 9) + 2) / 3 + 1;
  auto consider = [&](std::string_view candidate) {
    unsigned d =
        llvm::StringRef(name.data(), name.size()).edit_distance({candidate.data(), candidate.size()}, true, distance);
    if (d < distance) best = candidate, distance = d;
  };
  bool directive = name[0] == '.';
  if (name.size() < 20) {
    if (directive) {
      std::vector<std::string_view> names;
      for (auto& [candidate, handler] : directives()) names.push_back(candidate);
      std::sort(names.begin(), names.end());
      for (std::string_view candidate : names) consider(candidate);
    } else {
      for (unsigned i = 0; i < isa::kOpCount; i++) consider(isa::row(isa::Op(i)).mnemonic);
      for (const SyntheticRow& row : syntheticRows()) consider(row.mnemonic);
    }
  }
  std::string text =
      std::string(directive ? "there is no directive '" : "there is no instruction '") + std::string(name) + "'";
  if (!best.empty()) text += "; did you mean '" + std::string(best) + "'?";
  base::Diagnostic& d = diagnostics_.error(directive ? "asm-directive" : "asm-mnemonic", where, std::move(text));
  if (!best.empty()) d.fixit(where, std::string(best));
}

object::Object Builder::finish() {
  for (auto& [number, symbol] : nextLabel_)
    error("asm-undefined", expressions_[symbol].where, "no label " + std::to_string(number) + " follows");
  if (openProcedure_) error("asm-cfi", *openProcedure_, "no .cfi_endproc follows");
  addSymbols();
  for (const Fixup& fixup : fixups_) resolve(fixup);
  return std::move(object_);
}

void Builder::addSymbols() {
  for (uint32_t i = 0; i < expressions_.symbolCount(); i++) {
    const Symbol& symbol = expressions_[i];
    bool defined = symbol.state == Symbol::Label || (symbol.state == Symbol::Equate && !symbol.local());
    if (symbol.state == Symbol::Equate && symbol.local()) expressions_.evaluate(symbol.value);  // for its errors
    if (defined && !symbol.internal()) objectSymbol(i);
  }
}

// Of a label or an equate, as the object has it; nothing after an error.
std::optional<object::Symbol> Builder::describe(Symbol& symbol) {
  object::Symbol result{.name = std::string(symbol.name),
                        .global = symbol.global && !symbol.weak,
                        .weak = symbol.weak,
                        .kind = symbol.kind};
  if (symbol.state == Symbol::Label) {
    result.section = symbol.section, result.value = symbol.offset;
  } else if (symbol.state == Symbol::Equate) {
    std::optional<Value> value = expressions_.evaluate(symbol.value);
    if (!value) return std::nullopt;
    const Symbol* target = value->isConstant() ? nullptr : &expressions_[value->symbol];
    bool fits = value->addend >= INT32_MIN && value->addend <= UINT32_MAX;
    if (fits && target && target->state == Symbol::Label) {
      int64_t at = target->offset + value->addend;
      fits = at >= 0 && at <= object_.sections[target->section].length();
      result.section = target->section, result.value = uint32_t(at);
    } else {
      fits = fits && !target;
      result.section = object::kAbsolute, result.value = uint32_t(value->addend);
    }
    if (!fits) {
      error("asm-range", symbol.where,
            "the symbol's value is neither a 32-bit number nor an address in a section of this file");
      return std::nullopt;
    }
  } else {
    result.global = !symbol.weak;
  }
  if (symbol.size) {
    std::optional<int64_t> size = expressions_.constant(*symbol.size, "the size");
    bool inSection = result.section < object_.sections.size();
    int64_t limit = inSection ? int64_t(object_.sections[result.section].length()) - result.value : UINT32_MAX;
    if (size && (*size < 0 || *size > limit))
      error("asm-range", symbol.size->where, "the size reaches beyond the section");
    else if (size) result.size = uint32_t(*size);
  }
  return result;
}

uint32_t Builder::objectSymbol(uint32_t index) {
  auto [found, isNew] = objectSymbols_.emplace(index, uint32_t(object_.symbols.size()));
  if (isNew) object_.symbols.push_back(describe(expressions_[index]).value_or(object::Symbol{}));
  return found->second;
}

uint32_t Builder::sectionSymbol(uint32_t index) {
  auto [found, isNew] = sectionSymbols_.emplace(index, uint32_t(object_.symbols.size()));
  if (isNew) object_.symbols.push_back({.section = index, .kind = object::Symbol::SectionSymbol});
  return found->second;
}

void Builder::resolve(const Fixup& fixup) {
  std::optional<Value> value = expressions_.evaluate(fixup.value);
  if (!value) return;
  if (value->isConstant()) store(fixup.field, fixup.section, fixup.offset, value->addend, fixup.value.where);
  else if (!resolveBranch(fixup, *value)) relocate(fixup, *value);
}

// A branch to a label of its own section that nobody else can define.
bool Builder::resolveBranch(const Fixup& fixup, const Value& value) {
  const Symbol& symbol = expressions_[value.symbol];
  bool branch = fixup.field == Field::Branch16 || fixup.field == Field::Jump26;
  if (!branch || symbol.state != Symbol::Label || !symbol.local() || symbol.section != fixup.section) return false;
  // Clamped, so that the difference cannot overflow; it is out of range then in any case.
  int64_t addend = std::clamp(value.addend, -(int64_t(1) << 40), int64_t(1) << 40);
  store(fixup.field, fixup.section, fixup.offset, symbol.offset + addend - (int64_t(fixup.offset) + 4),
        fixup.value.where);
  return true;
}

void Builder::relocate(const Fixup& fixup, const Value& value) {
  const FieldRow& row = fieldRow(fixup.field);
  Range where = fixup.value.where;
  const Symbol& symbol = expressions_[value.symbol];
  if (row.relocation == object::Relocation::None) {
    bool undefined = symbol.state == Symbol::Undefined;
    std::string text =
        std::string(row.name) + (undefined ? " needs '" + std::string(symbol.name) + "', which is not defined here"
                                           : " must be a number, not an address");
    if (fixup.field == Field::Imm16 || fixup.field == Field::Uimm16) text += " (%hi, %lo and %gprel take addresses)";
    return error("asm-not-constant", where, std::move(text));
  }
  if (symbol.state == Symbol::Undefined && symbol.internal()) {
    // A numeric label has been reported.
    if (!symbol.name.empty())
      error("asm-undefined", where, "the label '" + std::string(symbol.name) + "' is not defined");
    return;
  }
  if (value.addend < INT32_MIN || value.addend > INT32_MAX)
    return error("asm-range", where, "the distance from the symbol does not fit 32 bits");
  object::RelocationEntry entry{fixup.offset, row.relocation, 0, int32_t(value.addend)};
  if (symbol.internal()) {
    entry.symbol = sectionSymbol(symbol.section);
    entry.addend = low32(value.addend + symbol.offset);
  } else {
    entry.symbol = objectSymbol(value.symbol);
  }
  object_.sections[fixup.section].relocations.push_back(entry);
}

}  // namespace assembler
