// Typed expressions of the core from operands, with C0X's conversions. Private to the library.
#pragma once

#include <deque>
#include <optional>
#include <string>

#include "compiler/core/core.h"

namespace debug {

using core::Expr;
using core::ExprKind;
using core::Operator;
using core::TypeId;
using core::TypeKind;
using core::TypeTable;
using Node = const Expr*;  // null: an error has been noted

class Typed {
 public:
  Typed(const core::Program& program, std::deque<Expr>& nodes)
      : program_(program), types_(program.types), nodes_(nodes) {}

  const std::string& error() const { return error_; }
  Node fail(std::string text) {
    if (error_.empty()) error_ = std::move(text);
    return nullptr;
  }

  Node literal(TypeId type, uint32_t value) {
    return make({.kind = ExprKind::Literal, .type = type, .position = {}, .value = value});
  }
  Node null() {
    return make({.kind = ExprKind::Null, .type = TypeTable::kVoid, .position = {}});
  }  // its type comes from its context
  Node variable(ExprKind kind, TypeId type, uint32_t index) {
    return make({.kind = kind, .type = type, .position = {}, .value = index});
  }
  Node field(Node structure, std::string_view name);
  Node index(Node left, Node right);
  Node deref(Node pointer);
  Node addressOf(Node place);
  Node unary(Operator op, Node operand);
  Node binary(Operator op, Node left, Node right);
  Node cast(TypeId type, Node operand);
  // An array becomes a pointer to its first element.
  Node decay(Node e);
  // As it would be assigned to something of type `type`.
  Node convert(Node e, TypeId type);

 private:
  Node make(const Expr& e) { return &nodes_.emplace_back(e); }
  Node operation(Operator op, TypeId type, Node left, Node right) {
    return make({.kind = ExprKind::Binary, .op = op, .type = type, .position = {}, .left = left, .right = right});
  }
  Node promote(Node e);
  Node condition(Node e);
  Node moved(Operator op, Node pointer, Node by);
  Node compared(Operator op, Node left, Node right);
  std::optional<TypeId> pointerTo(TypeId target) const;
  std::string quoted(TypeId type) const { return '\'' + types_.print(type) + '\''; }
  const core::Type& type(Node e) const { return types_[e->type]; }

  const core::Program& program_;
  const TypeTable& types_;
  std::deque<Expr>& nodes_;
  std::string error_;
};

}  // namespace debug
