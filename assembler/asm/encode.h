// Operands -> fields, by the templates of isa/instructions.def. Private to assembler/asm.
#pragma once

#include <optional>
#include <span>

#include "assembler/asm/syntax.h"
#include "assembler/base/diagnostics.h"
#include "assembler/isa/isa.h"
#include "assembler/object/elf.h"

namespace assembler {

// A place in the contents that an expression's value goes to.
enum class Field : uint8_t {
  None,
  Imm16,
  Uimm16,
  Code26,
  Shift5,
  Branch16,
  Jump26,
  Hi16,
  Lo16,
  Gprel16,
  Word,
  Half,
  Byte
};

struct FieldRow {
  std::string_view name;          // for messages
  int64_t low, high;              // of constants; Hi16 and Lo16 take 32-bit numbers
  object::Relocation relocation;  // of addresses; None: there is none
};
const FieldRow& fieldRow(Field field);
// Puts a value that is in range into the word (Word, Half, Byte: into its low bits).
uint32_t insertField(Field field, uint32_t word, int64_t value);
unsigned fieldBytes(Field field);

// An instruction whose registers are known, and what is still to be put into its number field.
struct Encoded {
  isa::Instruction instruction;
  Field field = Field::None;
  Expr value;
};

// Errors: asm-operands (their number or form), asm-register.
std::optional<Encoded> encode(isa::Op op, std::span<const Operand> operands, Range where,
                              base::Diagnostics& diagnostics);

// The same instruction with all fields 0 that its operands do not name: what assembling its printed form gives.
isa::Instruction canonical(const isa::Instruction& instruction);
// The field that an instruction's number goes to, None if it has no such operand.
Field numberField(isa::Op op);

std::optional<uint8_t> findGeneral(std::string_view name);  // r0..r31, zero gp fp hp ra
std::optional<uint8_t> findFloat(std::string_view name);    // f0..f31

}  // namespace assembler
