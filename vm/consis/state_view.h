// Both machines at s(i), side by side, as a person reads them: what the HTML report and --replay show.
#pragma once

#include <string>
#include <vector>

#include "vm/consis/checker.h"

namespace consis {

// A part of a value's text: the same in both machines, different, or exempt (docs/consis.md, "Exemptions").
struct Piece {
  enum Kind : uint8_t { Same, Differs, Exempt } kind = Same;
  std::string text = {};
  bool operator==(const Piece&) const = default;
};
using Pieces = std::vector<Piece>;

// A simple value of a variable, for pictures of the heap. Where a pointer leads is the id of a variable; empty:
// nowhere. In the VAMP it is by the inverse of aba; an address without a variable is named itself, "0x00001234".
struct Cell {
  std::string path;  // ".next", "[3].left"; empty for the variable itself; "[3].." with the equal elements behind it
  Piece::Kind kind = Piece::Same;
  std::string abstract, concrete;
  std::string abstractTarget = {}, concreteTarget = {};
  bool operator==(const Cell&) const = default;
};

// A variable, register or saved return address.
struct Row {
  std::string id;  // the same at all steps: "g3", "f5.0" (serial number of the frame, variable), "h12", "r29"
  std::string name = {}, type = {};
  std::optional<uint32_t> address = {};
  Pieces abstract = {}, concrete = {};
  uint64_t differing = 0;        // simple values
  std::vector<Cell> cells = {};  // the first ones, and pointers
  bool operator==(const Row&) const = default;
};

std::string variableId(uint32_t frame, uint32_t variable);
std::string text(const Pieces& pieces);

class StateView {
 public:
  // Of an array at most so many elements are shown, equal ones in a row counting as one, and of those that differ some
  // of the others.
  StateView(const Pair& pair, uint32_t mostElements) : pair_(pair), mostElements_(mostElements) {}

  // Depths that both machines have: 1..depth().
  uint32_t depth() const { return std::min(pair_.abstract.rd(), pair_.aba.depth()); }
  // A variable of a memory frame by its serial number: globals, heap (interp::kGlobalFrame, kHeapFrame), live frames.
  Row variable(uint32_t frame, uint32_t variable) const;
  // c-consis: DPC, PC, r28, r29, r30.
  std::vector<Row> control() const;
  // Of the frame at this depth.
  Row returnAddress(uint32_t depth) const;
  // What is in no relation: the other registers, name and value.
  std::vector<std::pair<std::string, std::string>> otherRegisters() const;

 private:
  const Pair& pair_;
  uint32_t mostElements_;
};

}  // namespace consis
