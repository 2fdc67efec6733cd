// What all mains share: options through llvm::cl with our help layout and exit statuses, colour,
// output files that appear whole or not at all.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "assembler/base/diagnostics.h"
#include "assembler/base/result.h"

namespace base {

struct ToolInfo {
  const char* name;      // "vas"
  const char* purpose;   // one line
  const char* examples;  // two lines, printed first by --help
  int failed = kExitErrors;  // the status when standard output cannot be written (kExitGuestTool: vamp, c0i)
};

// Parses the command line (cl options are defined by the tool). Prints help or version and exits 0,
// or prints usage errors and returns false (exit with kExitUsage).
bool parseOptions(int argc, char** argv, const ToolInfo& info);

// --color=auto|always|never, then NO_COLOR, CLICOLOR_FORCE, TERM=dumb, then isatty(stderr).
bool useColor();

// Prints the diagnostics on stderr in the format of -fdiagnostics-format; returns kExitErrors if
// there is an error, else kExitOk.
int finish(const Diagnostics& diagnostics);

// "vas: error: lib.a: not an archive [bad-archive]" on stderr; returns `status`.
int fail(const Error& error, std::string_view file = {}, int status = kExitErrors);

// Whole file ("-" = standard input); at most `limit` bytes.
Result<std::vector<uint8_t>> readFile(const std::string& path, uint64_t limit = uint64_t(1) << 31);

// Writes to a temporary beside `path`, then renames ("-" = standard output): no partial output.
Status writeFile(const std::string& path, const void* data, size_t size, bool executable = false);

// The current one, absolute.
std::string workingFolder();

// Takes back an output because one that belongs to it could not be written; devices, pipes and "-" stay.
void discardFile(const std::string& path);

}  // namespace base
