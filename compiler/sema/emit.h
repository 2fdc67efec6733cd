// The checked tree as core: in C0 statement by statement, expression by expression.
#pragma once

#include "compiler/sema/context.h"

namespace sema {

class Emitter {
 public:
  explicit Emitter(Context& context) : c_(context) {}

  // Gives program.functions[index] its variables and body.
  void function(const syntax::FunctionDefinition& definition, uint32_t index);

 private:
  using List = std::vector<const core::Stmt*>;

  core::StmtList list(const syntax::Stmt* first);
  void into(const syntax::Stmt* stmt);
  void call(core::Stmt& to, const syntax::Expr* call);
  void expressionStatement(core::Stmt& to, const syntax::Expr* e);
  const core::Expr* expr(const syntax::Expr* e);
  const core::Expr* unary(const syntax::Expr* e);

  Context& c_;
  std::vector<const core::Stmt*> pending_;  // of the lists being built
  std::vector<const core::Expr*> arguments_;
  std::vector<const core::Stmt*>* statements_ = nullptr;
};

}  // namespace sema
