#include <algorithm>
#include <unordered_map>

#include "compiler/core/link_types.h"
#include "compiler/core/serialize.h"

namespace core {

namespace {

constexpr uint32_t kUnresolved = 0xFFFFFFFF;

class UnitLinker {
 public:
  UnitLinker(std::span<const Program> units, Platform platform) : units_(units), platform_(platform) {}

  base::Result<Linked> link() {
    auto types = uniteTypes(units_, program().types);
    if (!types) return types.error();
    typeOf_ = std::move(*types);
    files();
    functionOf_.resize(units_.size()), globalOf_.resize(units_.size());
    linked_.functions.resize(units_.size()), linked_.globals.resize(units_.size());
    for (unit_ = 0; unit_ < units_.size() && !error_; unit_++) declare();
    for (unit_ = 0; unit_ < units_.size() && !error_; unit_++) resolve();
    for (unit_ = 0; unit_ < units_.size() && !error_; unit_++) define();
    if (error_) return *error_;
    return std::move(linked_);
  }

 private:
  // What a name means to all units.
  struct Symbol {
    bool isFunction;
    uint32_t unit, index;               // its definition, else its first declaration
    uint32_t definition = kUnresolved;  // index in the linked program
  };

  Program& program() { return linked_.program; }
  const Program& unit() const { return units_[unit_]; }

  void fail(const char* id, std::string text, std::string place) {
    if (!error_) error_ = base::Error{std::move(text), id, std::move(place)};
  }
  std::string place(uint32_t unit, Position position) const {
    const Program& in = units_[unit];
    if (position.line == 0 || position.file >= in.files.size()) return in.name;
    return in.files[position.file] + ':' + std::to_string(position.line) + ':' + std::to_string(position.column);
  }
  std::string place(const Symbol& symbol) const {
    const Program& in = units_[symbol.unit];
    return place(symbol.unit, symbol.isFunction ? in.functions[symbol.index].position : in.globals[symbol.index].position);
  }

  void files() {
    std::unordered_map<std::string_view, uint16_t> numbers;
    for (const Program& unit : units_) {
      std::vector<uint16_t>& to = fileOf_.emplace_back();
      for (const std::string& file : unit.files) {
        auto [at, isNew] = numbers.try_emplace(file, uint16_t(program().files.size()));
        if (isNew) program().files.push_back(file);
        to.push_back(at->second);
      }
    }
    if (program().files.size() > 0xFFFF) fail("link-limit", "more than 65535 source files", "");
  }

  // First pass: every definition gets its index; every visible name its symbol.
  void declare() {
    for (uint32_t i = 0; i < unit().functions.size(); i++) {
      const Function& function = unit().functions[i];
      uint32_t index = kUnresolved;
      if (function.defined) {
        index = uint32_t(program().functions.size());
        program().functions.emplace_back();
        linked_.functions[unit_].push_back(index);
      }
      functionOf_[unit_].push_back(index);
      if (!function.internal) symbol(function.name, {true, unit_, i, index}, function.defined);
    }
    for (uint32_t i = 0; i < unit().globals.size(); i++) {
      const Global& global = unit().globals[i];
      uint32_t index = kUnresolved;
      if (global.defined) {
        index = uint32_t(program().globals.size());
        program().globals.emplace_back();
        linked_.globals[unit_].push_back(index);
      }
      globalOf_[unit_].push_back(index);
      if (!global.internal) symbol(global.name, {false, unit_, i, index}, global.defined);
    }
  }
  void symbol(const std::string& name, Symbol here, bool defined) {
    auto [at, isNew] = symbols_.try_emplace(name, here);
    if (isNew) return;
    Symbol& first = at->second;
    if (!sameType(first, here))
      return fail("link-type-mismatch", "'" + name + "' is " + describe(here) + " here, and " + describe(first) + " at " +
                  place(first), place(here));
    if (!defined) {
      if (open(first)) first = here;  // which may know the length
      return;
    }
    if (first.definition != kUnresolved)
      return fail("link-duplicate", "'" + name + "' is defined twice, first at " + place(first), place(here));
    first = here;
  }

  bool sameType(const Symbol& a, const Symbol& b) const {
    if (a.isFunction != b.isFunction) return false;
    if (!a.isFunction) {
      const Global &x = units_[a.unit].globals[a.index], &y = units_[b.unit].globals[b.index];
      const TypeId left = typeOf_[a.unit][x.type], right = typeOf_[b.unit][y.type];
      return (left == right || ((x.open || y.open) && sameElement(left, right))) && x.constant == y.constant;
    }
    return signature(a) == signature(b);
  }
  bool open(const Symbol& symbol) const { return !symbol.isFunction && units_[symbol.unit].globals[symbol.index].open; }
  bool sameElement(TypeId a, TypeId b) const {
    const TypeTable& types = linked_.program.types;
    return types[a].kind == TypeKind::Array && types[b].kind == TypeKind::Array && types[a].element == types[b].element;
  }
  std::vector<TypeId> signature(const Symbol& symbol) const {
    const Function& function = units_[symbol.unit].functions[symbol.index];
    std::vector<TypeId> types{typeOf_[symbol.unit][function.result]};
    for (uint32_t i = 0; i < function.parameters; i++)
      types.push_back(typeOf_[symbol.unit][function.variables[i].type]);
    return types;
  }
  std::string describe(const Symbol& symbol) const {
    const Program& in = units_[symbol.unit];
    if (!symbol.isFunction) {
      const Global& global = in.globals[symbol.index];
      const Type& type = in.types[global.type];
      return (global.constant ? "a variable of type const " : "a variable of type ") +
             (global.open ? in.types.declare(type.element, "[]") : in.types.print(global.type));
    }
    const Function& function = in.functions[symbol.index];
    std::string text = "a function of type " + in.types.print(function.result) + '(';
    for (uint32_t i = 0; i < function.parameters; i++) {
      if (i) text += ", ";
      text += in.types.print(function.variables[i].type);
    }
    return text + ')';
  }

  // Second pass: what a unit only declares becomes another unit's definition or a primitive.
  void resolve() {
    for (uint32_t i = 0; i < functionOf_[unit_].size(); i++) {
      const Function& function = unit().functions[i];
      if (function.defined || function.internal) continue;
      Symbol& symbol = symbols_.at(function.name);
      std::optional<Primitive> primitive = findPrimitive(function.name);
      if (symbol.definition == kUnresolved && primitive && primitivePlatform(*primitive) == platform_)
        declarePrimitive(symbol, *primitive, function);
      functionOf_[unit_][i] = symbol.definition;
    }
    for (uint32_t i = 0; i < globalOf_[unit_].size(); i++) {
      const Global& global = unit().globals[i];
      if (!global.defined && !global.internal) globalOf_[unit_][i] = symbols_.at(global.name).definition;
    }
  }
  void declarePrimitive(Symbol& symbol, Primitive primitive, const Function& declaration) {
    if (signature(symbol) != primitiveSignature(primitive))
      return fail("link-type-mismatch", "'" + std::string(primitiveName(primitive)) + "' is " + describe(symbol) +
                  " here, but the primitive of this name has another type", place(symbol));
    symbol.definition = uint32_t(program().functions.size());
    program().functions.push_back(function(declaration));
    program().functions.back().primitive = primitive;
  }

  // Third pass: definitions are copied.
  void define() {
    uint32_t next = 0;
    for (const Global& from : unit().globals) {
      if (!from.defined) continue;
      Global& to = program().globals[linked_.globals[unit_][next++]];
      to = from;
      to.type = type(from.type);
      to.position = position(from.position);
      for (InitialPointer& pointer : to.pointers) {
        const Global& target = unit().globals[pointer.global];
        pointer.global = globalOf_[unit_][pointer.global];
        if (pointer.global == kUnresolved) undefined(target, "variable", from.position);
      }
    }
    next = 0;
    for (const Function& from : unit().functions) {
      if (!from.defined) continue;
      Function to = function(from);
      statements_ = &to.statements;
      to.body = list(from.body);
      program().functions[linked_.functions[unit_][next++]] = std::move(to);
    }
  }
  // All but the body.
  Function function(const Function& from) const {
    Function to;
    to.name = from.name;
    to.result = type(from.result);
    to.parameters = from.parameters;
    for (const Variable& variable : from.variables)
      to.variables.push_back({variable.name, type(variable.type), position(variable.position)});
    to.position = position(from.position);
    to.defined = from.defined;
    to.internal = from.internal;
    return to;
  }

  TypeId type(TypeId id) const { return typeOf_[unit_][id]; }
  Position position(Position position) const {
    if (position.file < fileOf_[unit_].size()) position.file = fileOf_[unit_][position.file];
    return position;
  }

  StmtList list(StmtList from) {
    std::vector<const Stmt*> to;
    to.reserve(from.size());
    for (const Stmt* stmt : from) to.push_back(statement(*stmt));
    return program().list(to);
  }
  const Stmt* statement(const Stmt& from) {
    Stmt* to = program().make(from);
    statements_->push_back(to);
    to->position = position(from.position);
    if (from.target) to->target = expr(*from.target);
    if (from.value) to->value = expr(*from.value);
    if (from.kind == StmtKind::Call) {
      to->index = functionOf_[unit_][from.index];
      if (to->index == kUnresolved) undefined(unit().functions[from.index], "function", from.position);
      std::vector<const Expr*> arguments;
      for (const Expr* argument : from.arguments) arguments.push_back(expr(*argument));
      to->arguments = program().list(arguments);
    }
    if (from.kind == StmtKind::New) to->newType = type(from.newType);
    to->body = list(from.body);
    to->otherwise = list(from.otherwise);
    to->step = list(from.step);
    to->text = program().string(from.text);
    return to;
  }
  const Expr* expr(const Expr& from) {
    Expr* to = program().make(from);
    to->type = type(from.type);
    to->position = position(from.position);
    if (from.kind == ExprKind::Global) {
      to->value = globalOf_[unit_][from.value];
      const Global& global = unit().globals[from.value];
      if (to->value == kUnresolved) undefined(global, "variable", from.position);
      if (global.open) {
        const Symbol& known = symbols_.at(global.name);
        to->type = typeOf_[known.unit][units_[known.unit].globals[known.index].type];
      }
    }
    if (from.left) to->left = expr(*from.left);
    if (from.right) to->right = expr(*from.right);
    return to;
  }
  template <class Item>
  void undefined(const Item& item, const char* what, Position use) {
    fail("link-undefined", "no unit defines the " + std::string(what) + " '" + item.name + "', declared at " +
         place(unit_, item.position) + ofAnotherPlatform(item.name), place(unit_, use));
  }
  static std::string ofAnotherPlatform(std::string_view name) {
    const std::optional<Primitive> primitive = findPrimitive(name);
    if (!primitive) return {};
    return primitivePlatform(*primitive) == Platform::Cvm ? ": it is a primitive of abstract kernels"
                                                          : ": it is a primitive of standalone programs";
  }

  std::span<const Program> units_;
  const Platform platform_;
  Linked linked_;
  uint32_t unit_ = 0;
  std::optional<base::Error> error_;
  std::unordered_map<std::string, Symbol> symbols_;
  std::vector<std::vector<TypeId>> typeOf_;         // [unit][type]
  std::vector<std::vector<uint16_t>> fileOf_;       // [unit][file]
  std::vector<std::vector<uint32_t>> functionOf_, globalOf_;  // [unit][index]; kUnresolved: nobody defines it
  std::vector<const Stmt*>* statements_ = nullptr;
};

}  // namespace

base::Result<Linked> link(std::span<const Program> units, Platform platform) {
  return UnitLinker(units, platform).link();
}

}  // namespace core
