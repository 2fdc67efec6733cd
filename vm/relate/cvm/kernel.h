// An abstract kernel: a C0 program with `int i` and `int kdispatch(int, int)` that calls CVM primitives (seed 003, 5.1).
#pragma once

#include <string>
#include <vector>

#include "compiler/core/ld.h"
#include "compiler/interp/interp.h"

namespace cvm {

struct Kernel {
  core::Program program;
  interp::Limits limits{};  // its budget of heap and stack
  uint32_t i = 0;           // among the globals
  uint32_t kdispatch = 0;   // among the functions
};

// The abstract one of a kernel. Errors: those of core::linkAbstractKernel; [not-runnable].
base::Result<Kernel> makeKernel(const core::KernelUnits& units, interp::Limits limits);

struct Input {
  std::string name;  // for messages
  std::vector<uint8_t> bytes;
};
// Of an image that `vld --kernel` linked, whose heap and stack then count, or of objects and archives (of these the members that
// define what is missing). Errors besides: [bad-elf], [bad-archive], [bad-core], [no-core], [no-kernel], with the input's name.
base::Result<Kernel> loadKernel(const std::vector<Input>& inputs, interp::Limits limits);

}  // namespace cvm
