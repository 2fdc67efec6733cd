#include "assembler/asm/disassemble.h"

#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include <unordered_map>

#include "assembler/asm/encode.h"
#include "assembler/base/bytes.h"

namespace assembler {
namespace {

using object::Relocation;

std::string hex(uint32_t value, const char* format = "0x%x") {
  char text[16];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

bool isName(const std::string& text) {
  auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '$';
  };
  if (text.empty() || text == "." || !good(text[0])) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) { return good(c) || (c >= '0' && c <= '9'); });
}

std::string quote(const std::string& text) {
  std::string result = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    if (uint8_t(c) < 0x20 || uint8_t(c) >= 0x7F) result += hex(uint8_t(c), "\\x%02x");
    else result += c;
  }
  return result + '"';
}

class Disassembler {
 public:
  explicit Disassembler(const object::Object& object) : object_(object) {}

  std::string run() {
    nameSymbols();
    findTargets();
    symbolDirectives();
    for (uint32_t i = 0; i < object_.sections.size(); i++) section(i);
    return std::move(out_);
  }

 private:
  uint32_t start(const object::Section& section) const { return object_.executable ? section.address : 0; }

  // Names of our own, .L and not used in the object.
  void nameSymbols() {
    std::unordered_map<std::string_view, unsigned> count;
    for (const object::Symbol& symbol : object_.symbols) count[symbol.name]++;
    bool clash = true;
    for (own_ = ".L"; clash;) {
      own_ += 'v';
      clash = std::any_of(count.begin(), count.end(), [&](auto& entry) { return entry.first.starts_with(own_); });
    }
    labels_.resize(object_.sections.size());
    names_.resize(object_.symbols.size());
    for (uint32_t i = 0; i < object_.symbols.size(); i++) {
      const object::Symbol& symbol = object_.symbols[i];
      if (symbol.kind == object::Symbol::File) continue;
      bool inSection = symbol.section < object_.sections.size();
      uint32_t offset = inSection ? symbol.value - start(object_.sections[symbol.section]) : 0;
      bool byName = symbol.kind != object::Symbol::SectionSymbol && isName(symbol.name) && count[symbol.name] == 1;
      if (byName) names_[i] = symbol.name;
      else if (inSection) names_[i] = ownLabel(symbol.section, offset);
      else continue;
      if (inSection) labels_[symbol.section][offset].insert(names_[i]);
    }
  }

  std::string ownLabel(uint32_t section, uint32_t offset) const {
    return own_ + std::to_string(section) + "_" + hex(offset, "%x");
  }

  void findTargets() {
    for (uint32_t i = 0; i < object_.sections.size(); i++) {
      const object::Section& section = object_.sections[i];
      if (!isCode(section)) continue;
      std::set<uint32_t> relocated;
      for (const object::RelocationEntry& entry : section.relocations) relocated.insert(entry.offset);
      for (uint32_t at = 0; at + 4 <= section.bytes.size(); at += 4) {
        std::optional<uint32_t> to = target(section, at);
        if (to && !relocated.count(at)) labels_[i][*to].insert(ownLabel(i, *to));
      }
    }
  }

  static bool isCode(const object::Section& section) { return section.flags & object::kExecute && !section.noBits(); }

  // Where a branch or jump leads, if that is an instruction of this section.
  static std::optional<uint32_t> target(const object::Section& section, uint32_t at) {
    isa::Instruction in = isa::decode(base::load<uint32_t>(&section.bytes[at]));
    if (in.op == isa::Op::Illegal) return std::nullopt;
    Field field = numberField(in.op);
    if (field != Field::Branch16 && field != Field::Jump26) return std::nullopt;
    uint32_t to = at + 4 + uint32_t(in.imm);
    if (to % 4 || to >= section.bytes.size()) return std::nullopt;
    return to;
  }

  void line(const std::string& text) { out_ += "    " + text + "\n"; }

  void symbolDirectives() {
    for (uint32_t i = 0; i < object_.symbols.size(); i++) {
      const object::Symbol& symbol = object_.symbols[i];
      if (names_[i].empty() || names_[i] != symbol.name) {
        if (symbol.global || symbol.weak) out_ += "# the symbol " + quote(symbol.name) + " cannot be written\n";
        continue;
      }
      if (symbol.weak) line(".weak " + symbol.name);
      else if (symbol.global && symbol.section != object::kUndefined) line(".globl " + symbol.name);
      if (symbol.kind == object::Symbol::Function) line(".type " + symbol.name + ",@function");
      if (symbol.kind == object::Symbol::Data) line(".type " + symbol.name + ",@object");
      if (symbol.size) line(".size " + symbol.name + "," + std::to_string(symbol.size));
      if (symbol.section == object::kAbsolute) line(".equ " + symbol.name + "," + hex(symbol.value));
    }
  }

  void section(uint32_t index) {
    const object::Section& section = object_.sections[index];
    std::string flags;
    if (section.flags & object::kAlloc) flags += 'a';
    if (section.flags & object::kWrite) flags += 'w';
    if (section.flags & object::kExecute) flags += 'x';
    out_ += "\n";
    if (object_.executable) out_ += "# at " + hex(section.address, "%08x") + "\n";
    line(".section " + (isName(section.name) ? section.name : quote(section.name)) + ",\"" + flags + "\"," +
         (section.noBits()    ? "@nobits"
          : section.type == 7 ? "@note"
                              : "@progbits"));
    if (section.align > 1 && section.align <= 1 << 20) line(".align " + std::to_string(section.align));
    contents(index);
  }

  // Pieces between labels and relocations.
  void contents(uint32_t index) {
    const object::Section& section = object_.sections[index];
    std::map<uint32_t, const object::RelocationEntry*> relocations;
    for (const object::RelocationEntry& entry : section.relocations)
      if (entry.type != Relocation::None) relocations.emplace(entry.offset, &entry);
    auto label = labels_[index].begin();
    auto relocation = relocations.begin();
    uint32_t at = 0, end = section.length();
    while (true) {
      for (; label != labels_[index].end() && label->first <= at; ++label)
        for (const std::string& name : label->second) out_ += name + ":\n";
      if (at >= end) break;
      while (relocation != relocations.end() && relocation->first < at) ++relocation;
      uint32_t limit = label != labels_[index].end() ? std::min(label->first, end) : end;
      bool relocated = relocation != relocations.end() && relocation->first == at && at + 4 <= limit;
      if (relocation != relocations.end() && !relocated && relocation->first > at)
        limit = std::min(limit, relocation->first);
      if (section.noBits()) {
        line(".space " + std::to_string(limit - at));
        at = limit;
      } else if (isCode(section) && at % 4 == 0 && at + 4 <= limit) {
        code(index, at, relocated ? relocation->second : nullptr);
        at += 4;
      } else if (relocated) {
        if (relocation->second->type == Relocation::Word32) line(".word " + reference(*relocation->second));
        else line(".word " + hex(base::load<uint32_t>(&section.bytes[at])) + "  # a relocation that cannot be written");
        at += 4;
      } else {
        at = data(section, at, limit);
      }
    }
  }

  // A line of data; returns where it ends.
  uint32_t data(const object::Section& section, uint32_t at, uint32_t limit) {
    if (isCode(section)) limit = std::min(limit, (at & ~3u) + 4);
    uint32_t zeros = 0;
    while (at + zeros < limit && section.bytes[at + zeros] == 0) zeros++;
    if (zeros >= 16 || at + zeros == limit) {
      line(".space " + std::to_string(zeros));
      return at + zeros;
    }
    uint32_t end = std::min(limit, at + 16);
    std::string text = ".byte ", shown;
    for (uint32_t i = at; i < end; i++) {
      uint8_t byte = section.bytes[i];
      text += (i == at ? "" : ",") + hex(byte);
      shown += byte >= 0x20 && byte < 0x7F ? char(byte) : '.';
    }
    line(text + "  # " + shown);
    return end;
  }

  std::string reference(const object::RelocationEntry& entry) const {
    std::string text = names_[entry.symbol];
    if (text.empty()) text = "0";
    if (entry.addend) text += (entry.addend < 0 ? "-" : "+") + std::to_string(std::abs(int64_t(entry.addend)));
    return text;
  }

  void code(uint32_t index, uint32_t at, const object::RelocationEntry* relocation) {
    const object::Section& section = object_.sections[index];
    uint32_t word = base::load<uint32_t>(&section.bytes[at]);
    isa::Instruction in = isa::decode(word);
    bool plain = in.op != isa::Op::Illegal && isa::encode(canonical(in)) == word;
    Field field = plain ? numberField(in.op) : Field::None;
    if (relocation) {
      std::string wrapped = reference(*relocation);
      bool immediate = field == Field::Imm16 || field == Field::Uimm16, fits = false;
      switch (relocation->type) {
        case Relocation::Hi16: wrapped = "%hi(" + wrapped + ")", fits = immediate; break;
        case Relocation::Lo16: wrapped = "%lo(" + wrapped + ")", fits = immediate; break;
        case Relocation::Gprel16: wrapped = "%gprel(" + wrapped + ")", fits = immediate; break;
        case Relocation::Pc16: fits = field == Field::Branch16; break;
        case Relocation::Pc26: fits = field == Field::Jump26; break;
        default: break;
      }
      if (fits) line(printWith(word, wrapped));
      else if (relocation->type == Relocation::Word32) line(".word " + wrapped);
      else line(".word " + hex(word) + "  # a relocation that cannot be written");
    } else if (word == isa::kNop) {
      line("nop");
    } else if (!plain) {
      line(".word " + hex(word, "0x%08x") + (in.op == isa::Op::Illegal ? "" : "  # " + isa::print(word)));
    } else if (std::optional<uint32_t> to = target(section, at)) {
      line(printWith(word, ownLabel(index, *to)) + targetNames(index, *to));
    } else {
      line(isa::print(word));
    }
  }

  std::string targetNames(uint32_t index, uint32_t offset) const {
    std::string text;
    for (const std::string& name : labels_[index].at(offset))
      if (!name.starts_with(own_)) text += (text.empty() ? "  # " : ", ") + name;
    return text;
  }

  const object::Object& object_;
  std::string own_;
  std::vector<std::string> names_;                                 // of symbols, as they are written; empty: not
  std::vector<std::map<uint32_t, std::set<std::string>>> labels_;  // [section][offset]
  std::string out_;
};

}  // namespace

std::string disassemble(const object::Object& object) { return Disassembler(object).run(); }

std::string printWith(uint32_t word, const std::string& number) {
  // The number is the last operand, or stands before "(rN)".
  std::string text = isa::print(word);
  size_t from = text.find_last_of(" ,") + 1, to = text.find('(', from);
  return text.substr(0, from) + number + (to == std::string::npos ? "" : text.substr(to));
}

}  // namespace assembler
