// Values of number, character and string literals, as C reads them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace syntax {

struct IntegerLiteral {
  uint32_t value;
  uint8_t flags;  // IntegerFlags
};
// nullopt: not a number ("12abc", "0x").
std::optional<IntegerLiteral> parseInteger(std::string_view text);

// The character or escape sequence at `at`, which moves behind it. nullopt: no such escape, or beyond one byte.
std::optional<uint8_t> parseEscape(std::string_view text, size_t& at);

}  // namespace syntax
