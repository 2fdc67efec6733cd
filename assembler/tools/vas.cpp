// vas: assembly -> object.
#include "assembler/asm/assembler.h"
#include "assembler/base/tool.h"
#include "llvm/Support/CommandLine.h"

namespace {

namespace cl = llvm::cl;

cl::opt<std::string> inputName(cl::Positional, cl::desc("<file.s, - for standard input>"), cl::Required);
cl::opt<std::string> outputName("o", cl::desc("the object (default: the input's name with .o)"),
                                cl::value_desc("file"));
cl::opt<bool> debug("g", cl::desc("debug information"));
cl::opt<unsigned> errorLimit("ferror-limit", cl::desc("errors to show (default 20, 0: all)"), cl::value_desc("n"),
                             cl::init(20));

// dir/name.s -> name.o, in the current folder as cc does it.
std::string defaultOutput(std::string name) {
  if (name == "-") return "a.o";
  name.erase(0, name.rfind('/') + 1);
  size_t dot = name.rfind('.');
  if (dot != std::string::npos && dot != 0) name.erase(dot);
  return name + ".o";
}

int run() {
  base::SourceManager sources;
  base::Diagnostics diagnostics(sources);
  diagnostics.errorLimit = errorLimit;
  base::Result<uint32_t> file = sources.addFile(inputName);
  if (!file) return base::fail(file.error());
  std::optional<object::Object> object = assembler::assemble(*file, diagnostics, debug ? std::optional(base::workingFolder()) : std::nullopt);
  if (object) {
    std::vector<uint8_t> bytes = object::writeElf(*object);
    std::string output = outputName.empty() ? defaultOutput(inputName) : std::string(outputName);
    base::Status written = base::writeFile(output, bytes.data(), bytes.size());
    if (!written) return base::fail(written.error());
  }
  return base::finish(diagnostics);
}

}  // namespace

int main(int argc, char** argv) {
  const base::ToolInfo info{"vas", "assembles a file for VAMP (docs/assembly.md)",
                            "  vas -o start.o start.s\n"
                            "  vas -o a.o -    # from standard input"};
  if (!base::parseOptions(argc, argv, info)) return base::kExitUsage;
  return run();
}
