#include "compiler/core/core.h"

#include <algorithm>
#include <cstring>

namespace core {

namespace {

Type simpleType(TypeKind kind, uint32_t bytes) {
  Type type;
  type.kind = kind;
  type.size = kind == TypeKind::Void ? 0 : 1;
  type.asize = bytes;
  type.align = std::max(1u, bytes);
  return type;
}

uint64_t roundUp(uint64_t value, uint64_t to) { return (value + to - 1) / to * to; }

}  // namespace

TypeTable::TypeTable() {
  types_ = {simpleType(TypeKind::Void, 0), simpleType(TypeKind::Bool, 1), simpleType(TypeKind::Char, 1),
            simpleType(TypeKind::Int, 4), simpleType(TypeKind::Unsigned, 4), simpleType(TypeKind::UChar, 1),
            simpleType(TypeKind::Short, 2), simpleType(TypeKind::UShort, 2)};
}

TypeId TypeTable::pointer(TypeId target) {
  auto [at, isNew] = pointers_.try_emplace(target, count());
  if (isNew) {
    types_.push_back(simpleType(TypeKind::Pointer, 4));
    types_.back().element = target;
  }
  return at->second;
}

std::optional<TypeId> TypeTable::array(TypeId element, uint64_t n) {
  uint64_t asize = types_[element].asize;
  if (n == 0 || asize == 0 || n > kMaxBytes / asize) return std::nullopt;
  auto [at, isNew] = arrays_.try_emplace(uint64_t(element) << 32 | n, count());
  if (isNew) {
    Type type;
    type.kind = TypeKind::Array;
    type.element = element;
    type.count = uint32_t(n);
    type.size = uint32_t(types_[element].size * n);
    type.asize = uint32_t(asize * n);
    type.align = types_[element].align;
    types_.push_back(std::move(type));
  }
  return at->second;
}

TypeId TypeTable::declareStruct(std::string tag) {
  Type type;
  type.kind = TypeKind::Struct;
  type.name = std::move(tag);
  types_.push_back(std::move(type));
  return count() - 1;
}

bool TypeTable::completeStruct(TypeId id, std::vector<std::pair<std::string, TypeId>> fields) {
  if (types_[id].kind != TypeKind::Struct || types_[id].size != 0 || fields.empty()) return false;
  uint64_t size = 0, asize = 0, align = 1;
  std::vector<Field> laidOut;
  laidOut.reserve(fields.size());
  for (auto& [name, fieldType] : fields) {
    const Type& type = types_[fieldType];
    if (type.size == 0) return false;
    asize = roundUp(asize, type.align);
    laidOut.push_back({std::move(name), fieldType, uint32_t(size), uint32_t(asize)});
    size += type.size;
    asize += type.asize;
    align = std::max<uint64_t>(align, type.align);
    if (asize > kMaxBytes) return false;
  }
  asize = roundUp(asize, align);
  if (asize > kMaxBytes) return false;
  Type& type = types_[id];
  type.fields = std::move(laidOut);
  type.size = uint32_t(size);
  type.asize = uint32_t(asize);
  type.align = uint32_t(align);
  completions_.push_back({id, count()});
  return true;
}

std::string TypeTable::declare(TypeId id, std::string_view name, std::span<const std::string> tags) const {
  // From the outside in: a declarator grows around the name until a named type is reached.
  std::string declarator(name);
  bool afterStar = false;
  for (;; id = types_[id].element) {
    const Type& type = types_[id];
    std::string base;
    switch (type.kind) {
      case TypeKind::Pointer:
        declarator.insert(declarator.begin(), '*');
        afterStar = true;
        continue;
      case TypeKind::Array:
        if (afterStar) declarator.insert(declarator.begin(), '('), declarator += ')';
        declarator += '[';
        declarator += std::to_string(type.count);
        declarator += ']';
        afterStar = false;
        continue;
      case TypeKind::Void: base = "void"; break;
      case TypeKind::Bool: base = "bool"; break;
      case TypeKind::Char: base = "char"; break;
      case TypeKind::Int: base = "int"; break;
      case TypeKind::Unsigned: base = "unsigned"; break;
      case TypeKind::UChar: base = "unsigned char"; break;
      case TypeKind::Short: base = "short"; break;
      case TypeKind::UShort: base = "unsigned short"; break;
      case TypeKind::Struct: {
        const std::string& tag = tags.empty() ? type.name : tags[id];
        base = tag.empty() ? "struct" : "struct " + tag;
        break;
      }
    }
    if (declarator.empty()) return base;
    return base + (declarator[0] == '[' ? "" : " ") + declarator;
  }
}

std::string_view spelling(Operator op) {
  static constexpr std::string_view kSpellings[] = {"",  "-", "~",  "!",  "+",  "-",  "*", "/",  "%", "&",  "|",
                                                    "^", "<<", ">>", "==", "!=", "<", "<=", ">", ">=", "&&", "||"};
  static_assert(std::size(kSpellings) == size_t(Operator::LogicalOr) + 1);
  return kSpellings[size_t(op)];
}

namespace {
constexpr std::string_view kPrimitiveNames[] = {"",
#define PRIMITIVE(Platform, Name, name, ...) name,
#include "compiler/core/primitives.def"
};
}  // namespace

std::optional<Primitive> findPrimitive(std::string_view name) {
  for (size_t i = 1; i < std::size(kPrimitiveNames); i++)
    if (kPrimitiveNames[i] == name) return Primitive(i);
  return std::nullopt;
}

std::string_view primitiveName(Primitive primitive) { return kPrimitiveNames[size_t(primitive)]; }

Platform primitivePlatform(Primitive primitive) {
  static constexpr Platform kPlatforms[] = {Platform::Standalone,
#define PRIMITIVE(platform, ...) Platform::platform,
#include "compiler/core/primitives.def"
  };
  return kPlatforms[size_t(primitive)];
}

std::vector<TypeId> primitiveSignature(Primitive primitive) {
  switch (primitive) {
    case Primitive::None: break;
#define PRIMITIVE(Platform, Name, name, ...) \
  case Primitive::Name: return {__VA_ARGS__};
#include "compiler/core/primitives.def"
  }
  return {};
}

std::string_view Program::string(std::string_view text) {
  if (text.empty()) return {};
  auto* to = static_cast<char*>(arena_->allocate(text.size(), 1));
  std::memcpy(to, text.data(), text.size());
  return {to, text.size()};
}

namespace {
template <class Item>
std::optional<uint32_t> findByName(const std::vector<Item>& items, std::string_view name) {
  std::optional<uint32_t> found;
  for (uint32_t i = 0; i < items.size(); i++) {
    if (items[i].name != name) continue;
    if (!items[i].internal) return i;
    if (!found) found = i;
  }
  return found;
}
}  // namespace

std::optional<uint32_t> Program::findFunction(std::string_view function) const {
  return findByName(functions, function);
}

std::optional<uint32_t> Program::findGlobal(std::string_view global) const { return findByName(globals, global); }

std::optional<SubVariable> findSubVariable(const TypeTable& types, TypeId variable, uint32_t index, TypeId wanted) {
  if (index >= types[variable].size) return std::nullopt;
  SubVariable found{0, 0, 1};
  uint32_t start = 0;  // of the sub variable that the walk has reached
  for (TypeId id = variable; id != wanted || start != index;) {
    const Type& type = types[id];
    if (type.kind == TypeKind::Array) {
      const Type& element = types[type.element];
      const uint32_t i = (index - start) / element.size;
      found.first = start, found.count = type.count;
      found.offset += i * element.asize, start += i * element.size;
      id = type.element;
    } else if (type.kind == TypeKind::Struct) {
      auto field = std::upper_bound(type.fields.begin(), type.fields.end(), index - start,
                                    [](uint32_t at, const Field& each) { return at < each.index; });
      --field;
      found.offset += field->offset, start += field->index;
      found.first = start, found.count = 1;
      id = field->type;
    } else {
      return std::nullopt;
    }
  }
  return found;
}

uint32_t byteOffset(const TypeTable& types, TypeId variable, uint32_t index) {
  uint32_t offset = 0;
  for (TypeId id = variable;;) {
    const Type& type = types[id];
    if (index >= type.size) return offset + type.asize;
    if (type.kind == TypeKind::Array) {
      const Type& element = types[type.element];
      offset += index / element.size * element.asize;
      index %= element.size, id = type.element;
    } else if (type.kind == TypeKind::Struct) {
      auto field = std::upper_bound(type.fields.begin(), type.fields.end(), index,
                                    [](uint32_t at, const Field& each) { return at < each.index; });
      --field;
      offset += field->offset, index -= field->index, id = field->type;
    } else {
      return offset;
    }
  }
}

TypeId simpleTypeAt(const TypeTable& types, TypeId variable, uint32_t index) {
  TypeId id = variable;
  if (index >= types[id].size) return TypeTable::kVoid;
  while (!types[id].simple()) {
    const Type& type = types[id];
    if (type.kind == TypeKind::Array) {
      id = type.element;
      index %= types[id].size;
    } else {
      auto field = std::upper_bound(type.fields.begin(), type.fields.end(), index,
                                    [](uint32_t at, const Field& each) { return at < each.index; });
      --field;
      id = field->type, index -= field->index;
    }
  }
  return id;
}

uint32_t targetOffset(const Program& program, const InitialPointer& initial, TypeId pointer) {
  const TypeId target = program.types[pointer].element;
  const Type& type = program.types[target];
  const uint32_t element = initial.element - (initial.past ? type.size : 0);
  const auto found = findSubVariable(program.types, program.globals[initial.global].type, element, target);
  return found ? found->offset + (initial.past ? type.asize : 0) : 0;
}

std::optional<Leaf> leafAt(const TypeTable& types, TypeId type, uint32_t byte) {
  Leaf leaf{0, 0, type};
  if (byte >= types[type].asize) return std::nullopt;
  while (true) {
    const Type& t = types[leaf.type];
    if (byte >= t.asize) return std::nullopt;  // padding after a field
    if (t.kind == TypeKind::Array) {
      const Type& element = types[t.element];
      uint32_t k = byte / element.asize;
      leaf = {leaf.index + k * element.size, leaf.offset + k * element.asize, t.element};
      byte -= k * element.asize;
    } else if (t.kind == TypeKind::Struct) {
      auto field = std::upper_bound(t.fields.begin(), t.fields.end(), byte,
                                    [](uint32_t b, const Field& f) { return b < f.offset; });
      if (field == t.fields.begin()) return std::nullopt;
      --field;
      leaf = {leaf.index + field->index, leaf.offset + field->offset, field->type};
      byte -= field->offset;
    } else {
      return leaf;
    }
  }
}

}  // namespace core
