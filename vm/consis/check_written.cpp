// Mode incremental: the same relation, looked at only where it can have changed since the last step (docs/consis.md,
// "What incremental mode compares"). A difference is not reported from here: the checkers of mode full then look at the
// same pair, and their report stands.
#include <algorithm>

#include "vm/consis/simple_values.h"

namespace consis {
namespace {

using core::TypeId;
using core::TypeKind;
using interp::SubVariable;
using interp::Value;

// What changed in one step. Everything else is what it was, and lies where it did.
class Changes {
 public:
  Changes(const Pair& pair, Counters& counters)
      : pair_(pair), types_(pair.image.program().types), counters_(counters) {}

  // A frame that came to life: its return address; its parameters are among the writes, other variables have no value.
  // That of the lowest frame is what it was at s(0), each time that a kernel is entered.
  bool frame(std::optional<uint32_t> lowestReturn) {
    const uint32_t depth = pair_.aba.depth(), base = pair_.aba.frameBase(depth);
    const object::MapFunction& function = pair_.image.function(pair_.aba.frameFunction(depth));
    covered({base, base + function.frameSize});
    const core::Stmt* call = pair_.abstract.pendingCall(depth);
    const auto expected = call ? pair_.image.returnPoint({pair_.aba.frameFunction(depth - 1), call->ordinal}) : lowestReturn;
    uint32_t found = 0;
    ++counters_.control;
    return pair_.concrete.read(base + function.returnAddressOffset, &found, 4) && expected == found;
  }

  bool written(const interp::Write& write) {
    uint32_t address;
    if (!pair_.aba.find(write.frame, write.variable, write.index, address)) return true;  // its frame has ended
    const core::Type& type = types_[write.type];
    covered({address, address + type.asize});
    return type.simple() ? simple(type, address, write.content) : walk(write.type, address, write.content);
  }

  bool made(uint32_t variable) {
    const TypeId type = pair_.abstract.heapType(variable);
    const core::Type& t = types_[type];
    const uint32_t address = pair_.aba.heapAddress(variable), count = std::max(pair_.abstract.heapCount(variable), 1u);
    const Value* content = pair_.abstract.content({interp::kHeapFrame, variable, 0, type});
    covered({address, address + count * t.asize});
    for (uint32_t i = 0; i < count; ++i)
      if (!walk(type, address + i * t.asize, content + size_t(i) * t.size)) return false;
    return true;
  }

  // By the machine. What the abstract machine wrote too has been compared.
  bool stored(machine::Watch::Store store) {
    for (unsigned i = 0; i < count_; ++i)
      if (store.address >= covered_[i].begin && uint64_t(store.address) + store.size <= covered_[i].end) return true;
    const uint64_t end = uint64_t(store.address) + store.size;
    if (store.address < pair_.image.text.end && !codeHolds(pair_, {store.address, uint32_t(end)}, counters_)) return false;
    for (uint64_t at = store.address; at < end; ++at)
      if (!byte(uint32_t(at))) return false;
    return true;
  }

 private:
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

  bool leaf(uint32_t address, const std::optional<SubVariable>& sub) {
    if (!sub) return true;
    const uint32_t start = *pair_.aba.aba(sub->frame, sub->variable, sub->index);
    if (last_.contains(address) && last_.begin == start) return true;  // compared for the byte before
    last_ = {start, start + types_[sub->type].asize};
    return simple(types_[sub->type], start, pair_.abstract.content(*sub));
  }

  bool simple(const core::Type& type, uint32_t address, const Value* content) {
    return compareSimple(pair_, type, *content, address, counters_).equal();
  }

  bool walk(TypeId type, uint32_t address, const Value* content) {
    const core::Type& t = types_[type];
    switch (t.kind) {
      case TypeKind::Array: {
        const core::Type& element = types_[t.element];
        for (uint32_t i = 0; i < t.count; ++i)
          if (!walk(t.element, address + i * element.asize, content + size_t(i) * element.size)) return false;
        return true;
      }
      case TypeKind::Struct:
        for (const auto& field : t.fields)
          if (!walk(field.type, address + field.offset, content + field.index)) return false;
        return true;
      default: return simple(t, address, content);
    }
  }

  const Pair& pair_;
  const core::TypeTable& types_;
  Counters& counters_;
  struct {
    uint32_t begin, end;
  } covered_[16];  // compared; with more, the others are compared twice
  unsigned count_ = 0;
  Region last_;
};

bool control(const Pair& pair, Counters& counters) {
  const machine::State& state = pair.concrete.state;
  if (pair.next && (state.pc != state.dpc + 4 || !isAmong(pair.next->map->entries, state.dpc))) return false;
  if (state.gpr[isa::kFrame] != pair.aba.topBase() || state.gpr[isa::kGlobals] != pair.image.gp ||
      state.gpr[isa::kHeap] != pair.image.heap.begin + pair.abstract.heapUsed())
    return false;
  counters.control += pair.next ? 5 : 3;
  return true;
}

class IncrementalChecker : public Checker {
 public:
  bool surelyHolds(const Pair& pair, Counters& counters) override {
    const uint32_t depth = pair.aba.depth();
    // At s(0) everything has come to life.
    if (depth_ == 0 || !control(pair, counters)) return false;
    const bool entered = depth > depth_ || !pair.executed;
    if (!(entered ? changesHold(pair, counters, true) : usual(pair, counters) || changesHold(pair, counters, false)))
      return false;
    depth_ = depth;
    return true;
  }
  void check(const Pair& pair, Counters& counters, Violations& violations) override {
    for (auto& checker : full_) checker->check(pair, counters, violations);
    if (depth_ == 0 && pair.aba.depth() == 1) lowestReturn_ = returnAddress(pair);
    depth_ = pair.aba.depth();
  }
  void finish(const Pair& pair, Counters& counters, Violations& violations) override {
    for (auto& checker : full_) checker->finish(pair, counters, violations);
  }

 private:
  static std::optional<uint32_t> returnAddress(const Pair& pair) {
    uint32_t found = 0;
    const uint32_t offset = pair.image.function(pair.aba.frameFunction(1)).returnAddressOffset;
    return pair.concrete.read(pair.aba.frameBase(1) + offset, &found, 4) ? std::optional(found) : std::nullopt;
  }

  [[gnu::noinline]] bool changesHold(const Pair& pair, Counters& counters, bool entered) const {
    Changes changes(pair, counters);
    if (entered && !changes.frame(lowestReturn_)) return false;
    for (const interp::Write& write : pair.abstract.lastWrites())
      if (!changes.written(write)) return false;
    if (pair.executed && pair.executed->core->kind == core::StmtKind::New)
      if (auto made = pair.abstract.lastAllocation(); made && !changes.made(*made)) return false;
    for (machine::Watch::Store store : pair.stores)
      if (!changes.stored(store)) return false;
    return true;
  }

  // Most statements write nothing, or one simple variable by one store.
  static bool usual(const Pair& pair, Counters& counters) {
    const std::span<const interp::Write> writes = pair.abstract.lastWrites();
    if (writes.empty()) return pair.stores.empty();
    if (writes.size() != 1 || pair.stores.size() != 1 || pair.abstract.lastAllocation()) return false;
    const interp::Write& write = writes.front();
    const machine::Watch::Store store = pair.stores.front();
    const core::Type& type = pair.image.program().types[write.type];
    uint32_t address;
    return type.simple() && pair.aba.find(write.frame, write.variable, write.index, address) && store.address == address &&
           store.size == type.asize && compareSimple(pair, type, *write.content, address, counters).equal();
  }

  std::vector<std::unique_ptr<Checker>> full_ = makeFullCheckers();
  uint32_t depth_ = 0;  // at the last step
  std::optional<uint32_t> lowestReturn_;
};

}  // namespace

std::unique_ptr<Checker> makeIncrementalChecker() { return std::make_unique<IncrementalChecker>(); }

}  // namespace consis
