// Initial contents of globals in dumps of the core (decisions.md, 5): numbers, NULL, addresses, braces and strings,
// flattened to the global's simple values.
#include "compiler/sema/declarations.h"
#include "compiler/syntax/literals.h"

namespace sema {

using namespace syntax;

namespace {

class Initial {
 public:
  Initial(Context& context, Expressions& expressions, std::vector<uint32_t>& values,
          std::vector<core::InitialPointer>& pointers)
      : c_(context), expressions_(expressions), values_(values), pointers_(pointers) {}

  void value(TypeId id, Expr* e, uint32_t base) {
    const core::Type& type = c_.type(id);
    if (type.simple()) return simple(id, e, base);
    if (e->kind == ExprKind::String && type.element == TypeTable::kChar) return string(type.count, e, base);
    if (e->kind != ExprKind::Initializers) {
      c_.error(Rule::TypeMismatch, e->range, "braces are needed here for the parts of " + c_.quoted(id));
      return;
    }
    bool isStruct = type.kind == TypeKind::Struct;
    size_t count = isStruct ? type.fields.size() : type.count, i = 0;
    for (Expr* item = e->list; item; item = item->next, ++i) {
      if (i == count) {
        c_.error(Rule::ArgumentCount, item->range, "more values than " + c_.quoted(id) + " has parts");
        return;
      }
      TypeId part = isStruct ? c_.type(id).fields[i].type : c_.type(id).element;
      value(part, item, base + (isStruct ? c_.type(id).fields[i].index : uint32_t(i) * c_.type(part).size));
    }
  }

 private:
  void simple(TypeId id, Expr* e, uint32_t base) {
    expressions_.checkValue(e, id, "the initial value");
    if (e->type != id) return;
    if (c_.type(id).kind == TypeKind::Pointer && e->kind != ExprKind::Null) return pointer(id, e, base);
    const Expr* literal = e->kind == ExprKind::Cast ? e->left : e;  // (short)1: there is no other way to write it
    if (std::optional<uint32_t> bits = number(literal)) {
      values_[base] = core::convert(c_.type(id).kind, *bits);
      return;
    }
    c_.error(Rule::TypeMismatch, e->range, "an initial value is a literal");
  }

  static std::optional<uint32_t> number(const Expr* e) {
    bool negative = e->kind == ExprKind::Unary && e->op == Op::Negate && e->left->kind == ExprKind::Integer;
    if (!negative && (e->kind > ExprKind::Null || e->kind == ExprKind::Float || e->kind == ExprKind::String))
      return std::nullopt;
    return negative ? 0u - e->left->number : e->number;
  }

  // &place, or &place + 1 for what is one past the end of an array.
  void pointer(TypeId id, const Expr* e, uint32_t base) {
    const bool past =
        e->kind == ExprKind::Binary && e->op == Op::Add && e->right->kind == ExprKind::Integer && e->right->number == 1;
    const Expr* address = past ? e->left : e;
    core::InitialPointer made{base, 0, 0, past};
    if (address->kind == ExprKind::Unary && address->op == Op::AddressOf && place(address->left, made)) {
      const TypeId target = c_.type(id).element;
      const uint32_t size = c_.type(target).size;
      const auto found = core::findSubVariable(c_.types(), c_.program.globals[made.global].type, made.element, target);
      if (past) made.element += size;
      if (found && (!past || made.element == found->first + found->count * size)) {
        pointers_.push_back(made);
        return;
      }
    }
    c_.error(Rule::TypeMismatch, e->range,
             "an initial pointer is NULL, the address of a part of a global, or the end of an array");
  }
  bool place(const Expr* e, core::InitialPointer& to) {
    switch (e->kind) {
      case ExprKind::Name: to.global = e->index; return !e->local;
      case ExprKind::Member:
        if (!place(e->left, to)) return false;
        to.element += c_.type(e->left->type).fields[e->index].index;
        return true;
      case ExprKind::Index:
        if (!place(e->left, to) || e->right->kind != ExprKind::Integer) return false;
        to.element += e->right->number * c_.type(e->type).size;
        return e->right->number < c_.type(e->left->type).count;
      default: return false;
    }
  }

  void string(uint32_t count, Expr* e, uint32_t base) {
    std::string_view text = c_.text(e->range);
    bool inside = false;
    uint32_t at = 0;
    for (size_t i = 0; i < text.size();) {
      if (text[i] == '"') inside = !inside;
      if (!inside || text[i] == '"') {
        ++i;
        continue;
      }
      std::optional<uint8_t> c = parseEscape(text, i);
      if (!c || at == count) {
        c_.error(Rule::TypeMismatch, e->range, c ? "the string is longer than the array" : "unknown escape sequence");
        return;
      }
      values_[base + at++] = uint32_t(int32_t(int8_t(*c)));
    }
  }

  Context& c_;
  Expressions& expressions_;
  std::vector<uint32_t>& values_;
  std::vector<core::InitialPointer>& pointers_;
};

}  // namespace

void Unit::initialize(Entity& entity, Expr* initializer) {
  constexpr uint32_t kMost = 1 << 24;
  if (c_.type(entity.type).size > kMost) {
    c_.error(Rule::TooLarge, initializer->range, "a variable of this size has no initial values");
    return;
  }
  std::vector<uint32_t> values(c_.type(entity.type).size);
  std::vector<core::InitialPointer> pointers;
  Initial(c_, expressions_, values, pointers).value(entity.type, initializer, 0);
  c_.program.globals[entity.index].initial = std::move(values);
  c_.program.globals[entity.index].pointers = std::move(pointers);
}

}  // namespace sema
