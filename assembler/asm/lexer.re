#include "assembler/asm/lexer.h"

#include <cstring>

namespace assembler {
namespace {

constexpr unsigned kMaxNesting = 200;

int digitValue(char c) { return c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10; }

}  // namespace

Parser::symbol_type Lexer::fail(const char* id, std::string text) {
  Range where = range();
  builder_.diagnostics().error(id, where, std::move(text));
  while (cursor_ < limit_ && *cursor_ != '\n') cursor_++;  // the rest of the line would only give more errors
  return Parser::make_YYerror(where);
}

Parser::symbol_type Lexer::number(std::string_view digits, unsigned base) {
  uint64_t value = 0;
  for (char c : digits) {
    if (value > (uint64_t(INT64_MAX) - 15) / base) return fail("asm-number", "the number does not fit 64 bits");
    value = value * base + unsigned(digitValue(c));
  }
  Expr result;
  result.value = int64_t(value), result.where = range();
  return Parser::make_NUMBER(result, range());
}

bool Lexer::escape(const char*& at, const char* end, char& byte) {
  char c = at < end ? *at++ : 0;
  static constexpr std::string_view kNames = "abfnrtv\\'\"", kBytes = "\a\b\f\n\r\t\v\\'\"";
  if (size_t index = kNames.find(c); c && index != std::string_view::npos) {
    byte = kBytes[index];
    return true;
  }
  auto digits = [&](int base, int most) {
    int value = 0, count = 0;
    for (; count < most && at < end && std::isxdigit(uint8_t(*at)) && digitValue(*at) < base; count++, at++)
      value = value * base + digitValue(*at);
    byte = char(value);
    return count > 0 && value < 256;
  };
  if (c == 'x') return digits(16, 2);
  if (c >= '0' && c <= '7') return at--, digits(8, 3);
  return false;
}

Parser::symbol_type Lexer::character() {
  const char *at = start_ + 1, *end = cursor_ - 1;
  char byte = *at++;
  bool good = byte != '\\' || escape(at, end, byte);
  if (!good || at != end) return fail("asm-number", "not a character: one byte or an escape (\\n \\t \\0 \\x41 \\\\ \\') is");
  Expr result;
  result.value = uint8_t(byte), result.where = range();
  return Parser::make_NUMBER(result, range());
}

Parser::symbol_type Lexer::string() {
  std::string bytes;
  for (const char *at = start_ + 1, *end = cursor_ - 1; at < end;) {
    char byte = *at++;
    if (byte == '\\' && !escape(at, end, byte)) return fail("asm-string", "the string has an unknown escape");
    bytes += byte;
  }
  return Parser::make_STRING(std::move(bytes), range());
}

Parser::symbol_type Lexer::raw(char close) {
  std::string_view head(start_ + 1, size_t(cursor_ - start_) - (close == ')' ? 2 : 1));  // "name" of "%name("
  const char* from = cursor_;
  char open = cursor_[-1];
  for (unsigned depth = 1; cursor_ < limit_ && *cursor_ != '\n'; cursor_++) {
    if (*cursor_ == open) depth++;
    if (*cursor_ != close || --depth) continue;
    std::string_view inside(from, size_t(cursor_ - from));
    cursor_++;
    if (close == ']') return Parser::make_VARIABLE(inside, range());
    return Parser::make_CONSTANT(builder_.blockFunction(head, inside, range()), range());
  }
  return fail("asm-syntax", "there is no '" + std::string(1, close) + "' to close this");
}

bool Lexer::skipComment() {
  size_t end = text_.find("*/", size_t(cursor_ - text_.data()));
  cursor_ = end == std::string_view::npos ? limit_ : text_.data() + end + 2;
  return end != std::string_view::npos;
}

// # 12 "file.s": the next line is line 12 of that file.
void Lexer::lineMarker() {
  uint64_t line = 0;
  const char* at = start_ + 1;
  while (*at == ' ' || *at == '\t') at++;
  for (; *at >= '0' && *at <= '9'; at++) line = std::min<uint64_t>(line * 10 + uint64_t(*at - '0'), UINT32_MAX / 2);
  std::string_view rest(at, size_t(cursor_ - at));
  size_t open = rest.find('"'), close = rest.rfind('"');
  base::Loc next = range().end + (cursor_ < limit_ ? 1 : 0);
  builder_.diagnostics().sources().addLineMarker(next, rest.substr(open + 1, close - open - 1), uint32_t(line));
}

// Prefix operators and parentheses make the parser's stack deeper.
Parser::symbol_type Lexer::prefix(Parser::symbol_type symbol) {
  if (parentheses_ <= kMaxNesting && signs_ <= kMaxNesting) return symbol;
  return fail("asm-nesting", "more than 200 parentheses or signs one in the other");
}

Parser::symbol_type Lexer::next() {
  using Kind = Parser::symbol_kind;
  if (builder_.diagnostics().limitReached()) cursor_ = limit_;
  Parser::symbol_type symbol = token();
  switch (symbol.kind()) {
    case Kind::S_NEWLINE: parentheses_ = signs_ = 0; break;
    case Kind::S_LEFT: parentheses_++, signs_++; return prefix(std::move(symbol));
    case Kind::S_RIGHT: parentheses_ -= parentheses_ > 0, signs_ = 0; break;
    case Kind::S_PLUS:
    case Kind::S_MINUS:
    case Kind::S_TILDE: signs_++; return prefix(std::move(symbol));
    default: signs_ = 0;
  }
  return symbol;
}

Parser::symbol_type Lexer::token() {
  const char *marker = nullptr, *context = nullptr;
  for (;;) {
    start_ = cursor_;
    /*!re2c
      re2c:define:YYCTYPE = "unsigned char";
      re2c:define:YYCURSOR = cursor_;
      re2c:define:YYLIMIT = limit_;
      re2c:define:YYMARKER = marker;
      re2c:define:YYCTXMARKER = context;
      re2c:yyfill:enable = 0;
      re2c:eof = 0;

      name = [a-zA-Z_.$][a-zA-Z0-9_.$]*;
      blank = [ \t\r\f\v];

      $ {
        if (!lineOpen_) return Parser::make_END(range());
        lineOpen_ = false;
        return Parser::make_NEWLINE(range());
      }
      * {
        lineOpen_ = true;
        char text[40];
        std::snprintf(text, sizeof text, "unexpected byte 0x%02x", uint8_t(*start_));
        return fail("asm-syntax", text);
      }
      blank+ { continue; }
      "\n" {
        lineOpen_ = false;
        return Parser::make_NEWLINE(range());
      }
      "#" blank* [0-9]+ blank+ ["] [^"\n]* ["] [^\n]* {
        if (start_ == text_.data() || start_[-1] == '\n') lineMarker();
        continue;
      }
      ";" [^\n]* | "//" [^\n]* | "#" [^\n]* { continue; }
      "/*" {
        if (skipComment()) continue;
        lineOpen_ = true;
        return fail("asm-syntax", "the comment has no end");
      }

      "0" [xX] [0-9a-fA-F]+ { lineOpen_ = true; return number(token_text().substr(2), 16); }
      "0" [bB] [01]+ { lineOpen_ = true; return number(token_text().substr(2), 2); }
      "0" [0-7]* { lineOpen_ = true; return number(token_text(), 8); }
      [1-9] [0-9]* { lineOpen_ = true; return number(token_text(), 10); }
      [0-9] [0-9]? [0-9]? [0-9]? [bf] {
        lineOpen_ = true;
        int64_t label = 0;
        for (char c : token_text().substr(0, token_text().size() - 1)) label = label * 10 + (c - '0');
        return Parser::make_CONSTANT(builder_.numericReference(label, cursor_[-1] == 'f', range()), range());
      }
      [0-9] [0-9a-zA-Z_.]* { lineOpen_ = true; return fail("asm-number", "not a number"); }
      "'" ("\\" [^\n] | [^\n\\']) [^\n']* "'" { lineOpen_ = true; return character(); }
      "'" { lineOpen_ = true; return fail("asm-number", "the character has no end"); }
      ["] ([^"\\\n] | "\\" [^\n])* ["] { lineOpen_ = true; return string(); }
      ["] { lineOpen_ = true; return fail("asm-string", "the string has no end"); }

      "." { lineOpen_ = true; return Parser::make_CONSTANT(builder_.here(range()), range()); }
      name { lineOpen_ = true; return Parser::make_NAME(token_text(), range()); }
      "@" name { lineOpen_ = true; return Parser::make_ATTRIBUTE(token_text().substr(1), range()); }
      "%hi" / blank* "(" { lineOpen_ = true; return Parser::make_MODIFIER(Modifier::Hi, range()); }
      "%lo" / blank* "(" { lineOpen_ = true; return Parser::make_MODIFIER(Modifier::Lo, range()); }
      "%gprel" / blank* "(" { lineOpen_ = true; return Parser::make_MODIFIER(Modifier::Gprel, range()); }
      "%next" {
        lineOpen_ = true;
        if (builder_.isBlock()) return Parser::make_CONSTANT(builder_.blockNext(range()), range());
        cursor_ = start_ + 1;  // the rest of a name
        return Parser::make_MODULO(range());
      }
      "%" [a-z]+ "(" { lineOpen_ = true; return raw(')'); }
      "[" { lineOpen_ = true; return raw(']'); }

      "<<" { return Parser::make_SHIFTLEFT(range()); }
      ">>" { return Parser::make_SHIFTRIGHT(range()); }
      "(" { lineOpen_ = true; return Parser::make_LEFT(range()); }
      ")" { return Parser::make_RIGHT(range()); }
      "," { return Parser::make_COMMA(range()); }
      ":" { return Parser::make_COLON(range()); }
      "+" { return Parser::make_PLUS(range()); }
      "-" { return Parser::make_MINUS(range()); }
      "*" { return Parser::make_TIMES(range()); }
      "/" { return Parser::make_DIVIDE(range()); }
      "%" { return Parser::make_MODULO(range()); }
      "&" { return Parser::make_AND(range()); }
      "|" { return Parser::make_OR(range()); }
      "^" { return Parser::make_XOR(range()); }
      "~" { return Parser::make_TILDE(range()); }
    */
  }
}

}  // namespace assembler
