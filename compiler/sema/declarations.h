// Top-level declarations: what each declares, and whether all declarations of a name agree.
#pragma once

#include "compiler/sema/emit.h"
#include "compiler/sema/statements.h"
#include "compiler/syntax/parser.h"

namespace sema {

class Unit : public syntax::Consumer {
 public:
  explicit Unit(Context& context)
      : c_(context),
        expressions_(context),
        statements_(context, expressions_),
        emitter_(context),
        errors_(context.diagnostics.errorCount()) {}

  void declaration(syntax::Declaration& declaration, syntax::Arena& arena) override;
  void function(syntax::FunctionDefinition& function, syntax::Arena& arena) override;
  // After the last declaration.
  void finish();

 private:
  void define(syntax::FunctionDefinition& function, syntax::Arena& arena);
  // Neither the parser nor the analysis has found an error in the declaration at hand.
  bool clean() const { return c_.diagnostics.errorCount() == errors_; }
  void typedefName(syntax::Declarator& declarator, TypeId type);
  void global(syntax::Specifiers& specifiers, syntax::Declarator& declarator, TypeId type);
  Entity* declareFunction(syntax::Specifiers& specifiers, syntax::Declarator& declarator, TypeId result, bool defined);
  Signature signature(syntax::Declarator& declarator, TypeId result, bool defined);
  TypeId parameter(syntax::Declaration& parameter, bool defined);
  void repeatedParameter(const syntax::Declaration* first, const Symbol* name);
  void parameters(const syntax::FunctionDefinition& function, const Signature& signature);
  void initialize(Entity& entity, syntax::Expr* initializer);
  // Reports a declaration that does not agree with an earlier one.
  bool conflicts(const Entity& earlier, const Entity& now);
  uint32_t allowed(uint32_t classes) const;

  Context& c_;
  Expressions expressions_;
  Statements statements_;
  Emitter emitter_;
  unsigned errors_;  // before the declaration at hand
  std::deque<Signature> signatures_;
  std::vector<Entity*> functions_;
  std::deque<Entity> misdeclared_;
};

}  // namespace sema
