// aba: where the sub variables of the abstract machine lie in the physical one (seed 003, 4.2). Globals are fixed by
// the image, locals are frame base + offset of the map, heap variables are where the allocator put them. Knows nothing
// of the machine's contents: frame bases follow from the frame sizes, decisions.md 8.
#pragma once

#include <optional>
#include <vector>

#include "compiler/interp/interp.h"
#include "vm/consis/condition.h"
#include "vm/consis/image.h"

namespace consis {

using core::byteOffset;
using core::leafAt;

// A heap variable as the VAMP made it: by new(T), or with count > 0 by new(T, count).
struct Made {
  uint32_t address;
  core::TypeId type;
  uint32_t count;
};

class Allocation {
 public:
  explicit Allocation(const Image& image);

  // Follows a step of the abstract machine: frames pushed and popped. Heap variables are added by addHeap.
  void follow(const interp::Machine& machine) {
    if (machine.rd() != depth()) followFrames(machine);
  }
  // A frame on top.
  void push(uint32_t serial, uint32_t function);

  // The program began afresh: no frame is what it was.
  void restart(const interp::Machine& machine) { frames_.clear(), follow(machine); }

  uint32_t depth() const { return uint32_t(frames_.size()); }
  uint32_t frameBase(uint32_t depth) const { return frames_[depth - 1].base; }  // 1..depth()
  uint32_t topBase() const { return frames_.back().base; }                      // of frame depth()
  uint32_t frameFunction(uint32_t depth) const { return frames_[depth - 1].function; }
  uint32_t frameSerial(uint32_t depth) const { return frames_[depth - 1].serial; }

  uint32_t heapCount() const { return uint32_t(heap_.size()); }
  uint32_t heapAddress(uint32_t variable) const { return heap_[variable].address; }
  // What new(T) or, with count > 0, new(T, count) made. HeapRange if it would be misaligned there, or outside `live`;
  // HeapApart if it would overlap a heap variable.
  std::optional<Condition> whyNotHeap(uint32_t address, core::TypeId type, uint32_t count, Region live) const;
  void addHeap(uint32_t address, core::TypeId type, uint32_t count);

  // The variable's base address; nullopt if it is gone (a dangling pointer's target).
  std::optional<uint32_t> variable(uint32_t frame, uint32_t variable) const;
  std::optional<core::TypeId> type(uint32_t frame, uint32_t variable) const;
  std::optional<uint32_t> aba(uint32_t frame, uint32_t variable, uint32_t index) const {
    uint32_t address;
    return find(frame, variable, index, address) ? std::optional(address) : std::nullopt;
  }
  // The length of an array of run-time length, whose elements have that type; 0 for other variables.
  uint32_t count(uint32_t frame, uint32_t variable) const {
    return frame == interp::kHeapFrame && variable < heapCount() ? heap_[variable].count : 0;
  }
  // The same as aba, for every step: false if it is gone.
  bool find(uint32_t frame, uint32_t variable, uint32_t index, uint32_t& address) const {
    if (depth() && frames_.back().serial == frame) [[likely]] return find(frames_.back(), variable, index, address), true;
    if (frame != interp::kGlobalFrame) return findBelow(frame, variable, index, address);
    address = image_->globalAddress(variable);
    if (index) address += offset(globalTypes_[variable], index);
    return true;
  }
  // Of what a pointer to `target` leads to; one past the end: of the array's end.
  std::optional<uint32_t> aba(const interp::Value& pointer, core::TypeId target) const;

  // Inverse: the simple value whose bytes contain the address.
  std::optional<interp::SubVariable> inverse(uint32_t address) const;
  // Of the depths whose frames have bytes or stack arguments at the address, the greatest; 0 if there is none. The next
  // lower one is the only other.
  uint32_t depthAt(uint32_t address) const;
  // The simple value there of a heap variable, of a variable of the frame at this depth, of a global.
  std::optional<interp::SubVariable> heapLeaf(uint32_t address) const;
  std::optional<interp::SubVariable> frameLeaf(uint32_t depth, uint32_t address) const;
  std::optional<interp::SubVariable> globalLeaf(uint32_t address) const;
  // The depth of a live frame (0: globals); nullopt for heap and frames that are gone.
  std::optional<uint32_t> depthOf(uint32_t frameSerial) const {
    if (frameSerial == interp::kGlobalFrame) return 0;
    if (!frames_.empty() && frames_.back().serial == frameSerial) return depth();
    return olderDepth(frameSerial);
  }

 private:
  struct Frame {
    uint32_t serial, function, base;
    const object::MapVariable* variables;  // by the map,
    const core::Variable* declared;        // and as declared
  };
  struct Heap {
    uint32_t address;
    core::TypeId type;
    uint32_t count;  // of elements; 0: no array of run-time length
  };
  void find(const Frame& frame, uint32_t variable, uint32_t index, uint32_t& address) const {
    address = frame.base + frame.variables[variable].offset;
    if (index) address += offset(frame.declared[variable].type, index);
  }
  bool findBelow(uint32_t frame, uint32_t variable, uint32_t index, uint32_t& address) const;
  void followFrames(const interp::Machine& machine);
  std::optional<uint32_t> olderDepth(uint32_t frameSerial) const;
  // Bytes from a variable's base to its simple value `index`.
  uint32_t offset(core::TypeId variable, uint32_t index) const {
    return packed_[variable] ? index * packed_[variable] : byteOffset(types(), variable, index);
  }
  uint32_t bytes(const Heap& heap) const { return types()[heap.type].asize * (heap.count ? heap.count : 1); }
  const core::TypeTable& types() const { return image_->program().types; }

  // Variables by where they begin, ascending.
  using Order = std::vector<std::pair<uint32_t, uint32_t>>;  // (address or offset, variable)
  static const std::pair<uint32_t, uint32_t>* before(const Order& order, uint32_t address);
  std::optional<interp::SubVariable> leaf(uint32_t byte, core::TypeId type, uint32_t frame, uint32_t variable) const;

  const Image* image_;
  std::vector<core::TypeId> globalTypes_;
  std::vector<uint32_t> packed_;  // by type: the bytes of each of its simple values, if all lie side by side; else 0
  Order globalOrder_;
  std::vector<Order> frameOrder_;  // by function
  std::vector<Frame> frames_;
  std::vector<Heap> heap_;
  Order heapOrder_;
};

}  // namespace consis
