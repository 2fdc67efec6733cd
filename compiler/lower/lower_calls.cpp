// Calls become statements; assert, abort and new.
#include "compiler/lower/lowering.h"

namespace lower {

std::vector<Value> Lowering::arguments(const Expr* first) {
  std::vector<uint8_t> later;  // what comes after each does
  for (const Expr* each = first; each; each = each->next) {
    for (uint8_t& effects : later) effects |= each->effects;
    later.push_back(0);
  }
  std::vector<Value> values;
  for (const Expr* each = first; each; each = each->next)
    values.push_back(protect(value(each), later[values.size()]));
  return values;
}

void Lowering::callInto(const Expr* e, Value target) {
  std::vector<Value> values = arguments(e->list);
  core::Stmt* made = emit(core::StmtKind::Call, start(e));
  made->index = e->index;
  made->target = target;
  made->arguments = program_.list(std::span<const core::Expr* const>(values));
}

Value Lowering::call(const Expr* e, bool wanted) {
  if (e->index == 0xFFFFFFFF) return known(e), nullptr;
  if (e->third) return printf(e, wanted);
  Value target = wanted && e->type != TypeTable::kVoid ? temporary(e->type, start(e)) : nullptr;
  callInto(e, target);
  return target;
}

void Lowering::known(const Expr* e) {
  core::Position at = start(e);
  auto fault = [&] { emit(core::StmtKind::Fault, at)->fault = core::Fault::Assertion; };
  if (!e->list) return fault();
  emitIf(negated(value(e->list)), at, fault);
}

void Lowering::allocate(const Expr* e, Value target) {
  Value count = e->left ? value(e->left) : nullptr;
  core::Stmt* made = emit(core::StmtKind::New, start(e));
  made->target = target;
  made->newType = e->index;
  made->value = count;
}

}  // namespace lower
