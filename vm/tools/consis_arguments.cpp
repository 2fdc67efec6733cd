#include "vm/tools/consis_arguments.h"

#include "llvm/Support/CommandLine.h"

namespace consis {
namespace {

namespace cl = llvm::cl;

// LLVM has a --stats of its own, which ours replaces: this must be initialised before ours is.
[[maybe_unused]] const bool kForeignDropped = [] {
  auto& options = cl::getRegisteredOptions();
  if (auto found = options.find("stats"); found != options.end()) found->second->removeArgument();
  return true;
}();

cl::list<std::string> inputFiles(cl::Positional, cl::desc("PROGRAM.elf | SOURCE.c0.."));
cl::opt<unsigned long long> maxSteps("max-steps", cl::desc("stop after so many C0 steps, with status 3"),
                                     cl::value_desc("N"), cl::init(UINT64_MAX));
cl::opt<unsigned long long> limit("limit", cl::desc("instructions that one C0 step may take (default 1000000)"),
                                  cl::value_desc("N"), cl::init(Options().limit));
cl::opt<bool> checked("checked", cl::desc("the image was compiled with all run-time checks: a fault that VAMP does not "
                                          "report is an inconsistency (implied for sources)"));
cl::opt<Mode> mode("mode", cl::desc("what is compared at every step; the verdict is the same"),
                   cl::init(Mode::Incremental),
                   cl::values(clEnumValN(Mode::Full, "full", "everything, as the paper defines it"),
                              clEnumValN(Mode::Incremental, "incremental",
                                         "what either machine wrote, what came to life (default)")));
cl::opt<bool> json("json", cl::desc("print the outcome as JSON"));
cl::opt<bool> stats("stats", cl::desc("print all counters"));
cl::opt<bool> showOutput("output",
                         cl::desc("pass the program's output on; summary and JSON then go to standard error"));
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

base::Status setSize(const cl::opt<std::string>& option, uint32_t& to) {
  if (option.getNumOccurrences() == 0) return base::Ok{};
  auto size = driver::parseSize(option);
  if (size && *size <= UINT32_MAX) return to = uint32_t(*size), base::Ok{};
  return base::Error{"'" + option + "' is not a size (bytes, or with k, M, G; at most 2G)", "usage",
                     "--" + option.ArgStr.str()};
}

base::Status readCompiler(driver::Options& compiler, const std::vector<std::string>& sources) {
  compiler.inputs = sources;
  compiler.standard = standard;
  if (noCheck) compiler.code.checks = {false, false, false, false};
  for (const std::string& folder : includes) compiler.preprocessor.push_back("-I" + folder);
  for (const std::string& macro : defines) compiler.preprocessor.push_back("-D" + macro);
  if (auto status = setSize(heap, compiler.link.heapSize); !status) return status;
  return setSize(stack, compiler.link.stackSize);
}

}  // namespace

base::Result<Arguments> readArguments() {
  Arguments arguments;
  arguments.inputs = {inputFiles.begin(), inputFiles.end()};
  Options& options = arguments.options;
  options.mode = mode, options.maxSteps = maxSteps, options.limit = limit, options.checked = checked;
  for (const auto& text : corruptions) {
    auto corruption = parseCorruption(text);
    if (!corruption) return corruption.error();
    options.corruptions.push_back(*corruption);
  }
  if (auto status = readCompiler(arguments.compiler, arguments.inputs); !status) return status.error();
  arguments.checks = !noCheck, arguments.disk = disk;
  arguments.json = json, arguments.stats = stats, arguments.output = showOutput, arguments.quiet = quiet;
  if (arguments.inputs.empty()) return base::Error{"nothing to check: name an image or C0 sources", "usage", ""};
  return arguments;
}

}  // namespace consis
