#include "vm/consis/allocation.h"

#include <algorithm>

namespace consis {

using core::TypeId;

namespace {

// By type, the bytes of each of its simple values, if they all have as many and lie one behind the other; else 0.
std::vector<uint32_t> packedTypes(const core::TypeTable& types) {
  std::vector<uint32_t> packed(types.count());
  auto find = [&](TypeId id) {
    while (types[id].kind == core::TypeKind::Array) id = types[id].element;
    return types[id].simple() ? types[id].asize : packed[id];
  };
  for (const auto& completed : types.completions()) {
    const core::Type& type = types[completed.id];
    const uint32_t bytes = find(type.fields.front().type);
    const bool alike = std::all_of(type.fields.begin(), type.fields.end(), [&](const core::Field& field) {
      return find(field.type) == bytes && field.offset == field.index * bytes;
    });
    packed[completed.id] = alike && type.asize == type.size * bytes ? bytes : 0;
  }
  for (TypeId id = 0; id < types.count(); ++id) packed[id] = find(id);
  return packed;
}

}  // namespace

Allocation::Allocation(const Image& image) : image_(&image), packed_(packedTypes(image.program().types)) {
  const auto& program = image.program();
  for (uint32_t g = 0; g < program.globals.size(); ++g) {
    globalOrder_.push_back({image.globalAddress(g), g});
    globalTypes_.push_back(program.globals[g].type);
  }
  std::sort(globalOrder_.begin(), globalOrder_.end());
  frameOrder_.resize(program.functions.size());
  for (uint32_t f = 0; f < frameOrder_.size(); ++f) {
    if (!image.mapped(f)) continue;
    const auto& variables = image.function(f).variables;
    for (uint32_t v = 0; v < variables.size(); ++v) frameOrder_[f].push_back({variables[v].offset, v});
    std::sort(frameOrder_[f].begin(), frameOrder_[f].end());
  }
}

void Allocation::followFrames(const interp::Machine& machine) {
  while (frames_.size() > machine.rd()) frames_.pop_back();
  while (frames_.size() < machine.rd()) {
    interp::FrameView frame = machine.frame(depth() + 1);
    push(frame.serial, frame.function);
  }
}

void Allocation::push(uint32_t serial, uint32_t function) {
  const uint32_t above = frames_.empty() ? image_->stack.end : frames_.back().base;
  const object::MapFunction& map = image_->function(function);
  frames_.push_back({serial, function, above - map.frameSize, map.variables.data(), image_->program().functions[function].variables.data()});
}

std::optional<Condition> Allocation::whyNotHeap(uint32_t address, core::TypeId type, uint32_t count,
                                                Region live) const {
  const uint32_t size = bytes({address, type, count});
  if (address % types()[type].align || !live.containsRange(address, size)) return Condition::HeapRange;
  auto at = std::lower_bound(heapOrder_.begin(), heapOrder_.end(), std::pair{address, 0u});
  if (at != heapOrder_.end() && at->first - address < size) return Condition::HeapApart;
  if (at == heapOrder_.begin()) return std::nullopt;
  const auto before = std::prev(at);
  return address - before->first < bytes(heap_[before->second]) ? std::optional(Condition::HeapApart) : std::nullopt;
}

void Allocation::addHeap(uint32_t address, core::TypeId type, uint32_t count) {
  const std::pair entry{address, heapCount()};
  heapOrder_.insert(std::lower_bound(heapOrder_.begin(), heapOrder_.end(), entry), entry);
  heap_.push_back({address, type, count});
}

std::optional<uint32_t> Allocation::olderDepth(uint32_t serial) const {
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

bool Allocation::findBelow(uint32_t frame, uint32_t variable, uint32_t index, uint32_t& address) const {
  uint32_t base;
  TypeId type;
  if (frame == interp::kHeapFrame) {
    if (variable >= heapCount()) return false;
    const Heap& heap = heap_[variable];
    base = heap.address, type = heap.type;
    if (heap.count && !packed_[type]) {
      base += index / types()[type].size * types()[type].asize;
      index %= types()[type].size;
    }
  } else {
    const auto depth = depthOf(frame);
    if (!depth) return false;
    return find(frames_[*depth - 1], variable, index, address), true;
  }
  address = base + (index ? offset(type, index) : 0);
  return true;
}

std::optional<uint32_t> Allocation::aba(const interp::Value& pointer, core::TypeId target) const {
  if (!pointer.past) return aba(pointer.frame, pointer.variable, pointer.index);
  auto last = aba(pointer.frame, pointer.variable, pointer.index - types()[target].size);
  return last ? std::optional(*last + types()[target].asize) : std::nullopt;
}

const std::pair<uint32_t, uint32_t>* Allocation::before(const Order& order, uint32_t address) {
  auto at = std::upper_bound(order.begin(), order.end(), std::pair{address, UINT32_MAX});
  return at == order.begin() ? nullptr : &*std::prev(at);
}

std::optional<interp::SubVariable> Allocation::leaf(uint32_t byte, TypeId type, uint32_t frame,
                                                    uint32_t variable) const {
  auto leaf = leafAt(types(), type, byte);
  return leaf ? std::optional(interp::SubVariable{frame, variable, leaf->index, leaf->type}) : std::nullopt;
}

std::optional<interp::SubVariable> Allocation::heapLeaf(uint32_t address) const {
  const auto* at = before(heapOrder_, address);
  if (!at) return std::nullopt;
  const Heap& heap = heap_[at->second];
  const core::Type& element = types()[heap.type];
  const uint32_t k = heap.count ? std::min((address - at->first) / element.asize, heap.count - 1) : 0;
  auto found = leaf(address - at->first - k * element.asize, heap.type, interp::kHeapFrame, at->second);
  if (found) found->index += k * element.size;
  return found;
}

uint32_t Allocation::depthAt(uint32_t address) const {
  if (!image_->stack.contains(address)) return 0;
  auto at = std::lower_bound(frames_.begin(), frames_.end(), address,
                             [](const Frame& frame, uint32_t wanted) { return frame.base > wanted; });
  if (at == frames_.end()) return 0;
  const uint32_t depth = uint32_t(at - frames_.begin()) + 1;
  return std::min(depth + 1, this->depth());
}

std::optional<interp::SubVariable> Allocation::frameLeaf(uint32_t depth, uint32_t address) const {
  const Frame& frame = frames_[depth - 1];
  const auto* at = before(frameOrder_[frame.function], address - frame.base);
  if (!at) return std::nullopt;
  return leaf(address - frame.base - at->first, image_->program().functions[frame.function].variables[at->second].type,
              frame.serial, at->second);
}

std::optional<interp::SubVariable> Allocation::globalLeaf(uint32_t address) const {
  const auto* at = before(globalOrder_, address);
  if (!at) return std::nullopt;
  return leaf(address - at->first, image_->program().globals[at->second].type, interp::kGlobalFrame, at->second);
}

std::optional<interp::SubVariable> Allocation::inverse(uint32_t address) const {
  if (image_->heap.contains(address)) return heapLeaf(address);
  if (const uint32_t depth = depthAt(address))
    for (uint32_t d = depth; d >= 1 && d + 1 >= depth; --d)
      if (auto found = frameLeaf(d, address)) return found;
  return globalLeaf(address);
}

}  // namespace consis
