#include "vm/consis/allocation.h"

#include <algorithm>

namespace consis {

void Allocation::follow(const interp::Machine& machine) {
  while (frames_.size() > machine.rd()) frames_.pop_back();
  while (frames_.size() < machine.rd()) {
    interp::FrameView frame = machine.frame(depth() + 1);
    uint32_t above = frames_.empty() ? image_->stack.end : frames_.back().base;
    frames_.push_back({frame.serial, frame.function, above - image_->function(frame.function).frameSize});
  }
}

bool Allocation::addHeap(uint32_t address, core::TypeId type, uint32_t count, Region live) {
  const Heap added{address, type, count};
  bool fine = address % types()[type].align == 0 && live.containsRange(address, bytes(added));
  auto at = std::lower_bound(heapOrder_.begin(), heapOrder_.end(), std::pair{address, 0u});
  if (at != heapOrder_.end() && at->first - address < bytes(added)) fine = false;
  if (at != heapOrder_.begin()) {
    auto before = std::prev(at);
    if (address - before->first < bytes(heap_[before->second])) fine = false;
  }
  if (!fine) return false;
  heapOrder_.insert(at, {address, heapCount()});
  heap_.push_back(added);
  return true;
}

std::optional<uint32_t> Allocation::depthOf(uint32_t serial) const {
  if (serial == interp::kGlobalFrame) return 0;
  auto at = std::lower_bound(frames_.begin(), frames_.end(), serial,
                             [](const Frame& frame, uint32_t s) { return frame.serial < s; });
  if (at == frames_.end() || at->serial != serial) return std::nullopt;
  return uint32_t(at - frames_.begin()) + 1;
}

std::optional<uint32_t> Allocation::variable(uint32_t frame, uint32_t variable) const {
  if (frame == interp::kGlobalFrame) return image_->globalAddress(variable);
  if (frame == interp::kHeapFrame) return variable < heapCount() ? std::optional(heapAddress(variable)) : std::nullopt;
  auto depth = depthOf(frame);
  if (!depth) return std::nullopt;
  return frameBase(*depth) + image_->function(frameFunction(*depth)).variables[variable].offset;
}

std::optional<core::TypeId> Allocation::type(uint32_t frame, uint32_t variable) const {
  const auto& program = image_->program();
  if (frame == interp::kGlobalFrame) return program.globals[variable].type;
  if (frame == interp::kHeapFrame) return variable < heapCount() ? std::optional(heap_[variable].type) : std::nullopt;
  auto depth = depthOf(frame);
  if (!depth) return std::nullopt;
  return program.functions[frameFunction(*depth)].variables[variable].type;
}

std::optional<uint32_t> Allocation::aba(uint32_t frame, uint32_t variable, uint32_t index) const {
  auto base = this->variable(frame, variable);
  if (!base) return std::nullopt;
  uint32_t offset = 0;
  core::TypeId type = *this->type(frame, variable);
  if (frame == interp::kHeapFrame && heap_[variable].count) {
    offset = index / types()[type].size * types()[type].asize;
    index %= types()[type].size;
  }
  return *base + offset + byteOffset(types(), type, index);
}

std::optional<uint32_t> Allocation::aba(const interp::Value& pointer, core::TypeId target) const {
  if (!pointer.past) return aba(pointer.frame, pointer.variable, pointer.index);
  auto last = aba(pointer.frame, pointer.variable, pointer.index - types()[target].size);
  return last ? std::optional(*last + types()[target].asize) : std::nullopt;
}

std::optional<interp::SubVariable> Allocation::inverse(uint32_t address) const {
  auto inside = [&](uint32_t base, core::TypeId type, uint32_t frame,
                    uint32_t variable) -> std::optional<interp::SubVariable> {
    if (address < base) return std::nullopt;
    auto leaf = leafAt(types(), type, address - base);
    if (!leaf) return std::nullopt;
    return interp::SubVariable{frame, variable, leaf->index, leaf->type};
  };
  if (image_->heap.contains(address)) {
    auto at = std::upper_bound(heapOrder_.begin(), heapOrder_.end(), std::pair{address, UINT32_MAX});
    if (at == heapOrder_.begin()) return std::nullopt;
    --at;
    const Heap& heap = heap_[at->second];
    const core::Type& element = types()[heap.type];
    uint32_t k = heap.count ? std::min((address - at->first) / element.asize, heap.count - 1) : 0;
    auto found = inside(at->first + k * element.asize, heap.type, interp::kHeapFrame, at->second);
    if (found) found->index += k * element.size;
    return found;
  }
  const auto& program = image_->program();
  // A frame's variables lie in it, and stack arguments at the bottom of the next one.
  for (uint32_t d = image_->stack.contains(address) ? depth() : 0; d >= 1 && frameBase(d) <= address; --d) {
    const auto& function = image_->function(frameFunction(d));
    for (uint32_t v = 0; v < function.variables.size(); ++v)
      if (auto found = inside(frameBase(d) + function.variables[v].offset,
                              program.functions[frameFunction(d)].variables[v].type, frameSerial(d), v))
        return found;
  }
  for (uint32_t g = 0; g < program.globals.size(); ++g)
    if (auto found = inside(image_->globalAddress(g), program.globals[g].type, interp::kGlobalFrame, g)) return found;
  return std::nullopt;
}

}  // namespace consis
