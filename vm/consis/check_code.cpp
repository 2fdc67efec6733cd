// code-consis (seed 003, 4.2, condition 4): the code in memory is the image's. Stores into code are reported by the
// machine's observer, so that a step costs nothing when there are none; the whole code is compared at the end.
#include "assembler/base/bytes.h"
#include "vm/consis/checker.h"

namespace consis {
namespace {

class CodeChecker : public Checker {
 public:
  void check(const Pair& pair, Counters& counters, Violations& violations) override {
    for (Region stored : pair.codeStores) compare(pair, stored, Condition::Code, counters, violations);
  }
  void finish(const Pair& pair, Counters& counters, Violations& violations) override {
    compare(pair, {0, UINT32_MAX}, Condition::CodeAtEnd, counters, violations);
  }

  static void compare(const Pair& pair, Region range, Condition condition, Counters& counters, Violations& violations) {
    for (const auto& section : pair.image.object().sections) {
      if (!(section.flags & object::kExecute) || section.noBits()) continue;
      auto memory = pair.concrete.memory();
      const uint64_t first = range.begin > section.address ? (range.begin - section.address) & ~3u : 0;
      for (uint64_t at = first; at + 4 <= section.bytes.size(); at += 4) {
        const uint32_t address = uint32_t(section.address + at);
        if (address >= range.end) break;
        ++counters.code;
        uint32_t expected = base::load<uint32_t>(&section.bytes[at]), found = base::load<uint32_t>(&memory[address]);
        if (expected == found) continue;
        Violation violation{.condition = condition, .address = address, .size = 4};
        violation.variable = pair.image.symbolAt(address);
        violation.text = "the code at " + hex(address) + " was overwritten";
        violation.expected = hex(expected) + " " + isa::print(expected);
        violation.found = hex(found) + " " + isa::print(found);
        violations.add(std::move(violation));
      }
    }
  }
};

}  // namespace

bool codeHolds(const Pair& pair, Region stored, Counters& counters) {
  Violations found;
  CodeChecker::compare(pair, stored, Condition::Code, counters, found);
  return found.empty();
}

std::unique_ptr<Checker> makeCodeChecker() { return std::make_unique<CodeChecker>(); }

}  // namespace consis
