// isa_page: prints docs/isa.md, made from the instruction table; with --check FILE it compares instead (status 1 if
// they differ).
#include <cstdio>
#include <string>

#include "assembler/base/generated_page.h"
#include "assembler/isa/isa.h"

namespace {

std::string hex(unsigned value) {
  char text[8];
  std::snprintf(text, sizeof text, "%02X", value);
  return text;
}

std::string instructionRow(const isa::Row& row) {
  std::string text =
      "| `" + std::string(row.mnemonic) + (row.operands.empty() ? "" : " ") + std::string(row.operands) + "` | ";
  switch (row.format) {
    case isa::Format::I: return text + "I | " + hex(row.opcode) + " | | |\n";
    case isa::Format::J: return text + "J | " + hex(row.opcode) + " | | |\n";
    case isa::Format::R: return text + "R | 00 | " + hex(row.function) + " | |\n";
    case isa::Format::F:
      return text + "F | " + hex(row.opcode) + " | " + hex(row.function) + " | " + std::to_string(row.fmt) + " |\n";
  }
  return text;
}

std::string page() {
  std::string text =
      "# Instructions of VAMP\n\n"
      "Made by `isa_page` from assembler/isa/instructions.def and registers.def; do not edit. What the instructions "
      "do: "
      "machine.md.\n\n"
      "## Formats\n\n"
      "| format | 31..26 | 25..21 | 20..16 | 15..11 | 10..6 | 5..0 |\n|---|---|---|---|---|---|---|\n"
      "| I | opcode | RS1 | RD | imm, 16 bits, sign-extended | | |\n"
      "| R | 0 | RS1 | RS2 | RD | SA | function |\n"
      "| J | opcode | imm, 26 bits, sign-extended | | | | |\n"
      "| F | opcode | FS1 | FS2 | FD | fmt (8..6) | function |\n\n"
      "Operands: RD, RS1, RS2 general registers; FD, FS1, FS2 floating-point registers; SA a number 0..31; SPR a "
      "special register, "
      "in the SA field; imm, uimm 16 bits; mem = imm(RS1); branch, jump = byte offset from the delay slot; code 26 "
      "bits. A store's "
      "source is in the RD field. Fields that a format does not use are ignored, and written as 0.\n\n"
      "## Instructions\n\n"
      "Opcodes and functions are hexadecimal.\n\n"
      "| instruction | format | opcode | function | fmt |\n|---|---|---|---|---|\n";
  for (unsigned i = 0; i < isa::kOpCount; i++) text += instructionRow(isa::row(isa::Op(i)));
  text += "\n## Special registers\n\n| number | name | in user mode |\n|---|---|---|\n";
  for (unsigned i = 0; i < 32; i++)
    if (isa::sprExists(i))
      text += "| " + std::to_string(i) + " | " + std::string(isa::sprName(i)) + " | " +
              (isa::userSpr(i) ? "yes" : "illegal") + " |\n";
  return text;
}

}  // namespace

int main(int argc, char** argv) { return base::generatedPage(argc, argv, "isa_page", "the instruction table", page()); }
