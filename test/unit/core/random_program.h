// Random well-typed programs: every kind of node, type and statement.
#pragma once

#include <random>

#include "test/unit/core/builder.h"

namespace core::test {

class RandomProgram {
 public:
  Builder b;

  explicit RandomProgram(uint32_t seed) : random_(seed) {
    node_ = b.program.types.declareStruct("node");
    link_ = b.pointer(node_);
    row_ = b.array(TypeTable::kInt, 5);
    b.program.types.completeStruct(
        node_, {{"value", TypeTable::kInt}, {"flag", TypeTable::kBool}, {"next", link_}, {"row", row_},
                {"c", TypeTable::kChar}, {"s", TypeTable::kShort}, {"u", TypeTable::kUChar}, {"w", TypeTable::kUShort}});
    nodes_ = b.array(node_, 3);
    for (TypeId type = TypeTable::kBool; type <= TypeTable::kLastElementary; type++) b.global("g" + std::to_string(type), type);
    for (TypeId type : {link_, node_, nodes_, b.pointer(TypeTable::kInt), b.pointer(link_)})
      b.global("g" + std::to_string(type), type);
    initialPointers();
    b.global("text", b.array(TypeTable::kChar, 4), {'h', uint32_t(-1), '\n', 0});
    b.program.globals.back().constant = true;
    b.global("placed", nodes_);
    b.program.globals.back().address = 4 * uint32_t(pick(1 << 20));
    b.global("elsewhere", TypeTable::kInt);
    b.program.globals.back().defined = false;
    b.declare("put_char", TypeTable::kInt, {{"c", TypeTable::kChar}});
    b.declare("leaf", node_, {{"n", node_}, {"i", TypeTable::kInt}, {"p", link_}});
    b.declare("nothing", TypeTable::kVoid);
    for (int i = 0; i < 4; i++) function(i);
  }

  // A pointer to a later global, and an array of structs that point into each other.
  void initialPointers() {
    auto global = [&](TypeId type) { return *b.program.findGlobal("g" + std::to_string(type)); };
    const uint32_t size = b.program.types[node_].size;
    b.program.globals[global(link_)].pointers = {{0, global(nodes_), size * uint32_t(pick(3))}};
    Global& nodes = b.program.globals[global(nodes_)];
    if (pick(2)) nodes.initial = std::vector<uint32_t>(3 * size, 1);
    for (uint32_t at : {2u, size + 2, 2 * size + 2}) {
      nodes.pointers.push_back(pick(2) ? InitialPointer{at, global(nodes_), 3 * size, true} : InitialPointer{at, global(node_)});
      if (!nodes.initial.empty()) nodes.initial[at] = 0;
    }
    b.global(".str.0", b.array(TypeTable::kChar, 3), {'a', 'b', 0});
    b.program.globals.back().constant = b.program.globals.back().internal = true;
    b.global("f1.count", TypeTable::kShort, {uint32_t(-3)});
    b.program.globals.back().internal = true;
  }

  E value(TypeId type, int depth) {
    if (type == node_) return place(node_, depth);
    if (depth <= 0 || pick(4) == 0) return leafValue(type);
    const Type& t = b.program.types[type];
    if (pick(3) == 0) return place(type, depth);
    if (t.kind == TypeKind::Pointer && pick(2)) return b.address(place(t.element, depth - 1));
    if (t.kind == TypeKind::Pointer) {
      E left = value(type, depth - 1);
      return b.binary(left, pick(2) ? Operator::Add : Operator::Sub,
                      value(pick(2) ? TypeTable::kInt : TypeTable::kUnsigned, depth - 1));
    }
    if (t.kind == TypeKind::Bool) return condition(depth);
    if (pick(5) == 0) return b.cast(type, value(elementary(), depth - 1));
    if (!t.arithmetic()) return leafValue(type);
    if (type == TypeTable::kInt && pick(8) == 0) {
      E left = value(link_, depth - 1);
      return b.binary(left, Operator::Sub, value(link_, depth - 1));
    }
    if (pick(5) == 0) return b.unary(pick(2) ? Operator::Negate : Operator::Complement, value(type, depth - 1));
    const Operator op = Operator(int(Operator::Add) + pick(10));
    E left = value(type, depth - 1);
    return b.binary(left, op, value(type, depth - 1));
  }

 private:
  int pick(int n) { return int(random_() % unsigned(n)); }
  TypeId elementary() { return TypeId(TypeTable::kBool + pick(int(TypeTable::kLastElementary))); }
  uint32_t bits(TypeId type) {
    const uint32_t word = pick(3) ? uint32_t(random_()) : uint32_t(pick(9) - 4);
    return type == TypeTable::kBool ? word & 1 : convert(b.program.types[type].kind, word);
  }
  E leafValue(TypeId type) {
    return b.program.types[type].kind == TypeKind::Pointer ? b.null(type) : b.literal(type, bits(type));
  }
  E condition(int depth) {
    switch (pick(4)) {
      case 0: return b.unary(Operator::Not, value(TypeTable::kBool, depth - 1));
      case 1: {
        E left = value(TypeTable::kBool, depth - 1);
        return b.binary(left, pick(2) ? Operator::LogicalAnd : Operator::LogicalOr, value(TypeTable::kBool, depth - 1));
      }
      case 2: {
        E left = value(link_, depth - 1);
        return b.binary(left, Operator(int(Operator::Equal) + pick(6)), value(link_, depth - 1));
      }
      default: {
        const TypeId type = elementary();
        E left = value(type, depth - 1);
        return b.binary(left, Operator(int(Operator::Equal) + pick(6)), value(type, depth - 1));
      }
    }
  }
  E variable(TypeId type) {
    std::vector<E> found;
    const auto& locals = b.program.functions[current_].variables;
    for (uint32_t i = 0; i < locals.size(); i++)
      if (locals[i].type == type) found.push_back(b.local(i));
    for (uint32_t i = 0; i < b.program.globals.size(); i++)
      if (b.program.globals[i].type == type) found.push_back(b.variable(i));
    return found[size_t(pick(int(found.size())))];
  }
  E index(int depth) { return pick(3) ? b.integer(pick(7) - 1) : value(pick(2) ? TypeTable::kInt : TypeTable::kUnsigned, depth - 1); }
  E place(TypeId type, int depth) {
    const bool deep = depth > 0 && pick(2);
    if (!deep && type != row_) return variable(type);
    if (type == node_ && pick(2)) return b.deref(value(link_, depth - 1));
    if (type == node_) {
      E array = variable(nodes_);
      return b.index(array, index(depth));
    }
    if (type == TypeTable::kInt && pick(2)) {
      E row = place(row_, depth - 1);
      return b.index(row, index(depth));
    }
    const auto& fields = b.program.types[node_].fields;
    for (uint32_t i = 0; i < fields.size(); i++)
      if (fields[i].type == type) return b.field(place(node_, depth - 1), i);
    return variable(type);
  }
  TypeId simple() { return pick(4) ? elementary() : link_; }

  S statement(int depth) {
    b.line += uint32_t(pick(3));
    switch (pick(depth > 0 ? 10 : 7)) {
      case 0: return b.skip();
      case 1:
      case 2:
      case 3: {
        const TypeId type = pick(6) ? simple() : node_;
        E target = place(type, 2);
        return b.assign(target, value(type, 4));
      }
      case 4: {
        E target = pick(2) ? place(node_, 2) : nullptr;
        E n = value(node_, 2), i = value(TypeTable::kInt, 3);
        return b.call(target, 1, {n, i, value(link_, 2)});
      }
      case 5: {
        E target = place(link_, 2);
        return b.allocate(target, node_, pick(2) ? value(TypeTable::kInt, 2) : nullptr);
      }
      case 6:
        if (loops_ && pick(2)) return mayContinue_ && pick(2) ? b.again() : b.leave();
        switch (pick(4)) {
          case 0: return b.assembly("addi r2, r0, 1\n  sw r2, [g3]");
          case 1: return b.call(nullptr, 2);
          case 2: return b.call(pick(2) ? place(TypeTable::kInt, 1) : nullptr, 0, {value(TypeTable::kChar, 2)});
          default: return b.fault(Fault::Assertion);
        }
      case 7: {
        E c = condition(3);
        const bool mayContinue = mayContinue_;
        loops_++;
        mayContinue_ = true;
        const auto body = block(depth - 1);
        mayContinue_ = false;
        const auto step = pick(2) ? block(depth - 1) : std::vector<S>{};
        mayContinue_ = mayContinue;
        loops_--;
        return b.loop(c, body, step);
      }
      default: {
        E c = condition(3);
        const auto body = block(depth - 1);
        return b.branch(c, body, pick(2) ? block(depth - 1) : std::vector<S>{});
      }
    }
  }
  std::vector<S> block(int depth) {
    std::vector<S> list;
    for (int n = pick(5); n > 0; n--) list.push_back(statement(depth));
    return list;
  }
  void function(int number) {
    std::vector<std::pair<std::string, TypeId>> parameters;
    for (int n = pick(12); n > 0; n--) parameters.emplace_back("p" + std::to_string(n), pick(5) ? simple() : node_);
    const TypeId result = pick(4) ? simple() : pick(2) ? node_ : TypeTable::kVoid;
    current_ = b.declare("f" + std::to_string(number), result, parameters);
    b.program.functions[current_].internal = number == 2;
    b.enter(current_);
    for (TypeId type : {TypeTable::kInt, TypeTable::kBool, link_, node_, nodes_})
      if (pick(3)) b.declareLocal("l" + std::to_string(type), type);
    std::vector<S> body = block(3);
    body.push_back(result == TypeTable::kVoid ? b.ret() : b.ret(value(result, 3)));
    b.define(current_, body);
  }

  std::mt19937 random_;
  uint32_t current_ = 0;
  int loops_ = 0;
  bool mayContinue_ = false;
  TypeId node_, link_, row_, nodes_;
};

}  // namespace core::test
