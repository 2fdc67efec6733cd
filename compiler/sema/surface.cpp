// Names, places and the shape of the tree.
#include "compiler/sema/surface.h"

#include <cstring>

#include "compiler/syntax/literals.h"

namespace sema {

using namespace syntax;

Expr* Surface::make(ExprKind kind, TypeId type, const Expr* at) {
  Expr* made = arena_->make<Expr>(Expr{.kind = kind, .range = at->range, .at = at->at ? at->at : at->range.begin});
  made->type = type;
  return made;
}

Expr* Surface::literal(TypeId type, uint32_t bits, const Expr* at) {
  Expr* made = make(ExprKind::Integer, type, at);
  made->number = core::convert(c_.type(type).kind, bits);
  return made;
}

// A copy of the node, which becomes an operand of what the node turns into.
Expr* Surface::wrap(Expr* e) {
  Expr* inner = arena_->make<Expr>(*e);
  inner->next = nullptr;
  Expr* next = e->next;
  *e = Expr{.kind = ExprKind::Cast, .depth = inner->depth, .range = inner->range, .at = inner->range.begin, .left = inner};
  e->next = next;
  e->type = inner->type;
  e->effects = inner->effects;
  return inner;
}

void Surface::become(Expr* e, const Expr& other) {
  Expr* next = e->next;
  *e = Expr(other);
  e->next = next;
}

uint8_t Surface::effectsOf(const Expr* e) const {
  uint8_t effects = 0;
  for (const Expr* part : {e->left, e->right, e->third})
    if (part) effects |= part->effects;
  switch (e->kind) {
    case ExprKind::Call: return kNeedsStatements | kAssignsMemory;
    case ExprKind::New: return effects | kNeedsStatements;
    case ExprKind::Compound: {
      for (const Expr* item = e->list; item; item = item->next) effects |= item->left->effects;
      return effects | kNeedsStatements;
    }
    case ExprKind::Conditional:
    case ExprKind::Comma: return effects | kNeedsStatements;
    case ExprKind::Unary:
      if (e->op != Op::Increment && e->op != Op::Decrement) return effects;
      [[fallthrough]];
    case ExprKind::Postfix:
    case ExprKind::Assign: {
      const Expr* root = e->left;
      while (root->kind == ExprKind::Member || root->kind == ExprKind::Index) root = root->left;
      bool local = root->kind == ExprKind::Name && root->local;
      return effects | kNeedsStatements | (local ? kAssignsLocal : kAssignsMemory);
    }
    default: return effects;
  }
}

TypeId Surface::checkAny(Expr* e) {
  e->type = untyped(e);
  e->effects = effectsOf(e);
  return e->type;
}

TypeId Surface::untyped(Expr* e) {
  switch (e->kind) {
    case ExprKind::Integer: return number(e);
    case ExprKind::Character: return TypeTable::kChar;
    case ExprKind::Boolean: return TypeTable::kBool;
    case ExprKind::Null: return kNullType;
    case ExprKind::Name: return nameX(e);
    case ExprKind::String: return string(e);
    case ExprKind::Member:
    case ExprKind::Arrow: return memberX(e);
    case ExprKind::Index: return indexX(e);
    case ExprKind::Unary: return unaryX(e);
    case ExprKind::Postfix: return increment(e);
    case ExprKind::Binary: return binaryX(e);
    case ExprKind::Assign: return assignment(e);
    case ExprKind::Conditional: return conditional(e);
    case ExprKind::Comma: return comma(e);
    case ExprKind::Cast: return e->typeName ? castX(e) : e->type;
    case ExprKind::SizeofType:
    case ExprKind::SizeofExpr: return sizeOfX(e);
    case ExprKind::Call: return call(e);
    case ExprKind::New: return newX(e);
    case ExprKind::Compound: return compound(e);
    case ExprKind::Float: c_.reject(Rule::Float, e->range); return kErrorType;
    case ExprKind::Initializers:
    case ExprKind::Designated:
      c_.error(Rule::TypeMismatch, e->range, "a list in braces only initialises a variable");
      return kErrorType;
    case ExprKind::Argument:
    case ExprKind::Error: break;
  }
  return kErrorType;
}

TypeId Surface::value(Expr* e) {
  TypeId type = checkAny(e);
  if (type == TypeTable::kVoid) {
    c_.error(Rule::TypeMismatch, e->range, "a void function gives no value");
    return e->type = kErrorType;
  }
  return decay(e);
}

// An array becomes &e[0].
TypeId Surface::decay(Expr* e) {
  if (!isArray(e->type)) return e->type;
  inMemory(e);
  Expr* array = wrap(e);
  TypeId element = c_.type(array->type).element;
  e->kind = ExprKind::Unary;
  e->op = Op::AddressOf;
  e->left = make(ExprKind::Index, element, array);
  e->left->left = array;
  e->left->right = literal(TypeTable::kInt, 0, array);
  e->left->effects = array->effects;
  e->qualifiers = uint16_t(array->qualifiers << 1);
  return e->type = c_.pointerTo(element, e->range);
}

void Surface::discard(Expr* e) {
  TypeId type = checkAny(e);
  if (isArray(type)) become(e, *literal(TypeTable::kInt, 0, e));
  typeNull(e);
}

bool Surface::lvalue(const Expr* e) {
  switch (e->kind) {
    case ExprKind::Name:
    case ExprKind::Arrow:
    case ExprKind::Index:
    case ExprKind::Compound: return true;
    case ExprKind::Member: return lvalue(e->left);
    case ExprKind::Unary: return e->op == Op::Deref;
    default: return false;
  }
}

// The variable that the place is part of lives in memory.
void Surface::inMemory(const Expr* place) {
  while (place->kind == ExprKind::Member || place->kind == ExprKind::Index) place = place->left;
  if ((place->kind == ExprKind::Name && place->local) || place->kind == ExprKind::Compound)
    variables[place->index].addressed = true;
}

bool Surface::place(Expr* e, Range at, const char* what) {
  if (e->type == kErrorType) return false;
  if (!lvalue(e) || e->type == TypeTable::kVoid) {
    c_.error(Rule::NotAPlace, at, std::string("only a variable or a part of one can be ") + what)
        .ranges.push_back(e->range);
    return false;
  }
  if (isArray(e->type)) {
    c_.error(Rule::NotAPlace, at, std::string("an array as a whole cannot be ") + what).ranges.push_back(e->range);
    return false;
  }
  if (e->qualifiers & 1) {
    c_.error(Rule::ConstAssignment, at, std::string("what is declared const cannot be ") + what)
        .ranges.push_back(e->range);
    return false;
  }
  return true;
}

TypeId Surface::number(Expr* e) {
  if (e->flags & kTooLarge) {
    c_.error(Rule::LiteralRange, e->range, "this number has more than 32 bits");
    return kErrorType;
  }
  if (e->flags & kLongSuffix) return c_.reject(Rule::WideInteger, e->range), kErrorType;
  if (e->flags & kBinary) return c_.reject(Rule::Binary, e->range), kErrorType;
  if (e->flags & kUnsignedSuffix) return TypeTable::kUnsigned;
  if (e->number <= 0x7FFFFFFF) return TypeTable::kInt;
  if (e->flags & (kHexadecimal | kOctal)) return TypeTable::kUnsigned;
  c_.error(Rule::LiteralRange, e->range, "this number is too large for int").fixit({e->range.end, e->range.end}, "u");
  return kErrorType;
}

TypeId Surface::nameX(Expr* e) {
  Entity* entity = c_.find(e->symbol);
  if (entity && entity->kind == EntityKind::Constant) {
    become(e, *literal(TypeTable::kInt, entity->index, e));
    return TypeTable::kInt;
  }
  if (entity) e->qualifiers = entity->qualifiers;
  if (!entity || !entity->open) return name(e);
  // Only &a[0] is known of it.
  e->type = name(e);
  return decay(e);
}

// Of an array without a length neither size nor address is known; false after a report.
bool Surface::lengthKnown(const Expr* e) {
  const Entity* entity = e->kind == ExprKind::Name ? c_.find(e->symbol) : nullptr;
  if (!entity || entity->kind != EntityKind::Global || !entity->open) return true;
  c_.error(Rule::IncompleteType, e->range, "the length of the array '" + std::string(e->symbol->text) + "' is not known here")
      .note(entity->where, "declared here");
  return false;
}

// The bytes of adjacent literals.
bool Surface::stringBytes(const Expr* e, std::string& bytes) {
  std::string_view text = c_.text(e->range);
  bool inside = false;
  for (size_t i = 0; i < text.size();) {
    if (text[i] == '"') {
      inside = !inside;
      ++i;
    } else if (inside) {
      std::optional<uint8_t> c = parseEscape(text, i);
      if (!c) {
        c_.error(Rule::ParseCharacter, e->range, "unknown escape sequence");
        return false;
      }
      bytes += char(*c);
    } else if (text.substr(i, 2) == "/*") {
      i = std::min(text.find("*/", i), text.size() - 2) + 2;
    } else if (text[i] == '#' || text.substr(i, 2) == "//") {
      i = std::min(text.find('\n', i), text.size());
    } else {
      ++i;
    }
  }
  return true;
}

uint32_t Surface::stringGlobal(const std::string& bytes, Range where) {
  core::Global global;
  global.name = ".str." + std::to_string(strings_++);
  global.type = c_.types().array(TypeTable::kChar, bytes.size() + 1).value_or(TypeTable::kChar);
  global.position = c_.position(where.begin);
  global.internal = global.constant = true;
  for (char c : bytes) global.initial.push_back(uint32_t(int32_t(int8_t(c))));
  global.initial.push_back(0);
  c_.program.globals.push_back(std::move(global));
  return uint32_t(c_.program.globals.size() - 1);
}

TypeId Surface::string(Expr* e) {
  std::string bytes;
  if (!stringBytes(e, bytes)) return kErrorType;
  e->kind = ExprKind::Name;
  e->at = e->range.begin;
  e->index = stringGlobal(bytes, e->range);
  return c_.program.globals[e->index].type;
}

TypeId Surface::memberX(Expr* e) {
  bool arrow = e->kind == ExprKind::Arrow;
  TypeId left = arrow ? value(e->left) : checkAny(e->left);
  TypeId type = memberOf(e, left);
  if (type == kErrorType) return type;
  TypeId structure = arrow ? c_.type(left).element : left;
  uint16_t outer = arrow ? uint16_t(e->left->qualifiers >> 1) : e->left->qualifiers;
  e->qualifiers = uint16_t(c_.structInfo(structure).qualifiers[e->index] | (outer & 1));
  return type;
}

TypeId Surface::indexX(Expr* e) {
  TypeId left = checkAny(e->left);
  if (elementaryX(left)) {  // i[a]
    std::swap(e->left, e->right);
    e->flags = kSwapped;
    promote(e->right);
    left = checkAny(e->left);
  } else {
    value(e->right);
  }
  if (left == kErrorType || e->right->type == kErrorType) return kErrorType;
  if (!elementaryX(e->right->type)) {
    c_.error(Rule::IndexType, e->right->range, "the index has type " + c_.quoted(e->right->type) + ", not an integer");
    return kErrorType;
  }
  promote(e->right);
  if (isArray(left)) {
    e->qualifiers = e->left->qualifiers;
    return c_.type(left).element;
  }
  if (!pointerType(left)) {
    return notAnArray(e, left);
  }
  // *(left + right)
  TypeId element = c_.type(left).element;
  if (!types_.requireComplete(element, {e->at, e->at + 1}, "element")) return kErrorType;
  Expr* moved = make(ExprKind::Binary, left, e);
  moved->op = Op::Add;
  moved->flags = e->flags;
  moved->left = e->left;
  moved->right = e->right;
  moved->effects = effectsOf(moved);
  e->kind = ExprKind::Unary;
  e->op = Op::Deref;
  e->qualifiers = uint16_t(e->left->qualifiers >> 1);
  e->left = isZero(e->right) ? e->left : moved;
  e->right = nullptr;
  return element;
}

TypeId Surface::address(Expr* e) {
  if (!lengthKnown(e->left)) return kErrorType;
  TypeId type = addressed(e, lvalue);
  if (type == kErrorType) return type;
  inMemory(e->left);
  uint16_t qualifiers = uint16_t(e->left->qualifiers << 1);
  TypeId pointer = c_.pointerTo(type, operatorRange(e));
  Expr* of = e->left;
  if (of->kind == ExprKind::Unary && of->op == Op::Deref) become(e, *of->left);  // &*p, &p[i]
  e->qualifiers = qualifiers;
  return pointer;
}

TypeId Surface::dereference(Expr* e) {
  TypeId to = target(e, value(e->left));
  if (to == kErrorType) return to;
  e->qualifiers = uint16_t(e->left->qualifiers >> 1);
  if (e->left->kind == ExprKind::Unary && e->left->op == Op::AddressOf) {  // *&x
    Expr inner = *e->left->left;
    inner.qualifiers = e->qualifiers;
    become(e, inner);
  }
  return to;
}

TypeId Surface::unaryX(Expr* e) {
  switch (e->op) {
    case Op::AddressOf: return address(e);
    case Op::Deref: return dereference(e);
    case Op::Increment:
    case Op::Decrement: return increment(e);
    case Op::Not:
      condition(e->left);
      if (e->left->type == kErrorType) return TypeTable::kBool;
      if (isLiteral(e->left)) become(e, *literal(TypeTable::kBool, !e->left->number, e));
      return TypeTable::kBool;
    default: break;
  }
  if (e->op == Op::Negate && e->left->kind == ExprKind::Integer && !e->left->parenthesized && e->left->flags == 0 &&
      e->left->number == 0x80000000) {
    become(e, *literal(TypeTable::kInt, 0x80000000, e));
    return TypeTable::kInt;
  }
  if (value(e->left) == kErrorType) return kErrorType;
  if (!elementaryX(e->left->type)) {
    c_.error(Rule::OperandTypes, {e->at, e->at + 1},
             std::string("the operand of '") + (e->op == Op::Plus ? "+" : spelling(e->op)) + "' has type " +
                 c_.quoted(e->left->type) + ", not a number")
        .ranges.push_back(e->left->range);
    return kErrorType;
  }
  promote(e->left);
  TypeId type = e->left->type;
  if (e->op == Op::Plus) e->kind = ExprKind::Cast, e->typeName = nullptr;
  if (!isLiteral(e->left)) return type;
  uint32_t bits = e->left->number;
  become(e, *literal(type, e->op == Op::Negate ? 0u - bits : e->op == Op::Complement ? ~bits : bits, e));
  return type;
}

TypeId Surface::increment(Expr* e) {
  Range sign{e->at, e->at + 2};
  TypeId type = checkAny(e->left);
  if (!place(e->left, sign, "counted up or down")) return kErrorType;
  if (pointerType(type)) {
    if (!movable(e, type)) return kErrorType;
    e->index = type;
    return type;
  }
  if (!elementaryX(type)) {
    c_.error(Rule::OperandTypes, sign, "the operand has type " + c_.quoted(type) + ", not a number or pointer")
        .ranges.push_back(e->left->range);
    return kErrorType;
  }
  e->index = type == TypeTable::kUnsigned ? type : TypeTable::kInt;
  return type;
}

}  // namespace sema
