// konsis(kalloc)(cc, ca): the concrete kernel's configuration against the abstract one's (seed 003, 6.2). kalloc keeps the indices of globals,
// takes the local frame at depth i to that at depth i + 1 (cc has init2 below), and heap variables to those that were made in the
// same step. Program rests agree up to what cc has more.
#pragma once

#include <vector>

#include "vm/consis/checker.h"
#include "vm/relate/konsis/counters.h"

namespace konsis {

using consis::Violations;
using interp::SubVariable;
using interp::Value;

class Kalloc {
 public:
  // The first functions and globals of cc's program are ca's.
  Kalloc(const consis::Image& image, const interp::Machine& cc, const interp::Machine& ca, Counters& counters);

  bool isAbstract(uint32_t function) const { return function < functions_; }

  // After a step of cc that is none of ca: what it wrote, if it was a variable of ca. Locals count while the abstract kernel runs.
  void checkWrites(bool running, Violations& violations);
  // After a step of both: also what ca wrote or made, program rests and recursion depths.
  void checkStep(Violations& violations);
  // Values and pointers of everything; with `running`, also the rests.
  void checkAll(bool running, Violations& violations);

 private:
  void checkControl(bool whole, Violations& violations);
  // The sub variable of ca's; its simple values.
  void compare(const SubVariable& sub, Violations& violations);
  void compareValue(const SubVariable& sub, uint32_t i, const Value& abstract, const Value& concrete, Violations& violations);
  std::optional<SubVariable> concrete(const SubVariable& sub) const;
  std::optional<SubVariable> abstract(const SubVariable& sub, bool running) const;
  uint32_t sizeOf(const interp::Machine& machine, const SubVariable& sub) const;
  std::string show(const interp::Machine& machine, const Value& value, core::TypeId type) const;

  const consis::Image& image_;
  const interp::Machine &cc_, &ca_;
  Counters& counters_;
  const uint32_t functions_, globals_;  // of ca that are defined
  std::vector<uint32_t> heap_;          // kalloc(ca.hm, j)
};

}  // namespace konsis
