// Sources to an image, as c0c does it.
#pragma once

#include <optional>

#include "compiler/driver/driver.h"

namespace consis {

// Compiles and links in this process; nullopt after errors, which are then in the diagnostics.
std::optional<std::vector<uint8_t>> compile(driver::Options options, base::Diagnostics& diagnostics);

}  // namespace consis
