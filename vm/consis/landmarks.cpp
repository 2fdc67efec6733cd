#include "vm/consis/landmarks.h"

#include "vm/consis/checker.h"

namespace consis {

using core::StmtKind;

machine::Watch entryWatch(const Image& image) {
  machine::Watch watch;
  const auto& functions = image.program().functions;
  for (uint32_t f = 0; f < functions.size(); ++f) {
    if (!image.mapped(f)) continue;
    for (uint32_t s = 0; s < functions[f].statements.size(); ++s)
      for (uint32_t entry : image.entries({f, s})) {
        watch.add(entry);
        if (image.at(f, s).asksVamp) watch.ends.add(entry);
      }
    for (const auto& call : image.function(f).calls)
      if (!functions[functions[f].statements[call.statement]->index].defined) watch.add(call.returnPoint);
  }
  return watch;
}

Landmarks::Landmarks(const Image& image) {
  for (machine::Watch* watch : {&allocationWatch_, &allWatch_})
    watch->byPage = true, watch->users = machine::Watch::Users::Watch;
  std::unordered_map<uint32_t, unsigned> emitting;  // how many statements that emit code are entered there
  for (uint32_t f = 0; f < image.program().functions.size(); ++f) {
    if (!image.mapped(f)) continue;
    const object::MapFunction& function = image.function(f);
    for (const auto& statement : function.statements)
      if (statement.emits)
        for (uint32_t entry : statement.entries) ++emitting[entry];
    for (uint32_t ordinal = 0; ordinal < function.statements.size(); ++ordinal) {
      const StatementId id{f, ordinal};
      const StmtKind kind = statementOf(image, id).kind;
      const auto& entries = function.statements[ordinal].entries;
      if (kind == StmtKind::New)
        for (uint32_t entry : entries)
          allocations_.emplace(entry, id), allocationWatch_.add(entry), allWatch_.add(entry);
      if (!function.statements[ordinal].emits || entries.size() != 1 || kind == StmtKind::Asm) continue;
      if (emitting[entries[0]] == 1) statements_.emplace(entries[0], id), allWatch_.add(entries[0]);
    }
    for (const auto& call : function.calls) calls_.emplace(call.returnPoint, StatementId{f, call.statement});
  }
}

}  // namespace consis
