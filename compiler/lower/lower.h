// From the typed tree of C0X (compiler/sema/surface.h) to the core (shared/spec/c0.md, "Surface"): side effects become
// statements of their own, left to right, through fresh temporaries `.tN`; loops, switch and ?: become while and if.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/core/core.h"
#include "compiler/syntax/ast.h"

namespace lower {

class Places {
 public:
  virtual ~Places() = default;
  virtual core::Position position(base::Loc loc) = 0;
  virtual std::string_view text(base::Range range) const = 0;
};

// Gives program.functions[index], whose variables are known, its body. `addressed`: by variable, whether pointers lead to it.
void function(core::Program& program, Places& places, const syntax::Stmt* body, uint32_t index,
              std::vector<bool> addressed);

}  // namespace lower
