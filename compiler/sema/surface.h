// Types of C0X expressions, with C's rules: promotions, conversions and the decay of arrays become nodes of the tree, constants
// are folded into Integer nodes, conditions become bool. What remains is what compiler/lower expects:
//
//   - every expression has its core type; Integer, Null, Name, Member, Arrow, Index of an array, Deref, AddressOf, Cast,
//     Unary and Binary mean what they mean in the core; comparisons have type bool; a Cast to void discards
//   - op= computes in the type `index`, ++ and -- as well; New makes an array of type `index`
//   - Call: assert and abort have the index kNoIndex; in printf `third` lists the calls that it becomes
#pragma once

#include "compiler/sema/expressions.h"
#include "compiler/syntax/arena.h"

namespace sema {

// A variable in the frame of the function at hand.
struct LocalVariable {
  const Symbol* symbol;  // null: the compiler's own
  TypeId type;
  Range where;
  bool addressed = false;
};

class Surface : public Expressions {
 public:
  explicit Surface(Context& context) : Expressions(context) {}

  // Where nodes come from, until the next call.
  void begin(syntax::Arena& arena) { arena_ = &arena, variables.clear(); }
  std::vector<LocalVariable> variables;
  std::string_view functionName;  // names static locals

  // Arrays stay arrays, the type may be void.
  TypeId checkAny(syntax::Expr* e) override;
  // A constant of an integer type.
  std::optional<Constant> constant(syntax::Expr* e) override;
  // A value: arrays decay.
  TypeId value(syntax::Expr* e);
  // For its side effects; the value may be void.
  void discard(syntax::Expr* e);
  // Becomes bool.
  void condition(syntax::Expr* e);
  // int or unsigned; false after a report.
  bool promote(syntax::Expr* e);
  // A checked value, as it is assigned to something of type `wanted`.
  void assigned(syntax::Expr* e, TypeId wanted, uint16_t qualifiers, const char* what, Range declared = {});
  void convertTo(syntax::Expr* e, TypeId type);

  // ---- initialisers ----
  // `type` may be kErrorType. The initialiser becomes Initializers with a list of Designated, or (simple variables) a value of
  // the type. With `unsized` the type is the element's, and the result is the array.
  TypeId initializer(syntax::Expr* e, TypeId type, uint16_t qualifiers, bool unsized);
  // Evaluates what initializer() has left.
  void staticInitial(core::Global& global, syntax::Expr* e);

  uint32_t addVariable(const Symbol* symbol, TypeId type, Range where) {
    variables.push_back({symbol, type, where});
    return uint32_t(variables.size() - 1);
  }

 private:
  friend class Initializer;
  using Expr = syntax::Expr;
  using Op = syntax::Op;

  TypeId untyped(Expr* e);
  TypeId number(Expr* e);
  TypeId nameX(Expr* e);
  bool lengthKnown(const Expr* e);
  TypeId string(Expr* e);
  TypeId memberX(Expr* e);
  TypeId indexX(Expr* e);
  TypeId unaryX(Expr* e);
  TypeId address(Expr* e);
  TypeId dereference(Expr* e);
  TypeId increment(Expr* e);
  TypeId binaryX(Expr* e);
  TypeId arithmeticX(Expr* e);
  TypeId pointerArithmetic(Expr* e);
  TypeId compare(Expr* e);
  TypeId logical(Expr* e);
  TypeId assignment(Expr* e);
  TypeId conditional(Expr* e);
  TypeId comma(Expr* e);
  TypeId castX(Expr* e);
  TypeId sizeOfX(Expr* e);
  TypeId newX(Expr* e);
  TypeId compound(Expr* e);
  TypeId call(Expr* e);
  TypeId arguments(Expr* e, const Entity& callee);
  TypeId builtin(Expr* e);
  TypeId printf(Expr* e, const Entity& callee);
  bool directive(Expr* e, std::string_view format, size_t& at, Expr*& argument, uint32_t& ordinal, Expr*& pieces);
  void piece(Expr* e, Expr*& pieces, const char* routine, std::vector<Expr*> arguments);

  TypeId decay(Expr* e);
  bool place(Expr* e, Range at, const char* what);
  static bool lvalue(const Expr* e);
  void inMemory(const Expr* place);
  TypeId common(Expr* left, Expr* right);
  bool narrowLiteral(Expr* literal, TypeId type);
  bool usual(Expr* e, Expr* left, Expr* right);
  bool movable(Expr* e, TypeId pointer);
  TypeId mismatch(Expr* e, const char* text);
  void fold(Expr* e);
  void become(Expr* e, const Expr& other);
  Expr* wrap(Expr* e);
  Expr* literal(TypeId type, uint32_t bits, const Expr* at);
  Expr* make(syntax::ExprKind kind, TypeId type, const Expr* at);
  void testZero(Expr* e);
  void nullTo(Expr* e, TypeId type);
  bool typeNull(Expr* e);
  static bool isLiteral(const Expr* e) {
    return e->kind == syntax::ExprKind::Integer || e->kind == syntax::ExprKind::Character ||
           e->kind == syntax::ExprKind::Boolean;
  }
  bool isZero(const Expr* e) const { return isLiteral(e) && e->number == 0; }
  bool elementaryX(TypeId id) const { return id >= TypeTable::kBool && id <= TypeTable::kLastElementary; }
  bool isArray(TypeId id) { return id < kNullType && c_.type(id).kind == TypeKind::Array; }
  bool isStruct(TypeId id) { return id < kNullType && c_.type(id).kind == TypeKind::Struct; }
  uint8_t effectsOf(const Expr* e) const;

  uint32_t stringGlobal(const std::string& bytes, Range where);
  bool stringBytes(const Expr* e, std::string& bytes);
  bool staticPlace(const Expr* e, core::InitialPointer& to);
  bool staticPointer(const Expr* e, core::InitialPointer& to);

  syntax::Arena* arena_ = nullptr;
  uint32_t strings_ = 0;
};

}  // namespace sema
