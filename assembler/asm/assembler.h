// The assembler: text (docs/assembly.md) -> object, or, for asm blocks of C0A, -> instructions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assembler/base/diagnostics.h"
#include "assembler/isa/isa.h"
#include "assembler/object/elf.h"

namespace assembler {

// Assembles a file of diagnostics.sources(). All errors (ids asm-...) go to `diagnostics`; nothing is returned if there
// was one. With `debugFolder` the object gets debug information, in which names of files that are not absolute begin in that folder.
std::optional<object::Object> assemble(uint32_t file, base::Diagnostics& diagnostics,
                                       const std::optional<std::string>& debugFolder = {});

// What names mean in an asm block; implemented by who knows the C0 program around it. Returning nothing says that the
// error has been reported.
class BlockNames {
 public:
  // A constant, or (symbol not empty) the address of a symbol and an offset.
  struct Meaning {
    int64_t value = 0;
    std::string symbol;
  };
  // offset(base); the offset is a constant, or a symbol's with the relocation Lo16 or Gprel16.
  struct Place {
    uint8_t base = 0;
    Meaning offset;
    object::Relocation relocation = object::Relocation::None;
  };
  virtual ~BlockNames() = default;
  virtual std::optional<Place> variable(std::string_view text, base::Range where) = 0;  // [text]
  virtual std::optional<Meaning> function(std::string_view name, std::string_view argument,
                                          base::Range where) = 0;  // %name(argument)
};

// The symbol of a relocation against %next: the address behind the block, where the next statement begins.
constexpr std::string_view kNextStatement = "%next";

// Branches and jumps to labels of the block have their offset in `instruction`; what only the linker knows is a
// relocation.
struct BlockInstruction {
  isa::Instruction instruction;
  object::Relocation relocation = object::Relocation::None;
  std::string symbol;
  int32_t addend = 0;
  base::Range where;  // the statement; several instructions of a synthetic one share it
};

// Assembles the lines within `text`, a range of one of diagnostics.sources()'s files: labels and instructions, no
// directives.
std::optional<std::vector<BlockInstruction>> assembleBlock(base::Range text, BlockNames& names,
                                                           base::Diagnostics& diagnostics);

}  // namespace assembler
