#include "assembler/dwarf/contents.h"

#include <unordered_map>

namespace dwarf {

void Contents::leb128(int64_t value) {
  for (;; value >>= 7) {
    const bool last = value >= -64 && value < 64;
    u8(uint8_t(value & 0x7F) | (last ? 0 : 0x80));
    if (last) return;
  }
}

void Contents::text(std::string_view value) {
  bytes.insert(bytes.end(), value.begin(), value.end());
  u8(0);
}

void Contents::address(Place place) {
  references.push_back({size(), place});
  u32(place.offset);
}

void Contents::append(const Contents& others) {
  for (const Reference& each : others.references) references.push_back({size() + each.at, each.place});
  bytes.insert(bytes.end(), others.bytes.begin(), others.bytes.end());
}

uint32_t Contents::openLength() {
  u32(0);
  return size();
}

void Contents::closeLength(uint32_t opened) { base::store(&bytes[opened - 4], size() - opened); }

uint32_t addSection(object::Object& object, std::string_view name, Contents contents) {
  const uint32_t self = uint32_t(object.sections.size());
  std::unordered_map<uint32_t, uint32_t> symbols;  // of sections
  for (uint32_t i = 0; i < object.symbols.size(); i++)
    if (object.symbols[i].kind == object::Symbol::SectionSymbol) symbols.emplace(object.symbols[i].section, i);
  object::Section& added = object.sections.emplace_back();
  added.name = name;
  for (const Contents::Reference& each : contents.references) {
    if (each.place.section == object::kAbsolute) continue;
    const uint32_t section = each.place.section == kSelf ? self : each.place.section;
    auto [symbol, isNew] = symbols.emplace(section, uint32_t(object.symbols.size()));
    if (isNew) object.symbols.push_back({.section = section, .kind = object::Symbol::SectionSymbol});
    base::store(&contents.bytes[each.at], uint32_t(0));
    added.relocations.push_back({each.at, object::Relocation::Word32, symbol->second, int32_t(each.place.offset)});
  }
  added.bytes = std::move(contents.bytes);
  return self;
}

}  // namespace dwarf
