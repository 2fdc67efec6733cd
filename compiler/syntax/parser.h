// Parses one file and hands each top-level declaration to a consumer as soon as it is complete.
#pragma once

#include "assembler/base/diagnostics.h"
#include "compiler/syntax/arena.h"
#include "compiler/syntax/ast.h"

namespace syntax {

class Consumer {
 public:
  virtual ~Consumer() = default;
  // Nodes may be changed; they die when the call returns.
  virtual void declaration(Declaration& declaration, Arena& arena) = 0;
  virtual void function(FunctionDefinition& function, Arena& arena) = 0;
};

// Syntax errors go to the diagnostics [parse-..., nesting-limit]; what follows them is parsed and handed over as well,
// with Error nodes where a part is missing. Symbols keep views into the file's text.
void parse(base::SourceManager& sources, uint32_t file, SymbolTable& symbols, base::Diagnostics& diagnostics,
           Consumer& consumer);

}  // namespace syntax
