// The call statement: destination, arguments, jal; at the return point the result is stored.
#include <array>

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

// Evaluates arguments left to right. A register argument goes to its register at once; before the last argument that
// calls a routine of runtime/arith, which changes r11..r18, they wait in evaluation registers.
void FunctionGenerator::arguments(const Stmt& stmt, const core::Function& callee) {
  core::ArgumentLayout layout = core::layoutArguments(*program_, callee);
  constexpr Register kFirst = isa::kArgument;
  size_t count = stmt.arguments.size(), waitUntil = 0;
  for (size_t i = count; i-- > 1 && waitUntil == 0;)
    if (callsRoutine(*stmt.arguments[i])) waitUntil = i;
  bool swap = callee.parameters > 1 && mutated(Mutation::ArgumentsSwapped);
  std::array<Register, core::kArgumentRegisters> waiting;  // where the argument in reg(i) will go
  unsigned depth = 0;
  for (size_t i = 0; i < count; i++) {
    const Expr& argument = *stmt.arguments[i];
    const core::ArgumentPlace& place = layout.places[i];
    if (place.inRegister) {
      Register to = Register(place.place);
      if (swap && to <= kFirst + 1) to = Register(2 * kFirst + 1 - to);
      bool waits = i < waitUntil;
      evaluate(argument, depth, waits ? reg(depth) : to);
      if (waits) waiting[depth++] = to;
    } else if (type(argument.type).kind == TypeKind::Struct) {
      Address from = address(argument, depth);
      bool free = i > waitUntil;  // then r11.. may hold arguments, but nothing waits
      unsigned next = from.index ? depth + 1 : depth;
      copy(frameAddress(place.place), from, argument.type,
           free ? temporaries(next) : Temporaries{kFirst, kFirst + 1, kFirst + 2});
    } else {
      evaluate(argument, depth, reg(depth));
      store(reg(depth), frameAddress(place.place), argument.type);
    }
    if (i < waitUntil) continue;
    for (unsigned j = 0; j < depth; j++) emit_.move(waiting[j], reg(j));
    depth = 0;
  }
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
