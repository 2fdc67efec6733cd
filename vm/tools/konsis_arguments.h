// konsis's command line.
#pragma once

#include "vm/relate/konsis/run.h"

namespace konsis {

struct Arguments {
  std::string kernel, disk, secondDisk;  // files; the last may be empty
  consis::Options options;               // without input, output and users
  CheckOptions check;
  std::string json, html;  // where the reports go; "-": standard output; empty: nowhere
  bool stats = false, output = false, quiet = false;
  bool serial = false;  // the serial line takes standard input
};

// What the options say, after base::parseOptions. An error is one of usage.
base::Result<Arguments> readArguments();

}  // namespace konsis
