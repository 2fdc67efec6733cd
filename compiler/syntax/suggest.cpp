#include "compiler/syntax/suggest.h"

#include <algorithm>
#include <array>

namespace syntax {

unsigned editDistance(std::string_view a, std::string_view b, unsigned limit) {
  constexpr size_t kLongest = 64;
  size_t difference = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (difference > limit || b.size() > kLongest || a.size() > kLongest) return limit + 1;
  std::array<unsigned, kLongest + 1> before{}, last{}, row{};
  for (size_t j = 0; j <= b.size(); ++j) last[j] = unsigned(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = unsigned(i);
    unsigned least = row[0];
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) row[j] = std::min(row[j], before[j - 2] + 1);
      least = std::min(least, row[j]);
    }
    if (least > limit) return limit + 1;
    before = last;
    last = row;
  }
  return std::min(last[b.size()], limit + 1);
}

}  // namespace syntax
