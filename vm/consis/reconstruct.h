// The abstract configuration at a checkpoint, from the VAMP alone through the map: what a consistent run is at there
// (docs/consis.md, "Parallel in time").
#pragma once

#include <map>
#include <optional>
#include <span>

#include "compiler/interp/saved.h"
#include "vm/consis/allocation.h"
#include "vm/consis/landmarks.h"
#include "vm/consis/open_values.h"
#include "vm/consis/memory_view.h"

namespace consis {

// What is known of a configuration at a checkpoint and cannot be seen in the VAMP. Without it, frames get their depths
// as serial numbers, and open values are unknown.
struct Truth {
  uint64_t c0Steps = 0;
  std::vector<uint32_t> serials = {};  // of the frames, main first
  uint32_t nextSerial = 1;
  std::map<Place, interp::Value> exceptions = {};  // open values that are not what suggest() says
  // Where the frame at this depth will leave its result, if that is no fixed place.
  std::map<uint32_t, interp::SubVariable> destinations = {};
};

struct Reconstruction {
  interp::Saved configuration;
  Allocation aba;
  std::map<uint32_t, interp::SubVariable> destinations;  // as Truth::destinations
};

// Nothing if the VAMP, whose registers 28..31 must be settled, is at no checkpoint of a consistent run.
std::optional<Reconstruction> reconstruct(const Image& image, const Landmarks& landmarks, const OpenValues& open,
                                          const machine::State& state, const MemoryView& memory, std::span<const Made> heap,
                                          const Truth* truth);

// The value of a simple type that these bytes most likely are: of pointers the one to the live sub variable of the
// right type at this address; past the end of an array if there is none. Undefined if nothing fits.
interp::Value suggest(const Allocation& aba, uint32_t bits, core::TypeId type, const core::Program& program);

}  // namespace consis
