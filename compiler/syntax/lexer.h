// Tokens of C0 and C (lexer.re), with what the parser needs from them: typedef names by scope, open brackets, and where
// to go on after a syntax error.
#pragma once

#include <string>
#include <vector>

#include "assembler/base/diagnostics.h"
#include "compiler/syntax/ast.h"
#include "grammar.h"

namespace syntax {

class Lexer {
 public:
  using Token = Parser::token_kind_type;
  using Kind = Parser::token;

  enum class Opener : uint8_t { Brace, Paren, ControlParen, ForParen, Square };
  struct Open {
    Opener kind;
    Range range;
  };

  Lexer(base::SourceManager& sources, uint32_t file, SymbolTable& symbols, base::Diagnostics& diagnostics);

  Token next(Value& value, Range& range);

  // A name declared in the current scope: as a type or as something else.
  void declare(Symbol* symbol, bool typeName);
  // The same for a parameter, in the scope that the next `{` opens.
  void declareParameter(Symbol* symbol) { parameters_.push_back(symbol); }

  // After a syntax error at the token just returned: the next call skips to where the grammar goes on.
  void recover();
  // After recover(): the next token comes behind the `;` or block that ends the statement; the parser drops the last one.
  // False if it is a brace that closes what contains the statement.
  bool skipStatement();
  // No more tokens: the rest of the file is not looked at.
  void abort() { aborted_ = true; }
  bool aborted() const { return aborted_; }

  std::string_view text(Range range) const { return {base_ + (range.begin - begin_), range.end - range.begin}; }
  // The token before the last one returned; its kind is END at the start of the file.
  Token previousKind() const { return previous_; }
  Range previousRange() const { return previousRange_; }
  // The first token after the last `;`, `{` or `}`.
  Token statementStart() const { return start_; }
  Loc statementStartPlace() const { return startPlace_; }
  // Behind the last token, on its line, a letter follows.
  bool wordFollows() const {
    const char* at = cursor_;
    while (*at == ' ' || *at == '\t') ++at;
    return (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || *at == '_';
  }
  // Brackets open before the last token.
  const std::vector<Open>& open() const { return open_; }
  // Whether two places lie on one line.
  bool sameLine(Loc a, Loc b) const;

 private:
  Token scan(Value& value, Range& range);
  Token scanAsm(const char* start, Value& value);
  const char* skipInAsm(const char* at) const;
  Token finish(Token token, const char* start, Range& range);
  Token identifier(const char* start, Value& value);
  Token skipToParen(Range& range);
  Token skipToSemicolon(Range& range);
  bool nextIsElse();
  void applyBrackets();
  void openBracket(Opener kind);
  void rewind(Loc to) { cursor_ = base_ + (to - begin_); }
  void lineMarker(const char* start);
  const char* badBytes(const char* start, const char* end);
  void unterminated(const char* what, const char* closer, Range range);
  Range rangeOf(const char* from, const char* to) const {
    return {begin_ + Loc(from - base_), begin_ + Loc(to - base_)};
  }

  SymbolTable& symbols_;
  base::SourceManager& sources_;
  base::Diagnostics& diagnostics_;
  const char* base_;
  const char* limit_;
  const char* cursor_;
  Loc begin_;

  Token last_ = Kind::END, previous_ = Kind::END, start_ = Kind::END;
  Range lastRange_, previousRange_;
  Loc startPlace_ = 0;
  bool bracketPending_ = false;
  bool recovering_ = false, skipping_ = false;
  bool aborted_ = false;

  std::vector<Open> open_;
  struct Hidden {
    Symbol* symbol;
    bool typeName;
  };
  std::vector<Hidden> hidden_;     // to be restored at the end of scopes
  std::vector<uint32_t> scopes_;   // sizes of hidden_ at the open braces
  std::vector<Symbol*> parameters_;
};

}  // namespace syntax
