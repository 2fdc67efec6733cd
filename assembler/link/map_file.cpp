#include <algorithm>
#include <cstdio>

#include "assembler/link/state.h"

// What --map writes:
//
//   address  size     section
//   00008000 00000040 .text
//   00008000 00000020   main.o(.text)
//   00008000              main
//   00008020 00000020   lib.a(put.o)(.text)
//
//   symbols of the linker
//   00011000 __gp

namespace linker {
namespace {

void line(std::string& out, uint64_t address, const uint64_t* size, int indent, std::string_view name) {
  char text[64];
  if (size)
    std::snprintf(text, sizeof text, "%08llx %08llx %*s", (unsigned long long)address, (unsigned long long)*size,
                  indent, "");
  else std::snprintf(text, sizeof text, "%08llx          %*s", (unsigned long long)address, indent, "");
  out += text;
  out += name;
  out += '\n';
}

// The symbols of each section of a file, by address.
std::vector<std::vector<const object::Symbol*>> symbolsBySection(const File& file) {
  std::vector<std::vector<const object::Symbol*>> result(file.object.sections.size());
  for (const object::Symbol& symbol : file.object.symbols)
    if (symbol.section < result.size() && !symbol.name.empty()) result[symbol.section].push_back(&symbol);
  for (auto& list : result)
    std::stable_sort(list.begin(), list.end(), [](auto* a, auto* b) { return a->value < b->value; });
  return result;
}

}  // namespace

std::string writeMap(const State& state) {
  std::vector<std::vector<std::vector<const object::Symbol*>>> symbols;
  for (const File& file : state.files) symbols.push_back(symbolsBySection(file));
  std::string out = "address  size     section\n";
  for (const Output& output : state.outputs) {
    line(out, output.address, &output.size, 0, output.name);
    for (const Chunk& chunk : output.chunks) {
      const File& file = state.files[chunk.file];
      uint64_t address = file.addresses[chunk.section];
      uint64_t size = file.object.sections[chunk.section].length();
      line(out, address, &size, 2, file.name + "(" + file.object.sections[chunk.section].name + ")");
      for (const object::Symbol* symbol : symbols[chunk.file][chunk.section])
        line(out, address + symbol->value, nullptr, 4, symbol->name);
    }
  }
  out += "\nsymbols of the linker\n";
  for (const Global& global : state.globals)
    if (global.byLinker) {
      char text[16];
      std::snprintf(text, sizeof text, "%08x ", global.address);
      out += text;
      out += global.name;
      out += '\n';
    }
  return out;
}

}  // namespace linker
