// c-consis (seed 003, 4.2, condition 3) for the whole program rest: DPC and PC at the head, and every frame below will
// return to where the abstract machine continues (shared/spec/consis.md; decisions.md 2, 8, 16).
#include <algorithm>

#include "assembler/base/bytes.h"
#include "vm/consis/checker.h"

namespace consis {
namespace {

class ControlChecker : public Checker {
 public:
  void check(const Pair& pair, Counters& counters, Violations& violations) override {
    const machine::State& state = pair.concrete.state;
    if (const core::Stmt* head = pair.abstract.head()) {
      StatementId id{pair.abstract.headFunction(), head->ordinal};
      const auto& entries = pair.image.entries(id);
      counters.control += 2;
      if (std::find(entries.begin(), entries.end(), state.dpc) == entries.end())
        violations.add(counter(Condition::Control, "DPC", "the program rest begins with " + printPlace(pair.image, id),
                               entries.empty() ? 0 : entries.front(), state.dpc, pair.image));
      if (state.pc != state.dpc + 4)
        violations.add(counter(Condition::NextControl, "PC", "PC is not DPC + 4", state.dpc + 4, state.pc, pair.image));
    }
    for (const FixedRegister& fixed : fixedRegisters(pair)) reg(fixed, state, counters, violations);
    for (uint32_t depth = pair.aba.depth(); depth >= 1; --depth) frame(pair, depth, counters, violations);
  }

 private:
  static Violation counter(Condition condition, const char* name, std::string text, uint32_t expected, uint32_t found,
                           const Image& image) {
    Violation violation{.condition = condition, .text = std::move(text), .variable = name};
    violation.expected = hex(expected);
    violation.found = hex(found);
    if (auto at = image.statementAt(found))
      violation.found += " (" + printPosition(image, statementOf(image, *at).position) + ")";
    return violation;
  }

  static void reg(const FixedRegister& fixed, const machine::State& state, Counters& counters, Violations& violations) {
    ++counters.control;
    if (state.gpr[fixed.reg] == fixed.value) return;
    Violation violation{.condition = fixed.condition, .variable = "r" + std::to_string(fixed.reg), .reg = fixed.reg};
    violation.text = violation.variable + " is not " + fixed.what;
    violation.expected = hex(fixed.value), violation.found = hex(state.gpr[fixed.reg]);
    violations.add(std::move(violation));
  }

  // The saved return address of a frame is the return point of the call that waits for it; main's stays what it was.
  void frame(const Pair& pair, uint32_t depth, Counters& counters, Violations& violations) {
    uint32_t function = pair.aba.frameFunction(depth);
    uint32_t address = pair.aba.frameBase(depth) + pair.image.function(function).returnAddressOffset;
    uint32_t found = 0;
    ++counters.control;
    bool readable = pair.concrete.read(address, &found, 4);
    std::optional<uint32_t> expected;
    std::string site;
    if (depth == 1) {
      if (!mainReturn_ && readable && isCallOf(pair, found - 8, pair.image.function(function).address))
        mainReturn_ = found;
      expected = mainReturn_;
      site = "the start code";
    } else {
      const core::Stmt* call = pair.abstract.pendingCall(depth);
      StatementId id{pair.aba.frameFunction(depth - 1), call->ordinal};
      expected = pair.image.returnPoint(id);
      site = printPlace(pair.image, id);
    }
    if (readable && expected == found) return;
    const std::string& name = pair.image.program().functions[function].name;
    Violation violation{.condition = Condition::ReturnAddress,
                        .variable = "return address of " + name,
                        .depth = depth,
                        .address = address,
                        .size = 4};
    violation.text = "the return address of " + name + " does not lead back to " + site;
    violation.expected = expected ? hex(*expected) : "behind the start code's call";
    violation.found = readable ? hex(found) : "no memory";
    violations.add(std::move(violation));
  }

  // Is there a `jal` to `target` at this address?
  static bool isCallOf(const Pair& pair, uint32_t address, uint32_t target) {
    uint32_t word = 0;
    if (!pair.concrete.read(address, &word, 4)) return false;
    isa::Instruction call = isa::decode(word);
    return call.op == isa::Op::Jal && address + 4 + uint32_t(call.imm) == target;
  }

  std::optional<uint32_t> mainReturn_;  // from s(0)
};

}  // namespace

std::unique_ptr<Checker> makeControlChecker() { return std::make_unique<ControlChecker>(); }

}  // namespace consis
