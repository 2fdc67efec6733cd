// The parts of the lexer that are not its regular expressions.
#include <cstdio>
#include <cstring>

#include "compiler/syntax/lexer.h"

namespace syntax {

Lexer::Lexer(base::SourceManager& sources, uint32_t file, SymbolTable& symbols, base::Diagnostics& diagnostics)
    : symbols_(symbols),
      sources_(sources),
      diagnostics_(diagnostics),
      base_(sources.text(file).data()),
      limit_(base_ + sources.text(file).size()),
      cursor_(base_),
      begin_(sources.begin(file)) {}

Lexer::Token Lexer::next(Value& value, Range& range) {
  if (recovering_) {
    recovering_ = false;
    rewind(lastRange_.begin);
    last_ = !open_.empty() && open_.back().kind == Opener::ControlParen ? skipToParen(range) : skipToSemicolon(range);
    bracketPending_ = last_ != Kind::SEMICOLON;
    lastRange_ = range;
    bool skipped = skipping_ && last_ == Kind::SEMICOLON;
    skipping_ = false;
    if (!skipped) return last_;
  }
  if (bracketPending_) applyBrackets();
  if (aborted_) {
    range = {lastRange_.end, lastRange_.end};
    return Kind::END;
  }
  if (last_ == Kind::SEMICOLON || last_ == Kind::LEFT_BRACE || last_ == Kind::RIGHT_BRACE) start_ = Kind::END;
  previous_ = last_;
  previousRange_ = lastRange_;
  last_ = scan(value, range);
  lastRange_ = range;
  if (start_ == Kind::END) start_ = last_, startPlace_ = range.begin;
  return last_;
}

Lexer::Token Lexer::finish(Token token, const char* start, Range& range) {
  range = rangeOf(start, cursor_);
  bracketPending_ = token >= Kind::LEFT_PAREN && token <= Kind::RIGHT_BRACE;
  return token;
}

Lexer::Token Lexer::identifier(const char* start, Value& value) {
  const std::string_view text(start, size_t(cursor_ - start));
  const bool own = symbols_.ownNames && text.find('$') != text.npos;
  Symbol* symbol = own ? symbols_.internOwn(text) : symbols_.intern(text);
  value.symbol = symbol;
  if (symbol->keyword == 0) return symbol->typeName ? Kind::TYPE_NAME : Kind::IDENTIFIER;
  if (symbol->keyword == Kind::ASM) return scanAsm(start, value);
  return Token(symbol->keyword);
}

// The end of what begins at `at` and may contain a brace that does not count: a comment or literal of the assembler.
const char* Lexer::skipInAsm(const char* at) const {
  auto line = [&] {
    const char* end = static_cast<const char*>(std::memchr(at, '\n', size_t(limit_ - at)));
    return end ? end : limit_;
  };
  if (*at == '#' || *at == ';' || (*at == '/' && at[1] == '/')) return line();
  if (*at == '/' && at[1] == '*') {
    size_t end = std::string_view(at, size_t(limit_ - at)).find("*/", 2);
    return end == std::string_view::npos ? limit_ : at + end + 2;
  }
  if (*at != '"' && *at != '\'') return at + 1;
  const char* end = line();
  for (const char* inside = at + 1; inside < end; ++inside) {
    if (*inside == *at) return inside + 1;
    if (*inside == '\\' && inside + 1 < end) ++inside;
  }
  return end;
}

// asm { text }: the text belongs to the assembler.
Lexer::Token Lexer::scanAsm(const char* start, Value& value) {
  const char* at = cursor_;
  while (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n') ++at;
  if (*at != '{') return Kind::ASM;
  const char* from = ++at;
  while (at < limit_ && *at != '}') at = skipInAsm(at);
  value.range = rangeOf(from, at);
  cursor_ = at;
  if (at == limit_) {
    unterminated("asm block", "'}'", rangeOf(start, from));
    aborted_ = true;
    return Kind::ASM_BLOCK;
  }
  ++cursor_;
  return Kind::ASM_BLOCK;
}

void Lexer::declare(Symbol* symbol, bool typeName) {
  if (symbol->typeName == typeName) return;
  if (bracketPending_ && last_ == Kind::RIGHT_BRACE) applyBrackets();  // an enum's own brace
  if (!scopes_.empty()) hidden_.push_back({symbol, symbol->typeName});
  symbol->typeName = typeName;
}

void Lexer::openBracket(Opener kind) {
  if (open_.size() >= kNestingLimit) {
    if (!aborted_)
      diagnostics_.error("nesting-limit", lastRange_,
                         "brackets are nested more than " + std::to_string(kNestingLimit) + " deep");
    aborted_ = true;
    return;
  }
  open_.push_back({kind, lastRange_});
}

// The effect of the last token on the open brackets and scopes, once the parser has taken it.
void Lexer::applyBrackets() {
  bracketPending_ = false;
  switch (last_) {
    case Kind::LEFT_PAREN:
      openBracket(previous_ == Kind::FOR ? Opener::ForParen
                  : previous_ == Kind::IF || previous_ == Kind::WHILE || previous_ == Kind::SWITCH
                      ? Opener::ControlParen
                      : Opener::Paren);
      break;
    case Kind::LEFT_SQUARE: openBracket(Opener::Square); break;
    case Kind::LEFT_BRACE:
      openBracket(Opener::Brace);
      scopes_.push_back(uint32_t(hidden_.size()));
      for (Symbol* symbol : parameters_) declare(symbol, false);
      parameters_.clear();
      break;
    case Kind::RIGHT_PAREN:
    case Kind::RIGHT_SQUARE:
      if (!open_.empty() && open_.back().kind != Opener::Brace) open_.pop_back();
      break;
    case Kind::RIGHT_BRACE:
      while (!open_.empty() && open_.back().kind != Opener::Brace) open_.pop_back();
      if (!open_.empty()) open_.pop_back();
      if (!scopes_.empty()) {
        for (; hidden_.size() > scopes_.back(); hidden_.pop_back())
          hidden_.back().symbol->typeName = hidden_.back().typeName;
        scopes_.pop_back();
      }
      break;
    default: break;
  }
}

// Leaves open what the grammar's next `error` rule closes: the condition's parenthesis, or a brace.
void Lexer::recover() {
  size_t keep = open_.size();
  while (keep > 0 && open_[keep - 1].kind != Opener::Brace && open_[keep - 1].kind != Opener::ControlParen) --keep;
  bool inFor = false;
  for (size_t i = keep; i < open_.size(); ++i) inFor |= open_[i].kind == Opener::ForParen;
  bool inCondition = keep > 0 && open_[keep - 1].kind == Opener::ControlParen;
  bool ready = inCondition ? last_ == Kind::RIGHT_PAREN && keep == open_.size()
                           : last_ == Kind::RIGHT_BRACE || (last_ == Kind::SEMICOLON && !inFor);
  open_.resize(inFor && !inCondition ? keep + 1 : keep);
  if (inFor && !inCondition) open_.back().kind = Opener::ForParen;
  recovering_ = !ready && last_ != Kind::END;
}

bool Lexer::skipStatement() {
  if (last_ == Kind::RIGHT_BRACE || last_ == Kind::END) return false;
  skipping_ = recovering_;
  return true;
}

// To the `)` of the condition; before a brace or `;` it is taken to be there.
Lexer::Token Lexer::skipToParen(Range& range) {
  Value value;
  unsigned depth = 1;
  for (;;) {
    Token token = scan(value, range);
    bracketPending_ = false;
    if (token == Kind::LEFT_PAREN) ++depth;
    if (token == Kind::RIGHT_PAREN && --depth == 0) return token;
    if (token == Kind::END || token == Kind::SEMICOLON || token == Kind::LEFT_BRACE || token == Kind::RIGHT_BRACE) {
      rewind(range.begin);
      range.end = range.begin;
      return Kind::RIGHT_PAREN;
    }
  }
}

// To the `;` that ends the statement or declaration, the brace that closes a block within it, or the brace that closes
// what it is part of.
Lexer::Token Lexer::skipToSemicolon(Range& range) {
  Value value;
  unsigned depth = 0;
  bool inFor = !open_.empty() && open_.back().kind == Opener::ForParen;
  unsigned parens = inFor ? 1 : 0;
  if (inFor) open_.pop_back();
  for (;;) {
    Token token = scan(value, range);
    bracketPending_ = false;
    if (token == Kind::END) return token;
    if (inFor && token == Kind::LEFT_PAREN) ++parens;
    if (inFor && token == Kind::RIGHT_PAREN && --parens == 0) inFor = false;
    if (token == Kind::SEMICOLON && depth == 0 && !inFor) return token;
    if (token == Kind::LEFT_BRACE) ++depth, inFor = false;
    if (token == Kind::RIGHT_BRACE) {
      if (depth == 0) return token;
      if (--depth > 0 || nextIsElse()) continue;
      return Kind::SEMICOLON;
    }
  }
}

bool Lexer::nextIsElse() {
  const char* here = cursor_;
  Value value;
  Range range;
  Token token = scan(value, range);
  bracketPending_ = false;
  cursor_ = here;
  return token == Kind::ELSE || token == Kind::SEMICOLON;
}

bool Lexer::sameLine(Loc a, Loc b) const {
  const char* from = base_ + (std::min(a, b) - begin_);
  const char* to = base_ + (std::max(a, b) - begin_);
  return std::memchr(from, '\n', size_t(to - from)) == nullptr;
}

// # 12 "file.c0" 1: lines count anew from here. Anything else that begins with # is no part of the language.
void Lexer::lineMarker(const char* start) {
  const char* before = start;
  while (before != base_ && (before[-1] == ' ' || before[-1] == '\t')) --before;
  const char* at = start + 1;
  while (*at == ' ' || *at == '\t') ++at;
  bool lineDirective = std::strncmp(at, "line", 4) == 0;
  if (lineDirective) at += 4;
  while (*at == ' ' || *at == '\t') ++at;
  uint32_t line = 0;
  const char* digits = at;
  for (; *at >= '0' && *at <= '9' && line < 100'000'000; ++at) line = line * 10 + uint32_t(*at - '0');
  bool hasLine = at != digits;
  while (*at == ' ' || *at == '\t') ++at;
  bool atLineStart = before == base_ || before[-1] == '\n';
  const char* name = at + 1;
  const char* quote = *at == '"' ? static_cast<const char*>(std::memchr(name, '"', size_t(cursor_ - name))) : nullptr;
  if (atLineStart && std::strncmp(start, "#pragma", 7) == 0) return;
  if (!atLineStart || !hasLine || !quote) {
    diagnostics_.error("parse-directive", rangeOf(start, cursor_),
                       "a line that begins with '#' is for the C preprocessor, which has not been run");
    return;
  }
  if (*cursor_ == '\n') {
    ++cursor_;
    sources_.addLineMarker(begin_ + Loc(cursor_ - base_), {name, size_t(quote - name)}, line);
  }
}

// A byte that begins no token; unprintable ones are taken together. Returns where to go on.
const char* Lexer::badBytes(const char* start, const char* end) {
  auto printable = [](unsigned char c) { return (c >= 32 && c < 127) || (c != 0 && std::strchr("\t\n\v\f\r", c)); };
  unsigned char first = *start;
  char text[80];
  if (printable(first)) {
    std::snprintf(text, sizeof text, "'%c' is no part of the language", first);
  } else {
    while (end != limit_ && !printable(*end)) ++end;
    std::snprintf(text, sizeof text, "the byte 0x%02X is no part of the language outside of comments", first);
  }
  diagnostics_.error("parse-character", rangeOf(start, end), text);
  return end;
}

void Lexer::unterminated(const char* what, const char* closer, Range range) {
  diagnostics_.error("parse-unterminated", range, std::string("this ") + what + " has no closing " + closer);
}

}  // namespace syntax
