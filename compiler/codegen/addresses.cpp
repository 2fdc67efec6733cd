// Places: address computation, loads, stores, struct copies, and the checks on the way.
#include "compiler/codegen/function.h"

namespace codegen {

using core::ExprKind;
using core::Fault;
using core::Operator;
using core::TypeKind;
using object::Relocation;

FunctionGenerator::Address FunctionGenerator::address(const Expr& place, unsigned depth) {
  switch (place.kind) {
    case ExprKind::Local: return frameAddress(places_[place.value] + (mutated(Mutation::LocalOffset) ? 4 : 0));
    case ExprKind::Global: {
      Address result{Address::Global, 0, place.value, 0};
      if (mutated(Mutation::GlobalOffset)) result.offset += 4;
      return result;
    }
    case ExprKind::Field: {
      Address result = address(*place.left, depth);
      if (place.value == 1 && mutated(Mutation::FieldOffset)) return result;
      result.offset += type(place.left->type).fields[place.value].offset;
      return result;
    }
    case ExprKind::Index: return indexed(place, depth);
    case ExprKind::Deref: return dereferenced(place, depth);
    default: return {};
  }
}

FunctionGenerator::Address FunctionGenerator::indexed(const Expr& place, unsigned depth) {
  const core::Type& array = type(place.left->type);
  uint32_t stride = type(array.element).asize;
  if (mutated(Mutation::ArrayStride)) stride *= 2;
  const Expr& index = *place.right;
  if (index.kind == ExprKind::Literal && index.value < array.count) {
    Address result = address(*place.left, depth);
    result.offset += index.value * stride;
    return result;
  }
  Address base;
  unsigned indexDepth = depth;
  bool fixed = core::isFixedPlace(*program_, *place.left), spilled = !fixed && core::leftSpills(depth);
  base = address(*place.left, depth);
  if (spilled) spill(base.index);
  else if (!fixed) indexDepth++;
  Register scaled = reg(indexDepth);
  evaluate(index, indexDepth, scaled);
  checkBounds(place, scaled);
  if (stride != 1) multiplyConstant(scaled, stride);
  if (!fixed) {
    Register left = spilled ? kSecondScratch : base.index;
    if (spilled) reload(left);
    emit_.registers(Op::Add, reg(depth), left, scaled);
  }
  base.index = reg(depth);
  return base;
}

// Whether the value, as an unsigned number, is known to be below the bound.
bool FunctionGenerator::isBelow(const Expr& expr, uint32_t bound) const {
  switch (expr.kind) {
    case ExprKind::Literal: return expr.value < bound;
    case ExprKind::Cast: {
      TypeKind from = type(expr.left->type).kind, into = type(expr.type).kind;
      if (from == TypeKind::Bool) return bound >= 2;
      if (from == TypeKind::UChar && into != TypeKind::Char) return bound >= 256;
      if (into == TypeKind::UChar) return bound >= 256 || isBelow(*expr.left, bound);
      if (into == TypeKind::UShort) return bound >= 65536 || isBelow(*expr.left, bound);
      if (from == TypeKind::UShort && into != TypeKind::Char && into != TypeKind::Short) return bound >= 65536;
      return (into == TypeKind::Int || into == TypeKind::Unsigned) &&
             (from == TypeKind::Int || from == TypeKind::Unsigned) && isBelow(*expr.left, bound);
    }
    case ExprKind::Binary: {
      bool isUnsigned = type(expr.type).kind == TypeKind::Unsigned;
      if (expr.op == Operator::And) return isBelow(*expr.left, bound) || isBelow(*expr.right, bound);
      std::optional<uint32_t> right = constantOf(*expr.right);
      if (!isUnsigned || !right) return false;
      if (expr.op == Operator::Mod) return *right != 0 && *right <= bound;
      if (expr.op == Operator::ShiftRight) return (UINT32_MAX >> (*right & 31)) < bound;
      return false;
    }
    default: return false;
  }
}

void FunctionGenerator::checkBounds(const Expr& place, Register index) {
  uint32_t count = type(place.left->type).count;
  if (!checks().bounds || isBelow(*place.right, count)) return;
  if (mutated(Mutation::BoundsCheckLate)) count++;
  Label fail = stub(Fault::OutOfBounds, place.position);
  if (isPowerOfTwo(count)) {
    Register condition = index;
    if (count > 1) emit_.shift(Op::Srli, condition = isa::kScratch, index, log2(count));
    return emit_.branch(Op::Bnez, condition, fail);
  }
  if (count <= 0x7FFF) {
    emit_.immediate(Op::Sgei, kSecondScratch, index, int32_t(count));
  } else {
    emit_.constant(kSecondScratch, count);
    emit_.registers(Op::Sge, kSecondScratch, index, kSecondScratch);
  }
  emit_.immediate(Op::Slsi, isa::kScratch, index, 0);
  emit_.registers(Op::Or, isa::kScratch, isa::kScratch, kSecondScratch);
  emit_.branch(Op::Bnez, isa::kScratch, fail);
}

void FunctionGenerator::checkNull(const Expr& place, Register pointer) {
  if (!checks().null || mutated(Mutation::NullCheckMissing)) return;
  emit_.branch(Op::Beqz, pointer, stub(Fault::NullDereference, place.position));
}

// Turns an address into base register and immediate. May change the index register (which stays valid for this address
// only) and r1.
FunctionGenerator::Operand FunctionGenerator::operand(const Address& address) {
  Register index = address.index;
  if (address.anchor == Address::Global) {
    uint32_t symbol = unit_.globalSymbol(*program_, address.global);
    int32_t addend = int32_t(address.offset);
    if (unit_.isSmall(*program_, address.global)) {
      if (index) emit_.registers(Op::Add, index, index, isa::kGlobals);
      return {index ? index : isa::kGlobals, addend, Relocation::Gprel16, symbol};
    }
    emit_.immediate(Op::Lhgi, isa::kScratch, 0, 0);
    emit_.relocate(Relocation::Hi16, symbol, addend);
    if (index) emit_.registers(Op::Add, isa::kScratch, isa::kScratch, index);
    return {isa::kScratch, addend, Relocation::Lo16, symbol};
  }
  Register base = index;
  if (address.anchor == Address::Frame) {
    if (index) emit_.registers(Op::Add, index, index, isa::kFrame);
    else base = isa::kFrame;
  }
  if (fits16(int32_t(address.offset))) return {base, int32_t(address.offset)};
  emit_.immediate(Op::Lhgi, isa::kScratch, 0, int32_t((address.offset + 0x8000) >> 16));
  emit_.registers(Op::Add, isa::kScratch, isa::kScratch, base);
  return {isa::kScratch, int16_t(address.offset)};
}

void FunctionGenerator::access(Op op, Register reg, const Address& address) {
  Operand at = operand(address);
  if (at.relocation == Relocation::None) return emit_.immediate(op, reg, at.base, at.offset);
  emit_.immediate(op, reg, at.base, 0);
  emit_.relocate(at.relocation, at.symbol, at.offset);
}

void FunctionGenerator::materialise(Register to, const Address& address) { access(Op::Addi, to, address); }

void FunctionGenerator::load(Register to, const Address& from, core::TypeId id) {
  switch (type(id).kind) {
    case TypeKind::Bool:
    case TypeKind::UChar: return access(Op::Lbu, to, from);
    case TypeKind::Short: return access(mutated(Mutation::LoadUnsigned) ? Op::Lhu : Op::Lh, to, from);
    case TypeKind::UShort: return access(Op::Lhu, to, from);
    case TypeKind::Char: return access(mutated(Mutation::LoadUnsigned) ? Op::Lbu : Op::Lb, to, from);
    default: return access(Op::Lw, to, from);
  }
}

void FunctionGenerator::store(Register from, const Address& to, core::TypeId id) {
  const uint32_t size = type(id).asize;
  if (size == 1 && mutated(Mutation::StoreWide)) {
    if (isAligned(to)) return access(Op::Sw, from, to);
    Address up = to;
    up.offset++;
    return access(Op::Sb, from, up);
  }
  access(size == 1 ? Op::Sb : size == 2 ? Op::Sh : Op::Sw, from, to);
}

// Known to be a multiple of 4: globals and locals begin at one.
bool FunctionGenerator::isAligned(const Address& address) const {
  return address.anchor != Address::None && !address.index && address.offset % 4 == 0;
}

// Copies a struct. The index registers of both addresses may change.
void FunctionGenerator::copy(Address to, Address from, core::TypeId id, const Temporaries& free) {
  uint32_t size = type(id).asize;
  bool words = type(id).align >= 4 || (isAligned(to) && isAligned(from));
  if (mutated(Mutation::StructCopyShort)) size -= words && size > 4 ? 4 : 1;
  uint32_t unit = words ? 4 : 1;
  // Both sides as register + small offset; a fixed place in the frame already is.
  const Register* next = free.data();
  auto prepare = [&](Address& side, bool always) {
    bool direct = side.anchor == Address::None || (side.anchor == Address::Frame && !side.index);
    if (!always && direct && fits16(int64_t(side.offset) + size)) return;
    materialise(*next, side);
    side = {Address::None, *next++, 0, 0};
  };
  uint32_t count = size / unit;
  constexpr uint32_t kStep = 4, kUnrolled = 2 * kStep;
  if (count > kUnrolled) {
    prepare(to, true);
    prepare(from, true);
    uint32_t looped = count / kStep * kStep * unit;
    emit_.addConstant(*next, from.index, looped, *next);
    copyLoop(to.index, from.index, *next, words ? Op::Lw : Op::Lbu, words ? Op::Sw : Op::Sb, unit);
    size -= looped;
  } else {
    prepare(to, false);
    prepare(from, false);
  }
  while (size > 0) {
    uint32_t part = words && size >= 4 ? 4 : 1;
    access(part == 4 ? Op::Lw : Op::Lbu, isa::kScratch, from);
    access(part == 4 ? Op::Sw : Op::Sb, isa::kScratch, to);
    from.offset += part, to.offset += part, size -= part;
  }
}

// Four units a round, until `from` reaches `end`; both are advanced. Changes r1, r20.
void FunctionGenerator::copyLoop(Register to, Register from, Register end, Op load, Op store, unsigned unit) {
  Label loop = emit_.label();
  emit_.bind(loop);
  for (unsigned i = 0; i < 4; i += 2) {
    int32_t first = int32_t(i * unit), second = first + int32_t(unit);
    emit_.immediate(load, isa::kScratch, from, first);
    emit_.immediate(load, kSecondScratch, from, second);
    emit_.immediate(store, isa::kScratch, to, first);
    emit_.immediate(store, kSecondScratch, to, second);
  }
  emit_.immediate(Op::Addi, from, from, int32_t(4 * unit));
  emit_.registers(Op::Sne, isa::kScratch, from, end);
  emit_.immediate(Op::Addi, to, to, int32_t(4 * unit));
  emit_.branch(Op::Bnez, isa::kScratch, loop);
}

}  // namespace codegen
