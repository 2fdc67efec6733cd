// Debug sections of an object (docs/formats.md "Debug information"): bytes, and where addresses and offsets of sections stand
// among them, which become Word32 relocations against section symbols. DWARF Debugging Information Format, version 4.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assembler/base/bytes.h"
#include "assembler/object/elf.h"

namespace dwarf {

constexpr uint16_t kVersion = 4;

// A place in a section of the object; object::kAbsolute: the offset is the address.
struct Place {
  uint32_t section;
  uint32_t offset;
};

// In a reference: the section that is being written.
constexpr uint32_t kSelf = 0xFFFFFFF0;

class Contents : public base::Writer {
 public:
  struct Reference {
    uint32_t at;
    Place place;
  };
  std::vector<Reference> references;

  uint32_t size() const { return uint32_t(bytes.size()); }
  void u16(uint16_t value) { u8(uint8_t(value)), u8(uint8_t(value >> 8)); }
  void leb128(int64_t value);           // SLEB128; base::Writer has ULEB128
  void text(std::string_view value);    // with a NUL behind it
  void address(Place place);            // four bytes
  void append(const Contents& others);  // with its references
  // A length that counts the bytes from behind itself up to close().
  uint32_t openLength();
  void closeLength(uint32_t opened);
};

// Adds a section that is not in memory; its index.
uint32_t addSection(object::Object& object, std::string_view name, Contents contents);

}  // namespace dwarf
