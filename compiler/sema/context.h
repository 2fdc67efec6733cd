// What all parts of the analysis share: names, struct types, and how rules are reported.
#pragma once

#include <algorithm>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/lower/lower.h"
#include "compiler/sema/rules.h"
#include "compiler/sema/sema.h"
#include "compiler/syntax/ast.h"

namespace sema {

using base::Diagnostic;
using base::Loc;
using base::Range;
using core::TypeId;
using core::TypeKind;
using core::TypeTable;
using syntax::Symbol;

constexpr TypeId kErrorType = 0xFFFFFFFF;  // of what has been reported: silences what follows from it
constexpr TypeId kNullType = 0xFFFFFFFE;   // of NULL, until its context gives it a pointer type
constexpr uint32_t kNoIndex = 0xFFFFFFFF;

struct Signature {
  TypeId result = kErrorType;
  std::vector<TypeId> parameters;
  std::vector<std::string_view> names;  // may be empty strings in prototypes
  std::vector<uint16_t> qualifiers;     // of the parameters (syntax::Expr)
  uint16_t resultQualifiers = 0;
  bool variadic = false;  // printf
  bool operator==(const Signature& other) const { return result == other.result && parameters == other.parameters; }
};

enum class EntityKind : uint8_t { Global, Local, Function, Typedef, Constant };

// What a name means.
struct Entity {
  EntityKind kind = EntityKind::Global;
  bool defined = false;
  bool internal = false;  // static
  bool constant = false;
  bool erroneous = false;    // undeclared, reported once
  bool initialized = false;  // has initial values
  bool open = false;         // Global: `extern T a[]`, as core::Global
  TypeId type = kErrorType;  // Function: its result
  Symbol* symbol = nullptr;
  Range where;
  uint32_t index =
      kNoIndex;  // Local: in the function's variables; Constant: its value; others: in the program, once they are used or defined
  uint32_t scope = 0;       // how many blocks are open around it
  uint16_t qualifiers = 0;  // as in syntax::Expr
  Signature* signature = nullptr;
};

struct StructInfo {
  Range where;
  bool damaged = false;  // a field was in error
  std::vector<Symbol*> fields;
  std::vector<Range> places;
  std::vector<uint16_t> qualifiers;
  std::unordered_map<const Symbol*, uint32_t> large;  // by name, when there are many
};

class Context final : public lower::Places {
 public:
  Context(base::SourceManager& sources, uint32_t file, const Options& options, base::Diagnostics& diagnostics)
      : sources(sources),
        options(options),
        diagnostics(diagnostics),
        text_(sources.text(file).data()),
        begin_(sources.begin(file)) {}

  base::SourceManager& sources;
  const Options& options;
  base::Diagnostics& diagnostics;
  core::Program program;
  syntax::SymbolTable symbols;

  TypeTable& types() { return program.types; }
  const core::Type& type(TypeId id) { return program.types[id]; }
  bool isCore() const { return options.standard == Standard::Core; }
  bool isSurface() const { return options.standard == Standard::C0X; }

  // ---- reports ----
  // A feature's text is its rule's; a check's is given.
  Diagnostic& reject(Rule rule, Range where);
  Diagnostic& error(Rule rule, Range where, std::string text);
  // Without effect if it is off.
  Diagnostic& warning(Rule rule, Range where, std::string text);
  std::string quoted(TypeId id) { return "'" + print(id) + "'"; }
  std::string print(TypeId id) { return id == kNullType ? "NULL" : id == kErrorType ? "?" : program.types.print(id); }

  // ---- places ----
  std::string_view text(Range range) const override { return {text_ + (range.begin - begin_), range.end - range.begin}; }
  core::Position position(Loc loc) override {
    if (loc - lineBegin_ >= lineSize_) seekLine(loc);
    return {line_, uint16_t(std::min<Loc>(loc - lineBegin_ + 1, 0xFFFF)), lineFile_};
  }

  // ---- the program ----
  // The entity's index in the program: it appears there with its first use or its definition.
  uint32_t globalIndex(Entity& entity);
  uint32_t functionIndex(Entity& entity);
  // An asm block may name globals: whatever in its text is one, is used.
  void useNames(std::string_view assembly);
  // The length of an `extern T a[]` is known now.
  void close(Entity& entity, TypeId array);

  std::unordered_map<std::string, unsigned> staticNames;  // of static locals: how many have it

  // ---- names ----
  bool inFunction = false;
  bool mayDeclareTags = true;  // not in parameter lists and bodies, where C would declare another struct
  bool localsLost = false;     // to a syntax error: a name may have been declared
  Entity* find(const Symbol* symbol) const { return symbol->id < bound_.size() ? bound_[symbol->id] : nullptr; }
  Entity* add(Entity entity, bool local);          // the caller has looked for an earlier one
  void addErroneous(Symbol* symbol, Range where);  // a name that no declaration gives, until the function's end
  void endFunction();                              // forgets the locals
  const std::vector<Entity*>& locals() const { return locals_; }
  // Blocks: what is declared in one is forgotten at its end.
  struct Scope {
    size_t locals, tags;
  };
  Scope enterScope() { return ++scope_, Scope{locals_.size(), hiddenTags_.size()}; }
  void leaveScope(Scope scope);
  uint32_t scope() const { return scope_; }
  template <class F>
  void eachVisible(F&& visit) const {
    for (Entity* entity : bound_)
      if (entity) visit(*entity);
  }

  // ---- types ----
  TypeId tag(const Symbol* symbol) const { return symbol->id < tags_.size() ? tags_[symbol->id] : kErrorType; }
  void setTag(const Symbol* symbol, TypeId type);
  StructInfo& structInfo(TypeId id) { return structs_[id]; }
  uint32_t findField(TypeId id, const Symbol* symbol);  // kNoIndex: none
  bool complete(TypeId id) { return type(id).size > 0; }
  // Pointer and array types, within the limits; kErrorType after a report at `where`.
  TypeId pointerTo(TypeId target, Range where);
  TypeId arrayOf(TypeId element, uint64_t count, Range where);
  // How deep values of the type are nested; keeps every type within core::kMaxNesting.
  bool nestStruct(TypeId id, const std::vector<std::pair<std::string, TypeId>>& fields);

 private:
  struct Nesting {
    uint16_t declarator = 0, value = 0;
  };
  Nesting& nesting(TypeId id) {
    if (id >= nesting_.size()) nesting_.resize(id + 1);
    return nesting_[id];
  }
  TypeId tooDeep(Range where);

  Diagnostic unwanted_;  // what the last warning that is off was

  void seekLine(Loc loc);
  uint16_t fileIndex(std::string_view name);

  const char* text_;
  Loc begin_;
  Loc lineBegin_ = 0, lineSize_ = 0;  // the line of the last place
  uint32_t line_ = 0;
  uint16_t lineFile_ = 0;
  std::unordered_map<std::string_view, uint16_t> files_;

  uint32_t scope_ = 0;
  std::vector<std::pair<const Symbol*, TypeId>> hiddenTags_;  // what each tag of an open block meant before
  std::vector<Entity*> bound_;  // by symbol
  std::vector<TypeId> tags_;    // by symbol
  std::deque<Entity> globals_, localEntities_;
  std::vector<Entity*> locals_, hidden_;  // of the function being analysed; what each local's name meant before
  std::unordered_map<TypeId, StructInfo> structs_;
  std::vector<Nesting> nesting_;
};

}  // namespace sema
