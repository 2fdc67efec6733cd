// What it takes to make a run again, exactly: the JSON report holds it, --replay reads it (docs/consis.md, "Running
// again").
#pragma once

#include <string>
#include <vector>

#include "vm/consis/lockstep.h"

namespace llvm::json {
class Object;
}

namespace consis {

class Members;

struct RunRecord {
  std::vector<std::string> inputs = {};  // an image, or sources
  // How sources were compiled, as the options say it; of an image nothing.
  struct Compiled {
    std::string standard;
    std::vector<std::string> includes, defines;
    std::string heap, stack;  // empty: the default
    bool checks = true;
  };
  std::optional<Compiled> compiled = {};
  std::string hash = {};                 // SHA-256 of the image's bytes
  std::string disk = {}, diskHash = {};  // image file of disk 0, and its SHA-256; empty: there is none
  Options options = {};                  // without input and output
  std::vector<int> input = {};           // bytes that the program took, -1 for the end
};

// SHA-256 in hexadecimal.
std::string hashOf(std::span<const uint8_t> bytes);

// The member `run`; the mode is the report's.
llvm::json::Object recordJson(const RunRecord& record);
// Its inverse; `run` keeps the first error.
RunRecord readRecord(Members& run);

// What --replay needs of a report.
struct RecordedReport {
  RunRecord record;
  std::string verdict;
  uint64_t c0Steps = 0;   // that the run made
  std::string condition;  // inconsistent:
  uint64_t failed = 0;    // the step, and the machine's
  uint64_t machineStep = 0;
};
// A JSON report of consis. Errors: [bad-report], with the place in the text or the member that is missing or wrong.
base::Result<RecordedReport> readReport(std::span<const uint8_t> text);

}  // namespace consis
