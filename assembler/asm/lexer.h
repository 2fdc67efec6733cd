// The lexer (lexer.re). Private to assembler/asm.
#pragma once

#include "assembler/asm/builder.h"
#include "parser.h"

namespace assembler {

class Lexer {
 public:
  // `text` must be followed by a NUL byte; its first byte is at `begin`.
  Lexer(std::string_view text, base::Loc begin, Builder& builder)
      : text_(text), cursor_(text.data()), limit_(text.data() + text.size()), begin_(begin), builder_(builder) {}

  Parser::symbol_type next();

 private:
  Parser::symbol_type token();
  Parser::symbol_type fail(const char* id, std::string text);
  Parser::symbol_type number(std::string_view digits, unsigned base);
  Parser::symbol_type character();
  Parser::symbol_type string();
  Parser::symbol_type raw(char close);  // %name( or [ has been read: the text up to the matching bracket
  Parser::symbol_type prefix(Parser::symbol_type symbol);
  bool escape(const char*& at, const char* end, char& byte);
  bool skipComment();
  void lineMarker();

  std::string_view token_text() const { return {start_, size_t(cursor_ - start_)}; }
  Range range() const {
    return {base::Loc(begin_ + (start_ - text_.data())), base::Loc(begin_ + (cursor_ - text_.data()))};
  }

  std::string_view text_;
  const char* cursor_;
  const char* limit_;
  const char* start_ = nullptr;
  base::Loc begin_;
  Builder& builder_;
  unsigned parentheses_ = 0, signs_ = 0;  // open ones, and prefixes in a row: what the parser must keep
  bool lineOpen_ = false;                 // tokens since the last end of line
};

}  // namespace assembler
