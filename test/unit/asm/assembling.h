// Assembles a text for the assembler's tests.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>

#include "assembler/asm/assembler.h"
#include "assembler/base/bytes.h"

namespace assembler {

struct Assembling {
  base::SourceManager sources;
  base::Diagnostics diagnostics{sources};
  std::optional<object::Object> object;

  explicit Assembling(const std::string& text) {
    object = assemble(*sources.addText("t.s", text), diagnostics);
    if (!object) return;
    base::Result<object::Object> read = object::readElf(object::writeElf(*object));
    EXPECT_TRUE(read) << read.error().place << ": " << read.error().text;
  }
  // "line:column: text [id]", a line each.
  std::string errors() const {
    std::string text;
    for (const base::Diagnostic& d : diagnostics.all()) {
      base::Place place = sources.place(d.where.begin);
      text += std::to_string(place.line) + ":" + std::to_string(place.column) + ": " + d.text + " [" + d.id + "]\n";
    }
    return text;
  }
  std::vector<uint8_t> bytes(const char* section = ".text") const {
    if (!object || !object->section(section)) {
      ADD_FAILURE() << errors();
      return {};
    }
    return object->section(section)->bytes;
  }
  std::vector<uint32_t> words(const char* section = ".text") const {
    std::vector<uint8_t> all = bytes(section);
    std::vector<uint32_t> result(all.size() / 4);
    for (size_t i = 0; i < result.size(); i++) result[i] = base::load<uint32_t>(&all[i * 4]);
    return result;
  }
  // "section+offset TYPE symbol+addend", a line each.
  std::string relocations() const {
    std::string text;
    if (!object) return errors();
    for (const object::Section& section : object->sections)
      for (const object::RelocationEntry& entry : section.relocations) {
        const object::Symbol& symbol = object->symbols[entry.symbol];
        bool isSection = symbol.kind == object::Symbol::SectionSymbol;
        text += section.name + "+" + std::to_string(entry.offset) + " " +
                std::string(object::relocationName(entry.type)) + " " +
                (isSection ? object->sections[symbol.section].name : symbol.name) + "+" + std::to_string(entry.addend) +
                "\n";
      }
    return text;
  }
};

inline std::string hex(const std::vector<uint32_t>& words) {
  std::string text;
  for (uint32_t word : words) {
    char one[12];
    std::snprintf(one, sizeof one, "%08X ", word);
    text += one;
  }
  return text.empty() ? text : text.substr(0, text.size() - 1);
}

}  // namespace assembler
