#include "compiler/sema/context.h"

#include <cctype>

namespace sema {

Diagnostic& Context::reject(Rule rule, Range where) {
  const RuleInfo& what = info(rule);
  std::string text = std::string(what.what) + "; " + what.wayOut;
  if (what.kind == RuleKind::Surface && options.standard == Standard::C0) text += ", or use -std=c0x";
  return diagnostics.error(what.id, where, std::move(text));
}

Diagnostic& Context::error(Rule rule, Range where, std::string text) {
  return diagnostics.error(info(rule).id, where, std::move(text));
}

Diagnostic& Context::warning(Rule rule, Range where, std::string text) {
  if (!options.warnings.has(rule)) return unwanted_ = Diagnostic{};
  return diagnostics.warning(info(rule).id, where, std::move(text));
}

void Context::seekLine(Loc loc) {
  base::Place place = sources.place(loc);
  line_ = place.line;
  lineBegin_ = loc - (place.column - 1);
  lineSize_ = Loc(sources.line(loc).size() + 1);
  if (program.files.empty() || program.files[lineFile_] != place.file) lineFile_ = fileIndex(place.file);
}

uint16_t Context::fileIndex(std::string_view name) {
  if (auto at = files_.find(name); at != files_.end()) return at->second;
  if (program.files.size() == 0xFFFF) return 0xFFFE;
  program.files.emplace_back(name);
  return files_[name] = uint16_t(program.files.size() - 1);
}

uint32_t Context::globalIndex(Entity& entity) {
  if (entity.index != kNoIndex) return entity.index;
  entity.index = uint32_t(program.globals.size());
  core::Global global;
  global.name = entity.symbol->text;
  global.type = entity.type;
  global.position = position(entity.where.begin);
  global.defined = false;
  global.internal = entity.internal;
  global.constant = entity.constant;
  global.open = entity.open;
  program.globals.push_back(std::move(global));
  return entity.index;
}

namespace {

void retype(const core::Expr* e, uint32_t global, TypeId type) {
  if (!e) return;
  if (e->kind == core::ExprKind::Global && e->value == global) const_cast<core::Expr*>(e)->type = type;
  retype(e->left, global, type);
  retype(e->right, global, type);
}

}  // namespace

void Context::close(Entity& entity, TypeId array) {
  entity.open = false;
  entity.type = array;
  if (entity.index == kNoIndex) return;
  program.globals[entity.index].open = false;
  program.globals[entity.index].type = array;
  for (const core::Function& function : program.functions)
    for (const core::Stmt* stmt : function.statements) {
      retype(stmt->target, entity.index, array);
      retype(stmt->value, entity.index, array);
      for (const core::Expr* argument : stmt->arguments) retype(argument, entity.index, array);
    }
}

void Context::useNames(std::string_view assembly) {
  for (size_t at = 0; at < assembly.size();) {
    const size_t from = at;
    while (at < assembly.size() && (std::isalnum(uint8_t(assembly[at])) || assembly[at] == '_')) ++at;
    if (at == from && ++at) continue;
    Entity* entity = find(symbols.intern(assembly.substr(from, at - from)));
    if (entity && entity->kind == EntityKind::Global && entity->type != kErrorType) globalIndex(*entity);
  }
}

uint32_t Context::functionIndex(Entity& entity) {
  if (entity.index != kNoIndex) return entity.index;
  entity.index = uint32_t(program.functions.size());
  core::Function& function = program.functions.emplace_back();
  const Signature& signature = *entity.signature;
  function.name = entity.symbol->text;
  function.result = signature.result;
  function.parameters = uint32_t(signature.parameters.size());
  function.position = position(entity.where.begin);
  function.internal = entity.internal;
  for (size_t i = 0; i < signature.parameters.size(); ++i) {
    std::string name = signature.names[i].empty() ? "p" + std::to_string(i + 1) : std::string(signature.names[i]);
    function.variables.push_back({std::move(name), signature.parameters[i], function.position});
  }
  if (!entity.defined) function.primitive = core::findPrimitive(function.name).value_or(core::Primitive::None);
  return entity.index;
}

Entity* Context::add(Entity entity, bool local) {
  if (entity.symbol->id >= bound_.size()) bound_.resize(symbols.count());
  Entity*& slot = bound_[entity.symbol->id];
  std::deque<Entity>& home = local ? localEntities_ : globals_;
  home.push_back(entity);
  home.back().scope = scope_;
  if (local) {
    locals_.push_back(&home.back());
    hidden_.push_back(slot);
  }
  return slot = &home.back();
}

void Context::addErroneous(Symbol* symbol, Range where) {
  Entity entity;
  entity.kind = EntityKind::Local;
  entity.erroneous = true;
  entity.symbol = symbol;
  entity.where = where;
  entity.index = uint32_t(locals_.size());
  add(entity, true);
}

void Context::leaveScope(Scope scope) {
  for (size_t i = locals_.size(); i-- > scope.locals;) bound_[locals_[i]->symbol->id] = hidden_[i];
  locals_.resize(scope.locals);
  hidden_.resize(scope.locals);
  for (size_t i = hiddenTags_.size(); i-- > scope.tags;) tags_[hiddenTags_[i].first->id] = hiddenTags_[i].second;
  hiddenTags_.resize(scope.tags);
  --scope_;
}

void Context::endFunction() {
  scope_ = 1;
  leaveScope({0, 0});
  localEntities_.clear();
}

void Context::setTag(const Symbol* symbol, TypeId type) {
  if (symbol->id >= tags_.size()) tags_.resize(symbols.count(), kErrorType);
  if (scope_ > 0) hiddenTags_.push_back({symbol, tags_[symbol->id]});
  tags_[symbol->id] = type;
}

uint32_t Context::findField(TypeId id, const Symbol* symbol) {
  constexpr size_t kMany = 16;
  StructInfo& info = structInfo(id);
  if (info.fields.size() <= kMany) {
    for (uint32_t i = 0; i < info.fields.size(); ++i)
      if (info.fields[i] == symbol) return i;
    return kNoIndex;
  }
  for (uint32_t i = uint32_t(info.large.size()); i < info.fields.size(); ++i) info.large.emplace(info.fields[i], i);
  auto at = info.large.find(symbol);
  return at == info.large.end() ? kNoIndex : at->second;
}

TypeId Context::tooDeep(Range where) {
  error(Rule::NestingLimit, where, "types are nested more than " + std::to_string(core::kMaxNesting) + " deep");
  return kErrorType;
}

TypeId Context::pointerTo(TypeId target, Range where) {
  TypeId id = types().pointer(target);
  if (nesting(target).declarator >= core::kMaxNesting) return tooDeep(where);
  uint16_t depth = uint16_t(nesting(target).declarator + 1);
  nesting(id) = {depth, 0};
  return id;
}

TypeId Context::arrayOf(TypeId element, uint64_t count, Range where) {
  std::optional<TypeId> id = types().array(element, count);
  if (!id) {
    error(Rule::ArraySize, where,
          count == 0 ? "an array has at least one element" : "an array has at most 2147483647 bytes");
    return kErrorType;
  }
  Nesting inner = nesting(element);
  if (std::max(inner.declarator, inner.value) >= core::kMaxNesting) return tooDeep(where);
  nesting(*id) = {uint16_t(inner.declarator + 1), uint16_t(inner.value + 1)};
  return *id;
}

bool Context::nestStruct(TypeId id, const std::vector<std::pair<std::string, TypeId>>& fields) {
  unsigned deepest = 0;
  for (const auto& [name, type] : fields) deepest = std::max<unsigned>(deepest, nesting(type).value + 1u);
  if (deepest > core::kMaxNesting) return false;
  nesting(id).value = uint16_t(deepest);
  return true;
}

}  // namespace sema
