// .c0core: a unit's core program in bytes (docs/core.md). The linker concatenates units; link() joins them.
#pragma once

#include <span>
#include <vector>

#include "assembler/base/result.h"
#include "compiler/core/core.h"

namespace core {

std::vector<uint8_t> serialize(const Program& unit);

// All units of a section. The bytes may be damaged or hostile: everything is checked (also verify()). Errors [bad-core].
base::Result<std::vector<Program>> deserialize(std::span<const uint8_t> bytes);

// Well-typed and well-formed: every rule of the core that the interpreter and the code generator rely on. Error names function
// and position. [bad-core]
base::Status verify(const Program& program);
// The same for one function, in a program whose types and globals are well-formed.
base::Status verify(const Program& program, const Function& function);

// One program of several units: externs resolved by name (a definition, else a primitive of the program's platform), types united
// by tag and structure, internal names kept apart.
// The n-th unit's k-th defined function becomes findable through LinkMap. Errors: [link-undefined], [link-duplicate],
// [link-type-mismatch], naming both places.
struct Linked {
  Program program;
  std::vector<std::vector<uint32_t>> functions;  // [unit][k-th defined function] -> index into program.functions
  std::vector<std::vector<uint32_t>> globals;    // [unit][k-th defined global]   -> index into program.globals
};
base::Result<Linked> link(std::span<const Program> units, Platform platform = Platform::Standalone);

}  // namespace core
