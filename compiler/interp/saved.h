// A configuration by itself, apart from the machine that reached it: Machine::save writes it, Machine::restore takes it.
#pragma once

#include <optional>
#include <vector>

#include "compiler/interp/interp.h"

namespace interp {

struct Saved {
  struct Frame {
    uint32_t serial;
    uint32_t function;  // index into Program::functions
    // Of the top frame the head of the program rest, null if nothing of the body is left; of the others the call that waits for
    // the frame above. What else is left of the body follows from it.
    const core::Stmt* at;
    std::optional<SubVariable> destination;  // of this frame's result; none for main
  };
  struct HeapVariable {
    core::TypeId type;
    uint32_t count;  // as Machine::heapCount
    bool operator==(const HeapVariable&) const = default;
  };

  std::vector<Frame> frames;  // lms(1..rd): main first
  std::vector<HeapVariable> heapVariables;
  // Simple values, variable by variable; locals frame by frame.
  std::vector<Value> globals, locals, heap;
  uint32_t nextSerial = 1;  // of the next call's frame
  uint64_t steps = 0;
};

}  // namespace interp
