#include "compiler/sema/warnings.h"

namespace sema {

using namespace syntax;

std::optional<Rule> findWarning(std::string_view id) {
  for (size_t i = 0; i < rules().size(); ++i)
    if (rules()[i].kind == RuleKind::Warning && rules()[i].id == id) return Rule(i);
  return std::nullopt;
}

bool WarningSet::apply(std::string_view option) {
  const bool on = !option.starts_with("no-");
  if (!on) option.remove_prefix(3);
  if (option == "all" || option == "extra") {
    for (size_t i = 0; i < rules().size(); ++i)
      if (rules()[i].group == WarningGroup::All || (option == "extra" && rules()[i].group == WarningGroup::Extra))
        set(Rule(i), on);
    return true;
  }
  std::optional<Rule> rule = findWarning(option);
  if (rule) set(*rule, on);
  return rule.has_value();
}

void Warnings::declaration(const Declaration& declaration) { markNames(c_, declaration, named_); }

void Warnings::parsed(const FunctionDefinition& function) {
  unused_.clear();
  warnNames(c_, function, named_, unused_);
  warnShape(c_, function);
}

void Warnings::analysed(const FunctionDefinition& function, TypeId result, const std::vector<FrameVariable>& variables,
                        Arena& arena) {
  for (Diagnostic& each : unused_) c_.diagnostics.warning(std::move(each));
  unused_.clear();
  warnValues(c_, function);
  warnFlow(c_, function, result, variables, arena);
}

void Warnings::finish(const std::vector<Entity*>& functions) {
  for (const Entity* each : functions) {
    const uint32_t id = each->symbol->id;
    if (!each->defined || !each->internal || (id < named_.size() && named_[id])) continue;
    c_.warning(Rule::UnusedFunction, each->where, "the static function '" + std::string(each->symbol->text) + "' is not used");
  }
}

}  // namespace sema
