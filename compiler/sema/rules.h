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

enum class RuleDialect : uint8_t { C0, C0X, C0A };           // -std=c0; -std=c0x; the same with -fasm

struct RuleInfo {
  RuleKind kind;
  const char* id;
  const char* what;    // Check, Warning: its explanation
  const char* wayOut;  // Check: ""
  WarningGroup group;
  RuleDialect dialect;  // of the examples
  const char* source;   // where the rule comes from
  const char* wrong;    // a program that breaks it; "": none is short
  const char* right;    // the same one in order
};

std::span<const RuleInfo> rules();
inline const RuleInfo& info(Rule rule) { return rules()[size_t(rule)]; }

// The rule in one sentence or two.
std::string summary(const RuleInfo& rule);
// What `c0c --explain ID` says; nullopt: no such id.
std::optional<std::string> explain(std::string_view id);
// `c0c --explain=list`: a line for each id.
std::string listRules();
// "did you mean", for an id of any kind or of one only; "": none is close.
std::string suggestRule(std::string_view id, std::optional<RuleKind> kind = {});

}  // namespace sema
