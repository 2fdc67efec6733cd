// What names mean in an asm block: variables in scope, types and fields of the program (docs/assembly.md, "Blocks of
// C0A"). For the compiler, and for consis, which assembles each block again.
#pragma once

#include <functional>

#include "assembler/asm/assembler.h"
#include "compiler/core/core.h"

namespace codegen {

class AsmNames : public assembler::BlockNames {
 public:
  // `offsets` of the function's variables from r29; `isSmall`: a global is within reach of r28. Errors go to
  // `diagnostics`.
  AsmNames(const core::Program& program, const core::Function& function, const std::vector<uint32_t>& offsets,
           std::function<bool(uint32_t)> isSmall, base::Diagnostics& diagnostics)
      : program_(program),
        function_(function),
        offsets_(offsets),
        isSmall_(std::move(isSmall)),
        diagnostics_(diagnostics) {}

  std::optional<Place> variable(std::string_view text, base::Range where) override;
  std::optional<Meaning> function(std::string_view name, std::string_view argument, base::Range where) override;

 private:
  std::nullopt_t fail(const char* id, base::Range where, std::string text);
  std::optional<core::TypeId> typeNamed(std::string_view name) const;

  const core::Program& program_;
  const core::Function& function_;
  const std::vector<uint32_t>& offsets_;
  std::function<bool(uint32_t)> isSmall_;
  base::Diagnostics& diagnostics_;
};

}  // namespace codegen
