// vld: objects and archives -> image.
#include <charconv>

#include "assembler/base/tool.h"
#include "assembler/link/link.h"
#include "compiler/core/ld.h"
#include "llvm/Support/CommandLine.h"

namespace {

namespace cl = llvm::cl;

cl::list<std::string> inputNames(cl::Positional, cl::desc("<objects and archives>"), cl::OneOrMore);
cl::opt<std::string> outputName("o", cl::desc("the image (default a.out)"), cl::value_desc("file"), cl::init("a.out"));
cl::opt<std::string> entry("entry", cl::desc("the symbol where the image starts (default: address 0)"),
                           cl::value_desc("symbol"));
cl::list<std::string> required("undefined", cl::desc("look for this symbol in the archives"), cl::value_desc("symbol"));
cl::alias requiredShort("u", cl::desc("the same as --undefined"), cl::aliasopt(required));
cl::opt<std::string> mapName("map", cl::desc("write sections, objects and symbols with their addresses"),
                             cl::value_desc("file"));
cl::opt<std::string> heap("heap", cl::desc("bytes of heap (default 16M; of kernels 1M)"), cl::value_desc("size"));
cl::opt<std::string> stack("stack", cl::desc("bytes of stack (default 4M; of kernels 64k)"), cl::value_desc("size"));
cl::opt<std::string> memory("memory", cl::desc("bytes of memory that the image must fit (default 64M)"),
                            cl::value_desc("size"));
cl::opt<bool> kernel("kernel", cl::desc("the link operator ld: the last input is the CVM implementation, taken whole, the others are "
                                       "an abstract kernel"));
cl::opt<unsigned> errorLimit("ferror-limit", cl::desc("errors to show (default 20, 0: all)"), cl::value_desc("n"),
                             cl::init(20));

// "4096", "0x1000", "16k", "4M", "1G".
bool parseSize(std::string_view text, uint64_t& size) {
  int base = 10;
  if (text.starts_with("0x")) base = 16, text.remove_prefix(2);
  auto [rest, problem] = std::from_chars(text.data(), text.data() + text.size(), size, base);
  if (problem != std::errc() || rest == text.data()) return false;
  std::string_view unit(rest, size_t(text.data() + text.size() - rest));
  unsigned shift = unit.empty() ? 0 : unit == "k" || unit == "K" ? 10 : unit == "M" ? 20 : unit == "G" ? 30 : 64;
  if (shift == 64 || size > (uint64_t(1) << 32) >> shift) return false;
  size <<= shift;
  return true;
}

template <class T>
bool setSize(const cl::opt<std::string>& option, T& size) {
  uint64_t value = 0;
  if (option.getNumOccurrences() == 0) return true;
  if (!parseSize(option, value) || value > uint64_t(1) << 31) {
    base::fail({"'" + option + "' is not a size (bytes, or with k, M, G; at most 2G)", "bad-option",
                "--" + option.ArgStr.str()});
    return false;
  }
  size = T(value);
  return true;
}

int run() {
  linker::Options options;
  if (kernel) options.heapSize = object::kKernelHeapSize, options.stackSize = object::kKernelStackSize;
  options.entry = entry;
  options.required = {required.begin(), required.end()};
  if (!setSize(heap, options.heapSize) || !setSize(stack, options.stackSize) || !setSize(memory, options.memorySize))
    return base::kExitUsage;

  base::SourceManager sources;
  base::Diagnostics diagnostics(sources);
  diagnostics.errorLimit = errorLimit;
  std::vector<std::vector<uint8_t>> contents;
  contents.reserve(inputNames.size());
  std::vector<linker::Input> inputs;
  for (const std::string& name : inputNames) {
    base::Result<std::vector<uint8_t>> bytes = base::readFile(name);
    if (!bytes) {
      diagnostics.error(bytes.error());
      continue;
    }
    contents.push_back(std::move(*bytes));
    inputs.push_back({name, contents.back()});
  }
  if (diagnostics.errorCount()) return base::finish(diagnostics);
  inputs.back().implementation = kernel;

  std::string map;
  std::optional<object::Object> image = linker::link(inputs, options, diagnostics, mapName.empty() ? nullptr : &map);
  if (!image) return base::finish(diagnostics);
  if (base::Status status = kernel ? core::checkKernel(*image) : base::Ok{}; !status) {
    diagnostics.error(status.error());
    return base::finish(diagnostics);
  }
  std::vector<uint8_t> bytes = object::writeElf(*image);
  base::Status written = base::writeFile(outputName, bytes.data(), bytes.size(), true);
  if (written && !mapName.empty()) {
    written = base::writeFile(mapName, map.data(), map.size());
    if (!written) base::discardFile(outputName);
  }
  if (!written) return base::fail(written.error());
  return base::finish(diagnostics);
}

}  // namespace

int main(int argc, char** argv) {
  const base::ToolInfo info{"vld", "links objects and archives to an image for VAMP",
                            "  vld -o prog.elf start.o prog.o libc0.a\n"
                            "  vld -o kernel.elf --kernel --heap 1M abstract.o libabstract-kernel.a cvm.a"};
  if (!base::parseOptions(argc, argv, info)) return base::kExitUsage;
  return run();
}
