// The core language: what the abstract machine runs, the code generator compiles and the checkers reason about
// (shared/spec/c0.md "Core", decisions.md 5). Typed trees with positions; built by sema, kept in .c0core.
//
// Ownership: a Program owns all its nodes in one arena; nodes are immutable once their function is finished.
#pragma once

#include <cstdint>
#include <memory>
#include <memory_resource>
#include <new>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "assembler/object/faults.h"

namespace core {

using object::Fault;

struct Position {
  uint32_t line = 0;    // 1-based; 0 = nowhere
  uint16_t column = 0;  // 1-based, bytes; saturates
  uint16_t file = 0;    // index into Program::files
  bool operator==(const Position&) const = default;
};

// ---- types (seed 003, 4.1) ------------------------------------------------------------------------------------------

using TypeId = uint32_t;  // index into TypeTable

enum class TypeKind : uint8_t { Void, Bool, Char, Int, Unsigned, UChar, Short, UShort, Pointer, Array, Struct };

struct Field {
  std::string name;
  TypeId type;
  uint32_t index;   // of its first simple value in the struct
  uint32_t offset;  // bytes
};

struct Type {
  TypeKind kind = TypeKind::Void;
  TypeId element = 0;         // Pointer: target; Array: element
  uint32_t count = 0;         // Array: n >= 1
  std::string name;           // Struct: its tag
  std::vector<Field> fields;  // Struct; empty while incomplete
  uint32_t size = 0;          // abstract size: number of simple values; 0 = void or incomplete
  uint32_t asize = 0;         // bytes
  uint32_t align = 1;

  bool simple() const { return kind >= TypeKind::Bool && kind <= TypeKind::Pointer; }
  bool elementary() const { return kind >= TypeKind::Bool && kind < TypeKind::Pointer; }
  bool arithmetic() const { return kind == TypeKind::Int || kind == TypeKind::Unsigned; }
};

// Interned: equal types have equal ids (structs by declaration). Every type is made after those it is built of; a struct's
// fields are known from its completion on.
class TypeTable {
 public:
  static constexpr TypeId kVoid = 0, kBool = 1, kChar = 2, kInt = 3, kUnsigned = 4, kUChar = 5, kShort = 6, kUShort = 7;
  static constexpr TypeId kLastElementary = kUShort;

  TypeTable();
  const Type& operator[](TypeId id) const { return types_[id]; }
  uint32_t count() const { return uint32_t(types_.size()); }

  TypeId pointer(TypeId target);
  // nullopt if the array would exceed 2^31 - 1 bytes or n = 0.
  std::optional<TypeId> array(TypeId element, uint64_t n);
  // A new incomplete struct; completeStruct lays it out as ILP32 C does. False if it would exceed 2^31 - 1 bytes, has no
  // fields or one of incomplete type, or is complete already.
  TypeId declareStruct(std::string tag);
  bool completeStruct(TypeId id, std::vector<std::pair<std::string, TypeId>> fields);

  // Structs in the order of their completion, each with the number of types that the table had then.
  struct Completion {
    TypeId id;
    uint32_t count;
  };
  std::span<const Completion> completions() const { return completions_; }

  // As C writes it: "int", "struct node *", "int[4]"; with a name a declaration: "int (*rows)[4]".
  std::string print(TypeId id) const { return declare(id, ""); }
  // `tags`, if given: what to call each struct, by TypeId.
  std::string declare(TypeId id, std::string_view name, std::span<const std::string> tags = {}) const;

 private:
  std::vector<Type> types_;
  std::vector<Completion> completions_;
  std::unordered_map<uint64_t, TypeId> pointers_, arrays_;
};

// Greatest height of an expression tree, and greatest nesting of statements; verify() checks both, so that code may recurse.
constexpr unsigned kMaxNesting = 1000;

// What a value becomes when it is stored as an elementary type: cut to the type's bits, then extended to 32 (bool: value != 0).
constexpr uint32_t convert(TypeKind kind, uint32_t value) {
  switch (kind) {
    case TypeKind::Bool: return value != 0;
    case TypeKind::Char: return uint32_t(int8_t(value));
    case TypeKind::UChar: return uint8_t(value);
    case TypeKind::Short: return uint32_t(int16_t(value));
    case TypeKind::UShort: return uint16_t(value);
    default: return value;
  }
}

// ---- expressions ----------------------------------------------------------------------------------------------------

enum class ExprKind : uint8_t {
  Literal,    // value: 32 bits, converted to the elementary type (signed types sign-extended, others zero-extended)
  Null,       // of a pointer type
  Global,     // value: index into Program::globals
  Local,      // value: index into Function::variables
  Field,      // left.fields[value]
  Index,      // left[right]; left is an array, right int or unsigned
  Deref,      // *left
  AddressOf,  // &left; `&a[0]` is how an array decays to an element pointer
  Unary,      // op left
  Binary,     // left op right; LogicalAnd and LogicalOr are lazy
  Cast,       // (type)left among elementary types
};

enum class Operator : uint8_t {
  None,
  Negate, Complement, Not,                                      // - ~ !
  Add, Sub, Mul, Div, Mod, And, Or, Xor, ShiftLeft, ShiftRight,  // int and unsigned; pointer +- int or unsigned, and
                                                                // the difference (an int) of two pointers of one type
  Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual,      // result bool; of one simple type
  LogicalAnd, LogicalOr,                                        // bool
};
std::string_view spelling(Operator op);

struct Expr {
  ExprKind kind;
  Operator op = Operator::None;
  TypeId type;
  Position position;  // of the operator, decisions.md 7
  uint32_t value = 0;
  const Expr* left = nullptr;
  const Expr* right = nullptr;

  // It denotes a sub variable: its operands lead to one through Field and Index.
  bool place() const {
    return kind == ExprKind::Global || kind == ExprKind::Local || kind == ExprKind::Field || kind == ExprKind::Index ||
           kind == ExprKind::Deref;
  }
  bool lazy() const { return op == Operator::LogicalAnd || op == Operator::LogicalOr; }
};

// ---- statements -----------------------------------------------------------------------------------------------------

enum class StmtKind : uint8_t {
  Skip,      // ;
  Assign,    // target = value; of simple or struct type
  Call,      // [target =] functions[index](arguments); a void function has no target
  Return,    // return [value];
  If,        // if (value) body else otherwise
  While,     // while (value) body, and `step` after the body and at continue, before the next test
  Break,     // leaves the innermost while that has this statement in its body or step
  Continue,  // to the step of the innermost while; not in a step
  New,       // target = new(newType), or new(newType, value): an array of run-time length, null if value <= 0
  Asm,       // asm { text } (C0A)
  Fault,     // __fault(code)
};

struct Stmt;
using StmtList = std::span<const Stmt* const>;

// Sequences are lists: `{ s.. }` is part of the list that contains it. The end of a function's body is never reached: the body
// holds a Return or Fault, an If of which neither branch ends, or a `while (true)` without a break of its own.
struct Stmt {
  StmtKind kind;
  Fault fault = Fault::None;
  uint32_t ordinal;  // in the function: preorder number (body, otherwise, step), index into Function::statements
  Position position;
  const Expr* target = nullptr;
  const Expr* value = nullptr;
  uint32_t index = 0;    // Call: into Program::functions
  TypeId newType = 0;    // New
  std::span<const Expr* const> arguments = {};
  StmtList body = {}, otherwise = {}, step = {};
  std::string_view text = {};  // Asm
};

// ---- programs -------------------------------------------------------------------------------------------------------

struct Variable {
  std::string name;
  TypeId type;
  Position position;
};

// An initial pointer to a sub variable of a global.
struct InitialPointer {
  uint32_t index;        // of the pointer: a simple value of the global that it initialises
  uint32_t global;       // into Program::globals
  uint32_t element = 0;  // the target's first simple value in that global
  bool past = false;     // one past the end of the array that ends at `element`
  bool operator==(const InitialPointer&) const = default;
};

struct Global {
  std::string name;
  TypeId type = 0;
  Position position;
  bool defined = true;      // false: extern, another unit defines it
  bool internal = false;    // visible in its unit only
  bool constant = false;    // writing it, through any path, is the fault const-write
  bool open = false;        // `extern T a[]`: its type is T[1], and only &a[0] is named; the unit that defines it knows the length
  std::vector<uint32_t> initial;         // simple values in order; empty = all zero
  std::vector<InitialPointer> pointers = {};  // by index, rising; `initial` is 0 there
  std::optional<uint32_t> address = {};  // __at: its place in physical memory; no initial values then (C0A)
};

constexpr uint64_t kMaxBytes = 0x7FFFFFFF;  // of a variable, and of a frame

// Whether a variable of this size can be placed there: at a multiple of 4, within the 2 GiB that memory has at most.
constexpr bool isPlaceable(uint32_t address, uint32_t bytes) {
  return address % 4 == 0 && address < 0x80000000u && bytes <= 0x80000000u - address;
}

// What a program runs on, as far as its primitives go: by itself, or as the abstract kernel of CVM.
enum class Platform : uint8_t { Standalone, Cvm };

// Extern functions with an abstract meaning (decisions.md, 4): PRIMITIVE(Platform, Name, "name", result, parameters).
enum class Primitive : uint8_t {
  None,
#define PRIMITIVE(Platform, Name, ...) Name,
#include "compiler/core/primitives.def"
};
constexpr Primitive kLastPrimitive = [] {
  Primitive last = Primitive::None;
#define PRIMITIVE(Platform, Name, ...) last = Primitive::Name;
#include "compiler/core/primitives.def"
  return last;
}();
// Of any platform.
std::optional<Primitive> findPrimitive(std::string_view name);
std::string_view primitiveName(Primitive primitive);
Platform primitivePlatform(Primitive primitive);
// Its result type, then its parameters' types.
std::vector<TypeId> primitiveSignature(Primitive primitive);

struct Function {
  std::string name;
  TypeId result = 0;
  uint32_t parameters = 0;  // the first `parameters` variables
  std::vector<Variable> variables;
  Position position;
  bool defined = false;
  bool internal = false;
  Primitive primitive = Primitive::None;   // for undefined functions of the table
  StmtList body;
  std::vector<const Stmt*> statements;  // by ordinal
};

class Program {
 public:
  Program() : arena_(std::make_unique<std::pmr::monotonic_buffer_resource>()) {}

  std::string name;  // the unit's main file; "" for a linked program
  std::vector<std::string> files;
  TypeTable types;
  std::vector<Global> globals;
  std::vector<Function> functions;

  // Nodes live as long as the program.
  template <class T>
  T* make(const T& node) {
    return new (arena_->allocate(sizeof(T), alignof(T))) T(node);
  }
  template <class T>
  std::span<const T* const> list(const std::vector<const T*>& items) {
    return list(std::span<const T* const>(items));
  }
  template <class T>
  std::span<const T* const> list(std::span<const T* const> items) {
    if (items.empty()) return {};
    auto* to = static_cast<const T**>(arena_->allocate(items.size() * sizeof(T*), alignof(T*)));
    std::copy(items.begin(), items.end(), to);
    return {to, items.size()};
  }
  std::string_view string(std::string_view text);

  // The one that other units see, if there is one; else the first of this name.
  std::optional<uint32_t> findFunction(std::string_view function) const;
  std::optional<uint32_t> findGlobal(std::string_view global) const;

 private:
  std::unique_ptr<std::pmr::monotonic_buffer_resource> arena_;
};

// ---- sub variables --------------------------------------------------------------------------------------------------

// Where in a variable the sub variable of type `wanted` lies whose first simple value has this index; nothing if there is none.
struct SubVariable {
  uint32_t offset = 0;  // bytes
  uint32_t first = 0;   // the first simple value of the innermost array of which it is directly an element,
  uint32_t count = 1;   // and that array's length; what is no element is an array of length 1
};
std::optional<SubVariable> findSubVariable(const TypeTable& types, TypeId variable, uint32_t index, TypeId wanted);
// Byte offset of the simple value `index` of a variable (its size: the variable's end).
uint32_t byteOffset(const TypeTable& types, TypeId variable, uint32_t index);
// A simple value's place: index within the variable, byte offset, type.
struct Leaf {
  uint32_t index;
  uint32_t offset;
  TypeId type;
};
// The simple value that contains this byte of a variable; nullopt in padding and outside.
std::optional<Leaf> leafAt(const TypeTable& types, TypeId type, uint32_t byte);
// The type of that simple value; void if the variable has none such.
TypeId simpleTypeAt(const TypeTable& types, TypeId variable, uint32_t index);
// What a verified initial pointer, of type `pointer`, adds to the address of its target global.
uint32_t targetOffset(const Program& program, const InitialPointer& initial, TypeId pointer);

}  // namespace core
