// The protocol of the checkers. At C0 step i the lockstep brings the machine to s(i) and asks every checker for what
// does not hold there; each condition of the relation is one checker, so that further relations (C0A, incremental
// modes) are further checkers (shared/spec/consis.md).
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "assembler/base/text.h"
#include "compiler/interp/interp.h"
#include "vm/consis/allocation.h"
#include "vm/consis/condition.h"
#include "vm/consis/image.h"
#include "vm/machine/machine.h"

namespace consis {

// What does not hold, in terms of the source. Strings, so that it outlives the configuration.
struct Violation {
  Condition condition = Condition::Value;
  std::string text = {};                  // one sentence without a full stop
  std::string variable = {};              // "g.list[3].next", "main:i"; empty if no variable is concerned
  std::string type = {};                  // of the variable
  std::optional<uint32_t> depth = {};     // recursion depth of the variable's frame; 0 global; none: heap
  std::optional<uint32_t> address = {};   // where the wrong bytes are
  uint32_t size = 0;                      // how many
  std::optional<uint8_t> reg = {};        // or the register that is wrong
  std::string expected = {}, found = {};  // values as a person reads them; empty if the text says it all
};

// Collects a step's violations, the first `kMost` of them.
class Violations {
 public:
  static constexpr size_t kMost = 16;
  explicit Violations(const Dropped& dropped = {}) : dropped_(dropped) {}
  void add(Violation violation) {
    if (!dropped_[violation.condition] && ++count_ <= kMost) list_.push_back(std::move(violation));
  }
  // Those that `first` holds for go to the front.
  template <class F>
  void prefer(F&& first) {
    std::stable_partition(list_.begin(), list_.end(), first);
  }
  template <class F>
  void keep(F&& wanted) {
    count_ -= std::erase_if(list_, [&](const Violation& violation) { return !wanted(violation); });
  }
  bool full() const { return count_ >= kMost; }
  bool empty() const { return count_ == 0; }
  uint64_t count() const { return count_; }
  const std::vector<Violation>& list() const { return list_; }

 private:
  Dropped dropped_;
  std::vector<Violation> list_;
  uint64_t count_ = 0;
};

// What was done and what was left out. Every exemption has its counter.
struct Counters {
  uint64_t c0Steps = 0;
  uint64_t instructions = 0;
  uint64_t values = 0;     // v: elementary values compared
  uint64_t pointers = 0;   // p
  uint64_t control = 0;    // c: program counters, bases, return addresses, r28, r30
  uint64_t code = 0;       // code: words of the text compared
  uint64_t undefined = 0;  // exempt: the abstract machine has no value
  uint64_t dangling = 0;   // exempt: a pointer whose target is gone
  uint64_t outputs = 0;    // bytes of output compared
  uint64_t inputs = 0;     // bytes of input taken from the machine
  uint64_t blocks = 0;     // asm statements executed
  uint64_t mirrored = 0;   // words that they stored to variables
  uint64_t window = 0;     // page-table entries compared: identity-window
  uint64_t strode = 0;     // C0 steps made in strides

  uint64_t comparable() const { return values + pointers; }
  uint64_t live() const { return comparable() + undefined + dangling; }
};

// Both machines at s(i).
struct Pair {
  const Image& image;
  const interp::Machine& abstract;
  const machine::Machine& concrete;
  const Allocation& aba;
  const std::vector<Region>& codeStores;  // stores into code since the last check, when check() is asked
  const std::vector<machine::Watch::Store>& stores;  // all stores to memory since then; in mode incremental only
  const Statement* next = nullptr;                   // the head of the program rest; null at the program's end
  const Statement* executed = nullptr;               // null at s(0)
};

class Checker {
 public:
  virtual ~Checker() = default;
  // Asked first: true if everything holds, and check() need not be asked.
  virtual bool surelyHolds(const Pair&, Counters&) { return false; }
  // Steps were made, to this recursion depth, of which somebody else has seen that everything holds.
  virtual void passedOver(uint32_t /*depth*/) {}
  virtual void check(const Pair& pair, Counters& counters, Violations& violations) = 0;
  // Once, when both machines have ended.
  virtual void finish(const Pair&, Counters&, Violations&) {}
};

// 1 and 2: v-consis and p-consis over every allocated variable (mode full).
std::unique_ptr<Checker> makeValueChecker();
// 3: c-consis of the whole program rest.
std::unique_ptr<Checker> makeControlChecker();
// 4: code-consis.
std::unique_ptr<Checker> makeCodeChecker();
bool codeHolds(const Pair& pair, Region stored, Counters& counters);
// The four, in the order in which they are asked.
std::vector<std::unique_ptr<Checker>> makeFullCheckers();

// c-consis of the registers that have one value at s(i).
struct FixedRegister {
  Condition condition;
  uint8_t reg;
  const char* what;
  uint32_t value;
};
std::array<FixedRegister, 3> fixedRegisters(const Pair& pair);

// How much is looked at in each step; the verdict is the same.
enum class Mode : uint8_t {
  Full,         // everything, as the paper defines it
  Incremental,  // what either machine wrote, or what came to life
  Parallel,     // the same, in segments of the run at the same time
};
std::string_view modeName(Mode mode);
// 1 to 4 where the relation can have changed since the last step; needs Pair::stores.
std::unique_ptr<Checker> makeIncrementalChecker();

// "0x003ffff4".
std::string hex(uint32_t value);
using base::grouped;
// A statement as it stands in the core: "x = y + 1;".
std::string printStatement(const Image& image, StatementId id);
// "gcd.c0:12:7".
std::string printPosition(const Image& image, core::Position position);
// "`x = y + 1;` at gcd.c0:12:7".
std::string printPlace(const Image& image, StatementId id);
const core::Stmt& statementOf(const Image& image, StatementId id);

}  // namespace consis
