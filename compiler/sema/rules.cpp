#include "compiler/sema/rules.h"

#include "compiler/syntax/suggest.h"

namespace sema {

namespace {

constexpr RuleInfo kRules[] = {
#define SURFACE(Name, id, what, wayOut, dialect, ...) {RuleKind::Surface, id, what, wayOut, WarningGroup::None, RuleDialect::dialect, __VA_ARGS__},
#define OUTSIDE(Name, id, what, wayOut, dialect, ...) {RuleKind::Outside, id, what, wayOut, WarningGroup::None, RuleDialect::dialect, __VA_ARGS__},
#define CHECK(Name, id, what, dialect, ...) {RuleKind::Check, id, what, "", WarningGroup::None, RuleDialect::dialect, __VA_ARGS__},
#define WARNING(Name, id, group, what, wayOut, dialect, ...) {RuleKind::Warning, id, what, wayOut, WarningGroup::group, RuleDialect::dialect, __VA_ARGS__},
#include "compiler/sema/rules.def"
};

const char* options(const RuleInfo& rule) {
  if (rule.kind == RuleKind::Warning) return rule.group == WarningGroup::All ? "-Wall" : "-Wextra";
  switch (rule.dialect) {
    case RuleDialect::C0: return "-std=c0";
    case RuleDialect::C0A: return "-fasm";
    case RuleDialect::C0X: break;
  }
  return "";
}

std::string severity(const RuleInfo& rule) {
  switch (rule.kind) {
    case RuleKind::Surface: return "error under -std=c0";
    case RuleKind::Warning: return std::string("warning, on by ") + options(rule) + " or -W" + rule.id;
    default: return "error";
  }
}

std::string indented(std::string_view program) {
  std::string text;
  while (!program.empty()) {
    const size_t end = std::min(program.find('\n'), program.size());
    text += "    " + std::string(program.substr(0, end)) + "\n";
    program.remove_prefix(std::min(end + 1, program.size()));
  }
  return text;
}

}  // namespace

std::span<const RuleInfo> rules() { return kRules; }

std::string summary(const RuleInfo& rule) {
  switch (rule.kind) {
    case RuleKind::Check: return rule.what;
    case RuleKind::Warning: {
      std::string wayOut = rule.wayOut;
      wayOut[0] = char(wayOut[0] - 'a' + 'A');
      return std::string(rule.what) + " " + wayOut + ".";
    }
    default: return std::string(rule.what) + "; " + rule.wayOut + (rule.kind == RuleKind::Surface ? ", or use -std=c0x." : ".");
  }
}

std::optional<std::string> explain(std::string_view id) {
  for (const RuleInfo& rule : kRules) {
    if (rule.id != id) continue;
    std::string text = std::string(rule.id) + " (" + severity(rule) + ")\n\n" + summary(rule) + "\n\nSource: " + rule.source + ".\n";
    if (!*rule.wrong) return text;
    const std::string with = options(rule);
    return text + "\nWrong" + (with.empty() ? "" : " (" + with + ")") + ":\n\n" + indented(rule.wrong) + "\nInstead:\n\n" + indented(rule.right);
  }
  return std::nullopt;
}

std::string listRules() {
  std::string text;
  for (const RuleInfo& rule : kRules) {
    std::string id = rule.id;
    text += id + std::string(id.size() < 28 ? 28 - id.size() : 1, ' ') + (rule.kind == RuleKind::Warning ? "warning  " : "error    ") + summary(rule) + "\n";
  }
  return text;
}

std::string suggestRule(std::string_view id, std::optional<RuleKind> kind) {
  syntax::Suggestion suggestion(id);
  for (const RuleInfo& each : kRules)
    if (!kind || each.kind == *kind) suggestion.offer(each.id);
  return std::string(suggestion.found());
}

}  // namespace sema
