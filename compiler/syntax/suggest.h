// "did you mean": the candidate closest to a misspelt name, at most a third of its letters away.
#pragma once

#include <cstdint>
#include <string_view>

namespace syntax {

// Insertions, deletions, replacements and swaps of neighbours that lead from a to b; `limit` + 1 if more than `limit`.
unsigned editDistance(std::string_view a, std::string_view b, unsigned limit);

class Suggestion {
 public:
  explicit Suggestion(std::string_view wanted)
      : wanted_(wanted), best_(unsigned(wanted.size() > 60 ? 0 : wanted.size() / 3) + 1) {}
  void offer(std::string_view candidate) {
    if (candidate == wanted_ || candidate.empty() || best_ == 0) return;
    unsigned distance = editDistance(wanted_, candidate, best_ - 1);
    if (distance < best_) best_ = distance, found_ = candidate;
  }
  std::string_view found() const { return found_; }  // empty: none is close

 private:
  std::string_view wanted_, found_;
  unsigned best_;
};

}  // namespace syntax
