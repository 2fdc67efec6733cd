// What c0i runs: sources, objects, archives and images become one linked core program.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assembler/base/diagnostics.h"
#include "compiler/core/core.h"

namespace c0i {

struct LoadOptions {
  std::vector<std::string> inputs;  // "-": source text on standard input
  bool assembly = false;            // asm in sources; in *.c0a always
  bool library = true;              // link what the library defines
  std::string libraryFolder;        // its sources; empty: there is none
};

// The program, verified and runnable; else the diagnostics say why.
std::optional<core::Program> load(const LoadOptions& options, base::Diagnostics& diagnostics);

// The folder of the library's sources: $C0_RUNTIME/lib, beside the executable, or in the source tree. Empty if there is none.
std::string findLibrary(const char* executable);

}  // namespace c0i
