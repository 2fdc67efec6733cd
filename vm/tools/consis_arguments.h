// The checker's command line.
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/driver.h"
#include "vm/consis/run_record.h"

namespace consis {

struct Arguments {
  RunRecord record;  // without hash and input; at least one input, but with --replay; with --merge shards
  bool stats = false;
  bool output = false;  // the program's output is passed on
  bool quiet = false;
  // Files, "-" is standard output; empty: no such report.
  std::string json, html, sarif;
  std::string replay;  // a JSON report to run again
  std::optional<uint64_t> step;
  struct Part {
    uint32_t index, count;  // 1 .. count
  };
  std::optional<Part> shard;  // check this one
  bool merge = false;         // the inputs are shards
};

// What the options say, after base::parseOptions. An error is one of usage.
base::Result<Arguments> readArguments();

// The driver's options for sources.
base::Result<driver::Options> compilerOptions(const RunRecord& record);

}  // namespace consis
