// Generates one function (compiler/core/frame.h says in which order and where operands wait).
#pragma once

#include <optional>

#include "compiler/codegen/codegen.h"
#include "compiler/codegen/emitter.h"
#include "compiler/codegen/mutation.h"
#include "compiler/core/frame.h"

namespace codegen {

// Where the frame comes into being, offsets in the function.
struct FramePoints {
  uint32_t moved = 0;       // from here on, r29 is the frame's
  uint32_t saved = 0;       // from here on, r31 is in the frame
  uint32_t stackStub = 0;   // from here on, r31 is not in the frame; 0: there is no such place
  bool early = false;       // r29 moves in the slot of the stack check's branch, so that the stub finds it moved
};

class FunctionGenerator {
 public:
  explicit FunctionGenerator(UnitGenerator& unit) : unit_(unit) {}

  base::Status generate(const core::Program& program, uint32_t index);

  // Of the function generated last. Relocations are relative to the function's start.
  const Emitter& emitter() const { return emit_; }
  const object::MapFunction& map() const { return map_; }
  const FramePoints& framePoints() const { return points_; }

 private:
  using Expr = core::Expr;
  using Stmt = core::Stmt;

  // anchor + index register + offset: the value of a place, not yet computed. `index` is an evaluation register or 0.
  struct Address {
    enum Anchor : uint8_t { None, Frame, Global } anchor = None;
    Register index = 0;
    uint32_t global = 0;
    uint32_t offset = 0;
  };
  // base register and immediate of a load, a store or an addi.
  struct Operand {
    Register base = 0;
    int32_t offset = 0;
    object::Relocation relocation = object::Relocation::None;
    uint32_t symbol = 0;
  };
  struct Stub {
    Label label;
    core::Fault fault;
    core::Position position;
    // Of a null pointer moved by the value in `by`: only if that is not 0. Else the code goes on at `back`, or, without
    // that, faults at `dereference`.
    Register by = 0;
    Label back = {};
    core::Position dereference = {};
  };
  struct Loop {
    Label leave, next;  // where break and continue go
  };
  using Temporaries = std::array<Register, 3>;
  struct Pair {
    Register left, right;
  };

  // statements.cpp
  void body();
  void prologue();
  void storeParameters();
  void epilogue();
  void list(core::StmtList statements);
  void statement(const Stmt& stmt);
  void begin(const Stmt& stmt);
  void assign(const Stmt& stmt);
  void returnStatement(const Stmt& stmt);
  void ifStatement(const Stmt& stmt);
  void whileStatement(const Stmt& stmt);
  void newStatement(const Stmt& stmt);
  void newArray(const Stmt& stmt);
  void zero(uint32_t bytes);
  void zeroLoop(Register end, bool dirty);
  void leaveLoop(const Stmt& stmt);
  void faultStatement(const Stmt& stmt);
  void asmStatement(const Stmt& stmt);  // asm_block.cpp
  void stubs();

  // calls.cpp
  void call(const Stmt& stmt);
  void arguments(const Stmt& stmt, const core::Function& callee);
  void structResultAddress(const Stmt& stmt, bool fixed);
  void storeResult(const Stmt& stmt, bool fixed);

  // expressions.cpp: the value of `expr`, at `depth`, into `to` (an evaluation register from `depth` on, an argument or
  // result register; written last).
  void evaluate(const Expr& expr, unsigned depth, Register to);
  void unary(const Expr& expr, unsigned depth, Register to);
  void cast(const Expr& expr, unsigned depth, Register to);
  void binary(const Expr& expr, unsigned depth, Register to);
  void binaryConstant(core::Operator op, Register to, uint32_t value, bool isSigned);
  void lazy(const Expr& expr, unsigned depth, Register to);
  Pair operands(const Expr& left, const Expr& right, unsigned depth);
  void branch(const Expr& condition, unsigned depth, Label target, bool when);
  void spill(Register reg);
  void reload(Register reg);

  // The value of a constant expression: literals, casts, negated and complemented ones.
  std::optional<uint32_t> constantOf(const Expr& expr) const;

  // comparisons.cpp
  void compare(const Expr& expr, unsigned depth, Register to);
  void compareConstant(core::Operator op, Register to, uint32_t value, bool isSigned);
  void compareUnsignedBelow(bool below, Register to, uint32_t bound);

  // pointers.cpp
  bool isPointer(const Expr& expr) const { return type(expr.type).kind == core::TypeKind::Pointer; }
  void moved(const Expr& expr, unsigned depth, Register to, const Expr* dereference);
  Address dereferenced(const Expr& place, unsigned depth);
  void difference(const Expr& expr, unsigned depth, Register to);

  // arithmetic.cpp
  bool callsRoutine(const Expr& expr, unsigned budget = 64) const;
  void routine(const Expr& expr, RuntimeSymbol symbol, unsigned depth, Register to);
  void multiply(const Expr& expr, unsigned depth, Register to);
  bool dividesInline(const Expr& divisor) const;
  void multiplyConstant(Register reg, uint32_t value);
  void divide(const Expr& expr, unsigned depth, Register to);
  void divideConstant(Register reg, unsigned power, bool isSigned, bool remainder);
  void andConstant(Register to, uint32_t value);

  // addresses.cpp
  Address address(const Expr& place, unsigned depth);
  Address indexed(const Expr& place, unsigned depth);
  Address waiting(const Expr& target, unsigned depth);
  Operand operand(const Address& address);
  void access(Op op, Register reg, const Address& address);
  void load(Register to, const Address& from, core::TypeId type);
  void store(Register from, const Address& to, core::TypeId type);
  void materialise(Register to, const Address& address);
  void checkBounds(const Expr& place, Register index);
  void checkNull(const Expr& place, Register pointer);
  bool isAligned(const Address& address) const;
  void copy(Address to, Address from, core::TypeId type, const Temporaries& free);
  void copyLoop(Register to, Register from, Register end, Op load, Op store, unsigned unit);
  bool isBelow(const Expr& expr, uint32_t bound) const;

  Label stub(core::Fault fault, core::Position position);
  void check(core::Fault fault, core::Position position);  // the call before this point reports it
  object::MapPosition position(core::Position position);
  base::Error error(const char* id, std::string text) const;  // at the function
  static Temporaries temporaries(unsigned depth) { return {reg(depth), reg(depth + 1), reg(depth + 2)}; }
  static Register reg(unsigned depth) { return core::kEvaluationRegister[depth]; }
  const core::Type& type(core::TypeId id) const { return program_->types[id]; }
  Address frameAddress(uint32_t offset) const { return {Address::Frame, 0, 0, offset}; }
  uint32_t runtime(RuntimeSymbol symbol) { return unit_.runtimeSymbol(symbol); }
  const Checks& checks() const { return unit_.options_.checks; }

  UnitGenerator& unit_;
  const core::Program* program_ = nullptr;
  const core::Function* function_ = nullptr;
  core::FrameLayout frame_;
  core::ArgumentLayout parameters_;
  Emitter emit_;
  object::MapFunction map_;
  FramePoints points_;
  std::vector<Stub> stubs_;
  std::vector<Loop> loops_;  // around the statement, innermost last
  Label stackStub_;
  std::vector<uint32_t> pending_;  // further entries of the next statement of the program rest
  std::vector<uint32_t> places_;   // of variables, as the code uses them
  uint32_t spillsInUse_ = 0;
  bool reachable_ = true;
};

// Second scratch register, beside r1: holds nothing across an operand.
constexpr Register kSecondScratch = isa::kResult;

inline bool isPowerOfTwo(uint32_t value) { return value != 0 && (value & (value - 1)) == 0; }
inline unsigned log2(uint32_t value) { return 31 - unsigned(__builtin_clz(value)); }

}  // namespace codegen
