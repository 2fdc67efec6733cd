// Element pointers: moved by elements, subtracted, followed. Leaving an array has no check; moving null has one.
#include "compiler/codegen/function.h"

namespace codegen {

using core::ExprKind;
using core::Fault;
using core::Operator;

// p + i, p - i. Null may only be moved by 0. If the result is dereferenced at once, `dereference` is that place, and
// its check for null is made here too.
void FunctionGenerator::moved(const Expr& expr, unsigned depth, Register to, const Expr* dereference) {
  const uint32_t size = type(type(expr.type).element).asize * (mutated(Mutation::PointerStride) ? 2 : 1);
  const bool checked = checks().null && expr.left->kind != ExprKind::AddressOf && !mutated(Mutation::NullCheckMissing);
  if (std::optional<uint32_t> by = constantOf(*expr.right)) {
    evaluate(*expr.left, depth, to);
    if (checked && *by != 0) emit_.branch(Op::Beqz, to, stub(Fault::NullDereference, expr.position));
    else if (dereference) checkNull(*dereference, to);
    return emit_.addConstant(to, to, (expr.op == Operator::Sub ? 0 - *by : *by) * size, isa::kScratch);
  }
  const Pair pair = operands(*expr.left, *expr.right, depth);
  if (checked) {
    Stub null{.label = emit_.label(), .fault = Fault::NullDereference, .position = expr.position, .by = pair.right};
    if (dereference) null.dereference = dereference->position;
    else null.back = emit_.label();
    emit_.branch(Op::Beqz, pair.left, null.label, pair.right);
    if (!dereference) emit_.bind(null.back);
    stubs_.push_back(null);
  }
  if (size != 1) multiplyConstant(pair.right, size);
  emit_.registers(expr.op == Operator::Sub ? Op::Sub : Op::Add, to, pair.left, pair.right);
}

FunctionGenerator::Address FunctionGenerator::dereferenced(const Expr& place, unsigned depth) {
  const Expr& pointer = *place.left;
  if (pointer.kind == ExprKind::AddressOf) return address(*pointer.left, depth);
  if (pointer.kind == ExprKind::Binary) {
    moved(pointer, depth, reg(depth), &place);
  } else {
    evaluate(pointer, depth, reg(depth));
    checkNull(place, reg(depth));
  }
  return {Address::None, reg(depth), 0, 0};
}

// Both point into one array, so that the division by the element's size leaves no rest: a shift, and for the odd part
// the product with its inverse modulo 2^32.
void FunctionGenerator::difference(const Expr& expr, unsigned depth, Register to) {
  const Pair pair = operands(*expr.left, *expr.right, depth);
  emit_.registers(Op::Sub, to, pair.left, pair.right);
  if (mutated(Mutation::DifferenceUnscaled)) return;
  const uint32_t size = type(type(expr.left->type).element).asize;
  const unsigned power = unsigned(__builtin_ctz(size));
  const uint32_t odd = size >> power;
  uint32_t inverse = odd;  // right in 3 bits; each round doubles that (Newton)
  for (int i = 0; i < 4; i++) inverse *= 2 - odd * inverse;
  if (power) emit_.shift(Op::Srai, to, to, power);
  if (odd != 1) multiplyConstant(to, inverse);
}

}  // namespace codegen
