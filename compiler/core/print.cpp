#include "compiler/core/print.h"

#include <algorithm>
#include <unordered_set>

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
    case TypeKind::UChar:
    case TypeKind::Short:
    case TypeKind::UShort: out += '(' + types.print(type) + ')' + std::to_string(int32_t(value)); return;
    default: out += std::to_string(int32_t(value));
  }
}

std::string hex(uint32_t value) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%x", value);
  return text;
}

class Printer {
 public:
  Printer(const Program& program, std::string& out) : program_(program), types_(program.types), out_(out) {}
  const Function* function = nullptr;

  // A name of the compiler's own (`f.counter`, `.str.0`) has dots, which a program's text writes as `$`.
  void name(std::string_view text) {
    for (char c : text) out_ += c == '.' && whole_ ? '$' : c;
  }
  std::string declare(TypeId type, std::string_view declarator) const {
    std::string text = types_.declare(type, declarator, tags_);
    if (whole_) std::replace(text.begin(), text.end(), '.', '$');
    return text;
  }

  // A function's locals by names that differ from each other and from what else its body names.
  void enter(const Function& f) {
    function = &f;
    locals_.clear();
    std::unordered_set<std::string_view> used;
    for (const Stmt* stmt : f.statements) namesOf(*stmt, used);
    for (const Variable& variable : f.variables) {
      std::string text = variable.name;
      for (unsigned n = 2; used.count(text); n++) text = variable.name + '.' + std::to_string(n);
      locals_.push_back(std::make_unique<std::string>(std::move(text)));
      used.insert(*locals_.back());
    }
  }

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
        name(program_.functions[stmt.index].name), out_ += '(';
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
      case StmtKind::Break: out_ += "break;"; return;
      case StmtKind::Continue: out_ += "continue;"; return;
      case StmtKind::New:
        expr(*stmt.target), out_ += " = new(" + declare(stmt.newType, "");
        if (stmt.value) out_ += ", ", expr(*stmt.value);
        out_ += ");";
        return;
      case StmtKind::Asm: out_ += "asm { "; asmText(stmt.text, whole_ ? "\n" : "; "); out_ += whole_ ? "\n}" : " }"; return;
      case StmtKind::Fault:
        out_ += "__fault(" + std::to_string(unsigned(stmt.fault)) + " /* " + std::string(object::faultName(stmt.fault)) + " */);";
        return;
    }
  }

  void program() {
    whole_ = true;
    nameStructs();
    for (TypeId id = 0; id < types_.count(); id++)
      if (types_[id].kind == TypeKind::Struct) out_ += declare(id, "") + ";\n";
    for (TypeTable::Completion each : types_.completions()) structure(each.id);
    declarations();
    for (const Global& each : program_.globals) global(each);
    prototypes();
    for (const Function& each : program_.functions)
      if (each.defined) definition(each);
  }

 private:
  // Tags that differ.
  void nameStructs() {
    tags_.resize(types_.count());
    std::unordered_set<std::string> used;
    for (TypeId id = 0; id < types_.count(); id++) {
      if (types_[id].kind != TypeKind::Struct) continue;
      const std::string tag = types_[id].name.empty() ? ".struct" : types_[id].name;
      tags_[id] = tag;
      for (unsigned n = 2; !used.insert(tags_[id]).second; n++) tags_[id] = tag + '.' + std::to_string(n);
    }
  }

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
      case ExprKind::Literal: return startsWithMinus(e) || e.type > TypeTable::kUnsigned ? UnaryPrecedence : PostfixPrecedence;
      default: return PostfixPrecedence;
    }
  }

  void bare(const Expr& e, uint8_t inner) {
    switch (e.kind) {
      case ExprKind::Literal: return appendLiteral(out_, types_, e.type, e.value);
      case ExprKind::Null: out_ += "NULL"; return;
      case ExprKind::Global: return name(program_.globals[e.value].name);
      case ExprKind::Local: return name(whole_ ? *locals_[e.value] : function->variables[e.value].name);
      case ExprKind::Field:
        if (e.left->kind == ExprKind::Deref) typed(*e.left->left, PostfixPrecedence), out_ += "->";
        else expr(*e.left, PostfixPrecedence), out_ += '.';
        name(types_[e.left->type].fields[e.value].name);
        return;
      case ExprKind::Index:
        expr(*e.left, PostfixPrecedence), out_ += '[', expr(*e.right), out_ += ']';
        return;
      case ExprKind::Deref: out_ += '*', typed(*e.left, UnaryPrecedence); return;
      case ExprKind::AddressOf: out_ += '&', expr(*e.left, UnaryPrecedence); return;
      case ExprKind::Unary:
        out_ += spelling(e.op);
        expr(*e.left, e.op == Operator::Negate && startsWithMinus(*e.left) ? PostfixPrecedence + 1 : UnaryPrecedence);
        return;
      case ExprKind::Cast: out_ += '(' + declare(e.type, "") + ')', expr(*e.left, UnaryPrecedence); return;
      case ExprKind::Binary:
        // NULL takes its type from the other side of == and != only.
        const bool equality = e.op == Operator::Equal || e.op == Operator::NotEqual;
        equality ? expr(*e.left, inner) : typed(*e.left, inner);
        out_ += ' ', out_ += spelling(e.op), out_ += ' ';
        equality && e.left->kind != ExprKind::Null ? expr(*e.right, inner + 1) : typed(*e.right, inner + 1);
        return;
    }
  }

  // With its type, wherever the text does not give it.
  void typed(const Expr& e, uint8_t outer) {
    if (e.kind != ExprKind::Null) return expr(e, outer);
    if (outer > UnaryPrecedence) out_ += '(';
    out_ += '(' + declare(e.type, "") + ")NULL";
    if (outer > UnaryPrecedence) out_ += ')';
  }

  void namesOf(const Stmt& stmt, std::unordered_set<std::string_view>& used) const {
    for (const Expr* e : {stmt.target, stmt.value})
      if (e) namesOf(*e, used);
    for (const Expr* e : stmt.arguments) namesOf(*e, used);
    if (stmt.kind == StmtKind::Call) used.insert(program_.functions[stmt.index].name);
  }
  void namesOf(const Expr& e, std::unordered_set<std::string_view>& used) const {
    if (e.kind == ExprKind::Global) used.insert(program_.globals[e.value].name);
    if (e.left) namesOf(*e.left, used);
    if (e.right) namesOf(*e.right, used);
  }

  void structure(TypeId id) {
    out_ += declare(id, "") + " {\n";
    for (const Field& field : types_[id].fields) out_ += "  " + declare(field.type, field.name) + ";\n";
    out_ += "};\n";
  }

  void global(const Global& global) {
    declaration(global, global.address);
    if (end(global, 0, types_[global.type].size)) {
      out_ += " = ";
      initial(global, global.type, 0);
    }
    out_ += ";\n";
  }
  void declaration(const Global& global, std::optional<uint32_t> address = {}) {
    if (!global.defined) out_ += "extern ";
    if (global.internal) out_ += "static ";
    if (global.constant) out_ += "const ";
    if (address) out_ += "__at(" + hex(*address) + ") ";
    out_ += global.open ? declare(types_[global.type].element, global.name + "[]") : declare(global.type, global.name);
  }
  // Up to the last global that an initial pointer names before it comes: declarations keep the order.
  void declarations() {
    uint32_t last = 0;
    for (uint32_t i = 0; i < program_.globals.size(); i++)
      for (const InitialPointer& each : program_.globals[i].pointers)
        if (each.global > i) last = std::max(last, each.global + 1);
    for (uint32_t i = 0; i < last; i++) {
      if (program_.globals[i].defined) out_ += "extern ";
      declaration(program_.globals[i]);
      out_ += ";\n";
    }
  }
  // Behind the last simple value of first .. first + size - 1 that is not zero; 0 if all are.
  static uint32_t end(const Global& global, uint32_t first, uint32_t size) {
    uint32_t end = 0;
    const std::vector<uint32_t>& values = global.initial;
    for (uint32_t i = std::min(first + size, uint32_t(values.size())); i > first && !end; i--)
      if (values[i - 1]) end = i;
    auto pointer = firstPointer(global, first + size);
    if (pointer != global.pointers.begin() && (--pointer)->index >= first) end = std::max(end, pointer->index + 1);
    return end;
  }
  static std::vector<InitialPointer>::const_iterator firstPointer(const Global& global, uint32_t index) {
    return std::lower_bound(global.pointers.begin(), global.pointers.end(), index,
                            [](const InitialPointer& each, uint32_t wanted) { return each.index < wanted; });
  }
  void initial(const Global& global, TypeId id, uint32_t first) {
    const Type& type = types_[id];
    if (type.simple()) {
      auto pointer = firstPointer(global, first);
      if (pointer != global.pointers.end() && pointer->index == first) return initialPointer(*pointer, type.element);
      return appendLiteral(out_, types_, id, first < global.initial.size() ? global.initial[first] : 0);
    }
    const uint32_t last = end(global, first, type.size);
    if (type.kind == TypeKind::Array && type.element == TypeTable::kChar && last < first + type.count)
      return text(std::span(global.initial).subspan(last ? first : 0, last ? last - first : 0));
    out_ += '{';
    if (type.kind == TypeKind::Struct) {
      for (const Field& field : type.fields) {
        if (field.index) out_ += ", ";
        initial(global, field.type, first + field.index);
      }
    } else {  // zeros at the end need not be written
      const uint32_t size = types_[type.element].size;
      for (uint32_t i = 0; i == 0 || first + i * size < last; i++) {
        if (i) out_ += ", ";
        initial(global, type.element, first + i * size);
      }
    }
    out_ += '}';
  }
  void initialPointer(const InitialPointer& pointer, TypeId wanted) {
    const Global& global = program_.globals[pointer.global];
    const uint32_t target = pointer.element - (pointer.past ? types_[wanted].size : 0);
    out_ += '&';
    name(global.name);
    uint32_t start = 0;
    for (TypeId id = global.type; id != wanted || start != target;) {
      const Type& type = types_[id];
      if (type.kind == TypeKind::Array) {
        const uint32_t i = (target - start) / types_[type.element].size;
        out_ += '[' + std::to_string(i) + ']';
        start += i * types_[type.element].size;
        id = type.element;
      } else {
        const Field* field = &type.fields.back();
        while (field->index > target - start) field--;
        out_ += '.', name(field->name);
        start += field->index;
        id = field->type;
      }
    }
    if (pointer.past) out_ += " + 1";
  }
  void text(std::span<const uint32_t> values) {
    out_ += '"';
    for (size_t i = 0; i < values.size(); i++) {
      // A hexadecimal escape would swallow a digit that follows.
      if (i && isxdigit(uint8_t(values[i])) && (values[i - 1] < ' ' || values[i - 1] >= 0x7F)) out_ += "\"\"";
      appendEscaped(out_, uint8_t(values[i]), '"');
    }
    out_ += '"';
  }

  // Up to the last function that needs one, because it is extern or called before its definition: prototypes keep the order.
  void prototypes() {
    size_t last = 0;
    for (size_t i = 0; i < program_.functions.size(); i++) {
      if (!program_.functions[i].defined) last = std::max(last, i + 1);
      for (const Stmt* stmt : program_.functions[i].statements)
        if (stmt->kind == StmtKind::Call && stmt->index > i) last = std::max<size_t>(last, stmt->index + 1);
    }
    for (size_t i = 0; i < last; i++) signature(program_.functions[i]), out_ += ";\n";
  }
  void signature(const Function& f) {
    if (f.internal) out_ += "static ";
    std::string declarator = f.name + '(';
    enter(f);
    for (uint32_t i = 0; i < f.parameters; i++) {
      if (i) declarator += ", ";
      declarator += declare(f.variables[i].type, *locals_[i]);
    }
    out_ += declare(f.result, declarator + ')');
  }
  void definition(const Function& f) {
    out_ += '\n';
    signature(f);
    out_ += " {\n";
    for (size_t i = f.parameters; i < f.variables.size(); i++)
      out_ += "  " + declare(f.variables[i].type, *locals_[i]) + ";\n";
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
    const StmtList second = stmt.kind == StmtKind::While ? stmt.step : stmt.otherwise;
    if (second.empty()) return;
    out_ += stmt.kind == StmtKind::While ? " __step {\n" : " else {\n";
    list(second, indent + 2);
    out_.append(indent, ' ');
    out_ += '}';
  }
  void asmText(std::string_view text, std::string_view newline) {
    while (!text.empty() && isspace(uint8_t(text.front()))) text.remove_prefix(1);
    while (!text.empty() && isspace(uint8_t(text.back()))) text.remove_suffix(1);
    bool lineStart = false;
    for (char c : text) {
      if (c == '\n') {
        if (whole_ || !lineStart) out_ += newline;
        lineStart = true;
      } else if (whole_ || !lineStart || !isspace(uint8_t(c))) {
        out_ += c, lineStart = false;
      }
    }
  }

  const Program& program_;
  const TypeTable& types_;
  std::string& out_;
  bool whole_ = false;  // a program, not an excerpt for a report
  std::vector<std::string> tags_;
  std::vector<std::unique_ptr<std::string>> locals_;  // of the function that is printed: its variables' names
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
