// Conversions and operators of C0X.
#include "compiler/sema/surface.h"

namespace sema {

using namespace syntax;

// ---- conversions ----

void Surface::convertTo(Expr* e, TypeId type) {
  if (e->type == type || e->type == kErrorType || type == kErrorType) return;
  if (isLiteral(e)) return become(e, *literal(type, e->number, e));
  wrap(e);
  e->type = type;
}

bool Surface::promote(Expr* e) {
  if (arithmeticType(e->type)) return true;
  if (!elementaryX(e->type)) return false;
  convertTo(e, TypeTable::kInt);
  return true;
}

// A null pointer constant takes the type; behind a comma or ?: as well, whose side effects stay.
void Surface::nullTo(Expr* e, TypeId type) {
  if (e->kind == ExprKind::Comma || e->kind == ExprKind::Conditional) {
    nullTo(e->right, type);
    if (e->third) nullTo(e->third, type);
    e->type = type;
  } else {
    become(e, *make(ExprKind::Null, type, e));
  }
}

// The same where nothing gives it a type.
bool Surface::typeNull(Expr* e) {
  if (e->type != kNullType) return false;
  nullTo(e, c_.pointerTo(TypeTable::kChar, e->range));
  return true;
}

// Becomes a comparison with zero of its own type.
void Surface::testZero(Expr* e) {
  if (isLiteral(e)) return become(e, *literal(TypeTable::kBool, e->number, e));
  Expr* operand = wrap(e);
  e->kind = ExprKind::Binary;
  e->op = Op::NotEqual;
  e->right = pointerType(operand->type) ? make(ExprKind::Null, operand->type, operand)
                                        : literal(operand->type, 0, operand);
  e->type = TypeTable::kBool;
}

void Surface::condition(Expr* e) {
  TypeId type = value(e);
  if (type == kErrorType || type == TypeTable::kBool) return;
  if (e->kind == ExprKind::Null) return become(e, *literal(TypeTable::kBool, 0, e));
  if (typeNull(e)) return testZero(e);
  if (elementaryX(type) || pointerType(type)) return testZero(e);
  c_.error(Rule::Condition, e->range, "the condition has type " + c_.quoted(type) + ", which is neither a number nor a pointer");
  e->type = kErrorType;
}

void Surface::assigned(Expr* e, TypeId wanted, uint16_t qualifiers, const char* what, Range declared) {
  TypeId type = e->type;
  if (type == kErrorType || wanted == kErrorType) return;
  if (elementaryX(wanted)) {
    if (elementaryX(type)) return convertTo(e, wanted);
    if (wanted == TypeTable::kBool && (typeNull(e) || pointerType(type))) return testZero(e);
  } else if (pointerType(wanted)) {
    if (type == kNullType || isZero(e)) return nullTo(e, wanted);
    if (type == wanted && (e->qualifiers & ~qualifiers & 2)) {
      Diagnostic& error = c_.error(Rule::ConstAssignment, e->range, std::string(what) + " points to what is const; the pointer that takes it must be a pointer to const");
      if (declared.valid()) error.note(declared, "declared here");
      return;
    }
  }
  if (type != wanted) convert(e, wanted, what, declared);
}

// Whether the literal is a value of the narrower type, which it then has.
bool Surface::narrowLiteral(Expr* e, TypeId type) {
  if (!isLiteral(e) || e->type == TypeTable::kUnsigned || type == TypeTable::kBool) return false;
  if (core::convert(c_.type(type).kind, e->number) != e->number) return false;
  become(e, *literal(type, e->number, e));
  return true;
}

TypeId Surface::common(Expr* left, Expr* right) {
  return left->type == TypeTable::kUnsigned || right->type == TypeTable::kUnsigned ? TypeTable::kUnsigned
                                                                                  : TypeTable::kInt;
}

// The usual arithmetic conversions; false after a report.
bool Surface::usual(Expr* e, Expr* left, Expr* right) {
  for (Expr* operand : {left, right}) {
    if (operand->type == kErrorType) return false;
    if (elementaryX(operand->type)) continue;
    const char* sign = e->kind == ExprKind::Conditional ? "?:" : spelling(e->op);
    c_.error(Rule::OperandTypes, {e->at, e->at + Loc(e->kind == ExprKind::Conditional ? 1 : std::string_view(sign).size())},
             std::string("an operand of '") + sign + "' has type " + c_.quoted(operand->type) + ", not a number")
        .ranges.push_back(operand->range);
    return false;
  }
  TypeId type = common(left, right);
  convertTo(left, type);
  convertTo(right, type);
  return true;
}

void Surface::fold(Expr* e) {
  if (!isLiteral(e->left) || !isLiteral(e->right)) return;
  uint32_t a = e->left->number, b = e->right->number;
  TypeId type = e->left->type;
  if (e->op >= Op::LogicalAnd) return become(e, *literal(TypeTable::kBool, e->op == Op::LogicalAnd ? a & b : a | b, e));
  if (e->op >= Op::Equal) {
    bool isUnsigned = type == TypeTable::kUnsigned;
    bool less = isUnsigned ? a < b : int32_t(a) < int32_t(b);
    bool result = e->op == Op::Equal       ? a == b
                  : e->op == Op::NotEqual  ? a != b
                  : e->op == Op::Less      ? less
                  : e->op == Op::LessEqual ? less || a == b
                  : e->op == Op::Greater   ? !less && a != b
                                           : !less;
    return become(e, *literal(TypeTable::kBool, result, e));
  }
  std::optional<uint32_t> bits = computeConstant(e->op, type == TypeTable::kInt, a, b);
  if (bits) become(e, *literal(type, *bits, e));
}

// ---- binary operators ----

TypeId Surface::binaryX(Expr* e) {
  if (e->op >= Op::LogicalAnd) return logical(e);
  value(e->left), value(e->right);
  TypeId left = e->left->type, right = e->right->type;
  if (e->op >= Op::Equal) return compare(e);
  if (left == kErrorType || right == kErrorType) return kErrorType;
  if ((e->op == Op::Add || e->op == Op::Sub) && (pointerType(left) || pointerType(right))) return pointerArithmetic(e);
  return arithmeticX(e);
}

TypeId Surface::arithmeticX(Expr* e) {
  if (e->op == Op::ShiftLeft || e->op == Op::ShiftRight) {
    TypeId right = e->right->type;
    if (elementaryX(e->left->type) && elementaryX(right)) {
      promote(e->left), promote(e->right);
      TypeId type = e->left->type;
      fold(e);
      return type;
    }
  }
  if (!usual(e, e->left, e->right)) return kErrorType;
  TypeId type = e->left->type;
  fold(e);
  return type;
}

bool Surface::movable(Expr* e, TypeId pointer) {
  return types_.requireComplete(c_.type(pointer).element, {e->at, e->at + 1}, "element");
}

TypeId Surface::mismatch(Expr* e, const char* text) {
  Diagnostic& error = c_.error(Rule::OperandTypes, operatorRange(e), std::string("'") + spelling(e->op) + "' " + text + ": " +
                                                                         c_.quoted(e->left->type) + " and " + c_.quoted(e->right->type));
  error.ranges = {e->left->range, e->right->range};
  return kErrorType;
}

TypeId Surface::pointerArithmetic(Expr* e) {
  TypeId left = e->left->type, right = e->right->type;
  if (pointerType(left) && pointerType(right)) {
    if (e->op == Op::Add || left != right) return mismatch(e, "has operands of these types");
    return movable(e, left) ? TypeId(TypeTable::kInt) : kErrorType;
  }
  if (pointerType(right)) {
    if (e->op == Op::Sub) return mismatch(e, "subtracts a pointer from a number");
    std::swap(e->left, e->right);
    std::swap(left, right);
    e->flags = kSwapped;
  }
  if (!elementaryX(right)) return mismatch(e, "moves a pointer by a number");
  promote(e->right);
  e->qualifiers = e->left->qualifiers;
  return movable(e, left) ? left : kErrorType;
}

TypeId Surface::compare(Expr* e) {
  Expr *left = e->left, *right = e->right;
  if (left->type == kErrorType || right->type == kErrorType) return TypeTable::kBool;
  if (elementaryX(left->type) && elementaryX(right->type)) {
    bool done = left->type == right->type || narrowLiteral(right, left->type) || narrowLiteral(left, right->type);
    if (!done) usual(e, left, right);
    fold(e);
    return TypeTable::kBool;
  }
  bool equality = e->op == Op::Equal || e->op == Op::NotEqual;
  auto null = [&](Expr* each) { return each->type == kNullType || isZero(each); };
  if (equality && null(left) && null(right)) {
    if (!left->effects && !right->effects) {
      become(e, *literal(TypeTable::kBool, e->op == Op::Equal, e));
      return TypeTable::kBool;
    }
    typeNull(left->type == kNullType ? left : right);
  }
  if (equality && null(right) && pointerType(left->type)) nullTo(right, left->type);
  else if (equality && null(left) && pointerType(right->type)) nullTo(left, right->type);
  if (left->type != right->type || !pointerType(left->type)) mismatch(e, "does not compare these types");
  else if (!equality) movable(e, left->type);
  return TypeTable::kBool;
}

TypeId Surface::logical(Expr* e) {
  condition(e->left), condition(e->right);
  if (isLiteral(e->left) && isLiteral(e->right)) fold(e);
  return TypeTable::kBool;
}

// ---- assignment, ?: and comma ----

TypeId Surface::assignment(Expr* e) {
  Range sign{e->at, e->at + Loc(e->op == Op::None ? 1 : std::string_view(spelling(e->op)).size() + 1)};
  TypeId left = checkAny(e->left), right = value(e->right);
  if (!place(e->left, sign, "assigned to")) return kErrorType;
  e->index = left;
  uint16_t qualifiers = e->left->qualifiers;
  if (e->op == Op::None) {
    assigned(e->right, left, qualifiers, "the right side");
  } else if (right == kErrorType) {
    return left;
  } else if (pointerType(left)) {
    if ((e->op != Op::Add && e->op != Op::Sub) || !elementaryX(right)) return mismatch(e, "does not combine these types");
    promote(e->right);
    movable(e, left);
  } else {
    if (!elementaryX(left) || !elementaryX(right)) return mismatch(e, "does not combine these types");
    if (e->op == Op::ShiftLeft || e->op == Op::ShiftRight) {
      promote(e->right);
      e->index = left == TypeTable::kUnsigned ? left : TypeTable::kInt;
    } else {
      e->index = common(e->left, e->right);
      convertTo(e->right, e->index);
    }
  }
  e->qualifiers = qualifiers & uint16_t(~1);
  return left;
}

TypeId Surface::conditional(Expr* e) {
  condition(e->left);
  for (Expr* arm : {e->right, e->third}) checkAny(arm), decay(arm);
  TypeId yes = e->right->type, no = e->third->type;
  if (yes == kErrorType || no == kErrorType) return kErrorType;
  e->qualifiers = (e->right->qualifiers | e->third->qualifiers) & uint16_t(~1);
  if (elementaryX(yes) && elementaryX(no)) {
    if (yes != no) usual(e, e->right, e->third);
    else if (!arithmeticType(yes) && yes != TypeTable::kBool && yes != TypeTable::kChar) usual(e, e->right, e->third);
    TypeId type = e->right->type;
    Expr* chosen = isLiteral(e->left) ? (e->left->number ? e->right : e->third) : nullptr;
    if (chosen && isLiteral(chosen)) become(e, *literal(type, chosen->number, e));
    return type;
  }
  if (pointerType(yes)) assigned(e->third, yes, 0xFFFF, "the other value");
  else if (pointerType(no)) assigned(e->right, no, 0xFFFF, "the other value");
  if (e->right->type == e->third->type) return e->right->type;
  if (yes != kErrorType && no != kErrorType && !pointerType(yes) && !pointerType(no))
    c_.error(Rule::OperandTypes, {e->at, e->at + 1}, "the values of '?:' have different types: " + c_.quoted(yes) + " and " + c_.quoted(no))
        .ranges = {e->right->range, e->third->range};
  return kErrorType;
}

TypeId Surface::comma(Expr* e) {
  discard(e->left);
  checkAny(e->right);
  decay(e->right);
  e->qualifiers = e->right->qualifiers & uint16_t(~1);
  return e->right->type;
}

// ---- casts, sizeof, new ----

TypeId Surface::castX(Expr* e) {
  TypeId to = types_.typeName(*e->typeName);
  uint16_t qualifiers = e->typeName->declarator->qualifiers;
  e->typeName = nullptr;
  if (to == TypeTable::kVoid) {
    discard(e->left);
    return to;
  }
  TypeId from = value(e->left);
  if (to == kErrorType || from == kErrorType) return to;
  if (to == TypeTable::kBool && (typeNull(e->left) || pointerType(from))) {
    testZero(e->left);
    from = TypeTable::kBool;
  }
  if (elementaryX(to) && elementaryX(from)) {
    if (isLiteral(e->left)) become(e, *literal(to, e->left->number, e));
    return to;
  }
  e->qualifiers = qualifiers;
  bool null = from == kNullType || isZero(e->left);
  if (pointerType(to) && null) {
    nullTo(e->left, to);
    become(e, *e->left);
    return to;
  }
  if (to == from && c_.type(to).kind != TypeKind::Array) return to;
  if (pointerType(to) || pointerType(from) || from == kNullType) return c_.reject(Rule::PointerCast, e->range), kErrorType;
  c_.error(Rule::Cast, e->range, "there is no conversion from " + c_.quoted(from) + " to " + c_.quoted(to));
  return kErrorType;
}

TypeId Surface::sizeOfX(Expr* e) {
  if (e->kind == ExprKind::SizeofType) {
    TypeId type = sizeOf(e);
    if (type != kErrorType) become(e, *literal(TypeTable::kUnsigned, e->number, e));
    return type;
  }
  uint32_t size = 4;  // of int: character literals, comparisons
  const Expr* of = e->left;
  bool isInt = of->kind == ExprKind::Character || (of->kind == ExprKind::Binary && of->op >= Op::Equal) || (of->kind == ExprKind::Unary && of->op == Op::Not);
  std::string bytes;
  if (of->kind == ExprKind::String) {
    if (!stringBytes(of, bytes)) return kErrorType;
    size = uint32_t(bytes.size() + 1);
  } else {
    if (!lengthKnown(of)) return kErrorType;
    TypeId type = checkAny(e->left);
    if (type == kErrorType) return type;
    if (type == TypeTable::kVoid) return types_.requireComplete(type, e->left->range, "value"), kErrorType;
    if (!isInt && type != kNullType) size = c_.type(type).asize;
  }
  become(e, *literal(TypeTable::kUnsigned, size, e));
  return TypeTable::kUnsigned;
}

TypeId Surface::newX(Expr* e) {
  TypeId type = types_.typeName(*e->typeName);
  if (e->left) {
    value(e->left);
    if (e->left->type != kErrorType && !elementaryX(e->left->type))
      c_.error(Rule::IndexType, e->left->range, "the number of elements has type " + c_.quoted(e->left->type) + ", not an integer");
    else convertTo(e->left, TypeTable::kInt);
  }
  if (!types_.requireComplete(type, e->typeName->range, "type")) return kErrorType;
  e->index = type;
  return c_.pointerTo(type, e->range);
}

std::optional<Constant> Surface::constant(Expr* e) {
  if (value(e) == kErrorType) return std::nullopt;
  if (isLiteral(e)) {
    promote(e);
    return Constant{e->type, e->number};
  }
  c_.error(Rule::ConstantExpression, e->range, "this is not a constant: it is not computed from numbers alone");
  return std::nullopt;
}

}  // namespace sema
