// Specifiers and declarators.
#include "compiler/syntax/builder.h"

namespace syntax {

// `struct s { .. } int x;`: two declarations, the first without its `;`.
Specifiers* Builder::endOfBody(Specifiers* to, Range next) {
  if (!to || !to->hasBody || lexer.sameLine(to->range.end, next.begin)) return to;
  missingSemicolon({to->range.end - 1, to->range.end}, "'}'");
  if (lexer.open().empty()) consumer.declaration(*declaration(to, nullptr, to->range), arena_);
  return nullptr;
}

Specifiers* Builder::specifiers(Specifiers* to, uint32_t flag, Range range) {
  to = endOfBody(to, range);
  if (!to) to = arena_.make<Specifiers>(Specifiers{.range = range});
  if (flag == kLong && (to->flags & kLong)) flag = kLongLong;
  if (to->flags & flag) to->flags |= kRepeated;
  to->flags |= flag;
  if (!(flag & kBuiltinMask)) to->flagRange = range;
  else if (to->base == BaseKind::None) to->base = BaseKind::Builtin;
  else if (to->base != BaseKind::Builtin) to->flags |= kRepeated;
  to->range.end = range.end;
  return to;
}

Specifiers* Builder::specifiersAt(Specifiers* to, Expr* address, Range range) {
  if (!to) to = arena_.make<Specifiers>(Specifiers{.range = range});
  to->at = address;
  to->flagRange = range;
  return to;
}

// The base was made as specifiers of its own; what came before is merged into it.
Specifiers* Builder::specifiers(Specifiers* to, Specifiers* base, Range range) {
  to = endOfBody(to, range);
  if (!to) return base;
  base->flags |= to->flags;
  if (to->base != BaseKind::None) base->flags |= kRepeated;
  base->flagRange = to->flagRange;
  base->at = to->at;
  base->range = {to->range.begin, range.end};
  return base;
}

Enumerator* Builder::enumerator(Symbol* symbol, Expr* value, Range range) {
  return arena_.make<Enumerator>(Enumerator{symbol, range, value, nullptr});
}

Specifiers* Builder::enumeration(Specifiers* base, Enumerator* enumerators) {
  base->hasBody = true;
  base->enumerators = enumerators;
  for (const Enumerator* each = enumerators; each; each = each->next) lexer.declare(each->symbol, false);
  return base;
}

Declarator* Builder::declarator(Symbol* symbol, Range range) {
  return arena_.make<Declarator>(Declarator{.symbol = symbol, .symbolRange = range, .range = range});
}

Declarator* Builder::derive(Declarator* inner, Derived derived, Range range) {
  derived.depth = deeper(inner->derived ? inner->derived->depth : 0, derived.range);
  derived.next = inner->derived;
  inner->derived = arena_.make<Derived>(derived);
  if (!inner->innermost) inner->innermost = inner->derived;
  inner->range = range;
  return inner;
}

Declarator* Builder::pointer(Declarator* inner, uint32_t qualifiers, Range star, Range range) {
  return derive(inner, {.kind = DerivedKind::Pointer, .flags = qualifiers, .range = star}, range);
}

Declarator* Builder::array(Declarator* inner, Expr* size, Range brackets, Range range) {
  return derive(inner, {.kind = DerivedKind::Array, .range = brackets, .size = size}, range);
}

Declarator* Builder::functionOf(Declarator* inner, Declaration* parameters, Range parens, Range range) {
  Derived derived{.kind = DerivedKind::Function, .range = parens, .parameters = parameters};
  for (Declaration *at = parameters, *before = nullptr; at; before = at, at = at->next) {
    if (at->specifiers) continue;
    derived.variadic = true;
    (before ? before->next : derived.parameters) = nullptr;
    break;
  }
  return derive(inner, derived, range);
}

// `...` as the last of a parameter list, until functionOf takes it off.
Declaration* Builder::variadic(Range range) { return declaration(nullptr, nullptr, range); }

FunctionDefinition* Builder::functionHead(Specifiers* specifiers, Declarator* declarator) {
  declare(specifiers, declarator);
  if (declarator->isFunction())
    for (const Declaration* parameter = declarator->innermost->parameters; parameter; parameter = parameter->next)
      if (parameter->declarators->symbol) lexer.declareParameter(parameter->declarators->symbol);
  return arena_.make<FunctionDefinition>(FunctionDefinition{specifiers, declarator, nullptr, declarator->range});
}

}  // namespace syntax
