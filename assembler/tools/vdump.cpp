// vdump: shows what objects, images and archives hold.
#include "assembler/asm/disassemble.h"
#include "assembler/base/tool.h"
#include "assembler/tools/dump.h"
#include "llvm/Support/CommandLine.h"

namespace {

namespace cl = llvm::cl;

cl::list<std::string> inputNames(cl::Positional, cl::desc("<objects, images, archives>"), cl::OneOrMore);
cl::opt<bool> showHeader("header", cl::desc("kind, entry, versions"));
cl::opt<bool> showSections("sections", cl::desc("sections"));
cl::opt<bool> showSegments("segments", cl::desc("what an image loads"));
cl::opt<bool> showSymbols("symbols", cl::desc("symbols"));
cl::opt<bool> showRelocations("relocations", cl::desc("relocations"));
cl::opt<bool> showCode("d", cl::desc("disassembly with statement boundaries and source lines"));
cl::opt<bool> showAssembly("asm", cl::desc("the whole file as assembly text, which vas turns into the same bytes"));
cl::opt<bool> showMap("map", cl::desc("the consistency map"));

base::Status dumpObject(std::span<const uint8_t> bytes, std::string& out) {
  base::Result<object::Object> object = object::readElf(bytes);
  if (!object) return object.error();
  bool tables = !(showHeader || showSections || showSegments || showSymbols || showRelocations || showCode ||
                  showAssembly || showMap);
  if (showHeader || tables) dump::header(*object, out);
  if (showSections || tables) dump::sections(*object, out);
  if (showSegments || tables) dump::segments(*object, out);
  if (showSymbols || tables) dump::symbols(*object, out);
  if (showRelocations || tables) dump::relocations(*object, out);
  if (showAssembly) out += assembler::disassemble(*object);
  base::Status status = base::Ok{};
  if (showCode) status = dump::code(*object, out);
  if (showMap && status) status = dump::map(*object, out);
  return status;
}

// Prints one file or member; `titled` when there are several.
int show(std::span<const uint8_t> bytes, const std::string& name, bool titled) {
  std::string out;
  if (titled) out += "# " + name + "\n\n";
  base::Status status = dumpObject(bytes, out);
  if (!status) return base::fail(status.error(), name);
  base::Status written = base::writeFile("-", out.data(), out.size());
  return written ? base::kExitOk : base::fail(written.error());
}

int run() {
  int result = base::kExitOk;
  for (const std::string& name : inputNames) {
    base::Result<std::vector<uint8_t>> bytes = base::readFile(name);
    if (!bytes) {
      result = base::fail(bytes.error());
    } else if (!object::isArchive(*bytes)) {
      result = std::max(result, show(*bytes, name, inputNames.size() > 1));
    } else {
      base::Result<std::vector<object::Member>> members = object::readArchive(*bytes);
      if (!members) result = base::fail(members.error(), name);
      else
        for (const object::Member& member : *members)
          result = std::max(result, show(member.bytes, name + "(" + member.name + ")", true));
    }
  }
  return result;
}

}  // namespace

int main(int argc, char** argv) {
  const base::ToolInfo info{"vdump", "shows what objects, images and archives hold",
                            "  vdump -d prog.elf\n"
                            "  vdump --asm prog.o | vas -o same.o -"};
  if (!base::parseOptions(argc, argv, info)) return base::kExitUsage;
  return run();
}
