// What the tool says about a run.
#pragma once

#include <string>

#include "vm/relate/cvm/run.h"

namespace cvm {

// "steps N", then by kind, interrupts by cause, primitives, speed: a line each.
std::string printStatistics(const Statistics& statistics, double seconds);

// "FILE:LINE:COL: fault: NAME: MEANING", and a note with the values.
std::string faultLines(const Machine& machine);

}  // namespace cvm
