// ELF32 objects and images of VAMP (docs/formats.md): little endian, e_machine 0xC0A0, RELA relocations.
// Standard library only.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "assembler/base/result.h"

namespace object {

constexpr uint16_t kMachine = 0xC0A0;

enum class Relocation : uint8_t {
  None = 0,
  Word32 = 1,   // word := S + A (any alignment)
  Hi16 = 2,     // imm16 of lhgi := (S + A + 0x8000) >> 16, the carry that a sign-extended low half needs
  Lo16 = 3,     // imm16 := low half of S + A
  Pc16 = 4,     // imm16 := S + A - (P + 4); error outside -32768..32767
  Pc26 = 5,     // imm26 := S + A - (P + 4); error outside 26 bits
  Gprel16 = 6,  // imm16 := S + A - __gp; error outside 16 bits
};
std::string_view relocationName(Relocation relocation);

struct RelocationEntry {
  uint32_t offset;  // in the section
  Relocation type;
  uint32_t symbol;  // index into Object::symbols
  int32_t addend;
};

// Section flags as in ELF: SHF_WRITE, SHF_ALLOC, SHF_EXECINSTR.
enum SectionFlags : uint32_t { kWrite = 1, kAlloc = 2, kExecute = 4 };

struct Section {
  std::string name{};
  uint32_t type = 1;  // SHT_PROGBITS; 8 = SHT_NOBITS
  uint32_t flags = 0;
  uint32_t align = 1;
  uint32_t address = 0;          // images only
  std::vector<uint8_t> bytes{};  // empty for NOBITS
  uint32_t size = 0;             // NOBITS: its size; else ignored (bytes.size() counts)
  std::vector<RelocationEntry> relocations{};

  bool noBits() const { return type == 8; }
  uint32_t length() const { return noBits() ? size : uint32_t(bytes.size()); }
};

// Special values of Symbol::section.
constexpr uint32_t kUndefined = 0xFFFFFFFF, kAbsolute = 0xFFFFFFFE;

struct Symbol {
  std::string name{};
  uint32_t section = kUndefined;  // index into Object::sections, or kUndefined, kAbsolute
  uint32_t value = 0;             // offset in the section; in an image the address
  uint32_t size = 0;
  bool global = false;
  bool weak = false;
  enum Kind : uint8_t { NoType, Data, Function, SectionSymbol, File } kind = NoType;
};

// What a writer must not exceed, so that section numbers fit ELF's 16 bits (relocations take one more section each).
constexpr size_t kMaxSections = 0x7F00;

// An object or image in memory. Sections that the ELF file needs for itself (null, .symtab, .strtab, .shstrtab,
// .rela.*) are not in `sections`.
struct Object {
  bool executable = false;  // ET_EXEC: an image, with PT_LOAD segments
  uint32_t entry = 0;
  std::vector<Section> sections;
  std::vector<Symbol> symbols;

  // nullptr / kUndefined when there is none.
  const Section* section(std::string_view name) const;
  const Symbol* symbol(std::string_view name) const;  // first with this name that is defined; linear
};

// Errors [bad-elf] with the offending structure as place: truncated headers, foreign class, machine or byte order,
// sections outside the file, bad string, symbol or relocation indices, unterminated strings, overlapping PT_LOADs.
base::Result<Object> readElf(std::span<const uint8_t> bytes);
std::vector<uint8_t> writeElf(const Object& object);

// A loadable piece of an image: bytes at a physical address, zero-filled up to memorySize.
struct Segment {
  uint32_t address;
  uint32_t memorySize;
  std::span<const uint8_t> bytes;
};
// One for each allocated section of an image, ascending.
std::vector<Segment> segments(const Object& image);

// Static libraries in ar's format, as `ar rcs` writes them (System V names and symbol index).
struct Member {
  std::string name{};
  std::span<const uint8_t> bytes;
};
bool isArchive(std::span<const uint8_t> bytes);
base::Result<std::vector<Member>> readArchive(std::span<const uint8_t> bytes);  // errors [bad-archive]

// FNV-1a over the text, stored by the linker in .note.vamp and checked by consis (decisions.md, 1).
uint64_t hashText(std::span<const uint8_t> text);

// The section .note.vamp of an image: what it was made for.
constexpr std::string_view kNoteSection = ".note.vamp";
struct Note {
  uint32_t isaVersion = 1;
  uint32_t abiVersion = 1;
  uint64_t textHash = 0;  // of .text
};
Section noteSection(const Note& note);
std::optional<Note> readNote(const Object& image);  // none if it is absent or damaged

// The section .c0kernel of an image: it is a concrete kernel, and so many units, the first ones of .c0core and .c0map, are the
// abstract kernel's.
constexpr std::string_view kKernelSection = ".c0kernel";
Section kernelSection(uint32_t abstractUnits);
std::optional<uint32_t> readKernelSection(const Object& image);  // none if it is absent or damaged

}  // namespace object
