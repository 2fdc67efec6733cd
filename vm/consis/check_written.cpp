// Mode incremental: the same relation, looked at only where it can have changed since the last step (docs/consis.md,
// "What incremental mode compares"). A difference is not reported from here: the checkers of mode full then look at the
// same pair, and their report stands.
#include "vm/consis/changes.h"

namespace consis {
namespace {

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
  void passedOver(uint32_t depth) override { depth_ = depth; }
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
