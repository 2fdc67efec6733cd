#include "compiler/sema/emit.h"

namespace sema {

using namespace syntax;

namespace {

core::Operator operatorOf(Op op) {
  static_assert(int(core::Operator::Add) - int(core::Operator::Negate) == 3);
  static_assert(int(Op::LogicalOr) - int(Op::Add) == int(core::Operator::LogicalOr) - int(core::Operator::Add));
  if (op >= Op::Add) return core::Operator(int(op) - int(Op::Add) + int(core::Operator::Add));
  return core::Operator(int(op) - int(Op::Negate) + int(core::Operator::Negate));
}

}  // namespace

void Emitter::function(const FunctionDefinition& definition, uint32_t index) {
  std::vector<const core::Stmt*> statements;
  statements_ = &statements;
  core::StmtList body = list(definition.body->body);

  core::Function& function = c_.program.functions[index];
  function.variables.clear();
  function.variables.reserve(c_.locals().size());
  for (const Entity* local : c_.locals())
    function.variables.push_back({std::string(local->symbol->text), local->type, c_.position(local->where.begin)});
  function.position = c_.position(definition.declarator->symbolRange.begin);
  function.body = body;
  function.statements = std::move(statements);
}

core::StmtList Emitter::list(const Stmt* first) {
  size_t begin = pending_.size();
  for (const Stmt* at = first; at; at = at->next) into(at);
  core::StmtList result =
      c_.program.list(std::span<const core::Stmt* const>(pending_.data() + begin, pending_.size() - begin));
  pending_.resize(begin);
  return result;
}

// Appends what the statement becomes to the pending list.
void Emitter::into(const Stmt* stmt) {
  if (stmt->kind == StmtKind::Declare) return;
  if (stmt->kind == StmtKind::Block) {
    for (const Stmt* at = stmt->body; at; at = at->next) into(at);
    return;
  }
  core::Stmt made{.kind = core::StmtKind::Skip,
                  .ordinal = uint32_t(statements_->size()),
                  .position = c_.position(stmt->range.begin)};
  statements_->push_back(nullptr);
  auto one = [&](const Stmt* body) {
    size_t begin = pending_.size();
    into(body);
    core::StmtList result =
        c_.program.list(std::span<const core::Stmt* const>(pending_.data() + begin, pending_.size() - begin));
    pending_.resize(begin);
    return result;
  };
  switch (stmt->kind) {
    case StmtKind::Expression: expressionStatement(made, stmt->expr); break;
    case StmtKind::Return:
      made.kind = core::StmtKind::Return;
      if (stmt->expr) made.value = expr(stmt->expr);
      break;
    case StmtKind::If:
      made.kind = core::StmtKind::If;
      made.value = expr(stmt->expr);
      made.body = one(stmt->body);
      if (stmt->otherwise) made.otherwise = one(stmt->otherwise);
      break;
    case StmtKind::While:
      made.kind = core::StmtKind::While;
      made.value = expr(stmt->expr);
      made.body = one(stmt->body);
      if (stmt->otherwise) made.step = one(stmt->otherwise);
      break;
    case StmtKind::Break: made.kind = core::StmtKind::Break; break;
    case StmtKind::Continue: made.kind = core::StmtKind::Continue; break;
    case StmtKind::Asm:
      made.kind = core::StmtKind::Asm;
      made.text = c_.program.string(c_.text(stmt->text));
      break;
    case StmtKind::Fault:
      made.kind = core::StmtKind::Fault;
      made.fault = core::Fault(stmt->expr->number);
      break;
    default: break;  // Skip: all others were reported
  }
  const core::Stmt* result = c_.program.make(made);
  (*statements_)[made.ordinal] = result;
  pending_.push_back(result);
}

void Emitter::expressionStatement(core::Stmt& to, const Expr* e) {
  if (e->kind == ExprKind::Call) return call(to, e);
  to.target = expr(e->left);
  if (e->right->kind == ExprKind::Call) return call(to, e->right);
  if (e->right->kind == ExprKind::New) {
    to.kind = core::StmtKind::New;
    to.newType = e->right->type;
    if (e->right->left) to.value = expr(e->right->left);
    return;
  }
  to.kind = core::StmtKind::Assign;
  to.value = expr(e->right);
}

void Emitter::call(core::Stmt& to, const Expr* call) {
  to.kind = core::StmtKind::Call;
  to.index = call->index;
  to.position = c_.position(call->range.begin);
  arguments_.clear();
  for (const Expr* argument = call->list; argument; argument = argument->next) arguments_.push_back(expr(argument));
  to.arguments = c_.program.list(std::span<const core::Expr* const>(arguments_));
}

const core::Expr* Emitter::unary(const Expr* e) {
  core::Expr made{.kind = core::ExprKind::Unary, .type = e->type, .position = c_.position(e->at)};
  if (e->op == Op::Deref) {
    made.kind = core::ExprKind::Deref;
  } else if (e->op == Op::AddressOf) {
    made.kind = core::ExprKind::AddressOf;
  } else if (e->op == Op::Negate && e->left->kind == ExprKind::Integer && e->left->number != 0 &&
             e->type == TypeTable::kInt) {
    made.kind = core::ExprKind::Literal;
    made.value = 0u - e->left->number;
    return c_.program.make(made);
  } else {
    made.op = operatorOf(e->op);
  }
  made.left = expr(e->left);
  return c_.program.make(made);
}

const core::Expr* Emitter::expr(const Expr* e) {
  core::Expr made{.kind = core::ExprKind::Literal, .type = e->type, .position = {}};
  switch (e->kind) {
    case ExprKind::Null: made.kind = core::ExprKind::Null; break;
    case ExprKind::Name:
      made.kind = e->local ? core::ExprKind::Local : core::ExprKind::Global;
      made.value = e->index;
      made.position = c_.position(e->at);
      return c_.program.make(made);
    case ExprKind::Member:
    case ExprKind::Arrow:
      made.kind = core::ExprKind::Field;
      made.value = e->index;
      made.left = expr(e->left);
      made.position = c_.position(e->at);
      if (e->kind == ExprKind::Arrow)
        made.left = c_.program.make(core::Expr{.kind = core::ExprKind::Deref,
                                               .type = c_.type(e->left->type).element,
                                               .position = made.position,
                                               .left = made.left});
      return c_.program.make(made);
    case ExprKind::Index:
    case ExprKind::Binary:
      made.kind = e->kind == ExprKind::Index ? core::ExprKind::Index : core::ExprKind::Binary;
      if (e->kind == ExprKind::Binary) made.op = operatorOf(e->op);
      made.left = expr(e->left);
      made.right = expr(e->right);
      made.position = c_.position(e->at);
      return c_.program.make(made);
    case ExprKind::Unary: return unary(e);
    case ExprKind::Cast:
      if (e->left->kind == ExprKind::Null) return expr(e->left);
      made.kind = core::ExprKind::Cast;
      made.left = expr(e->left);
      made.position = c_.position(e->at);
      return c_.program.make(made);
    default: made.value = e->number; break;  // literals and sizeof
  }
  made.position = c_.position(e->range.begin);
  return c_.program.make(made);
}

}  // namespace sema
