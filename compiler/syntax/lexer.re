#include <algorithm>

#include "compiler/syntax/lexer.h"

namespace syntax {

// A token begins at `start`; whatever is reported is reported once for a run of bad bytes.
Lexer::Token Lexer::scan(Value& value, Range& range) {
  const char* cursor = cursor_;
  const char* marker;
  const char* start;
  auto token = [&](Token kind) {
    cursor_ = cursor;
    return finish(kind, start, range);
  };
next:
  start = cursor;
  /*!re2c
    re2c:define:YYCTYPE = "unsigned char";
    re2c:define:YYCURSOR = "cursor";
    re2c:define:YYMARKER = "marker";
    re2c:yyfill:enable = 0;

    digit = [0-9];
    letter = [A-Za-z_];
    simple = [^\\'"\n\x00];
    escape = "\\" [^\n\x00];

    [ \t\v\f\r]+        { goto next; }
    "\n"                { goto next; }
    "//"                { goto line; }
    "/*"                { goto comment; }
    letter (letter | digit)*  { cursor_ = cursor; return finish(identifier(start, value), start, range); }
    (letter | "$") (letter | digit | "$")*  {
      if (!symbols_.ownNames) cursor = std::find(start, cursor, '$');
      if (cursor == start) { cursor = badBytes(start, start + 1); goto next; }
      cursor_ = cursor;
      return finish(identifier(start, value), start, range); }
    digit+ [eE] digit+        { return token(Kind::FLOAT_NUMBER); }
    digit (letter | digit)*   { return token(Kind::NUMBER); }
    digit (letter | digit | [eEpP][+-])* "." (letter | digit | "." | [eEpP][+-])*  { return token(Kind::FLOAT_NUMBER); }
    "." digit (letter | digit | "." | [eEpP][+-])*  { return token(Kind::FLOAT_NUMBER); }
    digit+ [eE][+-] (letter | digit)*  { return token(Kind::FLOAT_NUMBER); }
    "'" (simple | escape | ["])+ "'"   { return token(Kind::CHARACTER); }
    "'" (simple | escape | ["])*       { return unterminated("character literal", "'", rangeOf(start, cursor)), token(Kind::BAD_LITERAL); }
    "''"                {
      diagnostics_.error("parse-character", rangeOf(start, cursor), "a character literal contains one character");
      return token(Kind::BAD_LITERAL); }
    ["] (simple | escape | ['])* ["]  { return token(Kind::STRING); }
    ["] (simple | escape | ['])*      { return unterminated("string literal", "\"", rangeOf(start, cursor)), token(Kind::BAD_LITERAL); }
    "#" [^\n\x00]*      { cursor_ = cursor; lineMarker(start); cursor = cursor_; goto next; }

    ";"   { return token(Kind::SEMICOLON); }
    ","   { return token(Kind::COMMA); }
    "("   { return token(Kind::LEFT_PAREN); }
    ")"   { return token(Kind::RIGHT_PAREN); }
    "["   { return token(Kind::LEFT_SQUARE); }
    "]"   { return token(Kind::RIGHT_SQUARE); }
    "{"   { return token(Kind::LEFT_BRACE); }
    "}"   { return token(Kind::RIGHT_BRACE); }
    "."   { return token(Kind::DOT); }
    "..." { return token(Kind::ELLIPSIS); }
    "->"  { return token(Kind::ARROW); }
    "="   { return token(Kind::ASSIGN); }
    "+="  { return token(Kind::ADD_ASSIGN); }
    "-="  { return token(Kind::SUB_ASSIGN); }
    "*="  { return token(Kind::MUL_ASSIGN); }
    "/="  { return token(Kind::DIV_ASSIGN); }
    "%="  { return token(Kind::MOD_ASSIGN); }
    "&="  { return token(Kind::AND_ASSIGN); }
    "|="  { return token(Kind::OR_ASSIGN); }
    "^="  { return token(Kind::XOR_ASSIGN); }
    "<<=" { return token(Kind::SHIFT_LEFT_ASSIGN); }
    ">>=" { return token(Kind::SHIFT_RIGHT_ASSIGN); }
    "++"  { return token(Kind::INCREMENT); }
    "--"  { return token(Kind::DECREMENT); }
    "+"   { return token(Kind::PLUS); }
    "-"   { return token(Kind::MINUS); }
    "*"   { return token(Kind::STAR); }
    "/"   { return token(Kind::SLASH); }
    "%"   { return token(Kind::PERCENT); }
    "&"   { return token(Kind::AMPERSAND); }
    "|"   { return token(Kind::BAR); }
    "^"   { return token(Kind::CARET); }
    "~"   { return token(Kind::TILDE); }
    "!"   { return token(Kind::BANG); }
    "<<"  { return token(Kind::SHIFT_LEFT); }
    ">>"  { return token(Kind::SHIFT_RIGHT); }
    "=="  { return token(Kind::EQUAL); }
    "!="  { return token(Kind::NOT_EQUAL); }
    "<"   { return token(Kind::LESS); }
    "<="  { return token(Kind::LESS_EQUAL); }
    ">"   { return token(Kind::GREATER); }
    ">="  { return token(Kind::GREATER_EQUAL); }
    "&&"  { return token(Kind::LOGICAL_AND); }
    "||"  { return token(Kind::LOGICAL_OR); }
    "?"   { return token(Kind::QUESTION); }
    ":"   { return token(Kind::COLON); }

    "\x00" {
      if (start == limit_) { cursor = start; return token(Kind::END); }
      cursor = badBytes(start, cursor);
      goto next; }
    *     { cursor = badBytes(start, cursor); goto next; }
  */

line:
  /*!re2c
    [^\n\x00]+         { goto line; }
    "\n"                { goto next; }
    "\x00"              {
      if (cursor - 1 != limit_) goto line;
      cursor = limit_;
      goto next; }
  */

comment:
  /*!re2c
    "*" "/"          { goto next; }
    "\x00"          {
      if (cursor - 1 != limit_) goto comment;
      unterminated("comment", "*" "/", rangeOf(start, start + 2));
      start = cursor = limit_;
      aborted_ = true;
      return token(Kind::END); }
    [^*\x00]+       { goto comment; }
    *               { goto comment; }
  */
}

}  // namespace syntax
