// What the control flow of a function says: statements that nothing reaches, an end without return, variables that are
// read before they are assigned. One pass over the analysed tree carries the set of variables that are assigned; its bit 0
// says that the place is not reached, where all bits are set, so that joining two paths is the intersection of their sets.
#include <algorithm>
#include <cstring>

#include "compiler/sema/warnings.h"

namespace sema {

using namespace syntax;

namespace {

bool isConstantCondition(const Expr* e) { return e->kind == ExprKind::Integer || e->kind == ExprKind::Boolean; }

class FlowPass {
 public:
  FlowPass(Context& context, const std::vector<FrameVariable>& variables, Arena& arena) : c_(context), arena_(arena), variables_(variables) {
    const bool follow = context.options.warnings.has(Rule::Uninitialized) || context.options.warnings.has(Rule::SometimesUninitialized);
    bits_ = arena.array<uint32_t>(variables.size() + 1);
    uint32_t bits = 1;
    for (size_t i = 0; i < variables.size(); ++i)
      if (follow && context.isSurface() && variables[i].tracked) bits_[i] = bits++;
    words_ = (bits + 63) / 64;
    written_ = none();
    seen_ = none();
  }

  void run(const FunctionDefinition& function, TypeId result) {
    assignments(function.body);
    Set s = none();
    for (const Declaration* each = function.declarator->innermost->parameters; each; each = each->next) ++parameters_;
    for (uint32_t i = 0; i < std::min<size_t>(parameters_, variables_.size()); ++i)
      if (bits_[i]) mark(bits_[i], s);
    statement(function.body, s);
    if (dead(s) || result == TypeTable::kVoid || result == kErrorType || !c_.isSurface()) return;
    std::string name = "'" + std::string(function.declarator->symbol->text) + "'";
    c_.warning(Rule::ReturnType, {function.body->end, function.body->end + 1}, name + " can reach its end without returning a value")
        .note(function.declarator->symbolRange, name + " is declared here");
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
  Set full() {
    Set s = none();
    fill(s);
    return s;
  }
  void meet(Set to, const uint64_t* from) {
    for (uint32_t i = 0; i < words_; ++i) to[i] &= from[i];
  }
  static bool dead(const uint64_t* s) { return s[0] & 1; }
  static bool has(uint32_t bit, const uint64_t* s) { return s[bit / 64] >> (bit % 64) & 1; }
  static void mark(uint32_t bit, Set s) { s[bit / 64] |= uint64_t(1) << (bit % 64); }

  // ---- statements ----

  void unreachable(const Stmt* stmt) {
    switch (stmt->kind) {
      case StmtKind::Skip:
      case StmtKind::Break:
      case StmtKind::Case:
      case StmtKind::Default:
      case StmtKind::Error: return;
      case StmtKind::Declare:
        if (!stmt->declaration->declarators || !stmt->declaration->declarators->initializer) return;
        break;
      case StmtKind::Block:
        if (stmt->body && !reported_) unreachable(stmt->body);
        return;
      case StmtKind::Return:
        if (afterCall_) return;  // exit(1); return 0;
        break;
      default: break;
    }
    if (reported_) return;
    reported_ = true;
    c_.warning(Rule::Unreachable, {stmt->range.begin, std::max(stmt->range.begin + 1, std::min(stmt->range.end, endOfLine(stmt->range.begin)))}, "this is never reached");
  }
  Loc endOfLine(Loc at) { return at - (c_.sources.place(at).column - 1) + Loc(c_.sources.line(at).size()); }

  // From the set before the statement to the set after it.
  void statement(const Stmt* stmt, Set s) {
    if (dead(s)) unreachable(stmt);
    else reported_ = false;
    switch (stmt->kind) {
      case StmtKind::Block:
        for (const Stmt* each = stmt->body; each; each = each->next) statement(each, s);
        return;
      case StmtKind::Declare: return declare(*stmt->declaration, s);
      case StmtKind::Expression: return read(stmt->expr, s);
      case StmtKind::Return:
        if (stmt->expr) read(stmt->expr, s);
        return leave(s);
      case StmtKind::Fault: return leave(s);
      case StmtKind::Break:
        if (breaks_) meet(breaks_, s);
        return leave(s);
      case StmtKind::Continue:
        if (continues_) meet(continues_, s);
        return leave(s);
      case StmtKind::If: return ifStatement(stmt, s);
      case StmtKind::While:
      case StmtKind::For: return loop(stmt, s);
      case StmtKind::Do: return doLoop(stmt, s);
      case StmtKind::Switch: return switchStatement(stmt, s);
      case StmtKind::Case:
      case StmtKind::Default:
        if (switch_) meet(s, switch_);
        hasDefault_ |= stmt->kind == StmtKind::Default;
        if (!dead(s)) reported_ = false;
        return statement(stmt->body, s);
      case StmtKind::Asm: return fillAssigned(s);
      default: return;
    }
  }
  void leave(Set s) {
    fill(s);
    afterCall_ = false;
  }
  // An asm block may assign to any variable that it names; none is followed beyond it.
  void fillAssigned(Set s) {
    const bool wasDead = dead(s);
    fill(s);
    if (!wasDead) s[0] &= ~uint64_t(1);
  }

  void declare(const Declaration& declaration, Set s) {
    for (const Declarator* each = declaration.declarators; each; each = each->next) {
      if (!each->variable) continue;
      const uint32_t bit = each->index < variables_.size() ? bits_[each->index] : 0;
      if (bit && !dead(s)) s[bit / 64] &= ~(uint64_t(1) << (bit % 64));
      if (!each->initializer) continue;
      read(each->initializer, s);
      if (bit) assign(bit, s);
    }
  }

  void ifStatement(const Stmt* stmt, Set s) {
    Set otherwise = none();
    condition(stmt->expr, s, otherwise);
    statement(stmt->body, s);
    if (stmt->otherwise) statement(stmt->otherwise, otherwise);
    meet(s, otherwise);
  }

  struct Targets {
    Set breaks, continues, head;
    bool hasDefault;
  };
  Targets enter(Set breaks, Set continues, Set head) {
    Targets outer{breaks_, continues_, switch_, hasDefault_};
    breaks_ = breaks, continues_ = continues, switch_ = head, hasDefault_ = false;
    return outer;
  }
  void restore(const Targets& outer) { breaks_ = outer.breaks, continues_ = outer.continues, switch_ = outer.head, hasDefault_ = outer.hasDefault; }

  void loop(const Stmt* stmt, Set s) {
    if (stmt->init) statement(stmt->init, s);
    Set after = none();
    ++loops_;
    loopCondition(stmt->expr, s, after);
    Set breaks = full(), continues = full();
    Targets outer = enter(breaks, continues, nullptr);
    statement(stmt->body, s);
    restore(outer);
    meet(s, continues);
    if (stmt->step) read(stmt->step, s);
    --loops_;
    copy(s, after);
    meet(s, breaks);
    reported_ = false;
    afterCall_ = false;
  }

  void doLoop(const Stmt* stmt, Set s) {
    Set breaks = full(), continues = full(), after = none();
    ++loops_;
    Targets outer = enter(breaks, continues, nullptr);
    statement(stmt->body, s);
    restore(outer);
    meet(s, continues);
    loopCondition(stmt->expr, s, after);
    --loops_;
    copy(s, after);
    meet(s, breaks);
    reported_ = false;
  }

  // A constant decides: `while (1)`, `for (;;)`.
  void loopCondition(const Expr* e, Set s, Set whenFalse) {
    if (e && !isConstantCondition(e)) return condition(e, s, whenFalse);
    copy(whenFalse, s);
    if (!e || e->number) fill(whenFalse);
  }

  void switchStatement(const Stmt* stmt, Set s) {
    read(stmt->expr, s);
    Set breaks = full(), head = clone(s);
    Targets outer = enter(breaks, continues_, head);
    leave(s);
    reported_ = true;  // declarations before the first label
    statement(stmt->body, s);
    if (!hasDefault_) meet(s, head);
    restore(outer);
    meet(s, breaks);
    reported_ = false;
  }

  // ---- expressions ----

  // The operands by which a place is found; the variable that it is part of is not read as a whole.
  void place(const Expr* e, Set s) {
    switch (e->kind) {
      case ExprKind::Name: return;
      case ExprKind::Member: return place(e->left, s);
      case ExprKind::Index: return place(e->left, s), read(e->right, s);
      case ExprKind::Arrow:
      case ExprKind::Unary: return read(e->left, s);
      default: return read(e, s);
    }
  }
  uint32_t bitOf(const Expr* e) const { return e->kind == ExprKind::Name && e->local && e->index < variables_.size() ? bits_[e->index] : 0; }
  void assign(uint32_t bit, Set s) { mark(bit, s), mark(bit, seen_); }

  void read(const Expr* e, Set s) {
    switch (e->kind) {
      case ExprKind::Name: return variable(e, s);
      case ExprKind::Member:
      case ExprKind::Arrow:
      case ExprKind::Index: return place(e, s);
      case ExprKind::Assign:
        if (e->op == Op::None) place(e->left, s);
        else read(e->left, s);
        read(e->right, s);
        if (uint32_t bit = bitOf(e->left)) assign(bit, s);
        return;
      case ExprKind::Unary:
        if (e->op == Op::AddressOf) return place(e->left, s);
        return read(e->left, s);
      case ExprKind::Conditional: return conditional(e, s);
      case ExprKind::Binary:
        if (e->op >= Op::LogicalAnd) {
          Set whenFalse = none();
          condition(e, s, whenFalse);
          return meet(s, whenFalse);
        }
        break;
      case ExprKind::Call: return call(e, s);
      default: break;
    }
    eachOperand(e, [&](const Expr* operand) { read(operand, s); });
  }

  void conditional(const Expr* e, Set s) {
    Set otherwise = none();
    condition(e->left, s, otherwise);
    read(e->right, s);
    read(e->third, otherwise);
    meet(s, otherwise);
  }

  void call(const Expr* e, Set s) {
    for (const Expr* argument = e->list; argument; argument = argument->next) read(argument, s);
    if (e->left->kind != ExprKind::Name) return;
    std::string_view name = e->left->symbol->text;
    const bool never = name == "exit" || name == "abort" || (name == "assert" && e->list && isConstantCondition(e->list) && e->list->number == 0);
    if (!never || dead(s)) return;
    fill(s);
    afterCall_ = true;
  }

  // `s` becomes the set when the condition holds, `whenFalse` when it does not.
  void condition(const Expr* e, Set s, Set whenFalse) {
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

  void variable(const Expr* e, Set s) {
    const uint32_t bit = bitOf(e);
    if (!bit || has(bit, s)) return;
    std::string name = "'" + std::string(e->symbol->text) + "'";
    const bool never = !has(bit, written_) || (loops_ == 0 && !has(bit, seen_));
    Range where{e->at, e->at + Loc(e->symbol->text.size())};
    Diagnostic& made = never ? c_.warning(Rule::Uninitialized, where, name + " is read before it is assigned")
                             : c_.warning(Rule::SometimesUninitialized, where, name + " may be read before it is assigned");
    if (declared_.size() > e->index && declared_[e->index].valid()) made.note(declared_[e->index], name + " is declared here");
    mark(bit, s);
  }

  // Which variables are assigned anywhere, and where they are declared.
  void assignments(const Stmt* stmt) {
    if (stmt->kind == StmtKind::Declare)
      for (const Declarator* each = stmt->declaration->declarators; each; each = each->next) {
        if (!each->variable) continue;
        if (each->index >= declared_.size()) declared_.resize(each->index + 1);
        declared_[each->index] = each->symbolRange;
        if (each->initializer && each->index < variables_.size()) mark(bits_[each->index], written_);
      }
    eachExpression(stmt, [&](const Expr* e) { assignments(e); });
    eachStatement(stmt, [&](const Stmt* each) { assignments(each); });
  }
  void assignments(const Expr* e) {
    if (e->kind == ExprKind::Assign)
      if (uint32_t bit = bitOf(e->left)) mark(bit, written_);
    eachOperand(e, [&](const Expr* operand) { assignments(operand); });
  }

  Context& c_;
  Arena& arena_;
  const std::vector<FrameVariable>& variables_;
  uint32_t* bits_;  // by variable: its bit, 0 if it is not followed
  uint32_t words_ = 1;
  size_t parameters_ = 0;
  Set written_, seen_;  // anywhere; so far
  std::vector<Range> declared_;
  Set breaks_ = nullptr, continues_ = nullptr, switch_ = nullptr;  // of the innermost loop or switch
  bool hasDefault_ = false;
  unsigned loops_ = 0;
  bool reported_ = false;   // the unreachable statements at hand
  bool afterCall_ = false;  // that does not return
};

}  // namespace

void warnFlow(Context& context, const FunctionDefinition& function, TypeId result, const std::vector<FrameVariable>& variables,
              Arena& arena) {
  FlowPass(context, variables, arena).run(function, result);
}

}  // namespace sema
