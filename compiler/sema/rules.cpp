#include "compiler/sema/rules.h"

namespace sema {

namespace {

constexpr RuleInfo kRules[] = {
#define SURFACE(Name, id, what, wayOut) {RuleKind::Surface, id, what, wayOut},
#define OUTSIDE(Name, id, what, wayOut) {RuleKind::Outside, id, what, wayOut},
#define CHECK(Name, id, explanation) {RuleKind::Check, id, explanation, ""},
#define WARNING(Name, id, group, explanation) {RuleKind::Warning, id, explanation, "", WarningGroup::group},
#include "compiler/sema/rules.def"
};

}  // namespace

std::span<const RuleInfo> rules() { return kRules; }

std::optional<std::string> explain(std::string_view id) {
  for (const RuleInfo& rule : kRules) {
    if (rule.id != id) continue;
    if (rule.kind == RuleKind::Check || rule.kind == RuleKind::Warning) return rule.what;
    return std::string(rule.what) + "; " + rule.wayOut + (rule.kind == RuleKind::Surface ? ", or use -std=c0x." : ".");
  }
  return std::nullopt;
}

}  // namespace sema
