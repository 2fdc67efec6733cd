// The hook of the test program c0c-mutant: `mutated(m)` is asked wherever the generator emits what mutation m breaks.
// In the shipped compiler it is the constant false.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "assembler/base/result.h"

namespace codegen {

enum class Mutation : uint8_t {
#define MUTATION(Name, name, text) Name,
#include "compiler/codegen/mutation.def"
  None
};

#ifdef C0_MUTANTS
// Whether this occurrence is the (or a) broken one.
bool mutated(Mutation mutation);
// "name": every occurrence is broken; "name:3": the third one of the run, counted from 1. Errors: [usage].
base::Status selectMutation(std::string_view text);
// One line a mutation.
std::string listMutations();
// Occurrences of the selected mutation so far.
uint32_t mutationCount();
#else
constexpr bool mutated(Mutation) { return false; }
#endif

}  // namespace codegen
