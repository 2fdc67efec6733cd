// The restrictions (i)-(vi) of asm blocks (seed 003, 4.3; decisions.md, 15), as far as they can be seen in the block.
// The rest is checked at every execution by consis (vm/consis/asm_step.h).
#pragma once

#include <vector>

#include "assembler/asm/assembler.h"
#include "compiler/core/frame.h"

namespace codegen {

// Where the block stands.
struct AsmScope {
  const core::Program& program;
  const core::Function& function;
  const core::FrameLayout& frame;
};

// Errors [asm-restriction] at the instruction. The block has at least one.
void checkRestrictions(const std::vector<assembler::BlockInstruction>& block, const AsmScope& scope,
                       base::Diagnostics& diagnostics);

}  // namespace codegen
