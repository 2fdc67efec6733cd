#include <cstring>

#include "assembler/base/bytes.h"
#include "compiler/core/format.h"
#include "compiler/core/serialize.h"

namespace core {

namespace {

using namespace format;

// Builds a unit from bytes that may be damaged: it guarantees what building needs (indices in range, operands of a shape that has a
// type, bounded recursion); verify() does the rest. After the first failure every read yields a harmless node.
class UnitReader {
 public:
  UnitReader(base::Reader in, size_t offset) : in_(in), offset_(offset) {}

  base::Result<Program> read() {
    unit_.name = in_.string();
    for (uint32_t n = in_.count(); n && ok(); n--) unit_.files.push_back(in_.string());
    if (unit_.files.size() > 0xFFFF) fail("too many files");
    types();
    for (uint32_t n = in_.count(); n && ok(); n--) global();
    functions();
    if (ok() && !in_.atEnd()) fail("bytes after the last function");
    if (!ok()) return base::Error{error_.empty() ? "the unit is truncated" : error_, "bad-core", place()};
    return std::move(unit_);
  }

 private:
  bool ok() const { return in_.ok(); }
  void fail(const char* text) {
    if (!ok()) return;
    failedAt_ = in_.offset();
    error_ = text;
    in_.fail();
  }
  std::string place() const {
    size_t at = offset_ + (error_.empty() ? in_.offset() : failedAt_);
    return "section .c0core, byte " + std::to_string(at) + (unit_.name.empty() ? "" : ", unit " + unit_.name);
  }

  TypeId type() {
    uint32_t id = in_.number();
    if (id < unit_.types.count()) return id;
    fail("a type that does not exist");
    return TypeTable::kVoid;
  }

  void types() {
    TypeTable& table = unit_.types;
    for (uint32_t n = in_.count(); n && ok(); n--) {
      const TypeId next = table.count();
      switch (in_.u8()) {
        case TypeStruct: table.declareStruct(in_.string()); break;
        case TypePointer:
          if (table.pointer(type()) != next) fail("a pointer type given twice");
          break;
        case TypeArray: {
          TypeId element = type();
          if (table.array(element, in_.number()) != next) fail("an impossible array type");
          break;
        }
        case TypeComplete: {
          TypeId id = type();
          std::vector<std::pair<std::string, TypeId>> fields;
          for (uint32_t count = in_.count(); count && ok(); count--) {
            std::string name = in_.string();
            fields.emplace_back(std::move(name), type());
          }
          if (!table.completeStruct(id, std::move(fields))) fail("an impossible struct type");
          break;
        }
        default: fail("an unknown kind of type");
      }
    }
  }

  void global() {
    Global global;
    global.name = in_.string();
    global.type = type();
    uint8_t flags = in_.u8();
    global.defined = flags & GlobalDefined;
    global.internal = flags & GlobalInternal;
    global.constant = flags & GlobalConstant;
    global.open = flags & GlobalOpen;
    global.position = position(in_.u8());
    if (flags & GlobalPlaced) global.address = in_.number();
    uint32_t count = in_.count();
    global.initial.reserve(count);
    for (; count && ok(); count--) global.initial.push_back(uint32_t(in_.signedNumber()));
    for (count = in_.count(); count && ok(); count--) {
      InitialPointer& pointer = global.pointers.emplace_back();
      pointer.index = in_.number(), pointer.global = in_.number();
      const uint64_t element = in_.number();
      pointer.element = uint32_t(element >> 1), pointer.past = element & 1;
    }
    unit_.globals.push_back(std::move(global));
  }

  // Bodies may call functions that come later, so calls are checked by verify().
  void functions() {
    for (uint32_t n = in_.count(); n && ok(); n--) {
      Function& function = unit_.functions.emplace_back();
      function_ = &function;
      function.name = in_.string();
      uint8_t flags = in_.u8();
      function.defined = flags & FunctionDefined;
      function.internal = flags & FunctionInternal;
      function.primitive = Primitive(in_.u8());
      function.result = type();
      function.position = position(in_.u8());
      function.parameters = in_.number();
      for (uint32_t count = in_.count(); count && ok(); count--) {
        Variable& variable = function.variables.emplace_back();
        variable.name = in_.string();
        variable.type = type();
        variable.position = position(in_.u8());
      }
      if (function.defined && ok()) function.body = list(0);
    }
  }

  StmtList list(unsigned depth) {
    const size_t begin = pending_.size();
    while (const Stmt* stmt = statement(depth)) pending_.push_back(stmt);
    StmtList list = unit_.list(std::span<const Stmt* const>(pending_).subspan(begin));
    pending_.resize(begin);
    return list;
  }

  // Null at the end of the list.
  const Stmt* statement(unsigned depth) {
    uint8_t head = in_.u8();
    if (!ok() || head == CodeEnd) return nullptr;
    if (depth >= kMaxNesting) return fail("statements are nested too deeply"), nullptr;
    auto& statements = function_->statements;
    Stmt* stmt = unit_.make(Stmt{StmtKind::Skip, Fault::None, uint32_t(statements.size()), position(head)});
    statements.push_back(stmt);
    switch (head & kCodeMask) {
      case CodeSkip: break;
      case CodeAssign:
        stmt->kind = StmtKind::Assign;
        stmt->target = expr(0), stmt->value = expr(0);
        break;
      case CodeCallTo:
      case CodeCall:
        stmt->kind = StmtKind::Call;
        stmt->index = in_.number();
        if ((head & kCodeMask) == CodeCallTo) stmt->target = expr(0);
        arguments_.clear();
        for (uint32_t count = in_.count(); count && ok(); count--) arguments_.push_back(expr(0));
        stmt->arguments = unit_.list(arguments_);
        break;
      case CodeReturn: stmt->kind = StmtKind::Return; break;
      case CodeReturnValue:
        stmt->kind = StmtKind::Return;
        stmt->value = expr(0);
        break;
      case CodeIf:
        stmt->kind = StmtKind::If;
        stmt->value = expr(0), stmt->body = list(depth + 1), stmt->otherwise = list(depth + 1);
        break;
      case CodeWhile:
        stmt->kind = StmtKind::While;
        stmt->value = expr(0), stmt->body = list(depth + 1);
        break;
      case CodeWhileStep:
        stmt->kind = StmtKind::While;
        stmt->value = expr(0), stmt->body = list(depth + 1), stmt->step = list(depth + 1);
        break;
      case CodeBreak: stmt->kind = StmtKind::Break; break;
      case CodeContinue: stmt->kind = StmtKind::Continue; break;
      case CodeNewArray:
      case CodeNew:
        stmt->kind = StmtKind::New;
        stmt->newType = type();
        stmt->target = expr(0);
        if ((head & kCodeMask) == CodeNewArray) stmt->value = expr(0);
        break;
      case CodeAsm:
        stmt->kind = StmtKind::Asm;
        stmt->text = unit_.string(in_.string());
        break;
      case CodeFault:
        stmt->kind = StmtKind::Fault;
        stmt->fault = Fault(in_.u8());
        break;
      default: fail("an unknown statement");
    }
    return stmt;
  }

  const Expr* expr(unsigned depth) {
    uint8_t head = in_.u8();
    Expr* e = unit_.make(Expr{ExprKind::Literal, Operator::None, TypeTable::kInt, {}});
    if (!ok()) return e;
    if (depth >= kMaxNesting) return fail("expressions are nested too deeply"), e;
    e->position = position(head);
    uint8_t code = head & kCodeMask;
    if (code > CodeOperator) operation(*e, Operator(code - CodeOperator), depth);
    else if (code <= CodeAddressOf) leafOrPlace(*e, code, depth);
    else e->kind = ExprKind::Cast, e->type = code - CodeCast, e->left = expr(depth + 1);
    return e;
  }

  void operation(Expr& e, Operator op, unsigned depth) {
    if (op > Operator::LogicalOr) return fail("an unknown operator");
    bool unary = op <= Operator::Not;
    e.kind = unary ? ExprKind::Unary : ExprKind::Binary;
    e.op = op;
    e.left = expr(depth + 1);
    if (!unary) e.right = expr(depth + 1);
    auto isPointer = [&](const Expr* operand) { return unit_.types[operand->type].kind == TypeKind::Pointer; };
    const bool difference = op == Operator::Sub && isPointer(e.left) && isPointer(e.right);
    e.type = op >= Operator::Equal ? TypeTable::kBool : difference ? TypeTable::kInt : e.left->type;
  }

  void leafOrPlace(Expr& e, uint8_t code, unsigned depth) {
    static constexpr ExprKind kPlaces[] = {ExprKind::Global, ExprKind::Local, ExprKind::Field,
                                           ExprKind::Index,  ExprKind::Deref, ExprKind::AddressOf};
    const TypeTable& types = unit_.types;
    switch (e.kind = code == CodeNull ? ExprKind::Null : code < CodeGlobal ? ExprKind::Literal : kPlaces[code - CodeGlobal]) {
      case ExprKind::Null: e.type = type(); break;
      case ExprKind::Literal:
        e.type = code - CodeLiteral;
        e.value = uint32_t(in_.signedNumber());
        break;
      case ExprKind::Global:
        e.value = in_.number();
        if (e.value >= unit_.globals.size()) return fail("a global that does not exist");
        e.type = unit_.globals[e.value].type;
        break;
      case ExprKind::Local:
        e.value = in_.number();
        if (e.value >= function_->variables.size()) return fail("a local that does not exist");
        e.type = function_->variables[e.value].type;
        break;
      case ExprKind::Field: {
        e.value = in_.number();
        e.left = expr(depth + 1);
        const Type& left = types[e.left->type];
        if (left.kind != TypeKind::Struct || e.value >= left.fields.size()) return fail("a field of no struct");
        e.type = left.fields[e.value].type;
        break;
      }
      case ExprKind::Index:
        e.left = expr(depth + 1), e.right = expr(depth + 1);
        if (types[e.left->type].kind != TypeKind::Array) return fail("an index of no array");
        e.type = types[e.left->type].element;
        break;
      case ExprKind::Deref:
        e.left = expr(depth + 1);
        if (types[e.left->type].kind != TypeKind::Pointer) return fail("a dereference of no pointer");
        e.type = types[e.left->type].element;
        break;
      case ExprKind::AddressOf:
        e.left = expr(depth + 1);
        e.type = unit_.types.pointer(e.left->type);
        break;
      default: break;
    }
  }

  Position position(uint8_t head) {
    switch (head & ~kCodeMask) {
      case Same: break;
      case Column: last_.column = uint16_t(last_.column + int8_t(in_.u8())); break;
      case Line:
        last_.line = uint32_t(last_.line + in_.signedNumber());
        last_.column = uint16_t(in_.number());
        break;
      case Full:
        last_.file = uint16_t(in_.number());
        last_.line = in_.number();
        last_.column = uint16_t(in_.number());
        break;
    }
    return last_;
  }

  base::Reader in_;
  size_t offset_, failedAt_ = 0;
  std::string error_;
  Program unit_;
  Function* function_ = nullptr;
  Position last_;
  std::vector<const Stmt*> pending_;    // lists that are being read, innermost last
  std::vector<const Expr*> arguments_;
};

}  // namespace

base::Result<std::vector<Program>> deserialize(std::span<const uint8_t> bytes) {
  std::vector<Program> units;
  base::Reader in(bytes.data(), bytes.size());
  while (!in.atEnd()) {
    const std::string place = "section .c0core, byte " + std::to_string(in.offset());
    uint32_t magic = in.u32(), size = in.u32();
    if (!in.ok() || magic != kMagic) return base::Error{"no unit of core begins here", "bad-core", place};
    if (size > in.remaining()) return base::Error{"the unit is truncated", "bad-core", place};
    size_t offset = in.offset();
    base::Result<Program> unit = UnitReader(in.slice(size), offset).read();
    if (!unit) return unit.error();
    if (base::Status status = verify(*unit); !status) return status.error();
    units.push_back(std::move(*unit));
  }
  return units;
}

}  // namespace core
