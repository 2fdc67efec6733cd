#include "compiler/core/print.h"

#include <algorithm>

namespace core {

namespace {

// Binding strength, as in C.
enum Precedence : uint8_t { AnyPrecedence, OrPrecedence, UnaryPrecedence = 11, PostfixPrecedence = 12 };

uint8_t precedence(Operator op) {
  switch (op) {
    case Operator::LogicalOr: return OrPrecedence;
    case Operator::LogicalAnd: return 2;
    case Operator::Or: return 3;
    case Operator::Xor: return 4;
    case Operator::And: return 5;
    case Operator::Equal:
    case Operator::NotEqual: return 6;
    case Operator::Less:
    case Operator::LessEqual:
    case Operator::Greater:
    case Operator::GreaterEqual: return 7;
    case Operator::ShiftLeft:
    case Operator::ShiftRight: return 8;
    case Operator::Add:
    case Operator::Sub: return 9;
    default: return 10;
  }
}

void appendEscaped(std::string& out, uint8_t c, char quote) {
  static constexpr char kHex[] = "0123456789abcdef";
  if (c == '\n') out += "\\n";
  else if (c == '\t') out += "\\t";
  else if (c == '\\' || c == uint8_t(quote)) out += '\\', out += char(c);
  else if (c < ' ' || c >= 0x7F) out += "\\x", out += kHex[c >> 4], out += kHex[c & 15];
  else out += char(c);
}

void appendLiteral(std::string& out, const TypeTable& types, TypeId type, uint32_t value) {
  switch (types[type].kind) {
    case TypeKind::Bool: out += value ? "true" : "false"; return;
    case TypeKind::Char:
      out += '\'';
      appendEscaped(out, uint8_t(value), '\'');
      out += '\'';
      return;
    case TypeKind::Unsigned: out += std::to_string(value) + 'u'; return;
    case TypeKind::Pointer: out += "NULL"; return;
    default: out += std::to_string(int32_t(value));
  }
}

class Printer {
 public:
  Printer(const Program& program, std::string& out) : program_(program), types_(program.types), out_(out) {}
  const Function* function = nullptr;

  void expr(const Expr& e, uint8_t outer = AnyPrecedence) {
    const uint8_t inner = strength(e);
    if (inner < outer) out_ += '(';
    bare(e, inner);
    if (inner < outer) out_ += ')';
  }

  void head(const Stmt& stmt) {
    switch (stmt.kind) {
      case StmtKind::Skip: out_ += ';'; return;
      case StmtKind::Assign:
        expr(*stmt.target), out_ += " = ", expr(*stmt.value), out_ += ';';
        return;
      case StmtKind::Call:
        if (stmt.target) expr(*stmt.target), out_ += " = ";
        out_ += program_.functions[stmt.index].name + '(';
        for (size_t i = 0; i < stmt.arguments.size(); i++) {
          if (i) out_ += ", ";
          expr(*stmt.arguments[i]);
        }
        out_ += ");";
        return;
      case StmtKind::Return:
        out_ += "return";
        if (stmt.value) out_ += ' ', expr(*stmt.value);
        out_ += ';';
        return;
      case StmtKind::If:
      case StmtKind::While:
        out_ += stmt.kind == StmtKind::If ? "if (" : "while (";
        expr(*stmt.value);
        out_ += ')';
        return;
      case StmtKind::New: expr(*stmt.target), out_ += " = new(" + types_.print(stmt.newType) + ");"; return;
      case StmtKind::Asm: out_ += "asm { "; asmText(stmt.text, "; "); out_ += " }"; return;
      case StmtKind::Fault:
        out_ += "__fault(" + std::to_string(unsigned(stmt.fault)) + " /* " + std::string(object::faultName(stmt.fault)) + " */);";
        return;
    }
  }

  void program() {
    for (TypeId id = 0; id < types_.count(); id++)
      if (types_[id].kind == TypeKind::Struct) out_ += types_.print(id) + ";\n";
    for (TypeTable::Completion each : types_.completions()) structure(each.id);
    for (const Global& each : program_.globals) global(each);
    prototypes();
    for (const Function& each : program_.functions)
      if (each.defined) definition(each);
  }

 private:
  static bool startsWithMinus(const Expr& e) {
    return (e.kind == ExprKind::Literal && e.type == TypeTable::kInt && int32_t(e.value) < 0) || e.op == Operator::Negate;
  }
  static uint8_t strength(const Expr& e) {
    switch (e.kind) {
      case ExprKind::Binary: return precedence(e.op);
      case ExprKind::Deref:
      case ExprKind::AddressOf:
      case ExprKind::Unary:
      case ExprKind::Cast: return UnaryPrecedence;
      case ExprKind::Literal: return startsWithMinus(e) ? UnaryPrecedence : PostfixPrecedence;
      default: return PostfixPrecedence;
    }
  }

  void bare(const Expr& e, uint8_t inner) {
    switch (e.kind) {
      case ExprKind::Literal: return appendLiteral(out_, types_, e.type, e.value);
      case ExprKind::Null: out_ += "NULL"; return;
      case ExprKind::Global: out_ += program_.globals[e.value].name; return;
      case ExprKind::Local: out_ += function->variables[e.value].name; return;
      case ExprKind::Field:
        if (e.left->kind == ExprKind::Deref) expr(*e.left->left, PostfixPrecedence), out_ += "->";
        else expr(*e.left, PostfixPrecedence), out_ += '.';
        out_ += types_[e.left->type].fields[e.value].name;
        return;
      case ExprKind::Index:
        expr(*e.left, PostfixPrecedence), out_ += '[', expr(*e.right), out_ += ']';
        return;
      case ExprKind::Deref: out_ += '*', expr(*e.left, UnaryPrecedence); return;
      case ExprKind::AddressOf: out_ += '&', expr(*e.left, UnaryPrecedence); return;
      case ExprKind::Unary:
        out_ += spelling(e.op);
        expr(*e.left, e.op == Operator::Negate && startsWithMinus(*e.left) ? PostfixPrecedence + 1 : UnaryPrecedence);
        return;
      case ExprKind::Cast: out_ += '(' + types_.print(e.type) + ')', expr(*e.left, UnaryPrecedence); return;
      case ExprKind::Binary:
        expr(*e.left, inner);
        out_ += ' ', out_ += spelling(e.op), out_ += ' ';
        expr(*e.right, inner + 1);
        return;
    }
  }

  void structure(TypeId id) {
    out_ += types_.print(id) + " {\n";
    for (const Field& field : types_[id].fields) out_ += "  " + types_.declare(field.type, field.name) + ";\n";
    out_ += "};\n";
  }

  void global(const Global& global) {
    if (!global.defined) out_ += "extern ";
    if (global.internal) out_ += "static ";
    if (global.constant) out_ += "const ";
    out_ += types_.declare(global.type, global.name);
    if (std::any_of(global.initial.begin(), global.initial.end(), [](uint32_t value) { return value != 0; })) {
      out_ += " = ";
      initial(global.type, global.initial);
    }
    out_ += ";\n";
  }
  void initial(TypeId id, std::span<const uint32_t> values) {
    const Type& type = types_[id];
    if (type.simple()) return appendLiteral(out_, types_, id, values[0]);
    if (type.element == TypeTable::kChar && type.kind == TypeKind::Array && values.back() == 0) return text(values);
    out_ += '{';
    if (type.kind == TypeKind::Struct) {
      for (const Field& field : type.fields) {
        if (field.index) out_ += ", ";
        initial(field.type, values.subspan(field.index, types_[field.type].size));
      }
    } else {
      const uint32_t size = types_[type.element].size;
      auto isZero = [](uint32_t value) { return value == 0; };
      uint32_t last = type.count - 1;  // zeros at the end need not be written
      while (last && std::all_of(values.begin() + last * size, values.begin() + (last + 1) * size, isZero)) last--;
      for (uint32_t i = 0; i <= last; i++) {
        if (i) out_ += ", ";
        initial(type.element, values.subspan(size_t(i) * size, size));
      }
    }
    out_ += '}';
  }
  void text(std::span<const uint32_t> values) {
    size_t size = values.size();
    while (size && values[size - 1] == 0) size--;
    out_ += '"';
    for (size_t i = 0; i < size; i++) {
      // A hexadecimal escape would swallow a digit that follows.
      if (i && isxdigit(uint8_t(values[i])) && (values[i - 1] < ' ' || values[i - 1] >= 0x7F)) out_ += "\"\"";
      appendEscaped(out_, uint8_t(values[i]), '"');
    }
    out_ += '"';
  }

  // Of externs, and of functions that are called before their definition.
  void prototypes() {
    std::vector<bool> needed(program_.functions.size());
    for (size_t i = 0; i < needed.size(); i++) {
      needed[i] = needed[i] || !program_.functions[i].defined;
      for (const Stmt* stmt : program_.functions[i].statements)
        if (stmt->kind == StmtKind::Call && stmt->index > i) needed[stmt->index] = true;
    }
    for (size_t i = 0; i < needed.size(); i++)
      if (needed[i]) signature(program_.functions[i]), out_ += ";\n";
  }
  void signature(const Function& f) {
    if (f.internal) out_ += "static ";
    std::string declarator = f.name + '(';
    for (uint32_t i = 0; i < f.parameters; i++) {
      if (i) declarator += ", ";
      declarator += types_.declare(f.variables[i].type, f.variables[i].name);
    }
    out_ += types_.declare(f.result, declarator + ')');
  }
  void definition(const Function& f) {
    function = &f;
    out_ += '\n';
    signature(f);
    out_ += " {\n";
    for (size_t i = f.parameters; i < f.variables.size(); i++)
      out_ += "  " + types_.declare(f.variables[i].type, f.variables[i].name) + ";\n";
    list(f.body, 2);
    out_ += "}\n";
  }
  void list(StmtList statements, size_t indent) {
    for (const Stmt* stmt : statements) {
      out_.append(indent, ' ');
      head(*stmt);
      if (stmt->kind == StmtKind::If || stmt->kind == StmtKind::While) block(*stmt, indent);
      out_ += '\n';
    }
  }
  void block(const Stmt& stmt, size_t indent) {
    out_ += " {\n";
    list(stmt.body, indent + 2);
    out_.append(indent, ' ');
    out_ += '}';
    if (stmt.otherwise.empty()) return;
    out_ += " else {\n";
    list(stmt.otherwise, indent + 2);
    out_.append(indent, ' ');
    out_ += '}';
  }
  void asmText(std::string_view text, std::string_view newline) {
    while (!text.empty() && isspace(uint8_t(text.front()))) text.remove_prefix(1);
    while (!text.empty() && isspace(uint8_t(text.back()))) text.remove_suffix(1);
    for (char c : text)
      if (c == '\n') out_ += newline;
      else out_ += c;
  }

  const Program& program_;
  const TypeTable& types_;
  std::string& out_;
};

}  // namespace

std::string print(const Program& program) {
  std::string out;
  Printer(program, out).program();
  return out;
}

std::string print(const Program& program, const Function& function, const Expr& expr) {
  std::string out;
  Printer printer(program, out);
  printer.function = &function;
  printer.expr(expr);
  return out;
}

std::string printHead(const Program& program, const Function& function, const Stmt& stmt) {
  std::string out;
  Printer printer(program, out);
  printer.function = &function;
  printer.head(stmt);
  return out;
}

}  // namespace core
