#include "compiler/sema/sema.h"

#include "compiler/sema/declarations.h"

namespace sema {

std::optional<core::Program> analyze(base::SourceManager& sources, uint32_t file, const Options& options,
                                     base::Diagnostics& diagnostics) {
  unsigned before = diagnostics.errorCount();
  Context context(sources, file, options, diagnostics);
  context.program.name = sources.name(file);
  context.symbols.ownNames = context.isCore();
  Unit unit(context);
  syntax::parse(sources, file, context.symbols, diagnostics, unit);
  unit.finish();
  if (diagnostics.errorCount() != before) return std::nullopt;
  return std::move(context.program);
}

}  // namespace sema
