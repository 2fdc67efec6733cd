// Variables that nothing uses, and declarations that hide others. The pass keeps scopes of its own: it runs before the
// analysis, which folds constants and with them the uses in sizeof.
#include <algorithm>
#include <deque>

#include "compiler/sema/warnings.h"

namespace sema {

using namespace syntax;

namespace {

class Names {
 public:
  Names(Context& context, std::vector<bool>& named, const Symbol* self) : c_(context), named_(named), self_(self) {}

  void run(const FunctionDefinition& function, std::vector<Diagnostic>& unused) {
    for (const Declaration* each = function.declarator->innermost->parameters; each; each = each->next)
      declare(*each->declarators, true);
    statement(function.body);
    leave(0);
    for (const Variable& each : variables_) report(each, unused);
  }

  void declaration(const Declaration& declaration) {
    specifiers(declaration.specifiers);
    for (const Declarator* each = declaration.declarators; each; each = each->next) {
      sizes(*each);
      if (each->initializer) value(each->initializer);
    }
  }

 private:
  struct Variable {
    const Symbol* symbol;
    Range where;
    bool parameter = false;
    bool variable = true;  // no type, no constant
    unsigned reads = 0, writes = 0;
    Variable* hides = nullptr;
  };

  Variable* find(const Symbol* symbol) const { return symbol->id < bound_.size() ? bound_[symbol->id] : nullptr; }

  void bind(const Symbol* symbol, Range where, bool parameter, bool variable) {
    if (symbol->id >= bound_.size()) bound_.resize(std::max<size_t>(c_.symbols.count(), symbol->id + 1));
    Variable*& slot = bound_[symbol->id];
    if (variable) hiding(symbol, where, slot);
    variables_.push_back({symbol, where, parameter, variable, 0, 0, slot});
    slot = &variables_.back();
    open_.push_back(slot);
  }

  void hiding(const Symbol* symbol, Range where, const Variable* local) {
    const Entity* global = local ? nullptr : c_.find(symbol);
    if (local ? !local->variable : !global || global->kind != EntityKind::Global || !global->where.valid()) return;
    std::string name = "'" + std::string(symbol->text) + "'";
    c_.warning(Rule::Shadow, where, std::string("this declaration of ") + name + (local ? local->parameter ? " hides a parameter" : " hides a local variable" : " hides a global variable"))
        .note(local ? local->where : global->where, name + " is declared here");
  }

  void leave(size_t open) {
    for (; open_.size() > open; open_.pop_back()) bound_[open_.back()->symbol->id] = open_.back()->hides;
  }

  void report(const Variable& each, std::vector<Diagnostic>& unused) {
    if (!each.variable || each.reads) return;
    Rule rule = each.writes ? Rule::UnusedButSet : each.parameter ? Rule::UnusedParameter : Rule::UnusedVariable;
    if (!c_.options.warnings.has(rule)) return;
    Diagnostic& made = unused.emplace_back();
    made.severity = base::Severity::Warning;
    made.id = info(rule).id;
    made.where = each.where;
    made.text = std::string(each.parameter ? "the parameter '" : "the variable '") + std::string(each.symbol->text) + "' is " + (each.writes ? "assigned but never read" : "not used");
  }

  // ---- declarations ----

  void specifiers(const Specifiers* specifiers) {
    for (const Declaration* each = specifiers->fields; each; each = each->next)
      for (const Declarator* field = each->declarators; field; field = field->next) sizes(*field);
    for (const Enumerator* each = specifiers->enumerators; each; each = each->next) {
      if (each->value) value(each->value);
      if (!atTop()) bind(each->symbol, each->range, false, false);
    }
    if (specifiers->at) value(specifiers->at);
  }
  bool atTop() const { return depth_ == 0; }

  void sizes(const Declarator& declarator) {
    for (const Derived* each = declarator.derived; each; each = each->next)
      if (each->size) value(each->size);
  }

  void declare(const Declarator& declarator, bool parameter) {
    sizes(declarator);
    if (declarator.symbol) bind(declarator.symbol, declarator.symbolRange, parameter, true);
    if (declarator.initializer) value(declarator.initializer);
  }

  void locals(const Declaration& declaration) {
    specifiers(declaration.specifiers);
    const uint32_t flags = declaration.specifiers->flags;
    for (const Declarator* each = declaration.declarators; each; each = each->next) {
      if (!each->symbol) continue;
      if (each->isFunction() || (flags & kExtern)) mark(each->symbol);
      else if (flags & kTypedef) sizes(*each), bind(each->symbol, each->symbolRange, false, false);
      else declare(*each, false);
    }
  }

  // ---- statements ----

  void statement(const Stmt* stmt) {
    const size_t open = open_.size();
    ++depth_;
    if (stmt->init) statementIn(stmt->init);
    if (stmt->kind == StmtKind::Expression) discarded(stmt->expr);
    else if (stmt->expr) value(stmt->expr);
    if (stmt->step) discarded(stmt->step);
    if (stmt->kind == StmtKind::Asm) assembly(c_.text(stmt->text));
    for (const Stmt* each = stmt->body; each; each = stmt->kind == StmtKind::Block ? each->next : nullptr) statementIn(each);
    if (stmt->otherwise) statementIn(stmt->otherwise);
    --depth_;
    leave(open);
  }
  // A declaration belongs to what is around it.
  void statementIn(const Stmt* stmt) {
    if (stmt->kind == StmtKind::Declare) locals(*stmt->declaration);
    else statement(stmt);
  }

  // The names in an asm block.
  void assembly(std::string_view text) {
    auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; };
    for (size_t at = 0; at < text.size();) {
      size_t from = at;
      while (at < text.size() && letter(text[at])) ++at;
      if (at == from) ++at;
      else read(c_.symbols.intern(text.substr(from, at - from)));
    }
  }

  // ---- expressions ----

  void mark(const Symbol* symbol) {
    if (symbol == self_) return;
    if (symbol->id >= named_.size()) named_.resize(std::max<size_t>(c_.symbols.count(), symbol->id + 1));
    named_[symbol->id] = true;
  }
  void read(const Symbol* symbol) {
    if (Variable* variable = find(symbol)) ++variable->reads;
    else mark(symbol);
  }

  // The local variable that an assignment to `place` changes without reading anything.
  Variable* target(const Expr* place) {
    while (place->kind == ExprKind::Member) place = place->left;
    return place->kind == ExprKind::Name ? find(place->symbol) : nullptr;
  }

  // Nothing uses the value.
  void discarded(const Expr* e) {
    const bool counts = e->kind == ExprKind::Postfix || (e->kind == ExprKind::Unary && (e->op == Op::Increment || e->op == Op::Decrement));
    if (e->kind == ExprKind::Comma) return discarded(e->left), discarded(e->right);
    if (e->kind == ExprKind::Assign || counts) {
      if (Variable* variable = target(e->left)) {
        ++variable->writes;
        if (e->right) value(e->right);
        return;
      }
    }
    value(e);
  }

  void value(const Expr* e) {
    if (e->kind == ExprKind::Name) return read(e->symbol);
    if (e->kind == ExprKind::Assign && e->op == Op::None) {
      if (Variable* variable = target(e->left)) ++variable->writes, ++variable->reads;
      else value(e->left);
      return value(e->right);
    }
    if (e->kind == ExprKind::Comma) return discarded(e->left), value(e->right);
    if (e->typeName) {
      specifiers(e->typeName->specifiers);
      if (e->typeName->declarator) sizes(*e->typeName->declarator);
    }
    for (const Designator* each = e->designator; each; each = each->next)
      if (each->index) value(each->index);
    if (e->kind == ExprKind::Call) value(e->left);
    eachOperand(e, [&](const Expr* operand) { value(operand); });
  }

  Context& c_;
  std::vector<bool>& named_;
  const Symbol* self_;  // calls of itself do not count
  unsigned depth_ = 0;
  std::deque<Variable> variables_;
  std::vector<Variable*> bound_;  // by symbol
  std::vector<Variable*> open_;   // innermost last
};

}  // namespace

void warnNames(Context& context, const FunctionDefinition& function, std::vector<bool>& named, std::vector<Diagnostic>& unused) {
  Names(context, named, function.declarator->symbol).run(function, unused);
}

void markNames(Context& context, const Declaration& declaration, std::vector<bool>& named) {
  Names(context, named, nullptr).declaration(declaration);
}

}  // namespace sema
