// Values of the VAMP in the words of the source.
#pragma once

#include <string>

#include "vm/consis/checker.h"

namespace consis {

// The bits of a simple value: "7", "97 'a'", "true", "4000000000u", a pointer by the inverse of aba: "&heap#2", "null",
// "0x00001234 (no variable)".
std::string valueText(const Pair& pair, const core::Type& type, uint32_t bits);

}  // namespace consis
