// Both states as text (docs/consis.md, "Running again").
#pragma once

#include <string>

#include "vm/consis/spectator.h"

namespace consis {

// Everything that is alive at the moment: frames, globals, heap, control, registers, the step's last instructions; rows
// that differ begin with '>'.
std::string stateText(const Moment& moment, bool color);

}  // namespace consis
