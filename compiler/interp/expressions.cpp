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
      if (found.at->kind == Value::Unknown) [[unlikely]] *found.at = primitives.known(*found.at, e.type);
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
      return Value::number(core::convert(program.types[e.type].kind, operand.bits));
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
  if (left.kind >= Value::Null) [[unlikely]] return pointerBinary(e, left, right);
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
    case Operator::Equal: return Value::number(a == b);
    case Operator::NotEqual: return Value::number(a != b);
    default: return Value::number(isSigned ? compare(e.op, int32_t(a), int32_t(b)) : compare(e.op, a, b));
  }
}

// An address is found inside out: variable, or pointer; then selectors from left to right.
// ---- element pointers -------------------------------------------------------------------------------------------------

Value Machine::Impl::pointerBinary(const Expr& e, const Value& left, const Value& right) {
  if (right.kind == Value::Number) return moved(e, left, right);
  if (!isUsable(*e.left, left, e.position) || !isUsable(*e.right, right, e.position)) return {};
  if (e.op == Operator::Equal || e.op == Operator::NotEqual) return equals(e, left, right);
  return related(e, left, right);
}

// Any use of a pointer into a frame that is gone is a fault (decisions.md, 11).
bool Machine::Impl::isUsable(const Expr& pointer, const Value& value, core::Position position) {
  if (value.kind != Value::Pointer || value.frame == kHeapFrame || value.frame == kGlobalFrame || depthOf(value.frame))
    return true;
  return fail(Fault::DanglingPointer, position, core::print(program, topFunction(), pointer) + " points into frame " +
              std::to_string(value.frame) + ", which has ended");
}

Value Machine::Impl::moved(const Expr& e, Value pointer, const Value& by) {
  const TypeId element = program.types[e.type].element;
  int64_t steps = e.right->type == TypeTable::kUnsigned ? int64_t(by.bits) : int32_t(by.bits);
  if (e.op == Operator::Sub) steps = -steps;
  if (pointer.kind == Value::Null) {
    if (steps != 0) fail(Fault::NullDereference, e.position, core::print(program, topFunction(), *e.left) + " is null");
    return steps != 0 ? Value{} : pointer;
  }
  if (!isUsable(*e.left, pointer, e.position)) return {};
  const core::SubVariable at = *locate(pointer, element);
  const uint32_t size = types[element].size;
  const int64_t position = int64_t(pointer.index - at.first) / size + steps;
  if (position < 0 || position > at.count) {
    fail(Fault::OutsideArray, e.position, core::print(program, topFunction(), e) + " is at position " +
         std::to_string(position) + " of an array of length " + std::to_string(at.count));
    return {};
  }
  pointer.index = at.first + uint32_t(position) * size;
  pointer.past = position == at.count;
  return pointer;
}

// The difference, and the order: of pointers into one array, or of two nulls.
Value Machine::Impl::related(const Expr& e, const Value& left, const Value& right) {
  int32_t difference = 0;
  if (left.kind != right.kind) {
    const Expr& null = left.kind == Value::Null ? *e.left : *e.right;
    fail(Fault::NullDereference, e.position, core::print(program, topFunction(), null) + " is null");
    report.elementPointer = true;
    return {};
  }
  if (left.kind == Value::Pointer) {
    const TypeId element = program.types[e.left->type].element;
    const bool sameVariable = left.frame == right.frame && left.variable == right.variable;
    if (!sameVariable || locate(left, element)->first != locate(right, element)->first) {
      fail(Fault::OutsideArray, e.position, core::print(program, topFunction(), *e.left) + " and " +
           core::print(program, topFunction(), *e.right) + " point into different arrays");
      return {};
    }
    difference = int32_t(left.index - right.index) / int32_t(types[element].size);
  }
  return Value::number(e.op == Operator::Sub ? uint32_t(difference) : compare(e.op, difference, 0));
}

// Pointers to elements are equal iff they are the same. What is one past the end may have the address of something else: within a
// variable that is as on the machine; which variable follows is not known, so such a comparison has no meaning.
Value Machine::Impl::equals(const Expr& e, const Value& left, const Value& right) {
  bool equal = left == right;
  if ((left.past || right.past) && left.kind == right.kind && !equal) {
    if (left.frame != right.frame || left.variable != right.variable) {
      fail(Fault::OutsideArray, e.position, core::print(program, topFunction(), left.past ? *e.left : *e.right) +
           " is one past the end of its array, " +
           core::print(program, topFunction(), left.past ? *e.right : *e.left) + " points into another variable");
      return {};
    }
    const TypeId element = program.types[e.left->type].element;
    auto address = [&](const Value& pointer) {
      return locate(pointer, element)->offset + (pointer.past ? program.types[element].asize : 0);
    };
    equal = address(left) == address(right);
  }
  return Value::number(equal == (e.op == Operator::Equal));
}

bool Machine::Impl::place(const Expr& e, Place& found) {
  switch (e.kind) {
    case ExprKind::Global:
      found = {globalContent.data() + globalBa[e.value], kGlobalFrame, e.value, 0};
      return true;
    case ExprKind::Local:
      found = {top + topBa[e.value], topSerial, e.value, 0};
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
      if (!pointer.past) return true;
      fail(Fault::OutOfBounds, e.position, core::print(program, topFunction(), *e.left) +
           " points one past the end of its array");
      report.elementPointer = true;
      return false;
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
