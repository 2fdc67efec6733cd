// The first users: the processes of the swap disk's image (decisions.md, 28, 33).
#pragma once

#include "vm/cvmimage/cvmimage.h"
#include "vm/relate/cvm/specification.h"

namespace cvm {

static_assert(kProcesses == cvmimage::kMaxProcesses && kMaskBits == cvmimage::kMaskBits);

// `image` was read, and `header` is what it says.
Users usersOf(std::span<const uint8_t> image, const cvmimage::Header& header);

}  // namespace cvm
