// The program as the machine runs it. What every step would find out again about a statement or an expression is found out once, before the
// first one: where variables and fields lie, what an operator does to these types, what follows a statement. Private.
#pragma once

#include <deque>
#include <vector>

#include "compiler/core/core.h"

namespace interp {

using core::Expr;
using core::Function;
using core::Stmt;
using core::StmtList;
using core::TypeId;

// What evaluation asks of a type, side by side in memory.
struct TypeInfo {
  uint32_t size = 0;         // abstract
  uint32_t elementSize = 0;  // Array: abstract
  bool simple = false;
  bool numbers = false;      // holds no pointers
};

enum class Action : uint8_t {
  // Places. Local and Global: at a fixed place of the frame or the globals; with selectors that are known.
  Local, Global, Field, Element, Target,
  // Values of simple types.
  Literal, Null, AddressOf, Negate, Complement, Not, Cast,
  Add, Sub, Mul, Div, DivUnsigned, Mod, ModUnsigned, And, Or, Xor, ShiftLeft, ShiftRight, ShiftRightUnsigned,
  Equal, NotEqual, Less, LessUnsigned, LessEqual, LessEqualUnsigned, Greater, GreaterUnsigned, GreaterEqual, GreaterEqualUnsigned,
  LogicalAnd, LogicalOr,
  Pointers,  // a binary operator on a pointer
};

struct PreparedExpr {
  Action action;
  bool number = false;                         // of elementary type
  core::TypeKind kind = core::TypeKind::Void;  // Cast: of the result
  uint32_t value = 0;     // Literal: its bits. Local, Global: which simple value of the content. Field: the same of the struct
  uint32_t variable = 0;  // Local, Global: the sub variable
  uint32_t index = 0;
  uint32_t count = 0, size = 0;  // Element: of the array, abstract size of an element
  const PreparedExpr *left = nullptr, *right = nullptr;
  const Expr* source = nullptr;
};

// `next` is what the program rest of the frame begins with once the statement is done: the end of the body is null.
struct PreparedStmt {
  core::StmtKind kind;
  const Stmt* source;
  const PreparedStmt* next = nullptr;
  // What it begins with when the condition holds (If, While), and when it does not; of Break and Continue both are the same.
  const PreparedStmt *taken = nullptr, *otherwise = nullptr;
  const PreparedExpr *target = nullptr, *value = nullptr;
  TypeId type = 0;    // of the target
  uint32_t size = 0;  // of a value that is a struct; 0: it is simple
  std::span<const PreparedExpr* const> arguments = {};
};

struct FunctionInfo {
  std::vector<uint32_t> ba;            // of each variable
  std::vector<PreparedStmt> statements;  // by ordinal
  const PreparedStmt* first = nullptr;   // of the body; null if that is empty
  uint32_t size = 0;   // of a memory frame; meaningless if the frame does not fit
  uint64_t bytes = 0;  // what a call is charged
};

class Prepared {
 public:
  explicit Prepared(const core::Program& program);
  Prepared(const Prepared&) = delete;
  Prepared& operator=(const Prepared&) = delete;

  std::vector<TypeInfo> types;
  std::vector<FunctionInfo> functions;
  std::vector<uint32_t> globalBa;
  uint32_t globalSize = 0;
  std::vector<uint8_t> constants;  // by global: it is constant

  const PreparedStmt* at(uint32_t function, const Stmt* stmt) const {
    return stmt ? &functions[function].statements[stmt->ordinal] : nullptr;
  }

  // An expression over the variables of a function. Its nodes are added to `nodes`, and live there.
  using Nodes = std::deque<PreparedExpr>;
  const PreparedExpr* prepare(const Expr& e, uint32_t function, Nodes& nodes) const;

 private:
  // The first of the list, or `next` if it is empty. A loop's body has what break and continue lead to.
  struct Loop {
    const PreparedStmt *out, *on;
  };
  const PreparedStmt* prepare(StmtList list, uint32_t function, const PreparedStmt* next, Loop loop);
  void prepare(PreparedStmt& stmt, uint32_t function, Loop loop);
  Action actionOf(const Expr& e) const;
  void prepareOperands(PreparedExpr& to, uint32_t function, Nodes& nodes) const;

  const core::Program& program_;
  Nodes nodes_;
  std::deque<std::vector<const PreparedExpr*>> arguments_;
};

}  // namespace interp
