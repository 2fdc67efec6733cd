// Decodes words to records, and chooses the handlers that run several records at once.
#pragma once

#include "vm/machine/record.h"

namespace machine {

enum class Fused : uint16_t {
#define PAIR(first, second) first##second,
#include "vm/machine/fused.def"
#define COMPARE(compare, branch) compare##branch,
#include "vm/machine/fused.def"
  BeqzNop,  // branch or jump to the same page, nop in the delay slot
  BnezNop,
  JNop,
  JalNop,
  JFarNop,  // to another page
  JalFarNop,
  JrNop,
  JalrNop,
  Count
};
constexpr unsigned kFusedCount = unsigned(Fused::Count);

// The addresses of the fast loop's handlers.
struct Handlers {
  const void* plain[kKindCount];
  const void* fused[kFusedCount];
};

// Decodes the record at `index`, and those after it up to a jump and its delay slot, or up to the first decoded one; chooses their
// handlers. A record may be decoded already and only want a handler.
void decodeFrom(CodePage& page, unsigned index, const uint8_t* pageBytes, const Handlers& handlers);

}  // namespace machine
