#include "compiler/syntax/print.h"

namespace syntax {

const char* spelling(Op op) {
  static constexpr const char* kSpellings[] = {"",   "-",  "~",  "!", "+",  "*", "&",  "++", "--",
                                               "+",  "-",  "*",  "/", "%",  "&", "|",  "^",  "<<",
                                               ">>", "==", "!=", "<", "<=", ">", ">=", "&&", "||"};
  static_assert(std::size(kSpellings) == size_t(Op::LogicalOr) + 1);
  return kSpellings[size_t(op)];
}

namespace {

constexpr const char* kFlagNames[] = {"typedef", "extern",   "static", "const",     "volatile", "register", "auto",
                                      "inline",  "restrict", "void",   "bool",      "char",     "int",      "unsigned",
                                      "signed",  "short",    "long",   "long long", "float",    "double",   "repeated"};

std::string name(const Symbol* symbol) { return symbol ? std::string(symbol->text) : "-"; }

void word(std::string& out, const std::string& text) {
  if (!out.empty() && out.back() != '(') out += ' ';
  out += text;
}

std::string print(const Declarator* declarator);

std::string print(const Specifiers* specifiers) {
  std::string out;
  for (size_t bit = 0; bit < std::size(kFlagNames); ++bit)
    if (specifiers->flags >> bit & 1) word(out, kFlagNames[bit]);
  if (specifiers->at) word(out, "(at " + print(specifiers->at) + ")");
  switch (specifiers->base) {
    case BaseKind::None:
    case BaseKind::Builtin: return out;
    case BaseKind::Typedef: word(out, name(specifiers->symbol)); return out;
    case BaseKind::Struct: word(out, "(struct " + name(specifiers->symbol)); break;
    case BaseKind::Union: word(out, "(union " + name(specifiers->symbol)); break;
    case BaseKind::Enum: word(out, "(enum " + name(specifiers->symbol)); break;
  }
  for (const Declaration* field = specifiers->fields; field; field = field->next) word(out, print(*field));
  for (const Enumerator* each = specifiers->enumerators; each; each = each->next)
    word(out, each->value ? "(" + name(each->symbol) + " " + print(each->value) + ")" : name(each->symbol));
  return out + ")";
}

// From the specifiers outward, so that `int *a[2]` reads "a pointer array 2".
std::string print(const Declarator* declarator) {
  std::string out = name(declarator->symbol);
  for (const Derived* each = declarator->derived; each; each = each->next) {
    switch (each->kind) {
      case DerivedKind::Pointer: word(out, each->flags & kConst ? "const-pointer" : "pointer"); break;
      case DerivedKind::Array: word(out, "array " + (each->size ? print(each->size) : "-")); break;
      case DerivedKind::Function:
        word(out, "function(");
        for (const Declaration* at = each->parameters; at; at = at->next) word(out, print(*at));
        if (each->variadic) word(out, "...");
        out += ')';
        break;
    }
  }
  if (declarator->width) word(out, "width " + print(declarator->width));
  if (declarator->initializer) word(out, "= " + print(declarator->initializer));
  return out;
}

std::string list(const Expr* first) {
  std::string out;
  for (const Expr* at = first; at; at = at->next) out += " " + print(at);
  return out;
}

std::string type(const TypeName* name) {
  return name ? "[" + print(name->specifiers) + " " + print(name->declarator) + "]" : "";
}

std::string stmts(const Stmt* first) {
  std::string out;
  for (const Stmt* at = first; at; at = at->next) out += " " + print(at);
  return out;
}

}  // namespace

std::string print(const Expr* e) {
  if (!e) return "-";
  switch (e->kind) {
    case ExprKind::Error: return "error";
    case ExprKind::Integer: return std::to_string(e->number) + (e->flags & kUnsignedSuffix ? "u" : "");
    case ExprKind::Character: return "'" + std::to_string(int32_t(e->number)) + "'";
    case ExprKind::Float: return "float";
    case ExprKind::String: return "string";
    case ExprKind::Boolean: return e->number ? "true" : "false";
    case ExprKind::Null: return "NULL";
    case ExprKind::Name: return name(e->symbol);
    case ExprKind::Member: return "(. " + print(e->left) + " " + name(e->symbol) + ")";
    case ExprKind::Arrow: return "(-> " + print(e->left) + " " + name(e->symbol) + ")";
    case ExprKind::Index: return "([] " + print(e->left) + " " + print(e->right) + ")";
    case ExprKind::Call: return "(call " + print(e->left) + list(e->list) + ")";
    case ExprKind::Unary: return std::string("(") + spelling(e->op) + " " + print(e->left) + ")";
    case ExprKind::Postfix: return std::string("(post") + spelling(e->op) + " " + print(e->left) + ")";
    case ExprKind::Binary:
      return std::string("(") + spelling(e->op) + " " + print(e->left) + " " + print(e->right) + ")";
    case ExprKind::Assign:
      return std::string("(") + spelling(e->op) + "= " + print(e->left) + " " + print(e->right) + ")";
    case ExprKind::Conditional: return "(? " + print(e->left) + " " + print(e->right) + " " + print(e->third) + ")";
    case ExprKind::Comma: return "(, " + print(e->left) + " " + print(e->right) + ")";
    case ExprKind::Cast: return "(cast " + type(e->typeName) + " " + print(e->left) + ")";
    case ExprKind::SizeofType: return "(sizeof " + type(e->typeName) + ")";
    case ExprKind::SizeofExpr: return "(sizeof " + print(e->left) + ")";
    case ExprKind::New: return "(new " + type(e->typeName) + (e->left ? " " + print(e->left) : "") + ")";
    case ExprKind::Compound: return "(compound " + type(e->typeName) + list(e->list) + ")";
    case ExprKind::Initializers: return "{" + list(e->list) + " }";
    case ExprKind::Argument: break;  // made after parsing
    case ExprKind::Designated: {
      std::string out = "(";
      for (const Designator* at = e->designator; at; at = at->next)
        out += at->symbol ? "." + name(at->symbol) : "[" + print(at->index) + "]";
      return out + " " + print(e->left) + ")";
    }
  }
  return "";
}

std::string print(const Stmt* stmt) {
  switch (stmt->kind) {
    case StmtKind::Error: return "error";
    case StmtKind::Skip: return ";";
    case StmtKind::Block: return "{" + stmts(stmt->body) + " }";
    case StmtKind::Expression: return print(stmt->expr);
    case StmtKind::Declare: return print(*stmt->declaration);
    case StmtKind::Return: return stmt->expr ? "(return " + print(stmt->expr) + ")" : "(return)";
    case StmtKind::If:
      return "(if " + print(stmt->expr) + " " + print(stmt->body) +
             (stmt->otherwise ? " " + print(stmt->otherwise) : "") + ")";
    case StmtKind::While:
      return "(while " + print(stmt->expr) + " " + print(stmt->body) +
             (stmt->otherwise ? " " + print(stmt->otherwise) : "") + ")";
    case StmtKind::Do: return "(do " + print(stmt->body) + " " + print(stmt->expr) + ")";
    case StmtKind::For:
      return "(for " + print(stmt->init) + " " + print(stmt->expr) + " " + print(stmt->step) + " " + print(stmt->body) +
             ")";
    case StmtKind::Switch: return "(switch " + print(stmt->expr) + " " + print(stmt->body) + ")";
    case StmtKind::Case: return "(case " + print(stmt->expr) + " " + print(stmt->body) + ")";
    case StmtKind::Default: return "(default " + print(stmt->body) + ")";
    case StmtKind::Break: return "(break)";
    case StmtKind::Continue: return "(continue)";
    case StmtKind::Goto: return "(goto " + name(stmt->symbol) + ")";
    case StmtKind::Label: return "(label " + name(stmt->symbol) + " " + print(stmt->body) + ")";
    case StmtKind::Asm: return "(asm)";
    case StmtKind::Fault: return "(fault " + print(stmt->expr) + ")";
  }
  return "";
}

std::string print(const Declaration& declaration) {
  std::string out = "<";
  out += print(declaration.specifiers);
  for (const Declarator* each = declaration.declarators; each; each = each->next) out += "; " + print(each);
  return out + ">";
}

std::string print(const FunctionDefinition& function) {
  return "<" + print(function.specifiers) + "; " + print(function.declarator) + " " + print(function.body) + ">";
}

}  // namespace syntax
