#include "assembler/dwarf/lines.h"

#include "llvm/BinaryFormat/Dwarf.h"

namespace dwarf {
namespace {

constexpr uint8_t kInstructionBytes = 4, kLineRange = 14, kOpcodeBase = 13;
constexpr int8_t kLineBase = -5;
constexpr uint8_t kStandardLengths[kOpcodeBase - 1] = {0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1};

// Moves on by `words` instructions and `lines`, and makes a row.
void advanceLine(Contents& to, uint32_t words, int64_t lines) {
  if (lines < kLineBase || lines >= kLineBase + kLineRange) {
    to.u8(llvm::dwarf::DW_LNS_advance_line);
    to.leb128(lines);
    lines = 0;
  }
  const uint64_t special = uint64_t(lines - kLineBase) + uint64_t(kLineRange) * words + kOpcodeBase;
  if (special <= 0xFF) return to.u8(uint8_t(special));
  to.u8(llvm::dwarf::DW_LNS_advance_pc);
  to.unsignedNumber(words);
  to.u8(uint8_t(lines - kLineBase + kOpcodeBase));
}

void extended(Contents& to, uint8_t opcode, uint8_t operands) {
  to.u8(0);
  to.unsignedNumber(1 + operands);
  to.u8(opcode);
}

}  // namespace

uint32_t Lines::file(std::string_view name) {
  auto found = numbers_.find(name);
  if (found != numbers_.end()) return found->second;
  files_.emplace_back(name);
  return numbers_[files_.back()] = uint32_t(files_.size());
}

void Lines::add(Place place, uint32_t file, uint32_t line, uint32_t column) {
  sections_[place.section][place.offset] = {file, line, column};
}

std::vector<uint32_t> Lines::sections() const {
  std::vector<uint32_t> result;
  for (const auto& [section, rows] : sections_) result.push_back(section);
  return result;
}

void Lines::sequence(Contents& to, uint32_t section, const std::map<uint32_t, Row>& rows, uint32_t end) const {
  uint32_t at = rows.begin()->first;
  Row last{1, 1, 0};
  extended(to, llvm::dwarf::DW_LNE_set_address, 4);
  to.address({section, at});
  for (const auto& [offset, row] : rows) {
    if (row.file != last.file) to.u8(llvm::dwarf::DW_LNS_set_file), to.unsignedNumber(row.file);
    if (row.column != last.column) to.u8(llvm::dwarf::DW_LNS_set_column), to.unsignedNumber(row.column);
    advanceLine(to, (offset - at) / kInstructionBytes, int64_t(row.line) - last.line);
    at = offset, last = row;
  }
  to.u8(llvm::dwarf::DW_LNS_advance_pc);
  to.unsignedNumber((end - at) / kInstructionBytes);
  extended(to, llvm::dwarf::DW_LNE_end_sequence, 0);
}

Contents Lines::finish(const object::Object& object) const {
  Contents to;
  const uint32_t unit = to.openLength();
  to.u16(kVersion);
  const uint32_t header = to.openLength();
  for (uint8_t byte : {kInstructionBytes, uint8_t(1) /* operations an instruction */, uint8_t(1) /* rows begin statements */, uint8_t(kLineBase), kLineRange, kOpcodeBase})
    to.u8(byte);
  for (uint8_t length : kStandardLengths) to.u8(length);
  to.u8(0);  // no folders but the unit's
  for (const std::string& name : files_) {
    to.text(name);
    for (int i = 0; i < 3; i++) to.unsignedNumber(0);  // folder, time, size
  }
  to.u8(0);
  to.closeLength(header);
  for (const auto& [section, rows] : sections_) sequence(to, section, rows, object.sections[section].length());
  to.closeLength(unit);
  return to;
}

}  // namespace dwarf
