// What an image says about addresses: symbols, and the source of its statements (.c0map).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assembler/object/elf.h"

namespace monitor {

class Image {
 public:
  Image() = default;                             // says nothing
  explicit Image(const object::Object& object);  // of what it has no map, only symbols

  struct Symbol {
    uint32_t address, size;
  };
  std::optional<Symbol> symbol(std::string_view name) const;
  // The address at which the first statement of a line begins, or of the first line after it that has one. The file by its name or the end of it.
  std::optional<uint32_t> line(std::string_view file, uint32_t line) const;

  // "main+0x8"; empty: no symbol is near.
  std::string name(uint32_t address) const;
  // The statement that begins here, if one does: "prog.c0:3:5" and its line of source; or the last that began before in this function.
  struct Source {
    std::string place, text;
  };
  std::optional<Source> begins(uint32_t address) const;
  std::optional<Source> within(uint32_t address) const;

  std::vector<std::string> names() const;  // of symbols

 private:
  struct Boundary {
    const std::string* file;
    uint32_t line, column, end;  // end of the function
  };
  std::optional<Source> source(const Boundary& boundary) const;

  std::map<std::string, Symbol, std::less<>> symbols_;
  std::multimap<uint32_t, std::string> labels_;
  std::map<uint32_t, Boundary> boundaries_;
  mutable std::map<std::string, std::vector<std::string>> files_;  // their lines, read when they are first wanted
};

}  // namespace monitor
