// cvm: an abstract kernel and its users on the CVM machine, without an implementation (docs/cvm-machine.md).
#include <chrono>
#include <memory>
#include <new>
#include <optional>

#include "assembler/base/tool.h"
#include "assembler/object/map.h"
#include "llvm/Support/CommandLine.h"
#include "vm/relate/cvm/initial.h"
#include "vm/relate/cvm/run.h"
#include "vm/relate/cvm/statistics.h"
#include "vm/tools/terminal.h"
#include "vm/tools/vamp_arguments.h"

namespace {

namespace cl = llvm::cl;
using base::Error;

// LLVM has a --stats of its own, which ours replaces: this must be initialised before ours is.
[[maybe_unused]] const bool kForeignDropped = [] {
  auto& options = cl::getRegisteredOptions();
  if (auto found = options.find("stats"); found != options.end()) found->second->removeArgument();
  return true;
}();

cl::list<std::string> inputNames(cl::Positional, cl::desc("KERNEL.elf | ABSTRACT.o.. [LIBRARY.a..]"));
cl::opt<std::string> diskFile("disk", cl::desc("image file of the swap disk: the first processes"), cl::value_desc("FILE"));
cl::opt<std::string> secondDiskFile("disk5", cl::desc("image file of disk 5"), cl::value_desc("FILE"));
cl::opt<unsigned long long> maxSteps("max-steps", cl::desc("stop after so many steps of users and kernel, with status 124"),
                                     cl::value_desc("N"), cl::init(UINT64_MAX));
cl::opt<std::string> heap("heap", cl::desc("bytes of heap, for objects (default 16M)"), cl::value_desc("SIZE"));
cl::opt<std::string> stack("stack", cl::desc("bytes of stack, for objects (default 4M)"), cl::value_desc("SIZE"));
cl::opt<std::string> memorySize("mem", cl::desc("memory size that the host device tells (default 64M)"), cl::value_desc("SIZE"),
                                cl::init("64M"));
cl::opt<unsigned> seed("seed", cl::desc("the host device's random seed (default 0)"), cl::value_desc("N"));
cl::opt<std::string> serialMode("serial", cl::desc("where the serial line goes: stdio (default), none"), cl::value_desc("TO"),
                                cl::init("stdio"));
cl::opt<bool> plain("plain", cl::desc("make each user step by the definition (slow)"));
cl::opt<std::string> recordFile("record", cl::desc("write the list of external events"), cl::value_desc("FILE"));
cl::opt<std::string> replayFile("replay", cl::desc("take external events from a list instead of standard input"),
                                cl::value_desc("FILE"));
cl::opt<std::string> traceFile("trace", cl::desc("write a line for each interrupt and primitive"), cl::value_desc("FILE"));
cl::opt<bool> printStatistics("stats", cl::desc("print counts and speed on standard error"));

constexpr base::ToolInfo kInfo{"cvm", "an abstract kernel and its users on the CVM machine",
                               "  cvm kernel.elf --disk disk.img\n"
                               "  cvm --trace=- kernel.o lib/libabstract-kernel.a --disk disk.img",
                               base::kExitGuestTool};

int refuse(const Error& error, std::string_view file = {}) { return base::fail(error, file, base::kExitGuestTool); }

base::Result<uint32_t> sizeOf(const cl::opt<std::string>& option, uint32_t byDefault) {
  if (option.getNumOccurrences() == 0) return byDefault;
  return vamp::parseMemorySize(option);
}

base::Result<cvm::Kernel> loadKernel() {
  if (inputNames.empty()) return Error{"nothing to run: name a kernel", "usage", ""};
  auto heapSize = sizeOf(heap, object::kDefaultHeapSize), stackSize = sizeOf(stack, object::kDefaultStackSize);
  if (!heapSize) return heapSize.error();
  if (!stackSize) return stackSize.error();
  std::vector<cvm::Input> inputs;
  for (const std::string& name : inputNames) {
    auto bytes = base::readFile(name);
    if (!bytes) return bytes.error();
    inputs.push_back({name, std::move(*bytes)});
  }
  return cvm::loadKernel(inputs, {*heapSize, *stackSize});
}

base::Result<cvm::Users> loadUsers() {
  if (diskFile.empty()) return cvm::Users{};
  auto bytes = base::readFile(diskFile);
  if (!bytes) return bytes.error();
  auto header = cvmimage::read(*bytes);
  if (!header) return Error{header.error().text, header.error().id, diskFile + ": " + header.error().place};
  return cvm::usersOf(*bytes, *header);
}

base::Result<std::optional<std::deque<cvm::Event>>> loadEvents() {
  if (replayFile.empty()) return std::optional<std::deque<cvm::Event>>{};
  auto bytes = base::readFile(replayFile);
  if (!bytes) return bytes.error();
  auto events = cvm::parseEvents({reinterpret_cast<const char*>(bytes->data()), bytes->size()});
  if (!events) return Error{events.error().text, events.error().id, replayFile + ": " + events.error().place};
  return std::optional(std::move(*events));
}

int exitStatus(cvm::End end, const cvm::Machine& machine, const devices::Host& host) {
  switch (end) {
    case cvm::End::Exited:
      if (host.exitStatus()) return int(*host.exitStatus() & 0xFF);
      std::fprintf(stderr, "cvm: the kernel reported a failed check at 0x%08x to the host device\n", *host.fault());
      return base::kExitGuestFault;
    case cvm::End::Faulted: std::fputs(cvm::faultLines(machine).c_str(), stderr); return base::kExitGuestFault;
    case cvm::End::Limit: std::fputs("cvm: limit of steps reached\n", stderr); return base::kExitGuestLimit;
    case cvm::End::Stuck: std::fputs("cvm: the kernel waits for an interrupt that cannot come\n", stderr); return base::kExitGuestLimit;
  }
  return base::kExitInternal;
}

int runKernel(const cvm::Kernel& kernel, cvm::Users users, std::optional<std::deque<cvm::Event>> events, uint32_t memory) {
  vamp::Terminal terminal;
  vamp::SerialTerminal serialTerminal(terminal);
  vamp::Silence silence;
  devices::Console& serial = serialMode == "none" ? static_cast<devices::Console&>(silence) : serialTerminal;
  cvm::Surroundings around(terminal, serial, memory, seed, std::move(events));
  if (!secondDiskFile.empty()) {
    auto storage = devices::openDiskFile(secondDiskFile);
    if (!storage) return refuse(storage.error());
    around.bus.secondDisk = std::make_unique<devices::Disk>(std::move(*storage));
  }
  cvm::Machine machine(kernel, std::move(users), around);
  cvm::RunOptions options;
  options.maxSteps = maxSteps;
  options.executor = plain ? cvm::Executor::Plain : cvm::Executor::Fast;
  std::unique_ptr<FILE, int (*)(FILE*)> trace(nullptr, std::fclose);
  if (!traceFile.empty()) {
    trace.reset(traceFile == "-" ? stdout : std::fopen(traceFile.c_str(), "w"));
    if (!trace) return refuse({"cannot create the trace", "cannot-write", traceFile});
    options.trace = [&](const std::string& line) { std::fprintf(trace.get(), "%s\n", line.c_str()); };
  }

  cvm::Statistics statistics;
  const auto begin = std::chrono::steady_clock::now();
  const cvm::End end = cvm::run(machine, around, options, statistics);
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;

  if (trace && (std::fflush(trace.get()) != 0 || std::ferror(trace.get())))
    return refuse({"cannot write the trace", "cannot-write", traceFile});
  if (!terminal.flush()) return refuse({"cannot write", "cannot-write", "standard output"});
  if (!recordFile.empty()) {
    const std::string text = cvm::printEvents(around.recorded);
    if (auto status = base::writeFile(recordFile, text.data(), text.size()); !status) return refuse(status.error());
  }
  if (printStatistics) std::fputs(cvm::printStatistics(statistics, seconds.count()).c_str(), stderr);
  return exitStatus(end, machine, around.bus.host);
}

int run() {
  if (serialMode != "stdio" && serialMode != "none")
    return refuse({"expected stdio or none", "bad-argument", "--serial=" + serialMode});
  auto memory = vamp::parseMemorySize(memorySize);
  if (!memory) return refuse(memory.error());
  auto kernel = loadKernel();
  if (!kernel) return refuse(kernel.error());
  auto users = loadUsers();
  if (!users) return refuse(users.error());
  auto events = loadEvents();
  if (!events) return refuse(events.error());
  return runKernel(*kernel, std::move(*users), std::move(*events), *memory);
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
