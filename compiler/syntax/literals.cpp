// The values of literals.
#include "compiler/syntax/literals.h"

#include "compiler/syntax/builder.h"

namespace syntax {

namespace {

int digitValue(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return 99;
}

struct Radix {
  unsigned base;
  uint8_t flag;
  size_t prefix;
};

Radix radixOf(std::string_view text) {
  if (text.size() > 1 && text[0] == '0') {
    if (text[1] == 'x' || text[1] == 'X') return {16, kHexadecimal, 2};
    if (text[1] == 'b' || text[1] == 'B') return {2, kBinary, 2};
    if (digitValue(text[1]) < 10) return {8, kOctal, 1};
  }
  return {10, 0, 0};
}

}  // namespace

std::optional<IntegerLiteral> parseInteger(std::string_view text) {
  Radix radix = radixOf(text);
  IntegerLiteral literal{0, radix.flag};
  uint64_t value = 0;
  size_t at = radix.prefix;
  for (; at < text.size() && unsigned(digitValue(text[at])) < radix.base; ++at)
    if (value <= UINT32_MAX) value = value * radix.base + unsigned(digitValue(text[at]));
  if (at == radix.prefix && radix.base != 8) return std::nullopt;
  for (; at < text.size(); ++at) {
    if (text[at] == 'u' || text[at] == 'U') literal.flags |= kUnsignedSuffix;
    else if (text[at] == 'l' || text[at] == 'L') literal.flags |= kLongSuffix;
    else return std::nullopt;
  }
  if (value > UINT32_MAX) literal.flags |= kTooLarge;
  literal.value = uint32_t(value);
  return literal;
}

std::optional<uint8_t> parseEscape(std::string_view text, size_t& at) {
  char c = text[at++];
  if (c != '\\') return uint8_t(c);
  if (at >= text.size()) return std::nullopt;
  c = text[at++];
  constexpr std::string_view kNames = "abfnrtv\\'\"?", kValues = "\a\b\f\n\r\t\v\\'\"?";
  if (size_t i = kNames.find(c); i != kNames.npos) return uint8_t(kValues[i]);
  unsigned base = c == 'x' ? 16 : 8, value = 0, digits = 0;
  if (base == 8) --at;
  for (; at < text.size() && unsigned(digitValue(text[at])) < base && (base == 16 || digits < 3); ++at, ++digits)
    if (value < 0x1000) value = value * base + unsigned(digitValue(text[at]));
  if (digits == 0 || value > 255) return std::nullopt;
  return uint8_t(value);
}

Expr* Builder::integer(Range range) {
  std::string_view text = lexer.text(range);
  Expr* result = expr(ExprKind::Integer, range);
  if (text.size() < 10 && text[0] != '0') {
    uint32_t value = 0;
    size_t at = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at) value = value * 10 + uint32_t(text[at] - '0');
    if (at == text.size()) {
      result->number = value;
      return result;
    }
  }
  std::optional<IntegerLiteral> literal = parseInteger(text);
  if (!literal) {
    diagnostics.error("parse-number", range, std::string("'").append(text.substr(0, 40)) + "' is not a number");
    result->kind = ExprKind::Error;
    return result;
  }
  result->number = literal->value;
  result->flags = literal->flags;
  return result;
}

Expr* Builder::character(Range range) {
  std::string_view text = lexer.text(range);
  text = text.substr(1, text.size() - 2);
  Expr* result = expr(ExprKind::Character, range);
  size_t at = 0;
  std::optional<uint8_t> value = parseEscape(text, at);
  if (!value || at != text.size()) {
    diagnostics.error("parse-character", range,
                      value ? "a character literal contains one character" : "unknown escape sequence");
    result->kind = ExprKind::Error;
    return result;
  }
  result->number = uint32_t(int32_t(int8_t(*value)));
  return result;
}

}  // namespace syntax
