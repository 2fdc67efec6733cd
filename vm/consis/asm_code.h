// The code of an asm block against its text. An asm statement means what the machine does (seed 003, 4.3), so nothing
// else would notice that the compiler translated it wrongly: here it is assembled again, with the places that the map
// gives.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "vm/consis/image.h"

namespace consis {

// A block in its unit. Addresses are absolute.
struct AsmCode {
  const core::Program& unit;
  const core::Function& function;
  const core::Stmt& statement;
  const object::MapFunction& map;
  const object::MapAsm* block;                             // null: the statement emits nothing
  std::function<uint32_t(uint32_t global)> globalAddress;  // of a global of the unit
  uint32_t gp;
};

// What is wrong; nothing if the code is that of the text.
std::optional<std::string> checkAsmCode(const AsmCode& code, const object::Section& text);

}  // namespace consis
