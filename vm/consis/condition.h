// The conditions of the relation, by conditions.def.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace consis {

enum class Condition : uint8_t {
#define CONDITION(Name, report, name, implied, meaning) Name,
#include "vm/consis/conditions.def"
};

struct ConditionRow {
  std::string_view report, name, implied, meaning;
};
// By Condition.
std::span<const ConditionRow> conditions();
inline std::string_view conditionName(Condition condition) {
  return conditions()[size_t(condition)].report;
}  // "c-consis"
inline std::string_view conditionPart(Condition condition) { return conditions()[size_t(condition)].name; }  // "r29"
inline std::string_view conditionMeaning(Condition condition) { return conditions()[size_t(condition)].meaning; }
std::optional<Condition> findCondition(std::string_view name);  // by its own name

// Conditions that a test leaves out, to see what escapes without them (test/mutants). The tools leave out none.
class Dropped {
 public:
  static constexpr size_t kMost = 64;
  void add(Condition condition) { set_.set(size_t(condition)); }
  bool operator[](Condition condition) const { return set_.test(size_t(condition)); }

 private:
  std::bitset<kMost> set_;
};

}  // namespace consis
