// vimg: builds disk images of CVM and shows what is in them (docs/formats.md, "Disk images").
#include <algorithm>
#include <cstdarg>
#include <optional>

#include "assembler/base/tool.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"
#include "vm/tools/vimg_program.h"

namespace {

namespace cl = llvm::cl;
using base::Error;

cl::list<std::string> words(cl::Positional, cl::desc("build NAME=PROGRAM[,mask=M].. | list IMAGE | extract IMAGE NAME | fsck IMAGE"));
cl::opt<std::string> output("o", cl::desc("build: the image; extract: the process's memory"), cl::value_desc("file"));
cl::opt<unsigned> slots("slots", cl::desc("build: pages of swap (default: twice what the programs have)"), cl::value_desc("N"));
cl::opt<unsigned> tables("tables", cl::desc("build: pages of page tables (default 256, the most)"), cl::value_desc("N"),
                         cl::init(cvmimage::kMaxTablePages));
cl::opt<unsigned> frames("frames", cl::desc("build: most page frames that users may have (default 0: all)"), cl::value_desc("N"));

constexpr base::ToolInfo kInfo{"vimg", "builds disk images of CVM and shows what is in them",
                               "  vimg build -o disk.img --slots 1024 init=init.elf,mask=0x8000 shell=shell.elf\n"
                               "  vimg list disk.img"};

int usage(std::string text, std::string place = "") { return base::fail({std::move(text), "usage", std::move(place)}, {}, base::kExitUsage); }

// ---- build ----------------------------------------------------------------------------------------------------------

struct Loaded {
  cvmimage::Header header;
  std::vector<vimg::Program> programs;
};

std::optional<Loaded> loadPrograms(const std::vector<vimg::Argument>& arguments, base::Diagnostics& diagnostics) {
  Loaded loaded;
  std::vector<uint32_t> pages;
  for (const vimg::Argument& argument : arguments) {
    base::Result<std::vector<uint8_t>> elf = base::readFile(argument.path);
    if (!elf) {
      diagnostics.error(elf.error());
      continue;
    }
    base::Result<vimg::Program> program = vimg::loadProgram(*elf);
    if (!program) {
      diagnostics.error(program.error(), argument.path);
      continue;
    }
    loaded.header.processes.push_back({.name = argument.name, .mask = argument.mask});
    pages.push_back(uint32_t(program->memory.size() / cvmimage::kPageBytes));
    loaded.programs.push_back(std::move(*program));
  }
  if (diagnostics.errorCount()) return std::nullopt;
  uint64_t sum = 0;
  for (uint32_t each : pages) sum += each;
  loaded.header.slots = slots.getNumOccurrences() ? uint32_t(slots) : uint32_t(std::min<uint64_t>(2 * sum, cvmimage::kMaxSlots));
  loaded.header.tablePages = tables, loaded.header.frames = frames;
  if (loaded.programs[0].directory.bytes)
    if (base::Status status = vimg::fillDirectory(loaded.programs[0], loaded.header.processes, pages); !status)
      return diagnostics.error(status.error()), std::nullopt;
  return loaded;
}

int build() {
  if (words.size() < 2) return usage("no programs", "build");
  if (output.empty()) return usage("the image needs a name: -o FILE", "build");
  std::vector<vimg::Argument> arguments;
  for (size_t i = 1; i < words.size(); i++) {
    base::Result<vimg::Argument> argument = vimg::parseArgument(words[i]);
    if (!argument) return base::fail(argument.error(), {}, base::kExitUsage);
    arguments.push_back(std::move(*argument));
  }
  base::SourceManager sources;
  base::Diagnostics diagnostics(sources);
  std::optional<Loaded> loaded = loadPrograms(arguments, diagnostics);
  if (!loaded) return base::finish(diagnostics);
  std::vector<std::vector<uint8_t>> memories;
  for (vimg::Program& program : loaded->programs) memories.push_back(std::move(program.memory));
  base::Result<std::vector<uint8_t>> image = cvmimage::build(std::move(loaded->header), memories);
  if (!image) return base::fail(image.error());
  base::Status written = base::writeFile(output, image->data(), image->size());
  return written ? base::kExitOk : base::fail(written.error());
}

// ---- looking at an image --------------------------------------------------------------------------------------------

struct Image {
  std::vector<uint8_t> bytes;
  cvmimage::Header header;
};

// Prints what is wrong with it; all of it if `thorough`.
std::optional<Image> open(const std::string& path, bool thorough) {
  base::Result<std::vector<uint8_t>> bytes = base::readFile(path);
  if (!bytes) return base::fail(bytes.error()), std::nullopt;
  Image image{std::move(*bytes), {}};
  base::SourceManager sources;
  base::Diagnostics diagnostics(sources);
  for (const Error& error : cvmimage::check(image.bytes, image.header)) {
    diagnostics.error(error, path);
    if (!thorough) break;
  }
  base::finish(diagnostics);
  return diagnostics.errorCount() ? std::nullopt : std::optional(std::move(image));
}

int list(const std::string& path) {
  std::optional<Image> image = open(path, false);
  if (!image) return base::kExitErrors;
  const cvmimage::Header& header = image->header;
  uint64_t used = 0;
  for (const cvmimage::Process& process : header.processes) used += process.pages();
  llvm::raw_ostream& out = llvm::outs();
  out << header.slots << " slots, " << used << " used, behind " << header.headerPages << " header pages; " << header.tablePages
      << " table pages; ";
  if (header.frames) out << "at most " << header.frames << " frames\n";
  else out << "all frames\n";
  out << "process  pages   zero  first slot  mask      DPC       name\n";
  for (size_t u = 0; u < header.processes.size(); u++) {
    const cvmimage::Process& process = header.processes[u];
    out << llvm::format("%7zu  %5u  %5zu  %10u  %08x  %08x  ", u + 1, process.pages(),
                        size_t(std::count(process.zero.begin(), process.zero.end(), true)), process.firstSlot, process.mask, process.dpc)
        << process.name << '\n';
  }
  return base::kExitOk;
}

int extract(const std::string& path, const std::string& name) {
  if (output.empty()) return usage("the memory needs a file: -o FILE", "extract");
  std::optional<Image> image = open(path, false);
  if (!image) return base::kExitErrors;
  for (const cvmimage::Process& process : image->header.processes) {
    if (process.name != name) continue;
    const std::vector<uint8_t> memory = cvmimage::memory(image->bytes, image->header, process);
    base::Status written = base::writeFile(output, memory.data(), memory.size());
    return written ? base::kExitOk : base::fail(written.error());
  }
  return base::fail({"the image has no process '" + name + "'", "no-process", ""}, path);
}

int run() {
  const std::string command = words.empty() ? "" : words[0];
  if (command == "build") return build();
  if (command == "extract") return words.size() == 3 ? extract(words[1], words[2]) : usage("expected IMAGE NAME", command);
  if (command != "list" && command != "fsck") return usage("expected build, list, extract or fsck", command);
  if (words.size() != 2) return usage("expected IMAGE", command);
  if (command == "list") return list(words[1]);
  return open(words[1], true) ? base::kExitOk : base::kExitErrors;
}

}  // namespace

int main(int argc, char** argv) {
  if (!base::parseOptions(argc, argv, kInfo)) return base::kExitUsage;
  return run();
}
