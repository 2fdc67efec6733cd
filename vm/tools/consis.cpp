// consis: a program on the abstract C0 machine and on VAMP, compared at every C0 step (docs/consis.md).
#include <malloc.h>

#include <cstdio>
#include <new>
#include <stdexcept>

#include "assembler/base/tool.h"
#include "llvm/Support/raw_ostream.h"
#include "vm/consis/html_report.h"
#include "vm/consis/report.h"
#include "vm/tools/consis_arguments.h"
#include "vm/tools/consis_compile.h"
#include "vm/tools/consis_replay.h"
#include "vm/tools/consis_shards.h"

namespace {

using consis::Arguments;

constexpr base::ToolInfo kInfo{"consis", "checks a run: the abstract C0 machine against VAMP, step by step",
                               "  consis prog.c0\n"
                               "  consis --html=report.html prog.elf < input"};

void printText(const consis::Image& image, const consis::Outcome& outcome, const Arguments& arguments) {
  llvm::raw_ostream& out = arguments.output ? llvm::errs() : llvm::outs();
  const std::string& program = arguments.record.inputs[0];
  if (outcome.failure) consis::printFailure(llvm::errs(), image, *outcome.failure, program, base::useColor());
  if (outcome.fault) llvm::errs() << consis::faultLine(image, *outcome.fault);
  if (!arguments.quiet) out << consis::summary(outcome);
  if (arguments.stats) out << consis::statistics(outcome.counters);
}

// All reports or none.
base::Status writeReports(const consis::Image& image, const consis::Outcome& outcome, const Arguments& arguments) {
  const consis::RunRecord& record = arguments.record;
  std::vector<std::pair<std::string, std::string>> reports;
  if (!arguments.json.empty()) reports.emplace_back(arguments.json, consis::jsonReport(image, outcome, record));
  if (!arguments.sarif.empty())
    reports.emplace_back(arguments.sarif, consis::sarifReport(image, outcome, record.inputs[0]));
  if (!arguments.html.empty())
    reports.emplace_back(arguments.html,
                         consis::htmlReport(image, outcome, record, consis::lastSteps(image, record.options, outcome)));
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

int statusOf(consis::Verdict verdict) {
  switch (verdict) {
    case consis::Verdict::Consistent: return base::kExitOk;
    case consis::Verdict::Inconsistent: return base::kExitErrors;
    case consis::Verdict::NoSemantics: return base::kExitFault;
    case consis::Verdict::Limit: return base::kExitLimit;
  }
  return base::kExitInternal;
}

int report(const consis::Image& image, const consis::Outcome& outcome, const Arguments& arguments) {
  const bool data = arguments.json == "-" || arguments.html == "-" || arguments.sarif == "-";
  if (!data) printText(image, outcome, arguments);
  if (auto written = writeReports(image, outcome, arguments); !written) return base::fail(written.error());
  llvm::outs().flush();
  return statusOf(outcome.verdict);
}

int check(Arguments& arguments) {
  consis::RunRecord& record = arguments.record;
  int status = base::kExitErrors;
  auto elf = consis::readProgram(record, status);
  if (!elf) return status;
  auto image = consis::Image::load(*elf);
  if (!image) return base::fail(image.error(), record.inputs[0]);
  consis::Options options = record.options;
  options.input = [ended = false]() mutable {  // what has ended has no more, also at a terminal
    int byte = ended ? -1 : std::getchar();
    ended = byte < 0;
    return byte;
  };
  if (arguments.output)
    options.output = [](std::string_view bytes) { llvm::outs() << llvm::StringRef(bytes.data(), bytes.size()); };
  auto outcome = consis::run(*image, options);
  record.input = outcome.input, record.hash = consis::hashOf(*elf);
  if (!record.disk.empty()) record.diskHash = consis::hashOf(options.disk);
  return report(*image, outcome, arguments);
}

int merge(Arguments& arguments) {
  int status = base::kExitErrors;
  const auto merged = consis::mergeFiles(arguments, status);
  return merged ? report(merged->image, merged->outcome, arguments) : status;
}

}  // namespace

int main(int argc, char** argv) {
  if (!base::parseOptions(argc, argv, kInfo)) return base::kExitUsage;
  auto arguments = consis::readArguments();
  if (!arguments) return base::fail(arguments.error(), {}, base::kExitUsage);
  // Segments of mode parallel come and go; the next ones take their memory.
  mallopt(M_MMAP_THRESHOLD, 32 << 20), mallopt(M_TRIM_THRESHOLD, 1 << 30);
  try {
    if (!arguments->replay.empty()) return consis::replayReport(*arguments);
    if (arguments->shard) return consis::writeShard(*arguments);
    return arguments->merge ? merge(*arguments) : check(*arguments);
  } catch (const std::bad_alloc&) {
    return base::fail({"out of memory", "out-of-memory", ""}, {}, base::kExitErrors);
  } catch (const std::logic_error& bug) {
    return base::fail({bug.what(), "internal-error", ""}, {}, base::kExitInternal);
  }
}
