// --shard and --merge (docs/consis.md, "Shards").
#pragma once

#include "vm/consis/image.h"
#include "vm/tools/consis_arguments.h"

namespace consis {

// Checks the shard's segments and writes its file; the status.
int writeShard(Arguments& arguments);

struct Merged {
  Image image;
  Outcome outcome;
};
// The run of the shards that are named as inputs; arguments.record becomes the run's. Nothing after errors, which are then
// printed; `status` is theirs.
std::optional<Merged> mergeFiles(Arguments& arguments, int& status);

}  // namespace consis
