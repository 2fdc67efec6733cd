// Definite assignment, as Java defines it: a simple local is assigned on every path to each place that reads it. The
// analysis goes once over the tree and carries the set of locals that are assigned; conditions split it in two.
#include <algorithm>
#include <cstring>

#include "compiler/sema/statements.h"

namespace sema {

using namespace syntax;

namespace {

class Flow {
 public:
  Flow(Context& context, syntax::Arena& arena, size_t parameters) : c_(context), arena_(arena) {
    const std::vector<Entity*>& locals = context.locals();
    bits_ = arena.array<uint32_t>(locals.size());
    std::fill_n(bits_, locals.size(), kNoIndex);
    for (size_t i = parameters; i < locals.size(); ++i)
      if (locals[i]->type != kErrorType && context.type(locals[i]->type).simple()) bits_[i] = tracked_++;
    words_ = (tracked_ + 63) / 64;
  }

  void run(const Stmt* body) {
    if (tracked_ == 0) return;
    Set assigned = none();
    list(body, assigned);
  }

 private:
  using Set = uint64_t*;  // words_ words

  Set none() { return arena_.array<uint64_t>(words_); }
  void fill(Set s) { std::memset(s, 0xFF, words_ * 8); }
  void copy(Set to, const uint64_t* from) { std::memcpy(to, from, words_ * 8); }
  Set clone(const uint64_t* from) {
    Set s = none();
    copy(s, from);
    return s;
  }
  void meet(Set to, const uint64_t* from) {
    for (uint32_t i = 0; i < words_; ++i) to[i] &= from[i];
  }

  void list(const Stmt* first, Set s) {
    for (const Stmt* at = first; at; at = at->next) statement(at, s);
  }

  // From the set before the statement to the set after it. What follows a return or fault is never reached: all are
  // assigned.
  void statement(const Stmt* stmt, Set s) {
    switch (stmt->kind) {
      case StmtKind::Block: return list(stmt->body, s);
      case StmtKind::Expression: return effect(stmt->expr, s);
      case StmtKind::Return:
        if (stmt->expr) read(stmt->expr, s);
        return fill(s);
      case StmtKind::Fault: return fill(s);
      case StmtKind::If: {
        Set otherwise = none();
        condition(stmt->expr, s, otherwise);
        statement(stmt->body, s);
        if (stmt->otherwise) statement(stmt->otherwise, otherwise);
        return meet(s, otherwise);
      }
      case StmtKind::While: {
        Set after = none();
        condition(stmt->expr, s, after);
        statement(stmt->body, s);
        return copy(s, after);
      }
      default: return;
    }
  }

  void effect(const Expr* e, Set s) {
    if (e->kind == ExprKind::Call) return arguments(e, s);
    const Expr* target = e->left;
    bool whole = target->kind == ExprKind::Name;
    if (!whole) place(target, s);
    if (e->right->kind == ExprKind::Call) arguments(e->right, s);
    else if (e->right->kind != ExprKind::New) read(e->right, s);
    if (whole && target->local && bits_[target->index] != kNoIndex) mark(bits_[target->index], s);
  }
  void arguments(const Expr* call, Set s) {
    for (const Expr* argument = call->list; argument; argument = argument->next) read(argument, s);
  }
  static void mark(uint32_t bit, Set s) { s[bit / 64] |= uint64_t(1) << (bit % 64); }

  // The operands by which a place is found; the variable that it is part of is not read as a whole.
  void place(const Expr* e, Set s) {
    switch (e->kind) {
      case ExprKind::Member: return place(e->left, s);
      case ExprKind::Index: return place(e->left, s), read(e->right, s);
      case ExprKind::Arrow:
      case ExprKind::Unary: return read(e->left, s);
      default: return;
    }
  }

  void read(const Expr* e, Set s) {
    switch (e->kind) {
      case ExprKind::Name: return variable(e, s);
      case ExprKind::Member:
      case ExprKind::Arrow:
      case ExprKind::Index: return place(e, s);
      case ExprKind::Cast: return read(e->left, s);
      case ExprKind::Unary:
        if (e->op == Op::AddressOf) return place(e->left, s);
        return read(e->left, s);
      case ExprKind::Binary:
        if (e->op < Op::LogicalAnd) return read(e->left, s), read(e->right, s);
        {
          Set whenFalse = none();
          condition(e, s, whenFalse);
          return meet(s, whenFalse);
        }
      default: return;
    }
  }

  void variable(const Expr* e, Set s) {
    if (!e->local) return;
    uint32_t bit = bits_[e->index];
    if (bit == kNoIndex || (s[bit / 64] >> (bit % 64) & 1)) return;
    std::string name(e->symbol->text);
    c_.error(Rule::Unassigned, {e->at, e->at + Loc(name.size())}, "'" + name + "' may be read before it is assigned")
        .note(c_.locals()[e->index]->where, "'" + name + "' is declared here");
    mark(bit, s);
  }

  // `s` becomes the set when the condition holds, `whenFalse` when it does not.
  void condition(const Expr* e, Set s, Set whenFalse) {
    if (e->kind == ExprKind::Boolean) {
      copy(whenFalse, s);
      return fill(e->number ? whenFalse : s);
    }
    if (e->kind == ExprKind::Unary && e->op == Op::Not) {
      Set inner = none();
      condition(e->left, s, inner);
      copy(whenFalse, s);
      return copy(s, inner);
    }
    if (e->kind == ExprKind::Binary && e->op >= Op::LogicalAnd) {
      condition(e->left, s, whenFalse);
      if (e->op == Op::LogicalAnd) {
        Set rightFalse = none();
        condition(e->right, s, rightFalse);
        return meet(whenFalse, rightFalse);
      }
      Set right = clone(whenFalse);
      condition(e->right, right, whenFalse);
      return meet(s, right);
    }
    read(e, s);
    copy(whenFalse, s);
  }

  Context& c_;
  syntax::Arena& arena_;
  uint32_t* bits_;  // by local: its bit, kNoIndex if it is not tracked
  uint32_t tracked_ = 0, words_ = 0;
};

}  // namespace

void checkAssignment(Context& context, const FunctionDefinition& function, size_t parameters, syntax::Arena& arena) {
  Flow(context, arena, parameters).run(function.body->body);
}

}  // namespace sema
