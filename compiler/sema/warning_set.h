// Which warnings are on: -Wall, -Wextra, -W<id>, -Wno-<id>.
#pragma once

#include <bitset>
#include <string_view>

#include "compiler/sema/rules.h"

namespace sema {

class WarningSet {
 public:
  bool any() const { return on_.any(); }
  bool has(Rule rule) const { return on_[size_t(rule)]; }
  void set(Rule rule, bool on) { on_[size_t(rule)] = on; }

  // What follows -W: "all", "extra", an id, or one of them after "no-". False: there is no such warning.
  bool apply(std::string_view option);

 private:
  std::bitset<256> on_;
};

// The warning with this id; nullopt: there is none.
std::optional<Rule> findWarning(std::string_view id);

}  // namespace sema
