#include "compiler/sema/statements.h"

#include <utility>

namespace sema {

using namespace syntax;

void Statements::checkBody(FunctionDefinition& function, const Entity& entity, bool parsed) {
  function_ = &entity;
  misplacedReturn_ = false;
  Stmt* at = function.body->body;
  for (; at && at->kind == StmtKind::Declare; at = at->next) locals(*at->declaration, true);
  const Stmt* last = nullptr;
  for (; at; at = at->next) {
    last = at;
    Stmt* inner = unlabelled(at);
    if (inner->kind == StmtKind::Return) returned(inner, at->next == nullptr), last = inner;
    else statement(inner);
  }
  bool returns = c_.isCore() ? leaves(function.body->body) : last && last->kind == StmtKind::Return;
  if (returns || misplacedReturn_ || !parsed) return;
  Range brace{function.body->end, function.body->end + 1};
  c_.error(Rule::MissingReturn, brace, "'" + std::string(entity.symbol->text) + "' ends without a return statement");
}

Stmt* Statements::unlabelled(Stmt* stmt) {
  for (; stmt->kind == StmtKind::Label; stmt = stmt->body)
    c_.reject(Rule::Goto, {stmt->range.begin, stmt->range.begin + Loc(stmt->symbol->text.size())});
  return stmt;
}

void Statements::list(Stmt* first) {
  for (Stmt* at = first; at; at = at->next) statement(at);
}

void Statements::statement(Stmt* stmt) {
  switch (stmt->kind) {
    case StmtKind::Error:
    case StmtKind::Skip: return;
    case StmtKind::Block: return list(stmt->body);
    case StmtKind::Expression: return expression(stmt->expr);
    case StmtKind::Declare:
      c_.reject(Rule::DeclarationPlace, stmt->declaration->specifiers->range);
      return locals(*stmt->declaration, false);
    case StmtKind::Return: return returned(stmt, false);
    case StmtKind::If:
      expressions_.checkCondition(stmt->expr);
      statement(stmt->body);
      if (stmt->otherwise) statement(stmt->otherwise);
      return;
    case StmtKind::While: return loop(stmt);
    case StmtKind::Do:
      c_.reject(Rule::Do, {stmt->range.begin, stmt->range.begin + 2});
      statement(stmt->body);
      return expressions_.checkCondition(stmt->expr);
    case StmtKind::For:
      c_.reject(Rule::For, {stmt->range.begin, stmt->range.begin + 3});
      if (stmt->init->kind == StmtKind::Declare) locals(*stmt->init->declaration, false);
      else if (stmt->init->kind == StmtKind::Expression) expression(stmt->init->expr);
      if (stmt->expr) expressions_.checkCondition(stmt->expr);
      if (stmt->step) expression(stmt->step);
      return statement(stmt->body);
    case StmtKind::Switch:
      c_.reject(Rule::Switch, {stmt->range.begin, stmt->range.begin + 6});
      expressions_.check(stmt->expr);
      return statement(stmt->body);
    case StmtKind::Case:
    case StmtKind::Default: return statement(stmt->body);
    case StmtKind::Break:
    case StmtKind::Continue: return leaveLoop(stmt);
    case StmtKind::Goto: c_.reject(Rule::Goto, stmt->range); return;
    case StmtKind::Label: return statement(unlabelled(stmt));
    case StmtKind::Asm:
      if (!c_.options.assembly) c_.reject(Rule::Asm, {stmt->range.begin, stmt->range.begin + 3});
      c_.useNames(c_.text(stmt->text));
      return;
    case StmtKind::Fault: return fault(stmt);
  }
}

void Statements::loop(Stmt* stmt) {
  expressions_.checkCondition(stmt->expr);
  const bool inLoop = std::exchange(inLoop_, true), inStep = std::exchange(inStep_, false);
  statement(stmt->body);
  if (stmt->otherwise) {
    if (!c_.isCore()) c_.reject(Rule::StepStatement, stmt->otherwise->range);
    inStep_ = true;
    statement(stmt->otherwise);
  }
  inLoop_ = inLoop, inStep_ = inStep;
}

void Statements::leaveLoop(const Stmt* stmt) {
  const bool isBreak = stmt->kind == StmtKind::Break;
  const Rule rule = isBreak ? Rule::Break : Rule::Continue;
  const Range keyword{stmt->range.begin, stmt->range.begin + (isBreak ? 5 : 8)};
  if (!c_.isCore()) c_.reject(rule, keyword);
  else if (!inLoop_)
    c_.error(rule, keyword, std::string("there is no while around this '") + (isBreak ? "break'" : "continue'"));
  else if (!isBreak && inStep_) c_.error(rule, keyword, "'continue' in the step of its while");
}

void Statements::locals(Declaration& declaration, bool atTop) {
  Specifiers& specifiers = *declaration.specifiers;
  c_.localsLost |= declaration.damaged;
  expressions_.types().checkSpecifiers(specifiers, kTypedef);
  bool isType =
      (specifiers.flags & kTypedef) || specifiers.hasBody || (!declaration.declarators && !declaration.damaged);
  if (isType) c_.reject(Rule::LocalType, specifiers.range);
  TypeId base =
      expressions_.types().base(specifiers, declaration.declarators ? declaration.declarators->symbol : nullptr);
  for (Declarator* each = declaration.declarators; each; each = each->next) local(declaration, *each, base, atTop);
}

void Statements::local(Declaration& declaration, Declarator& declarator, TypeId base, bool atTop) {
  Types& types = expressions_.types();
  TypeId type = types.apply(base, declarator);
  bool isType = declaration.specifiers->flags & kTypedef;
  if (declarator.isFunction()) {
    c_.error(Rule::DeclarationPlace, declarator.range, "functions are declared at file scope only");
    return;
  }
  if (declarator.initializer) {
    c_.reject(Rule::Initializer, {declarator.equals, declarator.equals + 1})
        .ranges.push_back(declarator.initializer->range);
    Expr* value = declarator.initializer;
    if (value->kind == ExprKind::Call) expressions_.checkCall(value);
    else if (value->kind == ExprKind::New) expressions_.checkNew(value);
    else if (value->kind != ExprKind::Initializers && value->kind != ExprKind::String) expressions_.check(value);
  }
  if (!isType && !types.requireComplete(type, declarator.symbolRange, "variable")) type = kErrorType;
  Entity* earlier = c_.find(declarator.symbol);
  if (earlier && earlier->kind == EntityKind::Local) {
    if (atTop && !earlier->erroneous)
      c_.error(Rule::Redefinition, declarator.symbolRange,
               "redefinition of '" + std::string(declarator.symbol->text) + "'")
          .note(earlier->where, "previous definition is here");
    return;
  }
  Entity entity;
  entity.kind = isType ? EntityKind::Typedef : EntityKind::Local;
  entity.defined = true;
  entity.type = type;
  entity.symbol = declarator.symbol;
  entity.where = declarator.symbolRange;
  entity.index = uint32_t(c_.locals().size());
  c_.add(entity, true);
}

// `node *p;` where node is no type: read as a product, reported as what it was meant to be.
bool Statements::unknownType(const Expr* e) {
  if (e->kind != ExprKind::Binary || e->op != Op::Mul || e->parenthesized || e->left->kind != ExprKind::Name)
    return false;
  if (e->right->kind != ExprKind::Name || c_.find(e->left->symbol)) return false;
  std::string name(e->left->symbol->text);
  if (c_.tag(e->left->symbol) != kErrorType) {
    c_.error(Rule::ParseUnknownType, e->left->range, "the type is written 'struct " + name + "'")
        .fixit({e->left->range.begin, e->left->range.begin}, "struct ");
  } else {
    c_.error(Rule::ParseUnknownType, e->left->range, "unknown type name '" + name + "'");
  }
  if (!c_.find(e->right->symbol)) c_.addErroneous(e->right->symbol, e->right->range);
  return true;
}

void Statements::expression(Expr* e) {
  switch (e->kind) {
    case ExprKind::Assign:
      if (e->op == Op::None) return assignment(e);
      break;
    case ExprKind::Call: expressions_.checkCall(e); return;
    case ExprKind::Comma:
      c_.reject(Rule::Comma, {e->at, e->at + 1});
      expression(e->left);
      return expression(e->right);
    case ExprKind::New:
      c_.error(Rule::NewExpression, e->range, "the result of 'new' is assigned to a pointer: p = new(T);");
      expressions_.checkNew(e);
      return;
    default: break;
  }
  if (unknownType(e)) return;
  if (expressions_.check(e) == kErrorType || e->kind == ExprKind::Assign) return;
  bool comparison = e->kind == ExprKind::Binary && e->op == Op::Equal;
  Range where = comparison ? Range{e->at, e->at + 2} : e->range;
  Diagnostic& error = c_.error(
      Rule::ExpressionStatement, where,
      comparison ? "this comparison has no effect; an assignment is written '='" : "this expression has no effect");
  if (comparison) error.fixit(where, "=");
}

void Statements::assignment(Expr* e) {
  Range sign{e->at, e->at + 1};
  TypeId left = expressions_.checkPlace(e->left, sign);
  Expr* value = e->right;
  if (value->kind == ExprKind::Call) {
    Entity* callee = value->left->kind == ExprKind::Name ? c_.find(value->left->symbol) : nullptr;
    expressions_.checkCall(value);
    return expressions_.convert(value, left, "the result of the call", callee ? callee->where : Range{});
  }
  if (left == kErrorType && value->kind != ExprKind::New) {
    expressions_.checkAny(value);
    return;
  }
  if (value->kind != ExprKind::New) return expressions_.checkValue(value, left, "the right side");
  TypeId made = expressions_.checkNew(value);
  if (left == kErrorType || made == kErrorType) return;
  if (c_.type(left).kind == TypeKind::Pointer && c_.type(left).element == made) return;
  c_.error(Rule::TypeMismatch, value->range,
           "'new' gives a pointer to " + c_.quoted(made) + ", but " + c_.quoted(left) + " is needed here")
      .ranges.push_back(e->left->range);
}

void Statements::returned(Stmt* stmt, bool last) {
  Range keyword{stmt->range.begin, stmt->range.begin + 6};
  if (!last && !c_.isCore()) {
    c_.reject(Rule::ReturnPlace, keyword);
    misplacedReturn_ = true;
  }
  TypeId result = function_->signature->result;
  if (stmt->expr) {
    if (result == TypeTable::kVoid) {
      c_.error(Rule::TypeMismatch, stmt->expr->range, "a void function returns no value");
      expressions_.check(stmt->expr);
      return;
    }
    return expressions_.checkValue(stmt->expr, result, "the returned value", function_->where);
  }
  if (result == kErrorType || result == TypeTable::kVoid) return;
  c_.error(Rule::TypeMismatch, keyword, "'return' without a value, but " + c_.quoted(result) + " is needed here")
      .note(function_->where, "declared here");
}

void Statements::fault(Stmt* stmt) {
  if (!c_.isCore()) {
    c_.reject(Rule::FaultStatement, stmt->range);
    return;
  }
  const Expr* code = stmt->expr;
  bool known = code->kind == ExprKind::Integer && code->flags == 0 && code->number > 0 && code->number < 256 &&
               !object::faultName(core::Fault(code->number)).empty();
  if (!known) c_.error(Rule::FaultStatement, code->range, "this is not the number of a fault");
}

namespace {

// A break of the while whose body or step the list is.
bool breaks(const Stmt* first) {
  for (const Stmt* at = first; at; at = at->next) {
    const bool inside = at->kind == StmtKind::If || at->kind == StmtKind::Block;
    if (at->kind == StmtKind::Break || (inside && (breaks(at->body) || breaks(at->otherwise)))) return true;
  }
  return false;
}

bool leavesHere(const Stmt* stmt) {
  switch (stmt->kind) {
    case StmtKind::Return:
    case StmtKind::Break:
    case StmtKind::Continue:
    case StmtKind::Fault: return true;
    case StmtKind::Block: return leaves(stmt->body);
    case StmtKind::If: return stmt->otherwise && leavesHere(stmt->body) && leavesHere(stmt->otherwise);
    case StmtKind::While:
      return stmt->expr->kind == ExprKind::Boolean && stmt->expr->number == 1 && !breaks(stmt->body) &&
             !breaks(stmt->otherwise);
    default: return false;
  }
}

}  // namespace

bool leaves(const Stmt* first) {
  for (const Stmt* at = first; at; at = at->next)
    if (leavesHere(at)) return true;
  return false;
}

}  // namespace sema
