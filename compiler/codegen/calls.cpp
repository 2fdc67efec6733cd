// The call statement: destination, arguments, jal; at the return point the result is stored.
#include "compiler/codegen/function.h"

namespace codegen {

using core::Fault;
using core::TypeKind;

void FunctionGenerator::call(const Stmt& stmt) {
  const core::Function& callee = program_->functions[stmt.index];
  bool fixed = stmt.target && core::isFixedPlace(*program_, *stmt.target);
  if (stmt.target && !fixed) {
    Address to = address(*stmt.target, 0);
    materialise(reg(0), to);
    access(Op::Sw, reg(0), frameAddress(frame_.destination));
  }
  arguments(stmt, callee);
  if (type(callee.result).kind == TypeKind::Struct) structResultAddress(stmt, fixed);
  emit_.call(unit_.functionSymbol(*program_, stmt.index));
  uint32_t returnPoint = emit_.entry();
  map_.calls.push_back({stmt.ordinal, returnPoint + (mutated(Mutation::MapReturnPoint) ? 4 : 0)});
  if (checks().stack) map_.checks.push_back({returnPoint, Fault::StackOverflow, position(stmt.position)});
  if (stmt.target && type(stmt.target->type).kind != TypeKind::Struct) storeResult(stmt, fixed);
}

// Evaluates arguments left to right. A register argument goes to its register at once, unless it is r11 or r12 and a
// later argument calls a routine of runtime/arith: then it waits in an evaluation register.
void FunctionGenerator::arguments(const Stmt& stmt, const core::Function& callee) {
  core::ArgumentLayout layout = core::layoutArguments(*program_, callee);
  constexpr Register kFirst = isa::kArgument;
  size_t lastRoutine = 0;  // arguments before this index meet a later routine call
  for (size_t i = stmt.arguments.size(); i-- > 1 && lastRoutine == 0;)
    if (callsRoutine(*stmt.arguments[i])) lastRoutine = i;
  unsigned depth = 0;
  bool swap = callee.parameters > 1 && mutated(Mutation::ArgumentsSwapped);
  Register waits[2] = {0, 0};  // for r11, r12
  for (size_t i = 0; i < stmt.arguments.size(); i++) {
    const Expr& argument = *stmt.arguments[i];
    const core::ArgumentPlace& place = layout.places[i];
    if (place.inRegister) {
      Register to = Register(place.place);
      if (swap && to <= kFirst + 1) to = Register(2 * kFirst + 1 - to);
      if (to <= kFirst + 1 && i < lastRoutine) {
        to = waits[to - kFirst] = reg(depth);
        evaluate(argument, depth++, to);
      } else {
        evaluate(argument, depth, to);
      }
    } else if (type(argument.type).kind == TypeKind::Struct) {
      Address from = address(argument, depth);
      copy(frameAddress(place.place), from, argument.type, from.index ? depth + 1 : depth);
    } else {
      evaluate(argument, depth, reg(depth));
      store(reg(depth), frameAddress(place.place), argument.type);
    }
  }
  for (Register i = 0; i < 2; i++)
    if (waits[i]) emit_.move(Register(kFirst + i), waits[i]);
}

// r19 := where the callee writes its struct result.
void FunctionGenerator::structResultAddress(const Stmt& stmt, bool fixed) {
  if (stmt.target && !fixed) {
    access(Op::Lw, isa::kStructResult, frameAddress(frame_.destination));
    return;
  }
  Address to = fixed ? address(*stmt.target, 0) : frameAddress(frame_.discarded);
  if (mutated(Mutation::StructResultPlace)) to.offset += 4;
  materialise(isa::kStructResult, to);
}

void FunctionGenerator::storeResult(const Stmt& stmt, bool fixed) {
  Address to;
  if (fixed) {
    to = address(*stmt.target, 0);
  } else {
    access(Op::Lw, reg(0), frameAddress(frame_.destination));
    to = {Address::None, reg(0), 0, 0};
  }
  if (mutated(Mutation::ResultWrongPlace)) to.offset += 4;
  if (mutated(Mutation::ResultNotStored)) return;
  store(isa::kResult, to, stmt.target->type);
}

}  // namespace codegen
