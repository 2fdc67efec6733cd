#include <algorithm>
#include <fstream>
#include <map>

#include "assembler/asm/disassemble.h"
#include "assembler/base/bytes.h"
#include "assembler/isa/isa.h"
#include "assembler/object/map.h"
#include "assembler/tools/dump.h"

// 00008000 <main>:
// ; main.c0:3:5 statement 0
// ;   x = 1;
//     8000:  24050001  addi r5,r0,1
//     8004:  0c000000  jal 0                        PC26 other

namespace dump {
namespace {

// Lines of source files, read when they are first wanted.
class SourceLines {
 public:
  const std::string* line(const std::string& file, uint32_t number) {
    auto [found, isNew] = files_.try_emplace(file);
    if (isNew) read(file, found->second);
    return number && number <= found->second.size() ? &found->second[number - 1] : nullptr;
  }

 private:
  static void read(const std::string& file, std::vector<std::string>& lines) {
    std::ifstream in(file, std::ios::binary);
    size_t total = 0;
    for (std::string line; total < (64u << 20) && std::getline(in, line); lines.push_back(std::move(line))) {
      total += line.size();
      if (line.size() > 200) line.resize(200);
      for (char& c : line)
        if (uint8_t(c) < 0x20 || c == 0x7F) c = ' ';
    }
  }
  std::map<std::string, std::vector<std::string>> files_;
};

struct Boundary {
  std::string text;         // "main.c0:3:5 statement 0"
  const std::string* line;  // the source's, if known
};

class CodeDump {
 public:
  CodeDump(const object::Object& object, std::string& out) : object_(object), out_(out) {}

  base::Status run() {
    for (uint32_t i = 0; i < object_.sections.size(); i++) {
      const object::Section& section = object_.sections[i];
      if (!(section.flags & object::kExecute) || section.noBits()) continue;
      base::Result<std::vector<object::MapUnit>> units = object::readMap(object_, i);
      if (!units) return units.error();
      collect(i, *units);
      out_ += "code of " + section.name + "\n";
      dumpSection(i);
      out_ += "\n";
    }
    return base::Ok{};
  }

 private:
  void collect(uint32_t index, const std::vector<object::MapUnit>& units) {
    const object::Section& section = object_.sections[index];
    begin_ = object_.executable ? section.address : 0;
    labels_.clear(), targets_.clear(), boundaries_.clear(), relocations_.clear();
    for (const object::Symbol& symbol : object_.symbols) {
      if (symbol.section >= object_.sections.size() || symbol.name.empty()) continue;
      if (symbol.section == index) labels_.emplace(symbol.value, symbol.name);
      bool code = object_.sections[symbol.section].flags & object::kExecute;
      if (symbol.section == index || (object_.executable && code)) targets_.emplace(symbol.value, symbol.name);
    }
    for (const object::RelocationEntry& entry : section.relocations)
      relocations_.emplace(begin_ + entry.offset, &entry);
    for (const object::MapUnit& unit : units)
      for (const object::MapFunction& function : unit.functions)
        if (function.address >= begin_ && function.address < begin_ + section.bytes.size()) collect(unit, function);
  }

  void collect(const object::MapUnit& unit, const object::MapFunction& function) {
    for (size_t i = 0; i < function.statements.size(); i++) {
      const object::MapStatement& statement = function.statements[i];
      if (statement.entries.empty()) continue;
      const object::MapPosition& at = statement.position;
      std::string file = at.file < unit.files.size() ? unit.files[at.file] : "?";
      std::string text =
          file + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) + " statement " + std::to_string(i);
      if (!statement.emits) text += " (no code)";
      boundaries_.emplace(function.address + statement.entries[0], Boundary{text, sources_.line(file, at.line)});
      for (size_t k = 1; k < statement.entries.size(); k++)
        boundaries_.emplace(function.address + statement.entries[k],
                            Boundary{"entry of statement " + std::to_string(i), nullptr});
    }
  }

  void dumpSection(uint32_t index) {
    const object::Section& section = object_.sections[index];
    for (uint32_t at = 0; at < section.bytes.size(); at += 4) {
      uint32_t address = begin_ + at, size = std::min<uint32_t>(4, uint32_t(section.bytes.size()) - at);
      for (auto label = labels_.lower_bound(address); label != labels_.end() && label->first < address + size; ++label)
        append(out_, "%08x ", label->first), out_ += "<" + label->second + ">:\n";
      auto [from, to] = boundaries_.equal_range(address);
      for (auto boundary = from; boundary != to; ++boundary) {
        out_ += "; " + boundary->second.text + "\n";
        if (boundary->second.line) out_ += ";   " + *boundary->second.line + "\n";
      }
      if (size == 4) word(address, base::load<uint32_t>(&section.bytes[at]));
      else
        for (uint32_t i = 0; i < size; i++)
          append(out_, "%8x:  %02x        .byte 0x%02x\n", address + i, section.bytes[at + i], section.bytes[at + i]);
    }
    for (auto label = labels_.lower_bound(begin_ + uint32_t(section.bytes.size())); label != labels_.end(); ++label)
      append(out_, "%08x ", label->first), out_ += "<" + label->second + ">:\n";
  }

  void word(uint32_t address, uint32_t word) {
    append(out_, "%8x:  %08x  ", address, word);
    std::string text = isa::print(word), comment;
    isa::Instruction in = isa::decode(word);
    bool branch = isa::isControl(in.op) && in.op != isa::Op::Jr && in.op != isa::Op::Jalr;
    auto [from, to] = relocations_.equal_range(address);
    for (auto entry = from; entry != to; ++entry) comment += relocation(*entry->second);
    if (branch && comment.empty()) comment = near(address + 4 + uint32_t(in.imm));
    if (word == isa::kNop) text = "nop";
    if (!comment.empty()) text.resize(std::max(text.size() + 1, size_t(28)), ' ');
    out_ += text + comment + "\n";
  }

  std::string relocation(const object::RelocationEntry& entry) const {
    const object::Symbol& symbol = object_.symbols[entry.symbol];
    bool isSection = symbol.kind == object::Symbol::SectionSymbol && symbol.section < object_.sections.size();
    std::string text = std::string(object::relocationName(entry.type)) + " " +
                       (isSection ? object_.sections[symbol.section].name : symbol.name);
    if (entry.addend) append(text, "%+d", entry.addend);
    return text;
  }

  // "8010 <main+0x10>"
  std::string near(uint32_t address) const {
    std::string text;
    append(text, "%x", address);
    auto label = targets_.upper_bound(address);
    if (label == targets_.begin()) return text;
    label = targets_.lower_bound(std::prev(label)->first);  // the first of those at that address
    text += " <" + label->second;
    if (address != label->first) append(text, "+0x%x", address - label->first);
    return text + ">";
  }

  const object::Object& object_;
  std::string& out_;
  SourceLines sources_;
  uint32_t begin_ = 0;                            // of the section
  std::multimap<uint32_t, std::string> labels_;   // of the section
  std::multimap<uint32_t, std::string> targets_;  // of all code, in an image
  std::multimap<uint32_t, Boundary> boundaries_;
  std::multimap<uint32_t, const object::RelocationEntry*> relocations_;
};

}  // namespace

base::Status code(const object::Object& object, std::string& out) { return CodeDump(object, out).run(); }

}  // namespace dump
