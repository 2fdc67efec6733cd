#include <algorithm>
#include <cstdio>

#include "assembler/link/state.h"

namespace linker {
namespace {

std::string position(const object::MapUnit& unit, const object::MapFunction& function, uint32_t offset) {
  const object::MapStatement* best = nullptr;
  uint32_t bestEntry = 0;
  for (const object::MapStatement& statement : function.statements)
    for (uint32_t entry : statement.entries)
      if (entry <= offset && (!best || entry >= bestEntry)) best = &statement, bestEntry = entry;
  if (!best || best->position.file >= unit.files.size()) return "";
  return " (" + unit.files[best->position.file] + ":" + std::to_string(best->position.line) + ":" +
         std::to_string(best->position.column) + ")";
}

}  // namespace

std::string place(const File& file, uint32_t section, uint32_t offset) {
  char text[16];
  std::snprintf(text, sizeof text, "+0x%x)", offset);
  return file.name + "(" + file.object.sections[section].name + text;
}

std::string State::functionAt(uint32_t fileIndex, uint32_t section, uint32_t offset) const {
  if (diagnostics.limitReached()) return "";
  const File& file = files[fileIndex];
  base::Result<std::vector<object::MapUnit>> read = object::readMap(file.object, section);
  const std::vector<object::MapUnit> units = read ? std::move(*read) : std::vector<object::MapUnit>();
  for (const object::MapUnit& unit : units)
    for (const object::MapFunction& function : unit.functions)
      if (function.address != object::kElsewhere && function.address <= offset &&
          offset - function.address < function.size)
        return " in function '" + function.name + "'" + position(unit, function, offset - function.address);
  const object::Symbol* best = nullptr;
  for (const object::Symbol& symbol : file.object.symbols) {
    if (symbol.section != section || symbol.kind != object::Symbol::Function || symbol.value > offset) continue;
    if (symbol.size && offset - symbol.value >= symbol.size) continue;
    if (!best || symbol.value > best->value) best = &symbol;
  }
  return best ? " in function '" + best->name + "'" : "";
}

}  // namespace linker
