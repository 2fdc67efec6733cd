// The syntax tree of the whole surface language (docs/language.md), one top-level declaration at a time.
//
// Nodes live in the parser's arena until the consumer returns. Lists are linked by `next`. The fields below "sema" are
// empty after parsing; the analysis fills them in, and lowering reads them.
#pragma once

#include <cstdint>
#include <string_view>

#include "assembler/base/source.h"
#include "compiler/syntax/symbol.h"

namespace syntax {

using base::Loc;
using base::Range;

// Brackets, blocks, expressions and declarators may be nested this deep [nesting-limit]; every later phase may recurse.
constexpr unsigned kNestingLimit = 1000;

struct Expr;
struct Stmt;
struct Declaration;
struct Declarator;
struct Specifiers;

// ---- expressions ----------------------------------------------------------------------------------------------------

enum class ExprKind : uint8_t {
  Error,      // what could not be parsed, or has been reported
  Integer,    // number; flags; decimal 2147483648 is legal under unary minus only
  Character,  // number: the char, sign-extended
  Float,
  String,   // range covers one or more adjacent literals
  Boolean,  // number
  Null,
  Name,          // symbol
  Member,        // left.symbol; number: the name's place
  Arrow,         // left->symbol; the same
  Index,         // left[right]
  Call,          // left(list)
  Unary,         // op left
  Postfix,       // left ++, left --
  Binary,        // left op right
  Assign,        // left op= right; op None for plain =
  Conditional,   // left ? right : third
  Comma,         // left, right
  Cast,          // (typeName)left; without typeName: a conversion that the analysis inserted
  SizeofType,    // sizeof(typeName)
  SizeofExpr,    // sizeof left
  New,           // new(typeName) or new(typeName, left)
  Compound,      // (typeName){ list }
  Initializers,  // { list }
  Designated,    // designator = left, in Initializers; checked: left initialises the simple value `index` and what follows it
  Argument,      // in the pieces of a printf: its number-th argument
};

enum class Op : uint8_t {
  None,
  Negate,
  Complement,
  Not,
  Plus,
  Deref,
  AddressOf,
  Increment,
  Decrement,  // prefix; the last two postfix as well
  Add,
  Sub,
  Mul,
  Div,
  Mod,
  And,
  Or,
  Xor,
  ShiftLeft,
  ShiftRight,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  LogicalAnd,
  LogicalOr,
};
const char* spelling(Op op);

enum IntegerFlags : uint8_t {
  kUnsignedSuffix = 1,  // u
  kLongSuffix = 2,      // l, ll
  kHexadecimal = 4,
  kOctal = 8,
  kBinary = 16,
  kTooLarge = 32,  // beyond 2^32 - 1
};
// sema, of Binary and Index: the source has the operands the other way round, as in 1 + p and 1[a]; the right one comes first.
constexpr uint8_t kSwapped = 64;

// What evaluating an expression does besides computing a value.
enum Effects : uint8_t {
  kNeedsStatements = 1,  // the core has no such expression
  kAssignsLocal = 2,     // a local variable by its name
  kAssignsMemory = 4,    // other variables; calls
};

struct TypeName {
  Specifiers* specifiers;
  Declarator* declarator;  // without a name
  Range range = {};
};

// .symbol or [index], innermost first.
struct Designator {
  Symbol* symbol;
  Expr* index;
  Range range = {};
  Designator* next;
};

struct Expr {
  ExprKind kind;
  Op op = Op::None;
  uint8_t flags = 0;  // IntegerFlags; kSwapped
  bool parenthesized = false;
  uint16_t depth = 1;
  Range range = {};
  Loc at = 0;  // the operator
  uint32_t number = 0;
  Expr* left = nullptr;
  Expr* right = nullptr;
  Expr* third = nullptr;
  Expr* list = nullptr;
  Expr* next = nullptr;  // in the list that contains it
  Symbol* symbol = nullptr;
  TypeName* typeName = nullptr;
  Designator* designator = nullptr;
  // sema
  uint32_t type = 0;   // core::TypeId
  uint32_t index = 0;  // Name: the variable's or function's index in the core; Member, Arrow: the field's
  bool local = false;  // Name: a local variable or parameter
  uint8_t effects = 0;      // Effects
  uint16_t qualifiers = 0;  // bit 0: the object is const; bit n: what n dereferences lead to
};

inline Range operatorRange(const Expr* e) {
  size_t size = std::string_view(spelling(e->op)).size() + (e->kind == ExprKind::Assign);
  return {e->at, e->at + Loc(size)};
}

// ---- declarations ---------------------------------------------------------------------------------------------------

enum SpecifierFlags : uint32_t {
  kTypedef = 1 << 0,
  kExtern = 1 << 1,
  kStatic = 1 << 2,
  kConst = 1 << 3,
  kVolatile = 1 << 4,
  kRegister = 1 << 5,
  kAuto = 1 << 6,
  kInline = 1 << 7,
  kRestrict = 1 << 8,
  kVoid = 1 << 9,
  kBool = 1 << 10,
  kChar = 1 << 11,
  kInt = 1 << 12,
  kUnsigned = 1 << 13,
  kSigned = 1 << 14,
  kShort = 1 << 15,
  kLong = 1 << 16,
  kLongLong = 1 << 17,
  kFloat = 1 << 18,
  kDouble = 1 << 19,
  kRepeated = 1 << 20,  // a specifier was given twice
  kBuiltinMask = kVoid | kBool | kChar | kInt | kUnsigned | kSigned | kShort | kLong | kLongLong | kFloat | kDouble,
};

enum class BaseKind : uint8_t { None, Builtin, Typedef, Struct, Union, Enum };

struct Enumerator {
  Symbol* symbol;
  Range range = {};
  Expr* value;
  Enumerator* next;
};

struct Specifiers {
  uint32_t flags = 0;
  BaseKind base = BaseKind::None;
  bool hasBody = false;  // struct s { .. }
  Range range = {};
  Symbol* symbol = nullptr;  // Typedef: its name; Struct, Union, Enum: the tag or null
  Range symbolRange = {};
  Range flagRange = {};           // the last storage class or qualifier
  Declaration* fields = nullptr;  // Struct, Union
  Enumerator* enumerators = nullptr;
  Expr* at = nullptr;  // __at(expr)
  uint16_t qualifiers = 0;  // sema: as in Expr
};

enum class DerivedKind : uint8_t { Pointer, Array, Function };

// One step of a declarator. From head to tail they apply to the specifiers' type: `int *a[10]` is Pointer, Array.
struct Derived {
  DerivedKind kind;
  uint32_t flags = 0;     // Pointer: qualifiers
  bool variadic = false;  // Function
  uint16_t depth = 1;
  Range range = {};
  Expr* size = nullptr;               // Array; null for []
  Declaration* parameters = nullptr;  // Function: one declarator each
  Derived* next = nullptr;
};

struct Declarator {
  Symbol* symbol = nullptr;  // null: abstract, or an unnamed bit-field
  Range symbolRange = {};
  Range range = {};
  Derived* derived = nullptr;
  Derived* innermost = nullptr;  // the tail: what the name itself is
  Expr* initializer = nullptr;
  Loc equals = 0;
  Expr* width = nullptr;  // bit-field
  Declarator* next = nullptr;
  // sema
  uint32_t type = 0;        // of a local variable
  uint32_t index = 0;       // of a local variable in the function
  bool variable = false;    // a local variable in the frame
  uint16_t qualifiers = 0;  // as in Expr

  bool isFunction() const { return innermost && innermost->kind == DerivedKind::Function; }
};

struct Declaration {
  Specifiers* specifiers;
  Declarator* declarators = nullptr;
  Range range = {};
  bool damaged = false;  // its declarators could not be parsed
  Declaration* next = nullptr;
};

struct FunctionDefinition {
  Specifiers* specifiers;
  Declarator* declarator;
  Stmt* body;  // Block
  Range range = {};
};

// ---- statements -----------------------------------------------------------------------------------------------------

enum class StmtKind : uint8_t {
  Error,
  Skip,        // ;
  Block,       // { body }
  Expression,  // expr;
  Declare,     // declaration
  Return,      // return [expr];
  If,          // if (expr) body [else otherwise]
  While,       // while (expr) body
  Do,          // do body while (expr);
  For,         // for (init; [expr]; [step]) body
  Switch,      // switch (expr) body
  Case,        // case expr: body
  Default,     // default: body
  Break,
  Continue,
  Goto,   // goto symbol;
  Label,  // symbol: body
  Asm,    // asm { text }; text: the range between the braces
  Fault,  // __fault(expr);
};

struct Stmt {
  StmtKind kind;
  uint16_t depth = 1;
  Range range = {};
  Loc end = 0;  // Block: the closing brace
  Expr* expr = nullptr;
  Stmt* init = nullptr;  // For: Expression, Declare or Skip
  Expr* step = nullptr;
  Stmt* body = nullptr;  // Block: the first of a list
  Stmt* otherwise = nullptr;
  Declaration* declaration = nullptr;
  Symbol* symbol = nullptr;
  Range text = {};
  Stmt* next = nullptr;
};

}  // namespace syntax
