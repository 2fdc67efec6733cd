#include "compiler/syntax/builder.h"

namespace syntax {

// A tree of this depth is still safe to recurse over; one more is an error.
uint16_t Builder::deeper(unsigned depth, Range range) {
  if (depth < kNestingLimit) return uint16_t(depth + 1);
  if (!lexer.aborted())
    diagnostics.error("nesting-limit", range, "this is nested more than " + std::to_string(kNestingLimit) + " deep");
  lexer.abort();
  return kNestingLimit;
}

Expr* Builder::node(ExprKind kind, Op op, Expr* left, Expr* right, Range at, Range range) {
  unsigned depth = std::max(left ? left->depth : 0, right ? right->depth : 0);
  return arena_.make<Expr>(Expr{.kind = kind,
                                .op = op,
                                .depth = deeper(depth, at),
                                .range = range,
                                .at = at.begin,
                                .left = left,
                                .right = right});
}

Expr* Builder::constant(ExprKind kind, uint32_t number, Range range) {
  return arena_.make<Expr>(Expr{.kind = kind, .range = range, .number = number});
}

Expr* Builder::name(Symbol* symbol, Range range) {
  return arena_.make<Expr>(Expr{.kind = ExprKind::Name, .range = range, .at = range.begin, .symbol = symbol});
}

Expr* Builder::conditional(Expr* condition, Expr* yes, Expr* no, Range at) {
  Expr* result = node(ExprKind::Conditional, Op::None, condition, yes, at, {condition->range.begin, no->range.end});
  result->third = no;
  result->depth = std::max(result->depth, deeper(no->depth, at));
  return result;
}

// `p->n` is `(*p).n`: two levels.
Expr* Builder::member(ExprKind kind, Expr* left, Symbol* symbol, Range at, Range nameRange) {
  Expr* result = node(kind, Op::None, left, nullptr, at, {left->range.begin, nameRange.end});
  if (kind == ExprKind::Arrow) result->depth = deeper(result->depth, at);
  result->symbol = symbol;
  result->number = nameRange.begin;
  return result;
}

Expr* Builder::call(Expr* callee, Expr* arguments, Range at, Range range) {
  Expr* result = node(ExprKind::Call, Op::None, callee, nullptr, at, range);
  result->list = arguments;
  for (const Expr* argument = arguments; argument; argument = argument->next)
    if (argument->depth >= result->depth) result->depth = deeper(argument->depth, at);
  return result;
}

Expr* Builder::typed(ExprKind kind, TypeName* type, Expr* left, Range at, Range range) {
  Expr* result = node(kind, Op::None, left, nullptr, at, range);
  result->typeName = type;
  return result;
}

Expr* Builder::initializers(ExprKind kind, TypeName* type, Expr* items, Range range) {
  Expr* result = call(nullptr, items, {range.begin, range.begin + 1}, range);
  result->kind = kind;
  result->typeName = type;
  return result;
}

Expr* Builder::designated(Designator* designators, Expr* value, Range range) {
  Expr* result = node(ExprKind::Designated, Op::None, value, nullptr, range, range);
  result->designator = designators;
  return result;
}

// The range of an operand in parentheses includes them; a literal's too, so that `-(2147483648)` stays an error.
Expr* Builder::parenthesize(Expr* inner, Range range) {
  inner->range = range;
  inner->parenthesized = true;
  return inner;
}

Stmt* Builder::stmt(StmtKind kind, Range range, Expr* value) {
  return arena_.make<Stmt>(Stmt{.kind = kind, .range = range, .expr = value});
}

Stmt* Builder::nest(Stmt* stmt, Stmt* body, Stmt* otherwise) {
  stmt->body = body;
  stmt->otherwise = otherwise;
  stmt->depth = deeper(std::max(body->depth, otherwise ? otherwise->depth : uint16_t(0)), body->range);
  return stmt;
}

Stmt* Builder::block(Stmt* items, Range range) {
  Stmt* result = stmt(StmtKind::Block, range);
  result->body = items;
  result->end = range.end - 1;
  unsigned depth = 0;
  for (const Stmt* item = items; item; item = item->next) depth = std::max<unsigned>(depth, item->depth);
  result->depth = deeper(depth, {range.begin, range.begin + 1});
  return result;
}

Stmt* Builder::unlessSuspect(Stmt* stmt) {
  if (suspect_ == 0 || stmt->range.begin < suspect_) return stmt;
  if (lexer.sameLine(suspect_, stmt->range.begin)) stmt->kind = StmtKind::Error;
  else suspect_ = 0;
  return stmt;
}

void Builder::finish(Declaration* declaration) {
  if (!lexer.aborted()) consumer.declaration(*declaration, arena_);
  arena_.reset();
}

void Builder::finish(FunctionDefinition* function) {
  if (!lexer.aborted()) consumer.function(*function, arena_);
  arena_.reset();
}

}  // namespace syntax
