#include "assembler/asm/expressions.h"

namespace assembler {
namespace {

constexpr unsigned kMaxDepth = 500;  // of trees, and of equates that name equates

}  // namespace

uint32_t Expressions::symbol(std::string_view name, Range where) {
  auto [found, isNew] = byName_.emplace(name, symbolCount());
  if (isNew) {
    symbols_.emplace_back();
    symbols_.back().name = name, symbols_.back().where = where;
  }
  return found->second;
}

uint32_t Expressions::anonymous(Range where) {
  symbols_.emplace_back().where = where;
  return symbolCount() - 1;
}

std::nullopt_t Expressions::error(bool quiet, const char* id, Range where, std::string text) {
  if (!quiet) diagnostics_.error(id, where, std::move(text));
  return std::nullopt;
}

Expr Expressions::tree(Operator op, const Expr& left, const Expr& right, Range where) {
  Expr result;
  result.where = where;
  unsigned deep = std::max(depth(left), depth(right)) + 1;
  if (deep > kMaxDepth) {
    diagnostics_.error("asm-nesting", where, "the expression has more than 500 operations on symbols one in the other");
    return result;
  }
  result.kind = Expr::Tree;
  result.index = uint32_t(nodes_.size());
  nodes_.push_back({op, uint16_t(deep), left, right});
  return result;
}

Expr Expressions::unary(Operator op, const Expr& operand, Range where) {
  Expr zero;  // -x is 0 - x, ~x is -1 - x: so that only binary operations are left
  zero.value = op == Operator::Complement ? -1 : 0;
  return binary(Operator::Minus, zero, operand, where);
}

Expr Expressions::binary(Operator op, const Expr& left, const Expr& right, Range where) {
  if (!left.isConstant() || !right.isConstant()) return tree(op, left, right, where);
  Expr result;
  result.where = where;
  if (std::optional<int64_t> value = fold(op, left.value, right.value, where, false)) result.value = *value;
  return result;
}

std::optional<int64_t> Expressions::fold(Operator op, int64_t left, int64_t right, Range where, bool quiet) {
  int64_t result = 0;
  bool overflow = false;
  switch (op) {
    case Operator::Plus: overflow = __builtin_add_overflow(left, right, &result); break;
    case Operator::Minus: overflow = __builtin_sub_overflow(left, right, &result); break;
    case Operator::Times: overflow = __builtin_mul_overflow(left, right, &result); break;
    case Operator::Divide:
    case Operator::Modulo:
      if (right == 0) return error(quiet, "asm-expression", where, "division by zero");
      if (right == -1)
        overflow = __builtin_sub_overflow(int64_t(0), left, &result), result = op == Operator::Divide ? result : 0;
      else result = op == Operator::Divide ? left / right : left % right;
      break;
    case Operator::ShiftLeft:
    case Operator::ShiftRight:
      if (right < 0 || right > 63) return error(quiet, "asm-expression", where, "the shift distance is not in 0..63");
      if (op == Operator::ShiftRight) result = left >> right;
      else overflow = __builtin_mul_overflow(left, right == 63 ? INT64_MIN : int64_t(1) << right, &result);
      break;
    case Operator::And: result = left & right; break;
    case Operator::Or: result = left | right; break;
    case Operator::Xor: result = left ^ right; break;
    case Operator::Negate:
    case Operator::Complement: break;  // see unary()
  }
  if (overflow) return error(quiet, "asm-expression", where, "the value does not fit 64 bits");
  return result;
}

// The constant difference of two labels of one section, or of a symbol and itself.
std::optional<int64_t> Expressions::distance(const Value& left, const Value& right) {
  if (left.symbol == right.symbol) return 0;
  const Symbol &a = symbols_[left.symbol], &b = symbols_[right.symbol];
  if (a.state != Symbol::Label || b.state != Symbol::Label || a.section != b.section) return std::nullopt;
  return int64_t(a.offset) - int64_t(b.offset);
}

std::optional<Value> Expressions::combine(Operator op, const Value& left, const Value& right, Range where, bool quiet) {
  uint32_t symbol = kNone;
  int64_t extra = 0;
  if (op == Operator::Minus && !left.isConstant() && !right.isConstant()) {
    std::optional<int64_t> offset = distance(left, right);
    if (!offset)
      return error(quiet, "asm-expression", where, "the difference of symbols is known only for labels of one section");
    extra = *offset;
  } else if (!left.isConstant() && right.isConstant() && (op == Operator::Plus || op == Operator::Minus)) {
    symbol = left.symbol;
  } else if (left.isConstant() && !right.isConstant() && op == Operator::Plus) {
    symbol = right.symbol;
  } else if (!left.isConstant() || !right.isConstant()) {
    return error(quiet, "asm-expression", where,
                 "an address can only have constants added or another address subtracted");
  }
  std::optional<int64_t> value = fold(op, left.addend, right.addend, where, quiet);
  if (value) value = fold(Operator::Plus, *value, extra, where, quiet);
  if (!value) return std::nullopt;
  return Value{symbol, *value};
}

std::optional<Value> Expressions::evaluateSymbol(uint32_t index, Range where, bool quiet) {
  Symbol& symbol = symbols_[index];
  if (symbol.state != Symbol::Equate) return Value{index, 0};
  if (symbol.failed) return std::nullopt;
  if (symbol.busy)
    return error(quiet, "asm-expression", where, "the value of '" + std::string(symbol.name) + "' needs itself");
  if (nesting_ > kMaxDepth) return error(quiet, "asm-nesting", where, "more than 500 equates that need each other");
  nesting_++, symbol.busy = true;
  std::optional<Value> value = symbol.known ? symbol.known : evaluate(symbol.value, quiet);
  symbol.known = value;
  // What was an unknown symbol then may be an equate now.
  if (value && !value->isConstant() && symbols_[value->symbol].state == Symbol::Equate) {
    std::optional<Value> base = evaluateSymbol(value->symbol, where, quiet);
    value = base ? combine(Operator::Plus, *base, {kNone, value->addend}, where, quiet) : std::nullopt;
    symbol.known = value;
  }
  nesting_--, symbol.busy = false;
  symbol.failed = !value && !quiet;
  return value;
}

std::optional<Value> Expressions::evaluate(const Expr& expr, bool quiet) {
  switch (expr.kind) {
    case Expr::Constant: return Value{kNone, expr.value};
    case Expr::Name: return evaluateSymbol(symbol(expr.name, expr.where), expr.where, quiet);
    case Expr::Symbol: return evaluateSymbol(expr.index, expr.where, quiet);
    case Expr::Tree: break;
  }
  const Node& node = nodes_[expr.index];
  std::optional<Value> left = evaluate(node.left, quiet);
  if (!left) return std::nullopt;
  std::optional<Value> right = evaluate(node.right, quiet);
  if (!right) return std::nullopt;
  return combine(node.op, *left, *right, expr.where, quiet);
}

std::optional<int64_t> Expressions::constant(const Expr& expr, std::string_view what) {
  std::optional<Value> value = evaluate(expr);
  if (!value) return std::nullopt;
  if (value->isConstant()) return value->addend;
  const Symbol& symbol = symbols_[value->symbol];
  std::string text(what);
  if (symbol.state == Symbol::Undefined && !symbol.name.empty())
    text += " must be known here, but '" + std::string(symbol.name) + "' has no value yet";
  else text += " must be a constant, not an address";
  return error(false, "asm-not-constant", expr.where, std::move(text));
}

std::string Expressions::describe(const Expr& expr) const {
  return expr.kind == Expr::Name ? "'" + std::string(expr.name) + "'" : "the expression";
}

}  // namespace assembler
