// How segments that were checked apart become one run (docs/consis.md, "Parallel in time"). Each began with the
// reconstruction at its checkpoint, in which open values were unknown; what it took them for, and how its end follows
// from its start, is its link. From the truth at its start follow whether what it took for granted was true, and then
// the truth at its end. All of it is small; no configuration is needed.
#pragma once

#include <optional>
#include <vector>

#include "vm/consis/reconstruct.h"

namespace consis {

// Places begin .. end - 1 of one part; of those in between, only the open ones are meant.
struct PlaceRange {
  Place begin;
  uint32_t end;
  bool operator==(const PlaceRange&) const = default;
};

struct Link {
  // An open value at the end that is not, or perhaps not, what memory suggests there.
  struct Exception {
    Place place;
    // It is what was at this place at the start if that was an exception, else `value`, or if there is none as
    // suggested.
    std::optional<Place> copyOf;
    std::optional<interp::Value> value;
    bool operator==(const Exception&) const = default;
  };

  uint32_t first = 0, next = 0;  // from this checkpoint (0: reset) to that one
  uint64_t c0Steps = 0;
  uint32_t depth = 0;  // at the start, whose frames have the numbers 1 .. depth
  // Unknown values that were read, and were taken for what memory suggests: an element or null (sorted, disjoint); past
  // the end.
  std::vector<PlaceRange> relied = {};
  std::vector<std::pair<Place, interp::Value>> reliedPast = {};
  std::map<uint32_t, interp::SubVariable> destinationsBefore = {}, destinationsAfter = {};  // as Truth::destinations
  // At the end.
  std::vector<uint32_t> serials;
  uint32_t nextSerial = 1;
  std::vector<PlaceRange> kept = {};  // still unknown, and where they were (sorted, disjoint)
  std::vector<Exception> exceptions = {};
  bool operator==(const Link&) const = default;
};

// Collects places in rising order.
void addTo(std::vector<PlaceRange>& ranges, Place place, bool continues);
bool contains(const std::vector<PlaceRange>& ranges, Place place);

// Whether what the segment took for granted was so.
bool holds(const Link& link, const Truth& start);
// If so: the truth at its end.
Truth follow(const Link& link, const Truth& start);

}  // namespace consis
