// va, ba and ty of expressions: strictly left to right, a fault at the operator that fails (decisions.md, 7).
#include <algorithm>

#include "compiler/core/print.h"
#include "compiler/interp/configuration.h"

namespace interp {

using core::ExprKind;
using core::Operator;
using core::TypeTable;

namespace {

std::string decimal(TypeId type, uint32_t bits) {
  return type == TypeTable::kUnsigned ? std::to_string(bits) : std::to_string(int32_t(bits));
}

bool compare(Operator op, auto left, auto right) {
  switch (op) {
    case Operator::Less: return left < right;
    case Operator::LessEqual: return left <= right;
    case Operator::Greater: return left > right;
    default: return left >= right;
  }
}

uint32_t divide(bool isSigned, uint32_t left, uint32_t right) {
  if (!isSigned) return left / right;
  return right == 0xFFFFFFFF ? 0 - left : uint32_t(int32_t(left) / int32_t(right));
}

uint32_t remainder(bool isSigned, uint32_t left, uint32_t right) {
  if (!isSigned) return left % right;
  return right == 0xFFFFFFFF ? 0 : uint32_t(int32_t(left) % int32_t(right));
}

}  // namespace

Value Machine::Impl::compositeValue(const Expr& e) {
  switch (e.kind) {
    case ExprKind::Literal: return Value::number(e.value);
    case ExprKind::Null: return Value::null();
    case ExprKind::Global:
    case ExprKind::Local:
    case ExprKind::Field:
    case ExprKind::Index:
    case ExprKind::Deref: {
      Place found;
      if (!place(e, found)) return {};
      if (found.at->kind == Value::Undefined)
        fail(Fault::UndefinedRead, e.position, core::print(program, topFunction(), e) + " has no value");
      return *found.at;
    }
    case ExprKind::AddressOf: {
      Place found;
      if (!place(*e.left, found)) return {};
      return Value::pointer(found.frame, found.variable, found.index);
    }
    case ExprKind::Unary: {
      const Value operand = value(*e.left);
      if (operand.kind == Value::Undefined) return {};
      if (e.op == Operator::Not) return Value::number(operand.bits ^ 1);
      return Value::number(e.op == Operator::Negate ? 0 - operand.bits : ~operand.bits);
    }
    case ExprKind::Binary: return binary(e);
    case ExprKind::Cast: {
      const Value operand = value(*e.left);
      if (operand.kind == Value::Undefined) return {};
      if (e.type == TypeTable::kBool) return Value::number(operand.bits != 0);
      if (e.type == TypeTable::kChar) return Value::number(uint32_t(int8_t(operand.bits)));
      return operand;
    }
  }
  return {};
}

Value Machine::Impl::binary(const Expr& e) {
  const Value left = value(*e.left);
  if (left.kind == Value::Undefined) return {};
  if (e.lazy()) {
    if (left.bits != (e.op == Operator::LogicalAnd)) return left;
    return value(*e.right);
  }
  const Value right = value(*e.right);
  if (right.kind == Value::Undefined) return {};
  const bool isSigned = e.left->type != TypeTable::kUnsigned;
  const uint32_t a = left.bits, b = right.bits;
  switch (e.op) {
    case Operator::Add: return Value::number(a + b);
    case Operator::Sub: return Value::number(a - b);
    case Operator::Mul: return Value::number(a * b);
    case Operator::Div:
    case Operator::Mod:
      if (b == 0) {
        fail(Fault::DivisionByZero, e.position,
             decimal(e.left->type, a) + ' ' + std::string(core::spelling(e.op)) + " 0");
        return {};
      }
      return Value::number(e.op == Operator::Div ? divide(isSigned, a, b) : remainder(isSigned, a, b));
    case Operator::And: return Value::number(a & b);
    case Operator::Or: return Value::number(a | b);
    case Operator::Xor: return Value::number(a ^ b);
    case Operator::ShiftLeft: return Value::number(a << (b & 31));
    case Operator::ShiftRight: return Value::number(isSigned ? uint32_t(int32_t(a) >> (b & 31)) : a >> (b & 31));
    case Operator::Equal: return Value::number(left == right);
    case Operator::NotEqual: return Value::number(!(left == right));
    default: return Value::number(isSigned ? compare(e.op, int32_t(a), int32_t(b)) : compare(e.op, a, b));
  }
}

// An address is found inside out: variable, or pointer; then selectors from left to right.
bool Machine::Impl::place(const Expr& e, Place& found) {
  switch (e.kind) {
    case ExprKind::Global:
      found = {globalContent.data() + globalBa[e.value], kGlobalFrame, e.value, 0};
      return true;
    case ExprKind::Local:
      found = {top + topBa[e.value], lms.back().serial, e.value, 0};
      return true;
    case ExprKind::Field: {
      if (!place(*e.left, found)) return false;
      const uint32_t offset = fieldIndices[types[e.left->type].firstField + e.value];
      found.at += offset, found.index += offset;
      return true;
    }
    case ExprKind::Index: {
      if (!place(*e.left, found)) return false;
      const Value index = value(*e.right);
      if (index.kind == Value::Undefined) return false;
      const TypeInfo& array = types[e.left->type];
      if (index.bits >= array.count)
        return fail(Fault::OutOfBounds, e.position, "index " + decimal(e.right->type, index.bits) + " is outside " +
                    program.types.print(e.left->type));
      const uint32_t offset = index.bits * array.elementSize;
      found.at += offset, found.index += offset;
      return true;
    }
    case ExprKind::Deref: {
      const Value pointer = value(*e.left);
      if (pointer.kind == Value::Undefined) return false;
      if (pointer.kind != Value::Pointer)
        return fail(Fault::NullDereference, e.position, core::print(program, topFunction(), *e.left) + " is null");
      if (!target(pointer, found))
        return fail(Fault::DanglingPointer, e.position, core::print(program, topFunction(), *e.left) +
                    " points into frame " + std::to_string(pointer.frame) + ", which has ended");
      return true;
    }
    default: return false;
  }
}

bool Machine::Impl::target(const Value& pointer, Place& found) {
  Value* variable;
  if (pointer.frame == kHeapFrame) {
    variable = heapContent.data() + heapBa[pointer.variable];
  } else if (pointer.frame == kGlobalFrame) {
    variable = globalContent.data() + globalBa[pointer.variable];
  } else {
    const uint32_t depth = depthOf(pointer.frame);
    if (depth == 0) return false;
    const MemoryFrame& frame = lms[depth - 1];
    variable = localContent.data() + frame.base + functions[frame.function].ba[pointer.variable];
  }
  found = {variable + pointer.index, pointer.frame, pointer.variable, pointer.index};
  return true;
}

bool Machine::Impl::copyTo(Value* to, const Expr& e) {
  if (types[e.type].simple) {
    const Value result = value(e);
    if (result.kind == Value::Undefined) return false;
    *to = result;
    return true;
  }
  Place from;
  if (!place(e, from)) return false;
  if (from.at != to) std::copy_n(from.at, types[e.type].size, to);
  return true;
}

}  // namespace interp
