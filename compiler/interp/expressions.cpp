// va, ba and ty of expressions: strictly left to right, a fault at the operator that fails (decisions.md, 7).
#include <algorithm>

#include "compiler/core/print.h"
#include "compiler/interp/configuration.h"

namespace interp {

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

}  // namespace

// Both operands, left to right, then the operator's result.
template <class F>
Machine::Impl::Number Machine::Impl::binary(const PreparedExpr& e, F result) {
  const Number left = number(*e.left);
  if (left == kNoNumber) return kNoNumber;
  const Number right = number(*e.right);
  return right != kNoNumber ? result(uint32_t(left), uint32_t(right)) : kNoNumber;
}

template <class F>
Machine::Impl::Number Machine::Impl::quotient(const PreparedExpr& e, F result) {
  return binary(e, [&](uint32_t left, uint32_t right) -> Number {
    return right != 0 || noQuotient(*e.source, left) ? result(left, right) : kNoNumber;
  });
}

bool Machine::Impl::noQuotient(const Expr& e, uint32_t left) {
  return fail(Fault::DivisionByZero, e.position, decimal(e.left->type, left) + ' ' + std::string(core::spelling(e.op)) + " 0");
}

Machine::Impl::Number Machine::Impl::compositeNumber(const PreparedExpr& e) {
  using U = uint32_t;
  using S = int32_t;
  switch (e.action) {
    case Action::Literal: return e.value;
    case Action::Local:
    case Action::Global:
    case Action::Field:
    case Action::Element:
    case Action::Target: {
      Place found;
      if (!place(e, found)) return kNoNumber;
      if (found.at->kind == Value::Number) [[likely]] return found.at->bits;
      const Value content = read(e, *found.at);
      return content.kind == Value::Number ? content.bits : kNoNumber;
    }
    case Action::Negate: return unary(e, [](U a) { return 0 - a; });
    case Action::Complement: return unary(e, [](U a) { return ~a; });
    case Action::Not: return unary(e, [](U a) { return a ^ 1; });
    case Action::Cast: return unary(e, [&](U a) { return core::convert(e.kind, a); });
    case Action::Add: return binary(e, [](U a, U b) { return a + b; });
    case Action::Sub: return binary(e, [](U a, U b) { return a - b; });
    case Action::Mul: return binary(e, [](U a, U b) { return a * b; });
    case Action::Div: return quotient(e, [](U a, U b) { return b == 0xFFFFFFFF ? 0 - a : U(S(a) / S(b)); });
    case Action::DivUnsigned: return quotient(e, [](U a, U b) { return a / b; });
    case Action::Mod: return quotient(e, [](U a, U b) { return b == 0xFFFFFFFF ? 0 : U(S(a) % S(b)); });
    case Action::ModUnsigned: return quotient(e, [](U a, U b) { return a % b; });
    case Action::And: return binary(e, [](U a, U b) { return a & b; });
    case Action::Or: return binary(e, [](U a, U b) { return a | b; });
    case Action::Xor: return binary(e, [](U a, U b) { return a ^ b; });
    case Action::ShiftLeft: return binary(e, [](U a, U b) { return a << (b & 31); });
    case Action::ShiftRight: return binary(e, [](U a, U b) { return U(S(a) >> (b & 31)); });
    case Action::ShiftRightUnsigned: return binary(e, [](U a, U b) { return a >> (b & 31); });
    case Action::Equal: return binary(e, [](U a, U b) { return U(a == b); });
    case Action::NotEqual: return binary(e, [](U a, U b) { return U(a != b); });
    case Action::Less: return binary(e, [](U a, U b) { return U(S(a) < S(b)); });
    case Action::LessUnsigned: return binary(e, [](U a, U b) { return U(a < b); });
    case Action::LessEqual: return binary(e, [](U a, U b) { return U(S(a) <= S(b)); });
    case Action::LessEqualUnsigned: return binary(e, [](U a, U b) { return U(a <= b); });
    case Action::Greater: return binary(e, [](U a, U b) { return U(S(a) > S(b)); });
    case Action::GreaterUnsigned: return binary(e, [](U a, U b) { return U(a > b); });
    case Action::GreaterEqual: return binary(e, [](U a, U b) { return U(S(a) >= S(b)); });
    case Action::GreaterEqualUnsigned: return binary(e, [](U a, U b) { return U(a >= b); });
    case Action::LogicalAnd: {
      const Number left = number(*e.left);
      return left != kNoNumber && left ? number(*e.right) : left;
    }
    case Action::LogicalOr: {
      const Number left = number(*e.left);
      return left == 0 ? number(*e.right) : left;
    }
    case Action::Pointers: {
      const Value result = pointers(e);
      return result.kind == Value::Number ? result.bits : kNoNumber;
    }
    case Action::Null:
    case Action::AddressOf: break;
  }
  return kNoNumber;
}

Value Machine::Impl::pointerValue(const PreparedExpr& e) {
  Place found;
  switch (e.action) {
    case Action::Null: return Value::null();
    case Action::AddressOf: return place(*e.left, found) ? Value::pointer(found.frame, found.variable, found.index) : Value{};
    case Action::Pointers: return pointers(e);
    default: return place(e, found) ? read(e, *found.at) : Value{};
  }
}

// A binary operator on a pointer, and what is beside it.
Value Machine::Impl::pointers(const PreparedExpr& e) {
  const Value left = value(*e.left);
  if (left.kind == Value::Undefined) return {};
  const Value right = value(*e.right);
  return right.kind != Value::Undefined ? pointerBinary(*e.source, left, right) : right;
}

// What is read is known from then on, or it is a fault.
void Machine::Impl::settle(const PreparedExpr& e, Value& content) {
  if (content.kind == Value::Unknown) content = primitives.known(content, e.source->type);
  if (content.kind == Value::Undefined)
    fail(Fault::UndefinedRead, e.source->position, core::print(program, topFunction(), *e.source) + " has no value");
}

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

// An address is found inside out: variable, or pointer; then selectors from left to right.
bool Machine::Impl::compositePlace(const PreparedExpr& e, Place& found) {
  switch (e.action) {
    case Action::Local:
    case Action::Global: return place(e, found);
    case Action::Field:
      if (!place(*e.left, found)) return false;
      found.at += e.value, found.index += e.value;
      return true;
    case Action::Element: {
      if (!place(*e.left, found)) return false;
      const Number index = number(*e.right);
      if (index == kNoNumber) return false;
      if (index >= e.count) [[unlikely]] return noElement(*e.source, uint32_t(index));
      const uint32_t offset = uint32_t(index) * e.size;
      found.at += offset, found.index += offset;
      __builtin_prefetch(found.at, 1);  // values take sixteen times the room that bytes do
      return true;
    }
    case Action::Target: {
      const Value pointer = pointerValue(*e.left);
      if (pointer.kind == Value::Undefined) return false;
      if (pointer.kind == Value::Pointer && !pointer.past && target(pointer, found)) [[likely]] return true;
      return noTarget(*e.source, pointer);
    }
    default: return false;
  }
}

bool Machine::Impl::noElement(const Expr& e, uint32_t index) {
  return fail(Fault::OutOfBounds, e.position, "index " + decimal(e.right->type, index) + " is outside " + program.types.print(e.left->type));
}

bool Machine::Impl::noTarget(const Expr& e, const Value& pointer) {
  const std::string name = core::print(program, topFunction(), *e.left);
  if (pointer.kind != Value::Pointer) return fail(Fault::NullDereference, e.position, name + " is null");
  if (Place found; !target(pointer, found))
    return fail(Fault::DanglingPointer, e.position, name + " points into frame " + std::to_string(pointer.frame) +
                ", which has ended");
  fail(Fault::OutOfBounds, e.position, name + " points one past the end of its array");
  report.elementPointer = true;
  return false;
}

bool Machine::Impl::target(const Value& pointer, Place& found) {
  Value* variable;
  if (pointer.frame == kHeapFrame) {
    variable = heapContent.data() + heapBa[pointer.variable];
  } else if (pointer.frame == kGlobalFrame) {
    variable = globalContent.data() + prepared->globalBa[pointer.variable];
  } else {
    const uint32_t depth = depthOf(pointer.frame);
    if (depth == 0) return false;
    const MemoryFrame& frame = lms[depth - 1];
    variable = localContent.data() + frame.base + functions[frame.function].ba[pointer.variable];
  }
  found = {variable + pointer.index, pointer.frame, pointer.variable, pointer.index};
  return true;
}

bool Machine::Impl::copyTo(Value* to, const PreparedExpr& e, TypeId type) {
  if (types[type].simple) {
    const Value result = value(e);
    if (result.kind == Value::Undefined) return false;
    *to = result;
    return true;
  }
  Place from;
  if (!place(e, from)) return false;
  if (from.at != to) std::copy_n(from.at, types[type].size, to);
  return true;
}

}  // namespace interp
