// --replay: a run that a report is about, again, up to a step, and both states there.
#pragma once

#include "vm/tools/consis_arguments.h"

namespace consis {

// Prints on standard output; returns the tool's exit status.
int replayReport(const Arguments& arguments);

}  // namespace consis
