// .debug_line of a unit: which source line an instruction belongs to (DWARF 4, 6.2).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "assembler/dwarf/contents.h"

namespace dwarf {

class Lines {
 public:
  // The file's number, from 1 on, adding it if it is new.
  uint32_t file(std::string_view name);
  // From this place on, instructions belong to this line, 1-based, column 0 = the whole line. In any order; of several at one place
  // the last counts.
  void add(Place place, uint32_t file, uint32_t line, uint32_t column);
  bool empty() const { return sections_.empty(); }
  // Sections that have lines, ascending.
  std::vector<uint32_t> sections() const;

  // Each section's lines end with the section.
  Contents finish(const object::Object& object) const;

 private:
  struct Row {
    uint32_t file, line, column;
    bool operator==(const Row&) const = default;
  };
  void sequence(Contents& to, uint32_t section, const std::map<uint32_t, Row>& rows, uint32_t end) const;

  std::vector<std::string> files_;
  std::map<std::string, uint32_t, std::less<>> numbers_;
  std::map<uint32_t, std::map<uint32_t, Row>> sections_;  // by section, then offset
};

}  // namespace dwarf
