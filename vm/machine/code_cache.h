// Decodes words to records, and chooses the handlers that run several records at once.
#pragma once

#include "vm/machine/machine.h"
#include "vm/machine/record.h"

namespace machine {

enum class Fused : uint16_t {
#define CHAIN(first, second) first##Into##second,
#define CHAIN_SECOND(first, second) first##IntoSecondOf##second,
#define PAIR(first, second) first##second,
#define SLOT(branch, slot) branch##slot,
#define FAR_SLOT(jump, slot) Far##jump##slot,
#define TEST(first, branch, slot) first##branch##slot,
#include "vm/machine/fused.def"
  Count
};
constexpr unsigned kFusedCount = unsigned(Fused::Count);

// The addresses of the fast loop's handlers.
struct Handlers {
  const void* plain[kKindCount];
  const void* listing[kKindCount];  // the same, but for stores that a watch lists
  const void* fused[kFusedCount];
};

// Decodes the record at `index`, and those after it up to a jump and its delay slot, or up to the first decoded one;
// chooses their handlers: of words that the watch or the breaks may mean, that of a watched place. A record may be decoded already and only want a handler.
void decodeFrom(CodePage& page, unsigned index, const uint8_t* pageBytes, const Handlers& handlers, const Watch* watch,
                const Breaks* breaks);

}  // namespace machine
