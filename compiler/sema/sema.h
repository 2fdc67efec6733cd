// From source text to the core language: parses and analyses one translation unit (shared/spec/c0.md;
// docs/language.md).
//
// -std=c0 is the paper's language; what lies outside is rejected with a rule's own text and id (rules.def).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "assembler/base/diagnostics.h"
#include "assembler/base/source.h"
#include "compiler/core/core.h"
#include "compiler/sema/warning_set.h"

namespace sema {

enum class Standard : uint8_t { C0, C0X, Core };

struct Options {
  Standard standard = Standard::C0;
  bool assembly = false;  // C0A: asm { .. } and __at
  WarningSet warnings;    // none: no time is spent on them

  // Called when a function is finished (its body will not change), in source order, as long as the unit has no error.
  // Globals and callees it names are in the program; callees may still become defined later.
  std::function<void(core::Program&, uint32_t functionIndex)> onFunction;
};

// Analyses file `file` of the SourceManager and returns its core; nullopt if the diagnostics have errors.
std::optional<core::Program> analyze(base::SourceManager& sources, uint32_t file, const Options& options,
                                     base::Diagnostics& diagnostics);

}  // namespace sema
