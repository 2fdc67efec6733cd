#include <cstdarg>

#include "assembler/tools/dump.h"

namespace dump {

void append(std::string& out, const char* format, ...) {
  char text[512];
  va_list arguments;
  va_start(arguments, format);
  int size = std::vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  if (size > 0) out.append(text, std::min(size_t(size), sizeof text - 1));
}

void header(const object::Object& object, std::string& out) {
  append(out, "%s, %zu sections, %zu symbols", object.executable ? "image" : "object", object.sections.size(),
         object.symbols.size());
  if (object.executable) append(out, ", entry %08x", object.entry);
  if (std::optional<object::Note> note = object::readNote(object)) {
    bool same = false;
    if (const object::Section* text = object.section(".text")) same = object::hashText(text->bytes) == note->textHash;
    append(out, "\nisa %u, abi %u, text hash %016llx (%s)", note->isaVersion, note->abiVersion,
           (unsigned long long)note->textHash, same ? "the text's" : "not the text's");
  }
  if (std::optional<uint32_t> units = object::readKernelSection(object)) append(out, "\nabstract kernel: %u units", *units);
  out += "\n\n";
}

void sections(const object::Object& object, std::string& out) {
  out += "sections\n  #  address  size     align flags type     name\n";
  for (size_t i = 0; i < object.sections.size(); i++) {
    const object::Section& section = object.sections[i];
    const char* type = section.type == 1   ? "progbits"
                       : section.type == 7 ? "note"
                       : section.noBits()  ? "nobits"
                                           : "other";
    append(out, "%3zu  %08x %08x %5x %c%c%c   %-8s ", i, section.address, section.length(), section.align,
           section.flags & object::kAlloc ? 'a' : '-', section.flags & object::kWrite ? 'w' : '-',
           section.flags & object::kExecute ? 'x' : '-', type);
    out += section.name + "\n";
  }
  out += "\n";
}

void segments(const object::Object& object, std::string& out) {
  if (!object.executable) return;
  out += "segments\n  address  in file  in memory\n";
  for (const object::Segment& segment : object::segments(object))
    append(out, "  %08x %8zx %8x\n", segment.address, segment.bytes.size(), segment.memorySize);
  out += "\n";
}

void symbols(const object::Object& object, std::string& out) {
  static constexpr const char* kKinds[] = {"-", "data", "function", "section", "file"};
  out += "symbols\n  value    size     bind   kind     section      name\n";
  for (const object::Symbol& symbol : object.symbols) {
    std::string section = symbol.section == object::kUndefined  ? "undefined"
                          : symbol.section == object::kAbsolute ? "absolute"
                                                                : object.sections[symbol.section].name;
    append(out, "  %08x %08x %-6s %-8s ", symbol.value, symbol.size,
           symbol.weak     ? "weak"
           : symbol.global ? "global"
                           : "local",
           kKinds[symbol.kind]);
    section.resize(std::max(section.size(), size_t(12)), ' ');
    out += section + " " + symbol.name + "\n";
  }
  out += "\n";
}

void relocations(const object::Object& object, std::string& out) {
  for (const object::Section& section : object.sections) {
    if (section.relocations.empty()) continue;
    out += "relocations of " + section.name + "\n";
    for (const object::RelocationEntry& entry : section.relocations) {
      const object::Symbol& symbol = object.symbols[entry.symbol];
      bool isSection = symbol.kind == object::Symbol::SectionSymbol && symbol.section < object.sections.size();
      append(out, "  %08x %-8s ", entry.offset, std::string(object::relocationName(entry.type)).c_str());
      out += isSection ? object.sections[symbol.section].name : symbol.name;
      if (entry.addend) append(out, "%+d", entry.addend);
      out += "\n";
    }
    out += "\n";
  }
}

}  // namespace dump
