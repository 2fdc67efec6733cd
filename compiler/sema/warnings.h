// Warnings: passes over the tree of a function, before the analysis (as it was written) and after it (with its types).
// They exist only if a warning is on, and are run for functions without errors.
#pragma once

#include <vector>

#include "compiler/sema/context.h"
#include "compiler/syntax/arena.h"

namespace sema {

// The frame's variables, by index.
struct FrameVariable {
  const Symbol* symbol;
  bool tracked;  // simple, and nothing points to it: definite assignment is followed
};

class Warnings {
 public:
  explicit Warnings(Context& context) : c_(context) {}

  // A declaration outside of functions, before it is analysed.
  void declaration(const syntax::Declaration& declaration);
  // A function as it was parsed, without errors.
  void parsed(const syntax::FunctionDefinition& function);
  // The same function; its body has been analysed without errors, and has not been lowered.
  void analysed(const syntax::FunctionDefinition& function, TypeId result, const std::vector<FrameVariable>& variables,
                syntax::Arena& arena);
  // After the last declaration: static functions that nothing names.
  void finish(const std::vector<Entity*>& functions);

 private:
  Context& c_;
  std::vector<bool> named_;            // by symbol: whether a function or global of this name is used
  std::vector<Diagnostic> unused_;     // of the function at hand
};

// ---- the passes (warn_names.cpp, warn_shape.cpp, warn_values.cpp, warn_flow.cpp) ----

// Uses of names: what is unused goes to `unused`, hidden variables are reported at once; names of the file's scope are marked.
void warnNames(Context& context, const syntax::FunctionDefinition& function, std::vector<bool>& named,
               std::vector<Diagnostic>& unused);
void markNames(Context& context, const syntax::Declaration& declaration, std::vector<bool>& named);
// Statements and operators that are easily misread.
void warnShape(Context& context, const syntax::FunctionDefinition& function);
// What the types say: constant conditions and comparisons, indices, divisors, shift counts, escaping pointers.
void warnValues(Context& context, const syntax::FunctionDefinition& function);
// What the control flow says: unreachable statements, missing return, reads before an assignment.
void warnFlow(Context& context, const syntax::FunctionDefinition& function, TypeId result,
              const std::vector<FrameVariable>& variables, syntax::Arena& arena);

// ---- the tree ----

// Calls visit(child) for each operand, in the order of evaluation.
template <class F>
void eachOperand(const syntax::Expr* e, F&& visit) {
  for (const syntax::Expr* part : {e->left, e->right, e->third})
    if (part && e->kind != syntax::ExprKind::Call) visit(part);
  for (const syntax::Expr* item = e->list; item; item = item->next) visit(item);
}

// Calls visit(child) for each statement directly inside.
template <class F>
void eachStatement(const syntax::Stmt* stmt, F&& visit) {
  if (stmt->init) visit(stmt->init);
  for (const syntax::Stmt* each = stmt->body; each; each = stmt->kind == syntax::StmtKind::Block ? each->next : nullptr)
    visit(each);
  if (stmt->otherwise) visit(stmt->otherwise);
}

// Calls visit(expression) for each whole expression of the statement itself and its declarations.
template <class F>
void eachExpression(const syntax::Stmt* stmt, F&& visit) {
  if (stmt->expr) visit(stmt->expr);
  if (stmt->step) visit(stmt->step);
  const bool declares = stmt->kind == syntax::StmtKind::Declare;
  for (const syntax::Declarator* each = declares ? stmt->declaration->declarators : nullptr; each; each = each->next)
    if (each->initializer) visit(each->initializer);
}

}  // namespace sema
