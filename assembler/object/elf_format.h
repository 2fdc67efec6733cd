// The bytes of ELF32 as far as our files use them (docs/formats.md). Private to assembler/object.
#pragma once

#include <cstdint>

namespace object::elf {

struct Header {
  uint8_t ident[16];
  uint16_t type, machine;
  uint32_t version, entry, programOffset, sectionOffset, flags;
  uint16_t headerSize, programEntrySize, programCount, sectionEntrySize, sectionCount, namesIndex;
};
static_assert(sizeof(Header) == 52);

struct SectionHeader {
  uint32_t name, type, flags, address, offset, size, link, info, align, entrySize;
};
static_assert(sizeof(SectionHeader) == 40);

struct ProgramHeader {
  uint32_t type, offset, virtualAddress, physicalAddress, fileSize, memorySize, flags, align;
};
static_assert(sizeof(ProgramHeader) == 32);

struct SymbolEntry {
  uint32_t name, value, size;
  uint8_t info, other;
  uint16_t section;
};
static_assert(sizeof(SymbolEntry) == 16);

struct RelaEntry {
  uint32_t offset, info;
  int32_t addend;
};
static_assert(sizeof(RelaEntry) == 12);

constexpr uint8_t kIdent[7] = {0x7F, 'E', 'L', 'F', 1 /* 32 bits */, 1 /* little endian */, 1 /* version */};
constexpr uint16_t kRelocatable = 1, kExecutable = 2;
constexpr uint32_t kNull = 0, kSymbolTable = 2, kStringTable = 3, kRela = 4, kNoBits = 8, kRel = 9;
constexpr uint32_t kInfoLink = 0x40;
constexpr uint32_t kLoad = 1;
constexpr uint16_t kUndefinedIndex = 0, kReservedIndices = 0xFF00, kAbsoluteIndex = 0xFFF1;
constexpr uint8_t kLocal = 0, kGlobal = 1, kWeak = 2;

}  // namespace object::elf
