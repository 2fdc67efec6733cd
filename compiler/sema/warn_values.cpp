// What types and constants say about a function's expressions. The tree has been analysed: constants are literals,
// conversions are casts (those that were not written have their operand's range).
#include "compiler/sema/warnings.h"

namespace sema {

using namespace syntax;

namespace {

bool isLiteral(const Expr* e) { return e->kind == ExprKind::Integer || e->kind == ExprKind::Character || e->kind == ExprKind::Boolean; }
bool unwritten(const Expr* cast) { return cast->kind == ExprKind::Cast && cast->range.begin == cast->left->range.begin; }
// A condition that is no more than a number or name: `while (1)`, `if (DEBUG)`.
bool plain(std::string_view text) { return text.find_first_of("<>=!&|+-*/%~^? ") == text.npos || text.find("sizeof") != text.npos; }

class Values {
 public:
  explicit Values(Context& context) : c_(context) {}

  void statement(const Stmt* stmt) {
    eachExpression(stmt, [&](const Expr* e) { expression(e); });
    const bool decides = stmt->kind == StmtKind::If || stmt->kind == StmtKind::While || stmt->kind == StmtKind::Do || stmt->kind == StmtKind::For;
    if (decides && stmt->expr) condition(stmt->expr);
    if (stmt->kind == StmtKind::Return && stmt->expr) returned(stmt->expr);
    eachStatement(stmt, [&](const Stmt* each) { statement(each); });
  }

 private:
  struct Interval {
    int64_t least, greatest;
  };

  Interval interval(TypeId type) {
    switch (c_.type(type).kind) {
      case TypeKind::Bool: return {0, 1};
      case TypeKind::Char: return {-128, 127};
      case TypeKind::UChar: return {0, 255};
      case TypeKind::Short: return {-32768, 32767};
      case TypeKind::UShort: return {0, 65535};
      case TypeKind::Unsigned: return {0, 0xFFFFFFFF};
      default: return {INT32_MIN, INT32_MAX};
    }
  }
  bool isElementary(const Expr* e) { return e->type < kNullType && c_.type(e->type).elementary(); }

  void expression(const Expr* e) {
    switch (e->kind) {
      case ExprKind::Binary:
        if (e->op >= Op::LogicalAnd) condition(e->left), condition(e->right);
        else if (e->op >= Op::Equal) comparison(e);
        else arithmetic(e, e->right);
        break;
      case ExprKind::Assign:
        if (e->op != Op::None) arithmetic(e, e->right);
        break;
      case ExprKind::Conditional: condition(e->left); break;
      case ExprKind::Index: index(e, 0); break;
      default: break;
    }
    if (e->kind == ExprKind::Unary && e->op == Op::AddressOf && e->left->kind == ExprKind::Index) {
      index(e->left, 1);  // one past the end has an address
      expression(e->left->left), expression(e->left->right);
      return;
    }
    eachOperand(e, [&](const Expr* operand) { expression(operand); });
  }

  void arithmetic(const Expr* e, const Expr* right) {
    if (!isLiteral(right)) return;
    const bool shifts = e->op == Op::ShiftLeft || e->op == Op::ShiftRight;
    if ((e->op == Op::Div || e->op == Op::Mod) && right->number == 0)
      c_.warning(Rule::DivisionByZero, operatorRange(e), "division by zero").ranges = {right->range};
    if (shifts && right->number >= 32)
      c_.warning(Rule::ShiftCount, operatorRange(e), "the shift amount is taken modulo 32: this shifts by " + std::to_string(right->number & 31)).ranges = {right->range};
  }

  void index(const Expr* e, uint32_t beyond) {
    if (e->left->type >= kNullType || c_.type(e->left->type).kind != TypeKind::Array || !isLiteral(e->right)) return;
    const uint32_t count = c_.type(e->left->type).count;
    const bool negative = e->right->type != TypeTable::kUnsigned && int32_t(e->right->number) < 0;
    if (!negative && e->right->number < count + beyond) return;
    std::string text = negative ? std::to_string(int32_t(e->right->number)) : std::to_string(e->right->number);
    c_.warning(Rule::ArrayBounds, e->right->range, "the index " + text + " is outside of the array, which has " + std::to_string(count) + (count == 1 ? " element" : " elements")).ranges = {e->left->range};
  }

  // ---- conditions ----

  void condition(const Expr* e) {
    const bool addressTested = e->kind == ExprKind::Binary && e->op == Op::NotEqual && e->right->kind == ExprKind::Null && e->left->kind == ExprKind::Unary && e->left->op == Op::AddressOf;
    if (addressTested) {
      c_.warning(Rule::TautologicalCompare, e->range, "the address of a variable is never null: this condition is always true");
    } else if (isLiteral(e) && !plain(c_.text(e->range))) {
      c_.warning(Rule::ConstantCondition, e->range, std::string("this condition is always ") + (e->number ? "true" : "false"));
    }
  }

  // The operand before conversions that keep its value.
  const Expr* source(const Expr* e) {
    while (unwritten(e) && isElementary(e->left)) {
      Interval inner = interval(e->left->type), outer = interval(e->type);
      if (inner.least < outer.least || inner.greatest > outer.greatest) break;
      e = e->left;
    }
    return e;
  }

  void comparison(const Expr* e) {
    if (!isElementary(e->left) || !isElementary(e->right)) return;
    const bool turned = isLiteral(e->left);
    const Expr *side = turned ? e->right : e->left, *literal = turned ? e->left : e->right;
    if (isLiteral(literal) && !isLiteral(side)) withConstant(e, side, literal, turned);
    if (e->left->type == TypeTable::kUnsigned) signs(e);
  }

  void withConstant(const Expr* e, const Expr* side, const Expr* literal, bool turned) {
    const TypeId type = source(side)->type;
    if (type == TypeTable::kInt) return;  // i <= INT_MAX is no mistake
    Interval range = interval(type);
    int64_t bound = literal->type == TypeTable::kUnsigned ? int64_t(literal->number) : int64_t(int32_t(literal->number));
    Op op = e->op;
    if (turned) op = op == Op::Less ? Op::Greater : op == Op::Greater ? Op::Less : op == Op::LessEqual ? Op::GreaterEqual : op == Op::GreaterEqual ? Op::LessEqual : op;
    bool always = false, never = false;
    switch (op) {
      case Op::Less: always = range.greatest < bound, never = range.least >= bound; break;
      case Op::LessEqual: always = range.greatest <= bound, never = range.least > bound; break;
      case Op::Greater: always = range.least > bound, never = range.greatest <= bound; break;
      case Op::GreaterEqual: always = range.least >= bound, never = range.greatest < bound; break;
      default:
        never = bound < range.least || bound > range.greatest;
        if (op == Op::NotEqual) std::swap(always, never);
    }
    if (!always && !never) return;
    c_.warning(Rule::TautologicalCompare, operatorRange(e), "this comparison is always " + std::string(always ? "true" : "false") + ": the values of " + c_.quoted(type) + " are " + std::to_string(range.least) + " to " + std::to_string(range.greatest)).ranges = {e->left->range, e->right->range};
  }

  void signs(const Expr* e) {
    for (const Expr* side : {e->left, e->right}) {
      if (!unwritten(side)) continue;
      const Expr* from = side->left;
      while (unwritten(from) && isElementary(from->left)) from = from->left;
      if (!isElementary(from) || interval(from->type).least >= 0) continue;
      c_.warning(Rule::SignCompare, operatorRange(e), "this comparison converts " + c_.quoted(from->type) + " to 'unsigned': a negative value becomes a large one").ranges = {e->left->range, e->right->range};
      return;
    }
  }

  void returned(const Expr* e) {
    if (e->kind != ExprKind::Unary || e->op != Op::AddressOf) return;
    const Expr* root = e->left;
    while (root->kind == ExprKind::Member || root->kind == ExprKind::Index) root = root->left;
    if (root->kind != ExprKind::Name || !root->local) return;
    c_.warning(Rule::ReturnStackAddress, e->range, "this pointer to the local variable '" + std::string(root->symbol->text) + "' dangles as soon as the function has returned");
  }

  Context& c_;
};

}  // namespace

void warnValues(Context& context, const FunctionDefinition& function) { Values(context).statement(function.body); }

}  // namespace sema
