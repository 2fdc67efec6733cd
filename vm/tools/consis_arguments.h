// The checker's command line.
#pragma once

#include <string>
#include <vector>

#include "compiler/driver/driver.h"
#include "vm/consis/lockstep.h"

namespace consis {

struct Arguments {
  std::vector<std::string> inputs;  // at least one
  Options options;                  // without input and output
  driver::Options compiler;         // for sources: with inputs
  bool checks = true;               // sources are compiled with all run-time checks
  std::string disk;         // image file of disk 0; empty: there is none
  bool json = false;
  bool stats = false;
  bool output = false;  // the program's output is passed on
  bool quiet = false;
};

// What the options say, after base::parseOptions. An error is one of usage.
base::Result<Arguments> readArguments();

}  // namespace consis
