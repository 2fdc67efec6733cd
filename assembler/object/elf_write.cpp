#include <algorithm>
#include <cstring>

#include "assembler/base/bytes.h"
#include "assembler/object/elf.h"
#include "assembler/object/elf_format.h"

// File: header, program headers (images), the sections' bytes in their order, .rela.*, .symtab, .strtab, .shstrtab,
// section headers. Section i of the object has the ELF index i + 1.

namespace object {
namespace {

using namespace elf;

class ElfWriter {
 public:
  explicit ElfWriter(const Object& object) : object_(object) {}

  std::vector<uint8_t> write() {
    layOut();
    out_.resize(sectionTable_ + headers_.size() * sizeof(SectionHeader));
    putHeader();
    if (object_.executable) putProgramHeaders();
    for (size_t i = 0; i < object_.sections.size(); i++) put(headers_[i + 1].offset, object_.sections[i].bytes);
    putRelocations();
    putSymbols();
    put(headers_[namesIndex_].offset, names_);
    for (size_t i = 0; i < headers_.size(); i++) putRecord(sectionTable_ + i * sizeof(SectionHeader), headers_[i]);
    return std::move(out_);
  }

 private:
  static uint32_t alignUp(size_t value, uint32_t align) { return uint32_t((value + align - 1) & ~size_t(align - 1)); }

  // In the file, pages are enough: what is aligned more strictly in memory need not be so here.
  static uint32_t fileAlign(uint32_t align) { return std::clamp(align, 1u, 4096u); }

  uint32_t name(std::string_view text) {
    uint32_t at = uint32_t(names_.size());
    names_.insert(names_.end(), text.begin(), text.end());
    names_.push_back(0);
    return at;
  }

  // Appends a section header and gives it its place in the file.
  SectionHeader& add(std::string_view sectionName, uint32_t type, uint32_t size, uint32_t align) {
    SectionHeader header{};
    header.name = name(sectionName), header.type = type, header.size = size, header.align = align;
    header.offset = end_ = alignUp(end_, fileAlign(align));
    if (type != kNoBits) end_ += size;
    return headers_.emplace_back(header);
  }

  void layOut() {
    for (const Section& section : object_.sections)
      if (section.flags & kAlloc && section.length()) loads_++;
    end_ = sizeof(Header) + (object_.executable ? loads_ * sizeof(ProgramHeader) : 0);
    headers_.emplace_back();
    names_.push_back(0);
    for (const Section& section : object_.sections) {
      SectionHeader& header = add(section.name, section.type, section.length(), section.align);
      header.flags = section.flags, header.address = section.address;
    }
    size_t relocated = size_t(std::count_if(object_.sections.begin(), object_.sections.end(),
                                            [](const Section& section) { return !section.relocations.empty(); }));
    uint32_t symbolTable = uint32_t(headers_.size() + relocated);
    for (size_t i = 0; i < object_.sections.size(); i++) {
      const Section& section = object_.sections[i];
      if (section.relocations.empty()) continue;
      SectionHeader& header =
          add(".rela" + section.name, kRela, uint32_t(section.relocations.size() * sizeof(RelaEntry)), 4);
      header.flags = kInfoLink, header.link = symbolTable, header.info = uint32_t(i + 1);
      header.entrySize = sizeof(RelaEntry);
    }
    orderSymbols();
    SectionHeader& symbols = add(".symtab", kSymbolTable, uint32_t((order_.size() + 1) * sizeof(SymbolEntry)), 4);
    symbols.link = symbolTable + 1, symbols.info = firstGlobal_, symbols.entrySize = sizeof(SymbolEntry);
    add(".strtab", kStringTable, stringSize_, 1);
    namesIndex_ = uint32_t(headers_.size());
    SectionHeader& names = add(".shstrtab", kStringTable, 0, 1);
    names.size = uint32_t(names_.size());
    sectionTable_ = alignUp(end_ + names.size, 4);
  }

  // ELF wants local symbols first.
  void orderSymbols() {
    auto local = [](const Symbol& symbol) { return !symbol.global && !symbol.weak; };
    const std::vector<Symbol>& symbols = object_.symbols;
    position_.resize(symbols.size());
    order_.reserve(symbols.size());
    for (bool wanted : {true, false}) {
      if (!wanted) firstGlobal_ = uint32_t(order_.size() + 1);
      for (uint32_t i = 0; i < symbols.size(); i++) {
        if (local(symbols[i]) != wanted) continue;
        order_.push_back(i);
        position_[i] = uint32_t(order_.size());
        if (!symbols[i].name.empty()) stringSize_ += uint32_t(symbols[i].name.size() + 1);
      }
    }
  }

  void putHeader() {
    Header header{};
    std::memcpy(header.ident, kIdent, sizeof kIdent);
    header.type = object_.executable ? kExecutable : kRelocatable;
    header.machine = kMachine, header.version = 1, header.entry = object_.entry;
    header.headerSize = sizeof(Header), header.sectionEntrySize = sizeof(SectionHeader);
    header.sectionOffset = sectionTable_, header.sectionCount = uint16_t(headers_.size());
    header.namesIndex = uint16_t(namesIndex_);
    if (object_.executable) {
      header.programOffset = sizeof(Header), header.programEntrySize = sizeof(ProgramHeader);
      header.programCount = uint16_t(loads_);
    }
    putRecord(0, header);
  }

  void putProgramHeaders() {
    size_t at = sizeof(Header);
    for (size_t i = 0; i < object_.sections.size(); i++) {
      const Section& section = object_.sections[i];
      if (!(section.flags & kAlloc) || !section.length()) continue;
      ProgramHeader header{};
      header.type = kLoad, header.offset = headers_[i + 1].offset;
      header.virtualAddress = header.physicalAddress = section.address;
      header.fileSize = uint32_t(section.bytes.size()), header.memorySize = section.length();
      header.flags = 4u | (section.flags & kWrite ? 2u : 0) | (section.flags & kExecute ? 1u : 0);
      header.align = fileAlign(section.align);
      putRecord(at, header);
      at += sizeof header;
    }
  }

  void putRelocations() {
    size_t index = object_.sections.size() + 1;
    for (const Section& section : object_.sections) {
      if (section.relocations.empty()) continue;
      uint8_t* to = out_.data() + headers_[index++].offset;
      for (const RelocationEntry& entry : section.relocations) {
        base::store(to, RelaEntry{entry.offset, position_[entry.symbol] << 8 | uint32_t(entry.type), entry.addend});
        to += sizeof(RelaEntry);
      }
    }
  }

  void putSymbols() {
    uint8_t* to = out_.data() + headers_[namesIndex_ - 2].offset + sizeof(SymbolEntry);
    uint8_t* const strings = out_.data() + headers_[namesIndex_ - 1].offset;
    uint32_t stringAt = 1;
    for (uint32_t index : order_) {
      const Symbol& symbol = object_.symbols[index];
      SymbolEntry entry{};
      if (!symbol.name.empty()) {
        entry.name = stringAt;
        std::memcpy(strings + stringAt, symbol.name.data(), symbol.name.size());
        stringAt += uint32_t(symbol.name.size() + 1);
      }
      entry.value = symbol.value, entry.size = symbol.size;
      entry.info = uint8_t((symbol.weak ? kWeak : symbol.global ? kGlobal : kLocal) << 4 | symbol.kind);
      entry.section = symbol.section == kUndefined  ? kUndefinedIndex
                      : symbol.section == kAbsolute ? kAbsoluteIndex
                                                    : uint16_t(symbol.section + 1);
      base::store(to, entry);
      to += sizeof entry;
    }
  }

  void put(size_t at, const std::vector<uint8_t>& bytes) {
    if (!bytes.empty()) std::memcpy(out_.data() + at, bytes.data(), bytes.size());
  }
  template <class T>
  void putRecord(size_t at, const T& record) {
    base::store(out_.data() + at, record);
  }

  const Object& object_;
  std::vector<uint8_t> out_;
  std::vector<SectionHeader> headers_;
  std::vector<uint8_t> names_;      // .shstrtab
  std::vector<uint32_t> order_;     // ELF symbol k + 1 is object_.symbols[order_[k]]
  std::vector<uint32_t> position_;  // the other way round
  size_t loads_ = 0;
  size_t end_ = 0;
  uint32_t stringSize_ = 1;
  uint32_t firstGlobal_ = 1;
  uint32_t namesIndex_ = 0;
  uint32_t sectionTable_ = 0;
};

}  // namespace

std::vector<uint8_t> writeElf(const Object& object) { return ElfWriter(object).write(); }

}  // namespace object
