// Initialisers of C0X: braces, designators and strings become a list of values for simple sub variables (and whole structs),
// in the order in which they are evaluated; for variables of static lifetime their values.
#include <algorithm>

#include "compiler/sema/surface.h"

namespace sema {

using namespace syntax;

class Initializer {
 public:
  explicit Initializer(Surface& surface) : s_(surface), c_(surface.c_) {}

  Expr* first = nullptr;
  uint64_t extent = 0;  // elements of an array without a size
  bool failed = false;

  // A whole variable from its initialiser; `count` elements of `type` for an array without a size.
  void variable(Expr* e, TypeId type, uint16_t qualifiers, bool unsized) {
    Part whole{type, 0, qualifiers};
    if (unsized) {
      if (e->kind == ExprKind::String && type == TypeTable::kChar) return string(e, kOpen, 0);
      if (e->kind == ExprKind::Initializers && e->list && !e->list->next && e->list->kind == ExprKind::String && type == TypeTable::kChar)
        return string(e->list, kOpen, 0);
      if (e->kind != ExprKind::Initializers) return fail(e, "an array is initialised by values in braces");
      return members(e, whole, kOpen);
    }
    if (e->kind == ExprKind::Initializers) return braced(e, whole);
    Expr* item = e;
    fill(whole, item, false);
  }

 private:
  static constexpr uint64_t kOpen = ~uint64_t(0);

  // A sub variable of what is initialised.
  struct Part {
    TypeId type;
    uint32_t index;       // its first simple value
    uint16_t qualifiers;  // as in Expr
  };

  const core::Type& type(TypeId id) { return c_.type(id); }
  void fail(const Expr* e, std::string text) {
    failed = true;
    if (e->type != kErrorType || !e->effects) c_.error(Rule::Initial, e->range, std::move(text));
  }

  void leaf(Expr* value, const Part& part) {
    if (checked_ != value) s_.value(value), checked_ = value;
    s_.assigned(value, part.type, part.qualifiers, "the initial value");
    if (value->type == kErrorType) {
      failed = true;
      return;
    }
    Expr* made = s_.make(ExprKind::Designated, part.type, value);
    made->left = value;
    made->index = part.index;
    made->effects = value->effects;
    if (!first) first = made;
    else last_->next = made;
    last_ = made;
  }

  void string(Expr* e, uint64_t count, uint32_t index) {
    std::string bytes;
    if (!s_.stringBytes(e, bytes)) return void(failed = true);
    if (bytes.size() > count) return fail(e, "the string is longer than the array");
    if (count == kOpen) extent = bytes.size() + 1;
    for (size_t i = 0; i < bytes.size(); ++i)
      leaf(checked_ = s_.literal(TypeTable::kChar, uint32_t(uint8_t(bytes[i])), e), {TypeTable::kChar, index + uint32_t(i), 0});
    if (bytes.empty() && count != kOpen) leaf(checked_ = s_.literal(TypeTable::kChar, 0, e), {TypeTable::kChar, index, 0});
  }

  void braced(Expr* e, const Part& whole) {
    const core::Type& of = type(whole.type);
    if (!of.simple()) {
      bool text = of.kind == TypeKind::Array && of.element == TypeTable::kChar;
      if (text && e->list && !e->list->next && e->list->kind == ExprKind::String) return string(e->list, of.count, whole.index);
      return members(e, whole, of.kind == TypeKind::Struct ? of.fields.size() : of.count);
    }
    if (!e->list || e->list->kind == ExprKind::Designated || e->list->kind == ExprKind::Initializers)
      return fail(e, "a " + c_.print(whole.type) + " is initialised by one value");
    Expr* item = e->list;
    Expr* next = item->next;
    leaf(item, whole);
    if (next) fail(next, "more values than " + c_.quoted(whole.type) + " has parts");
  }

  // The i-th part; of an array without a size the type is the element's.
  Part part(const Part& whole, bool open, uint64_t i) {
    if (!open && type(whole.type).kind == TypeKind::Struct) {
      const core::Field& field = type(whole.type).fields[i];
      return {field.type, whole.index + field.index, c_.structInfo(whole.type).qualifiers[i]};
    }
    TypeId element = open ? whole.type : type(whole.type).element;
    return {element, whole.index + uint32_t(i) * type(element).size, whole.qualifiers};
  }

  void members(Expr* e, const Part& whole, uint64_t count) {
    bool open = count == kOpen;
    uint64_t i = 0;
    for (Expr* item = e->list; item && !failed;) {
      if (item->kind == ExprKind::Designated) {
        Expr* value = item->left;
        Expr* next = item->next;
        Part sub = whole;
        if (!designate(item, open, i, sub)) return;
        value->next = next;
        item = value;
        fill(sub, item, true);
      } else if (i >= count) {
        return fail(item, "more values than " + (open ? std::string("the array") : c_.quoted(whole.type)) + " has parts");
      } else {
        fill(part(whole, open, i), item, true);
      }
      ++i;
      if (open) extent = std::max(extent, i);
      if (open && extent > (1u << 24)) return fail(e, "the array is too large for initial values");
    }
  }

  // From the whole to the part that is designated; `first`: which of the whole's parts that lies in.
  bool designate(const Expr* item, bool open, uint64_t& first, Part& sub) {
    bool outermost = true;
    for (const Designator* each = item->designator; each; each = each->next) {
      TypeId of = sub.type;
      bool array = (open && outermost) || type(of).kind == TypeKind::Array;
      uint64_t i = 0;
      if (each->index) {
        std::optional<Constant> value = s_.constant(each->index);
        if (!value) return failed = true, false;
        i = value->bits;
        uint64_t count = open && outermost ? 1u << 24 : array ? type(of).count : 0;
        if (!array || i >= count) return fail(item, array ? "the index is outside the array" : "an index designates no part of " + c_.quoted(of)), false;
      } else {
        if (array || type(of).kind != TypeKind::Struct) return fail(item, "a field designates no part of " + c_.quoted(of)), false;
        i = c_.findField(of, each->symbol);
        if (i == kNoIndex) return fail(item, "no field '" + std::string(each->symbol->text) + "' in " + c_.quoted(of)), false;
      }
      sub = part(sub, open && outermost, i);
      if (outermost) first = i;
      outermost = false;
    }
    return true;
  }

  // Initialises a part with the next items, and moves behind them. `inList`: more may follow.
  void fill(const Part& whole, Expr*& item, bool inList) {
    if (failed) return;
    Expr* next = item->next;
    const TypeId id = whole.type;
    if (item->kind == ExprKind::Initializers) {
      braced(item, whole);
      item = next;
      return;
    }
    if (type(id).simple()) {
      leaf(item, whole);
      item = next;
      return;
    }
    bool isStruct = type(id).kind == TypeKind::Struct;
    if (!isStruct && type(id).element == TypeTable::kChar && item->kind == ExprKind::String) {
      string(item, type(id).count, whole.index);
      item = next;
      return;
    }
    if (isStruct && item->kind != ExprKind::String) {
      if (checked_ != item) s_.value(item), checked_ = item;
      if (item->type == kErrorType) return void(failed = true);
      if (item->type == id) {
        leaf(item, whole);
        item = next;
        return;
      }
    }
    if (!inList) return fail(item, "braces are needed here for the parts of " + c_.quoted(id));
    uint64_t count = isStruct ? type(id).fields.size() : type(id).count;
    for (uint64_t i = 0; i < count && item && item->kind != ExprKind::Designated && !failed; ++i)
      fill(part(whole, false, i), item, true);
  }

  Surface& s_;
  Context& c_;
  Expr* last_ = nullptr;
  Expr* checked_ = nullptr;
};

TypeId Surface::initializer(Expr* e, TypeId type, uint16_t qualifiers, bool unsized) {
  if (type == kErrorType || e->kind == ExprKind::Error) return kErrorType;  // reported
  Initializer reader(*this);
  Expr* source = arena_->make<Expr>(*e);  // the list refers to it, and takes the place of e
  source->next = nullptr;
  reader.variable(source, type, qualifiers, unsized);
  if (reader.failed) return kErrorType;
  if (unsized) {
    if (reader.extent == 0) {
      c_.error(Rule::ArraySize, e->range, "an array has at least one element");
      return kErrorType;
    }
    type = c_.arrayOf(type, reader.extent, e->range);
    if (type == kErrorType) return type;
  }
  uint8_t effects = 0;
  for (const Expr* each = reader.first; each; each = each->next) effects |= each->effects;
  if (c_.type(type).simple() && reader.first) return become(e, *reader.first->left), type;
  Expr* next = e->next;
  Expr* made = make(ExprKind::Initializers, type, e);
  made->list = reader.first;
  made->effects = effects;
  become(e, *made);
  e->next = next;
  return type;
}

// ---- static lifetime ----

bool Surface::staticPlace(const Expr* e, core::InitialPointer& to) {
  switch (e->kind) {
    case ExprKind::Name:
      to.global = e->index;
      to.element = 0;
      return !e->local;
    case ExprKind::Member:
      if (!staticPlace(e->left, to)) return false;
      to.element += c_.type(e->left->type).fields[e->index].index;
      return true;
    case ExprKind::Index:
      if (!isLiteral(e->right) || e->right->number >= c_.type(e->left->type).count || !staticPlace(e->left, to)) return false;
      to.element += e->right->number * c_.type(e->type).size;
      return true;
    case ExprKind::Unary: return e->op == Op::Deref && staticPointer(e->left, to) && !to.past;
    default: return false;
  }
}

bool Surface::staticPointer(const Expr* e, core::InitialPointer& to) {
  if (e->kind == ExprKind::Cast) return staticPointer(e->left, to);
  if (e->kind == ExprKind::Unary && e->op == Op::AddressOf) {
    const Expr* at = e->left;
    const bool end = at->kind == ExprKind::Index && isLiteral(at->right) && at->right->number == c_.type(at->left->type).count;
    if (!end) return staticPlace(at, to);
    if (!staticPlace(at->left, to)) return false;
    to.element += c_.type(at->left->type).size;
    return to.past = true;
  }
  if (e->kind != ExprKind::Binary || (e->op != Op::Add && e->op != Op::Sub) || !isLiteral(e->right)) return false;
  if (!staticPointer(e->left, to) || to.past) return false;
  TypeId wanted = c_.type(e->type).element;
  int64_t size = c_.type(wanted).size;
  auto array = core::findSubVariable(c_.types(), c_.program.globals[to.global].type, to.element, wanted);
  if (!array) return false;
  int64_t moved = (int64_t(to.element) - array->first) / size + (e->op == Op::Add ? int64_t(int32_t(e->right->number)) : -int64_t(int32_t(e->right->number)));
  if (moved < 0 || moved > int64_t(array->count)) return false;
  to.element = uint32_t(array->first + moved * size);
  to.past = moved == int64_t(array->count);
  if (to.past && c_.program.globals[to.global].open) return false;  // its end is not known
  return true;
}

void Surface::staticInitial(core::Global& global, Expr* e) {
  uint32_t size = c_.type(global.type).size;
  if (size > (1u << 24)) {
    c_.error(Rule::TooLarge, e->range, "a variable of this size has no initial values");
    return;
  }
  std::vector<uint32_t> values(size);
  std::vector<core::InitialPointer> pointers;
  auto set = [&](const Expr* value, uint32_t index) {
    auto at = std::lower_bound(pointers.begin(), pointers.end(), index, [](const auto& each, uint32_t i) { return each.index < i; });
    if (at != pointers.end() && at->index == index) at = pointers.erase(at);
    values[index] = 0;
    core::InitialPointer pointer{.index = index, .global = 0};
    if (isLiteral(value)) values[index] = value->number;
    else if (value->kind == ExprKind::Null) return;
    else if (pointerType(value->type) && staticPointer(value, pointer)) pointers.insert(at, pointer);
    else c_.error(Rule::ConstantExpression, value->range, "the initial value of a variable of static lifetime is a constant, or the address of such a variable");
  };
  if (e->kind != ExprKind::Initializers) set(e, 0);
  else
    for (const Expr* item = e->list; item; item = item->next) set(item->left, item->index);
  if (std::any_of(values.begin(), values.end(), [](uint32_t value) { return value != 0; })) global.initial = std::move(values);
  global.pointers = std::move(pointers);
}

TypeId Surface::compound(Expr* e) {
  Declarator* declarator = e->typeName->declarator;
  bool unsized = declarator->innermost && declarator->innermost->kind == DerivedKind::Array && !declarator->innermost->size;
  TypeId base = types_.base(*e->typeName->specifiers);
  TypeId type = types_.apply(base, *declarator, e->typeName->specifiers->qualifiers, unsized ? declarator->innermost : nullptr);
  if (!types_.requireComplete(type, e->typeName->range, "value")) return kErrorType;
  if (!c_.inFunction) return c_.error(Rule::ConstantExpression, e->range, "a compound literal stands in a function"), kErrorType;
  Expr* list = make(ExprKind::Initializers, type, e);
  list->range = e->range;
  list->list = e->list;
  type = initializer(list, type, declarator->qualifiers, unsized);
  e->list = list->kind == ExprKind::Initializers ? list->list : nullptr;
  if (type == kErrorType) return type;
  if (list->kind != ExprKind::Initializers) return become(e, *list), type;
  e->qualifiers = declarator->qualifiers;
  e->index = addVariable(nullptr, type, e->range);
  e->typeName = nullptr;
  return type;
}

}  // namespace sema
