// Synthetic instructions (synthetic.def). Private to assembler/asm.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "assembler/asm/encode.h"

namespace assembler {

enum class Condition : uint8_t { Always, Small, High };

struct SyntheticRow {
  std::string_view mnemonic, operands;
  Condition condition;
  std::string_view expansion, meaning;
};
std::span<const SyntheticRow> syntheticRows();

// The rows of a mnemonic; empty if there is none.
std::span<const SyntheticRow> findSynthetic(std::string_view mnemonic);

// Encodes a row's instructions one after the other with the statement's operands; errors are those of encode(), at the
// operands of the statement.
std::optional<std::vector<Encoded>> expand(const SyntheticRow& row, std::span<const Operand> operands, Range where,
                                           base::Diagnostics& diagnostics);

}  // namespace assembler
