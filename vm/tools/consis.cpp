// consis: a program on the abstract C0 machine and on VAMP, compared at every C0 step (docs/consis.md).
#include <cstdio>
#include <new>

#include "assembler/base/tool.h"
#include "llvm/Support/raw_ostream.h"
#include "vm/consis/report.h"
#include "vm/tools/consis_arguments.h"
#include "vm/tools/consis_compile.h"

namespace {

using consis::Arguments;

constexpr base::ToolInfo kInfo{"consis", "checks a run: the abstract C0 machine against VAMP, step by step",
                               "  consis prog.c0\n"
                               "  consis --json prog.elf < input"};

bool isElf(const std::vector<uint8_t>& bytes) {
  return bytes.size() >= 4 && bytes[0] == 0x7F && bytes[1] == 'E' && bytes[2] == 'L' && bytes[3] == 'F';
}

void print(const consis::Image& image, const consis::Outcome& outcome, const Arguments& arguments) {
  llvm::raw_ostream& out = arguments.output ? llvm::errs() : llvm::outs();
  const std::string& program = arguments.inputs[0];
  if (arguments.json) return consis::printJson(out, image, outcome, program);
  if (outcome.failure) consis::printFailure(llvm::errs(), image, *outcome.failure, program, base::useColor());
  if (outcome.fault) llvm::errs() << consis::faultLine(image, *outcome.fault);
  if (!arguments.quiet) out << consis::summary(outcome);
  if (arguments.stats) out << consis::statistics(outcome.counters);
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

int check(const std::vector<uint8_t>& elf, Arguments& arguments) {
  auto image = consis::Image::load(elf);
  if (!image) return base::fail(image.error(), arguments.inputs[0]);
  arguments.options.input = [] { return std::getchar(); };
  if (arguments.output)
    arguments.options.output = [](std::string_view bytes) {
      llvm::outs() << llvm::StringRef(bytes.data(), bytes.size());
    };
  auto outcome = consis::run(*image, arguments.options);
  print(*image, outcome, arguments);
  llvm::outs().flush();
  return statusOf(outcome.verdict);
}

int checkSources(Arguments& arguments) {
  base::SourceManager sources;
  base::Diagnostics diagnostics(sources);
  auto image = consis::compile(arguments.compiler, diagnostics);
  if (int status = base::finish(diagnostics); status != base::kExitOk) return status;
  arguments.options.checked |= arguments.checks;
  return image ? check(*image, arguments) : base::kExitErrors;
}

int run(Arguments& arguments) {
  const auto& inputs = arguments.inputs;
  if (!arguments.disk.empty()) {
    auto contents = base::readFile(arguments.disk);
    if (!contents) return base::fail(contents.error(), arguments.disk);
    arguments.options.disk = std::move(*contents);
  }
  if (inputs.size() == 1) {
    auto bytes = base::readFile(inputs[0]);
    if (!bytes) return base::fail(bytes.error(), inputs[0]);
    if (isElf(*bytes) && !inputs[0].ends_with(".o")) return check(*bytes, arguments);
    if (inputs[0] == "-")
      return base::fail({"a source cannot come from here: it is the program's input", "usage", ""}, "standard input",
                        base::kExitUsage);
  }
  return checkSources(arguments);
}

}  // namespace

int main(int argc, char** argv) {
  if (!base::parseOptions(argc, argv, kInfo)) return base::kExitUsage;
  auto arguments = consis::readArguments();
  if (!arguments) return base::fail(arguments.error(), {}, base::kExitUsage);
  try {
    return run(*arguments);
  } catch (const std::bad_alloc&) {
    return base::fail({"out of memory", "out-of-memory", ""}, {}, base::kExitErrors);
  }
}
