// The rules of the language by name (rules.def).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sema {

enum class Rule : uint8_t {
#define SURFACE(Name, ...) Name,
#define OUTSIDE(Name, ...) Name,
#define CHECK(Name, ...) Name,
#define WARNING(Name, ...) Name,
#include "compiler/sema/rules.def"
};

enum class RuleKind : uint8_t { Surface, Outside, Check, Warning };
enum class WarningGroup : uint8_t { None, All, Extra };  // -Wall; -Wextra, which contains it

struct RuleInfo {
  RuleKind kind;
  const char* id;
  const char* what;    // Check, Warning: its explanation
  const char* wayOut;  // Check, Warning: ""
  WarningGroup group = WarningGroup::None;
};

std::span<const RuleInfo> rules();
inline const RuleInfo& info(Rule rule) { return rules()[size_t(rule)]; }

// What `c0c --explain ID` says; nullopt: no such id.
std::optional<std::string> explain(std::string_view id);

}  // namespace sema
