#include "compiler/sema/surface_statements.h"

#include <algorithm>
#include <utility>

#include "compiler/sema/declarations.h"

namespace sema {

using namespace syntax;

void SurfaceStatements::checkBody(FunctionDefinition& function, const Entity& entity) {
  function_ = &entity;
  loops_ = breakable_ = 0;
  switch_ = nullptr;
  mayLabel_ = false;
  c_.mayDeclareTags = true;
  list(function.body->body);
}

void SurfaceStatements::list(Stmt* first) {
  for (Stmt* at = first; at; at = at->next) statement(at);
}

// `mayLabel`: its statements may be labels of the switch around it.
void SurfaceStatements::block(Stmt* stmt, bool mayLabel) {
  Context::Scope scope = c_.enterScope();
  if (stmt->kind == StmtKind::Block) {
    for (Stmt* at = stmt->body; at; at = at->next) mayLabel_ = mayLabel, statement(at);
    mayLabel_ = false;
  } else {
    mayLabel_ = mayLabel;
    statement(stmt);
  }
  c_.leaveScope(scope);
}

void SurfaceStatements::statement(Stmt* stmt) {
  bool mayLabel = std::exchange(mayLabel_, false);
  Range keyword{stmt->range.begin, stmt->range.begin + 1};
  switch (stmt->kind) {
    case StmtKind::Error:
    case StmtKind::Skip: break;
    case StmtKind::Block: block(stmt, mayLabel); break;
    case StmtKind::Expression: expression(stmt->expr); break;
    case StmtKind::Declare: declare(*stmt->declaration); break;
    case StmtKind::Return: returned(stmt); break;
    case StmtKind::If:
      surface_.condition(stmt->expr);
      block(stmt->body);
      if (stmt->otherwise) block(stmt->otherwise);
      break;
    case StmtKind::While:
      if (stmt->otherwise) c_.reject(Rule::StepStatement, stmt->otherwise->range);
      [[fallthrough]];
    case StmtKind::Do:
    case StmtKind::For: loop(stmt); break;
    case StmtKind::Switch: switchStatement(stmt); break;
    case StmtKind::Case:
    case StmtKind::Default:
      mayLabel_ = mayLabel;
      label(stmt);
      break;
    case StmtKind::Break:
      if (!breakable_) c_.error(Rule::Jump, keyword, "'break' stands in no loop and no switch");
      break;
    case StmtKind::Continue:
      if (!loops_) c_.error(Rule::Jump, keyword, "'continue' stands in no loop");
      break;
    case StmtKind::Goto: c_.reject(Rule::Goto, stmt->range); break;
    case StmtKind::Label:
      c_.reject(Rule::Goto, {stmt->range.begin, stmt->range.begin + Loc(stmt->symbol->text.size())});
      statement(stmt->body);
      break;
    case StmtKind::Asm:
      if (!c_.options.assembly) c_.reject(Rule::Asm, {stmt->range.begin, stmt->range.begin + 3});
      c_.useNames(c_.text(stmt->text));
      break;
    case StmtKind::Fault: c_.reject(Rule::FaultStatement, stmt->range); break;
  }
  mayLabel_ = mayLabel;
}

void SurfaceStatements::loop(Stmt* stmt) {
  Context::Scope scope = c_.enterScope();
  if (stmt->init && stmt->init->kind == StmtKind::Declare) declare(*stmt->init->declaration);
  else if (stmt->init && stmt->init->kind == StmtKind::Expression) expression(stmt->init->expr);
  if (stmt->expr && stmt->kind != StmtKind::Do) surface_.condition(stmt->expr);
  if (stmt->step) surface_.discard(stmt->step);
  ++loops_, ++breakable_;
  Switch* outer = std::exchange(switch_, nullptr);
  block(stmt->body);
  switch_ = outer;
  --loops_, --breakable_;
  if (stmt->kind == StmtKind::Do) surface_.condition(stmt->expr);
  c_.leaveScope(scope);
}

void SurfaceStatements::switchStatement(Stmt* stmt) {
  TypeId type = surface_.value(stmt->expr);
  if (type != kErrorType && !surface_.promote(stmt->expr))
    c_.error(Rule::OperandTypes, stmt->expr->range, "'switch' decides by an integer, not by " + c_.quoted(type));
  Switch inner{stmt->expr->type, {}, false};
  Switch* outer = std::exchange(switch_, &inner);
  ++breakable_;
  block(stmt->body, true);
  --breakable_;
  switch_ = outer;
  std::sort(inner.labels.begin(), inner.labels.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second.begin < b.second.begin;
  });
  for (size_t i = 1; i < inner.labels.size(); ++i)
    if (inner.labels[i].first == inner.labels[i - 1].first)
      c_.error(Rule::Jump, inner.labels[i].second, "this value has a label already")
          .note(inner.labels[i - 1].second, "previous label is here");
}

void SurfaceStatements::label(Stmt* stmt) {
  bool isCase = stmt->kind == StmtKind::Case;
  Range keyword{stmt->range.begin, stmt->range.begin + (isCase ? 4 : 7)};
  bool placed = switch_ && mayLabel_;
  if (!placed) {
    Diagnostic& error = c_.error(Rule::Jump, keyword, std::string(isCase ? "'case'" : "'default'") + " stands in the braces of a switch, or in a block there");
    if (switch_) error.note("not in an if or a loop: write the statement once more, or make it a function");
  }
  if (isCase) {
    std::optional<Constant> value = surface_.constant(stmt->expr);
    if (value && placed) {
      surface_.convertTo(stmt->expr, switch_->type);
      switch_->labels.emplace_back(value->bits, stmt->expr->range);
    }
  } else if (placed) {
    if (switch_->hasDefault) c_.error(Rule::Jump, keyword, "this switch has a 'default' already");
    switch_->hasDefault = true;
  }
  statement(stmt->body);  // which may be a label, or a block that contains some
}

void SurfaceStatements::expression(Expr* e) { surface_.discard(e); }

void SurfaceStatements::declare(Declaration& declaration) {
  Specifiers& specifiers = *declaration.specifiers;
  c_.localsLost |= declaration.damaged;
  Types& types = surface_.types();
  types.checkSpecifiers(specifiers, kTypedef | kStatic | kExtern);
  Declarator* first = declaration.declarators;
  TypeId base = types.base(specifiers, first ? first->symbol : nullptr);
  for (Declarator* each = first; each; each = each->next) {
    if (each->isFunction() || (specifiers.flags & kExtern)) unit_.declare(specifiers, *each, base);
    else local(specifiers, *each, base);
  }
}

bool SurfaceStatements::bind(Entity entity) {
  Entity* earlier = c_.find(entity.symbol);
  if (earlier && earlier->scope == c_.scope() && earlier->kind != EntityKind::Function) {
    if (!earlier->erroneous)
      c_.error(Rule::Redefinition, entity.where, "redefinition of '" + std::string(entity.symbol->text) + "'")
          .note(earlier->where, "previous definition is here");
    return false;
  }
  c_.add(entity, true);
  return true;
}

void SurfaceStatements::local(Specifiers& specifiers, Declarator& declarator, TypeId base) {
  bool unsized = false;
  TypeId type = unit_.variableType(base, specifiers, declarator, unsized);
  Entity entity;
  entity.kind = EntityKind::Local;
  entity.defined = true;
  entity.symbol = declarator.symbol;
  entity.where = declarator.symbolRange;
  entity.qualifiers = declarator.qualifiers;
  entity.constant = declarator.qualifiers & 1;
  if (specifiers.flags & kTypedef) {
    entity.kind = EntityKind::Typedef;
    entity.type = type;
    bind(entity);
    return;
  }
  if (!surface_.types().requireComplete(type, declarator.symbolRange, "variable")) type = kErrorType;
  if (specifiers.flags & kStatic) return staticLocal(declarator, type, unsized);
  // In its own initialiser the name means the new variable already, unless its size is still unknown.
  if (unsized) type = surface_.initializer(declarator.initializer, type, declarator.qualifiers, true);
  entity.type = type;
  entity.index = surface_.addVariable(entity.symbol, type, entity.where);
  declarator.variable = true;
  declarator.type = type;
  declarator.index = entity.index;
  bind(entity);
  if (declarator.initializer && !unsized) {
    if (type == kErrorType) return;
    surface_.initializer(declarator.initializer, type, declarator.qualifiers, false);
  }
}

void SurfaceStatements::staticLocal(Declarator& declarator, TypeId type, bool unsized) {
  if (unsized) type = surface_.initializer(declarator.initializer, type, declarator.qualifiers, true);
  Entity entity;
  entity.kind = EntityKind::Global;
  entity.defined = true;
  entity.internal = true;
  entity.symbol = declarator.symbol;
  entity.where = declarator.symbolRange;
  entity.qualifiers = declarator.qualifiers;
  entity.constant = declarator.qualifiers & 1;
  entity.type = type;
  if (type == kErrorType) return void(bind(entity));
  core::Global global;
  std::string name = std::string(surface_.functionName) + "." + std::string(entity.symbol->text);
  global.name = name;
  unsigned& copies = c_.staticNames[name];
  if (copies++) global.name += "." + std::to_string(copies);
  global.type = type;
  global.position = c_.position(entity.where.begin);
  global.internal = true;
  global.constant = entity.constant;
  entity.index = uint32_t(c_.program.globals.size());
  c_.program.globals.push_back(std::move(global));
  bind(entity);
  if (!declarator.initializer) return;
  if (!unsized) type = surface_.initializer(declarator.initializer, type, declarator.qualifiers, false);
  if (type != kErrorType) surface_.staticInitial(c_.program.globals[entity.index], declarator.initializer);
}

void SurfaceStatements::returned(Stmt* stmt) {
  Range keyword{stmt->range.begin, stmt->range.begin + 6};
  TypeId result = function_->signature->result;
  if (!stmt->expr) {
    if (result == kErrorType || result == TypeTable::kVoid) return;
    c_.error(Rule::TypeMismatch, keyword, "'return' without a value, but " + c_.quoted(result) + " is needed here")
        .note(function_->where, "declared here");
    return;
  }
  if (result == TypeTable::kVoid) {
    surface_.checkAny(stmt->expr);
    if (stmt->expr->type != TypeTable::kVoid)
      c_.error(Rule::TypeMismatch, stmt->expr->range, "a void function returns no value");
    return;
  }
  surface_.value(stmt->expr);
  surface_.assigned(stmt->expr, result, function_->signature->resultQualifiers, "the returned value", function_->where);
}

}  // namespace sema
