// The C preprocessor: the host's cpp, in a process of its own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assembler/base/result.h"

namespace driver {

// Runs arguments[0] with these arguments; its standard error is ours. Returns what it printed. Errors [preprocessor]:
// it cannot be started, or it reported errors.
base::Result<std::string> runPreprocessor(const std::vector<std::string>& arguments);

// A make rule: `target` depends on the source and all files that line markers in the preprocessed text name.
std::string dependencyRule(const std::string& target, const std::string& source, std::string_view preprocessed);

}  // namespace driver
