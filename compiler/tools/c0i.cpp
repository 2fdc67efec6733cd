// c0i: runs a program on the abstract machine (docs/abstract-machine.md). Returns the program's exit status.
#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <new>

#include "assembler/base/tool.h"
#include "assembler/object/map.h"
#include "compiler/debug/picture.h"
#include "compiler/debug/values.h"
#include "compiler/interp/interp.h"
#include "compiler/tools/c0i_interactive.h"
#include "compiler/tools/c0i_load.h"
#include "llvm/Support/CommandLine.h"

namespace {

namespace cl = llvm::cl;
using base::Error;
using interp::Machine;
using interp::Stop;

// LLVM has a --stats of its own, which ours replaces: this must be initialised before ours is.
[[maybe_unused]] const bool kForeignDropped = [] {
  auto& options = cl::getRegisteredOptions();
  if (auto found = options.find("stats"); found != options.end()) found->second->removeArgument();
  return true;
}();

cl::list<std::string> inputNames(cl::Positional, cl::desc("<sources, objects, archives or an image>"), cl::OneOrMore);
cl::opt<std::string> heap("heap", cl::desc("bytes of heap (default 16M)"), cl::value_desc("size"));
cl::opt<std::string> stack("stack", cl::desc("bytes of stack (default 4M)"), cl::value_desc("size"));
cl::opt<unsigned long long> maxSteps("max-steps", cl::desc("stop after so many steps, with status 124"),
                                     cl::value_desc("n"), cl::init(UINT64_MAX));
cl::opt<std::string> traceFile("trace", cl::desc("a line for each step, to a file or to standard error"),
                               cl::value_desc("file"), cl::ValueOptional);
cl::opt<std::string> dump("dump", cl::desc("print the last configuration: text (default) or json"),
                          cl::value_desc("format"), cl::ValueOptional);
cl::opt<std::string> dot("dot", cl::desc("write the last configuration as a Graphviz graph, to a file or to standard output"),
                         cl::value_desc("file"), cl::ValueOptional);
cl::opt<bool> interactive("interactive", cl::desc("read commands: step, break, print, back, .. (help lists them)"));
cl::alias interactiveAlias("i", cl::desc("the same"), cl::aliasopt(interactive));
cl::opt<std::string> commandFile("command", cl::desc("run the commands of a file (with -i, before others)"), cl::value_desc("file"));
cl::alias commandFileAlias("x", cl::desc("the same"), cl::aliasopt(commandFile));
cl::list<unsigned long long> dumpAt("dump-at", cl::desc("print the configuration after so many steps"),
                                    cl::value_desc("step"));
cl::opt<bool> printStatistics("stats", cl::desc("print counts and speed on standard error"));
cl::opt<bool> assembly("fasm", cl::desc("allow asm in every source (else in *.c0a)"));
cl::opt<sema::Standard> standard("std", cl::desc("the language of sources"), cl::init(driver::kDefaultStandard),
                                 cl::values(clEnumValN(sema::Standard::C0, "c0", "the language of the paper"),
                                            clEnumValN(sema::Standard::C0X, "c0x", "as C programmers expect it"),
                                            clEnumValN(sema::Standard::Core, "core", "the core language")));
cl::list<std::string> includes("I", cl::desc("search this folder for included files"), cl::Prefix,
                               cl::value_desc("folder"));
cl::list<std::string> defines("D", cl::desc("define a macro"), cl::Prefix, cl::value_desc("name[=value]"));
cl::opt<bool> noLibrary("nostdlib", cl::desc("do not link the library"));

constexpr base::ToolInfo kInfo{"c0i", "runs a C0 program on the abstract machine",
                               "  c0i prog.c0\n"
                               "  c0i --trace --max-steps 100 --dump=json prog.c0",
                               base::kExitGuestTool};

int refuse(const Error& error) { return base::fail(error, {}, base::kExitGuestTool); }

// put_char, get_char and exit on the standard streams.
class Streams : public interp::Primitives {
 public:
  Outcome call(core::Primitive primitive, std::span<const interp::Value> arguments) override {
    switch (primitive) {
      case core::Primitive::PutChar: std::putchar(uint8_t(arguments[0].bits)); return {0, false};
      case core::Primitive::GetChar:
        std::fflush(stdout);
        return {uint32_t(std::getchar()), false};
      case core::Primitive::Exit: return {arguments[0].bits, true};
      default: return {};  // the machine knows
    }
  }
};

base::Status setSize(const cl::opt<std::string>& option, uint32_t& size) {
  if (option.getNumOccurrences() == 0) return base::Ok{};
  const std::optional<uint64_t> value = driver::parseSize(option);
  if (!value)
    return Error{"'" + option + "' is not a size (bytes, or with k, M, G; at most 2G)", "bad-option",
                 "--" + option.ArgStr.str()};
  size = uint32_t(*value);
  return base::Ok{};
}

void printDump(const Machine& machine) {
  const std::string text = dump == "json" ? machine.dumpJson() : machine.dumpText();
  std::fwrite(text.data(), 1, text.size(), stdout);
}

// The last configuration, as asked for; 0, or the status of a failure.
int printLast(const Machine& machine) {
  if (dump.getNumOccurrences()) printDump(machine);
  if (dot.getNumOccurrences()) {
    const std::string graph = debug::dotGraph(machine);
    if (dot.empty()) std::fwrite(graph.data(), 1, graph.size(), stdout);
    else if (base::Status status = base::writeFile(dot, graph.data(), graph.size()); !status) return refuse(status.error());
  }
  if (std::fflush(stdout) == 0 && !std::ferror(stdout)) return 0;
  return refuse({"cannot write", "cannot-write", "standard output"});
}

int interact(core::Program& program, interp::Limits limits) {
  c0i::Interactive session(program, limits, maxSteps);
  if (!commandFile.empty())
    if (base::Status status = session.runFile(commandFile); !status) return refuse(status.error());
  if (interactive) session.runInput();
  if (int problem = printLast(session.machine())) return problem;
  return session.status();
}

class Runner {
 public:
  Runner(const core::Program& program, interp::Limits limits, FILE* trace)
      : program_(program), machine_(program, streams_, limits), trace_(trace) {}

  int run() {
    const auto begin = std::chrono::steady_clock::now();
    const Stop stop = trace_ || !dumpAt.empty() || printStatistics ? watch() : plain();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    if (int problem = printLast(machine_)) return problem;
    if (trace_ && (std::fflush(trace_) != 0 || std::ferror(trace_)))
      return refuse({"cannot write the trace", "cannot-write", traceFile});
    if (printStatistics) statistics(seconds.count());
    switch (stop) {
      case Stop::Ended: return int(machine_.exitStatus() & 0xFF);
      case Stop::Faulted: return std::fputs(debug::faultLines(machine_).c_str(), stderr), base::kExitGuestFault;
      case Stop::Running: break;
    }
    const core::Stmt* head = machine_.head();
    std::fprintf(stderr, "c0i: limit of %llu steps reached%s%s\n", (unsigned long long)maxSteps, head ? " at " : "",
                 head ? debug::place(program_, machine_.headFunction(), head->position).c_str() : "");
    return base::kExitGuestLimit;
  }

 private:
  Stop plain() {
    Stop stop = Stop::Running;
    for (uint64_t left = maxSteps; left && stop == Stop::Running; left--) stop = machine_.step();
    return stop;
  }

  Stop watch() {
    Stop stop = Stop::Running;
    while (stop == Stop::Running) {
      if (std::find(dumpAt.begin(), dumpAt.end(), machine_.steps()) != dumpAt.end()) printDump();
      if (machine_.steps() == maxSteps) break;
      const core::Stmt* head = machine_.head();
      const uint32_t function = machine_.headFunction();
      maxDepth_ = std::max(maxDepth_, machine_.rd());
      stop = machine_.step();
      if (stop != Stop::Faulted) rules_[size_t(machine_.lastRule())]++;
      if (trace_) std::fputs(debug::traceLine(machine_, head, function, stop).c_str(), trace_);
    }
    if (stop == Stop::Ended && std::find(dumpAt.begin(), dumpAt.end(), machine_.steps()) != dumpAt.end()) printDump();
    return stop;
  }

  void printDump() const { ::printDump(machine_); }

  void statistics(double seconds) {
    const unsigned long long steps = machine_.steps();
    std::fprintf(stderr, "steps %llu\n", steps);
    for (size_t rule = 0; rule < rules_.size(); rule++)
      if (rules_[rule])
        std::fprintf(stderr, "%s %llu\n", std::string(interp::ruleName(interp::Rule(rule))).c_str(),
                     (unsigned long long)rules_[rule]);
    std::fprintf(stderr, "depth %u\nheap %u bytes in %u variables\nseconds %.3f\n", maxDepth_, machine_.heapUsed(),
                 machine_.heap().variableCount, seconds);
    if (seconds > 0) std::fprintf(stderr, "steps-per-second %.0f\n", double(steps) / seconds);
  }

  const core::Program& program_;
  Streams streams_;
  Machine machine_;
  FILE* trace_;
  std::array<uint64_t, size_t(interp::Rule::Fault) + 1> rules_{};
  uint32_t maxDepth_ = 0;
};

int run() {
  interp::Limits limits{object::kDefaultHeapSize, object::kDefaultStackSize};
  if (base::Status status = setSize(heap, limits.heap); !status) return refuse(status.error());
  if (base::Status status = setSize(stack, limits.stack); !status) return refuse(status.error());
  if (!dump.empty() && dump != "text" && dump != "json")
    return refuse({"the formats are text and json", "bad-option", "--dump=" + dump});

  c0i::LoadOptions options;
  options.inputs = {inputNames.begin(), inputNames.end()};
  options.standard = standard;
  for (const std::string& folder : includes) options.preprocessor.push_back("-I" + folder);
  for (const std::string& macro : defines) options.preprocessor.push_back("-D" + macro);
  options.assembly = assembly;
  options.library = !noLibrary;
  if (options.library) options.libraryFolder = driver::runtimeFolder("");
  base::SourceManager sources;
  base::Diagnostics diagnostics(sources);
  std::optional<core::Program> program = c0i::load(options, diagnostics);
  base::finish(diagnostics);
  if (!program) return base::kExitGuestTool;

  if (interactive || !commandFile.empty()) return interact(*program, limits);
  std::unique_ptr<FILE, int (*)(FILE*)> file(nullptr, std::fclose);
  FILE* trace = traceFile.getNumOccurrences() ? stderr : nullptr;
  if (!traceFile.empty()) {
    file.reset(std::fopen(traceFile.c_str(), "w"));
    trace = file.get();
    if (!trace) return refuse({"cannot create the trace", "cannot-write", traceFile});
  }
  return Runner(*program, limits, trace).run();
}

}  // namespace

int main(int argc, char** argv) {
  if (!base::parseOptions(argc, argv, kInfo)) return base::kExitGuestTool;
  try {
    return run();
  } catch (const std::bad_alloc&) {
    return refuse({"there is not enough memory", "out-of-memory", ""});
  }
}
