// Holds a unit's map against its core: names, counts, positions, frames (shared/spec/consis.md). The compiler wrote
// both; consis relies on nothing that it could not recompute.
#pragma once

#include "assembler/base/result.h"
#include "assembler/object/map.h"
#include "compiler/core/core.h"
#include "vm/consis/condition.h"

namespace consis {

// Puts the map's functions into the core's order. Error [map-core-mismatch], naming unit and function.
base::Status crossCheck(object::MapUnit& map, const core::Program& unit, const Dropped& dropped = {});

// The frame of one function: size as core::layoutFrame computes it, variables inside it, apart from each other and from
// the saved return address.
base::Status crossCheckFrame(const object::MapFunction& map, const core::Program& unit, const core::Function& function,
                             const Dropped& dropped = {});

}  // namespace consis
