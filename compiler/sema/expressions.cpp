#include "compiler/sema/expressions.h"

#include "compiler/syntax/suggest.h"

namespace sema {

using namespace syntax;

namespace {

Range nameRange(const Expr* e) {
  Loc begin = e->kind == ExprKind::Name ? e->at : e->number;
  return {begin, begin + Loc(e->symbol->text.size())};
}

// The variable that a place is part of, if no pointer lies between; null otherwise.
const Expr* rootVariable(const Expr* e) {
  while (e->kind == ExprKind::Member || e->kind == ExprKind::Index) e = e->left;
  return e->kind == ExprKind::Name ? e : nullptr;
}

std::string named(const Expr* e) { return "'" + std::string(e->symbol->text) + "'"; }

}  // namespace

bool Expressions::isPlace(const Expr* e) {
  switch (e->kind) {
    case ExprKind::Name:
    case ExprKind::Member:
    case ExprKind::Arrow:
    case ExprKind::Index: return true;
    case ExprKind::Unary: return e->op == Op::Deref;
    default: return false;
  }
}

TypeId Expressions::check(Expr* e) {
  TypeId type = checkAny(e);
  if (type < kNullType && c_.type(type).kind == TypeKind::Array) {
    c_.reject(Rule::ArrayValue, e->range);
    type = kErrorType;
  }
  return type;
}

TypeId Expressions::checkAny(Expr* e) {
  switch (e->kind) {
    case ExprKind::Error: return e->type = kErrorType;
    case ExprKind::Integer: return e->type = integer(e, false);
    case ExprKind::Character: return e->type = TypeTable::kChar;
    case ExprKind::Boolean: return e->type = TypeTable::kBool;
    case ExprKind::Null: return e->type = kNullType;
    case ExprKind::Name: return e->type = name(e);
    case ExprKind::Member:
    case ExprKind::Arrow: return e->type = member(e);
    case ExprKind::Index: return e->type = index(e);
    case ExprKind::Unary: return e->type = unary(e);
    case ExprKind::Binary: return e->type = binary(e);
    case ExprKind::Cast: return e->type = cast(e);
    case ExprKind::SizeofType: return e->type = sizeOf(e);
    case ExprKind::Float: return outside(Rule::Float, e);
    case ExprKind::String: return outside(Rule::String, e);
    case ExprKind::Postfix: return outside(Rule::Increment, e);
    case ExprKind::Assign: return outside(e->op == Op::None ? Rule::AssignmentExpression : Rule::CompoundAssignment, e);
    case ExprKind::Conditional: return outside(Rule::Conditional, e);
    case ExprKind::Comma: return outside(Rule::Comma, e);
    case ExprKind::SizeofExpr: return outside(Rule::SizeofExpression, e);
    case ExprKind::Compound: return outside(Rule::CompoundLiteral, e);
    case ExprKind::Call: return outside(Rule::CallExpression, e);
    case ExprKind::New: return outside(Rule::NewExpression, e);
    case ExprKind::Initializers:
    case ExprKind::Argument:
    case ExprKind::Designated: break;
  }
  return e->type = kErrorType;
}

// A feature that is not in C0; its operands are looked at all the same.
TypeId Expressions::outside(Rule rule, Expr* e) {
  bool atOperator = e->kind == ExprKind::Postfix || e->kind == ExprKind::Assign || e->kind == ExprKind::Comma ||
                    e->kind == ExprKind::Conditional;
  Range where = atOperator ? Range{e->at, e->at + 1} : e->range;
  c_.reject(rule, where).ranges.push_back(e->range);
  if (e->kind == ExprKind::Call && e->left->kind == ExprKind::Name) {
    Entity* callee = c_.find(e->left->symbol);
    if (callee && callee->kind == EntityKind::Function) {
      for (Expr* argument = e->list; argument; argument = argument->next) check(argument);
      e->type = callee->type;
      return e->type;
    }
  }
  for (Expr* part : {e->left, e->right, e->third})
    if (part && e->kind != ExprKind::Compound) check(part);
  for (Expr* part = e->list; part && e->kind == ExprKind::Call; part = part->next) check(part);
  return e->type = kErrorType;
}

TypeId Expressions::integer(Expr* e, bool negated) {
  if (e->flags == 0) {
    if (e->number <= 0x7FFFFFFF || (negated && e->number == 0x80000000)) return TypeTable::kInt;
    Diagnostic& error = c_.error(Rule::LiteralRange, e->range, "this number is too large for int");
    if (!negated) error.fixit({e->range.end, e->range.end}, "u");
    return kErrorType;
  }
  if (e->flags & kTooLarge) {
    c_.error(Rule::LiteralRange, e->range, "this number has more than 32 bits");
    return kErrorType;
  }
  if (e->flags & kLongSuffix) c_.reject(Rule::WideInteger, e->range);
  else if (e->flags & kBinary) c_.reject(Rule::Binary, e->range);
  else if (e->flags & kOctal) c_.reject(Rule::Octal, e->range);
  else if (e->flags & kUnsignedSuffix) return TypeTable::kUnsigned;
  else if (e->flags & kHexadecimal) return e->number <= 0x7FFFFFFF ? TypeTable::kInt : TypeTable::kUnsigned;
  else return e->flags = 0, integer(e, negated);
  return kErrorType;
}

TypeId Expressions::name(Expr* e) {
  Entity* entity = c_.find(e->symbol);
  if (!entity) {
    if (!c_.localsLost) undeclared(e, false);
    if (c_.inFunction) c_.addErroneous(e->symbol, nameRange(e));
    return kErrorType;
  }
  switch (entity->kind) {
    case EntityKind::Local:
      e->local = true;
      e->index = entity->index;
      return entity->type;
    case EntityKind::Global:
      if (entity->type != kErrorType) e->index = c_.globalIndex(*entity);
      return entity->type;
    case EntityKind::Function:
      c_.error(Rule::NotAVariable, nameRange(e), named(e) + " is a function; it can only be called")
          .note(entity->where, "declared here");
      return kErrorType;
    case EntityKind::Constant:
    case EntityKind::Typedef:
      c_.error(Rule::NotAVariable, nameRange(e), named(e) + " is a type").note(entity->where, "declared here");
      return kErrorType;
  }
  return kErrorType;
}

void Expressions::undeclared(const Expr* e, bool called) {
  std::string text = std::string("use of the undeclared ") + (called ? "function " : "variable ") + named(e);
  Suggestion suggestion(suggestions_++ < kMostSuggestions ? e->symbol->text : std::string_view());
  Entity* best = nullptr;
  if (suggestions_ <= kMostSuggestions)
    c_.eachVisible([&](Entity& entity) {
      if (entity.kind == EntityKind::Typedef || entity.erroneous || (entity.kind == EntityKind::Function) != called)
        return;
      std::string_view before = suggestion.found();
      suggestion.offer(entity.symbol->text);
      if (suggestion.found() != before) best = &entity;
    });
  if (called)
    for (std::string_view keyword : {"while", "if", "sizeof", "new"}) suggestion.offer(keyword);
  if (best && suggestion.found() != best->symbol->text) best = nullptr;
  if (!best && !suggestion.found().empty()) {
    std::string keyword(suggestion.found());
    c_.error(Rule::Undeclared, nameRange(e), text + "; did you mean '" + keyword + "'?").fixit(nameRange(e), keyword);
    return;
  }
  if (best) {
    c_.error(Rule::Undeclared, nameRange(e), text + "; did you mean '" + std::string(best->symbol->text) + "'?")
        .fixit(nameRange(e), std::string(best->symbol->text))
        .note(best->where, "'" + std::string(best->symbol->text) + "' is declared here");
    return;
  }
  if (called && (e->symbol->text == "assert" || e->symbol->text == "abort")) {
    c_.reject(Rule::Assert, nameRange(e));
    return;
  }
  Diagnostic& error = c_.error(Rule::Undeclared, nameRange(e), text);
  if (called) error.note("declare it first, as in: extern int " + std::string(e->symbol->text) + "(int x);");
}

TypeId Expressions::member(Expr* e) {
  bool arrow = e->kind == ExprKind::Arrow;
  return memberOf(e, arrow ? check(e->left) : checkAny(e->left));
}

TypeId Expressions::memberOf(Expr* e, TypeId left) {
  bool arrow = e->kind == ExprKind::Arrow;
  if (left == kErrorType) return kErrorType;
  Range at{e->at, e->at + (arrow ? 2 : 1)};
  TypeId structure = left;
  bool isPointer = pointerType(left);
  if (isPointer) structure = c_.type(left).element;
  if (structure == kNullType || structure == TypeTable::kVoid || c_.type(structure).kind != TypeKind::Struct) {
    c_.error(Rule::NotAStruct, at, "the left side has type " + c_.quoted(left) + ", which has no fields")
        .ranges.push_back(e->left->range);
    return kErrorType;
  }
  if (isPointer != arrow) {
    c_.error(Rule::NotAStruct, at,
             arrow ? "the left side is a struct, not a pointer; use '.'" : "the left side is a pointer; use '->'")
        .fixit(at, arrow ? "." : "->")
        .ranges.push_back(e->left->range);
    return kErrorType;
  }
  if (!types_.requireComplete(structure, at, "struct")) return kErrorType;
  e->index = c_.findField(structure, e->symbol);
  if (e->index == kNoIndex) return unknownMember(e, structure), kErrorType;
  if (c_.structInfo(structure).damaged) return kErrorType;
  return c_.type(structure).fields[e->index].type;
}

void Expressions::unknownMember(Expr* e, TypeId structure) {
  StructInfo& info = c_.structInfo(structure);
  std::string text = "no field " + named(e) + " in " + c_.quoted(structure);
  Suggestion suggestion(suggestions_++ < kMostSuggestions ? e->symbol->text : std::string_view());
  for (const Symbol* field : info.fields) suggestion.offer(field->text);
  if (suggestion.found().empty()) {
    c_.error(Rule::UndeclaredMember, nameRange(e), text).note(info.where, c_.quoted(structure) + " is declared here");
    return;
  }
  size_t i = 0;
  while (info.fields[i]->text != suggestion.found()) ++i;
  c_.error(Rule::UndeclaredMember, nameRange(e), text + "; did you mean '" + std::string(suggestion.found()) + "'?")
      .fixit(nameRange(e), std::string(suggestion.found()))
      .note(info.places[i], "'" + std::string(suggestion.found()) + "' is declared here");
}

TypeId Expressions::index(Expr* e) {
  TypeId array = checkAny(e->left), index = check(e->right);
  if (array == kErrorType) return kErrorType;
  if (pointerType(array)) {
    c_.reject(Rule::ElementPointer, {e->at, e->at + 1}).ranges.push_back(e->left->range);
    return kErrorType;
  }
  if (array == kNullType || c_.type(array).kind != TypeKind::Array) {
    return notAnArray(e, array);
  }
  if (index != kErrorType && !arithmeticType(index))
    c_.error(Rule::IndexType, e->right->range, "the index has type " + c_.quoted(index) + ", not int or unsigned");
  return c_.type(array).element;
}

TypeId Expressions::unary(Expr* e) {
  switch (e->op) {
    case Op::AddressOf: return addressOf(e);
    case Op::Deref: return deref(e);
    case Op::Increment:
    case Op::Decrement: return outside(Rule::Increment, e);
    case Op::Plus: return outside(Rule::UnaryPlus, e);
    default: break;
  }
  TypeId type = e->op == Op::Negate&& e->left->kind == ExprKind::Integer&& !e->left->parenthesized
                    ? e->left->type = integer(e->left, true)
                    : check(e->left);
  if (type == kErrorType) return type;
  bool fits = e->op == Op::Not ? type == TypeTable::kBool : arithmeticType(type);
  if (fits) return type;
  Diagnostic& error = c_.error(Rule::OperandTypes, operatorRange(e),
                               std::string("the operand of '") + spelling(e->op) + "' has type " + c_.quoted(type) +
                                   (e->op == Op::Not ? ", not bool" : ", not int or unsigned"));
  error.ranges.push_back(e->left->range);
  if (e->op != Op::Not && elementary(type)) castFix(error, e->left, TypeTable::kInt);
  return kErrorType;
}

TypeId Expressions::notAnArray(Expr* e, TypeId type) {
  c_.error(Rule::NotAnArray, {e->at, e->at + 1}, "what is indexed has type " + c_.quoted(type) + ", not an array")
      .ranges.push_back(e->left->range);
  return kErrorType;
}

// The type of e->left, of which & is taken.
TypeId Expressions::addressed(Expr* e, bool (*isPlace)(const Expr*)) {
  if (e->left->kind == ExprKind::Name) {
    Entity* entity = c_.find(e->left->symbol);
    if (entity && entity->kind == EntityKind::Function) {
      c_.reject(Rule::FunctionPointer, e->range);
      return kErrorType;
    }
  }
  TypeId type = checkAny(e->left);
  if (type == kErrorType) return type;
  if (isPlace(e->left) && type != TypeTable::kVoid) return type;
  c_.error(Rule::NotAPlace, operatorRange(e), "only a variable or a part of one has an address")
      .ranges.push_back(e->left->range);
  return kErrorType;
}

TypeId Expressions::addressOf(Expr* e) {
  TypeId type = addressed(e, isPlace);
  if (type == kErrorType) return type;
  if (const Expr* root = rootVariable(e->left); root && root->local && !c_.isCore()) {
    c_.reject(Rule::AddressOfLocal, e->range).note(c_.find(root->symbol)->where, named(root) + " is declared here");
    return kErrorType;
  }
  return c_.pointerTo(type, operatorRange(e));
}

TypeId Expressions::deref(Expr* e) { return target(e, check(e->left)); }

// Where e->left, which has this type, leads to.
TypeId Expressions::target(Expr* e, TypeId type) {
  if (type == kErrorType) return type;
  if (!pointerType(type)) {
    c_.error(Rule::NotAPointer, operatorRange(e), "the operand of '*' has type " + c_.quoted(type) + ", not a pointer")
        .ranges.push_back(e->left->range);
    return kErrorType;
  }
  TypeId target = c_.type(type).element;
  return types_.requireComplete(target, e->range, "variable") ? target : kErrorType;
}

TypeId Expressions::binary(Expr* e) {
  // A chain such as a + b + c is as deep as it is long; its depth is bounded by the parser.
  TypeId left = check(e->left), right = check(e->right);
  if (left == kErrorType || right == kErrorType)
    return e->op >= Op::Equal ? TypeId(TypeTable::kBool) : TypeId(kErrorType);
  if (e->op >= Op::LogicalAnd) {
    if (left == TypeTable::kBool && right == TypeTable::kBool) return TypeTable::kBool;
    Expr* wrong = left == TypeTable::kBool ? e->right : e->left;
    c_.error(Rule::OperandTypes, operatorRange(e),
             std::string("an operand of '") + spelling(e->op) + "' has type " + c_.quoted(wrong->type) + ", not bool")
        .ranges.push_back(wrong->range);
    return TypeTable::kBool;
  }
  return e->op >= Op::Equal ? comparison(e, left, right) : arithmetic(e, left, right);
}

TypeId Expressions::comparison(Expr* e, TypeId left, TypeId right) {
  if (left == kNullType && pointerType(right)) left = e->left->type = right;
  if (right == kNullType && pointerType(left)) right = e->right->type = left;
  if (left == kNullType || right == kNullType) {
    if (left == right) c_.error(Rule::NullType, e->range, "NULL is compared with NULL: neither has a type");
    else differentTypes(e);
    return TypeTable::kBool;
  }
  if (left != right) return differentTypes(e), TypeTable::kBool;
  bool equality = e->op == Op::Equal || e->op == Op::NotEqual;
  if (equality ? c_.type(left).simple() : elementary(left)) return TypeTable::kBool;
  if (c_.isCore() && pointerType(left) && c_.complete(c_.type(left).element)) return TypeTable::kBool;
  c_.error(Rule::OperandTypes, operatorRange(e),
           std::string("values of type ") + c_.quoted(left) + " are not compared with '" + spelling(e->op) + "'")
      .ranges = {e->left->range, e->right->range};
  return TypeTable::kBool;
}

// p + i, p - i, p - q in the core (core.h, Operator).
bool Expressions::elementPointers(const Expr* e, TypeId left, TypeId right, TypeId& result) {
  const bool adds = e->op == Op::Add || e->op == Op::Sub;
  if (!adds || !pointerType(left) || !c_.complete(c_.type(left).element)) return false;
  const bool difference = e->op == Op::Sub && left == right;
  result = difference ? TypeId(TypeTable::kInt) : left;
  return difference || arithmeticType(right);
}

TypeId Expressions::arithmetic(Expr* e, TypeId left, TypeId right) {
  if (TypeId result; c_.isCore() && elementPointers(e, left, right, result)) return result;
  if (pointerType(left) || pointerType(right)) {
    c_.reject(Rule::ElementPointer, operatorRange(e)).ranges = {e->left->range, e->right->range};
    return kErrorType;
  }
  for (Expr* operand : {e->left, e->right}) {
    if (arithmeticType(operand->type)) continue;
    Diagnostic& error = c_.error(Rule::OperandTypes, operatorRange(e),
                                 std::string("an operand of '") + spelling(e->op) + "' has type " +
                                     c_.quoted(operand->type) + ", not int or unsigned");
    error.ranges.push_back(operand->range);
    Expr* other = operand == e->left ? e->right : e->left;
    if (elementary(operand->type)) castFix(error, operand, arithmeticType(other->type) ? other->type : TypeTable::kInt);
    return kErrorType;
  }
  const bool shift = e->op == Op::ShiftLeft || e->op == Op::ShiftRight;
  if (left == right || (shift && c_.isCore())) return left;
  return differentTypes(e), kErrorType;
}

TypeId Expressions::differentTypes(Expr* e) {
  TypeId left = e->left->type, right = e->right->type;
  Diagnostic& error = c_.error(Rule::OperandTypes, operatorRange(e),
                               std::string("the operands of '") + spelling(e->op) + "' have different types, " +
                                   c_.quoted(left) + " and " + c_.quoted(right));
  error.ranges = {e->left->range, e->right->range};
  if (elementary(left) && elementary(right)) castFix(error, e->right, left);
  return kErrorType;
}

TypeId Expressions::cast(Expr* e) {
  TypeId to = types_.typeName(*e->typeName), from = check(e->left);
  if (to == kErrorType || from == kErrorType) return to;
  if (elementary(to) && elementary(from)) return to;
  if (c_.isCore() && from == kNullType && pointerType(to)) return e->left->type = to;
  if (pointerType(to) || pointerType(from) || from == kNullType) {
    c_.reject(Rule::PointerCast, e->range);
    return kErrorType;
  }
  c_.error(Rule::Cast, e->range, "there is no conversion from " + c_.quoted(from) + " to " + c_.quoted(to));
  return kErrorType;
}

TypeId Expressions::sizeOf(Expr* e) {
  TypeId type = types_.typeName(*e->typeName);
  if (!types_.requireComplete(type, e->typeName->range, "type"))
    return type == kErrorType ? type : TypeTable::kUnsigned;
  e->number = c_.type(type).asize;
  return TypeTable::kUnsigned;
}

void Expressions::checkValue(Expr* e, TypeId wanted, const char* what, Range declared) {
  check(e);
  convert(e, wanted, what, declared);
}

void Expressions::convert(Expr* e, TypeId wanted, const char* what, Range declared) {
  TypeId type = e->type;
  if (type == kErrorType || wanted == kErrorType || type == wanted) return;
  if (type == kNullType && pointerType(wanted)) {
    e->type = wanted;
    return;
  }
  Diagnostic& error =
      c_.error(Rule::TypeMismatch, e->range,
               std::string(what) + " has type " + c_.quoted(type) + ", but " + c_.quoted(wanted) + " is needed here");
  if (elementary(type) && elementary(wanted)) castFix(error, e, wanted);
  if (declared.valid()) error.note(declared, "declared here");
}

TypeId Expressions::checkPlace(Expr* e, Range assignment) {
  TypeId type = checkAny(e);
  if (type == kErrorType) return type;
  if (!isPlace(e)) {
    c_.error(Rule::NotAPlace, assignment, "the left side of the assignment is no variable").ranges.push_back(e->range);
    return kErrorType;
  }
  if (c_.type(type).kind == TypeKind::Array) {
    c_.reject(Rule::ArrayValue, e->range);
    return kErrorType;
  }
  const Expr* root = rootVariable(e);
  if (root && !root->local && c_.find(root->symbol)->constant) {
    c_.error(Rule::NotAPlace, assignment, named(root) + " is constant")
        .note(c_.find(root->symbol)->where, "declared here");
    return kErrorType;
  }
  return type;
}

void Expressions::checkCondition(Expr* e) {
  if (e->kind == ExprKind::Assign && e->op == Op::None) {
    c_.reject(Rule::AssignmentExpression, {e->at, e->at + 1})
        .fixit({e->at, e->at + 1}, "==")
        .ranges.push_back(e->range);
    check(e->left), check(e->right);
    return;
  }
  TypeId type = check(e);
  if (type == kErrorType || type == TypeTable::kBool) return;
  Diagnostic& error =
      c_.error(Rule::Condition, e->range, "the condition has type " + c_.quoted(type) + ", but must be bool");
  if (arithmeticType(type)) insertAround(error, e, "", type == TypeTable::kInt ? " != 0" : " != 0u");
  else if (pointerType(type)) insertAround(error, e, "", " != NULL");
}

TypeId Expressions::checkCall(Expr* call) {
  Entity* callee = call->left->kind == ExprKind::Name ? c_.find(call->left->symbol) : nullptr;
  if (!callee || callee->kind != EntityKind::Function) {
    if (call->left->kind == ExprKind::Name && !callee) {
      undeclared(call->left, true);
    } else if (callee) {
      if (!callee->erroneous)
        c_.error(Rule::NotAFunction, nameRange(call->left), named(call->left) + " is no function")
            .note(callee->where, "declared here");
    } else {
      c_.reject(Rule::FunctionPointer, call->left->range);
    }
    for (Expr* argument = call->list; argument; argument = argument->next) check(argument);
    return call->type = kErrorType;
  }
  const Signature& signature = *callee->signature;
  size_t count = 0;
  for (Expr* argument = call->list; argument; argument = argument->next, ++count) {
    TypeId wanted = count < signature.parameters.size() ? signature.parameters[count] : kErrorType;
    checkValue(argument, wanted, "the argument", callee->where);
  }
  if (count != signature.parameters.size()) {
    size_t wanted = signature.parameters.size();
    Range where{call->range.end - 1, call->range.end};
    if (count > wanted) {
      Expr* extra = call->list;
      for (size_t i = 0; i < wanted; ++i) extra = extra->next;
      where = extra->range;
    }
    c_.error(Rule::ArgumentCount, where,
             std::string("too ") + (count > wanted ? "many" : "few") + " arguments: " + named(call->left) + " has " +
                 std::to_string(wanted) + (wanted == 1 ? " parameter" : " parameters") + ", the call gives " +
                 std::to_string(count))
        .note(callee->where, named(call->left) + " is declared here");
  }
  if (callee->type != kErrorType) call->index = c_.functionIndex(*callee);
  return call->type = callee->type;
}

TypeId Expressions::checkNew(Expr* e) {
  if (e->left) {
    if (c_.isCore()) checkValue(e->left, TypeTable::kInt, "the number of elements");
    else c_.reject(Rule::NewArray, e->left->range), check(e->left);
  }
  TypeId type = types_.typeName(*e->typeName);
  if (!types_.requireComplete(type, e->typeName->range, "type")) type = kErrorType;
  return e->type = type;
}

// (type) before the operand, or the suffix u after a number.
void Expressions::castFix(Diagnostic& diagnostic, const Expr* e, TypeId wanted) {
  if (e->kind == ExprKind::Integer && wanted == TypeTable::kUnsigned && !e->parenthesized) {
    diagnostic.fixit({e->range.end, e->range.end}, "u");
    return;
  }
  insertAround(diagnostic, e, "(" + c_.print(wanted) + ")", "");
}

void Expressions::insertAround(Diagnostic& diagnostic, const Expr* e, const std::string& before,
                               const std::string& after) {
  bool wrap = !e->parenthesized && (e->kind == ExprKind::Binary || e->kind == ExprKind::Conditional);
  if (!before.empty() || wrap) diagnostic.fixit({e->range.begin, e->range.begin}, before + (wrap ? "(" : ""));
  if (!after.empty() || wrap) diagnostic.fixit({e->range.end, e->range.end}, (wrap ? ")" : "") + after);
}

}  // namespace sema
