// What c0i runs: sources, objects, archives and images become one linked core program.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "assembler/base/diagnostics.h"
#include "compiler/core/core.h"
#include "compiler/driver/driver.h"

namespace c0i {

struct LoadOptions {
  std::vector<std::string> inputs;  // "-": source text on standard input
  sema::Standard standard = driver::kDefaultStandard;
  std::vector<std::string> preprocessor;  // -I, -D, -U as given
  bool assembly = false;            // asm in sources; in *.c0a always
  bool library = true;              // link what the library defines
  std::string libraryFolder;        // of libc0.a
};

// The program, verified and runnable; else the diagnostics say why.
std::optional<core::Program> load(const LoadOptions& options, base::Diagnostics& diagnostics);

}  // namespace c0i
