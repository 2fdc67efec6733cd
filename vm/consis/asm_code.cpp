#include "vm/consis/asm_code.h"

#include "assembler/asm/assembler.h"
#include "assembler/base/bytes.h"
#include "compiler/codegen/asm_names.h"
#include "vm/consis/checker.h"

namespace consis {
namespace {

using object::Relocation;

// The word at `address` when everything is linked.
uint32_t relocated(const AsmCode& code, const assembler::BlockInstruction& one) {
  const uint32_t word = isa::encode(one.instruction);
  if (one.relocation == Relocation::None) return word;
  uint32_t symbol = code.block->end;  // %next
  if (auto global = code.unit.findGlobal(one.symbol)) symbol = code.globalAddress(*global);
  const uint32_t value = symbol + uint32_t(one.addend);
  auto low = [&](uint32_t field) { return (word & 0xFFFF0000) | (field & 0xFFFF); };
  switch (one.relocation) {
    case Relocation::Hi16: return low((value + 0x8000) >> 16);
    case Relocation::Gprel16: return low(value - code.gp);
    default: return low(value);
  }
}

}  // namespace

std::optional<std::string> checkAsmCode(const AsmCode& code, const object::Section& text) {
  base::SourceManager sources;
  base::Diagnostics diagnostics(sources);
  base::Result<uint32_t> file = sources.addText("asm", std::string(code.statement.text));
  if (!file) return file.error().text;
  std::vector<uint32_t> offsets;
  for (const object::MapVariable& variable : code.map.variables) offsets.push_back(variable.offset);
  codegen::AsmNames names(
      code.unit, code.function, offsets, [](uint32_t) { return true; }, diagnostics);
  const base::Loc begin = sources.begin(*file);
  auto block = assembler::assembleBlock({begin, begin + base::Loc(code.statement.text.size())}, names, diagnostics);
  if (!block) return "the asm block cannot be assembled: " + diagnostics.all().front().text;
  const uint32_t words = code.block ? (code.block->end - code.block->begin) / 4 : 0;
  if (block->size() != words)
    return "the asm block has " + std::to_string(block->size()) + " instructions, its code " + std::to_string(words);
  if (words && (code.block->begin < text.address || code.block->end - text.address > text.bytes.size()))
    return "the asm block lies outside the text";
  for (uint32_t i = 0; i < words; ++i) {
    const uint32_t address = code.block->begin + 4 * i, wanted = relocated(code, (*block)[i]);
    const uint32_t found = base::load<uint32_t>(&text.bytes[address - text.address]);
    if (found != wanted)
      return "the code of the asm block is not its text: at " + hex(address) + " is `" + isa::print(found) +
             "`, wanted is `" + isa::print(wanted) + "`";
  }
  return std::nullopt;
}

}  // namespace consis
