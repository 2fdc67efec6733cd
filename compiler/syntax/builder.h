// What the grammar's actions do: build nodes, keep typedef names apart, word the syntax errors.
#pragma once

#include "compiler/syntax/lexer.h"
#include "compiler/syntax/parser.h"

namespace syntax {

// Lists grow at the tail: while one is built its tail links to its head.
template <class T>
T* append(T* tail, T* item) {
  if (!item) return tail;
  if (!tail) return item->next = item;
  item->next = tail->next;
  return tail->next = item;
}
template <class T>
T* finishList(T* tail) {
  if (!tail) return nullptr;
  T* head = tail->next;
  tail->next = nullptr;
  return head;
}

class Builder {
 public:
  Builder(base::SourceManager& sources, uint32_t file, SymbolTable& symbols, base::Diagnostics& diagnostics,
          Consumer& consumer)
      : lexer(sources, file, symbols, diagnostics), diagnostics(diagnostics), symbols(symbols), consumer(consumer) {}

  Lexer lexer;
  base::Diagnostics& diagnostics;
  SymbolTable& symbols;

  // The lexer's tokens, but two names in a row begin a declaration whose type is unknown.
  Lexer::Token next(Value& value, Range& range) {
    Lexer::Token token = lexer.next(value, range);
    if (token != Lexer::Kind::IDENTIFIER || range.begin != lexer.statementStartPlace() || !lexer.wordFollows())
      return token;
    unknownType(range);
    return Lexer::Kind::TYPE_NAME;
  }

  // ---- expressions ----
  Expr* expr(ExprKind kind, Range range) { return arena_.make<Expr>(Expr{.kind = kind, .range = range}); }
  Expr* integer(Range range);
  Expr* floating(Range range) { return expr(ExprKind::Float, range); }
  Expr* character(Range range);
  Expr* constant(ExprKind kind, uint32_t number, Range range);
  Expr* name(Symbol* symbol, Range range);
  Expr* unary(Op op, Expr* left, Range at, Range range) { return node(ExprKind::Unary, op, left, nullptr, at, range); }
  Expr* postfix(Op op, Expr* left, Range at, Range range) {
    return node(ExprKind::Postfix, op, left, nullptr, at, range);
  }
  Expr* binary(Op op, Expr* left, Expr* right, Range at) {
    return node(ExprKind::Binary, op, left, right, at, {left->range.begin, right->range.end});
  }
  Expr* assign(Op op, Expr* left, Expr* right, Range at) {
    return node(ExprKind::Assign, op, left, right, at, {left->range.begin, right->range.end});
  }
  Expr* comma(Expr* left, Expr* right, Range at) {
    return node(ExprKind::Comma, Op::None, left, right, at, {left->range.begin, right->range.end});
  }
  Expr* index(Expr* left, Expr* right, Range at, Range range) {
    return node(ExprKind::Index, Op::None, left, right, at, range);
  }
  Expr* conditional(Expr* condition, Expr* yes, Expr* no, Range at);
  Expr* member(ExprKind kind, Expr* left, Symbol* symbol, Range at, Range nameRange);
  Expr* call(Expr* callee, Expr* arguments, Range at, Range range);
  Expr* typed(ExprKind kind, TypeName* type, Expr* left, Range at, Range range);
  Expr* initializers(ExprKind kind, TypeName* type, Expr* items, Range range);
  Expr* designated(Designator* designators, Expr* value, Range range);
  Expr* parenthesize(Expr* inner, Range range);

  Designator* designator(Symbol* symbol, Expr* index, Range range) {
    return arena_.make<Designator>(Designator{symbol, index, range, nullptr});
  }

  // ---- declarations ----
  Specifiers* specifiers(Specifiers* to, uint32_t flag, Range range);
  Specifiers* specifiersAt(Specifiers* to, Expr* address, Range range);
  Specifiers* specifiers(Specifiers* to, Specifiers* base, Range range);
  Specifiers* base(BaseKind kind, Symbol* symbol, Range symbolRange, Range range) {
    if (kind == BaseKind::Struct && symbol) symbol->tag = true;
    return arena_.make<Specifiers>(
        Specifiers{.base = kind, .range = range, .symbol = symbol, .symbolRange = symbolRange});
  }
  Specifiers* enumeration(Specifiers* base, Enumerator* enumerators);
  Enumerator* enumerator(Symbol* symbol, Expr* value, Range range);
  Declarator* declarator(Symbol* symbol, Range range);
  Declarator* pointer(Declarator* inner, uint32_t qualifiers, Range star, Range range);
  Declarator* array(Declarator* inner, Expr* size, Range brackets, Range range);
  Declarator* functionOf(Declarator* inner, Declaration* parameters, Range parens, Range range);
  Declaration* variadic(Range range);
  Declaration* declaration(Specifiers* specifiers, Declarator* declarators, Range range) {
    return arena_.make<Declaration>(Declaration{specifiers, declarators, range});
  }
  TypeName* typeName(Specifiers* specifiers, Declarator* declarator, Range range) {
    return arena_.make<TypeName>(TypeName{specifiers, declarator, range});
  }
  // The declarator's scope begins: its name is a type from here on, or is not.
  void declare(const Specifiers* specifiers, const Declarator* declarator) {
    if (declarator->symbol) lexer.declare(declarator->symbol, specifiers->flags & kTypedef);
  }
  FunctionDefinition* functionHead(Specifiers* specifiers, Declarator* declarator);

  // ---- statements ----
  Stmt* stmt(StmtKind kind, Range range) { return arena_.make<Stmt>(Stmt{.kind = kind, .range = range}); }
  Stmt* stmt(StmtKind kind, Range range, Expr* value);
  Stmt* nest(Stmt* stmt, Stmt* body, Stmt* otherwise = nullptr);
  Stmt* block(Stmt* items, Range range);
  // What follows a missing `;` on the same line is not worth a second message.
  Stmt* unlessSuspect(Stmt* stmt);

  // ---- errors ----
  void syntaxError(const Parser::context& context);
  void unknownType(Range name);
  void missingSemicolon(Range previous, const std::string& after);
  bool semicolonTaken() const { return semicolonTaken_; }

  // ---- top level ----
  void finish(Declaration* declaration);
  void finish(FunctionDefinition* function);
  void finish() { arena_.reset(); }

 private:
  Expr* node(ExprKind kind, Op op, Expr* left, Expr* right, Range at, Range range);
  uint16_t deeper(unsigned depth, Range range);
  Declarator* derive(Declarator* inner, Derived derived, Range range);

  Specifiers* endOfBody(Specifiers* to, Range next);

  Arena arena_;
  Consumer& consumer;
  Range lastError_;
  Loc suspect_ = 0;  // a `;` is missing here
  bool semicolonTaken_ = false;
  unsigned suggestions_ = 0;  // a suggestion looks at all names: there is a limit
};

}  // namespace syntax
