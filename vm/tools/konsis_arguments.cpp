#include "vm/tools/konsis_arguments.h"

#include "llvm/Support/CommandLine.h"
#include "vm/tools/vamp_arguments.h"

namespace konsis {
namespace {

namespace cl = llvm::cl;
using base::Error;

// LLVM has a --stats of its own, which ours replaces: this must be initialised before ours is.
[[maybe_unused]] const bool kForeignDropped = [] {
  auto& options = cl::getRegisteredOptions();
  if (auto found = options.find("stats"); found != options.end()) found->second->removeArgument();
  return true;
}();

cl::list<std::string> kernels(cl::Positional, cl::desc("KERNEL.elf"));
cl::opt<std::string> disk("disk", cl::desc("image file of the swap disk, which stays as it is"), cl::value_desc("FILE"));
cl::opt<std::string> secondDisk("disk5", cl::desc("image file of disk 5, which stays as it is"), cl::value_desc("FILE"));
cl::opt<std::string> memory("mem", cl::desc("memory size (default 64M)"), cl::value_desc("SIZE"), cl::init("64M"));
cl::opt<unsigned long long> maxInstructions("max-instructions", cl::desc("stop in user mode after so many VAMP instructions, with status 3"),
                                            cl::value_desc("N"), cl::init(UINT64_MAX));
cl::opt<unsigned long long> maxSteps("max-steps", cl::desc("stop after so many C0 steps of the concrete kernel, with status 3"),
                                     cl::value_desc("N"), cl::init(UINT64_MAX));
cl::opt<unsigned long long> limit("limit", cl::desc("instructions that one C0 step may take (default 1000000)"), cl::value_desc("N"),
                                  cl::init(consis::Options().limit));
enum class Compare : uint8_t { Full, Relations, Incremental };
cl::opt<Compare> mode("mode", cl::desc("what is compared at every step; the verdict is the same"), cl::init(Compare::Incremental),
                      cl::values(clEnumValN(Compare::Full, "full", "everything (very slow)"),
                                 clEnumValN(Compare::Relations, "relations", "everything but what consis compares (slow)"),
                                 clEnumValN(Compare::Incremental, "incremental", "what can have changed (default)")));
cl::list<std::string> forces("force", cl::desc("the device's line goes up at the user step, until a port of it is written (the timer is 1)"),
                             cl::value_desc("STEP:DEVICE"));
cl::opt<std::string> diskFault("disk-fault", cl::desc("the N-th transfer of a sector of the swap disk fails; and that sector from then on"),
                               cl::value_desc("N[,bad]"));
cl::list<std::string> corruptions("corrupt", cl::desc("change the VAMP's state at a C0 step: as of consis"), cl::value_desc("WHAT"));
cl::opt<std::string> serial("serial", cl::desc("input of the serial line: none (default), stdio"), cl::value_desc("FROM"), cl::init("none"));
cl::opt<std::string> json("json", cl::desc("the outcome as JSON, on standard output or to a file"), cl::value_desc("FILE"), cl::ValueOptional);
cl::opt<std::string> html("html", cl::desc("a page with the outcome and the last steps, both states of each"), cl::value_desc("FILE"));
cl::opt<bool> stats("stats", cl::desc("print all counters"));
cl::opt<bool> showOutput("output", cl::desc("pass the kernel's output on; summary and JSON then go to standard error"));
cl::opt<bool> quiet("q", cl::desc("no summary"));

base::Status readForces(CheckOptions& check) {
  for (const std::string& text : forces) {
    const size_t colon = text.find(':');
    auto step = vamp::parseNumber(text.substr(0, colon), "--force=" + text);
    auto device = colon == text.npos ? vamp::parseNumber("", "--force=" + text) : vamp::parseNumber(text.substr(colon + 1), "--force=" + text);
    if (!step) return step.error();
    if (!device) return device.error();
    if (*device < 1 || *device > 7) return Error{"devices are 1 to 7", "bad-argument", "--force=" + text};
    check.forced.push_back({*step, *device});
  }
  return base::Ok{};
}

}  // namespace

base::Result<Arguments> readArguments() {
  Arguments arguments;
  if (kernels.size() != 1) return Error{"name one kernel image", "usage", ""};
  if (disk.empty()) return Error{"a kernel boots from a disk: --disk FILE", "usage", kernels[0]};
  arguments.kernel = kernels[0], arguments.disk = disk, arguments.secondDisk = secondDisk;
  auto bytes = vamp::parseMemorySize(memory);
  if (!bytes) return bytes.error();
  consis::Options& options = arguments.options;
  options.memory = *bytes, options.mode = mode == Compare::Full ? consis::Mode::Full : consis::Mode::Incremental;
  options.maxSteps = maxSteps, options.limit = limit;
  for (const auto& text : corruptions) {
    auto corruption = consis::parseCorruption(text);
    if (!corruption) return corruption.error();
    options.corruptions.push_back(*corruption);
  }
  CheckOptions& check = arguments.check;
  check.full = mode != Compare::Incremental, check.maxInstructions = maxInstructions;
  if (auto status = readForces(check); !status) return status.error();
  if (diskFault.getNumOccurrences()) {
    auto fault = vamp::parseDiskFault(diskFault);
    if (!fault) return fault.error();
    check.diskFault = fault->transfer, check.diskFaultStays = fault->stays;
  }
  if (serial != "none" && serial != "stdio") return Error{"expected none or stdio", "bad-argument", "--serial=" + serial};
  arguments.serial = serial == "stdio";
  arguments.json = json.getNumOccurrences() && json.empty() ? "-" : std::string(json);
  arguments.html = html, arguments.stats = stats, arguments.output = showOutput, arguments.quiet = quiet;
  return arguments;
}

}  // namespace konsis
