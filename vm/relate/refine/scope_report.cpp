#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include "vm/relate/refine/report.h"
#include "vm/relate/refine/scope.h"

namespace refine {
namespace {

using base::padded;
std::string right(uint64_t value, size_t width) { return base::paddedLeft(grouped(value), width); }
std::string call(const Counterexample& c) {
  std::string text = c.function + "(";
  for (size_t i = 0; i < c.arguments.size(); ++i) text += (i ? ", " : "") + std::to_string(int32_t(c.arguments[i]));
  return text + ")";
}
std::string under(const Counterexample& c) { return c.module.empty() ? "every module" : "module " + c.module; }

}  // namespace

std::string scopeText(const ScopeOutcome& outcome) {
  std::string text = "module     function        model      states         calls  not allowed\n";
  for (const auto& c : outcome.counts)
    text += padded(c.module, 11) + padded(c.function, 16) + padded(std::string(models::modelName(c.top)), 5) +
            right(c.states, 12) + right(c.calls, 14) + right(c.refused, 13) + "\n";
  text += "largest size: " + grouped(outcome.states) + " states, " + grouped(outcome.symmetric) + " up to renaming; " +
          grouped(outcome.spaces) + " of them have a related AS state\n";
  if (outcome.accesses) text += grouped(outcome.accesses) + " loads and stores between neighbours\n";
  if (!outcome.counterexample) return text;
  const Counterexample& c = *outcome.counterexample;
  text += "rejected: " + under(c) + ": " + call(c) + ", " + std::to_string(c.frames) + " frames and " +
          std::to_string(c.pages) + " high pages: " + c.failure.text + " [" + c.failure.rule + "]\n  from " + c.state +
          "\n  at instruction " + grouped(c.step) + " of the call: " + c.place + "\n";
  for (auto it = c.calls.rbegin(); it != c.calls.rend(); ++it) text += "  in " + callText(*it) + "\n";
  return text;
}

std::string scopeJson(const ScopeOutcome& outcome, const std::string& program) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream out(stream, 2);
  auto str = [](std::string_view s) { return llvm::StringRef(s.data(), s.size()); };
  out.object([&] {
    out.attribute("program", program);
    out.attribute("verdict", outcome.counterexample ? "rejected" : "accepted");
    out.attribute("states", int64_t(outcome.states)), out.attribute("symmetric", int64_t(outcome.symmetric));
    out.attribute("spaces", int64_t(outcome.spaces)), out.attribute("accesses", int64_t(outcome.accesses));
    out.attributeArray("primitives", [&] {
      for (const auto& c : outcome.counts)
        out.object([&] {
          out.attribute("module", c.module), out.attribute("function", c.function);
          out.attribute("model", str(models::modelName(c.top)));
          out.attribute("states", int64_t(c.states)), out.attribute("calls", int64_t(c.calls));
          out.attribute("notAllowed", int64_t(c.refused));
        });
    });
    if (!outcome.counterexample) return;
    const Counterexample& c = *outcome.counterexample;
    out.attributeObject("counterexample", [&] {
      out.attribute("module", c.module), out.attribute("function", c.function), out.attribute("call", call(c));
      out.attribute("model", str(models::modelName(c.top)));
      out.attribute("frames", int64_t(c.frames)), out.attribute("pages", int64_t(c.pages));
      out.attribute("state", c.state), out.attribute("kind", str(kindName(c.failure.kind)));
      out.attribute("layer", str(models::modelName(c.failure.model))), out.attribute("rule", c.failure.rule);
      out.attribute("text", c.failure.text), out.attribute("place", c.place);
    });
  });
  stream << "\n";
  return stream.str();
}

}  // namespace refine
