// consis: a program on the abstract C0 machine and on VAMP, compared at every C0 step (docs/consis.md).
#include <cstdio>
#include <new>
#include <optional>

#include "assembler/base/tool.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"
#include "vm/consis/report.h"
#include "vm/tools/consis_compile.h"

namespace {

namespace cl = llvm::cl;
using base::Error;

// LLVM has a --stats of its own, which ours replaces: this must be initialised before ours is.
[[maybe_unused]] const bool kForeignDropped = [] {
  auto& options = cl::getRegisteredOptions();
  if (auto found = options.find("stats"); found != options.end()) found->second->removeArgument();
  return true;
}();

cl::list<std::string> inputs(cl::Positional, cl::desc("PROGRAM.elf | SOURCE.c0.."));
cl::opt<unsigned long long> maxSteps("max-steps", cl::desc("stop after so many C0 steps, with status 3"),
                                     cl::value_desc("N"), cl::init(UINT64_MAX));
cl::opt<unsigned long long> limit("limit", cl::desc("instructions that one C0 step may take (default 1000000)"),
                                  cl::value_desc("N"), cl::init(consis::Options().limit));
cl::opt<bool> checked("checked", cl::desc("the image was compiled with all run-time checks: a fault that VAMP does not "
                                          "report is an inconsistency (implied for sources)"));
cl::opt<consis::Mode> mode("mode", cl::desc("what is compared at every step; the verdict is the same"),
                           cl::init(consis::Mode::Incremental),
                           cl::values(clEnumValN(consis::Mode::Full, "full", "everything, as the paper defines it"),
                                      clEnumValN(consis::Mode::Incremental, "incremental",
                                                 "what either machine wrote, what came to life (default)")));
cl::opt<bool> json("json", cl::desc("print the outcome as JSON"));
cl::opt<bool> stats("stats", cl::desc("print all counters"));
cl::opt<bool> showOutput("output", cl::desc("pass the program's output on; summary and JSON then go to standard error"));
cl::opt<bool> quiet("q", cl::desc("no summary"));
cl::opt<std::string> disk("disk", cl::desc("image file of disk 0, which stays as it is"), cl::value_desc("FILE"));
cl::list<std::string> corruptions("corrupt",
                                  cl::desc("change the VAMP's state at a C0 step: STEP:reg=N,value=V; "
                                           "STEP:mem=ADDRESS,value=V; STEP:byte=..; STEP:dpc=V; STEP:pc=V"),
                                  cl::value_desc("WHAT"));

// For sources; c0c has them too.
cl::opt<sema::Standard> standard("std", cl::desc("the language of sources"), cl::init(driver::kDefaultStandard),
                                 cl::values(clEnumValN(sema::Standard::C0, "c0", "the language of the paper"),
                                            clEnumValN(sema::Standard::C0X, "c0x", "as C programmers expect it"),
                                            clEnumValN(sema::Standard::Core, "core", "the core language")));
cl::opt<bool> noCheck("fno-check", cl::desc("compile sources without run-time checks"));
cl::list<std::string> includes("I", cl::desc("search this folder for included files"), cl::Prefix,
                               cl::value_desc("folder"));
cl::list<std::string> defines("D", cl::desc("define a macro"), cl::Prefix, cl::value_desc("name[=value]"));
cl::opt<std::string> heap("heap", cl::desc("bytes of heap, for sources (default 16M)"), cl::value_desc("size"));
cl::opt<std::string> stack("stack", cl::desc("bytes of stack, for sources (default 4M)"), cl::value_desc("size"));

constexpr base::ToolInfo kInfo{"consis", "checks a run: the abstract C0 machine against VAMP, step by step",
                               "  consis prog.c0\n"
                               "  consis --json prog.elf < input"};

bool isElf(const std::vector<uint8_t>& bytes) {
  return bytes.size() >= 4 && bytes[0] == 0x7F && bytes[1] == 'E' && bytes[2] == 'L' && bytes[3] == 'F';
}

void print(const consis::Image& image, const consis::Outcome& outcome, const std::string& program) {
  llvm::raw_ostream& out = showOutput ? llvm::errs() : llvm::outs();
  if (json) return consis::printJson(out, image, outcome, program);
  if (outcome.failure) consis::printFailure(llvm::errs(), image, *outcome.failure, program, base::useColor());
  if (outcome.fault) llvm::errs() << consis::faultLine(image, *outcome.fault);
  if (!quiet) out << consis::summary(outcome);
  if (stats) out << consis::statistics(outcome.counters);
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

int check(const std::vector<uint8_t>& elf, const std::string& program, consis::Options options) {
  auto image = consis::Image::load(elf);
  if (!image) return base::fail(image.error(), program);
  options.input = [] { return std::getchar(); };
  if (showOutput)
    options.output = [](std::string_view bytes) { llvm::outs() << llvm::StringRef(bytes.data(), bytes.size()); };
  auto outcome = consis::run(*image, options);
  print(*image, outcome, program);
  llvm::outs().flush();
  return statusOf(outcome.verdict);
}

bool setSize(const cl::opt<std::string>& option, uint32_t& to) {
  if (option.getNumOccurrences() == 0) return true;
  auto size = driver::parseSize(option);
  if (size && *size <= UINT32_MAX) return to = uint32_t(*size), true;
  base::fail(
      {"'" + option + "' is not a size (bytes, or with k, M, G; at most 2G)", "usage", "--" + option.ArgStr.str()});
  return false;
}

int checkSources(consis::Options options, driver::Options compiler) {
  compiler.inputs = {inputs.begin(), inputs.end()};
  compiler.standard = standard;
  if (noCheck) compiler.code.checks = {false, false, false, false};
  for (const std::string& folder : includes) compiler.preprocessor.push_back("-I" + folder);
  for (const std::string& macro : defines) compiler.preprocessor.push_back("-D" + macro);
  base::SourceManager sources;
  base::Diagnostics diagnostics(sources);
  auto image = consis::compile(compiler, diagnostics);
  if (int status = base::finish(diagnostics); status != base::kExitOk) return status;
  if (!noCheck) options.checked = true;
  return image ? check(*image, inputs[0], std::move(options)) : base::kExitErrors;
}

int run() {
  consis::Options options;
  options.mode = mode, options.maxSteps = maxSteps, options.limit = limit, options.checked = checked;
  for (const auto& text : corruptions) {
    auto corruption = consis::parseCorruption(text);
    if (!corruption) return base::fail(corruption.error(), {}, base::kExitUsage);
    options.corruptions.push_back(*corruption);
  }
  if (!disk.empty()) {
    auto contents = base::readFile(disk);
    if (!contents) return base::fail(contents.error(), disk);
    options.disk = std::move(*contents);
  }
  driver::Options compiler;
  if (!setSize(heap, compiler.link.heapSize) || !setSize(stack, compiler.link.stackSize)) return base::kExitUsage;
  if (inputs.empty())
    return base::fail({"nothing to check: name an image or C0 sources", "usage", ""}, {}, base::kExitUsage);
  if (inputs.size() == 1) {
    auto bytes = base::readFile(inputs[0]);
    if (!bytes) return base::fail(bytes.error(), inputs[0]);
    if (isElf(*bytes) && !inputs[0].ends_with(".o")) return check(*bytes, inputs[0], std::move(options));
    if (inputs[0] == "-")
      return base::fail({"a source cannot come from here: it is the program's input", "usage", ""}, "standard input",
                        base::kExitUsage);
  }
  return checkSources(std::move(options), std::move(compiler));
}

}  // namespace

int main(int argc, char** argv) {
  if (!base::parseOptions(argc, argv, kInfo)) return base::kExitUsage;
  try {
    return run();
  } catch (const std::bad_alloc&) {
    return base::fail({"out of memory", "out-of-memory", ""}, {}, base::kExitErrors);
  }
}
