// Function bodies of C0X: block scope, declarations anywhere, jumps. What they declare is in Surface::variables and in the
// program; initialisers of variables in the frame stay in the tree, for compiler/lower.
#pragma once

#include "compiler/sema/surface.h"

namespace sema {

class Unit;

class SurfaceStatements {
 public:
  SurfaceStatements(Context& context, Surface& surface, Unit& unit) : c_(context), surface_(surface), unit_(unit) {}

  // The parameters are declared.
  void checkBody(syntax::FunctionDefinition& function, const Entity& entity);

 private:
  struct Switch {
    TypeId type;
    std::vector<std::pair<uint32_t, Range>> labels;
    bool hasDefault = false;
  };

  void list(syntax::Stmt* first);
  void block(syntax::Stmt* stmt, bool mayLabel = false);  // with a scope of its own
  void statement(syntax::Stmt* stmt);
  void loop(syntax::Stmt* stmt);
  void switchStatement(syntax::Stmt* stmt);
  void label(syntax::Stmt* stmt);
  void expression(syntax::Expr* e);
  void declare(syntax::Declaration& declaration);
  void local(syntax::Specifiers& specifiers, syntax::Declarator& declarator, TypeId base);
  void staticLocal(syntax::Declarator& declarator, TypeId type, bool unsized);
  bool bind(Entity entity);
  void returned(syntax::Stmt* stmt);

  Context& c_;
  Surface& surface_;
  Unit& unit_;
  const Entity* function_ = nullptr;
  unsigned loops_ = 0, breakable_ = 0;
  Switch* switch_ = nullptr;
  bool mayLabel_ = false;  // directly in the braces of a switch
};

}  // namespace sema
