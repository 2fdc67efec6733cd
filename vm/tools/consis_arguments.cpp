#include "vm/tools/consis_arguments.h"

#include "llvm/Support/CommandLine.h"
#include "vm/consis/shard.h"

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
cl::opt<Mode> mode(
    "mode", cl::desc("what is compared at every step; the verdict is the same"), cl::init(Mode::Incremental),
    cl::values(clEnumValN(Mode::Full, "full", "everything, as the paper defines it"),
               clEnumValN(Mode::Incremental, "incremental", "what either machine wrote, what came to life (default)"),
               clEnumValN(Mode::Parallel, "parallel", "the same, in parts of the run at the same time")));
cl::opt<unsigned> jobs("jobs",
                       cl::desc("mode parallel: how many segments at the same time (default: the host's processors)"),
                       cl::value_desc("N"), cl::init(0));
cl::opt<unsigned long long> segment("segment",
                                    cl::desc("mode parallel: instructions of a segment (default: 2000000, and 4 "
                                             "for each byte of globals and heap in use)"),
                                    cl::value_desc("N"), cl::init(0));
cl::opt<std::string> json("json", cl::desc("the outcome as JSON, on standard output or to a file"),
                          cl::value_desc("FILE"), cl::ValueOptional);
cl::opt<std::string> html("html", cl::desc("a page with the outcome and the last steps, both states of each"),
                          cl::value_desc("FILE"));
cl::opt<std::string> sarif("sarif", cl::desc("the outcome as SARIF 2.1.0"), cl::value_desc("FILE"));
cl::opt<std::string> replayOf("replay", cl::desc("run again what a JSON report is about, and show both states"),
                            cl::value_desc("REPORT"));
cl::opt<unsigned long long> step("step", cl::desc("with --replay: at this C0 step (default: the report's)"),
                                 cl::value_desc("N"));
cl::opt<std::string> shard("shard", cl::desc("check every N-th segment, from number I on, and write what is found (JSON, or --json=FILE)"),
                           cl::value_desc("I/N"));
cl::opt<bool> merge("merge", cl::desc("the files are all shards of a run: put it together"));
cl::opt<unsigned long long> until("until", cl::desc("with --shard: leave what comes after so many instructions to --merge"),
                                  cl::value_desc("N"), cl::init(UINT64_MAX));
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

std::string standardName() {
  switch (standard) {
    case sema::Standard::C0: return "c0";
    case sema::Standard::C0X: return "c0x";
    case sema::Standard::Core: return "core";
  }
  return {};
}

base::Status setSize(const char* option, const std::string& text, uint32_t& to) {
  if (text.empty()) return base::Ok{};
  auto size = driver::parseSize(text);
  if (size && *size <= UINT32_MAX) return to = uint32_t(*size), base::Ok{};
  return base::Error{"'" + text + "' is not a size (bytes, or with k, M, G; at most 2G)", "usage", option};
}

using OptionList = std::initializer_list<std::reference_wrapper<const cl::Option>>;

base::Status without(OptionList others, const char* why, const char* beside) {
  for (const cl::Option& option : others)
    if (option.getNumOccurrences())
      return base::Error{std::string(why) + ": there is no --" + option.ArgStr.str() + " beside it", "usage", beside};
  return base::Ok{};
}

// What says how a run is to be made cannot be said to one that was made; what is said of a verdict not to one without.
base::Status checkTogether() {
  const OptionList run = {maxSteps, limit,    checked,     mode,     jobs,    segment, until, shard,
                          disk,     standard, corruptions, includes, defines, noCheck, heap,  stack};
  const OptionList reports = {html, sarif, stats, showOutput};
  base::Status status = base::Ok{};
  if (!replayOf.empty()) {
    status = without(run, "the report says how to run", "--replay");
    if (status) status = without(reports, "it shows both states", "--replay");
    return status ? without({json, merge}, "it shows both states", "--replay") : status;
  }
  if (merge) return without(run, "the shards say how to run", "--merge");
  if (!shard.getNumOccurrences())
    return until.getNumOccurrences() ? base::Status(base::Error{"it needs --shard", "usage", "--until"}) : base::Ok{};
  if (mode.getNumOccurrences() && mode != Mode::Parallel)
    return base::Error{"shards are of mode parallel", "usage", "--mode"};
  return without(reports, "a shard has no verdict", "--shard");
}

base::Result<Arguments::Part> readPart(llvm::StringRef text) {
  const auto [index, count] = text.split('/');
  Arguments::Part part{};
  if (index.getAsInteger(10, part.index) || count.getAsInteger(10, part.count) || part.index < 1 ||
      part.index > part.count || part.count > kMostShards)
    return base::Error{"'" + base::printable(text.str()) + "' is no I/N with I from 1 to N", "usage", "--shard"};
  return part;
}

base::Status readRun(RunRecord& record) {
  record.inputs = {inputFiles.begin(), inputFiles.end()};
  record.options.mode = mode, record.options.maxSteps = maxSteps;
  record.options.limit = limit, record.options.checked = checked;
  record.options.jobs = jobs, record.options.segment = segment, record.options.until = until;
  record.disk = disk;
  for (const auto& text : corruptions) {
    auto corruption = parseCorruption(text);
    if (!corruption) return corruption.error();
    record.options.corruptions.push_back(*corruption);
  }
  for (const auto* size : {&heap, &stack})
    if (size->getNumOccurrences() && size->empty())
      return base::Error{"the size is missing", "usage", "--" + size->ArgStr.str()};
  record.compiled = {standardName(), {includes.begin(), includes.end()}, {defines.begin(), defines.end()}, heap, stack,
                     !noCheck};
  auto compiler = compilerOptions(record);
  return compiler ? base::Status(base::Ok{}) : compiler.error();
}

}  // namespace

base::Result<driver::Options> compilerOptions(const RunRecord& record) {
  driver::Options options;
  const RunRecord::Compiled& compiled = *record.compiled;
  options.inputs = record.inputs;
  if (compiled.standard == "c0") options.standard = sema::Standard::C0;
  else if (compiled.standard == "c0x") options.standard = sema::Standard::C0X;
  else if (compiled.standard == "core") options.standard = sema::Standard::Core;
  else return base::Error{"there is no language '" + compiled.standard + "'", "usage", "--std"};
  if (!compiled.checks) options.code.checks = {false, false, false, false};
  for (const std::string& folder : compiled.includes) options.preprocessor.push_back("-I" + folder);
  for (const std::string& macro : compiled.defines) options.preprocessor.push_back("-D" + macro);
  if (auto status = setSize("--heap", compiled.heap, options.link.heapSize); !status) return status.error();
  if (auto status = setSize("--stack", compiled.stack, options.link.stackSize); !status) return status.error();
  return options;
}

base::Result<Arguments> readArguments() {
  Arguments arguments;
  if (auto status = checkTogether(); !status) return status.error();
  if (auto status = readRun(arguments.record); !status) return status.error();
  arguments.stats = stats, arguments.output = showOutput, arguments.quiet = quiet;
  arguments.json = json;
  if (json.getNumOccurrences() && json.empty()) arguments.json = "-";
  arguments.html = html, arguments.sarif = sarif, arguments.replay = replayOf;
  if (step.getNumOccurrences()) arguments.step = step;
  if (shard.getNumOccurrences()) {
    auto part = readPart(shard);
    if (!part) return part.error();
    arguments.shard = *part;
  }
  arguments.merge = merge;
  if (arguments.step && replayOf.empty()) return base::Error{"it needs --replay", "usage", "--step"};
  if (replayOf.empty() && arguments.record.inputs.empty())
    return base::Error{merge ? "nothing to merge: name all shards of a run" : "nothing to check: name an image or C0 sources", "usage", ""};
  return arguments;
}

}  // namespace consis
