// Decodes words to records, and chooses the handlers that run several records at once.
#pragma once

#include "vm/machine/machine.h"
#include "vm/machine/record.h"

namespace machine {

enum class Fused : uint16_t {
#define PAIR(a, link, b) a##link##b,
#define TRIPLE(a, link, b, then, c) a##link##b##then##c,
#define QUAD(a, link, b, then, c, later, d) a##link##b##then##c##later##d,
#define NEAR_2(branch, slot) branch##slot,
#define NEAR_3(a, branch, slot) a##branch##slot,
#define NEAR_4(a, b, branch, slot) a##b##branch##slot,
#define FAR_2(jump, slot) Far##jump##slot,
#include "vm/machine/fused.def"
  Count
};
constexpr unsigned kFusedCount = unsigned(Fused::Count);

// The addresses of a loop's handlers.
struct Handlers {
  const void* alone[kKindCount];
  const void* fused[kFusedCount];
};

// Decodes the record at `index`, and those after it up to a jump and its delay slot, or up to the first decoded one;
// chooses their handlers: of words that the watch or the breaks may mean, that of a watched place. A record may be decoded already and only want a handler.
void decodeFrom(CodePage& page, unsigned index, const uint8_t* pageBytes, const Handlers& handlers, const Watch* watch,
                const Breaks* breaks);

}  // namespace machine
