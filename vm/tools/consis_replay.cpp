#include "vm/tools/consis_replay.h"

#include "assembler/base/tool.h"
#include "llvm/Support/raw_ostream.h"
#include "vm/consis/report.h"
#include "vm/consis/state_text.h"
#include "vm/tools/consis_compile.h"

namespace consis {
namespace {

// Keeps the state at one step.
class Snapshot : public Spectator {
 public:
  explicit Snapshot(uint64_t step) : Spectator(step ? step - 1 : 0), step_(step) {}

  void at(const Moment& moment) override {
    if (moment.c0Step == step_) text = stateText(moment, base::useColor());
  }
  void ended(const Moment& moment) override {
    if (text.empty()) at(moment);
  }

  std::string text;  // empty until it has been reached

 private:
  uint64_t step_;
};

// What the report's run ended in: there its failure must be found again.
bool sameEnd(const RecordedReport& report, const Outcome& outcome) {
  if (report.condition.empty()) return !outcome.failure;
  if (!outcome.failure) return false;
  return conditionName(outcome.failure->violations.front().condition) == report.condition &&
         outcome.failure->c0Step == report.failed && outcome.failure->machineStep == report.machineStep;
}

int show(const Image& image, const RecordedReport& report, uint64_t step, const std::string& name) {
  Options options = report.record.options;
  options.input = [&input = report.record.input, next = size_t(0)]() mutable {
    return next < input.size() ? input[next++] : -1;
  };
  options.maxSteps = std::min(options.maxSteps, step);
  options.explain = false;
  if (options.mode == Mode::Parallel) options.mode = Mode::Incremental;  // to be seen, it must be one run
  Snapshot snapshot(step);
  options.spectator = &snapshot;
  const Outcome outcome = run(image, options);
  const bool end = !report.condition.empty() && step >= report.failed;
  if (end || outcome.failure)
    if (!sameEnd(report, outcome))
      return base::fail(
          {"the run is not the one of the report: it does not fail where that says", "replay-differs", ""}, name);
  if (snapshot.text.empty())
    return base::fail({"the run ends after " + grouped(outcome.counters.c0Steps) + " C0 steps", "replay-step",
                       "--step=" + std::to_string(step)},
                      name);
  llvm::outs() << snapshot.text;
  if (outcome.failure)
    llvm::outs() << "inconsistent: " << report.condition << ": " << outcome.failure->violations.front().text << "\n";
  if (outcome.fault) llvm::outs() << faultLine(image, *outcome.fault);
  return base::kExitOk;
}

}  // namespace

int replayReport(const Arguments& arguments) {
  auto text = base::readFile(arguments.replay, uint64_t(1) << 28);
  if (!text) return base::fail(text.error(), arguments.replay);
  auto report = readReport(*text);
  if (!report) return base::fail(report.error(), arguments.replay);
  RunRecord& record = report->record;
  if (!arguments.record.inputs.empty()) record.inputs = arguments.record.inputs;
  int status = base::kExitErrors;
  auto elf = readProgram(record, status);
  if (!elf) return status;
  if (hashOf(*elf) != record.hash)
    return base::fail(
        {"the image is not the one of the report: its SHA-256 is " + base::printable(record.hash), "replay-image", ""},
        record.inputs[0]);
  if (!record.disk.empty() && hashOf(record.options.disk) != record.diskHash)
    return base::fail({"the disk is not the one of the report: its SHA-256 is " + base::printable(record.diskHash),
                       "replay-disk", ""},
                      record.disk);
  auto image = Image::load(*elf);
  if (!image) return base::fail(image.error(), record.inputs[0]);
  const uint64_t end = report->condition.empty() ? report->c0Steps : report->failed;
  return show(*image, *report, arguments.step.value_or(end), arguments.replay);
}

}  // namespace consis
