// Uniting the types of several units: by tag and structure (serialize.h, link).
#pragma once

#include <span>
#include <vector>

#include "assembler/base/result.h"
#include "compiler/core/core.h"

namespace core {

// Makes in `types` the types of all units; result[unit][id] is what the unit's type became. Structs are one iff tag and fields
// agree, the fields' types likewise, through pointers too; an incomplete struct becomes the first complete one with its tag.
base::Result<std::vector<std::vector<TypeId>>> uniteTypes(std::span<const Program> units, TypeTable& types);

}  // namespace core
