#include <algorithm>
#include <cstddef>
#include <cstring>

#include "assembler/base/bytes.h"
#include "assembler/object/elf.h"

namespace object {
namespace {

struct NoteBytes {
  uint32_t ownerSize = 5, contentSize = 16, type = 1;
  char owner[8] = "VAMP";
  uint32_t isaVersion = 0, abiVersion = 0, hashLow = 0, hashHigh = 0;
};

}  // namespace

std::string_view relocationName(Relocation relocation) {
  switch (relocation) {
    case Relocation::None: return "NONE";
    case Relocation::Word32: return "WORD32";
    case Relocation::Hi16: return "HI16";
    case Relocation::Lo16: return "LO16";
    case Relocation::Pc16: return "PC16";
    case Relocation::Pc26: return "PC26";
    case Relocation::Gprel16: return "GPREL16";
  }
  return "?";
}

const Section* Object::section(std::string_view name) const {
  for (const Section& section : sections)
    if (section.name == name) return &section;
  return nullptr;
}

const Symbol* Object::symbol(std::string_view name) const {
  for (const Symbol& symbol : symbols)
    if (symbol.section != kUndefined && symbol.name == name) return &symbol;
  return nullptr;
}

std::vector<Segment> segments(const Object& image) {
  std::vector<Segment> result;
  for (const Section& section : image.sections)
    if (section.flags & kAlloc && section.length())
      result.push_back({section.address, section.length(), section.bytes});
  std::sort(result.begin(), result.end(), [](const Segment& a, const Segment& b) { return a.address < b.address; });
  return result;
}

uint64_t hashText(std::span<const uint8_t> text) {
  uint64_t hash = 0xCBF29CE484222325;
  for (uint8_t byte : text) hash = (hash ^ byte) * 0x100000001B3;
  return hash;
}

Section noteSection(const Note& note) {
  NoteBytes bytes;
  bytes.isaVersion = note.isaVersion, bytes.abiVersion = note.abiVersion;
  bytes.hashLow = uint32_t(note.textHash), bytes.hashHigh = uint32_t(note.textHash >> 32);
  Section section;
  section.name = kNoteSection;
  section.type = 7;  // SHT_NOTE
  section.align = 4;
  section.bytes.resize(sizeof bytes);
  base::store(section.bytes.data(), bytes);
  return section;
}

std::optional<Note> readNote(const Object& image) {
  const Section* section = image.section(kNoteSection);
  if (!section || section->bytes.size() != sizeof(NoteBytes)) return std::nullopt;
  NoteBytes bytes = base::load<NoteBytes>(section->bytes.data()), wanted;
  if (std::memcmp(&bytes, &wanted, offsetof(NoteBytes, isaVersion)) != 0) return std::nullopt;
  return Note{bytes.isaVersion, bytes.abiVersion, bytes.hashLow | uint64_t(bytes.hashHigh) << 32};
}

Section kernelSection(uint32_t abstractUnits) {
  Section section;
  section.name = kKernelSection;
  section.bytes.resize(4);
  base::store(section.bytes.data(), abstractUnits);
  return section;
}

std::optional<uint32_t> readKernelSection(const Object& image) {
  const Section* section = image.section(kKernelSection);
  if (!section || section->bytes.size() != 4) return std::nullopt;
  return base::load<uint32_t>(section->bytes.data());
}

}  // namespace object
