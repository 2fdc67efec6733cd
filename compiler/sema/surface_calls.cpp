// Calls, and what the language knows by name: assert, abort, printf.
#include "compiler/sema/surface.h"

namespace sema {

using namespace syntax;

// Arguments of a call or of a printf's own parameters, converted; reports their number.
TypeId Surface::arguments(Expr* e, const Entity& callee) {
  const Signature& signature = *callee.signature;
  std::string name = "'" + std::string(e->left->symbol->text) + "'";
  size_t count = 0, wanted = signature.parameters.size();
  Expr* extra = nullptr;
  for (Expr* argument = e->list; argument; argument = argument->next, ++count) {
    value(argument);
    if (count < wanted) {
      assigned(argument, signature.parameters[count], signature.qualifiers[count], "the argument", callee.where);
      argument->effects |= effectsOf(argument);
    } else if (!extra) {
      extra = argument;
    }
  }
  if (count < wanted || (extra && !signature.variadic)) {
    c_.error(Rule::ArgumentCount, extra ? extra->range : Range{e->range.end - 1, e->range.end},
             std::string("too ") + (extra ? "many" : "few") + " arguments: " + name + " has " + std::to_string(wanted) +
                 (wanted == 1 ? " parameter" : " parameters") + ", the call gives " + std::to_string(count))
        .note(callee.where, name + " is declared here");
    return kErrorType;
  }
  return callee.type;
}

TypeId Surface::call(Expr* e) {
  Expr* callee = e->left;
  if (callee->kind == ExprKind::Name && !c_.find(callee->symbol) &&
      (callee->symbol->text == "assert" || callee->symbol->text == "abort"))
    return builtin(e);
  Entity* entity = callee->kind == ExprKind::Name ? c_.find(callee->symbol) : nullptr;
  if (!entity || entity->kind != EntityKind::Function) {
    for (Expr* argument = e->list; argument; argument = argument->next) checkAny(argument);
    Expr* list = e->list;
    e->list = nullptr;  // has been checked
    TypeId type = checkCall(e);
    e->list = list;
    return type;
  }
  callee->effects = 0;
  std::string_view name = entity->symbol->text;
  if (!entity->defined && entity->type == TypeTable::kVoid && (name == "assert" || name == "abort")) return builtin(e);
  TypeId type = arguments(e, *entity);
  if (type == kErrorType) return type;
  e->qualifiers = entity->signature->resultQualifiers & uint16_t(~1);
  if (entity->signature->variadic) return printf(e, *entity);
  e->index = c_.functionIndex(*entity);
  return type;
}

TypeId Surface::builtin(Expr* e) {
  bool asserts = e->left->symbol->text == "assert";
  e->index = kNoIndex;
  size_t count = 0;
  for (Expr* argument = e->list; argument; argument = argument->next, ++count) {
    if (asserts && count == 0) condition(argument);
    else value(argument);
  }
  if (count != (asserts ? 1 : 0))
    c_.error(Rule::ArgumentCount, e->range, asserts ? "'assert' has one argument, the condition" : "'abort' has no arguments");
  return TypeTable::kVoid;
}

// One call of a routine of <c0/print.h>.
void Surface::piece(Expr* e, Expr*& pieces, const char* routine, std::vector<Expr*> arguments) {
  Entity* callee = c_.find(c_.symbols.intern(routine));
  if (!callee || callee->kind != EntityKind::Function || callee->signature->parameters.size() != arguments.size()) {
    c_.error(Rule::Format, e->range, std::string("'printf' needs the declaration of '") + routine + "': include <stdio.h>");
    return;
  }
  Expr* made = make(ExprKind::Call, callee->type, e);
  made->index = c_.functionIndex(*callee);
  for (size_t i = arguments.size(); i-- > 0;) {
    arguments[i]->next = made->list;
    made->list = arguments[i];
  }
  if (!pieces) {
    made->next = made;
  } else {
    made->next = pieces->next;
    pieces->next = made;
  }
  pieces = made;  // the tail, linked to the head
}

namespace {

enum PrintFlags { kLeft = 1, kZero = 2, kPlus = 4, kSpace = 8, kAlternate = 16, kUpper = 32 };  // <c0/print.h>

}  // namespace

// What follows a %; moves `at` behind it.
bool Surface::directive(Expr* e, std::string_view format, size_t& at, Expr*& argument, uint32_t& ordinal, Expr*& pieces) {
  constexpr std::string_view kFlags = "-0+ #";
  constexpr uint32_t kBits[] = {kLeft, kZero, kPlus, kSpace, kAlternate};
  size_t start = at - 1;
  auto fail = [&](Range where, const std::string& text) {
    c_.error(Rule::Format, where, "'" + std::string(format.substr(start, at - start)) + "' " + text);
    return false;
  };
  auto take = [&](TypeId type, const char* wanted) -> Expr* {
    if (!argument) return fail(e->range, "has no argument"), nullptr;
    Expr* given = argument;
    argument = argument->next;
    bool fits = type == kNullType ? pointerType(given->type) || given->type == kNullType
                : pointerType(type) ? given->type == type
                                    : elementaryX(given->type);
    if (given->type == kErrorType) return nullptr;
    if (!fits) return fail(given->range, std::string("needs ") + wanted + ", but the argument has type " + c_.quoted(given->type)), nullptr;
    if (type == kNullType) {
      typeNull(given);
      testZero(given);
    } else {
      convertTo(given, type);
    }
    Expr* made = make(ExprKind::Argument, given->type, given);
    made->number = ordinal++;
    return made;
  };
  uint32_t flags = 0;
  for (size_t bit; at < format.size() && (bit = kFlags.find(format[at])) != kFlags.npos; ++at) flags |= kBits[bit];
  Expr *width = literal(TypeTable::kInt, 0, e), *precision = literal(TypeTable::kInt, ~0u, e);
  auto size = [&](Expr*& to) {
    if (at < format.size() && format[at] == '*') return ++at, (to = take(TypeTable::kInt, "a width of type int")) != nullptr;
    uint32_t number = 0;
    for (; at < format.size() && format[at] >= '0' && format[at] <= '9'; ++at)
      if (number < 100000000) number = number * 10 + uint32_t(format[at] - '0');
    to->number = number;
    return true;
  };
  if (!size(width)) return false;
  if (at < format.size() && format[at] == '.')
    if (++at; !size(precision)) return false;
  char c = at < format.size() ? format[at++] : '\0';
  if (c == 'X') flags |= kUpper;
  Expr* bits = literal(TypeTable::kInt, flags, e);
  auto number = [&](const char* routine, TypeId type) {
    Expr* given = take(type, "a number");
    if (given) piece(e, pieces, routine, {given, width, precision, bits});
    return given != nullptr;
  };
  switch (c) {
    case 'd':
    case 'i': return number("__print_int", TypeTable::kInt);
    case 'u': return number("__print_unsigned", TypeTable::kUnsigned);
    case 'x':
    case 'X': return number("__print_hex", TypeTable::kUnsigned);
    case 's': {
      Expr* given = take(c_.types().pointer(TypeTable::kChar), "a 'char *'");
      if (given) piece(e, pieces, "__print_string", {given, width, precision, bits});
      return given != nullptr;
    }
    case 'c':
    case 'p': {
      Expr* given = c == 'c' ? take(TypeTable::kInt, "a character") : take(kNullType, "a pointer");
      if (given) piece(e, pieces, c == 'c' ? "__print_char" : "__print_pointer", {given, width, bits});
      return given != nullptr;
    }
    default: return fail(e->list->range, "is no directive of printf: they are %d %i %u %x %X %c %s %p %%");
  }
}

// Its format has been made a constant global; the pieces go to `third`.
TypeId Surface::printf(Expr* e, const Entity& callee) {
  const Expr* format = e->list;
  if (format->kind == ExprKind::Unary && format->op == Op::AddressOf && format->left->kind == ExprKind::Index)
    format = format->left->left;
  bool constant = format->kind == ExprKind::Name && !format->local && c_.program.globals[format->index].name.starts_with(".str.");
  if (!constant) {
    c_.error(Rule::Format, e->list->range, "the format of 'printf' is a string literal: its directives are checked against the arguments");
    return callee.type;
  }
  std::string text;
  for (uint32_t c : c_.program.globals[format->index].initial) text += char(c);
  text = text.substr(0, text.find('\0'));
  if (format->index + 1 == c_.program.globals.size()) c_.program.globals.pop_back(), --strings_;  // its pieces are what counts
  Expr* argument = e->list->next;
  Expr* pieces = nullptr;
  uint32_t ordinal = 0;
  std::string plain;
  auto flush = [&] {
    if (plain.empty()) return;
    Expr* string = make(ExprKind::Name, 0, e);
    string->index = stringGlobal(plain, e->list->range);
    string->type = c_.program.globals[string->index].type;
    decay(string);
    piece(e, pieces, "__print_text", {string});
    plain.clear();
  };
  for (size_t at = 0; at < text.size();) {
    char c = text[at++];
    if (c != '%') {
      plain += c;
    } else if (at < text.size() && text[at] == '%') {
      plain += text[at++];
    } else {
      flush();
      if (!directive(e, text, at, argument, ordinal, pieces)) return callee.type;
    }
  }
  flush();
  if (argument) c_.error(Rule::Format, argument->range, "the format has no directive for this argument");
  e->list = e->list->next;
  if (pieces) {
    e->third = pieces->next;
    pieces->next = nullptr;
  }
  return callee.type;
}

}  // namespace sema
