// konsis: the concrete kernel against the abstract one and its users, three machines side by side (docs/konsis.md).
#include <chrono>
#include <cstdio>
#include <new>
#include <optional>

#include "assembler/base/tool.h"
#include "llvm/Support/raw_ostream.h"
#include "vm/consis/html_report.h"
#include "vm/consis/report.h"
#include "vm/tools/konsis_arguments.h"
#include "vm/tools/terminal.h"

namespace {

constexpr base::ToolInfo kInfo{"konsis", "checks a run of a kernel: CVM machine, concrete kernel and VAMP, step by step",
                               "  konsis kernel.elf --disk disk.img\n"
                               "  konsis --html=report.html kernel.elf --disk disk.img < input"};

int statusOf(const konsis::Outcome& outcome) {
  switch (outcome.run.verdict) {
    case consis::Verdict::Consistent: return outcome.booted ? base::kExitOk : base::kExitFault;
    case consis::Verdict::Inconsistent: return base::kExitErrors;
    case consis::Verdict::NoSemantics: return base::kExitFault;
    case consis::Verdict::Limit: return base::kExitLimit;
  }
  return base::kExitInternal;
}

void print(const konsis::Subject& subject, const konsis::Outcome& outcome, const konsis::Arguments& arguments, double seconds) {
  llvm::raw_ostream& out = arguments.output ? llvm::errs() : llvm::outs();
  if (outcome.run.failure) consis::printFailure(llvm::errs(), subject.image, *outcome.run.failure, arguments.kernel, base::useColor());
  if (outcome.run.fault) llvm::errs() << consis::faultLine(subject.image, *outcome.run.fault);
  if (!arguments.quiet) out << konsis::summary(outcome);
  if (arguments.stats) out << konsis::statistics(outcome, seconds) << consis::statistics(outcome.run.counters);
}

// All reports or none. They hold what consis's hold.
base::Status writeReports(const konsis::Subject& subject, const konsis::Outcome& outcome, const konsis::Arguments& arguments) {
  const consis::RunRecord record{.inputs = {arguments.kernel}, .disk = arguments.disk, .options = arguments.options,
                                 .input = outcome.run.input};
  std::vector<std::pair<std::string, std::string>> reports;
  if (!arguments.json.empty())
    reports.emplace_back(arguments.json, consis::jsonReport(subject.image, outcome.run, record, konsis::named(outcome.counters)));
  if (!arguments.html.empty()) reports.emplace_back(arguments.html, consis::htmlReport(subject.image, outcome.run, record, *outcome.history));
  for (size_t i = 0; i < reports.size(); ++i) {
    const auto& [path, text] = reports[i];
    if (path == "-") {
      (arguments.output ? llvm::errs() : llvm::outs()) << text;
      continue;
    }
    auto status = base::writeFile(path, text.data(), text.size());
    if (status) continue;
    while (i-- > 0) base::discardFile(reports[i].first);
    return status;
  }
  return base::Ok{};
}

// The serial line: output passed on or dropped, input from standard input or none.
class Serial : public devices::Console {
 public:
  Serial(vamp::Terminal& terminal, bool output, bool input) : line_(terminal), output_(output), input_(input) {}
  void put(uint8_t byte) override {
    if (output_) line_.put(byte);
  }
  int get() override { return line_.get(); }
  bool available() override { return input_ && line_.available(); }

 private:
  vamp::SerialTerminal line_;
  bool output_, input_;
};

int run(konsis::Arguments& arguments) {
  std::vector<uint8_t> files[3];
  const std::string* const names[] = {&arguments.kernel, &arguments.disk, &arguments.secondDisk};
  for (int i = 0; i < 3; ++i) {
    if (names[i]->empty()) continue;
    auto bytes = base::readFile(*names[i]);
    if (!bytes) return base::fail(bytes.error(), *names[i]);
    files[i] = std::move(*bytes);
  }
  auto loaded = konsis::Loaded::load(files[0], std::move(files[1]), std::move(files[2]));
  if (!loaded) return base::fail(loaded.error(), loaded.error().id == "bad-image" ? arguments.disk : arguments.kernel);
  const konsis::Subject subject = (*loaded)->subject();

  vamp::Terminal terminal;
  Serial serial(terminal, arguments.output, arguments.serial);
  arguments.options.input = [&] { return terminal.get(); };
  if (arguments.output)
    arguments.options.output = [&](std::string_view bytes) {
      for (char byte : bytes) terminal.put(uint8_t(byte));
    };
  const auto begin = std::chrono::steady_clock::now();
  const konsis::Outcome outcome = konsis::run(subject, arguments.options, arguments.check, serial, !arguments.html.empty());
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
  if (!terminal.flush()) return base::fail({"cannot write", "cannot-write", "standard output"});
  if (arguments.json != "-" && arguments.html != "-") print(subject, outcome, arguments, seconds.count());
  if (auto written = writeReports(subject, outcome, arguments); !written) return base::fail(written.error());
  llvm::outs().flush();
  return statusOf(outcome);
}

}  // namespace

int main(int argc, char** argv) {
  if (!base::parseOptions(argc, argv, kInfo)) return base::kExitUsage;
  auto arguments = konsis::readArguments();
  if (!arguments) return base::fail(arguments.error(), {}, base::kExitUsage);
  try {
    return run(*arguments);
  } catch (const std::bad_alloc&) {
    return base::fail({"out of memory", "out-of-memory", ""}, {}, base::kExitErrors);
  }
}
