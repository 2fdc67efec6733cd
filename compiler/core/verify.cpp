#include <algorithm>
#include <utility>

#include "compiler/core/serialize.h"

namespace core {

namespace {

// Names go to terminals and symbol tables: no blanks, no control characters.
bool isName(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) { return uint8_t(c) > ' ' && c != 0x7F; });
}
bool isText(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return uint8_t(c) >= ' ' || c == '\n' || c == '\t' || c == '\r'; });
}

// A break of the while whose body or step the list is.
bool breaks(StmtList list) {
  return std::any_of(list.begin(), list.end(), [](const Stmt* stmt) {
    if (stmt->kind == StmtKind::If) return breaks(stmt->body) || breaks(stmt->otherwise);
    return stmt->kind == StmtKind::Break;
  });
}

// The list's end is never reached (core.h, Stmt).
bool leaves(StmtList list) {
  return std::any_of(list.begin(), list.end(), [](const Stmt* stmt) {
    switch (stmt->kind) {
      case StmtKind::Return:
      case StmtKind::Break:
      case StmtKind::Continue:
      case StmtKind::Fault: return true;
      case StmtKind::If: return leaves(stmt->body) && leaves(stmt->otherwise);
      case StmtKind::While:
        return stmt->value->kind == ExprKind::Literal && stmt->value->value == 1 && !breaks(stmt->body) && !breaks(stmt->step);
      default: return false;
    }
  });
}

class Verifier {
 public:
  explicit Verifier(const Program& program) : program_(program), types_(program.types) {}

  base::Status verify() {
    if (!isText(program_.name)) fail("a unit's name has control characters", {});
    for (const std::string& file : program_.files)
      if (!isText(file)) fail("a file's name has control characters", {});
    types();
    if (!failed()) {
      for (const Global& each : program_.globals) global(each);
      for (const Function& each : program_.functions)
        if (!failed()) function(each);
    }
    if (failed()) return *error_;
    return base::Ok{};
  }

  base::Status verify(const Function& each) {
    function(each);
    if (failed()) return *error_;
    return base::Ok{};
  }

 private:
  bool failed() const { return error_.has_value(); }
  void fail(std::string text, Position position) {
    if (failed()) return;
    std::string place = function_ ? "function " + function_->name : program_.name;
    if (position.line && position.file < program_.files.size())
      place += (place.empty() ? "" : ", ") + program_.files[position.file] + ":" + std::to_string(position.line) + ":" +
               std::to_string(position.column);
    error_ = base::Error{std::move(text), "bad-core", std::move(place)};
  }
  void require(bool holds, const char* text, Position position) {
    if (!holds) fail(text, position);
  }
  bool complete(TypeId id) const { return id < types_.count() && types_[id].size > 0; }
  bool passable(TypeId id) const {  // as argument, result, or by assignment
    return complete(id) && types_[id].kind != TypeKind::Array;
  }

  // Bounds how deep declarators and composite values nest, so that code may recurse over a type.
  void types() {
    std::vector<uint32_t> declarator(types_.count()), value(types_.count());
    auto completions = types_.completions();
    size_t completed = 0;
    for (TypeId id = 0; id <= types_.count(); id++) {
      for (; completed < completions.size() && completions[completed].count == id; completed++) {
        TypeId type = completions[completed].id;
        for (const Field& field : types_[type].fields) {
          require(isName(field.name), "a field without a name", {});
          value[type] = std::max(value[type], value[field.type] + 1);
        }
        require(value[type] <= kMaxNesting, "types are nested too deeply", {});
      }
      if (id == types_.count()) break;
      const Type& type = types_[id];
      if (type.kind == TypeKind::Struct) require(type.name.empty() || isName(type.name), "an impossible tag", {});
      if (type.kind == TypeKind::Pointer || type.kind == TypeKind::Array) declarator[id] = declarator[type.element] + 1;
      if (type.kind == TypeKind::Array) value[id] = value[type.element] + 1;
      require(declarator[id] <= kMaxNesting && value[id] <= kMaxNesting, "types are nested too deeply", {});
    }
  }

  void position(Position position) {
    require(position.file < program_.files.size() || position.line == 0, "a position in a file that does not exist", {});
  }

  void global(const Global& global) {
    require(isName(global.name), "a global without a name", {});
    position(global.position);
    require(complete(global.type), "a global of no complete type", global.position);
    if (failed()) return;
    require(global.defined || (global.initial.empty() && global.pointers.empty()), "an extern global with initial values",
            global.position);
    if (global.address) {
      require(global.defined && global.initial.empty() && global.pointers.empty(),
              "a placed global that is extern or has initial values", global.position);
      require(isPlaceable(*global.address, types_[global.type].asize), "a global placed where no memory can be",
              global.position);
    }
    require(!global.open || (!global.defined && types_[global.type].kind == TypeKind::Array && types_[global.type].count == 1),
            "an impossible array of unknown length", global.position);
    initialPointers(global);
    if (failed() || global.initial.empty()) return;
    require(global.initial.size() == types_[global.type].size, "the number of initial values is not the type's size",
            global.position);
    const uint32_t* at = global.initial.data();
    if (!failed() && !initialValues(global.type, at)) fail("an initial value is outside its type", global.position);
  }
  // Each is in place of a pointer to the type of the sub variable that it names.
  void initialPointers(const Global& global) {
    uint64_t next = 0;
    for (const InitialPointer& each : global.pointers) {
      if (failed()) return;
      require(each.index >= next, "initial pointers out of order", global.position);
      next = uint64_t(each.index) + 1;
      require(each.global < program_.globals.size() && complete(program_.globals[each.global].type),
              "an initial pointer to a global that does not exist", global.position);
      require(each.index >= global.initial.size() || global.initial[each.index] == 0, "an initial pointer with a value",
              global.position);
      if (!failed() && !pointsToItsType(global, each)) fail("an initial pointer of another type", global.position);
    }
  }
  bool pointsToItsType(const Global& global, const InitialPointer& pointer) const {
    const TypeId target = program_.globals[pointer.global].type;
    const TypeId type = simpleTypeAt(types_, global.type, pointer.index);
    if (types_[type].kind != TypeKind::Pointer || !complete(types_[type].element)) return false;
    const uint32_t size = types_[types_[type].element].size;
    const uint32_t element = pointer.past ? pointer.element - size : pointer.element;
    if (pointer.past && (pointer.element < size || program_.globals[pointer.global].open)) return false;
    const auto found = findSubVariable(types_, target, element, types_[type].element);
    return found && (!pointer.past || pointer.element == found->first + found->count * size);
  }
  bool initialValues(TypeId id, const uint32_t*& at) const {
    const Type& type = types_[id];
    if (type.simple()) return inRange(type.kind, *at++);
    for (uint32_t i = 0; i < type.count; i++)
      if (!initialValues(type.element, at)) return false;
    for (const Field& field : type.fields)
      if (!initialValues(field.type, at)) return false;
    return true;
  }
  static bool inRange(TypeKind kind, uint32_t value) {
    return kind == TypeKind::Pointer ? value == 0 : value == convert(kind, value);
  }

  void function(const Function& function) {
    function_ = &function;
    require(isName(function.name), "a function without a name", {});
    position(function.position);
    require(passable(function.result) || function.result == TypeTable::kVoid, "an impossible result type",
            function.position);
    require(function.parameters <= function.variables.size(), "more parameters than variables", function.position);
    for (size_t i = 0; i < function.variables.size() && !failed(); i++) {
      const Variable& variable = function.variables[i];
      require(isName(variable.name), "a variable without a name", function.position);
      position(variable.position);
      require(i < function.parameters ? passable(variable.type) : complete(variable.type),
              "a variable of an impossible type", variable.position);
    }
    if (failed()) return;
    function.defined ? definition(function) : declaration(function);
    function_ = nullptr;
  }

  void declaration(const Function& function) {
    require(function.body.empty() && function.statements.empty(), "statements in an extern function", function.position);
    require(function.variables.size() == function.parameters, "locals in an extern function", function.position);
    if (function.primitive == Primitive::None || failed()) return;
    std::vector<TypeId> signature;
    if (function.primitive <= kLastPrimitive) signature = primitiveSignature(function.primitive);
    require(!signature.empty() && function.name == primitiveName(function.primitive), "an unknown primitive",
            function.position);
    require(sameSignature(function, signature), "a primitive of another type", function.position);
  }
  static bool sameSignature(const Function& function, const std::vector<TypeId>& signature) {
    if (signature.size() != function.parameters + size_t(1) || function.result != signature[0]) return false;
    for (uint32_t i = 0; i < function.parameters; i++)
      if (function.variables[i].type != signature[i + 1]) return false;
    return true;
  }

  void definition(const Function& function) {
    require(function.primitive == Primitive::None, "a primitive with a body", function.position);
    nextOrdinal_ = 0;
    list(function.body, 0);
    require(nextOrdinal_ == function.statements.size(), "statements out of order", function.position);
    if (!failed() && !leaves(function.body)) fail("the end of the body can be reached", function.position);
  }

  void list(StmtList statements, unsigned depth) {
    for (const Stmt* each : statements) {
      if (failed()) return;
      if (!each) return fail("a missing statement", function_->position);
      statement(*each, depth);
    }
  }

  void statement(const Stmt& stmt, unsigned depth) {
    position(stmt.position);
    const uint32_t ordinal = nextOrdinal_++;
    require(stmt.ordinal == ordinal && ordinal < function_->statements.size() && function_->statements[ordinal] == &stmt,
            "statements out of order", stmt.position);
    require(depth < kMaxNesting, "statements are nested too deeply", stmt.position);
    if (failed()) return;
    switch (stmt.kind) {
      case StmtKind::Skip: return;
      case StmtKind::Assign: {
        TypeId type = placeOf(stmt.target, stmt);
        require(valueOf(stmt.value, stmt) == type && passable(type), "an assignment between different types",
                stmt.position);
        return;
      }
      case StmtKind::Call: return call(stmt);
      case StmtKind::Return:
        if (!stmt.value) return require(function_->result == TypeTable::kVoid, "a return without a value", stmt.position);
        return require(valueOf(stmt.value, stmt) == function_->result, "a return of another type", stmt.position);
      case StmtKind::If:
      case StmtKind::While:
        require(valueOf(stmt.value, stmt) == TypeTable::kBool, "a condition that is not bool", stmt.position);
        return branches(stmt, depth + 1);
      case StmtKind::Break:
      case StmtKind::Continue:
        require(inLoop_, "a break or continue outside of a while", stmt.position);
        return require(stmt.kind == StmtKind::Break || !inStep_, "a continue in the step of its while", stmt.position);
      case StmtKind::New: {
        TypeId type = placeOf(stmt.target, stmt);
        require(complete(stmt.newType) && types_[type].kind == TypeKind::Pointer && types_[type].element == stmt.newType,
                "a new of another type", stmt.position);
        if (stmt.value)
          require(valueOf(stmt.value, stmt) == TypeTable::kInt, "a number of elements that is not int", stmt.position);
        return;
      }
      case StmtKind::Asm: return require(isText(stmt.text), "an asm text with control characters", stmt.position);
      case StmtKind::Fault:
        return require(stmt.fault != Fault::None && !object::faultName(stmt.fault).empty(), "an unknown fault",
                       stmt.position);
    }
    fail("an unknown statement", stmt.position);
  }

  void branches(const Stmt& stmt, unsigned depth) {
    const bool isWhile = stmt.kind == StmtKind::While;
    const bool inLoop = std::exchange(inLoop_, inLoop_ || isWhile), inStep = std::exchange(inStep_, inStep_ && !isWhile);
    list(stmt.body, depth);
    list(stmt.otherwise, depth);
    require(isWhile || stmt.step.empty(), "a step of no while", stmt.position);
    require(!isWhile || stmt.otherwise.empty(), "a while with two bodies", stmt.position);
    if (isWhile) {
      inStep_ = true;
      list(stmt.step, depth);
    }
    inLoop_ = inLoop, inStep_ = inStep;
  }

  void call(const Stmt& stmt) {
    if (stmt.index >= program_.functions.size()) return fail("a call of a function that does not exist", stmt.position);
    const Function& callee = program_.functions[stmt.index];
    if (stmt.target) {
      require(callee.result != TypeTable::kVoid, "a destination for the result of a void function", stmt.position);
      require(placeOf(stmt.target, stmt) == callee.result, "a call's destination of another type", stmt.position);
    }
    if (stmt.arguments.size() != callee.parameters || callee.parameters > callee.variables.size())
      return fail("a call with a wrong number of arguments", stmt.position);
    for (size_t i = 0; i < stmt.arguments.size(); i++)
      require(valueOf(stmt.arguments[i], stmt) == callee.variables[i].type, "an argument of another type",
              stmt.position);
  }

  TypeId placeOf(const Expr* e, const Stmt& stmt) {
    if (!e) return fail("a missing expression", stmt.position), TypeTable::kVoid;
    require(e->place(), "a destination that is no variable", e->position);
    return expr(*e, 0);
  }
  TypeId valueOf(const Expr* e, const Stmt& stmt) {
    if (!e) return fail("a missing expression", stmt.position), TypeTable::kVoid;
    return expr(*e, 0);
  }

  // Checks an expression and returns its type; void after a failure.
  TypeId expr(const Expr& e, unsigned depth) {
    if (depth >= kMaxNesting) fail("expressions are nested too deeply", e.position);
    position(e.position);
    if (failed()) return TypeTable::kVoid;
    TypeId left = TypeTable::kVoid, right = TypeTable::kVoid;
    if (e.kind >= ExprKind::Field) {
      const bool two = e.kind == ExprKind::Index || e.kind == ExprKind::Binary;
      if (!e.left || (two && !e.right)) return fail("a missing operand", e.position), TypeTable::kVoid;
      left = expr(*e.left, depth + 1);
      if (two) right = expr(*e.right, depth + 1);
      if (failed()) return TypeTable::kVoid;
    }
    if (e.type < types_.count() && typed(e, left, right)) return e.type;
    return fail("an ill-typed expression", e.position), TypeTable::kVoid;
  }

  bool typed(const Expr& e, TypeId left, TypeId right) const {
    const Type& of = types_[left];
    switch (e.kind) {
      case ExprKind::Literal:
        return elementary(e.type) && inRange(types_[e.type].kind, e.value);
      case ExprKind::Null: return types_[e.type].kind == TypeKind::Pointer;
      case ExprKind::Global: return e.value < program_.globals.size() && program_.globals[e.value].type == e.type;
      case ExprKind::Local: return e.value < function_->variables.size() && function_->variables[e.value].type == e.type;
      case ExprKind::Field:
        return e.left->place() && of.kind == TypeKind::Struct && e.value < of.fields.size() &&
               of.fields[e.value].type == e.type;
      case ExprKind::Index:
        if (open(*e.left) && (e.right->kind != ExprKind::Literal || e.right->value != 0)) return false;
        return e.left->place() && of.kind == TypeKind::Array && of.element == e.type && types_[right].arithmetic();
      case ExprKind::Deref: return of.kind == TypeKind::Pointer && of.element == e.type && complete(e.type);
      case ExprKind::AddressOf:
        return e.left->place() && !open(*e.left) && types_[e.type].kind == TypeKind::Pointer && types_[e.type].element == left;
      case ExprKind::Unary:
        if (e.op == Operator::Not) return left == TypeTable::kBool && e.type == left;
        return (e.op == Operator::Negate || e.op == Operator::Complement) && of.arithmetic() && e.type == left;
      case ExprKind::Binary: return typedBinary(e, left, right);
      case ExprKind::Cast: return elementary(left) && elementary(e.type);
    }
    return false;
  }
  bool open(const Expr& e) const { return e.kind == ExprKind::Global && program_.globals[e.value].open; }
  bool elementary(TypeId id) const { return id >= TypeTable::kBool && id <= TypeTable::kLastElementary; }
  // Element pointers can be moved, subtracted and ordered only if the element's size is known.
  bool elementPointer(TypeId id) const { return types_[id].kind == TypeKind::Pointer && complete(types_[id].element); }
  bool typedBinary(const Expr& e, TypeId left, TypeId right) const {
    if (e.op >= Operator::Add && e.op <= Operator::ShiftRight) {
      if ((e.op == Operator::Add || e.op == Operator::Sub) && elementPointer(left)) {
        if (types_[right].arithmetic()) return e.type == left;
        return e.op == Operator::Sub && right == left && e.type == TypeTable::kInt;
      }
      const bool shift = e.op == Operator::ShiftLeft || e.op == Operator::ShiftRight;
      return types_[left].arithmetic() && e.type == left && (shift ? types_[right].arithmetic() : right == left);
    }
    if (e.op < Operator::Equal || e.op > Operator::LogicalOr || e.type != TypeTable::kBool || left != right) return false;
    if (e.lazy()) return left == TypeTable::kBool;
    return e.op <= Operator::NotEqual ? types_[left].simple() : elementary(left) || elementPointer(left);
  }

  const Program& program_;
  const TypeTable& types_;
  const Function* function_ = nullptr;
  uint32_t nextOrdinal_ = 0;
  bool inLoop_ = false, inStep_ = false;  // in a while; in a step of the innermost one
  std::optional<base::Error> error_;
};

}  // namespace

base::Status verify(const Program& program) { return Verifier(program).verify(); }
base::Status verify(const Program& program, const Function& function) { return Verifier(program).verify(function); }

}  // namespace core
