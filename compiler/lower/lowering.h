// One function on its way to the core; a file for each group of features.
#pragma once

#include <span>
#include <unordered_map>

#include "compiler/lower/lower.h"

namespace lower {

using base::Loc;
using core::TypeId;
using core::TypeKind;
using core::TypeTable;
using syntax::Expr;
using syntax::Op;

using Value = const core::Expr*;  // without side effects
using List = core::StmtList;

class Lowering {
 public:
  Lowering(core::Program& program, Places& places, uint32_t index, std::vector<bool> addressed)
      : program_(program),
        types_(program.types),
        places_(places),
        function_(program.functions[index]),
        addressed_(std::move(addressed)) {}

  void run(const syntax::Stmt* body);

 private:
  // ---- statements (statements.cpp) ----
  void statements(const syntax::Stmt* first);
  void statement(const syntax::Stmt* stmt);
  void ifStatement(const syntax::Stmt* stmt, const Expr* condition);
  void returned(const syntax::Stmt* stmt, const Expr* value);
  void jump(bool isBreak, core::Position at);

  // ---- lower_for.cpp ----
  void loop(const syntax::Stmt* stmt);
  void breakUnless(const Expr* condition);

  // ---- lower_switch.cpp ----
  struct Section;
  struct Dispatch;
  struct LabelRange;
  void switchStatement(const syntax::Stmt* stmt);
  std::vector<Section> sections(const syntax::Stmt* stmt);
  static void section(const syntax::Stmt* stmt, std::vector<Section>& made, bool open);
  static bool makeGroups(Dispatch& d);
  void byNumber(Dispatch& d);
  void locate(const Dispatch& d, std::span<const LabelRange> ranges, Value number);
  void dispatch(Dispatch& d);
  void chain(Dispatch& d, size_t first);
  void search(Dispatch& d, size_t first, size_t last);
  void group(Dispatch& d, size_t first, size_t last);
  Value within(const Dispatch& d, uint32_t first, uint32_t last, bool negated);
  Value matches(const Dispatch& d, const std::vector<uint32_t>& values, bool negated);

  // ---- lower_initialisers.cpp ----
  void initialise(const Expr* e, uint32_t variable, Loc at);
  void initialiseParts(const Expr* list, Value variable);
  void zeros(TypeId type, Value place, uint32_t first, const std::vector<uint32_t>& covered);
  void zero(TypeId type, Value place);
  void zeroRun(TypeId type, Value place, uint32_t from, uint32_t to);
  Value part(Value variable, uint32_t index, TypeId wanted);

  // ---- expressions (expressions.cpp) ----
  Value value(const Expr* e);
  void discard(const Expr* e);
  Value pair(const Expr* e, core::Expr made);
  Value unary(const Expr* e);
  Value elementAddress(const Expr* e);
  Value binary(const Expr* e);
  // Still what it is after something with these effects.
  bool stable(Value v, uint8_t effects) const;
  Value protect(Value v, uint8_t effects);
  Value protectPlace(Value v, uint8_t effects);
  static bool deep(const Expr* e) { return e->depth >= kSegment; }
  static bool hoists(const Expr* e) { return e->effects != 0 || deep(e); }

  // ---- lower_conditional.cpp ----
  Value lazy(const Expr* e);
  Value conditional(const Expr* e);
  void choose(const Expr* e, Value target);  // null: for effect

  // ---- lower_assign.cpp ----
  Value assign(const Expr* e, bool wanted);
  Value compound(const Expr* e, bool wanted);
  void store(Value target, const Expr* e, core::Position at);
  Value once(Value place);
  // ---- lower_increment.cpp ----
  Value increment(const Expr* e, bool wanted);

  // ---- lower_calls.cpp ----
  Value call(const Expr* e, bool wanted);
  void callInto(const Expr* e, Value target);
  std::vector<Value> arguments(const Expr* first);
  void known(const Expr* e);  // assert, abort
  void allocate(const Expr* e, Value target);
  // ---- lower_printf.cpp ----
  Value printf(const Expr* e, bool wanted);

  // ---- making the core (lower.cpp) ----
  core::Position position(Loc loc) { return places_.position(loc); }
  core::Position start(const Expr* e) { return position(e->range.begin); }
  Value make(const core::Expr& e) { return program_.make(e); }
  Value literal(TypeId type, uint32_t value, core::Position at) {
    return make({.kind = core::ExprKind::Literal, .type = type, .position = at, .value = value});
  }
  Value binary(core::Operator op, TypeId type, Value left, Value right, core::Position at) {
    return make({.kind = core::ExprKind::Binary, .op = op, .type = type, .position = at, .left = left, .right = right});
  }
  Value cast(TypeId type, Value v);
  Value negated(Value v);
  Value zeroOf(TypeId type, core::Position at);
  Value temporary(TypeId type, core::Position at);
  Value copy(Value v);
  core::Stmt* emit(core::StmtKind kind, core::Position at);
  void emitAssign(Value target, Value v, core::Position at);
  void emitIf(Value condition, core::Position at, auto&& body) { emitIf(condition, at, body, [] {}); }
  void emitIf(Value condition, core::Position at, auto&& body, auto&& otherwise) {
    core::Stmt* made = emit(core::StmtKind::If, at);
    made->value = condition;
    bool left = false, right = false;
    made->body = nested(body, left);
    made->otherwise = nested(otherwise, right);
    ended_ = left && right;
  }
  // What `f` emits as a list of its own; whether its end is not reached.
  List nested(auto&& f, bool& ended) {
    size_t begin = pending_.size();
    bool outer = std::exchange(ended_, false);
    f();
    ended = std::exchange(ended_, outer);
    List list = program_.list(std::span<const core::Stmt* const>(pending_.data() + begin, pending_.size() - begin));
    pending_.resize(begin);
    return list;
  }
  List nested(auto&& f) {
    bool ended;
    return nested(f, ended);
  }
  // while (true) body: its end is reached by a break only.
  void emitForever(core::Position at, auto&& body, auto&& step) {
    core::Stmt* made = emit(core::StmtKind::While, at);
    made->value = literal(TypeTable::kBool, 1, at);
    made->body = nested(body);
    made->step = nested(step);
    ended_ = !breaks(made->body) && !breaks(made->step);
  }
  static bool breaks(List list);
  void release(size_t mark);
  void number(List list);

  static constexpr unsigned kSegment = 200;  // a temporary every so many levels keeps trees below core::kMaxNesting

  struct Target {  // of break and continue
    bool isLoop;
    bool wrapped = false;       // switch: break is a break of the core
    Value continues = nullptr;  // switch: set by a continue that has to leave it first
  };

  core::Program& program_;
  const TypeTable& types_;
  Places& places_;
  core::Function& function_;
  std::vector<bool> addressed_;  // by variable; temporaries are not
  uint32_t named_ = 0;           // variables that are not temporaries
  std::vector<const core::Stmt*> pending_;
  bool ended_ = false;  // the place after the last statement is not reached
  std::vector<uint32_t> live_;
  std::unordered_map<TypeId, std::vector<uint32_t>> free_;
  std::vector<Target> targets_;
  const std::vector<Value>* printed_ = nullptr;  // the arguments of the printf at hand
};

core::Operator operatorOf(Op op);

}  // namespace lower
