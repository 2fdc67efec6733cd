// What one step changed, and whether both machines agree on it: the rows of docs/consis.md, "What incremental mode compares". Private.
#pragma once

#include <algorithm>
#include <optional>
#include <span>

#include "vm/consis/simple_values.h"

namespace consis {

// Of a machine that has gone on since s(i) (machine::Trail): its stores since s(i-1), oldest first.
using Trodden = std::span<const machine::Trail::Store>;

// What changed in one step. Everything else is what it was, and lies where it did. If the machine has gone on since, only what it stored in the step can
// be compared: `unseen` says that something was not among that.
class Changes {
 public:
  Changes(const Pair& pair, Counters& counters, std::optional<Trodden> trodden = {})
      : pair_(pair), types_(pair.image.program().types), counters_(counters), trodden_(trodden) {}

  bool unseen = false;

  // A frame that came to life: its return address; its parameters are among the writes, other variables have no value.
  // That of the lowest frame is what it was at s(0), each time that a kernel is entered.
  bool frame(std::optional<uint32_t> lowestReturn) {
    const uint32_t depth = pair_.aba.depth(), base = pair_.aba.frameBase(depth);
    const object::MapFunction& function = pair_.image.function(pair_.aba.frameFunction(depth));
    covered({base, base + function.frameSize});
    const core::Stmt* call = pair_.abstract.pendingCall(depth);
    const auto expected = call ? pair_.image.returnPoint({pair_.aba.frameFunction(depth - 1), call->ordinal}) : lowestReturn;
    const uint32_t saved = base + function.returnAddressOffset;
    ++counters_.control;
    return Region{0, pair_.concrete.memorySize()}.containsRange(saved, 4) && expected == read(saved, 4);
  }

  bool written(const interp::Write& write) {
    uint32_t address;
    if (!pair_.aba.find(write.frame, write.variable, write.index, address)) return true;  // its frame has ended
    const core::Type& type = types_[write.type];
    covered({address, address + type.asize});
    return type.simple() ? simple(type, address, write.content) : walk(write.type, address, write.content);
  }

  bool made(uint32_t variable) {
    const core::TypeId type = pair_.abstract.heapType(variable);
    const core::Type& t = types_[type];
    const uint32_t address = pair_.aba.heapAddress(variable), count = std::max(pair_.abstract.heapCount(variable), 1u);
    const interp::Value* content = pair_.abstract.content({interp::kHeapFrame, variable, 0, type});
    covered({address, address + count * t.asize});
    for (uint32_t i = 0; i < count; ++i)
      if (!walk(type, address + i * t.asize, content + size_t(i) * t.size)) return false;
    return true;
  }

  // By the machine. What the abstract machine wrote too has been compared.
  bool stored(machine::Watch::Store store) {
    for (unsigned i = 0; i < count_; ++i)
      if (store.address >= covered_[i].begin && uint64_t(store.address) + store.size <= covered_[i].end) return true;
    if (trodden_) return false;
    const uint64_t end = uint64_t(store.address) + store.size;
    if (store.address < pair_.image.text.end && !codeHolds(pair_, {store.address, uint32_t(end)}, counters_)) return false;
    for (uint64_t at = store.address; at < end; ++at)
      if (!byte(uint32_t(at))) return false;
    return true;
  }

 private:
  uint32_t read(uint32_t address, uint32_t size) {
    if (!trodden_) return readSimple(pair_.concrete.memory(), size, address);
    for (auto at = trodden_->rbegin(); at != trodden_->rend(); ++at) {
      const uint32_t stored = at->size(), skipped = address - at->address();
      if (skipped < stored && size <= stored - skipped) return at->value >> 8 * skipped & (size == 4 ? ~0u : (1u << 8 * size) - 1);
      if (skipped < stored || at->address() - address < size) break;  // a part of it
    }
    unseen = true;
    return 0;
  }

  void covered(Region region) {
    if (count_ < std::size(covered_)) covered_[count_++] = {region.begin, region.end};
  }

  bool byte(uint32_t address) {
    if (pair_.image.heap.contains(address) && !leaf(address, pair_.aba.heapLeaf(address))) return false;
    if (!leaf(address, pair_.aba.globalLeaf(address))) return false;
    const uint32_t depth = pair_.aba.depthAt(address);
    for (uint32_t d = depth; d >= 1 && d + 1 >= depth; --d) {
      const uint32_t saved =
          pair_.aba.frameBase(d) + pair_.image.function(pair_.aba.frameFunction(d)).returnAddressOffset;
      if (address - saved < 4 || !leaf(address, pair_.aba.frameLeaf(d, address))) return false;
    }
    return true;
  }

  bool leaf(uint32_t address, const std::optional<interp::SubVariable>& sub) {
    if (!sub) return true;
    const uint32_t start = *pair_.aba.aba(sub->frame, sub->variable, sub->index);
    if (last_.contains(address) && last_.begin == start) return true;  // compared for the byte before
    last_ = {start, start + types_[sub->type].asize};
    return simple(types_[sub->type], start, pair_.abstract.content(*sub));
  }

  bool simple(const core::Type& type, uint32_t address, const interp::Value* content) {
    return compareSimple(pair_, type, *content, address, counters_, [&](uint32_t at, uint32_t size) { return read(at, size); }).equal();
  }

  bool walk(core::TypeId type, uint32_t address, const interp::Value* content) {
    const core::Type& t = types_[type];
    switch (t.kind) {
      case core::TypeKind::Array: {
        const core::Type& element = types_[t.element];
        for (uint32_t i = 0; i < t.count; ++i)
          if (!walk(t.element, address + i * element.asize, content + size_t(i) * element.size)) return false;
        return true;
      }
      case core::TypeKind::Struct:
        for (const auto& field : t.fields)
          if (!walk(field.type, address + field.offset, content + field.index)) return false;
        return true;
      default: return simple(t, address, content);
    }
  }

  const Pair& pair_;
  const core::TypeTable& types_;
  Counters& counters_;
  const std::optional<Trodden> trodden_;
  struct {
    uint32_t begin, end;
  } covered_[16];  // compared; with more, the others are compared twice
  unsigned count_ = 0;
  Region last_;
};

}  // namespace consis
