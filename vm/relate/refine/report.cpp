#include "vm/relate/refine/report.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

namespace refine {
namespace {

using models::kModelCount;
using models::kRelationCount;
using models::Name;
using models::RelationName;

std::string line(const std::string& name, uint64_t value, const std::string& more = {}) {
  return base::padded("  " + name, 26) + base::paddedLeft(grouped(value), 14) + (more.empty() ? "" : "  " + more) + "\n";
}

// The dump of the model in whose words the failure is, and of the one below it.
std::string dumps(const Chain& chain, Name model) {
  std::string text;
  auto one = [&](const auto& m) {
    if (m && (m->kName == model || text.size())) text += models::dump(*m, 8);
  };
  if (model == Name::AS) one(chain.as), one(chain.pmap);
  else if (model == Name::PMAP) one(chain.pmap), one(chain.ale);
  else if (model == Name::ALE) one(chain.ale), one(chain.pe);
  else if (model == Name::PE) one(chain.pe);
  else if (model == Name::ALD) one(chain.ald), one(chain.pd);
  else if (model == Name::PD) one(chain.pd);
  if (model <= Name::PE) text += models::dump(chain.hw, 8);
  return text;
}

std::string where(const RunOutcome& outcome) {
  return "at step " + grouped(outcome.at.step) + ": " + outcome.place + ": " + isa::print(outcome.at.word);
}

std::string escaped(const std::string& text) {
  std::string result;
  for (char c : text) {
    if (c == '&') result += "&amp;";
    else if (c == '<') result += "&lt;";
    else if (c == '>') result += "&gt;";
    else result += c;
  }
  return result;
}

}  // namespace

std::string callText(const Called& call) {
  unsigned count = 0;
  auto countOf = [&](const auto* primitive) {
    if (primitive) count = primitive->arguments;
  };
  countOf(models::findPrimitive<models::HW>(call.function));
  countOf(models::findPrimitive<models::PD>(call.function));
  countOf(models::findPrimitive<models::PMAP>(call.function));
  countOf(models::findPrimitive<models::AS>(call.function));
  std::string text = call.function + "(";
  for (unsigned i = 0; i < count; ++i) text += (i ? ", " : "") + std::to_string(int32_t(call.arguments[i]));
  return text + "), module " + call.module + " over " + std::string(models::modelName(call.layer));
}

std::string summary(const RunOutcome& outcome) {
  constexpr std::string_view kVerdicts[] = {"related", "not related", "limit"};
  uint64_t calls = 0, checks = 0;
  for (uint64_t n : outcome.counters.primitives) calls += n;
  for (uint64_t n : outcome.counters.checks) checks += n;
  std::string text = std::string(kVerdicts[unsigned(outcome.verdict)]) + ": " + grouped(outcome.steps) + " steps, " +
                     grouped(outcome.counters.loads) + " loads, " + grouped(outcome.counters.stores) + " stores, " +
                     grouped(calls) + " primitives, " + grouped(checks) + " relation checks";
  if (outcome.exitStatus) text += ", exit " + std::to_string(int32_t(*outcome.exitStatus));
  if (outcome.fault) text += ", a run-time check failed";
  return text + "\n";
}

std::string failureText(const KernelImage&, const RunOutcome& outcome, const Chain& chain) {
  if (!outcome.failure) return {};
  const Failure& failure = *outcome.failure;
  std::string text = "refine: rejected: " + (outcome.module.empty() ? "" : "module " + outcome.module + ": ") +
                     failure.text + " [" + failure.rule + "]\n  " + where(outcome) + "\n";
  const char* how = "  in ";
  for (auto it = outcome.calls.rbegin(); it != outcome.calls.rend(); ++it, how = "  called from ")
    text += how + callText(*it) + "\n";
  return text + dumps(chain, failure.model);
}

std::string figures(const RunOutcome& outcome) {
  const Counters& c = outcome.counters;
  std::string text = line("steps", outcome.steps);
  text += line("loads", c.loads) + line("stores", c.stores);
  text += line("on the stack", c.stack, "part of D in HW, PD, PE only");
  text += line("to devices", c.devices, "by system-mode code");
  for (unsigned m = 0; m < kModelCount; ++m)
    text += line("accesses in " + std::string(models::modelName(Name(m))), c.accesses[m]);
  for (unsigned m = 0; m < kModelCount; ++m)
    if (c.primitives[m]) text += line("primitives of " + std::string(models::modelName(Name(m))), c.primitives[m]);
  for (unsigned r = 0; r < kRelationCount; ++r) {
    std::string name(models::relationName(RelationName(r)));
    if (c.checks[r])
      text += line(name + " checked", c.checks[r], std::string(models::relationMeaning(RelationName(r))));
    if (c.full[r]) text += line(name + " in full", c.full[r]);
  }
  for (const auto& [function, calls] : outcome.functionCalls)
    if (calls) text += line("calls of " + function, calls);
  return text;
}

std::string json(const RunOutcome& outcome, const std::string& program) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream out(stream, 2);
  constexpr std::string_view kVerdicts[] = {"related", "not-related", "limit"};
  auto str = [](std::string_view s) { return llvm::StringRef(s.data(), s.size()); };
  out.object([&] {
    out.attribute("program", program);
    out.attribute("verdict", str(kVerdicts[unsigned(outcome.verdict)]));
    out.attribute("steps", int64_t(outcome.steps));
    if (outcome.exitStatus) out.attribute("exit", int64_t(int32_t(*outcome.exitStatus)));
    const Counters& c = outcome.counters;
    out.attribute("loads", int64_t(c.loads)), out.attribute("stores", int64_t(c.stores));
    out.attribute("stack", int64_t(c.stack)), out.attribute("devices", int64_t(c.devices));
    out.attributeObject("models", [&] {
      for (unsigned m = 0; m < kModelCount; ++m)
        out.attributeObject(str(models::modelName(Name(m))), [&] {
          out.attribute("accesses", int64_t(c.accesses[m])), out.attribute("primitives", int64_t(c.primitives[m]));
        });
    });
    out.attributeObject("relations", [&] {
      for (unsigned r = 0; r < kRelationCount; ++r)
        out.attributeObject(str(models::relationName(RelationName(r))), [&] {
          out.attribute("checks", int64_t(c.checks[r])), out.attribute("full", int64_t(c.full[r]));
        });
    });
    out.attributeObject("calls", [&] {
      for (const auto& [function, calls] : outcome.functionCalls) out.attribute(function, int64_t(calls));
    });
    if (!outcome.failure) return;
    out.attributeObject("failure", [&] {
      out.attribute("kind", str(kindName(outcome.failure->kind)));
      out.attribute("module", outcome.module);
      out.attribute("model", str(models::modelName(outcome.failure->model)));
      out.attribute("rule", outcome.failure->rule), out.attribute("text", outcome.failure->text);
      out.attribute("step", int64_t(outcome.at.step)), out.attribute("place", outcome.place);
      out.attribute("instruction", isa::print(outcome.at.word));
      out.attributeArray("calls", [&] {
        for (auto it = outcome.calls.rbegin(); it != outcome.calls.rend(); ++it) out.value(callText(*it));
      });
    });
  });
  stream << "\n";
  return stream.str();
}

std::string html(const KernelImage& image, const RunOutcome& outcome, const Chain& chain, const std::string& program) {
  std::string title = "refine: " + escaped(program);
  return "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + title +
         "</title>\n<style>body{font-family:sans-serif;max-width:70em;margin:2em auto}pre{background:#f4f4f4;"
         "padding:1em;overflow:auto}.bad{border-left:.4em solid #b00}</style></head>\n<body><h1>" +
         title + "</h1>\n<p>" + escaped(summary(outcome)) + "</p>\n" +
         (outcome.failure ? "<pre class=\"bad\">" + escaped(failureText(image, outcome, chain)) + "</pre>\n" : "") +
         "<h2>Figures</h2>\n<pre>" + escaped(figures(outcome)) + "</pre>\n<h2>The chain, for Graphviz</h2>\n<pre>" +
         escaped(dot(chain, program)) + "</pre>\n</body></html>\n";
}

}  // namespace refine
