// Objects that several tests start from.
#pragma once

#include "assembler/base/bytes.h"
#include "assembler/object/elf.h"

namespace object {

// .text with two functions that refer to each other and to an undefined symbol, .data with a pointer, .bss.
inline Object sampleObject() {
  Object object;
  Section text{.name = ".text", .flags = kAlloc | kExecute, .align = 4};
  text.bytes = {0, 0, 0, 0x0C, 0, 0, 0x21, 0x34, 0, 0, 0xE0, 0x5B, 0, 0, 0x21, 0x34};
  text.relocations = {{0, Relocation::Pc26, 3, 0}, {4, Relocation::Lo16, 1, -8}};
  Section data{.name = ".data", .flags = kAlloc | kWrite, .align = 4, .bytes = std::vector<uint8_t>(12, 0xAB)};
  data.relocations = {{5, Relocation::Word32, 2, 4}};
  Section bss{.name = ".bss", .type = 8, .flags = kAlloc | kWrite, .align = 8, .size = 4096};
  Section note{.name = ".note", .bytes = {'h', 'i'}};
  object.sections = {text, data, bss, note};
  object.symbols = {{.name = "main", .section = 0, .value = 0, .size = 8, .global = true, .kind = Symbol::Function},
                    {.name = "local", .section = 1, .value = 4},
                    {.name = "", .section = 0, .kind = Symbol::SectionSymbol},
                    {.name = "outside", .global = true},
                    {.name = "limit", .section = kAbsolute, .value = 77, .global = true},
                    {.name = "soft", .section = 0, .value = 8, .weak = true, .kind = Symbol::Function}};
  return object;
}

inline Object sampleImage() {
  Object image;
  image.executable = true;
  image.entry = 0x8000;
  image.sections = {
      {.name = ".vector", .flags = kAlloc | kExecute, .align = 4, .bytes = {1, 2, 3, 4}},
      {.name = ".text", .flags = kAlloc | kExecute, .align = 4096, .address = 0x8000, .bytes = {5, 6, 7, 8}},
      {.name = ".bss", .type = 8, .flags = kAlloc | kWrite, .align = 4096, .address = 0x9000, .size = 100}};
  image.sections.push_back(noteSection({1, 1, hashText(image.sections[1].bytes)}));
  image.symbols = {{.name = "start", .section = 1, .value = 0x8000, .global = true}};
  return image;
}

}  // namespace object
