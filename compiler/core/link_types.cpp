#include "compiler/core/link_types.h"

#include <map>
#include <unordered_map>

namespace core {

namespace {

// Structs of all units, numbered consecutively, and their partition into classes that become one type each. It starts from the
// tags and is refined by the fields until it is stable (the coarsest partition compatible with the structure).
class Partition {
 public:
  explicit Partition(std::span<const Program> units) : units_(units) {
    std::unordered_map<std::string, uint32_t> complete;
    for (uint32_t unit = 0; unit < units.size(); unit++) {
      numberOf_.emplace_back(units[unit].types.count(), 0);
      for (TypeId id = 0; id < units[unit].types.count(); id++) {
        const Type& type = units[unit].types[id];
        if (type.kind != TypeKind::Struct) continue;
        numberOf_[unit][id] = uint32_t(structs_.size());
        if (type.size) complete.try_emplace(type.name, uint32_t(structs_.size()));
        structs_.push_back({unit, id});
      }
    }
    class_.assign(structs_.size(), 0);
    standsFor_.resize(structs_.size());
    for (uint32_t i = 0; i < structs_.size(); i++) {
      auto other = complete.find(typeOf(i).name);
      standsFor_[i] = typeOf(i).size == 0 && other != complete.end() ? other->second : i;
    }
  }

  bool refine() {
    constexpr unsigned kMaxRounds = 64;
    uint32_t classes = 0;
    for (unsigned round = 0; round < kMaxRounds; round++) {
      std::map<std::string, uint32_t> numbers;
      std::vector<uint32_t> next(structs_.size());
      for (uint32_t i = 0; i < structs_.size(); i++)
        next[i] = numbers.try_emplace(signature(standsFor_[i]), uint32_t(numbers.size())).first->second;
      class_ = std::move(next);
      if (numbers.size() == classes || numbers.size() == structs_.size()) return true;
      classes = uint32_t(numbers.size());
    }
    return false;
  }

  uint32_t classOf(uint32_t unit, TypeId id) const { return class_[numberOf_[unit][id]]; }

 private:
  struct Struct {
    uint32_t unit;
    TypeId id;
  };
  const Type& typeOf(uint32_t number) const { return units_[structs_[number].unit].types[structs_[number].id]; }

  std::string signature(uint32_t number) const {
    const Type& type = typeOf(number);
    const uint32_t unit = structs_[number].unit;
    std::string text = type.name + '\n' + std::to_string(class_[number]);  // no name contains a newline
    for (const Field& field : type.fields) {
      text += '\n' + field.name + '\n';
      append(text, unit, field.type);
    }
    return text;
  }
  void append(std::string& text, uint32_t unit, TypeId id) const {
    for (;; id = units_[unit].types[id].element) {
      const Type& type = units_[unit].types[id];
      if (type.kind == TypeKind::Pointer) {
        text += '*';
      } else if (type.kind == TypeKind::Array) {
        text += '[' + std::to_string(type.count);
      } else {
        text += type.kind == TypeKind::Struct ? '#' + std::to_string(class_[numberOf_[unit][id]])
                                              : std::to_string(unsigned(type.kind));
        return;
      }
    }
  }

  std::span<const Program> units_;
  std::vector<std::vector<uint32_t>> numberOf_;  // [unit][id]
  std::vector<Struct> structs_;
  std::vector<uint32_t> standsFor_;  // a complete struct for an incomplete one
  std::vector<uint32_t> class_;
};

}  // namespace

base::Result<std::vector<std::vector<TypeId>>> uniteTypes(std::span<const Program> units, TypeTable& types) {
  Partition partition(units);
  if (!partition.refine())
    return base::Error{"structs of the same tag differ too deep inside to be told apart", "link-type-mismatch", ""};

  std::vector<std::vector<TypeId>> united(units.size());
  std::unordered_map<uint32_t, TypeId> structs;  // by class
  for (uint32_t unit = 0; unit < units.size(); unit++) {
    const TypeTable& from = units[unit].types;
    std::vector<TypeId>& to = united[unit];
    auto completions = from.completions();
    size_t completed = 0;
    for (TypeId id = 0;; id++) {
      for (; completed < completions.size() && completions[completed].count == id; completed++) {
        const TypeId type = completions[completed].id;
        if (types[to[type]].size) continue;
        std::vector<std::pair<std::string, TypeId>> fields;
        for (const Field& field : from[type].fields) fields.emplace_back(field.name, to[field.type]);
        types.completeStruct(to[type], std::move(fields));
      }
      if (id == from.count()) break;
      const Type& type = from[id];
      switch (type.kind) {
        case TypeKind::Struct: {
          auto [at, isNew] = structs.try_emplace(partition.classOf(unit, id), 0);
          if (isNew) at->second = types.declareStruct(type.name);
          to.push_back(at->second);
          break;
        }
        case TypeKind::Pointer: to.push_back(types.pointer(to[type.element])); break;
        case TypeKind::Array: to.push_back(*types.array(to[type.element], type.count)); break;
        default: to.push_back(id);
      }
    }
  }
  return united;
}

}  // namespace core
