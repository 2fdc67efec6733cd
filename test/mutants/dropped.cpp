// consis-dropped: consis with conditions of the relation left out, for run.py: which wrong compilations escape without
// them? The checkers are those of consis; what they find of a dropped condition is ignored.
//
//     consis-dropped --list                                  the conditions, a line each
//     consis-dropped --drop=r29 [options of consis] prog.elf     prints what consis --json prints
#include <cstdio>

#include "assembler/base/tool.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/raw_ostream.h"
#include "vm/consis/report.h"

namespace {

namespace cl = llvm::cl;

cl::opt<std::string> input(cl::Positional, cl::desc("PROGRAM.elf"));
cl::list<std::string> drops("drop", cl::desc("leave out this condition"), cl::value_desc("NAME"));
cl::opt<bool> list("list",
                   cl::desc("list the conditions, a line each: name, report, implied by, meaning; tabs between"));
cl::opt<consis::Mode> mode("mode", cl::desc("as consis has it"), cl::init(consis::Mode::Incremental),
                           cl::values(clEnumValN(consis::Mode::Full, "full", ""),
                                      clEnumValN(consis::Mode::Incremental, "incremental", "")));
cl::opt<unsigned long long> limit("limit", cl::desc("as consis has it"), cl::value_desc("N"),
                                  cl::init(consis::Options().limit));
cl::opt<bool> checked("checked", cl::desc("as consis has it"));
cl::list<std::string> corruptions("corrupt", cl::desc("as consis has it"), cl::value_desc("WHAT"));

constexpr base::ToolInfo kInfo{"consis-dropped", "consis without some of its conditions",
                               "  consis-dropped --drop=r29 prog.elf\n"
                               "  consis-dropped --list"};

int run() {
  if (list) {
    for (const auto& row : consis::conditions())
      llvm::outs() << row.name << "\t" << row.report << "\t" << row.implied << "\t" << row.meaning << "\n";
    return base::kExitOk;
  }
  consis::Options options;
  options.mode = mode, options.limit = limit, options.checked = checked, options.explain = false;
  options.input = [] { return std::getchar(); };
  for (const std::string& name : drops) {
    auto condition = consis::findCondition(name);
    if (!condition) return base::fail({"no such condition", "usage", "--drop=" + name}, {}, base::kExitUsage);
    options.dropped.add(*condition);
  }
  for (const std::string& text : corruptions) {
    auto corruption = consis::parseCorruption(text);
    if (!corruption) return base::fail(corruption.error(), {}, base::kExitUsage);
    options.corruptions.push_back(*corruption);
  }
  auto bytes = base::readFile(input);
  if (!bytes) return base::fail(bytes.error(), input);
  auto image = consis::Image::load(*bytes, options.dropped);
  if (!image) return base::fail(image.error(), input);
  llvm::outs() << consis::jsonReport(*image, consis::run(*image, options), {.inputs = {input}});
  return base::kExitOk;
}

}  // namespace

int main(int argc, char** argv) {
  if (!base::parseOptions(argc, argv, kInfo)) return base::kExitUsage;
  return run();
}
