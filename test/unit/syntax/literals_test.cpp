#include "compiler/syntax/literals.h"

#include <gtest/gtest.h>

#include "compiler/syntax/ast.h"
#include "compiler/syntax/suggest.h"

namespace {

using namespace syntax;

std::string integer(const char* text) {
  std::optional<IntegerLiteral> literal = parseInteger(text);
  if (!literal) return "none";
  std::string out = std::to_string(literal->value);
  if (literal->flags & kUnsignedSuffix) out += " unsigned";
  if (literal->flags & kLongSuffix) out += " long";
  if (literal->flags & kHexadecimal) out += " hex";
  if (literal->flags & kOctal) out += " octal";
  if (literal->flags & kBinary) out += " binary";
  if (literal->flags & kTooLarge) out = "too large";
  return out;
}

TEST(Literals, Integers) {
  EXPECT_EQ(integer("0"), "0");
  EXPECT_EQ(integer("4294967295"), "4294967295");
  EXPECT_EQ(integer("4294967296"), "too large");
  EXPECT_EQ(integer("99999999999999999999999999999999999"), "too large");
  EXPECT_EQ(integer("12U"), "12 unsigned");
  EXPECT_EQ(integer("12uLL"), "12 unsigned long");
  EXPECT_EQ(integer("0xfFu"), "255 unsigned hex");
  EXPECT_EQ(integer("0x00000000000000000001"), "1 hex");
  EXPECT_EQ(integer("017"), "15 octal");
  EXPECT_EQ(integer("0b101"), "5 binary");
  EXPECT_EQ(integer("00"), "0 octal");
  for (const char* bad : {"0x", "0b", "0b2", "08", "12a", "0xg", "1_000"}) EXPECT_EQ(integer(bad), "none") << bad;
}

int escape(std::string_view text) {
  size_t at = 0;
  std::optional<uint8_t> value = parseEscape(text, at);
  return value && at == text.size() ? *value : -1;
}

TEST(Literals, Escapes) {
  EXPECT_EQ(escape("a"), 'a');
  EXPECT_EQ(escape("\\n"), 10);
  EXPECT_EQ(escape("\\0"), 0);
  EXPECT_EQ(escape("\\177"), 127);
  EXPECT_EQ(escape("\\377"), 255);
  EXPECT_EQ(escape("\\x7f"), 127);
  EXPECT_EQ(escape("\\x0000041"), 65);
  EXPECT_EQ(escape("\\\\"), '\\');
  for (const char* bad : {"\\q", "\\x", "\\400", "\\x100", "\\", "\\xg"}) EXPECT_EQ(escape(bad), -1) << bad;
}

TEST(Suggest, EditDistance) {
  EXPECT_EQ(editDistance("length", "length", 2), 0u);
  EXPECT_EQ(editDistance("lenght", "length", 2), 1u);  // neighbours swapped
  EXPECT_EQ(editDistance("kitten", "sitting", 5), 3u);
  EXPECT_EQ(editDistance("", "ab", 5), 2u);
  EXPECT_EQ(editDistance("kitten", "sitting", 2), 3u);  // more than the limit
  EXPECT_EQ(editDistance(std::string(100, 'a'), std::string(100, 'a'), 2), 3u);
}

TEST(Suggest, TheClosestWithinAThird) {
  Suggestion suggestion("counter");
  suggestion.offer("count");
  suggestion.offer("counted");
  suggestion.offer("other");
  EXPECT_EQ(suggestion.found(), "counted");
  Suggestion tooFar("ab");
  tooFar.offer("ac");
  EXPECT_EQ(tooFar.found(), "");
}

}  // namespace
