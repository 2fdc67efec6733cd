// Words for syntax errors, and whether a `;` is merely missing.
#include <algorithm>
#include <bitset>
#include <span>

#include "compiler/syntax/builder.h"
#include "compiler/syntax/suggest.h"

namespace syntax {

namespace {

using Kind = Parser::symbol_kind;
using Open = Lexer::Open;

bool isKeyword(Parser::symbol_kind_type kind) { return kind >= Kind::S_VOID && kind <= Kind::S_FAULT; }
bool isTypeStart(Parser::symbol_kind_type kind) {
  return (kind >= Kind::S_VOID && kind <= Kind::S_RESTRICT) || kind == Kind::S_TYPE_NAME;
}

std::string quoted(std::string_view text) { return std::string("'").append(text) + "'"; }

// "'x'", "'while'", "end of file".
std::string found(const Lexer& lexer, Parser::symbol_kind_type kind, Range range) {
  if (kind == Kind::S_YYEOF) return "the end of the file";
  if (kind == Kind::S_STRING) return "a string literal";
  if (kind == Kind::S_ASM_BLOCK) return "an asm block";
  return quoted(lexer.text(range).substr(0, 60));
}

std::string wanted(Parser::symbol_kind_type kind) {
  switch (kind) {
    case Kind::S_YYEOF: return "the end of the file";
    case Kind::S_IDENTIFIER: return "a name";
    case Kind::S_TYPE_NAME: return "a type";
    case Kind::S_NUMBER: return "an expression";
    default: return quoted(Parser::symbol_name(kind));
  }
}

std::string statementName(Parser::token_kind_type start, Parser::token_kind_type previous) {
  auto kind = Parser::symbol_kind_type(start);
  if (previous == Lexer::Kind::RIGHT_BRACE) return "'}'";
  if (isTypeStart(kind)) return "declaration";
  if (isKeyword(kind) && kind != Kind::S_NEW && kind != Kind::S_SIZEOF && kind != Kind::S_TRUE &&
      kind != Kind::S_FALSE && kind != Kind::S_NULL_POINTER)
    return quoted(Parser::symbol_name(kind)) + " statement";
  return "expression";
}

// One error: what stands there, what could stand there, what is open.
class Report {
 public:
  Report(Builder& builder, const Parser::context& context)
      : b_(builder), lexer_(builder.lexer), kind_(context.token()), range_(context.location()) {
    Parser::symbol_kind_type kinds[256];
    int count = context.expected_tokens(kinds, 256);
    for (int i = 0; i < count; ++i) expected_.set(size_t(kinds[i]));
  }

  bool semicolonMissing() const {
    if (!has(Kind::S_SEMICOLON) || has(Kind::S_IF) || has(Kind::S_YYEOF) || has(Kind::S_RIGHT_PAREN)) return false;
    if (!lexer_.open().empty() && lexer_.open().back().kind != Lexer::Opener::Brace) return false;
    if (closer(kind_) && kind_ != Kind::S_RIGHT_BRACE) return false;
    if (has(Kind::S_IDENTIFIER) && isKeyword(kind_) && lexer_.sameLine(lexer_.previousRange().begin, range_.begin))
      return false;
    return kind_ == Kind::S_RIGHT_BRACE || isKeyword(kind_) || !has(Kind::S_NUMBER);
  }
  std::string statement() const { return statementName(lexer_.statementStart(), lexer_.previousKind()); }

  void write() {
    if (kind_ == Kind::S_YYEOF) return endOfFile();
    if (closer(kind_) && unmatched()) return;
    if (kind_ == Kind::S_IDENTIFIER && unknownType()) return;
    if (kind_ == Kind::S_ELSE) return say("parse-else", "'else' without an 'if' before it");
    if (has(Kind::S_NUMBER)) return say("parse-expected", "expected an expression before " + foundHere());
    if (has(Kind::S_RIGHT_PAREN) && opener(Lexer::Opener::Paren)) return expectCloser("')'");
    if (has(Kind::S_RIGHT_SQUARE) && opener(Lexer::Opener::Square)) return expectCloser("']'");
    if (has(Kind::S_IDENTIFIER) && isKeyword(kind_))
      return say("parse-reserved-word", "expected a name, but " + foundHere() + " is a reserved word");
    if (has(Kind::S_TYPE_NAME) && has(Kind::S_INT) && !has(Kind::S_IDENTIFIER) && !has(Kind::S_YYEOF))
      return say("parse-expected", "expected a type before " + foundHere());
    choices();
  }

 private:
  bool has(Parser::symbol_kind_type kind) const { return expected_.test(size_t(kind)); }
  std::string foundHere() const { return found(lexer_, kind_, range_); }
  base::Diagnostic& error(const char* id, Range range, std::string text) {
    return b_.diagnostics.error(id, range, std::move(text));
  }
  void say(const char* id, std::string text) { error(id, range_, std::move(text)); }
  static bool closer(Parser::symbol_kind_type kind) {
    return kind == Kind::S_RIGHT_PAREN || kind == Kind::S_RIGHT_SQUARE || kind == Kind::S_RIGHT_BRACE;
  }
  // The innermost bracket is of this kind (parentheses of all uses count as one).
  bool opener(Lexer::Opener kind) const {
    if (lexer_.open().empty()) return false;
    Lexer::Opener last = lexer_.open().back().kind;
    if (kind == Lexer::Opener::Paren) return last != Lexer::Opener::Brace && last != Lexer::Opener::Square;
    return last == kind;
  }

  void endOfFile() {
    if (lexer_.open().empty()) return say("parse-end-of-file", "the file ends in the middle of a declaration");
    const Open& open = lexer_.open().back();
    const char* close = open.kind == Lexer::Opener::Brace ? "'}'" : open.kind == Lexer::Opener::Square ? "']'" : "')'";
    error("parse-end-of-file", range_, "expected " + std::string(close) + " before the end of the file")
        .note(open.range, "to match this " + quoted(lexer_.text(open.range)));
  }

  bool unmatched() {
    bool matches = kind_ == Kind::S_RIGHT_PAREN    ? opener(Lexer::Opener::Paren)
                   : kind_ == Kind::S_RIGHT_SQUARE ? opener(Lexer::Opener::Square)
                                                   : !lexer_.open().empty();
    if (matches) return false;
    if (lexer_.open().empty() || lexer_.open().back().kind == Lexer::Opener::Brace) {
      say("parse-unmatched", foundHere() + " has no opening bracket");
    } else {
      error("parse-unmatched", range_, foundHere() + " does not close the innermost bracket")
          .note(lexer_.open().back().range, "which is this " + quoted(lexer_.text(lexer_.open().back().range)));
    }
    return true;
  }

  // A name where only a type can be.
  bool unknownType() {
    if (has(Kind::S_IDENTIFIER) || !has(Kind::S_TYPE_NAME)) return false;
    b_.unknownType(range_);
    return true;
  }

  void expectCloser(const char* close) {
    const Open& open = lexer_.open().back();
    error("parse-expected", range_, std::string("expected ") + close + " before " + foundHere())
        .note(open.range, "to match this " + quoted(lexer_.text(open.range)));
  }

  void choices() {
    std::vector<std::string> names;
    for (size_t i = 0; i < expected_.size(); ++i)
      if (expected_.test(i) && !(i == Kind::S_TYPE_NAME && has(Kind::S_IDENTIFIER)))
        names.push_back(wanted(Parser::symbol_kind_type(i)));
    if (names.empty() || names.size() > 3) return say("parse-unexpected", foundHere() + " cannot stand here");
    std::string text = "expected " + names[0];
    for (size_t i = 1; i < names.size(); ++i) text += (i + 1 == names.size() ? " or " : ", ") + names[i];
    say("parse-expected", text + " before " + foundHere());
  }

  Builder& b_;
  const Lexer& lexer_;
  Parser::symbol_kind_type kind_;
  Range range_;
  std::bitset<256> expected_;
};

}  // namespace

void Builder::unknownType(Range range) {
  std::string name(lexer.text(range));
  if (symbols.intern(lexer.text(range))->tag) {
    diagnostics.error("parse-unknown-type", range, "the type is written " + quoted("struct " + name))
        .fixit({range.begin, range.begin}, "struct ");
    return;
  }
  Suggestion suggestion(name);
  std::span<Symbol* const> candidates;
  if (suggestions_++ < 100) candidates = symbols.all();
  for (const Symbol* symbol : candidates)
    if (symbol->typeName || (symbol->keyword && isTypeStart(Parser::symbol_kind_type(symbol->keyword))))
      suggestion.offer(symbol->text);
  std::string text = "unknown type name " + quoted(name);
  if (suggestion.found().empty()) {
    diagnostics.error("parse-unknown-type", range, text);
  } else {
    diagnostics.error("parse-unknown-type", range, text + "; did you mean " + quoted(suggestion.found()) + "?")
        .fixit(range, std::string(suggestion.found()));
  }
}

void Builder::missingSemicolon(Range previous, const std::string& after) {
  diagnostics.error("parse-missing-semicolon", {previous.end, previous.end}, "expected ';' after " + after)
      .fixit({previous.end, previous.end}, ";");
}

void Builder::syntaxError(const Parser::context& context) {
  if (lexer.aborted()) return;
  Range range = context.location();
  bool again = range.begin == lastError_.begin;
  lastError_ = range;
  if (again) {
    semicolonTaken_ = false;
    return lexer.recover();
  }
  Report report(*this, context);
  semicolonTaken_ = report.semicolonMissing();
  if (semicolonTaken_) {
    // An unterminated literal has swallowed it.
    if (lexer.previousKind() != Lexer::Kind::BAD_LITERAL) missingSemicolon(lexer.previousRange(), report.statement());
    suspect_ = lexer.previousRange().end;
    return;
  }
  report.write();
  lexer.recover();
}

}  // namespace syntax
