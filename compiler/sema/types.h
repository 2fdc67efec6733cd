// From specifiers and declarators to types.
#pragma once

#include "compiler/sema/context.h"

namespace sema {

class Expressions;

class Types {
 public:
  Types(Context& context, Expressions& expressions) : c_(context), expressions_(expressions) {}

  // The specifiers' type, declaring the struct they define; void and kErrorType are possible. `anonymous` is the name
  // that a typedef gives to a struct without a tag.
  TypeId base(syntax::Specifiers& specifiers, const Symbol* anonymous = nullptr);
  // The declarator applied to it; of a function's declarator its result type.
  TypeId apply(TypeId base, syntax::Declarator& declarator) { return apply(base, declarator, 0, nullptr); }
  // The same with qualifiers, which go into the declarator; not beyond `end` (null: all of it).
  TypeId apply(TypeId base, syntax::Declarator& declarator, uint16_t qualifiers, const syntax::Derived* end);
  TypeId typeName(syntax::TypeName& name);

  // Reports what of `flags` and __at is not allowed for this standard; `allowed` are the storage classes that may be
  // there. `placeable`: __at may be (in C0A).
  void checkSpecifiers(const syntax::Specifiers& specifiers, uint32_t allowed, bool placeable = false);
  // Reports void and incomplete types.
  bool requireComplete(TypeId type, Range where, const char* what);

 private:
  TypeId builtin(const syntax::Specifiers& specifiers);
  TypeId enumeration(const syntax::Specifiers& specifiers);
  TypeId structure(syntax::Specifiers& specifiers, const Symbol* anonymous);
  void fields(TypeId id, syntax::Specifiers& specifiers);
  TypeId field(TypeId base, syntax::Declarator& declarator);
  TypeId array(TypeId element, syntax::Derived& derived);

  Context& c_;
  Expressions& expressions_;
};

}  // namespace sema
