// printf("..", a, b): its arguments, then a call for each piece of the format (runtime/lib/include/c0/print.h).
#include <algorithm>

#include "compiler/lower/lowering.h"

namespace lower {

Value Lowering::printf(const Expr* e, bool wanted) {
  std::vector<Value> values = arguments(e->list);
  // All but those that the first call takes are needed after it.
  for (const Expr* piece = e->third->next; piece; piece = piece->next)
    for (const Expr* each = piece->list; each; each = each->next)
      if (each->kind == syntax::ExprKind::Argument) values[each->number] = protect(values[each->number], syntax::kAssignsMemory);
  const std::vector<Value>* outer = std::exchange(printed_, &values);
  Value sum = nullptr;
  for (const Expr* piece = e->third; piece; piece = piece->next) {
    Value written = call(piece, wanted);
    if (sum) emitAssign(sum, binary(core::Operator::Add, e->type, sum, written, start(e)), start(e));
    else sum = written;
  }
  printed_ = outer;
  return sum;
}

}  // namespace lower
