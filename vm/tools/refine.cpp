// refine: a kernel held against the seven memory models (docs/refine.md).
#include <cstdio>
#include <new>

#include "assembler/base/tool.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"
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

cl::list<std::string> words(cl::Positional, cl::desc("run IMAGE | scope IMAGE"));
cl::opt<std::string> modulesFile("modules", cl::desc("the table of modules (default: modules.txt beside the image)"),
                                 cl::value_desc("FILE"));
cl::opt<unsigned long long> maxSteps("max-steps", cl::desc("stop after so many instructions, with status 3"),
                                     cl::value_desc("N"), cl::init(machine::kNever));
cl::opt<unsigned long long> fullEvery("full-every",
                                      cl::desc("compare whole states after every so many calls (default 0: at the end)"),
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

constexpr base::ToolInfo kInfo{"refine", "holds a kernel against the seven memory models HW, PD, PE, ALD, ALE, PMAP, AS",
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

int dispatch() {
  if (words.empty()) return usage("what shall be done? run IMAGE, or scope IMAGE");
  if (words[0] == "run") return words.size() == 2 ? runImage(words[1]) : usage("run needs one image");
  if (words[0] == "scope") return words.size() == 2 ? scopeImage(words[1]) : usage("scope needs one image");
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
