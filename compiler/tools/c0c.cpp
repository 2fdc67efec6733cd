// c0c: the compiler driver (docs/c0c.md).
#include <algorithm>
#include <iterator>
#include <sstream>

#include "assembler/base/tool.h"
#include "compiler/codegen/mutation.h"
#include "compiler/driver/driver.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"

namespace {

namespace cl = llvm::cl;
using driver::Language;
using driver::Stage;

cl::list<std::string> inputs(cl::Positional, cl::desc("<files>"));
cl::opt<std::string> output("o", cl::desc("the output file (a.out, or by the input's name)"), cl::value_desc("file"));
cl::opt<bool> toObject("c", cl::desc("compile or assemble, do not link"));
cl::opt<bool> toAssembly("S", cl::desc("compile to assembly"));
cl::opt<bool> toPreprocessed("E", cl::desc("preprocess only"));
cl::opt<bool> syntaxOnly("fsyntax-only", cl::desc("check the source only"));
cl::opt<bool> dumpCore("fdump-core", cl::desc("print the program in the core language"));
cl::opt<sema::Standard> standard("std", cl::desc("the language"), cl::init(driver::kDefaultStandard),
                                 cl::values(clEnumValN(sema::Standard::C0, "c0", "the language of the paper"),
                                            clEnumValN(sema::Standard::C0X, "c0x", "as C programmers expect it"),
                                            clEnumValN(sema::Standard::Core, "core",
                                                       "the core language, as -fdump-core prints it")));
cl::opt<Language> language("x", cl::desc("what the inputs are"), cl::init(Language::ByName),
                           cl::values(clEnumValN(Language::ByName, "none", "by their names"),
                                      clEnumValN(Language::C0, "c0", "C0"),
                                      clEnumValN(Language::C0A, "c0a", "C0 with asm blocks"),
                                      clEnumValN(Language::Assembly, "assembler", "assembly")));
cl::opt<bool> allowAssembly("fasm", cl::desc("allow asm blocks and __at, as in .c0a files"));
cl::opt<std::string> level("O", cl::desc("optimisation: -O0"), cl::Prefix, cl::init("0"));
cl::opt<std::string> checks("fcheck", cl::desc("run-time checks: null, bounds, div, stack (default: all of them)"),
                            cl::value_desc("list"));
cl::opt<bool> noCheck("fno-check", cl::desc("no run-time checks"));
cl::opt<unsigned> smallData("G", cl::desc("globals up to n bytes are addressed off r28 (default 64)"), cl::Prefix,
                            cl::value_desc("n"), cl::init(64));
cl::list<std::string> includes("I", cl::desc("search this folder for included files"), cl::Prefix,
                               cl::value_desc("folder"));
cl::list<std::string> defines("D", cl::desc("define a macro"), cl::Prefix, cl::value_desc("name[=value]"));
cl::list<std::string> undefines("U", cl::desc("undefine a macro"), cl::Prefix, cl::value_desc("name"));
cl::list<std::string> warnings("W", cl::desc("warnings: all, extra, ID, no-ID, error, error=ID (--explain=list names the ids)"), cl::Prefix, cl::value_desc("kind"));
cl::opt<bool> noWarnings("w", cl::desc("no warnings"));
cl::opt<unsigned> errorLimit("ferror-limit", cl::desc("errors to show (default 20, 0: all)"), cl::value_desc("n"),
                             cl::init(20));
cl::opt<std::string> explain("explain", cl::desc("say what a diagnostic is about, or list all"), cl::value_desc("id"), cl::ValueOptional);
cl::opt<std::string> debug("g", cl::desc("debug information (-g0: none; 1, 2, 3, gdb, dwarf-4: as -g)"), cl::Prefix, cl::ValueOptional, cl::ZeroOrMore,
                           cl::value_desc("level"));
cl::opt<bool> listDependencies("M", cl::desc("print a make rule instead of compiling"));
cl::opt<bool> dependencies("MD", cl::desc("also write a make rule"));
cl::opt<std::string> dependencyFile("MF", cl::desc("where the make rule goes"), cl::value_desc("file"));
cl::opt<std::string> dependencyTarget("MT", cl::desc("the target of the make rule"), cl::value_desc("name"));
cl::opt<bool> noLibrary("nostdlib", cl::desc("link neither start code nor library"));
cl::opt<std::string> runtime("runtime", cl::desc("the folder of libc0.a (else C0_RUNTIME, else ../lib of c0c)"),
                             cl::value_desc("folder"));
cl::list<std::string> libraryFolders("L", cl::desc("search this folder for libraries"), cl::Prefix,
                                     cl::value_desc("folder"));
cl::list<std::string> libraries("l", cl::desc("link lib<name>.a"), cl::Prefix, cl::value_desc("name"));
cl::opt<std::string> heap("heap", cl::desc("bytes of heap (default 16M; of kernels 1M)"), cl::value_desc("size"));
cl::opt<std::string> stack("stack", cl::desc("bytes of stack (default 4M; of kernels 64k)"), cl::value_desc("size"));
cl::opt<std::string> memory("memory", cl::desc("bytes of memory that the image must fit (default 64M)"),
                            cl::value_desc("size"));
cl::opt<std::string> mapFile("map", cl::desc("write sections and symbols of the image"), cl::value_desc("file"));
cl::opt<bool> kernel("kernel", cl::desc("link a concrete kernel: the last input is the CVM implementation, the others are an abstract kernel"));
cl::opt<bool> verbose("v", cl::desc("say what is done"));

#ifdef C0_MUTANTS
cl::opt<std::string> mutate("mutate", cl::desc("break the code generator: name, or name:occurrence"),
                            cl::value_desc("name"));
cl::opt<bool> listMutations("list-mutations", cl::desc("print the names for --mutate"));
#endif

constexpr base::ToolInfo kInfo{"c0c", "compiles and links C0 for VAMP",
                               "  c0c hello.c0 -o hello.elf\n"
                               "  c0c -c -Wall -MD list.c0 -o list.o"};

bool refuse(const std::string& text, const std::string& place) {
  base::fail({text, "usage", place});
  return false;
}

bool parseChecks(codegen::Checks& to) {
  if (!noCheck && checks.getNumOccurrences() == 0) return true;
  to = {false, false, false, false};
  if (noCheck) return true;
  std::istringstream list(checks);
  for (std::string name; std::getline(list, name, ',');) {
    if (name == "null") to.null = true;
    else if (name == "bounds") to.bounds = true;
    else if (name == "div") to.division = true;
    else if (name == "stack") to.stack = true;
    else if (name == "all") to = {};
    else if (name != "none")
      return refuse("there is no such check (null, bounds, div, stack, all, none)", "-fcheck=" + name);
  }
  return true;
}

template <class T>
bool parseSize(const cl::opt<std::string>& option, T& to) {
  if (option.getNumOccurrences() == 0) return true;
  std::optional<uint64_t> size = driver::parseSize(option);
  if (!size)
    return refuse("'" + option + "' is not a size (bytes, or with k, M, G; at most 2G)", "--" + option.ArgStr.str());
  to = T(*size);
  return true;
}

bool parseOptions(driver::Options& options) {
  if (inputs.empty()) return refuse("no input files", "");
  if (level != "0" && level != "") return refuse("the optimisation levels are: -O0", "-O" + level);
  constexpr std::string_view kDebugLevels[] = {"", "0", "1", "2", "3", "gdb", "dwarf", "dwarf-4"};
  if (std::find(std::begin(kDebugLevels), std::end(kDebugLevels), debug.getValue()) == std::end(kDebugLevels))
    return refuse("the levels are: -g, -g0, -g1, -g2, -g3, -ggdb, -gdwarf-4", "-g" + debug);
  options.stage = listDependencies || toPreprocessed ? Stage::Preprocess
                  : syntaxOnly || dumpCore           ? Stage::Analyze
                  : toAssembly                       ? Stage::Assembly
                  : toObject                         ? Stage::Object
                                                     : Stage::Image;
  if (!output.empty() && inputs.size() > 1 && options.stage != Stage::Image)
    return refuse("-o names one file, but there are several inputs and nothing is linked", "-o " + output);
  options.language = language;
  options.standard = standard;
  options.assembly = allowAssembly;
  options.dumpCore = dumpCore;
  options.code.smallData = smallData;
  if (debug.getNumOccurrences() && debug != "0") options.code.debugFolder = base::workingFolder();
  options.verbose = verbose;
  options.inputs = {inputs.begin(), inputs.end()};
  options.output = output;
  for (const std::string& folder : includes) options.preprocessor.push_back("-I" + folder);
  for (const std::string& macro : defines) options.preprocessor.push_back("-D" + macro);
  for (const std::string& macro : undefines) options.preprocessor.push_back("-U" + macro);
  options.dependencies = dependencies;
  options.dependenciesOnly = listDependencies;
  options.dependencyFile = dependencyFile;
  options.dependencyTarget = dependencyTarget;
  options.library = !noLibrary;
  options.runtime = runtime;
  options.libraryFolders = {libraryFolders.begin(), libraryFolders.end()};
  options.libraries = {libraries.begin(), libraries.end()};
  options.mapFile = mapFile;
  options.kernel = kernel;
  if (kernel) options.link.heapSize = object::kKernelHeapSize, options.link.stackSize = object::kKernelStackSize;
  return parseChecks(options.code.checks) && parseSize(heap, options.link.heapSize) &&
         parseSize(stack, options.link.stackSize) && parseSize(memory, options.link.memorySize);
}

// -Wall, -Wextra, -W<id>, -Werror, -Werror=<id>, and each with no-.
bool parseWarnings(sema::WarningSet& set, base::Diagnostics& diagnostics) {
  for (const std::string& option : warnings) {
    const bool on = !option.starts_with("no-");
    std::string_view rest = std::string_view(option).substr(on ? 0 : 3);
    bool known = true;
    if (rest == "error") {
      diagnostics.warningsAreErrors = on;
    } else if (rest.starts_with("error=")) {
      std::string id(rest.substr(6));
      if ((known = sema::findWarning(id).has_value())) diagnostics.warningIsError[id] = on;
      if (known && on) set.apply(id);
    } else {
      known = set.apply(option);
    }
    if (!known) {
      std::string nearest = sema::suggestRule(rest.starts_with("error=") ? rest.substr(6) : rest, sema::RuleKind::Warning);
      return refuse("there is no such warning" + (nearest.empty() ? "" : "; did you mean '" + nearest + "'?"), "-W" + option);
    }
  }
  if (noWarnings) set = {};
  return true;
}

// --explain, --explain=ID, --explain ID
int explainRule() {
  std::string id = !explain.empty() || inputs.empty() ? explain : inputs[0];
  if (id.empty() || id == "list") return llvm::outs() << sema::listRules(), base::kExitOk;
  if (std::optional<std::string> text = sema::explain(id)) return llvm::outs() << *text, base::kExitOk;
  std::string nearest = sema::suggestRule(id);
  return base::fail({"there is no such diagnostic" + (nearest.empty() ? " (--explain=list names all)" : "; did you mean '" + nearest + "'?"), "usage", id}, {}, base::kExitUsage);
}

int compile() {
  driver::Options options;
  if (!parseOptions(options)) return base::kExitUsage;
  base::SourceManager sources;
  base::Diagnostics diagnostics(sources);
  diagnostics.errorLimit = errorLimit;
  if (!parseWarnings(options.warnings, diagnostics)) return base::kExitUsage;
  driver::Driver driver(options, diagnostics);
  driver.run();
  llvm::outs() << driver.printed();
  return base::finish(diagnostics);
}

}  // namespace

int main(int argc, char** argv) {
  if (!base::parseOptions(argc, argv, kInfo)) return base::kExitUsage;
#ifdef C0_MUTANTS
  if (listMutations) return llvm::outs() << codegen::listMutations(), base::kExitOk;
  if (!mutate.empty())
    if (base::Status status = codegen::selectMutation(mutate); !status)
      return base::fail(status.error(), {}, base::kExitUsage);
#endif
  return explain.getNumOccurrences() ? explainRule() : compile();
}
