// refine: a kernel held against the seven memory models (docs/refine.md).
#include <cstdio>
#include <new>

#include "assembler/base/tool.h"
#include "assembler/link/link.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"
#include "vm/relate/refine/linking.h"
#include "vm/relate/refine/report.h"
#include "vm/relate/refine/scope.h"

namespace {

namespace cl = llvm::cl;
using base::Error;

// LLVM has a --stats of its own, which ours replaces: this must be initialised before ours is.
[[maybe_unused]] const bool kForeignDropped = [] {
  auto& options = cl::getRegisteredOptions();
  if (auto found = options.find("stats"); found != options.end()) found->second->removeArgument();
  return true;
}();

cl::list<std::string> words(cl::Positional, cl::desc("run IMAGE | scope IMAGE | link OBJECT.. ARCHIVE.."));
cl::opt<std::string> modulesFile("modules", cl::desc("the table of modules (default: modules.txt beside the image)"),
                                 cl::value_desc("FILE"));
cl::opt<unsigned long long> maxSteps("max-steps", cl::desc("stop after so many instructions, with status 3"),
                                     cl::value_desc("N"), cl::init(machine::kNever));
cl::opt<unsigned long long> fullEvery(
    "full-every", cl::desc("compare whole states after every so many calls (default 0: at the end)"),
    cl::value_desc("N"));
cl::opt<bool> json("json", cl::desc("print the outcome as JSON"));
cl::opt<bool> stats("stats", cl::desc("print all figures"));
cl::opt<bool> quiet("q", cl::desc("no summary"));
cl::opt<bool> showOutput("output", cl::desc("pass the kernel's output on; the summary then goes to standard error"));
cl::opt<std::string> dotFile("dot", cl::desc("draw the chain and the memory at the end or the failure, for Graphviz"),
                             cl::value_desc("FILE"));
cl::opt<std::string> htmlFile("html", cl::desc("write the report as one page"), cl::value_desc("FILE"));

cl::opt<unsigned> frames("frames", cl::desc("scope: at most so many frames (default 3)"), cl::value_desc("N"),
                         cl::init(3));
cl::opt<unsigned> pages("pages", cl::desc("scope: at most so many high pages (default 4)"), cl::value_desc("N"),
                        cl::init(4));
cl::opt<std::string> onlyFunction("function", cl::desc("scope: only this one"), cl::value_desc("NAME"));

cl::opt<std::string> output("o", cl::desc("link: the image"), cl::value_desc("FILE"));
cl::opt<std::string> certificateFile("certificate", cl::desc("link: what was checked, as JSON"),
                                     cl::value_desc("FILE"));
cl::opt<unsigned> memoryPages("npages", cl::desc("link: pages of physical memory (default 64)"), cl::value_desc("N"),
                              cl::init(64));
cl::opt<unsigned> stackBytes("stack", cl::desc("link: bytes of stack (default 12288)"), cl::value_desc("N"),
                             cl::init(12 << 10));

constexpr base::ToolInfo kInfo{"refine",
                               "holds a kernel against the seven memory models HW, PD, PE, ALD, ALE, PMAP, AS",
                               "  refine run babyvmm.elf --modules modules.txt\n"
                               "  refine scope --dot counterexample.dot babyvmm-small.elf"};

int usage(std::string text) { return base::fail({std::move(text), "usage", ""}, {}, base::kExitUsage); }

std::string besideImage(const std::string& image) {
  size_t slash = image.rfind('/');
  return (slash == std::string::npos ? "" : image.substr(0, slash + 1)) + "modules.txt";
}

base::Result<refine::Modules> readModules(const std::string& path) {
  auto bytes = base::readFile(path, 1 << 20);
  if (!bytes) return bytes.error();
  return refine::Modules::parse({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
}

int writeText(const std::string& path, const std::string& text) {
  if (path.empty()) return base::kExitOk;
  auto status = base::writeFile(path, text.data(), text.size());
  return status ? base::kExitOk : base::fail(status.error(), path);
}

struct Kernel {
  refine::Modules modules;
  refine::KernelImage image;
};
// Prints what is wrong with it.
std::optional<Kernel> loadKernel(const std::string& path) {
  std::string table = modulesFile.empty() ? besideImage(path) : std::string(modulesFile);
  auto modules = readModules(table);
  if (!modules) return base::fail(modules.error(), table), std::nullopt;
  auto bytes = base::readFile(path);
  if (!bytes) return base::fail(bytes.error(), path), std::nullopt;
  auto image = refine::KernelImage::load(*bytes, *modules);
  if (!image) return base::fail(image.error(), path), std::nullopt;
  return Kernel{std::move(*modules), std::move(*image)};
}

int runImage(const std::string& path) {
  auto kernel = loadKernel(path);
  if (!kernel) return base::kExitErrors;
  const auto* image = &kernel->image;
  refine::RunOptions options;
  options.maxSteps = maxSteps, options.fullEvery = fullEvery;
  options.input = [] { return std::getchar(); };
  if (showOutput && !json) options.output = [](uint8_t byte) { llvm::outs() << char(byte); };
  refine::Chain chain(image->layout);
  auto outcome = refine::run(*image, options, chain);
  llvm::outs().flush();
  if (json) llvm::outs() << refine::json(outcome, path);
  else llvm::errs() << refine::failureText(*image, outcome, chain);
  llvm::raw_ostream& out = showOutput ? llvm::errs() : llvm::outs();
  if (!json && !quiet) out << refine::summary(outcome);
  if (!json && stats) out << refine::figures(outcome);
  llvm::outs().flush();
  if (int status = writeText(dotFile, refine::dot(chain, path)); status) return status;
  if (int status = writeText(htmlFile, refine::html(*image, outcome, chain, path)); status) return status;
  switch (outcome.verdict) {
    case refine::Verdict::Related: return outcome.fault ? base::kExitFault : base::kExitOk;
    case refine::Verdict::Failed: return base::kExitErrors;
    case refine::Verdict::Limit: return base::kExitLimit;
  }
  return base::kExitInternal;
}

int scopeImage(const std::string& path) {
  auto kernel = loadKernel(path);
  if (!kernel) return base::kExitErrors;
  if (frames > 4 || pages > 5) return usage("the scope is at most 4 frames and 5 pages");
  refine::ScopeOptions options;
  options.frames = frames, options.pages = pages, options.function = onlyFunction;
  auto outcome = refine::scope(kernel->image, options);
  llvm::outs() << (json ? refine::scopeJson(outcome, path) : quiet ? "" : refine::scopeText(outcome));
  llvm::outs().flush();
  if (!outcome.counterexample) return base::kExitOk;
  if (int status = writeText(dotFile, outcome.counterexample->dot); status) return status;
  return base::kExitErrors;
}

// Reads what shall be linked; nothing after an error.
std::optional<std::vector<refine::LinkInput>> linkInputs() {
  std::vector<refine::LinkInput> inputs;
  for (size_t i = 1; i < words.size(); ++i) {
    auto bytes = base::readFile(words[i]);
    if (!bytes) return base::fail(bytes.error(), words[i]), std::nullopt;
    inputs.push_back({words[i], std::move(*bytes)});
  }
  return inputs;
}

std::optional<std::vector<uint8_t>> linkImage(const std::vector<refine::LinkInput>& inputs,
                                              base::Diagnostics& diagnostics) {
  std::vector<linker::Input> parts;
  for (const auto& input : inputs) parts.push_back({input.name, input.bytes});
  linker::Options options;
  options.required = {"__reset"};
  options.heapSize = 0, options.stackSize = stackBytes, options.memorySize = uint64_t(memoryPages) * models::kPageSize;
  auto image = linker::link(parts, options, diagnostics);
  if (!image) return std::nullopt;
  return object::writeElf(*image);
}

// The checks of a linked image: that no stub promises more than its code keeps, and the run, in which init hands over
// to the kernel.
int certify(const std::vector<refine::LinkInput>& inputs, const std::vector<uint8_t>& bytes,
            const refine::Modules& modules, std::vector<refine::LinkedModule>& linked, base::Diagnostics& diagnostics) {
  auto image = refine::KernelImage::load(bytes, modules);
  if (!image) return base::fail(image.error(), output);
  refine::ScopeOptions options;
  options.frames = frames.getNumOccurrences() ? frames : 2, options.pages = pages.getNumOccurrences() ? pages : 2;
  auto scope = refine::scope(*image, options);
  if (scope.counterexample) {
    diagnostics.error(refine::weakStub(*scope.counterexample, linked));
    return base::finish(diagnostics);
  }
  for (auto& own : linked)
    for (auto& stub : own.stubs)
      for (const auto& count : scope.counts)
        if (count.function == stub.name && (count.top == own.module->model || stub.kind == refine::Stub::Upcall))
          stub.evidence = &count;
  refine::Chain chain(image->layout);
  refine::RunOptions runOptions;
  runOptions.maxSteps = maxSteps;
  auto run = refine::run(*image, runOptions, chain);
  if (run.failure) {
    llvm::errs() << refine::failureText(*image, run, chain);
    return base::kExitErrors;
  }
  if (int status =
          writeText(certificateFile, refine::certificate({output, bytes, inputs, linked, scope, options, run}));
      status)
    return status;
  auto written = base::writeFile(output, bytes.data(), bytes.size(), true);
  if (!written) return base::discardFile(certificateFile), base::fail(written.error(), output);
  return run.verdict == refine::Verdict::Limit ? base::kExitLimit : base::kExitOk;
}

int linkModules() {
  if (words.size() < 2 || output.empty() || modulesFile.empty()) return usage("link needs objects, --modules and -o");
  auto modules = readModules(modulesFile);
  if (!modules) return base::fail(modules.error(), modulesFile);
  auto inputs = linkInputs();
  if (!inputs) return base::kExitErrors;
  base::SourceManager sources;
  base::Diagnostics diagnostics(sources);
  auto linked = refine::resolve(*modules, diagnostics);
  if (!diagnostics.errorCount()) refine::checkObjects(*modules, *inputs, linked, diagnostics);
  if (diagnostics.errorCount()) return base::finish(diagnostics);
  auto bytes = linkImage(*inputs, diagnostics);
  if (!bytes) return base::finish(diagnostics);
  return certify(*inputs, *bytes, *modules, linked, diagnostics);
}

int dispatch() {
  if (words.empty()) return usage("what shall be done? run IMAGE, scope IMAGE, or link OBJECT..");
  if (words[0] == "run") return words.size() == 2 ? runImage(words[1]) : usage("run needs one image");
  if (words[0] == "scope") return words.size() == 2 ? scopeImage(words[1]) : usage("scope needs one image");
  if (words[0] == "link") return linkModules();
  return usage("unknown command '" + words[0] + "'");
}

}  // namespace

int main(int argc, char** argv) {
  if (!base::parseOptions(argc, argv, kInfo)) return base::kExitUsage;
  try {
    return dispatch();
  } catch (const std::bad_alloc&) {
    return base::fail({"out of memory", "out-of-memory", ""}, {}, base::kExitErrors);
  }
}
