// Initialisers of variables in the frame: zeros where the list has no value, then its values in turn.
#include "compiler/lower/lowering.h"

namespace lower {

using CoreKind = core::ExprKind;
using syntax::ExprKind;

void Lowering::initialise(const Expr* e, uint32_t variable, Loc at) {
  Value target = make({.kind = CoreKind::Local, .type = function_.variables[variable].type, .position = position(at), .value = variable});
  if (e->kind == ExprKind::Initializers) initialiseParts(e, target);
  else store(target, e, position(at));
}

void Lowering::initialiseParts(const Expr* list, Value variable) {
  uint32_t size = types_[variable->type].size;
  std::vector<uint32_t> covered(size + 1);  // how many simple values before each have one in the list
  for (const Expr* item = list->list; item; item = item->next)
    for (uint32_t i = 0; i < types_[item->type].size; ++i) covered[item->index + i + 1] = 1;
  for (uint32_t i = 0; i < size; ++i) covered[i + 1] += covered[i];
  zeros(variable->type, variable, 0, covered);
  for (const Expr* item = list->list; item; item = item->next) {
    size_t mark = live_.size();
    store(part(variable, item->index, item->type), item->left, start(item->left));
    release(mark);
  }
}

// The sub variable of this type at a simple value's index.
Value Lowering::part(Value variable, uint32_t index, TypeId wanted) {
  Value at = variable;
  uint32_t first = 0;
  while (at->type != wanted || first != index) {
    const core::Type& type = types_[at->type];
    if (type.kind == TypeKind::Array) {
      uint32_t size = types_[type.element].size, i = (index - first) / size;
      first += i * size;
      at = make({.kind = CoreKind::Index, .type = type.element, .position = at->position, .left = at,
                 .right = literal(TypeTable::kInt, i, at->position)});
    } else {
      uint32_t field = uint32_t(type.fields.size()) - 1;
      while (type.fields[field].index > index - first) --field;
      first += type.fields[field].index;
      at = make({.kind = CoreKind::Field, .type = type.fields[field].type, .position = at->position, .value = field, .left = at});
    }
  }
  return at;
}

void Lowering::zeros(TypeId id, Value place, uint32_t first, const std::vector<uint32_t>& covered) {
  const core::Type& type = types_[id];
  auto count = [&](uint32_t from, uint32_t size) { return covered[from + size] - covered[from]; };
  uint32_t given = count(first, type.size);
  if (given == type.size) return;
  if (given == 0) return zero(id, place);
  if (type.kind == TypeKind::Struct) {
    for (uint32_t i = 0; i < type.fields.size(); ++i)
      zeros(type.fields[i].type,
            make({.kind = CoreKind::Field, .type = type.fields[i].type, .position = place->position, .value = i, .left = place}),
            first + type.fields[i].index, covered);
    return;
  }
  uint32_t size = types_[type.element].size;
  for (uint32_t i = 0; i < type.count;) {
    uint32_t end = i;
    while (end < type.count && count(first + end * size, size) == 0) ++end;
    if (end > i) {
      zeroRun(id, place, i, end);
      i = end;
      continue;
    }
    Value element = make({.kind = CoreKind::Index, .type = type.element, .position = place->position, .left = place,
                          .right = literal(TypeTable::kInt, i, place->position)});
    zeros(type.element, element, first + i * size, covered);
    ++i;
  }
}

void Lowering::zero(TypeId id, Value place) {
  const core::Type& type = types_[id];
  if (type.simple()) return emitAssign(place, zeroOf(id, place->position), place->position);
  if (type.kind == TypeKind::Array) return zeroRun(id, place, 0, type.count);
  for (uint32_t i = 0; i < type.fields.size(); ++i)
    zero(type.fields[i].type, make({.kind = CoreKind::Field, .type = type.fields[i].type, .position = place->position, .value = i, .left = place}));
}

// Elements from .. to - 1 of an array.
void Lowering::zeroRun(TypeId id, Value place, uint32_t from, uint32_t to) {
  constexpr uint32_t kUnrolled = 4;
  TypeId element = types_[id].element;
  core::Position at = place->position;
  auto one = [&](Value index) {
    zero(element, make({.kind = CoreKind::Index, .type = element, .position = at, .left = place, .right = index}));
  };
  if (to - from <= kUnrolled) {
    for (; from < to; ++from) one(literal(TypeTable::kInt, from, at));
    return;
  }
  size_t mark = live_.size();
  Value index = temporary(TypeTable::kInt, at);
  emitAssign(index, literal(TypeTable::kInt, from, at), at);
  core::Stmt* made = emit(core::StmtKind::While, at);
  made->value = binary(core::Operator::Less, TypeTable::kBool, index, literal(TypeTable::kInt, to, at), at);
  made->body = nested([&] { one(index); });
  made->step = nested([&] {
    emitAssign(index, binary(core::Operator::Add, TypeTable::kInt, index, literal(TypeTable::kInt, 1, at), at), at);
  });
  release(mark);
}

}  // namespace lower
