#include "compiler/sema/types.h"

#include "compiler/sema/expressions.h"

namespace sema {

using namespace syntax;

TypeId Types::base(Specifiers& specifiers, const Symbol* anonymous) {
  if (specifiers.flags & kRepeated) {
    c_.error(Rule::TypeSpecifier, specifiers.range, "a declaration names one type and each specifier once");
    return kErrorType;
  }
  specifiers.qualifiers = specifiers.flags & kConst ? 1 : 0;
  switch (specifiers.base) {
    case BaseKind::Builtin: return builtin(specifiers);
    case BaseKind::Typedef: {
      Entity* entity = c_.find(specifiers.symbol);
      if (entity) specifiers.qualifiers |= entity->qualifiers;
      return entity && entity->kind == EntityKind::Typedef ? entity->type : kErrorType;
    }
    case BaseKind::Struct: return structure(specifiers, anonymous);
    case BaseKind::Union: c_.reject(Rule::Union, specifiers.range); return kErrorType;
    case BaseKind::Enum: return enumeration(specifiers);
    case BaseKind::None: break;
  }
  c_.error(Rule::TypeSpecifier, specifiers.range, "a declaration names a type");
  return kErrorType;
}

// An enumeration's type is int (shared/spec/c0.md).
TypeId Types::enumeration(const Specifiers& specifiers) {
  if (!c_.isSurface()) {
    c_.reject(Rule::Enum, specifiers.range);
    return kErrorType;
  }
  uint32_t next = 0;
  for (const Enumerator* each = specifiers.enumerators; each; each = each->next) {
    if (each->value)
      if (std::optional<Constant> value = expressions_.constant(each->value)) next = value->bits;
    Entity entity;
    entity.kind = EntityKind::Constant;
    entity.defined = true;
    entity.type = TypeTable::kInt;
    entity.symbol = each->symbol;
    entity.where = each->range;
    entity.index = next++;
    Entity* earlier = c_.find(entity.symbol);
    if (earlier && earlier->scope == c_.scope() && !earlier->erroneous)
      c_.error(Rule::Redefinition, entity.where, "redefinition of '" + std::string(entity.symbol->text) + "'")
          .note(earlier->where, "previous definition is here");
    else c_.add(entity, c_.scope() > 0);
  }
  return TypeTable::kInt;
}

TypeId Types::builtin(const Specifiers& specifiers) {
  uint32_t flags = specifiers.flags & kBuiltinMask;
  switch (flags) {
    case kVoid: return TypeTable::kVoid;
    case kBool: return TypeTable::kBool;
    case kChar: return TypeTable::kChar;
    case kInt: return TypeTable::kInt;
    case kUnsigned:
    case kUnsigned | kInt: return TypeTable::kUnsigned;
    default: break;
  }
  if (c_.isSurface() || c_.isCore()) {
    if (flags == (kUnsigned | kChar)) return TypeTable::kUChar;
    if (flags == kShort || flags == (kShort | kInt)) return TypeTable::kShort;
    if (flags == (kShort | kUnsigned) || flags == (kShort | kUnsigned | kInt)) return TypeTable::kUShort;
  }
  Range where = specifiers.range;
  if (flags & (kFloat | kDouble)) {
    c_.reject(Rule::Float, where);
  } else if (flags & (kLong | kLongLong)) {
    c_.reject(Rule::WideInteger, where);
  } else if (flags & kSigned) {
    c_.reject(Rule::StorageClass, where);
  } else if ((flags & kShort && !(flags & ~(kShort | kInt | kUnsigned))) || flags == (kUnsigned | kChar)) {
    c_.reject(Rule::StorageType, where);
  } else {
    c_.error(Rule::TypeSpecifier, where, "these specifiers name no type together");
  }
  return kErrorType;
}

// A struct's tag is known from here on, so that its fields can point to it.
TypeId Types::structure(Specifiers& specifiers, const Symbol* anonymous) {
  TypeId id = specifiers.symbol ? c_.tag(specifiers.symbol) : kErrorType;
  bool known = id != kErrorType && !(c_.scope() > 0 && specifiers.hasBody && c_.complete(id));
  if (known && specifiers.hasBody && (c_.complete(id) || !c_.structInfo(id).fields.empty())) {
    c_.error(Rule::Redefinition, specifiers.symbolRange, "redefinition of " + c_.quoted(id))
        .note(c_.structInfo(id).where, "previous definition is here");
    return id;
  }
  if (!known && !specifiers.hasBody && !c_.mayDeclareTags) {
    c_.error(
          Rule::Undeclared, specifiers.symbolRange,
          "'struct " + std::string(specifiers.symbol->text) + "' is not declared; in C this would be a type of its own")
        .note("declare it at file scope first: struct " + std::string(specifiers.symbol->text) + ";");
    return kErrorType;
  }
  if (!known) {
    std::string tag = specifiers.symbol ? std::string(specifiers.symbol->text)
                                        : "__" + std::string(anonymous ? anonymous->text : "anonymous");
    id = c_.types().declareStruct(std::move(tag));
    c_.structInfo(id).where = specifiers.symbolRange;
    if (specifiers.symbol) c_.setTag(specifiers.symbol, id);
  }
  if (specifiers.hasBody) {
    c_.structInfo(id).where = specifiers.symbolRange;
    fields(id, specifiers);
  }
  return id;
}

void Types::fields(TypeId id, Specifiers& specifiers) {
  std::vector<std::pair<std::string, TypeId>> laidOut;
  bool damaged = false;
  for (Declaration* each = specifiers.fields; each; each = each->next) {
    checkSpecifiers(*each->specifiers, 0);
    TypeId type = base(*each->specifiers);
    for (Declarator* declarator = each->declarators; declarator; declarator = declarator->next)
      declarator->qualifiers = each->specifiers->qualifiers;
    if (!each->declarators && !each->damaged) c_.error(Rule::EmptyDeclaration, each->range, "this declares no field");
    for (Declarator* declarator = each->declarators; declarator; declarator = declarator->next) {
      TypeId fieldType = field(type, *declarator);
      if (!declarator->symbol) continue;
      if (uint32_t earlier = c_.findField(id, declarator->symbol); earlier != kNoIndex) {
        c_.error(Rule::Redefinition, declarator->symbolRange,
                 "redefinition of field '" + std::string(declarator->symbol->text) + "'")
            .note(c_.structInfo(id).places[earlier], "previous definition is here");
        continue;
      }
      // A field in error keeps its place, so that later uses of it are quiet.
      damaged |= fieldType == kErrorType;
      laidOut.emplace_back(declarator->symbol->text, fieldType == kErrorType ? TypeTable::kInt : fieldType);
      c_.structInfo(id).fields.push_back(declarator->symbol);
      c_.structInfo(id).places.push_back(declarator->symbolRange);
      c_.structInfo(id).qualifiers.push_back(declarator->qualifiers);
    }
  }
  c_.structInfo(id).damaged = damaged;
  if (laidOut.empty()) {
    c_.structInfo(id).damaged = true;
    c_.error(Rule::EmptyStruct, specifiers.symbolRange, "a struct has at least one field");
    return;
  }
  if (!c_.nestStruct(id, laidOut)) {
    c_.error(Rule::NestingLimit, specifiers.symbolRange, "structs are nested too deeply");
  } else if (!c_.types().completeStruct(id, std::move(laidOut))) {
    c_.error(Rule::TooLarge, specifiers.symbolRange, "a struct has at most 2147483647 bytes");
  }
}

TypeId Types::field(TypeId base, Declarator& declarator) {
  if (declarator.width) {
    c_.reject(Rule::BitField, declarator.symbolRange);
    return kErrorType;
  }
  TypeId type = apply(base, declarator, declarator.qualifiers, nullptr);
  if (declarator.isFunction() && type != kErrorType) {
    c_.reject(Rule::FunctionPointer, declarator.range);
    return kErrorType;
  }
  return requireComplete(type, declarator.symbolRange, "field") ? type : kErrorType;
}

TypeId Types::apply(TypeId base, Declarator& declarator, uint16_t qualifiers, const Derived* end) {
  TypeId type = base;
  declarator.qualifiers = qualifiers;
  for (Derived* derived = declarator.derived; derived != end; derived = derived->next) {
    if (derived->kind == DerivedKind::Function) {
      if (derived == declarator.innermost) return type;
      c_.reject(Rule::FunctionPointer, declarator.range);
      return kErrorType;
    }
    if (derived->flags & kVolatile) c_.reject(Rule::Volatile, derived->range);
    else if (derived->flags & kConst && !c_.isSurface()) c_.reject(Rule::Const, derived->range);
    else if (derived->flags & ~kConst) c_.reject(Rule::StorageClass, derived->range);
    if (derived->kind == DerivedKind::Array) {
      TypeId array = this->array(type, *derived);
      type = array;
      continue;
    }
    if (type == kErrorType) continue;
    if (type == TypeTable::kVoid) {
      c_.reject(Rule::VoidPointer, derived->range);
      type = kErrorType;
      continue;
    }
    type = c_.pointerTo(type, derived->range);
    declarator.qualifiers = uint16_t(declarator.qualifiers << 1 | (derived->flags & kConst ? 1 : 0));
  }
  return type;
}

TypeId Types::array(TypeId element, Derived& derived) {
  if (!derived.size) {
    if (element != kErrorType) c_.error(Rule::ArraySize, derived.range, "the number of elements is missing");
    return kErrorType;
  }
  std::optional<Constant> count = expressions_.constant(derived.size);
  if (!count || element == kErrorType) return kErrorType;
  if (!requireComplete(element, derived.range, "element")) return kErrorType;
  if (count->type == TypeTable::kInt && int32_t(count->bits) <= 0) {
    c_.error(Rule::ArraySize, derived.size->range, "an array has at least one element");
    return kErrorType;
  }
  return c_.arrayOf(element, count->bits, derived.size->range);
}

TypeId Types::typeName(TypeName& name) {
  checkSpecifiers(*name.specifiers, 0);
  TypeId base = this->base(*name.specifiers);
  TypeId type = apply(base, *name.declarator, name.specifiers->qualifiers, nullptr);
  if (name.declarator->isFunction() && type != kErrorType) {
    c_.reject(Rule::FunctionPointer, name.range);
    return kErrorType;
  }
  return type;
}

void Types::checkSpecifiers(const Specifiers& specifiers, uint32_t allowed, bool placeable) {
  if (c_.isSurface()) allowed |= kConst;
  uint32_t flags = specifiers.flags & ~allowed & ~(kBuiltinMask | kRepeated);
  if (specifiers.at && !c_.options.assembly) c_.reject(Rule::At, specifiers.at->range);
  else if (specifiers.at && !placeable)
    c_.error(Rule::AtPlace, specifiers.at->range, "'__at' places global variables only");
  if (flags == 0) return;
  Range where = specifiers.flagRange;
  if (flags & kVolatile) c_.reject(Rule::Volatile, where);
  else if (flags & kConst) c_.reject(Rule::Const, where);
  else if (flags & kStatic) c_.reject(Rule::Static, where);
  else if (flags & (kAuto | kRegister | kInline | kRestrict)) c_.reject(Rule::StorageClass, where);
  else c_.error(Rule::TypeSpecifier, where, "this storage class cannot stand here");
}

bool Types::requireComplete(TypeId type, Range where, const char* what) {
  if (type == kErrorType) return false;
  if (type == TypeTable::kVoid) {
    c_.error(Rule::IncompleteType, where, std::string("a ") + what + " cannot have type 'void'");
    return false;
  }
  if (c_.complete(type)) return true;
  StructInfo& info = c_.structInfo(type);
  if (info.damaged) return false;
  Diagnostic& error = c_.error(Rule::IncompleteType, where,
                               std::string("this ") + what + " has the incomplete type " + c_.quoted(type));
  if (info.where.valid()) error.note(info.where, c_.quoted(type) + " is declared here, and not complete at this point");
  return false;
}

}  // namespace sema
