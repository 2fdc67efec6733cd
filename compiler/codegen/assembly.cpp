// An object as assembly text. Output:
//
//         .section .text,"ax"
//         .globl  main
//         .type   main,@function
//         .size   main,44
// main:
//         addi    r29,r29,-8
// # hello.c0:3:10
//         lhgi    r11,%hi(text)
#include <algorithm>
#include <map>

#include "assembler/isa/isa.h"
#include "compiler/codegen/codegen.h"

namespace codegen {
namespace {

using object::Relocation;

class Printer {
 public:
  explicit Printer(const object::Object& object) : object_(object) {}

  std::string print(std::string_view unitName) {
    out_ = "# " + std::string(unitName) + "\n";
    comments();
    for (const object::Symbol& symbol : object_.symbols)
      if (symbol.section == object::kAbsolute && !symbol.name.empty()) placed(symbol);
    for (uint32_t i = 0; i < object_.sections.size(); i++) section(i);
    return std::move(out_);
  }

 private:
  // A variable with an absolute address.
  void placed(const object::Symbol& symbol) {
    directives(symbol);
    char value[16];
    std::snprintf(value, sizeof value, ",0x%x", symbol.value);
    line(".equ", symbol.name + value);
  }

  // Where statements of the source begin, from the map.
  void comments() {
    const object::Section* map = object_.section(".c0map");
    if (!map) return;
    auto units = object::readMap(map->bytes);
    if (!units) return;
    for (const object::MapUnit& unit : *units)
      for (const object::MapFunction& function : unit.functions) {
        const object::Symbol* symbol = object_.symbol(function.name);
        if (!symbol) continue;
        for (const object::MapStatement& statement : function.statements) {
          if (statement.entries.empty() || statement.position.file >= unit.files.size()) continue;
          std::string& text = comments_[symbol->value + statement.entries[0]];
          text = "# " + unit.files[statement.position.file] + ":" + std::to_string(statement.position.line) + ":" +
                 std::to_string(statement.position.column) + "\n";
        }
      }
  }

  void line(std::string_view mnemonic, std::string_view operands = {}) {
    out_ += "        ";
    out_ += mnemonic;
    if (!operands.empty()) {
      out_.append(mnemonic.size() < 8 ? 8 - mnemonic.size() : 1, ' ');
      out_ += operands;
    }
    out_ += '\n';
  }

  void section(uint32_t index) {
    const object::Section& section = object_.sections[index];
    std::string flags;
    if (section.flags & object::kAlloc) flags += 'a';
    if (section.flags & object::kWrite) flags += 'w';
    if (section.flags & object::kExecute) flags += 'x';
    line(".section", section.name + ",\"" + flags + (section.noBits() ? "\",@nobits" : "\",@progbits"));
    if (section.align > 1) line(".align", std::to_string(section.align));
    begin(index);
    for (const object::Symbol& symbol : object_.symbols)
      if (symbol.kind == object::Symbol::SectionSymbol && symbol.section == index) out_ += nameOf(symbol) + ":\n";
    bool code = section.flags & object::kExecute;
    if (code) findTargets(section);
    for (uint32_t at = 0; at < section.length();) {
      labels(at);
      at = code && at + 4 <= section.length() ? instruction(section, at) : data(section, at);
    }
    labels(section.length());
  }

  // Relocations and symbols of a section by offset.
  void begin(uint32_t index) {
    relocations_.clear();
    symbols_.clear();
    targets_.clear();
    for (const object::RelocationEntry& entry : object_.sections[index].relocations)
      relocations_[entry.offset] = &entry;
    for (const object::Symbol& symbol : object_.symbols)
      if (symbol.section == index && !symbol.name.empty()) symbols_.emplace(symbol.value, &symbol);
  }

  static bool isRelative(const isa::Instruction& in) {
    switch (in.op) {
      case isa::Op::Beqz:
      case isa::Op::Bnez:
      case isa::Op::J:
      case isa::Op::Jal: return true;
      default: return false;
    }
  }

  void findTargets(const object::Section& section) {
    for (uint32_t at = 0; at + 4 <= section.length(); at += 4) {
      isa::Instruction in = isa::decode(base::load<uint32_t>(&section.bytes[at]));
      uint32_t target = at + 4 + uint32_t(in.imm);
      if (isRelative(in) && !relocations_.count(at) && target <= section.length() && target % 4 == 0)
        targets_.emplace(target, ".L" + std::to_string(targets_.size()));
    }
  }

  void labels(uint32_t at) {
    for (auto [symbol, end] = symbols_.equal_range(at); symbol != end; ++symbol) {
      directives(*symbol->second);
      out_ += symbol->second->name + ":\n";
    }
    if (auto target = targets_.find(at); target != targets_.end()) out_ += target->second + ":\n";
  }

  void directives(const object::Symbol& named) {
    if (named.global) line(".globl", named.name);
    if (named.kind == object::Symbol::Function) line(".type", named.name + ",@function");
    if (named.kind == object::Symbol::Data) line(".type", named.name + ",@object");
    if (named.size) line(".size", named.name + "," + std::to_string(named.size));
  }

  // A section's symbol has no name.
  static std::string nameOf(const object::Symbol& symbol) {
    return symbol.kind == object::Symbol::SectionSymbol ? ".Lsection" + std::to_string(symbol.section) : symbol.name;
  }

  std::string expression(const object::RelocationEntry& entry) const {
    std::string text = nameOf(object_.symbols[entry.symbol]);
    if (entry.addend > 0) text += '+';
    if (entry.addend) text += std::to_string(entry.addend);
    return text;
  }

  static std::string_view modifier(Relocation type) {
    switch (type) {
      case Relocation::Hi16: return "%hi(";
      case Relocation::Lo16: return "%lo(";
      case Relocation::Gprel16: return "%gprel(";
      default: return "";
    }
  }

  uint32_t instruction(const object::Section& section, uint32_t at) {
    if (section.name == ".text")
      if (auto comment = comments_.find(at); comment != comments_.end()) out_ += comment->second;
    uint32_t word = base::load<uint32_t>(&section.bytes[at]);
    isa::Instruction in = isa::decode(word);
    std::string text = isa::print(word);
    auto target = targets_.find(at + 4 + uint32_t(in.imm));
    if (auto entry = relocations_.find(at); entry != relocations_.end()) {
      std::string_view open = modifier(entry->second->type);
      std::string value = std::string(open) + expression(*entry->second) + (open.empty() ? "" : ")");
      size_t paren = text.find('('), last = text.find_last_of(", ", paren);
      text.replace(last + 1, (paren == text.npos ? text.size() : paren) - last - 1, value);
    } else if (isRelative(in) && target != targets_.end()) {
      text.replace(text.find_last_of(", ") + 1, text.npos, target->second);
    }
    size_t space = std::min(text.find(' '), text.size());
    line(text.substr(0, space), space < text.size() ? text.substr(space + 1) : "");
    return at + 4;
  }

  // Up to the next label or relocation, at most 16 bytes.
  uint32_t data(const object::Section& section, uint32_t at) {
    uint32_t end = section.length();
    if (auto next = symbols_.upper_bound(at); next != symbols_.end()) end = std::min(end, next->first);
    if (section.noBits()) {
      line(".space", std::to_string(end - at));
      return end;
    }
    if (auto entry = relocations_.find(at); entry != relocations_.end()) {
      line(".word", expression(*entry->second));
      return at + 4;
    }
    if (auto next = relocations_.upper_bound(at); next != relocations_.end()) end = std::min(end, next->first);
    end = std::min(end, at + 16);
    std::string bytes;
    for (uint32_t i = at; i < end; i++) bytes += (i > at ? "," : "") + std::to_string(section.bytes[i]);
    line(".byte", bytes);
    return end;
  }

  const object::Object& object_;
  std::string out_;
  std::map<uint32_t, std::string> comments_;
  std::map<uint32_t, const object::RelocationEntry*> relocations_;
  std::multimap<uint32_t, const object::Symbol*> symbols_;
  std::map<uint32_t, std::string> targets_;
};

}  // namespace

std::string printAssembly(const object::Object& object, std::string_view unitName) {
  return Printer(object).print(unitName);
}

}  // namespace codegen
