// Statements and operators that are correct but easily misread, as they were written.
#include "compiler/sema/warnings.h"

namespace sema {

using namespace syntax;

namespace {

std::string spelled(Op op) { return "'" + std::string(spelling(op)) + "'"; }
bool isBinary(const Expr* e, Op from, Op to) { return e->kind == ExprKind::Binary && e->op >= from && e->op <= to; }

// One place by the same words, without side effects.
bool samePlace(const Expr* a, const Expr* b) {
  if (a->kind != b->kind || a->op != b->op || a->symbol != b->symbol) return false;
  switch (a->kind) {
    case ExprKind::Name: return true;
    case ExprKind::Integer: return a->number == b->number && a->flags == b->flags;
    case ExprKind::Member:
    case ExprKind::Arrow: return samePlace(a->left, b->left);
    case ExprKind::Index: return samePlace(a->left, b->left) && samePlace(a->right, b->right);
    case ExprKind::Unary: return a->op == Op::Deref && samePlace(a->left, b->left);
    default: return false;
  }
}

class Shape {
 public:
  explicit Shape(Context& context) : c_(context) {}

  void statement(const Stmt* stmt) {
    bodies(stmt);
    eachExpression(stmt, [&](const Expr* e) { expression(e); });
    const bool decides = stmt->kind == StmtKind::If || stmt->kind == StmtKind::While || stmt->kind == StmtKind::Do || stmt->kind == StmtKind::For;
    if (decides && stmt->expr) condition(stmt->expr);
    if (stmt->kind == StmtKind::Expression) discarded(stmt->expr);
    if (stmt->step) discarded(stmt->step);
    eachStatement(stmt, [&](const Stmt* each) { statement(each); });
  }

 private:
  // ---- statements ----

  void bodies(const Stmt* stmt) {
    if (stmt->kind == StmtKind::If) {
      empty(stmt->body, "if", false);
      if (stmt->otherwise) empty(stmt->otherwise, "else", false);
      if (stmt->otherwise == nullptr && stmt->body->kind == StmtKind::If && stmt->body->otherwise) danglingElse(stmt);
      return;
    }
    const bool loops = stmt->kind == StmtKind::While || stmt->kind == StmtKind::For;
    const bool blockFollows = stmt->next && stmt->next->kind == StmtKind::Block;
    if (loops && blockFollows) empty(stmt->body, stmt->kind == StmtKind::For ? "for" : "while", true);
  }

  // `if (c);`, on one line: a semicolon on a line of its own is meant.
  void empty(const Stmt* body, const char* keyword, bool loop) {
    if (body->kind != StmtKind::Skip) return;
    Loc before = body->range.begin;
    std::string_view line = c_.text({before - (c_.sources.place(before).column - 1), before});
    if (line.find_first_not_of(" \t") == line.npos) return;
    c_.warning(Rule::EmptyBody, body->range, std::string("the body of this '") + keyword + "' is empty")
        .note(body->range, loop ? "remove the ';', or put it on a line of its own" : "put the ';' on a line of its own if this is meant")
        .fixits = {{body->range, ""}};
  }

  void danglingElse(const Stmt* outer) {
    const Stmt* inner = outer->body;
    c_.warning(Rule::DanglingElse, inner->otherwise->range, "the 'else' before this belongs to the inner 'if'; add braces to say so")
        .note({inner->range.begin, inner->range.begin + 2}, "this is the inner 'if'")
        .fixits = {{{inner->range.begin, inner->range.begin}, "{ "}, {{inner->range.end, inner->range.end}, " }"}};
  }

  // ---- expressions ----

  void discarded(const Expr* e) {
    if (!c_.isSurface()) return;  // an error
    switch (e->kind) {
      case ExprKind::Error:
      case ExprKind::Assign:
      case ExprKind::Call:
      case ExprKind::Postfix: return;
      case ExprKind::Unary:
        if (e->op == Op::Increment || e->op == Op::Decrement) return;
        break;
      case ExprKind::Comma: return discarded(e->right);  // the left one: expression()
      case ExprKind::Conditional: return discarded(e->right), discarded(e->third);
      case ExprKind::Binary:
        if (e->op >= Op::LogicalAnd) return discarded(e->right);  // a && f();
        break;
      case ExprKind::Cast:
        if (e->typeName && e->typeName->specifiers->flags & kVoid && !e->typeName->declarator->derived) return;
        break;
      default: break;
    }
    if (isBinary(e, Op::Equal, Op::Equal)) {
      Diagnostic& made = c_.warning(Rule::UnusedValue, operatorRange(e), "the result of this comparison is not used");
      made.ranges = {e->left->range, e->right->range};
      made.note(operatorRange(e), "an assignment is written '='").notes.back().fixit(operatorRange(e), "=");
      return;
    }
    c_.warning(Rule::UnusedValue, e->range, e->kind == ExprKind::New ? "the new variable is lost: nothing takes the pointer to it" : "the value of this expression is not used");
  }

  void expression(const Expr* e) {
    switch (e->kind) {
      case ExprKind::Assign: selfAssign(e); break;
      case ExprKind::Binary: binary(e); break;
      case ExprKind::Conditional: condition(e->left); break;
      case ExprKind::Comma: discarded(e->left); break;
      default: break;
    }
    eachOperand(e, [&](const Expr* operand) { expression(operand); });
  }

  void condition(const Expr* e) {
    if (e->kind != ExprKind::Assign || e->op != Op::None || e->parenthesized) return;
    Diagnostic& made = c_.warning(Rule::Parentheses, {e->at, e->at + 1}, "the condition is an assignment");
    made.ranges = {e->left->range, e->right->range};
    made.note({e->at, e->at + 1}, "a comparison is written '=='").notes.back().fixit({e->at, e->at + 1}, "==");
    made.note({e->at, e->at + 1}, "parentheses around it say that it is meant");
    made.notes.back().fixit({e->range.begin, e->range.begin}, "(").fixit({e->range.end, e->range.end}, ")");
  }

  void selfAssign(const Expr* e) {
    if (e->op != Op::None || !samePlace(e->left, e->right)) return;
    c_.warning(Rule::SelfAssign, {e->at, e->at + 1}, "this assigns '" + std::string(c_.text(e->left->range)) + "' to itself").ranges = {e->left->range, e->right->range};
  }

  void binary(const Expr* e) {
    if (e->op >= Op::LogicalAnd) condition(e->left), condition(e->right);
    if (e->op >= Op::Equal && e->op <= Op::GreaterEqual) comparison(e);
    for (const Expr* operand : {e->left, e->right}) {
      if (operand->parenthesized) continue;
      const bool bits = isBinary(e, Op::And, Op::Xor) && isBinary(operand, Op::Equal, Op::GreaterEqual);
      const bool logic = isBinary(e, Op::LogicalOr, Op::LogicalOr) && isBinary(operand, Op::LogicalAnd, Op::LogicalAnd);
      const bool shift = isBinary(e, Op::ShiftLeft, Op::ShiftRight) && isBinary(operand, Op::Add, Op::Sub);
      if (bits || logic || shift) binds(e, operand);
    }
  }

  // `a & b == c`: the inner operator binds first.
  void binds(const Expr* e, const Expr* inner) {
    Diagnostic& made = c_.warning(Rule::Parentheses, operatorRange(inner), spelled(inner->op) + " binds more tightly than " + spelled(e->op) + " beside it");
    made.ranges = {inner->range};
    made.note(operatorRange(inner), "parentheses say that it is meant").notes.back().fixit({inner->range.begin, inner->range.begin}, "(").fixit({inner->range.end, inner->range.end}, ")");
  }

  void comparison(const Expr* e) {
    if (e->left->kind == ExprKind::String || e->right->kind == ExprKind::String) {
      c_.warning(Rule::StringCompare, operatorRange(e), "this compares the addresses of strings; use strcmp to compare their characters").ranges = {e->left->range, e->right->range};
      return;
    }
    if (samePlace(e->left, e->right) && e->left->kind != ExprKind::Integer) {
      const bool holds = e->op == Op::Equal || e->op == Op::LessEqual || e->op == Op::GreaterEqual;
      c_.warning(Rule::TautologicalCompare, operatorRange(e), std::string("comparing a value with itself is always ") + (holds ? "true" : "false")).ranges = {e->left->range, e->right->range};
      return;
    }
    const Expr* left = e->left;
    if (e->op < Op::Less || left->parenthesized || !isBinary(left, Op::Less, Op::GreaterEqual)) return;
    c_.warning(Rule::Parentheses, operatorRange(e), "this compares the truth of a comparison; join two comparisons by '&&'").ranges = {e->range};
  }

  Context& c_;
};

}  // namespace

void warnShape(Context& context, const FunctionDefinition& function) { Shape(context).statement(function.body); }

}  // namespace sema
