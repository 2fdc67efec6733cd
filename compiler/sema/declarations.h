// Top-level declarations: what each declares, and whether all declarations of a name agree.
#pragma once

#include "compiler/sema/emit.h"
#include "compiler/sema/statements.h"
#include "compiler/sema/surface_statements.h"
#include "compiler/sema/warnings.h"
#include "compiler/syntax/parser.h"

namespace sema {

class Unit : public syntax::Consumer {
 public:
  explicit Unit(Context& context)
      : c_(context),
        plain_(context),
        surface_(context),
        expressions_(context.isSurface() ? surface_ : plain_),
        statements_(context, expressions_),
        surfaceStatements_(context, surface_, *this),
        emitter_(context),
        errors_(context.diagnostics.errorCount()) {
    if (context.options.warnings.any() && !context.isCore()) warnings_ = std::make_unique<Warnings>(context);
  }

  void declaration(syntax::Declaration& declaration, syntax::Arena& arena) override;
  void function(syntax::FunctionDefinition& function, syntax::Arena& arena) override;
  // After the last declaration.
  void finish();

  // A declarator outside of functions, or one in a function that is extern or declares a function.
  void declare(syntax::Specifiers& specifiers, syntax::Declarator& declarator, TypeId base);
  // The type of a variable; `unsized`: an array whose number of elements its initialiser gives, or (extern) another
  // declaration; the type is the element's.
  TypeId variableType(TypeId base, syntax::Specifiers& specifiers, syntax::Declarator& declarator, bool& unsized);

 private:
  void define(syntax::FunctionDefinition& function, syntax::Arena& arena);
  // Neither the parser nor the analysis has found an error in the declaration at hand.
  bool clean() const { return c_.diagnostics.errorCount() == errors_; }
  void typedefName(syntax::Declarator& declarator, TypeId type);
  void global(syntax::Specifiers& specifiers, syntax::Declarator& declarator, TypeId type, bool unsized);
  void place(core::Global& global, const Entity& entity, syntax::Expr& at, const syntax::Declarator& declarator,
             bool again);
  Entity* declareFunction(syntax::Specifiers& specifiers, syntax::Declarator& declarator, TypeId result, bool defined);
  Signature signature(syntax::Declarator& declarator, TypeId result, bool defined);
  TypeId parameter(syntax::Declaration& parameter, bool defined);
  void body(syntax::FunctionDefinition& function, const Entity& entity, bool parsed, syntax::Arena& arena);
  void repeatedParameter(const syntax::Declaration* first, const Symbol* name);
  void parameters(const syntax::FunctionDefinition& function, const Signature& signature);
  void initialize(Entity& entity, syntax::Expr* initializer);
  // Reports a declaration that does not agree with an earlier one.
  bool conflicts(const Entity& earlier, const Entity& now);
  void sameLength(Entity& earlier, Entity& now);
  uint32_t allowed(uint32_t classes) const;
  // Warnings that need the analysed tree, if they are wanted and the function is without errors.
  void warn(const syntax::FunctionDefinition& function, const Entity& entity, bool parsed, syntax::Arena& arena);

  Context& c_;
  Expressions plain_;  // C0 and the core
  Surface surface_;    // C0X
  Expressions& expressions_;
  Statements statements_;
  SurfaceStatements surfaceStatements_;
  Emitter emitter_;
  std::unique_ptr<Warnings> warnings_;  // null: none is on
  unsigned errors_;  // before the declaration at hand
  std::deque<Signature> signatures_;
  std::vector<Entity*> functions_;
  std::deque<Entity> misdeclared_;
  struct Placed {
    uint32_t begin, end;
    const Entity* entity;
  };
  std::vector<Placed> placed_;  // by __at
};

}  // namespace sema
