#include "vm/consis/chain.h"

#include <algorithm>

namespace consis {
namespace {

using interp::SubVariable;
using interp::Value;

// Serial numbers of a segment, in the run's.
class Renumbering {
 public:
  Renumbering(const Link& link, const Truth& start) : link_(link), start_(start) {}

  uint32_t operator()(uint32_t serial) const {
    if (serial == interp::kGlobalFrame || serial == interp::kHeapFrame) return serial;
    if (serial <= link_.depth) return start_.serials[serial - 1];
    // The numbers of calls are 1 .. kHeapFrame - 1, and begin again.
    return uint32_t((uint64_t(start_.nextSerial) - 1 + (serial - link_.depth - 1)) % (interp::kHeapFrame - 1)) + 1;
  }
  Value operator()(Value value) const {
    if (value.kind == Value::Pointer) value.frame = (*this)(value.frame);
    return value;
  }
  std::map<uint32_t, SubVariable> operator()(std::map<uint32_t, SubVariable> destinations) const {
    for (auto& [depth, destination] : destinations) destination.frame = (*this)(destination.frame);
    return destinations;
  }

 private:
  const Link& link_;
  const Truth& start_;
};

}  // namespace

void addTo(std::vector<PlaceRange>& ranges, Place place, bool continues) {
  if (continues && !ranges.empty() && ranges.back().begin.part == place.part) ranges.back().end = place.index + 1;
  else ranges.push_back({place, place.index + 1});
}

bool contains(const std::vector<PlaceRange>& ranges, Place place) {
  auto at = std::upper_bound(ranges.begin(), ranges.end(), place,
                             [](Place p, const PlaceRange& range) { return p < range.begin; });
  if (at == ranges.begin()) return false;
  --at;
  return at->begin.part == place.part && place.index < at->end;
}

bool holds(const Link& link, const Truth& start) {
  if (link.depth != start.serials.size()) return false;
  const Renumbering renumber(link, start);
  for (const auto& [place, value] : start.exceptions)
    if (contains(link.relied, place)) return false;
  for (const auto& [place, value] : link.reliedPast) {
    const auto at = start.exceptions.find(place);
    if (at == start.exceptions.end() || !(at->second == renumber(value))) return false;
  }
  return renumber(link.destinationsBefore) == start.destinations;
}

Truth follow(const Link& link, const Truth& start) {
  const Renumbering renumber(link, start);
  Truth end;
  end.c0Steps = start.c0Steps + link.c0Steps;
  for (uint32_t serial : link.serials) end.serials.push_back(renumber(serial));
  end.nextSerial = renumber(link.nextSerial);
  end.destinations = renumber(link.destinationsAfter);
  for (const auto& exception : start.exceptions)
    if (contains(link.kept, exception.first)) end.exceptions.insert(exception);
  for (const Link::Exception& exception : link.exceptions) {
    const auto before = exception.copyOf ? start.exceptions.find(*exception.copyOf) : start.exceptions.end();
    if (before != start.exceptions.end()) end.exceptions[exception.place] = before->second;
    else if (exception.value) end.exceptions[exception.place] = renumber(*exception.value);
  }
  return end;
}

}  // namespace consis
