// Types of expressions, written into the tree.
#pragma once

#include "compiler/sema/context.h"
#include "compiler/sema/types.h"

namespace sema {

struct Constant {
  TypeId type;
  uint32_t bits;
};

// nullopt: not computed at compile time, as a division by zero.
std::optional<uint32_t> computeConstant(syntax::Op op, bool isSigned, uint32_t a, uint32_t b);

class Expressions {
 public:
  explicit Expressions(Context& context) : c_(context), types_(context, *this) {}
  virtual ~Expressions() = default;

  Types& types() { return types_; }

  // The expression's type, kErrorType after a report, kNullType for NULL.
  TypeId check(syntax::Expr* e);
  // The same where an array may stand.
  virtual TypeId checkAny(syntax::Expr* e);
  // A value that is assigned to something of type `wanted`; `what` names it ("the argument", "the result").
  // `declared`: where the wanted type comes from.
  void checkValue(syntax::Expr* e, TypeId wanted, const char* what, Range declared = {});
  // The same for an expression that has been checked.
  void convert(syntax::Expr* e, TypeId wanted, const char* what, Range declared = {});
  // What can be assigned to.
  TypeId checkPlace(syntax::Expr* e, Range assignment);
  void checkCondition(syntax::Expr* e);
  // The arguments of a call statement; its result type.
  TypeId checkCall(syntax::Expr* call);
  // new(T): T.
  TypeId checkNew(syntax::Expr* e);
  // A constant of type int or unsigned; nullopt after a report.
  virtual std::optional<Constant> constant(syntax::Expr* e);

  // Of __at: a constant of an integer type; nullopt after a report.
  std::optional<uint32_t> address(syntax::Expr* e);

  static bool isPlace(const syntax::Expr* e);

 protected:
  TypeId integer(syntax::Expr* e, bool negated);
  TypeId name(syntax::Expr* e);
  TypeId member(syntax::Expr* e);
  TypeId memberOf(syntax::Expr* e, TypeId left);
  TypeId index(syntax::Expr* e);
  TypeId unary(syntax::Expr* e);
  TypeId addressOf(syntax::Expr* e);
  TypeId addressed(syntax::Expr* e, bool (*isPlace)(const syntax::Expr*));
  TypeId deref(syntax::Expr* e);
  TypeId target(syntax::Expr* e, TypeId type);
  TypeId notAnArray(syntax::Expr* e, TypeId type);
  TypeId binary(syntax::Expr* e);
  TypeId comparison(syntax::Expr* e, TypeId left, TypeId right);
  TypeId arithmetic(syntax::Expr* e, TypeId left, TypeId right);
  bool elementPointers(const syntax::Expr* e, TypeId left, TypeId right, TypeId& result);
  TypeId cast(syntax::Expr* e);
  TypeId sizeOf(syntax::Expr* e);
  TypeId outside(Rule rule, syntax::Expr* e);
  void undeclared(const syntax::Expr* e, bool called);
  void unknownMember(syntax::Expr* e, TypeId structure);
  TypeId differentTypes(syntax::Expr* e);
  std::optional<Constant> evaluate(const syntax::Expr* e);
  std::optional<Constant> notConstant(const syntax::Expr* e);
  bool elementary(TypeId id) const { return id >= TypeTable::kBool && id <= TypeTable::kLastElementary; }
  bool arithmeticType(TypeId id) const { return id == TypeTable::kInt || id == TypeTable::kUnsigned; }
  bool pointerType(TypeId id) { return id < kNullType && c_.type(id).kind == TypeKind::Pointer; }
  void castFix(Diagnostic& diagnostic, const syntax::Expr* e, TypeId wanted);
  void insertAround(Diagnostic& diagnostic, const syntax::Expr* e, const std::string& before, const std::string& after);

  Context& c_;
  Types types_;
  static constexpr unsigned kMostSuggestions = 100;  // each looks at all names
  unsigned suggestions_ = 0;
};

}  // namespace sema
