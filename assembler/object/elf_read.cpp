#include <algorithm>
#include <cstring>
#include <limits>

#include "assembler/base/bytes.h"
#include "assembler/object/elf.h"
#include "assembler/object/elf_format.h"

namespace object {
namespace {

using namespace elf;
using base::Error;

constexpr uint32_t kNone = std::numeric_limits<uint32_t>::max();

// Reads the file piece by piece; the first thing that is wrong ends it. Each step may rely on what the ones before it
// checked.
class ElfReader {
 public:
  explicit ElfReader(std::span<const uint8_t> bytes) : bytes_(bytes), nameBudget_(8 * bytes.size() + 65536) {}

  base::Result<Object> read() {
    if (readHeader() && readSectionHeaders() && readSections() && readSymbols() && readRelocations() &&
        readProgramHeaders())
      return std::move(object_);
    return error_;
  }

 private:
  bool fail(std::string place, std::string text) {
    error_ = {std::move(text), "bad-elf", std::move(place)};
    return false;
  }

  template <class T>
  T record(size_t at) const {
    return base::load<T>(bytes_.data() + at);
  }
  bool inside(uint64_t offset, uint64_t size) const { return offset + size <= bytes_.size(); }
  std::string sectionPlace(size_t index) const {
    std::string place = "section " + std::to_string(index);
    if (index < names_.size() && !names_[index].empty()) place += " (" + names_[index] + ")";
    return place;
  }

  bool readHeader() {
    if (bytes_.empty()) return fail("", "the file is empty");
    if (bytes_.size() < 4 || std::memcmp(bytes_.data(), kIdent, 4) != 0) return fail("", "not an ELF file");
    if (!inside(0, sizeof(Header))) return fail("header", "the file ends within the ELF header");
    header_ = record<Header>(0);
    if (header_.ident[4] != kIdent[4]) return fail("header", "not a 32-bit ELF file");
    if (header_.ident[5] != kIdent[5]) return fail("header", "not a little-endian ELF file");
    if (header_.ident[6] != kIdent[6] || header_.version != 1) return fail("header", "unknown ELF version");
    if (header_.machine != kMachine)
      return fail("header", "the file is for another machine (e_machine " + std::to_string(header_.machine) + ")");
    if (header_.type != kRelocatable && header_.type != kExecutable)
      return fail("header", "neither an object nor an image (e_type " + std::to_string(header_.type) + ")");
    if (header_.headerSize != sizeof(Header)) return fail("header", "wrong size of the ELF header");
    object_.executable = header_.type == kExecutable;
    object_.entry = header_.entry;
    return true;
  }

  bool readSectionHeaders() {
    size_t count = header_.sectionCount;
    if (count == 0) return fail("header", "no section headers");
    if (count >= kReservedIndices) return fail("header", "too many sections");
    if (header_.sectionEntrySize != sizeof(SectionHeader)) return fail("header", "wrong size of a section header");
    if (!inside(header_.sectionOffset, count * sizeof(SectionHeader)))
      return fail("header", "the section headers lie outside the file");
    uint64_t total = 0;
    for (size_t i = 0; i < count; i++) {
      headers_.push_back(record<SectionHeader>(header_.sectionOffset + i * sizeof(SectionHeader)));
      const SectionHeader& section = headers_.back();
      if (i == 0 && section.type != kNull) return fail(sectionPlace(i), "the first section is not the null section");
      if (section.type == kNull) continue;
      if (section.align & (section.align - 1)) return fail(sectionPlace(i), "the alignment is no power of two");
      if (section.type == kNoBits) continue;
      if (!inside(section.offset, section.size)) return fail(sectionPlace(i), "the section lies outside the file");
      total += section.size;
    }
    // Sections share no bytes, so that what we keep is never more than the file.
    if (total > bytes_.size()) return fail("header", "sections overlap in the file");
    return nameSections();
  }

  bool nameSections() {
    if (header_.namesIndex >= headers_.size() || headers_[header_.namesIndex].type != kStringTable)
      return fail("header", "the section names are not in a string table");
    std::vector<std::string> names(headers_.size());
    for (size_t i = 1; i < headers_.size(); i++)
      if (!readString(headers_[header_.namesIndex], headers_[i].name, names[i], [&] { return sectionPlace(i); }))
        return false;
    names_ = std::move(names);
    return true;
  }

  // The string at `at` of a string table.
  template <class Place>
  bool readString(const SectionHeader& table, uint32_t at, std::string& text, Place place) {
    if (at == 0 && table.size == 0) return true;
    if (at >= table.size) return fail(place(), "the name lies outside its string table");
    const char* begin = reinterpret_cast<const char*>(bytes_.data()) + table.offset + at;
    const void* end = std::memchr(begin, 0, table.size - at);
    if (!end) return fail(place(), "the name has no end");
    size_t size = size_t(static_cast<const char*>(end) - begin);
    if (size > nameBudget_) return fail(place(), "the names add up to far more than the file");
    nameBudget_ -= size;
    text.assign(begin, size);
    return true;
  }

  bool readSections() {
    sectionOf_.assign(headers_.size(), kNone);
    for (size_t i = 1; i < headers_.size(); i++) {
      const SectionHeader& header = headers_[i];
      if (header.type == kRel) return fail(sectionPlace(i), "relocations without addends are not supported");
      if (header.type == kNull || header.type == kSymbolTable || header.type == kStringTable || header.type == kRela)
        continue;
      sectionOf_[i] = uint32_t(object_.sections.size());
      Section& section = object_.sections.emplace_back();
      section.name = names_[i];
      section.type = header.type, section.flags = header.flags, section.address = header.address;
      section.align = std::max(header.align, 1u);
      if (section.noBits()) section.size = header.size;
      else section.bytes.assign(bytes_.begin() + header.offset, bytes_.begin() + header.offset + header.size);
      if (uint64_t(section.address) + section.length() > uint64_t(1) << 32)
        return fail(sectionPlace(i), "the section reaches beyond the address space");
    }
    return true;
  }

  bool readSymbols() {
    for (size_t i = 1; i < headers_.size(); i++) {
      if (headers_[i].type != kSymbolTable) continue;
      if (symbolTable_) return fail(sectionPlace(i), "a second symbol table");
      symbolTable_ = i;
    }
    if (!symbolTable_) return true;
    const SectionHeader& table = headers_[symbolTable_];
    std::string place = sectionPlace(symbolTable_);
    if (table.entrySize != sizeof(SymbolEntry) || table.size % sizeof(SymbolEntry))
      return fail(place, "wrong size of a symbol");
    if (table.link >= headers_.size() || headers_[table.link].type != kStringTable)
      return fail(place, "the symbol names are not in a string table");
    size_t count = table.size / sizeof(SymbolEntry);
    if (table.info > count) return fail(place, "the first global symbol lies outside the table");
    if (count) object_.symbols.reserve(count - 1);
    for (size_t i = 1; i < count; i++)
      if (!readSymbol(i, record<SymbolEntry>(table.offset + i * sizeof(SymbolEntry)))) return false;
    return true;
  }

  bool readSymbol(size_t index, const SymbolEntry& entry) {
    auto place = [&] { return "symbol " + std::to_string(index); };
    Symbol& symbol = object_.symbols.emplace_back();
    if (!readString(headers_[headers_[symbolTable_].link], entry.name, symbol.name, place)) return false;
    auto wrong = [&](const char* text) { return fail(place() + " (" + symbol.name + ")", text); };
    uint8_t binding = entry.info >> 4, kind = entry.info & 15;
    if (binding > kWeak) return wrong("unknown binding");
    if (kind > Symbol::File) return wrong("unknown kind of symbol");
    if ((binding == kLocal) != (index < headers_[symbolTable_].info))
      return wrong("local and global symbols are mixed");
    symbol.global = binding == kGlobal, symbol.weak = binding == kWeak;
    symbol.kind = Symbol::Kind(kind);
    symbol.value = entry.value, symbol.size = entry.size;
    if (entry.section == kUndefinedIndex) return true;
    if (entry.section == kAbsoluteIndex) {
      symbol.section = kAbsolute;
      return true;
    }
    if (entry.section >= headers_.size() || sectionOf_[entry.section] == kNone)
      return wrong("the symbol's section does not exist");
    symbol.section = sectionOf_[entry.section];
    const Section& section = object_.sections[symbol.section];
    uint64_t begin = object_.executable ? section.address : 0, end = begin + section.length();
    if (symbol.value < begin || symbol.value > end) return wrong("the symbol lies outside its section");
    if (symbol.value + uint64_t(symbol.size) > end) return wrong("the symbol reaches beyond its section");
    return true;
  }

  bool readRelocations() {
    for (size_t i = 1; i < headers_.size(); i++) {
      const SectionHeader& header = headers_[i];
      if (header.type != kRela) continue;
      std::string place = sectionPlace(i);
      if (header.entrySize != sizeof(RelaEntry) || header.size % sizeof(RelaEntry))
        return fail(place, "wrong size of a relocation");
      if (!symbolTable_ || header.link != symbolTable_) return fail(place, "relocations without the symbol table");
      if (header.info >= headers_.size() || sectionOf_[header.info] == kNone)
        return fail(place, "relocations of a section that does not exist");
      Section& section = object_.sections[sectionOf_[header.info]];
      if (section.noBits()) return fail(place, "relocations of a section without contents");
      size_t count = header.size / sizeof(RelaEntry);
      section.relocations.reserve(section.relocations.size() + count);
      for (size_t k = 0; k < count; k++) {
        RelaEntry entry = record<RelaEntry>(header.offset + k * sizeof(RelaEntry));
        const char* wrong = nullptr;
        uint32_t symbol = entry.info >> 8, type = entry.info & 255;
        if (type > uint32_t(Relocation::Gprel16)) wrong = "unknown kind of relocation";
        else if (symbol == 0 || symbol > object_.symbols.size()) wrong = "the relocation's symbol does not exist";
        else if (uint64_t(entry.offset) + 4 > section.bytes.size()) wrong = "the relocation lies outside its section";
        if (wrong) return fail(place + ", relocation " + std::to_string(k), wrong);
        section.relocations.push_back({entry.offset, Relocation(type), symbol - 1, entry.addend});
      }
    }
    return true;
  }

  bool readProgramHeaders() {
    if (!object_.executable) {
      return header_.programCount == 0 || fail("header", "an object with program headers");
    }
    size_t count = header_.programCount;
    if (count && header_.programEntrySize != sizeof(ProgramHeader))
      return fail("header", "wrong size of a program header");
    if (!inside(header_.programOffset, count * sizeof(ProgramHeader)))
      return fail("header", "the program headers lie outside the file");
    std::vector<ProgramHeader> loads;
    for (size_t i = 0; i < count; i++) {
      ProgramHeader load = record<ProgramHeader>(header_.programOffset + i * sizeof(ProgramHeader));
      if (load.type != kLoad) continue;
      std::string place = "program header " + std::to_string(i);
      if (!inside(load.offset, load.fileSize)) return fail(place, "the segment lies outside the file");
      if (load.fileSize > load.memorySize) return fail(place, "the segment is larger in the file than in memory");
      if (uint64_t(load.physicalAddress) + load.memorySize > uint64_t(1) << 32)
        return fail(place, "the segment reaches beyond the address space");
      loads.push_back(load);
    }
    auto before = [](const ProgramHeader& a, const ProgramHeader& b) { return a.physicalAddress < b.physicalAddress; };
    std::sort(loads.begin(), loads.end(), before);
    for (size_t i = 1; i < loads.size(); i++)
      if (uint64_t(loads[i - 1].physicalAddress) + loads[i - 1].memorySize > loads[i].physicalAddress)
        return fail("program headers", "segments overlap");
    return matchSegments(loads);
  }

  // What a loader sees (program headers) and what we see (sections) must be the same memory.
  bool matchSegments(const std::vector<ProgramHeader>& loads) {
    std::vector<const SectionHeader*> allocated;
    for (size_t i = 1; i < headers_.size(); i++)
      if (sectionOf_[i] != kNone && headers_[i].flags & kAlloc && headers_[i].size) allocated.push_back(&headers_[i]);
    auto before = [](const SectionHeader* a, const SectionHeader* b) { return a->address < b->address; };
    std::sort(allocated.begin(), allocated.end(), before);
    bool same = loads.size() == allocated.size();
    for (size_t i = 0; same && i < loads.size(); i++) {
      const SectionHeader& section = *allocated[i];
      bool noBits = section.type == kNoBits;
      same = loads[i].physicalAddress == section.address && loads[i].memorySize == section.size &&
             loads[i].fileSize == (noBits ? 0 : section.size) && (noBits || loads[i].offset == section.offset);
    }
    return same || fail("program headers", "the segments are not the allocated sections");
  }

  std::span<const uint8_t> bytes_;
  Header header_{};
  std::vector<SectionHeader> headers_;
  std::vector<std::string> names_;
  std::vector<uint32_t> sectionOf_;  // ELF section index -> index into object_.sections, or kNone
  size_t symbolTable_ = 0;           // ELF section index
  size_t nameBudget_;
  Object object_;
  Error error_;
};

}  // namespace

base::Result<Object> readElf(std::span<const uint8_t> bytes) { return ElfReader(bytes).read(); }

}  // namespace object
