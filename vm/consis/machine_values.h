// va and aba of core expressions over the VAMP's memory alone: what compiled code computes at the beginning of a
// statement, if the relation holds there. Pointers are addresses.
#pragma once

#include <optional>

#include "vm/consis/image.h"
#include "vm/machine/machine.h"

namespace consis {

class MachineValues {
 public:
  // Locals are those of the function whose frame lies at `base`.
  MachineValues(const Image& image, const machine::Machine& machine, uint32_t function, uint32_t base)
      : image_(image), types_(image.program().types), machine_(machine), function_(function), base_(base) {}

  // Of a simple type; nothing if it divides by zero or leaves memory.
  std::optional<uint32_t> value(const core::Expr& e) const;
  // Of a place. Bounds are not checked.
  std::optional<uint32_t> address(const core::Expr& e) const;

 private:
  std::optional<uint32_t> binary(const core::Expr& e) const;

  const Image& image_;
  const core::TypeTable& types_;
  const machine::Machine& machine_;
  uint32_t function_, base_;
};

}  // namespace consis
