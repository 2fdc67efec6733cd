// <header> verdict, what is wrong in one sentence, where </header>
// <section class="wrong"> the variable, both values, who wrote it, what else is wrong </section>
// <section id="steps"> filled by steps.js: the last steps </section>
// <section class="run"> what was compared and what was not, how to run it again </section>
#include "vm/consis/html_report.h"

#include "assembler/base/html.h"
#include "llvm/Support/raw_ostream.h"
#include "vm/consis/report.h"

namespace consis {
namespace {

using base::html::element;
using base::html::escaped;

constexpr char kScript[] =
#include "steps.js.inc"
    ;

constexpr size_t kAlsoOnPage = 8;  // further violations

std::string div(std::string_view classes, std::string_view content) { return element("div", classes, content) + "\n"; }
std::string code(std::string_view text) { return element("code", "", escaped(text)); }

// Of a step that the page may have: steps.js follows such links.
std::string stepLink(uint64_t step) {
  return "<a href=\"#step=" + std::to_string(step) + "\">C0 step " + grouped(step) + "</a>";
}

std::string place(const Image& image, StatementId id) {
  return code(printStatement(image, id)) + " at " + escaped(printPosition(image, statementOf(image, id).position));
}

class Body {
 public:
  Body(const Image& image, const Outcome& outcome, const RunRecord& record)
      : image_(image), outcome_(outcome), record_(record) {}

  std::string print(bool steps) {
    std::string text = header();
    if (outcome_.failure) text += wrong(*outcome_.failure);
    if (steps) text += "<section id=\"steps\"></section>\n";
    return "<main>\n" + text + element("noscript", "", element("pre", "", escaped(plain()))) + "\n" + run() +
           "</main>\n";
  }

 private:
  std::string header() const {
    const std::string verdict(verdictName(outcome_.verdict));
    std::string text = div("line", element("span", "verdict " + verdict, verdict) + " " +
                                       element("span", "program", escaped(record_.inputs[0])));
    text += element("h1", "", escaped(headline())) + "\n";
    if (std::string more = explanation(); !more.empty()) text += element("p", "lead", more) + "\n";
    return element("header", "", "\n" + text) + "\n";
  }

  std::string headline() const {
    if (outcome_.failure) return outcome_.failure->violations.front().text;
    if (outcome_.fault)
      return std::string(object::faultName(outcome_.fault->fault)) + ": " +
             std::string(object::faultMeaning(outcome_.fault->fault));
    const std::string steps = grouped(outcome_.counters.c0Steps) + " C0 steps";
    if (outcome_.verdict == Verdict::Limit) return "Undecided after " + steps + ": the limit was reached";
    return "Both machines agree at all " + steps +
           (outcome_.left ? ", up to an rfe that leaves the program" : ", up to the end");
  }

  std::string explanation() const {
    if (outcome_.failure) {
      const Failure& failure = *outcome_.failure;
      const Condition condition = failure.violations.front().condition;
      std::string text = element("strong", "", escaped(conditionName(condition))) + " asks that " +
                         escaped(conditionMeaning(condition)) + ". It fails at " + stepLink(failure.c0Step) +
                         ", VAMP step " + grouped(failure.machineStep);
      if (failure.executed)
        text += ", " + std::string(failure.next ? "after " : "at ") + place(image_, *failure.executed);
      return text + ".";
    }
    if (outcome_.fault) {
      const interp::FaultReport& fault = *outcome_.fault;
      std::string text = "The program has no semantics from " + stepLink(outcome_.counters.c0Steps + 1) + " on";
      if (fault.position.line) text += ", at " + element("code", "", escaped(printPosition(image_, fault.position)));
      text += " in " + code(image_.program().functions[fault.function].name);
      if (!fault.text.empty()) text += ": " + escaped(fault.text);
      if (fault.fault == core::Fault::AsmViolation) return text + ".";
      return text + (outcome_.faultMet
                         ? ". The VAMP reports the same fault at the same place."
                         : ". The code has no check for it: nothing is said about the VAMP from there on.");
    }
    if (outcome_.verdict == Verdict::Consistent && !outcome_.left)
      return "Both end with status " + std::to_string(int32_t(outcome_.exitStatus)) + ".";
    return {};
  }

  std::string wrong(const Failure& failure) const {
    const Violation& first = failure.violations.front();
    std::string text;
    if (!first.variable.empty()) text += card("where", code(first.variable), details(first));
    if (!first.expected.empty()) text += card("C0 machine", code(first.expected), "expected", "abstract");
    if (!first.found.empty()) text += card("VAMP", code(first.found), "found", "concrete");
    text = div("cards", text) + element("p", "writer", writer(failure, 0)) + "\n";
    return element("section", "wrong", "\n" + text + also(failure)) + "\n";
  }

  static std::string card(std::string_view title, const std::string& value, const std::string& note,
                          const std::string& classes = {}) {
    return div("card " + classes,
               element("div", "title", title) + element("div", "value", value) + element("div", "note", note));
  }

  static std::string details(const Violation& violation) {
    std::string text = code(violation.type);
    if (violation.type.empty()) text.clear();
    auto join = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
    if (violation.depth) join(*violation.depth ? "depth " + std::to_string(*violation.depth) : "global");
    if (violation.address) join("at " + code(hex(*violation.address)));
    return text;
  }

  std::string writer(const Failure& failure, size_t violation) const {
    const Failure::Culprit by = violation < failure.culprits.size() ? failure.culprits[violation] : Failure::Culprit{};
    if (by.corruptedAt) return "Changed from outside, by --corrupt at " + stepLink(*by.corruptedAt) + ".";
    if (!by.writer)
      return failure.violations[violation].address ? "Written by nobody: the bytes are as the image was loaded." : "";
    const Executed& writer = *by.writer;
    std::string text = failure.violations[violation].address ? "Last written by "
                       : failure.violations[violation].reg   ? "Last changed by "
                                                             : "The last jump was ";
    text += element("code", "guilty", escaped(hex(writer.event.dpc) + "  " + isa::print(writer.event.word))) +
            ", VAMP step " + grouped(writer.machineStep) + ", in " + stepLink(writer.c0Step) + ": ";
    if (auto at = image_.statementAt(writer.event.dpc)) return text + place(image_, *at) + ".";
    return text + code(image_.symbolAt(writer.event.dpc)) + ".";
  }

  std::string also(const Failure& failure) const {
    if (failure.violationCount < 2) return {};
    std::string list;
    for (size_t i = 1; i < failure.violations.size() && i <= kAlsoOnPage; ++i) {
      const Violation& violation = failure.violations[i];
      list +=
          element("li", "",
                  element("strong", "", escaped(conditionName(violation.condition))) + " " + escaped(violation.text) +
                      ". " + element("span", "muted", violation.address ? writer(failure, i) : "")) +
          "\n";
    }
    const uint64_t left = failure.violationCount - std::min<uint64_t>(failure.violationCount, kAlsoOnPage + 1);
    if (left)
      list +=
          element("li", "muted",
                  "and " + grouped(left) + (failure.violationCount >= Violations::kMost ? " more at least" : " more"));
    return element("h2", "", "Also wrong at this step") + "\n" + element("ul", "", "\n" + list) + "\n";
  }

  std::string run() const {
    std::string rows;
    for (const auto& [value, what] : counterRows(outcome_.counters))
      rows += element("tr",
                      std::string_view(what).starts_with("exempt") ? "exempt"
                      : value                                      ? ""
                                                                   : "none",
                      element("td", "number", grouped(value)) + element("td", "", escaped(what))) +
              "\n";
    rows += element("tr", "",
                    element("td", "number", comparedShare(outcome_.counters)) +
                        element("td", "", "compared of what is live")) +
            "\n";
    std::string compared = element("h2", "", "What was compared") + "\n" +
                           element("p", "muted", escaped(summary(outcome_))) + "\n" +
                           element("table", "counters", "\n" + rows) + "\n";
    std::string made = element("h2", "", "This run") + "\n" + element("dl", "", "\n" + settings()) + "\n";
    return element("section", "halves", "\n" + div("", compared) + div("", made)) + "\n";
  }

  std::string settings() const {
    std::string text;
    auto row = [&](std::string_view name, const std::string& value) {
      text += element("dt", "", name) + element("dd", "", value) + "\n";
    };
    std::string inputs;
    for (const std::string& each : record_.inputs) inputs += (inputs.empty() ? "" : " ") + code(each);
    row(record_.compiled ? "sources" : "image", inputs);
    row("SHA-256 of the image", code(record_.hash));
    if (!record_.disk.empty()) row("disk", code(record_.disk) + ", SHA-256 " + code(record_.diskHash));
    row("mode", escaped(modeName(record_.options.mode)));
    for (const Corruption& corruption : record_.options.corruptions)
      row("changed from outside", code("--corrupt=" + printCorruption(corruption)));
    row("again", "consis " + code("--json=report.json") + " .. records it, consis " +
                     code("--replay report.json --step N") + " shows both machines at any step");
    return text;
  }

  // For browsers without scripts.
  std::string plain() const {
    std::string text;
    llvm::raw_string_ostream out(text);
    if (outcome_.failure) printFailure(out, image_, *outcome_.failure, record_.inputs[0], false);
    if (outcome_.fault) out << faultLine(image_, *outcome_.fault);
    return out.str();
  }

  const Image& image_;
  const Outcome& outcome_;
  const RunRecord& record_;
};

}  // namespace

std::string htmlReport(const Image& image, const Outcome& outcome, const RunRecord& record, const History& history) {
  const bool steps = !history.steps().empty();
  base::html::Page page{.title = "consis: " + record.inputs[0] + ": " + std::string(verdictName(outcome.verdict)),
                        .body = Body(image, outcome, record).print(steps),
                        .data = {},
                        .script = {}};
  if (steps) page.data = stepsJson(image, outcome, history), page.script = kScript;
  return base::html::print(page);
}

}  // namespace consis
