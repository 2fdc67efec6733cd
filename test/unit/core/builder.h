// Builds core programs by hand: expressions get their types from their operands, statements their ordinals at the end.
#pragma once

#include <initializer_list>
#include <utility>

#include "compiler/core/core.h"

namespace core::test {

using E = const Expr*;
using S = Stmt*;

constexpr TypeId kBool = TypeTable::kBool, kChar = TypeTable::kChar, kInt = TypeTable::kInt;

class Builder {
 public:
  Program program;
  uint32_t line = 1;  // of the nodes that are made next

  explicit Builder(std::string name = "test.c0") {
    program.name = name;
    program.files.push_back(std::move(name));
  }

  TypeId pointer(TypeId to) { return program.types.pointer(to); }
  TypeId array(TypeId of, uint64_t n) { return program.types.array(of, n).value(); }
  TypeId structure(std::string tag, std::vector<std::pair<std::string, TypeId>> fields) {
    TypeId id = program.types.declareStruct(std::move(tag));
    program.types.completeStruct(id, std::move(fields));
    return id;
  }
  uint32_t global(std::string name, TypeId type, std::vector<uint32_t> initial = {}) {
    Global global;
    global.name = std::move(name);
    global.type = type;
    global.position = here();
    global.initial = std::move(initial);
    program.globals.push_back(std::move(global));
    return uint32_t(program.globals.size() - 1);
  }

  // A function whose body is given later; the first variables are parameters.
  uint32_t declare(std::string name, TypeId result, std::vector<std::pair<std::string, TypeId>> parameters = {}) {
    Function function;
    function.name = std::move(name);
    function.result = result;
    function.parameters = uint32_t(parameters.size());
    function.position = here();
    for (auto& [parameter, type] : parameters) function.variables.push_back({std::move(parameter), type, here()});
    if (auto primitive = findPrimitive(function.name)) function.primitive = *primitive;
    program.functions.push_back(std::move(function));
    return uint32_t(program.functions.size() - 1);
  }
  // Names in local() refer to this function from now on.
  void enter(uint32_t function) { current_ = function; }
  E declareLocal(std::string name, TypeId type) {
    Function& function = program.functions[current_];
    function.variables.push_back({std::move(name), type, here()});
    return local(uint32_t(function.variables.size() - 1));
  }
  void define(uint32_t function, std::initializer_list<S> body) { define(function, std::vector<S>(body)); }
  void define(uint32_t function, const std::vector<S>& body) {
    Function& to = program.functions[function];
    to.defined = true;
    to.primitive = Primitive::None;
    to.body = block(body);
    to.statements.clear();
    number(to, to.body);
  }
  uint32_t function(std::string name, TypeId result, std::initializer_list<S> body) {
    uint32_t index = declare(std::move(name), result);
    define(index, body);
    return index;
  }

  // ---- expressions --------------------------------------------------------------------------------------------------
  E expr(const Expr& e) { return program.make(e); }
  E literal(TypeId type, uint32_t value) { return expr({ExprKind::Literal, Operator::None, type, here(), value}); }
  E integer(int32_t value) { return literal(TypeTable::kInt, uint32_t(value)); }
  E natural(uint32_t value) { return literal(TypeTable::kUnsigned, value); }
  E character(int8_t value) { return literal(TypeTable::kChar, uint32_t(value)); }
  E boolean(bool value) { return literal(TypeTable::kBool, value); }
  E null(TypeId type) { return expr({ExprKind::Null, Operator::None, type, here()}); }
  E local(uint32_t index) {
    return expr({ExprKind::Local, Operator::None, program.functions[current_].variables[index].type, here(), index});
  }
  E variable(uint32_t global) {
    return expr({ExprKind::Global, Operator::None, program.globals[global].type, here(), global});
  }
  E field(E left, uint32_t index) {
    return expr({ExprKind::Field, Operator::None, program.types[left->type].fields[index].type, here(), index, left});
  }
  E index(E left, E right) {
    return expr({ExprKind::Index, Operator::None, program.types[left->type].element, here(), 0, left, right});
  }
  E deref(E left) {
    return expr({ExprKind::Deref, Operator::None, program.types[left->type].element, here(), 0, left});
  }
  E address(E left) { return expr({ExprKind::AddressOf, Operator::None, pointer(left->type), here(), 0, left}); }
  E unary(Operator op, E left) { return expr({ExprKind::Unary, op, left->type, here(), 0, left}); }
  E binary(E left, Operator op, E right) {
    auto isPointer = [&](E e) { return program.types[e->type].kind == TypeKind::Pointer; };
    const bool difference = op == Operator::Sub && isPointer(left) && isPointer(right);
    const TypeId type = op >= Operator::Equal ? TypeTable::kBool : difference ? TypeTable::kInt : left->type;
    return expr({ExprKind::Binary, op, type, here(), 0, left, right});
  }
  E cast(TypeId to, E left) { return expr({ExprKind::Cast, Operator::None, to, here(), 0, left}); }

  // ---- statements ---------------------------------------------------------------------------------------------------
  S skip() { return stmt(StmtKind::Skip); }
  S assign(E target, E value) {
    S s = stmt(StmtKind::Assign);
    s->target = target, s->value = value;
    return s;
  }
  S call(E target, uint32_t function, const std::vector<E>& arguments = {}) {
    S s = stmt(StmtKind::Call);
    s->target = target, s->index = function, s->arguments = program.list(arguments);
    return s;
  }
  S ret(E value = nullptr) {
    S s = stmt(StmtKind::Return);
    s->value = value;
    return s;
  }
  S branch(E condition, const std::vector<S>& body, const std::vector<S>& otherwise = {}) {
    S s = stmt(StmtKind::If);
    s->value = condition, s->body = block(body), s->otherwise = block(otherwise);
    return s;
  }
  S loop(E condition, const std::vector<S>& body, const std::vector<S>& step = {}) {
    S s = stmt(StmtKind::While);
    s->value = condition, s->body = block(body), s->step = block(step);
    return s;
  }
  S leave() { return stmt(StmtKind::Break); }
  S again() { return stmt(StmtKind::Continue); }
  S allocate(E target, TypeId type, E count = nullptr) {
    S s = stmt(StmtKind::New);
    s->target = target, s->newType = type, s->value = count;
    return s;
  }
  S fault(Fault fault) {
    S s = stmt(StmtKind::Fault);
    s->fault = fault;
    return s;
  }
  S assembly(std::string_view text) {
    S s = stmt(StmtKind::Asm);
    s->text = program.string(text);
    return s;
  }

 private:
  // Every node has a column of its own on its line, so that tests can tell positions apart.
  Position here() {
    if (line != lastLine_) lastLine_ = line, column_ = 0;
    return {line, ++column_, 0};
  }
  S stmt(StmtKind kind) { return program.make(Stmt{kind, Fault::None, 0, here()}); }
  StmtList block(const std::vector<S>& statements) {
    return program.list(std::vector<const Stmt*>(statements.begin(), statements.end()));
  }
  void number(Function& function, StmtList list) {
    for (const Stmt* stmt : list) {
      const_cast<Stmt*>(stmt)->ordinal = uint32_t(function.statements.size());
      function.statements.push_back(stmt);
      number(function, stmt->body);
      number(function, stmt->otherwise);
      number(function, stmt->step);
    }
  }
  uint32_t current_ = 0, lastLine_ = 0;
  uint16_t column_ = 0;
};

}  // namespace core::test
