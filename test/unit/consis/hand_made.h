// A small program whose core, machine code and map are all written by hand: what consis is tested with, independent of
// the compiler, the assembler and the linker. Tests change a piece and build the image.
//
//    1 struct node { int value; struct node *next; };
//    2 int g; char c; struct node *list;
//    4 int twice(int a) {
//    5   int r;
//    6   r = a + a;
//    7   return r;
//    8 }
//    9 int main() {
//   10   int x;
//   11   x = 21;
//   12   g = 5;
//   13   c = 'z';
//   14   list = new(struct node);
//   15   x = twice(x);
//   16   list->value = x;
//   17   put_char('A');
//   18   if (x == 42)
//   19     g = 7;
//   20   else g = 8;
//   21   return g;
//   22 }
#pragma once

#include <map>
#include <string>
#include <vector>

#include "assembler/isa/isa.h"
#include "assembler/object/elf.h"
#include "assembler/object/map.h"
#include "compiler/core/core.h"

namespace consis::test {

constexpr uint32_t kText = 0x8000, kGlobals = 0xA000, kHeap = 0x10000, kHeapEnd = 0x11000, kStackTop = 0x12000;

struct HandMade {
  HandMade();

  core::Program core;
  std::vector<object::MapFunction> map;  // twice, main
  std::vector<std::string> mapGlobals{"g", "c", "list"};
  std::vector<uint32_t> text;
  std::map<std::string, uint32_t> labels;  // "main", "main.3": word index in `text`
  std::map<std::string, uint32_t> symbols;
  bool wrongHash = false;

  uint32_t address(const std::string& label) const { return kText + 4 * labels.at(label); }
  // Replaces the instruction `index` words after the label.
  void patch(const std::string& label, uint32_t index, isa::Instruction instruction) {
    text[labels.at(label) + index] = isa::encode(instruction);
  }

  object::Object build();
  std::vector<uint8_t> elf();

 private:
  void writeCore();
  void writeText();
  void writeMap();
};

}  // namespace consis::test
