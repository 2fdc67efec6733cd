// What a run is made of: an image, or sources, which are compiled as c0c does it.
#pragma once

#include "vm/consis/run_record.h"

namespace consis {

// The image's bytes; the disk's contents go to the options. Of an image `compiled` is taken away; sources that are
// compiled with run-time checks are `checked`. Nothing after errors, which have been printed; `status` is then the
// tool's.
std::optional<std::vector<uint8_t>> readProgram(RunRecord& record, int& status);

}  // namespace consis
