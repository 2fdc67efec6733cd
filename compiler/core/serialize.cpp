#include "compiler/core/serialize.h"

#include <cstring>

#include "compiler/core/format.h"

namespace core {

namespace {

using namespace format;

// Bytes with room ensured once a record, so that writing a node costs a few stores.
class Buffer {
 public:
  void room(size_t size) {
    if (size_t(end_ - at_) >= size) return;
    size_t used = size_t(at_ - bytes_.data());
    bytes_.resize((used + size) * 2 + 4096);
    at_ = bytes_.data() + used;
    end_ = bytes_.data() + bytes_.size();
  }
  void u8(uint8_t value) { *at_++ = value; }
  void number(uint64_t value) {
    while (value >= 0x80) *at_++ = uint8_t(value) | 0x80, value >>= 7;
    *at_++ = uint8_t(value);
  }
  void signedNumber(int64_t value) { number((uint64_t(value) << 1) ^ uint64_t(value >> 63)); }
  void string(std::string_view text) {
    room(text.size() + 64);
    number(text.size());
    if (!text.empty()) std::memcpy(at_, text.data(), text.size());
    at_ += text.size();
  }
  size_t size() const { return size_t(at_ - bytes_.data()); }
  std::vector<uint8_t> take() {
    bytes_.resize(size());
    return std::move(bytes_);
  }
  uint8_t* data() { return bytes_.data(); }

 private:
  std::vector<uint8_t> bytes_;
  uint8_t* at_ = nullptr;
  uint8_t* end_ = nullptr;
};

constexpr size_t kRecord = 64;  // more than any node's own bytes

class UnitWriter {
 public:
  explicit UnitWriter(const Program& unit) : unit_(unit) {}

  std::vector<uint8_t> write() {
    out_.room(kRecord);
    for (int i = 0; i < 4; i++) out_.u8(uint8_t(kMagic >> 8 * i));
    for (int i = 0; i < 4; i++) out_.u8(0);
    out_.string(unit_.name);
    out_.room(kRecord);
    out_.number(unit_.files.size());
    for (const std::string& file : unit_.files) out_.string(file);
    types();
    out_.room(kRecord);
    out_.number(unit_.globals.size());
    for (const Global& each : unit_.globals) global(each);
    out_.room(kRecord);
    out_.number(unit_.functions.size());
    for (const Function& each : unit_.functions) function(each);
    uint32_t size = uint32_t(out_.size() - 8);
    std::memcpy(out_.data() + 4, &size, 4);
    return out_.take();
  }

 private:
  // Types in the order in which they were made, completions of structs between them.
  void types() {
    const TypeTable& table = unit_.types;
    auto completions = table.completions();
    out_.room(kRecord);
    out_.number(table.count() - (TypeTable::kLastElementary + 1) + completions.size());
    size_t completed = 0;
    for (TypeId id = TypeTable::kLastElementary + 1;; id++) {
      for (; completed < completions.size() && completions[completed].count == id; completed++)
        completion(completions[completed].id);
      if (id == table.count()) break;
      const Type& type = table[id];
      out_.room(kRecord);
      if (type.kind == TypeKind::Struct) {
        out_.u8(TypeStruct), out_.string(type.name);
      } else if (type.kind == TypeKind::Pointer) {
        out_.u8(TypePointer), out_.number(type.element);
      } else {
        out_.u8(TypeArray), out_.number(type.element), out_.number(type.count);
      }
    }
  }
  void completion(TypeId id) {
    const Type& type = unit_.types[id];
    out_.room(kRecord);
    out_.u8(TypeComplete), out_.number(id), out_.number(type.fields.size());
    for (const Field& field : type.fields) {
      out_.string(field.name);
      out_.number(field.type);
      out_.room(kRecord);
    }
  }

  void global(const Global& global) {
    out_.string(global.name);
    out_.room(kRecord);
    out_.number(global.type);
    out_.u8(uint8_t((global.defined ? GlobalDefined : 0) | (global.internal ? GlobalInternal : 0) |
                    (global.constant ? GlobalConstant : 0) | (global.address ? GlobalPlaced : 0) |
                    (global.open ? GlobalOpen : 0)));
    head(0, global.position);
    if (global.address) out_.number(*global.address);
    out_.number(global.initial.size());
    out_.room(global.initial.size() * 5 + kRecord);
    for (uint32_t value : global.initial) out_.signedNumber(int32_t(value));
    out_.number(global.pointers.size());
    for (const InitialPointer& each : global.pointers) {
      out_.room(kRecord);
      out_.number(each.index), out_.number(each.global), out_.number(uint64_t(each.element) << 1 | each.past);
    }
  }

  void function(const Function& function) {
    out_.string(function.name);
    out_.room(kRecord);
    out_.u8(uint8_t((function.defined ? FunctionDefined : 0) | (function.internal ? FunctionInternal : 0)));
    out_.u8(uint8_t(function.primitive));
    out_.number(function.result);
    head(0, function.position);
    out_.number(function.parameters);
    out_.number(function.variables.size());
    for (const Variable& variable : function.variables) {
      out_.string(variable.name);
      out_.room(kRecord);
      out_.number(variable.type);
      head(0, variable.position);
    }
    if (function.defined) list(function.body);
  }

  void list(StmtList statements) {
    for (const Stmt* each : statements) statement(*each);
    out_.room(kRecord);
    out_.u8(CodeEnd);
  }

  void statement(const Stmt& stmt) {
    out_.room(kRecord);
    switch (stmt.kind) {
      case StmtKind::Skip: return head(CodeSkip, stmt.position);
      case StmtKind::Assign:
        head(CodeAssign, stmt.position);
        expr(*stmt.target), expr(*stmt.value);
        return;
      case StmtKind::Call:
        head(stmt.target ? CodeCallTo : CodeCall, stmt.position);
        out_.number(stmt.index);
        if (stmt.target) expr(*stmt.target);
        out_.room(kRecord);
        out_.number(stmt.arguments.size());
        for (const Expr* argument : stmt.arguments) expr(*argument);
        return;
      case StmtKind::Return:
        head(stmt.value ? CodeReturnValue : CodeReturn, stmt.position);
        if (stmt.value) expr(*stmt.value);
        return;
      case StmtKind::If:
        head(CodeIf, stmt.position);
        expr(*stmt.value), list(stmt.body), list(stmt.otherwise);
        return;
      case StmtKind::While:
        head(stmt.step.empty() ? CodeWhile : CodeWhileStep, stmt.position);
        expr(*stmt.value), list(stmt.body);
        if (!stmt.step.empty()) list(stmt.step);
        return;
      case StmtKind::Break: return head(CodeBreak, stmt.position);
      case StmtKind::Continue: return head(CodeContinue, stmt.position);
      case StmtKind::New:
        head(stmt.value ? CodeNewArray : CodeNew, stmt.position);
        out_.number(stmt.newType);
        expr(*stmt.target);
        if (stmt.value) expr(*stmt.value);
        return;
      case StmtKind::Asm:
        head(CodeAsm, stmt.position);
        out_.string(stmt.text);
        return;
      case StmtKind::Fault:
        head(CodeFault, stmt.position);
        out_.u8(uint8_t(stmt.fault));
        return;
    }
  }

  // A node, then its operands; types follow from the operands wherever they can.
  void expr(const Expr& e) {
    out_.room(kRecord);
    switch (e.kind) {
      case ExprKind::Literal:
        head(uint8_t(CodeLiteral + e.type), e.position);
        return out_.signedNumber(int32_t(e.value));
      case ExprKind::Null:
        head(CodeNull, e.position);
        return out_.number(e.type);
      case ExprKind::Global:
        head(CodeGlobal, e.position);
        return out_.number(e.value);
      case ExprKind::Local:
        head(CodeLocal, e.position);
        return out_.number(e.value);
      case ExprKind::Field:
        head(CodeField, e.position);
        out_.number(e.value);
        return expr(*e.left);
      case ExprKind::Index:
        head(CodeIndex, e.position);
        expr(*e.left);
        return expr(*e.right);
      case ExprKind::Deref:
        head(CodeDeref, e.position);
        return expr(*e.left);
      case ExprKind::AddressOf:
        head(CodeAddressOf, e.position);
        return expr(*e.left);
      case ExprKind::Cast:
        head(uint8_t(CodeCast + e.type), e.position);
        return expr(*e.left);
      case ExprKind::Unary:
        head(uint8_t(CodeOperator + uint8_t(e.op)), e.position);
        return expr(*e.left);
      case ExprKind::Binary:
        head(uint8_t(CodeOperator + uint8_t(e.op)), e.position);
        expr(*e.left);
        return expr(*e.right);
    }
  }

  void head(uint8_t code, Position position) {
    const Position last = std::exchange(last_, position);
    if (position == last) return out_.u8(code | Same);
    if (position.file != last.file) {
      out_.u8(code | Full);
      out_.number(position.file), out_.number(position.line), out_.number(position.column);
      return;
    }
    int columns = int(position.column) - int(last.column);
    if (position.line == last.line && columns >= -128 && columns <= 127) {
      out_.u8(code | Column), out_.u8(uint8_t(columns));
    } else {
      out_.u8(code | Line);
      out_.signedNumber(int64_t(position.line) - int64_t(last.line)), out_.number(position.column);
    }
  }

  const Program& unit_;
  Buffer out_;
  Position last_;
};

}  // namespace

std::vector<uint8_t> serialize(const Program& unit) { return UnitWriter(unit).write(); }

}  // namespace core
