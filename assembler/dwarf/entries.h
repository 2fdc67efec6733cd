// .debug_info of a unit with its .debug_abbrev (DWARF 4, 7.5). Entries are written in the order of the tree: begin() one, give its
// attributes, then begin its children and end() the list of them.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "assembler/dwarf/contents.h"
#include "llvm/BinaryFormat/Dwarf.h"

namespace dwarf {

using llvm::dwarf::Attribute;
using llvm::dwarf::Tag;

class Entries {
 public:
  // An entry that others refer to, possibly before it is begun.
  using Label = uint32_t;
  Label label();

  void begin(Tag tag, bool children, Label here = UINT32_MAX);
  void end();

  void text(Attribute attribute, std::string_view value);
  void number(Attribute attribute, uint64_t value);
  void flag(Attribute attribute);
  void address(Attribute attribute, Place place);
  void sectionOffset(Attribute attribute, uint32_t section);  // of this unit's part of that section
  void reference(Attribute attribute, Label to);
  void expression(Attribute attribute, const Contents& bytes);

  // Adds both sections.
  void finish(object::Object& object);

 private:
  void attribute(Attribute attribute, llvm::dwarf::Form form);
  void flush();

  static constexpr uint32_t kHeader = 11;  // bytes of a unit before its first entry
  Contents out_;                           // from there on
  Contents abbreviation_, values_;         // of the entry at hand
  std::map<std::vector<uint8_t>, uint32_t> codes_;
  Contents abbreviations_;
  std::vector<uint32_t> labels_;  // offset in the unit
  struct Fixup {
    uint32_t at;
    Label label;
  };
  std::vector<Fixup> fixups_, pendingFixups_;
};

}  // namespace dwarf
