// Function bodies: which statements and declarations may stand where.
#pragma once

#include "compiler/sema/expressions.h"
#include "compiler/syntax/arena.h"

namespace sema {

class Statements {
 public:
  Statements(Context& context, Expressions& expressions) : c_(context), expressions_(expressions) {}

  // Declares the locals (the parameters are declared) and checks all statements. `parsed`: nothing is missing for
  // syntax errors.
  void checkBody(syntax::FunctionDefinition& function, const Entity& entity, bool parsed);

 private:
  // Behind its labels, which are reported.
  syntax::Stmt* unlabelled(syntax::Stmt* stmt);
  void list(syntax::Stmt* first);
  void statement(syntax::Stmt* stmt);
  void locals(syntax::Declaration& declaration, bool atTop);
  void local(syntax::Declaration& declaration, syntax::Declarator& declarator, TypeId base, bool atTop);
  void expression(syntax::Expr* e);
  void assignment(syntax::Expr* e);
  void returned(syntax::Stmt* stmt, bool last);
  void fault(syntax::Stmt* stmt);
  void loop(syntax::Stmt* stmt);
  void leaveLoop(const syntax::Stmt* stmt);
  bool unknownType(const syntax::Expr* e);

  Context& c_;
  Expressions& expressions_;
  const Entity* function_ = nullptr;
  bool misplacedReturn_ = false;
  bool inLoop_ = false, inStep_ = false;  // in a while; in the step of the innermost one
};

// Whether control cannot reach the end of the list (core.h, Stmt).
bool leaves(const syntax::Stmt* first);

// Definite assignment of simple locals (c0-unassigned). The body has been checked without errors.
void checkAssignment(Context& context, const syntax::FunctionDefinition& function, size_t parameters,
                     syntax::Arena& arena);

}  // namespace sema
