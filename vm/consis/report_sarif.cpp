// Each violation is a result at the statement that was executed, related to the statement whose code wrote what is
// wrong.
#include "assembler/base/sarif.h"
#include "compiler/debug/source.h"
#include "vm/consis/report.h"

namespace consis {
namespace {

namespace sarif = base::sarif;

class Log {
 public:
  Log(const Image& image, const std::string& program) : image_(image), sources_(image.program()), program_(program) {}

  std::string print(const Outcome& outcome) {
    if (outcome.failure) failure(*outcome.failure);
    else if (outcome.fault) fault(*outcome.fault);
    else if (outcome.verdict == Verdict::Limit)
      results_.push_back({.rule = "limit",
                          .level = "none",
                          .text = "undecided after " + grouped(outcome.counters.c0Steps) + " C0 steps",
                          .locations = {{.place = program_}}});
    return sarif::print("consis", std::move(rules_), results_);
  }

 private:
  void failure(const Failure& failure) {
    for (size_t i = 0; i < failure.violations.size(); ++i) {
      const Violation& violation = failure.violations[i];
      sarif::Result result{.rule = rule(violation.condition), .level = "error", .text = violation.text};
      result.locations.push_back(failure.executed ? location(statementOf(image_, *failure.executed).position)
                                                  : sarif::Location{.place = program_});
      if (i < failure.culprits.size()) related(failure.culprits[i], result);
      rules_.push_back({result.rule, std::string(conditionMeaning(violation.condition))});
      results_.push_back(std::move(result));
    }
  }

  // "c-consis/r29": the report's name and the condition's own.
  static std::string rule(Condition condition) {
    return std::string(conditionName(condition)) + "/" + std::string(conditionPart(condition));
  }

  void related(const Failure::Culprit& by, sarif::Result& result) {
    if (by.corruptedAt || !by.writer) return;
    auto at = image_.statementAt(by.writer->event.dpc);
    sarif::Location where = at ? location(statementOf(image_, *at).position)
                               : sarif::Location{.place = image_.symbolAt(by.writer->event.dpc)};
    where.text = "last written by " + isa::print(by.writer->event.word) + " at " + hex(by.writer->event.dpc) +
                 " in C0 step " + grouped(by.writer->c0Step);
    result.related.push_back(std::move(where));
  }

  void fault(const interp::FaultReport& fault) {
    const std::string meaning(object::faultMeaning(fault.fault));
    rules_.push_back({std::string(object::faultName(fault.fault)), meaning});
    results_.push_back({.rule = rules_.back().id,
                        .level = "error",
                        .text = fault.text.empty() ? meaning : meaning + ": " + fault.text,
                        .locations = {location(fault.position)}});
  }

  sarif::Location location(core::Position position) {
    if (!position.line) return {.place = program_};
    const auto line = sources_.line(position.file, position.line);
    return {.file = std::string(image_.fileName(position)),
            .region = {position.line, line ? sarif::utf16Column(*line, position.column) : 0}};
  }

  const Image& image_;
  debug::Sources sources_;
  const std::string& program_;
  std::vector<sarif::Rule> rules_;
  std::vector<sarif::Result> results_;
};

}  // namespace

std::string sarifReport(const Image& image, const Outcome& outcome, const std::string& program) {
  return Log(image, program).print(outcome);
}

}  // namespace consis
