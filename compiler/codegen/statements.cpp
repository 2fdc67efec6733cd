// Statements, prologue and epilogue. Entries of a statement (decisions.md, 3): where its code starts, and every
// connecting jump (end of a then-branch, a loop's way back) that leads there while it is the head of the program rest.
#include "compiler/codegen/function.h"

namespace codegen {

using core::ExprKind;
using core::Fault;
using core::StmtKind;
using core::TypeKind;
using object::Relocation;

void FunctionGenerator::list(core::StmtList statements) {
  for (const Stmt* stmt : statements) statement(*stmt);
}

void FunctionGenerator::statement(const Stmt& stmt) {
  begin(stmt);
  if (stmt.kind == StmtKind::Skip) {
    map_.statements[stmt.ordinal].emits = false;  // entries of the next statement are those of this one
    return;
  }
  switch (stmt.kind) {
    case StmtKind::Skip: return;
    case StmtKind::If: return ifStatement(stmt);
    case StmtKind::While: return whileStatement(stmt);
    case StmtKind::Asm: return asmStatement(stmt);
    default: break;
  }
  pending_.clear();
  switch (stmt.kind) {
    case StmtKind::Assign: return assign(stmt);
    case StmtKind::Call: return call(stmt);
    case StmtKind::Return: return returnStatement(stmt);
    case StmtKind::New: return stmt.value ? newArray(stmt) : newStatement(stmt);
    case StmtKind::Break:
    case StmtKind::Continue: return leaveLoop(stmt);
    default: return faultStatement(stmt);
  }
}

void FunctionGenerator::begin(const Stmt& stmt) {
  object::MapStatement& entry = map_.statements[stmt.ordinal];
  entry.position = position(stmt.position);
  if (mutated(Mutation::MapPosition)) ++entry.position.line;
  entry.entries.reserve(1 + pending_.size());
  entry.entries.push_back(emit_.entry() + (mutated(Mutation::MapEntry) ? 4 : 0));
  entry.entries.insert(entry.entries.end(), pending_.begin(), pending_.end());
  reachable_ = true;
}

// The target's address at depth 0, or nothing yet if it is a fixed place.
FunctionGenerator::Address FunctionGenerator::waiting(const Expr& target, unsigned depth) {
  if (core::isFixedPlace(*program_, target)) return {};
  return address(target, depth);
}

void FunctionGenerator::assign(const Stmt& stmt) {
  const Expr& target = *stmt.target;
  bool fixed = core::isFixedPlace(*program_, target);
  Address to = waiting(target, 0);
  unsigned depth = fixed ? 0 : 1;
  if (type(target.type).kind == TypeKind::Struct) {
    Address from = address(*stmt.value, depth);
    if (fixed) to = address(target, 0);
    return copy(to, from, target.type, temporaries(from.index ? depth + 1 : depth));
  }
  const Expr* value = stmt.value;
  bool narrow =
      type(target.type).asize < 4 && type(target.type).kind != TypeKind::Bool && value->kind == ExprKind::Cast;
  if (narrow) value = value->left;  // the store truncates
  bool zero = constantOf(*value) == 0u;
  Register from = zero ? isa::kZero : reg(depth);
  if (!zero) evaluate(*value, depth, from);
  if (fixed) to = address(target, 0);
  if (mutated(Mutation::StoreMissing)) return emit_.move(from, from), emit_.immediate(Op::Ori, 1, 1, 0);
  store(from, to, target.type);
}

void FunctionGenerator::returnStatement(const Stmt& stmt) {
  if (stmt.value && type(stmt.value->type).kind == TypeKind::Struct) {
    Address from = address(*stmt.value, 0);
    access(Op::Lw, reg(1), frameAddress(frame_.structResult));
    copy({Address::None, reg(1), 0, 0}, from, stmt.value->type, temporaries(2));
  } else if (stmt.value) {
    evaluate(*stmt.value, 0, isa::kResult);
  }
  epilogue();
  reachable_ = false;
}

void FunctionGenerator::ifStatement(const Stmt& stmt) {
  uint32_t start = emit_.here();
  Label otherwise = emit_.label(), end = emit_.label();
  branch(*stmt.value, 0, otherwise, false);
  bool emits = emit_.here() != start;
  map_.statements[stmt.ordinal].emits = emits;
  if (emits) pending_.clear();
  list(stmt.body);
  bool fallsThrough = reachable_;
  if (stmt.otherwise.empty()) {
    emit_.bind(otherwise);
    reachable_ = true;
    return;
  }
  std::vector<uint32_t> afterThen;
  if (fallsThrough) {
    afterThen = std::move(pending_);
    uint32_t at = emit_.entry();
    afterThen.push_back(at);
    if (!mutated(Mutation::ElseNotSkipped)) emit_.connect(emit_.jump(end));
  }
  pending_.clear();
  emit_.bind(otherwise);
  reachable_ = true;
  list(stmt.otherwise);
  emit_.bind(end);
  reachable_ |= fallsThrough;
  pending_.insert(pending_.end(), afterThen.begin(), afterThen.end());
}

// The test is at the bottom; the first round jumps there.
//
//     j test          entry
//   body: ..
//   next: step        continue goes here
//   test: bnez body   entry
//   leave:            break goes here
void FunctionGenerator::whileStatement(const Stmt& stmt) {
  std::vector<uint32_t> before = std::move(pending_);
  pending_.clear();
  uint32_t start = emit_.here();
  Label body = emit_.label(), test = emit_.label();
  bool silent = true;
  for (const Stmt* inner : stmt.body) silent &= inner->kind == StmtKind::Skip;
  for (const Stmt* inner : stmt.step) silent &= inner->kind == StmtKind::Skip;
  size_t first = silent ? 0 : emit_.jump(mutated(Mutation::WhileTestSkipped) ? body : test);
  emit_.bind(body);
  loops_.push_back({emit_.label(), emit_.label()});
  list(stmt.body);
  emit_.bind(loops_.back().next);
  list(stmt.step);
  const Label leave = loops_.back().leave;
  loops_.pop_back();
  object::MapStatement& entry = map_.statements[stmt.ordinal];
  if (!silent) entry.entries.push_back(emit_.entry());
  entry.entries.insert(entry.entries.end(), pending_.begin(), pending_.end());
  pending_.clear();
  emit_.bind(test);
  uint32_t tested = emit_.here();
  branch(*stmt.value, 0, body, true);
  if (!silent && emit_.here() != tested) emit_.connect(first);
  entry.emits = emit_.here() != start;
  if (!entry.emits) pending_ = std::move(before);  // while (false);
  emit_.bind(leave);
  reachable_ = true;
}

void FunctionGenerator::leaveLoop(const Stmt& stmt) {
  const bool leaves = stmt.kind == StmtKind::Break || mutated(Mutation::ContinueLeaves);
  if (mutated(Mutation::BreakMissing)) return emit_.immediate(Op::Ori, isa::kScratch, isa::kScratch, 0);
  emit_.jump(leaves ? loops_.back().leave : loops_.back().next);
  reachable_ = false;
}

// new(T): null if the heap is exhausted, else the heap pointer, which moves up over zeroed memory (decisions.md, 6).
void FunctionGenerator::newStatement(const Stmt& stmt) {
  const Expr& target = *stmt.target;
  bool fixed = core::isFixedPlace(*program_, target);
  Address to = waiting(target, 0);
  Register result = reg(1);
  uint32_t size = (type(stmt.newType).asize + 3) & ~3u;
  Label done = emit_.label();
  uint32_t heapEnd = runtime(RuntimeSymbol::HeapEnd);
  emit_.immediate(Op::Lhgi, isa::kScratch, 0, 0);
  emit_.relocate(Relocation::Hi16, heapEnd, -int32_t(size));
  emit_.immediate(Op::Addi, isa::kScratch, isa::kScratch, 0);
  emit_.relocate(Relocation::Lo16, heapEnd, -int32_t(size));
  emit_.registers(Op::Sgr, isa::kScratch, isa::kHeap, isa::kScratch);
  emit_.immediate(Op::Addi, result, isa::kZero, 0);
  if (!mutated(Mutation::NewNoLimit)) emit_.branch(Op::Bnez, isa::kScratch, done);
  zero(size);
  if (fixed) to = address(target, 0);
  emit_.bind(done);
  store(result, to, target.type);
}

// new(T, n): null also if n <= 0 or the elements' bytes are more than any heap's.
void FunctionGenerator::newArray(const Stmt& stmt) {
  const Expr& target = *stmt.target;
  const bool fixed = core::isFixedPlace(*program_, target);
  const Register bytes = reg(0), result = reg(1), end = reg(2);
  const uint32_t size = type(stmt.newType).asize, most = 0x7FFFFFFC / size, heapEnd = runtime(RuntimeSymbol::HeapEnd);
  const Label done = emit_.label();
  if (!fixed) {
    materialise(reg(0), address(target, 0));
    access(Op::Sw, reg(0), frameAddress(frame_.destination));
  }
  evaluate(*stmt.value, 0, bytes);
  emit_.immediate(Op::Addi, result, isa::kZero, 0);
  emit_.immediate(Op::Slei, isa::kScratch, bytes, 0);
  emit_.branch(Op::Bnez, isa::kScratch, done, result);
  emit_.constant(isa::kScratch, most);
  emit_.registers(Op::Sgr, isa::kScratch, bytes, isa::kScratch);
  if (!mutated(Mutation::NewNoLimit)) emit_.branch(Op::Bnez, isa::kScratch, done, result);
  if (!mutated(Mutation::NewArrayUnscaled)) multiplyConstant(bytes, size);
  if (size % 4 != 0) {
    emit_.immediate(Op::Addi, bytes, bytes, 3);
    emit_.immediate(Op::Andi, bytes, bytes, -4);
  }
  emit_.immediate(Op::Lhgi, isa::kScratch, 0, 0);
  emit_.relocate(Relocation::Hi16, heapEnd, 0);
  emit_.immediate(Op::Addi, isa::kScratch, isa::kScratch, 0);
  emit_.relocate(Relocation::Lo16, heapEnd, 0);
  emit_.registers(Op::Sub, isa::kScratch, isa::kScratch, isa::kHeap);
  emit_.registers(Op::Sgr, isa::kScratch, bytes, isa::kScratch);
  if (!mutated(Mutation::NewNoLimit)) emit_.branch(Op::Bnez, isa::kScratch, done, result);
  emit_.move(kSecondScratch, isa::kHeap);
  emit_.move(result, isa::kHeap);
  emit_.registers(Op::Add, end, isa::kHeap, bytes);
  if (!mutated(Mutation::NewNotAdvanced)) emit_.move(isa::kHeap, end);
  zeroLoop(end, mutated(Mutation::NewNotZero));
  emit_.bind(done);
  if (fixed) return store(result, address(target, 0), target.type);
  access(Op::Lw, reg(0), frameAddress(frame_.destination));
  store(result, {Address::None, reg(0), 0, 0}, target.type);
}

// Zeroes the words from r20 to `end`, at least one. Changes r1, r20.
void FunctionGenerator::zeroLoop(Register end, bool dirty) {
  Label loop = emit_.label();
  emit_.bind(loop);
  emit_.immediate(Op::Addi, kSecondScratch, kSecondScratch, 4);
  emit_.registers(Op::Sls, isa::kScratch, kSecondScratch, end);
  emit_.immediate(Op::Sw, 0, kSecondScratch, -4);
  emit_.branch(Op::Bnez, isa::kScratch, loop);
  if (dirty) emit_.immediate(Op::Sw, isa::kHeap, reg(1), 0);
}

// reg(1) := r30; r30 := r30 + bytes; the memory between is zeroed.
void FunctionGenerator::zero(uint32_t bytes) {
  constexpr uint32_t kUnrolled = 32;
  Register result = reg(1);
  bool dirty = mutated(Mutation::NewNotZero), old = mutated(Mutation::NewOldPointer);
  uint32_t advance = mutated(Mutation::NewNotAdvanced) ? 0 : bytes;
  if (mutated(Mutation::NewPrevious)) emit_.addConstant(result, isa::kHeap, -bytes, isa::kScratch);
  else if (!old) emit_.move(result, isa::kHeap);
  if (bytes <= kUnrolled) {
    for (uint32_t at = 0; at < bytes; at += 4)
      emit_.immediate(Op::Sw, dirty && !at ? isa::kHeap : 0, isa::kHeap, int32_t(at));
    emit_.addConstant(isa::kHeap, isa::kHeap, advance, isa::kScratch);
  } else {
    emit_.move(kSecondScratch, isa::kHeap);
    emit_.addConstant(isa::kScratch, isa::kHeap, bytes, isa::kScratch);
    if (advance) emit_.move(isa::kHeap, isa::kScratch);
    Register end = reg(2);
    emit_.move(end, isa::kScratch);
    zeroLoop(end, dirty);
  }
  if (old) emit_.move(result, isa::kHeap);
}

void FunctionGenerator::faultStatement(const Stmt& stmt) {
  emit_.call(runtime(RuntimeSymbol::Fault));
  check(stmt.fault, stmt.position);
  reachable_ = false;
}

// Belongs to the call's step: frame, stack check, saved r31 and r19, parameters.
void FunctionGenerator::prologue() {
  points_ = {};
  uint32_t size = frame_.size, limit = checks().stack ? runtime(RuntimeSymbol::StackLimit) : 0;
  bool small = size <= 0x7FFF;
  Register next = isa::kFrame;
  if (!small) {
    next = reg(0);
    emit_.constant(next, size);
    emit_.registers(Op::Sub, next, isa::kFrame, next);
  }
  if (checks().stack) {
    int32_t addend = small ? int32_t(size) : 0;
    emit_.immediate(Op::Lhgi, isa::kScratch, 0, 0);
    emit_.relocate(Relocation::Hi16, limit, addend);
    emit_.immediate(Op::Addi, isa::kScratch, isa::kScratch, 0);
    emit_.relocate(Relocation::Lo16, limit, addend);
    emit_.registers(Op::Sls, isa::kScratch, next, isa::kScratch);
    stackStub_ = emit_.label();
    emit_.branch(Op::Bnez, isa::kScratch, stackStub_);
    points_.early = isa::decode(emit_.code().back()).op == Op::Bnez;  // else it is far, with its slot filled
  }
  if (small) emit_.immediate(Op::Addi, isa::kFrame, isa::kFrame, -int32_t(size));
  else emit_.move(isa::kFrame, next);
  points_.moved = emit_.here();
  access(Op::Sw, isa::kLink, frameAddress(frame_.returnAddress + (mutated(Mutation::LinkWrongSlot) ? 4 : 0)));
  points_.saved = emit_.here();
  if (frame_.hasStructResult) access(Op::Sw, isa::kStructResult, frameAddress(frame_.structResult));
  storeParameters();
}

void FunctionGenerator::storeParameters() {
  for (uint32_t i = 0; i < function_->parameters; i++) {
    if (!parameters_.places[i].inRegister || mutated(Mutation::ParameterNotStored)) continue;
    store(Register(parameters_.places[i].place), frameAddress(places_[i]), function_->variables[i].type);
  }
}

void FunctionGenerator::epilogue() {
  access(Op::Lw, isa::kLink, frameAddress(frame_.returnAddress + (mutated(Mutation::LinkWrongSlot) ? 4 : 0)));
  uint32_t size = frame_.size - (mutated(Mutation::FrameDrifts) ? 4 : 0);
  if (fits16(size)) return emit_.jumpRegister(isa::kLink, {Op::Addi, isa::kFrame, isa::kFrame, 0, 0, int32_t(size)});
  emit_.constant(isa::kScratch, size);
  emit_.jumpRegister(isa::kLink, {Op::Add, isa::kFrame, isa::kFrame, isa::kScratch, 0, 0});
}

// Out of line, so that the checked path stays short. The stack's stub jumps with r31 as the caller's jal left it: the
// fault is the call's, and the map keys it by the call's return point; r29 is the caller's again.
void FunctionGenerator::stubs() {
  for (const Stub& failed : stubs_) {
    emit_.bind(failed.label);
    if (failed.by) {
      Label moves = emit_.label();
      emit_.branch(Op::Bnez, failed.by, moves);
      if (failed.back.valid()) {
        emit_.jump(failed.back);
      } else {
        emit_.call(runtime(RuntimeSymbol::Fault));
        check(failed.fault, failed.dereference);
      }
      emit_.bind(moves);
    }
    emit_.call(runtime(RuntimeSymbol::Fault));
    check(failed.fault, failed.position);
  }
  if (!stackStub_.valid()) return;
  emit_.bind(stackStub_);
  points_.stackStub = emit_.here();
  if (points_.early) emit_.addConstant(isa::kFrame, isa::kFrame, frame_.size, isa::kScratch);
  emit_.jumpTo(runtime(RuntimeSymbol::Fault));
}

Label FunctionGenerator::stub(Fault fault, core::Position position) {
  stubs_.push_back({.label = emit_.label(), .fault = fault, .position = position});
  return stubs_.back().label;
}

void FunctionGenerator::check(Fault fault, core::Position at) {
  object::MapPosition where = position(at);
  if (mutated(Mutation::CheckPosition)) where.line++;
  if (!mutated(Mutation::MapCheck)) map_.checks.push_back({emit_.entry(), fault, where});
}

}  // namespace codegen
