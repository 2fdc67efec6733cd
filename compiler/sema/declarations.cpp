#include "compiler/sema/declarations.h"

#include <algorithm>

#include "compiler/core/serialize.h"

namespace sema {

using namespace syntax;

namespace {

std::string named(const Symbol* symbol) { return "'" + std::string(symbol->text) + "'"; }

}  // namespace

// Dumps of the core have static and const.
uint32_t Unit::allowed(uint32_t classes) const {
  return c_.isCore() || c_.isSurface() ? classes | kStatic | kConst : classes;
}

void Unit::declaration(Declaration& declaration, Arena& arena) {
  if (warnings_) warnings_->declaration(declaration);
  surface_.begin(arena);
  Specifiers& specifiers = *declaration.specifiers;
  Types& types = expressions_.types();
  types.checkSpecifiers(specifiers, allowed(kTypedef | kExtern), true);
  Declarator* first = declaration.declarators;
  TypeId base = types.base(specifiers, first ? first->symbol : nullptr);
  if (!first && !declaration.damaged && specifiers.base != BaseKind::Struct &&
      !(c_.isSurface() && specifiers.base == BaseKind::Enum) && base != kErrorType)
    c_.error(Rule::EmptyDeclaration, declaration.range, "this declares nothing");
  for (Declarator* each = first; each; each = each->next) declare(specifiers, *each, base);
  errors_ = c_.diagnostics.errorCount();
}

void Unit::declare(Specifiers& specifiers, Declarator& declarator, TypeId base) {
  bool unsized = false;
  TypeId type = variableType(base, specifiers, declarator, unsized);
  bool variable = !(specifiers.flags & (kTypedef | kExtern)) && !declarator.isFunction();
  if (specifiers.at && c_.options.assembly && !variable)
    c_.error(Rule::AtPlace, specifiers.at->range, "'__at' places a global variable where it is defined, nothing else");
  if (specifiers.flags & kTypedef) typedefName(declarator, type);
  else if (declarator.isFunction()) declareFunction(specifiers, declarator, type, false);
  else global(specifiers, declarator, type, unsized);
}

TypeId Unit::variableType(TypeId base, Specifiers& specifiers, Declarator& declarator, bool& unsized) {
  const Derived* last = declarator.innermost;
  unsized = (c_.isSurface() || c_.isCore()) && last && last->kind == DerivedKind::Array && !last->size &&
            (declarator.initializer || (specifiers.flags & kExtern));
  return expressions_.types().apply(base, declarator, specifiers.qualifiers, unsized ? last : nullptr);
}

void Unit::typedefName(Declarator& declarator, TypeId type) {
  if (declarator.isFunction()) {
    c_.reject(Rule::FunctionPointer, declarator.range);
    type = kErrorType;
  }
  if (declarator.initializer) c_.error(Rule::Typedef, declarator.initializer->range, "a type has no initialiser");
  if (type == TypeTable::kVoid) {
    c_.reject(Rule::Void, declarator.symbolRange);
    type = kErrorType;
  }
  Entity entity;
  entity.kind = EntityKind::Typedef;
  entity.defined = true;
  entity.type = type;
  entity.qualifiers = declarator.qualifiers;
  entity.symbol = declarator.symbol;
  entity.where = declarator.symbolRange;
  Entity* earlier = c_.find(entity.symbol);
  if (!earlier) c_.add(entity, false);
  else conflicts(*earlier, entity);
}

bool Unit::conflicts(const Entity& earlier, const Entity& now) {
  Diagnostic* error = nullptr;
  if (earlier.kind != now.kind) {
    error = &c_.error(Rule::Redefinition, now.where, "redefinition of " + named(now.symbol) + " as something else");
  } else if (now.kind == EntityKind::Function) {
    if (*earlier.signature == *now.signature) return false;
    bool damaged = earlier.type == kErrorType || now.type == kErrorType;
    for (const Signature* each : {earlier.signature, now.signature})
      for (TypeId parameter : each->parameters) damaged |= parameter == kErrorType;
    if (damaged) return true;
    error = &c_.error(Rule::ConflictingTypes, now.where,
                      named(now.symbol) + " is declared with different result or parameter types");
  } else {
    if (earlier.type == now.type) return false;
    if (earlier.type == kErrorType || now.type == kErrorType) return true;
    error = &c_.error(Rule::ConflictingTypes, now.where,
                      named(now.symbol) + " has type " + c_.quoted(now.type) + " here and " + c_.quoted(earlier.type) +
                          " in an earlier declaration");
  }
  error->note(earlier.where, "previous declaration is here");
  return true;
}

// Of two declarations of an array, one may leave the length out.
void Unit::sameLength(Entity& earlier, Entity& now) {
  if ((!earlier.open && !now.open) || earlier.type == kErrorType || now.type == kErrorType) return;
  const core::Type &left = c_.type(earlier.type), &right = c_.type(now.type);
  if (left.kind != TypeKind::Array || right.kind != TypeKind::Array || left.element != right.element) return;
  if (now.open) now.type = earlier.type;
  else c_.close(earlier, now.type);
}

void Unit::global(Specifiers& specifiers, Declarator& declarator, TypeId type, bool unsized) {
  if (!expressions_.types().requireComplete(type, declarator.symbolRange, "variable")) type = kErrorType;
  Entity entity;
  entity.kind = EntityKind::Global;
  entity.defined = !(specifiers.flags & kExtern) || (declarator.initializer && c_.isSurface());
  entity.internal = specifiers.flags & kStatic;
  entity.constant = c_.isSurface() ? declarator.qualifiers & 1 : specifiers.flags & kConst;
  entity.qualifiers = declarator.qualifiers;
  if (unsized && !declarator.initializer && type != kErrorType) {
    entity.open = true;
    unsized = false;
    type = c_.arrayOf(type, 1, declarator.symbolRange);
  }
  if (unsized && type != kErrorType) {
    // Its initialiser may name the variable only when its size is known.
    TypeId array = surface_.initializer(declarator.initializer, type, declarator.qualifiers, true);
    type = entity.type = array;
  }
  entity.type = type;
  entity.symbol = declarator.symbol;
  entity.where = declarator.symbolRange;
  entity.type = type;
  if (declarator.initializer && !c_.isCore() && !c_.isSurface())
    c_.reject(Rule::Initializer, {declarator.equals, declarator.equals + 1})
        .ranges.push_back(declarator.initializer->range);
  Entity* earlier = c_.find(entity.symbol);
  const bool again = earlier && earlier->defined;
  if (earlier && earlier->kind == EntityKind::Global) sameLength(*earlier, entity);
  type = entity.type;
  if (!earlier) {
    earlier = c_.add(entity, false);
  } else if (conflicts(*earlier, entity)) {
    return;
  } else if (earlier->defined && entity.defined && !(c_.isSurface() && (!earlier->initialized || !declarator.initializer))) {
    c_.error(Rule::Redefinition, entity.where, "redefinition of " + named(entity.symbol))
        .note(earlier->where, "previous definition is here");
    return;
  }
  if (type != kErrorType && c_.isCore()) c_.globalIndex(*earlier);  // a dump keeps its order
  if (!entity.defined || type == kErrorType) return;
  earlier->defined = true;
  earlier->where = entity.where;
  core::Global& made = c_.program.globals[c_.globalIndex(*earlier)];
  made.defined = true;
  made.internal = entity.internal;
  made.constant = entity.constant;
  made.position = c_.position(entity.where.begin);
  if (specifiers.at && c_.options.assembly) place(made, *earlier, *specifiers.at, declarator, again);
  if (declarator.initializer && c_.isCore()) initialize(*earlier, declarator.initializer);
  if (declarator.initializer && c_.isSurface()) {
    earlier->initialized = true;
    if (!unsized) type = surface_.initializer(declarator.initializer, type, declarator.qualifiers, false);
    if (type != kErrorType) surface_.staticInitial(c_.program.globals[earlier->index], declarator.initializer);
  }
}

// __at: an absolute address, which is then the variable's allocated base address.
void Unit::place(core::Global& global, const Entity& entity, Expr& at, const Declarator& declarator, bool again) {
  auto wrong = [&](Range where, std::string text) { c_.error(Rule::AtPlace, where, std::move(text)); };
  if (declarator.initializer)
    return wrong(declarator.initializer->range, "a placed variable has no initialiser: the image does not contain it");
  if (again) return wrong(at.range, named(entity.symbol) + " has been defined without this '__at'");
  std::optional<uint32_t> address = expressions_.address(&at);
  if (!address) return;
  const uint32_t size = c_.type(global.type).asize;
  if (*address % 4) return wrong(at.range, "the address is not a multiple of 4");
  if (!core::isPlaceable(*address, size)) return wrong(at.range, "the variable reaches beyond 2 GiB, where no memory is");
  for (const Placed& other : placed_) {
    if (*address >= other.end || other.begin >= *address + size) continue;
    c_.error(Rule::AtPlace, at.range, named(entity.symbol) + " overlaps " + named(other.entity->symbol))
        .note(other.entity->where, named(other.entity->symbol) + " is placed here");
    return;
  }
  placed_.push_back({*address, *address + size, &entity});
  global.address = *address;
}

TypeId Unit::parameter(Declaration& parameter, bool defined) {
  Types& types = expressions_.types();
  Declarator& declarator = *parameter.declarators;
  types.checkSpecifiers(*parameter.specifiers, 0);
  if (parameter.specifiers->hasBody) c_.reject(Rule::LocalType, parameter.specifiers->range);
  TypeId type = types.base(*parameter.specifiers);
  Range where = declarator.symbol ? declarator.symbolRange : parameter.range;
  if (defined && !declarator.symbol && type != kErrorType)
    c_.error(Rule::ParameterName, where, "a parameter has no name");
  if (declarator.innermost && declarator.innermost->kind == DerivedKind::Array) {
    if (c_.isSurface()) {
      if (declarator.innermost->size) expressions_.constant(declarator.innermost->size);
      type = types.apply(type, declarator, parameter.specifiers->qualifiers, declarator.innermost);
      declarator.qualifiers = uint16_t(declarator.qualifiers << 1);
      return types.requireComplete(type, where, "element") ? c_.pointerTo(type, where) : kErrorType;
    }
    c_.reject(Rule::ArrayParameter, where);
    return kErrorType;
  }
  type = types.apply(type, declarator, parameter.specifiers->qualifiers, nullptr);
  if (type == kErrorType) return type;
  if (declarator.isFunction()) {
    c_.reject(Rule::FunctionPointer, where);
    return kErrorType;
  }
  if (!types.requireComplete(type, where, "parameter")) return kErrorType;
  if (c_.type(type).kind != TypeKind::Array) return type;
  if (c_.isSurface()) {
    declarator.qualifiers = uint16_t(declarator.qualifiers << 1);
    return c_.pointerTo(c_.type(type).element, where);
  }
  c_.reject(Rule::ArrayParameter, where);
  return kErrorType;
}

Signature Unit::signature(Declarator& declarator, TypeId result, bool defined) {
  Signature made;
  made.result = result;
  const Derived& derived = *declarator.innermost;
  made.variadic = derived.variadic;
  if (derived.variadic && !(c_.isSurface() && !defined && declarator.symbol->text == "printf"))
    c_.reject(Rule::Varargs, derived.range);
  Declaration* first = derived.parameters;
  bool none = first && !first->next && !first->declarators->symbol && !first->declarators->derived &&
              first->specifiers->flags == kVoid;
  if (none) return made;
  c_.mayDeclareTags = false;
  std::vector<const Symbol*> names;
  for (Declaration* each = first; each; each = each->next) {
    const Symbol* name = each->declarators->symbol;
    made.parameters.push_back(parameter(*each, defined));
    made.qualifiers.push_back(each->declarators->qualifiers);
    made.names.push_back(name ? name->text : std::string_view());
    if (name) names.push_back(name);
  }
  c_.mayDeclareTags = true;
  std::sort(names.begin(), names.end());
  if (auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end())
    repeatedParameter(first, *twice);
  return made;
}

void Unit::repeatedParameter(const Declaration* first, const Symbol* name) {
  const Declarator* earlier = nullptr;
  for (const Declaration* each = first; each; each = each->next) {
    if (each->declarators->symbol != name) continue;
    if (earlier)
      c_.error(Rule::Redefinition, each->declarators->symbolRange, "redefinition of parameter " + named(name))
          .note(earlier->symbolRange, "previous definition is here");
    else earlier = each->declarators;
  }
}

Entity* Unit::declareFunction(Specifiers& specifiers, Declarator& declarator, TypeId result, bool defined) {
  if (result == TypeTable::kVoid) {
    if (!c_.isCore() && !c_.isSurface()) c_.reject(Rule::Void, specifiers.range), result = kErrorType;
  } else if (result != kErrorType && c_.type(result).kind == TypeKind::Array) {
    c_.reject(Rule::ArrayParameter, declarator.symbolRange);
    result = kErrorType;
  } else if (!expressions_.types().requireComplete(result, declarator.symbolRange, "result")) {
    result = kErrorType;
  }
  if (declarator.initializer)
    c_.error(Rule::FunctionDeclarator, declarator.initializer->range, "a function has no initialiser");
  if (specifiers.flags & kConst && !c_.isSurface()) c_.reject(Rule::Const, specifiers.flagRange);
  signatures_.push_back(signature(declarator, result, defined));
  signatures_.back().resultQualifiers = declarator.qualifiers;
  Entity entity;
  entity.kind = EntityKind::Function;
  entity.internal = specifiers.flags & kStatic;
  entity.type = result;
  entity.symbol = declarator.symbol;
  entity.where = declarator.symbolRange;
  entity.signature = &signatures_.back();
  Entity* earlier = c_.find(entity.symbol);
  if (!earlier) {
    earlier = c_.add(entity, false);
    functions_.push_back(earlier);
  } else if (conflicts(*earlier, entity)) {
    // The body is checked against its own head; calls see the first declaration.
    if (!defined) return nullptr;
    misdeclared_.push_back(entity);
    return &misdeclared_.back();
  } else if (defined && earlier->defined) {
    c_.error(Rule::Redefinition, entity.where, "redefinition of " + named(entity.symbol))
        .note(earlier->where, "previous definition is here");
  }
  if (!defined) {
    if (c_.isCore() && c_.diagnostics.errorCount() == 0) c_.functionIndex(*earlier);
    return earlier;
  }
  earlier->defined = true;
  earlier->where = entity.where;
  earlier->internal |= entity.internal;
  earlier->signature = entity.signature;
  return earlier;
}

void Unit::parameters(const FunctionDefinition& function, const Signature& signature) {
  const Declaration* each = function.declarator->innermost->parameters;
  for (size_t i = 0; i < signature.parameters.size(); ++i, each = each->next) {
    const Declarator& declarator = *each->declarators;
    if (!declarator.symbol) continue;
    Entity entity;
    entity.kind = EntityKind::Local;
    entity.defined = true;
    entity.type = signature.parameters[i];
    entity.symbol = declarator.symbol;
    entity.where = declarator.symbolRange;
    entity.index = uint32_t(c_.locals().size());
    entity.constant = declarator.qualifiers & 1;
    entity.qualifiers = declarator.qualifiers;
    if (c_.isSurface()) surface_.addVariable(entity.symbol, entity.type, entity.where);
    c_.add(entity, true);
  }
}

void Unit::function(FunctionDefinition& definition, Arena& arena) {
  define(definition, arena);
  c_.inFunction = c_.localsLost = false;
  c_.mayDeclareTags = true;
  c_.endFunction();
  errors_ = c_.diagnostics.errorCount();
}

void Unit::define(FunctionDefinition& function, Arena& arena) {
  bool parsed = clean();
  Specifiers& specifiers = *function.specifiers;
  Types& types = expressions_.types();
  types.checkSpecifiers(specifiers, allowed(kExtern | kTypedef));
  surface_.begin(arena);
  TypeId base = types.base(specifiers);
  TypeId result = types.apply(base, *function.declarator, specifiers.qualifiers, nullptr);
  if (specifiers.flags & kTypedef) c_.error(Rule::Typedef, specifiers.range, "a typedef defines no function");
  if (!function.declarator->isFunction()) {
    c_.error(Rule::FunctionDeclarator, function.declarator->range, "a function's name is followed by its parameters");
    return;
  }
  Entity* entity = declareFunction(specifiers, *function.declarator, result, true);
  if (clean()) c_.functionIndex(*entity);  // before those of its callees
  if (warnings_ && parsed) {
    const unsigned before = c_.diagnostics.errorCount();
    warnings_->parsed(function);
    errors_ += c_.diagnostics.errorCount() - before;  // by -Werror: the analysis goes on
  }
  c_.inFunction = true;
  if (c_.isSurface()) return body(function, *entity, parsed, arena);
  c_.mayDeclareTags = false;
  parameters(function, *entity->signature);
  statements_.checkBody(function, *entity, parsed);
  if (clean() && !c_.isCore()) checkAssignment(c_, function, entity->signature->parameters.size(), arena);
  warn(function, *entity, parsed, arena);
  if (c_.diagnostics.errorCount() == 0) {
    uint32_t index = c_.functionIndex(*entity);
    core::Function& made = c_.program.functions[index];
    made.defined = true;
    made.internal = entity->internal;
    made.primitive = core::Primitive::None;
    emitter_.function(function, index);
    if (c_.options.onFunction) c_.options.onFunction(c_.program, index);
  }
}

void Unit::warn(const FunctionDefinition& function, const Entity& entity, bool parsed, Arena& arena) {
  if (!warnings_ || !parsed || !clean()) return;
  std::vector<FrameVariable> variables;
  for (const LocalVariable& each : surface_.variables)
    variables.push_back({each.symbol, !each.addressed && each.type != kErrorType && c_.type(each.type).simple()});
  warnings_->analysed(function, entity.type, variables, arena);
}

// The same for C0X.
void Unit::body(FunctionDefinition& function, const Entity& entity, bool parsed, Arena& arena) {
  Context::Scope scope = c_.enterScope();
  surface_.functionName = entity.symbol->text;
  parameters(function, *entity.signature);
  surfaceStatements_.checkBody(function, entity);
  warn(function, entity, parsed, arena);
  if (parsed && c_.diagnostics.errorCount() == 0) {
    uint32_t index = c_.functionIndex(*const_cast<Entity*>(&entity));
    core::Function& made = c_.program.functions[index];
    made.defined = true;
    made.internal = entity.internal;
    made.primitive = core::Primitive::None;
    made.position = c_.position(function.declarator->symbolRange.begin);
    made.variables.clear();
    std::vector<bool> addressed;
    for (const LocalVariable& each : surface_.variables) {
      std::string name = each.symbol ? std::string(each.symbol->text) : ".v" + std::to_string(made.variables.size());
      made.variables.push_back({std::move(name), each.type, c_.position(each.where.begin)});
      addressed.push_back(each.addressed);
    }
    lower::function(c_.program, c_, function.body, index, std::move(addressed));
    if (base::Status status = core::verify(c_.program, c_.program.functions[index]); !status)
      c_.error(Rule::NestingLimit, function.declarator->symbolRange, "the core of this function is not well-formed: " + status.error().text + " at " + status.error().place);
    else if (c_.options.onFunction) c_.options.onFunction(c_.program, index);
  }
  c_.leaveScope(scope);
}

// A primitive's declaration agrees with what the machine offers.
void Unit::finish() {
  if (warnings_) warnings_->finish(functions_);
  for (const Entity* entity : functions_) {
    if (entity->defined || entity->type == kErrorType) continue;
    std::optional<core::Primitive> primitive = core::findPrimitive(entity->symbol->text);
    if (!primitive) continue;
    std::vector<TypeId> wanted = core::primitiveSignature(*primitive);
    std::vector<TypeId> given = {entity->type};
    given.insert(given.end(), entity->signature->parameters.begin(), entity->signature->parameters.end());
    if (given == wanted) continue;
    std::string text = c_.types().declare(wanted[0], entity->symbol->text) + "(";
    for (size_t i = 1; i < wanted.size(); ++i) text += (i > 1 ? ", " : "") + c_.print(wanted[i]);
    c_.error(Rule::Primitive, entity->where, "the machine's primitive is: " + text + ")");
  }
}

}  // namespace sema
