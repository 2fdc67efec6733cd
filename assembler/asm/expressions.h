// Symbols and expressions of a file. Private to assembler/asm.
#pragma once

#include <deque>
#include <optional>
#include <unordered_map>

#include "assembler/asm/syntax.h"
#include "assembler/base/diagnostics.h"
#include "assembler/object/elf.h"

namespace assembler {

// A constant, or (symbol != kNone) the address of a label or undefined symbol plus a constant.
struct Value {
  uint32_t symbol = kNone;
  int64_t addend = 0;
  bool isConstant() const { return symbol == kNone; }
};

struct Symbol {
  std::string_view name;  // empty: a numeric label, or `.`
  enum State : uint8_t { Undefined, Label, Equate } state = Undefined;
  bool global = false;
  bool weak = false;
  object::Symbol::Kind kind = object::Symbol::NoType;
  uint32_t section = 0, offset = 0;  // Label
  // Equate; evaluated when it is first used
  Expr value;
  std::optional<Value> known;
  bool busy = false;    // being evaluated
  bool failed = false;  // with an error that has been reported
  std::optional<Expr> size;
  Range where;  // of its definition, else of its first mention

  bool local() const { return !global && !weak; }
  // Without a place in the object's symbol table.
  bool internal() const { return name.empty() || (local() && name.substr(0, 2) == ".L"); }
};

enum class Operator : uint8_t {
  Negate,
  Complement,
  Plus,
  Minus,
  Times,
  Divide,
  Modulo,
  ShiftLeft,
  ShiftRight,
  And,
  Or,
  Xor
};

class Expressions {
 public:
  explicit Expressions(base::Diagnostics& diagnostics) : diagnostics_(diagnostics) {}

  uint32_t symbol(std::string_view name, Range where);  // adds an undefined one if it is new
  uint32_t anonymous(Range where);
  Symbol& operator[](uint32_t index) { return symbols_[index]; }
  const Symbol& operator[](uint32_t index) const { return symbols_[index]; }
  uint32_t symbolCount() const { return uint32_t(symbols_.size()); }

  Expr unary(Operator op, const Expr& operand, Range where);
  Expr binary(Operator op, const Expr& left, const Expr& right, Range where);

  // With the definitions read so far. Errors (reported unless `quiet`): symbols in operations other than + and -,
  // numbers that leave 64 bits, equates that need themselves.
  std::optional<Value> evaluate(const Expr& expr, bool quiet = false);
  // The same for what must be a constant now; `what` opens the error.
  std::optional<int64_t> constant(const Expr& expr, std::string_view what);
  // For messages: "'name'", or "the expression".
  std::string describe(const Expr& expr) const;

 private:
  struct Node {
    Operator op;
    uint16_t depth;
    Expr left, right;
  };
  std::optional<int64_t> fold(Operator op, int64_t left, int64_t right, Range where, bool quiet);
  std::optional<Value> combine(Operator op, const Value& left, const Value& right, Range where, bool quiet);
  std::optional<Value> evaluateSymbol(uint32_t index, Range where, bool quiet);
  std::optional<int64_t> distance(const Value& left, const Value& right);
  Expr tree(Operator op, const Expr& left, const Expr& right, Range where);
  unsigned depth(const Expr& expr) const { return expr.kind == Expr::Tree ? nodes_[expr.index].depth : 0; }
  std::nullopt_t error(bool quiet, const char* id, Range where, std::string text);

  base::Diagnostics& diagnostics_;
  std::deque<Symbol> symbols_;
  std::unordered_map<std::string_view, uint32_t> byName_;
  std::deque<Node> nodes_;
  unsigned nesting_ = 0;
};

}  // namespace assembler
