// Text for tables and reports.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>

namespace base {

// "1,234,567".
inline std::string grouped(uint64_t value) {
  std::string digits = std::to_string(value);
  for (size_t at = digits.size(); at > 3;) digits.insert(at -= 3, 1, ',');
  return digits;
}

// With spaces behind it, or before it, up to so many characters.
inline std::string padded(const std::string& text, size_t width) { return text + std::string(width - std::min(width, text.size()), ' '); }
inline std::string paddedLeft(const std::string& text, size_t width) { return std::string(width - std::min(width, text.size()), ' ') + text; }

}  // namespace base
