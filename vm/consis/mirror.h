// What a store of assembly means for the configuration (C0A; seed 003, 4.3), and restriction (ii): it goes outside code and data, or to
// a whole int or unsigned sub variable. Addresses are physical.
#pragma once

#include <string>
#include <vector>

#include "vm/consis/allocation.h"
#include "vm/machine/machine.h"

namespace consis {

class Mirror {
 public:
  Mirror(const Image& image, const Allocation& aba, const interp::Machine& abstract)
      : image_(image), aba_(aba), abstract_(abstract) {}

  // What is wrong with the store; if nothing, the variable that it writes, if there is one, comes to `stores`.
  std::optional<std::string> store(const machine::Event& event, std::vector<interp::AssemblyOutcome::Store>& stores) const;

 private:
  std::optional<std::string> wrong(const interp::SubVariable& sub, const machine::Event& event) const;

  const Image& image_;
  const Allocation& aba_;
  const interp::Machine& abstract_;
};

}  // namespace consis
