// The syntax of expressions, and what names mean.
#include "compiler/debug/expression.h"

#include <algorithm>
#include <cctype>
#include <optional>

#include "compiler/debug/expression_types.h"

namespace debug {

using core::Function;
using interp::Machine;

namespace {

constexpr unsigned kDeepest = 200;

struct BinaryOperator {
  std::string_view text;
  Operator op;
  int strength;
};
// Longer spellings before those they begin with.
constexpr BinaryOperator kBinary[] = {
    {"||", Operator::LogicalOr, 1}, {"&&", Operator::LogicalAnd, 2},
    {"==", Operator::Equal, 6},     {"!=", Operator::NotEqual, 6},
    {"<<", Operator::ShiftLeft, 8}, {">>", Operator::ShiftRight, 8},
    {"<=", Operator::LessEqual, 7}, {">=", Operator::GreaterEqual, 7},
    {"<", Operator::Less, 7},       {">", Operator::Greater, 7},
    {"|", Operator::Or, 3},         {"^", Operator::Xor, 4},
    {"&", Operator::And, 5},        {"+", Operator::Add, 9},
    {"-", Operator::Sub, 9},        {"*", Operator::Mul, 10},
    {"/", Operator::Div, 10},       {"%", Operator::Mod, 10},
};

bool isBefore(core::Position a, core::Position b) { return a.line != b.line ? a.line < b.line : a.column <= b.column; }

class Parser {
 public:
  Parser(std::string_view text, const Machine& machine, uint32_t depth, Expression& to)
      : text_(text),
        machine_(machine),
        program_(machine.program()),
        depth_(depth),
        to_(to),
        typed_(program_, *to.nodes) {}

  base::Status run(std::optional<TypeId> wanted) {
    Node e = binary(1);
    skip();
    if (e && at_ != text_.size())
      e = typed_.fail("'" + std::string(text_.substr(at_)) + "' does not belong to an expression");
    if (e && wanted) e = typed_.convert(e, *wanted);
    if (!e) return base::Error{typed_.error(), "bad-expression", ""};
    to_.root = e;
    return base::Ok{};
  }

 private:
  void skip() {
    while (at_ < text_.size() && std::isspace(uint8_t(text_[at_]))) at_++;
  }
  bool accept(std::string_view token) {
    skip();
    if (!text_.substr(at_).starts_with(token)) return false;
    at_ += token.size();
    return true;
  }
  Node expected(const char* what) {
    skip();
    return typed_.fail(std::string(what) + (at_ == text_.size()
                                                ? " is missing at the end"
                                                : " is missing before '" + std::string(text_.substr(at_)) + "'"));
  }
  std::string_view word() {
    skip();
    size_t end = at_;
    while (end < text_.size() && (std::isalnum(uint8_t(text_[end])) || text_[end] == '_')) end++;
    return text_.substr(at_, end - at_);
  }

  const BinaryOperator* peek() {
    skip();
    for (const BinaryOperator& each : kBinary)
      if (text_.substr(at_).starts_with(each.text)) return &each;
    return nullptr;
  }
  Node binary(int strength) {
    Node left = unary();
    while (left) {
      const BinaryOperator* op = peek();
      if (!op || op->strength < strength) break;
      at_ += op->text.size();
      if (++operators_ > kDeepest) return typed_.fail("the expression is too long");
      Node right = binary(op->strength + 1);
      left = right ? typed_.binary(op->op, left, right) : nullptr;
    }
    return left;
  }

  Node unary() {
    if (++operators_ > kDeepest) return typed_.fail("the expression is too long");
    if (accept("-")) return typed_.unary(Operator::Negate, unary());
    if (accept("+")) return typed_.unary(Operator::None, unary());
    if (accept("~")) return typed_.unary(Operator::Complement, unary());
    if (accept("!")) return typed_.unary(Operator::Not, unary());
    if (accept("*")) return typed_.deref(unary());
    if (accept("&")) return typed_.addressOf(unary());
    const size_t begin = at_;
    if (accept("(")) {
      if (auto type = typeName()) return accept(")") ? typed_.cast(*type, unary()) : expected("')'");
      at_ = begin;
    }
    return postfix();
  }

  std::optional<TypeId> typeName() {
    static constexpr std::pair<std::string_view, TypeId> kNames[] = {{"bool", TypeTable::kBool},
                                                                     {"char", TypeTable::kChar},
                                                                     {"int", TypeTable::kInt},
                                                                     {"short", TypeTable::kShort},
                                                                     {"unsigned", TypeTable::kUnsigned}};
    for (auto [name, id] : kNames) {
      if (word() != name) continue;
      at_ += name.size();
      if (id != TypeTable::kUnsigned) return id;
      for (auto [rest, narrow] :
           {std::pair{"char", TypeTable::kUChar}, {"short", TypeTable::kUShort}, {"int", TypeTable::kUnsigned}})
        if (word() == rest) return accept(rest), narrow;
      return id;
    }
    return std::nullopt;
  }

  Node postfix() {
    Node e = primary();
    while (e) {
      if (accept("[")) {
        Node index = binary(1);
        e = index ? typed_.index(e, index) : nullptr;
        if (e && !accept("]")) e = expected("']'");
      } else if (accept("->")) {
        e = selected(typed_.deref(e));
      } else if (accept(".")) {
        e = selected(e);
      } else {
        break;
      }
      if (++operators_ > kDeepest) return typed_.fail("the expression is too long");
    }
    return e;
  }
  Node selected(Node structure) {
    const std::string_view name = word();
    at_ += name.size();
    return name.empty() ? expected("a field's name") : typed_.field(structure, name);
  }

  Node primary() {
    if (accept("(")) {
      Node e = binary(1);
      return !e || accept(")") ? e : expected("')'");
    }
    if (accept("'")) return character();
    const std::string_view name = word();
    if (name.empty()) return expected("an expression");
    at_ += name.size();
    if (std::isdigit(uint8_t(name[0]))) return number(name);
    if (name == "true" || name == "false") return typed_.literal(TypeTable::kBool, name == "true");
    if (name == "NULL") return typed_.null();
    return variable(name);
  }

  Node number(std::string_view text) {
    const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
    std::string_view digits = text.substr(hexadecimal ? 2 : 0);
    const bool isUnsigned = digits.ends_with('u') || digits.ends_with('U');
    if (isUnsigned) digits.remove_suffix(1);
    uint64_t value = 0;
    for (char c : digits) {
      const int digit = std::isdigit(uint8_t(c))                   ? c - '0'
                        : hexadecimal && std::isxdigit(uint8_t(c)) ? std::tolower(c) - 'a' + 10
                                                                   : 99;
      if (digit == 99) return typed_.fail("'" + std::string(text) + "' is no number");
      value = value * (hexadecimal ? 16 : 10) + uint64_t(digit);
      if (value > UINT32_MAX) return typed_.fail("'" + std::string(text) + "' does not fit 32 bits");
    }
    if (digits.empty()) return typed_.fail("'" + std::string(text) + "' is no number");
    return typed_.literal(isUnsigned || value > INT32_MAX ? TypeTable::kUnsigned : TypeTable::kInt, uint32_t(value));
  }

  Node character() {
    static constexpr std::string_view kEscapes = "n\nt\tr\r0\0a\ab\bf\fv\v";
    const std::string_view rest = text_.substr(at_);
    const bool escaped = rest.starts_with('\\');
    if (rest.size() < size_t(escaped) + 2 || rest[size_t(escaped) + 1] != '\'')
      return typed_.fail("a character in quotes is one character");
    char c = rest[escaped];
    for (size_t i = 0; escaped && i < kEscapes.size(); i += 2)
      if (kEscapes[i] == rest[1]) c = kEscapes[i + 1];
    at_ += size_t(escaped) + 2;
    return typed_.literal(TypeTable::kChar, uint32_t(int8_t(c)));
  }

  Node variable(std::string_view name) {
    const core::Stmt* stands = depth_ ? standsAt(machine_, depth_) : nullptr;
    std::string owner;
    if (depth_) {
      const Function& function = program_.functions[machine_.frame(depth_).function];
      std::optional<uint32_t> found;
      for (uint32_t i = 0; i < function.variables.size(); i++)
        if (function.variables[i].name == name &&
            (!found || !stands || isBefore(function.variables[i].position, stands->position)))
          found = i;
      if (found) return to_.local = true, typed_.variable(ExprKind::Local, function.variables[*found].type, *found);
      owner = function.name;
    }
    std::optional<uint32_t> found;
    for (uint32_t i = 0; i < program_.globals.size() && !owner.empty(); i++)
      if (program_.globals[i].name == owner + '.' + std::string(name)) found = i;
    for (uint32_t i = 0; i < program_.globals.size() && !found; i++)
      if (program_.globals[i].name == name && stands && program_.globals[i].position.file == stands->position.file)
        found = i;
    if (!found) found = program_.findGlobal(name);
    if (found) return typed_.variable(ExprKind::Global, program_.globals[*found].type, *found);
    if (program_.findFunction(name)) return typed_.fail("'" + std::string(name) + "' is a function");
    return typed_.fail("there is no variable '" + std::string(name) + "' here");
  }

  std::string_view text_;
  size_t at_ = 0;
  unsigned operators_ = 0;
  const Machine& machine_;
  const core::Program& program_;
  uint32_t depth_;
  Expression& to_;
  Typed typed_;
};

}  // namespace

base::Result<Expression> parseExpression(std::string_view text, const Machine& machine, uint32_t depth,
                                         std::optional<TypeId> wanted) {
  Expression made{std::string(text), std::make_shared<std::deque<Expr>>()};
  base::Status status = Parser(text, machine, depth, made).run(wanted);
  if (!status) return status.error();
  return made;
}

const core::Stmt* standsAt(const Machine& machine, uint32_t depth) {
  return depth == machine.rd() ? machine.head() : machine.pendingCall(depth + 1);
}

std::vector<std::string> visibleNames(const Machine& machine, uint32_t depth) {
  const core::Program& program = machine.program();
  std::vector<std::string> names;
  auto add = [&](std::string_view name) {
    if (name.find('.') == name.npos) names.emplace_back(name);
  };
  for (const core::Global& each : program.globals) add(each.name);
  if (depth) {
    const Function& function = program.functions[machine.frame(depth).function];
    for (const core::Variable& each : function.variables) add(each.name);
    for (const core::Global& each : program.globals)
      if (each.name.starts_with(function.name + '.')) add(std::string_view(each.name).substr(function.name.size() + 1));
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace debug
