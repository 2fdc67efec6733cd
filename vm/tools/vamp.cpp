// vamp: the emulator. Loads an image or raw bytes, runs, returns the program's exit status (docs/machine.md).
#include <chrono>
#include <memory>
#include <new>
#include <optional>

#include "assembler/base/tool.h"
#include "llvm/Support/CommandLine.h"
#include "vm/tools/terminal.h"
#include "vm/tools/vamp_arguments.h"
#include "vm/tools/vamp_report.h"

namespace {

namespace cl = llvm::cl;
using base::Error;

// LLVM has a --stats of its own, which ours replaces: this must be initialised before ours is.
[[maybe_unused]] const bool kForeignDropped = [] {
  auto& options = cl::getRegisteredOptions();
  if (auto found = options.find("stats"); found != options.end()) found->second->removeArgument();
  return true;
}();

cl::opt<std::string> imageFile(cl::Positional, cl::desc("[IMAGE]"));
cl::list<std::string> rawFiles("raw", cl::desc("load a file's bytes at a physical address"),
                               cl::value_desc("FILE@ADDR"));
cl::list<std::string> settings("set", cl::desc("initial registers: r5=0x10,SR=1,dpc=0x100,mode=1"),
                               cl::value_desc("REG=VALUE,.."));
cl::opt<unsigned long long> maxSteps("max-steps", cl::desc("stop after so many instructions, with status 124"),
                                     cl::value_desc("N"), cl::init(machine::kNever));
cl::opt<std::string> dumpState("dump-state", cl::desc("print the final state: json"), cl::value_desc("FORMAT"));
cl::list<std::string> dumpMemory("dump-mem", cl::desc("memory that --dump-state prints"), cl::value_desc("ADDR:LEN"));
cl::opt<std::string> traceFile("trace", cl::desc("write a line for each instruction"), cl::value_desc("FILE"));
cl::opt<bool> printStatistics("stats", cl::desc("print counts and speed on standard error"));
cl::opt<std::string> memorySize("mem", cl::desc("memory size (default 64M)"), cl::value_desc("SIZE"), cl::init("64M"));
cl::opt<std::string> diskFile("disk", cl::desc("image file of disk 0"), cl::value_desc("FILE"));
cl::opt<std::string> secondDiskFile("disk5", cl::desc("image file of disk 5"), cl::value_desc("FILE"));
cl::opt<bool> snapshot("snapshot", cl::desc("leave the disks' files as they are: what is written is forgotten"));
cl::opt<std::string> diskFault("disk-fault", cl::desc("the N-th transfer of a sector of disk 0 fails; and that sector from then on"),
                               cl::value_desc("N[,bad]"));
cl::opt<unsigned> seed("seed", cl::desc("the host device's random seed (default 0)"), cl::value_desc("N"));
cl::opt<bool> reference("reference", cl::desc("use the reference executor (slow)"));
cl::opt<std::string> serialMode("serial", cl::desc("where the serial line goes: stdio (default), none"),
                                cl::value_desc("TO"), cl::init("stdio"));

constexpr base::ToolInfo kInfo{"vamp", "emulator of the VAMP processor",
                               "  vamp prog.elf\n"
                               "  vamp --raw code.bin@0x100 --set dpc=0x100,r5=7 --max-steps 1000 --dump-state=json",
                               base::kExitGuestTool};

int refuse(const Error& error, std::string_view file = {}) { return base::fail(error, file, base::kExitGuestTool); }

// What the arguments say, checked.
struct Setup {
  std::vector<vamp::RawFile> raw;
  std::vector<vamp::Region> regions;
  std::optional<vamp::DiskFault> fault;
  uint32_t memory = 0;
};

base::Result<Setup> checkArguments() {
  Setup setup;
  if (imageFile.empty() && rawFiles.empty()) return Error{"nothing to run: name an image, or use --raw", "usage", ""};
  if (!dumpState.empty() && dumpState != "json")
    return Error{"the only format is json", "bad-argument", "--dump-state=" + dumpState};
  if (!dumpMemory.empty() && dumpState.empty())
    return Error{"it needs --dump-state=json", "bad-argument", "--dump-mem"};
  if (serialMode != "stdio" && serialMode != "none")
    return Error{"expected stdio or none", "bad-argument", "--serial=" + serialMode};
  auto memory = vamp::parseMemorySize(memorySize);
  if (!memory) return memory.error();
  setup.memory = *memory;
  if (diskFault.getNumOccurrences()) {
    auto fault = vamp::parseDiskFault(diskFault);
    if (!fault) return fault.error();
    setup.fault = *fault;
  }
  for (const std::string& argument : rawFiles) {
    auto raw = vamp::parseRaw(argument);
    if (!raw) return raw.error();
    setup.raw.push_back(*raw);
  }
  for (const std::string& argument : dumpMemory) {
    auto region = vamp::parseRegion(argument);
    if (!region) return region.error();
    if (uint64_t(region->address) + region->length > setup.memory)
      return Error{"the range is not in memory", "bad-argument", "--dump-mem=" + argument};
    setup.regions.push_back(*region);
  }
  return setup;
}

base::Result<object::Object> loadImage(machine::Machine& machine) {
  auto bytes = base::readFile(imageFile);
  if (!bytes) return bytes.error();
  auto image = object::readElf(*bytes);
  if (!image) return image.error();
  if (!image->executable) return Error{"this is an object; link it with vld first", "not-an-image", ""};
  for (const object::Segment& segment : object::segments(*image)) {
    if (uint64_t(segment.address) + segment.memorySize > machine.memorySize())
      return Error{"a segment does not fit into memory (--mem)", "image-too-large", ""};
    machine.write(segment.address, segment.bytes.data(), uint32_t(segment.bytes.size()));
  }
  machine.state.dpc = image->entry;
  machine.state.pc = image->entry + 4;
  return image;
}

base::Status loadRaw(machine::Machine& machine, const vamp::RawFile& raw) {
  auto bytes = base::readFile(raw.path);
  if (!bytes) return bytes.error();
  if (bytes->empty()) return Error{"the file is empty", "bad-raw", raw.path};
  if (uint64_t(raw.address) + bytes->size() > machine.memorySize())
    return Error{"the bytes do not fit into memory (--mem)", "bad-raw", raw.path};
  machine.write(raw.address, bytes->data(), uint32_t(bytes->size()));
  return base::Ok{};
}

base::Status attachDisks(devices::SystemBus& bus) {
  for (auto [path, disk] : {std::pair(&diskFile, &bus.disk), std::pair(&secondDiskFile, &bus.secondDisk)}) {
    if (path->empty()) continue;
    auto storage = devices::openDiskFile(*path, snapshot);
    if (!storage) return storage.error();
    *disk = std::make_unique<devices::Disk>(std::move(*storage));
  }
  return base::Ok{};
}

void execute(machine::Machine& machine) {
  if (!reference) {
    machine.run(maxSteps);
    return;
  }
  for (uint64_t i = 0; i < maxSteps; i++)
    if (machine.step() != machine::Stop::Limit) return;
}

int exitStatus(const devices::Host& host, const object::Object* image) {
  if (host.fault()) {
    std::fprintf(stderr, "%s\n", vamp::faultMessage(image, *host.fault()).c_str());
    return base::kExitGuestFault;
  }
  if (host.exitStatus()) return int(*host.exitStatus() & 0xFF);
  return base::kExitGuestLimit;
}

int runMachine(const Setup& setup) {
  vamp::Terminal terminal;
  vamp::SerialTerminal serialTerminal(terminal);
  vamp::Silence silence;
  devices::Console& serial = serialMode == "none" ? static_cast<devices::Console&>(silence) : serialTerminal;
  devices::SystemBus bus(terminal, serial, setup.memory, seed);
  if (auto status = attachDisks(bus); !status) return refuse(status.error());
  if (setup.fault && bus.disk) bus.disk->failTransfer(setup.fault->transfer, setup.fault->stays);
  machine::Machine machine(setup.memory, &bus);

  std::optional<object::Object> image;
  if (!imageFile.empty()) {
    auto loaded = loadImage(machine);
    if (!loaded) return refuse(loaded.error(), imageFile);
    image = std::move(*loaded);
  }
  for (const vamp::RawFile& raw : setup.raw)
    if (auto status = loadRaw(machine, raw); !status) return refuse(status.error());
  if (auto status = vamp::applySettings(settings, machine.state); !status) return refuse(status.error());

  std::unique_ptr<FILE, int (*)(FILE*)> trace(nullptr, std::fclose);
  std::optional<vamp::Trace> tracer;
  if (!traceFile.empty()) {
    trace.reset(traceFile == "-" ? stdout : std::fopen(traceFile.c_str(), "w"));
    if (!trace) return refuse({"cannot create the trace", "cannot-write", traceFile});
    machine.setObserver(&tracer.emplace(trace.get(), machine.state));
  }

  auto begin = std::chrono::steady_clock::now();
  execute(machine);
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;

  if (trace && (std::fflush(trace.get()) != 0 || std::ferror(trace.get())))
    return refuse({"cannot write the trace", "cannot-write", traceFile});
  if (!dumpState.empty()) terminal.print(vamp::stateJson(machine, setup.regions));
  if (!terminal.flush()) return refuse({"cannot write", "cannot-write", "standard output"});
  if (printStatistics) std::fputs(vamp::statistics(machine, bus, seconds.count()).c_str(), stderr);
  return exitStatus(bus.host, image ? &*image : nullptr);
}

}  // namespace

int main(int argc, char** argv) {
  if (!base::parseOptions(argc, argv, kInfo)) return base::kExitGuestTool;
  auto setup = checkArguments();
  if (!setup) return refuse(setup.error());
  try {
    return runMachine(*setup);
  } catch (const std::bad_alloc&) {
    return refuse({"there is not enough memory", "out-of-memory", ""});
  }
}
