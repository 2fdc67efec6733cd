// The inverse of the assembler.
#pragma once

#include <string>

#include "assembler/object/elf.h"

namespace assembler {

// Assembly text with the object's (or image's) sections, symbols and relocations, which assembles to the same bytes.
// Words that no instruction's text gives (illegal, or with fields set that the instruction ignores) are .word with the
// decoded text as comment. Not kept: addresses of an image, section types other than progbits, nobits, note, alignments
// above 1 MiB.
std::string disassemble(const object::Object& object);

// An instruction's text with another text in place of its number: "lw r2,%lo(x)(r1)".
std::string printWith(uint32_t word, const std::string& number);

}  // namespace assembler
