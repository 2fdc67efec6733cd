// vamp: the emulator. Loads an image or raw bytes, runs, returns the program's exit status (docs/machine.md).
#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <memory>
#include <new>
#include <optional>

#include "assembler/base/tool.h"
#include "llvm/Support/CommandLine.h"
#include "vm/timeline/container.h"
#include "vm/timeline/log.h"
#include "vm/timeline/snapshot.h"
#include "vm/tools/terminal.h"
#include "vm/tools/vamp_arguments.h"
#include "vm/tools/vamp_debug.h"
#include "vm/tools/vamp_grading.h"
#include "vm/tools/vamp_monitor.h"
#include "vm/tools/vamp_network.h"
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

cl::opt<std::string> net("net", cl::desc("network: other emulators, who meet at PATH, or the host's user"), cl::value_desc("PATH,NODE/NODES|user"));
cl::opt<std::string> mac("mac", cl::desc("address of the network interface (default 52:54:00:00:00 and NODE)"), cl::value_desc("52:54:..:56"));
cl::opt<std::string> capture("net-capture", cl::desc("keep all frames in a file (pcapng)"), cl::value_desc("FILE"));
cl::opt<std::string> busMeeting("bus", cl::desc("bus controller: other emulators on the same bus"), cl::value_desc("PATH,NODE/NODES"));
cl::opt<std::string> recordFile("record", cl::desc("write what comes from outside, and digests of the states, to a log"),
                                cl::value_desc("FILE"));
cl::opt<std::string> replayFile("replay", cl::desc("the run of a log again, checked against its digests"), cl::value_desc("FILE"));
cl::opt<unsigned long long> digestInterval("digest-interval", cl::desc("instructions between two digests of a log (default 1000000)"),
                                           cl::value_desc("N"), cl::init(1'000'000));
cl::opt<std::string> saveFile("save", cl::desc("write the whole state at the end"), cl::value_desc("FILE"));
cl::opt<std::string> restoreFile("restore", cl::desc("begin in the state of a file that --save wrote"), cl::value_desc("FILE"));
cl::opt<bool> monitored("monitor", cl::desc("read commands: step, back, break, watch, why, .. (help lists them)"));
cl::opt<bool> checkSync("check-sync", cl::desc("report where a pipelined VAMP might do something else: stores to what is fetched, with nothing between that drains the pipe"));
cl::opt<unsigned long long> watchdog("watchdog", cl::desc("stop after so many instructions without output, input or transfer, with status 124"),
                                     cl::value_desc("N"), cl::init(machine::kNever));
cl::opt<unsigned long long> diskWrites("max-disk-writes", cl::desc("stop after so many sectors were written, with status 124"),
                                       cl::value_desc("N"), cl::init(machine::kNever));
cl::opt<std::string> tracedDevices("trace-device", cl::desc("a line on standard error for each access to a port: disk, timer, .., all"),
                                   cl::value_desc("NAME,.."));
cl::opt<std::string> jsonFile("result-json", cl::desc("write how the run ended"), cl::value_desc("FILE"));
cl::opt<std::string> junitFile("result-junit", cl::desc("write how the run ended, as a JUnit test case"), cl::value_desc("FILE"));
cl::opt<std::string> inputFile("input", cl::desc("the program's input, instead of the standard input"), cl::value_desc("FILE"));

cl::opt<std::string> debugPlace("gdb", cl::desc("wait for gdb at a port, a socket's path, or - (see vamp-gdb)"), cl::value_desc("WHERE"));

volatile std::sig_atomic_t interrupted = 0;

constexpr base::ToolInfo kInfo{"vamp", "emulator of the VAMP processor",
                               "  vamp prog.elf\n"
                               "  vamp --raw code.bin@0x100 --set dpc=0x100,r5=7 --max-steps 1000 --dump-state=json",
                               base::kExitGuestTool};

// By commands, not by itself.
bool driven() { return monitored || debugPlace.getNumOccurrences(); }

int refuse(const Error& error, std::string_view file = {}) { return base::fail(error, file, base::kExitGuestTool); }

// What the arguments say, checked.
struct Setup {
  std::vector<vamp::RawFile> raw;
  std::vector<vamp::Region> regions;
  std::optional<vamp::DiskFault> fault;
  uint32_t memory = 0;
  vamp::GradingBus::Options grading;
  std::optional<timeline::Log> replayed;
  std::optional<timeline::Snapshot> restored;
};

template <class Read>
auto readOurs(const std::string& path, Read read) -> decltype(read(std::span<const uint8_t>())) {
  auto bytes = base::readFile(path);
  if (!bytes) return bytes.error();
  auto content = read(*bytes);
  if (!content) return Error{content.error().text, content.error().id, path + (content.error().place.empty() ? "" : ", " + content.error().place)};
  return content;
}

// Options that a log holds as text: a replay need not repeat them.
struct TextSetting {
  const char* name;
  cl::Option& option;
  std::string (*value)();
  void (*adopt)(const std::string&);
};
std::string joined() {
  std::string text;
  for (const std::string& item : settings) text += (text.empty() ? "" : ",") + item;
  return text;
}
const TextSetting kTextSettings[] = {
    {"mem", memorySize, [] { return memorySize.getValue(); }, [](const std::string& text) { memorySize = text; }},
    {"seed", seed, [] { return std::to_string(seed); }, [](const std::string& text) { seed = unsigned(std::strtoul(text.c_str(), nullptr, 10)); }},
    {"serial", serialMode, [] { return serialMode.getValue(); }, [](const std::string& text) { serialMode = text; }},
    {"set", settings, joined, [](const std::string& text) { if (!text.empty()) settings.push_back(text); }},
    {"net", net, [] { return net.getValue(); }, [](const std::string& text) { net = text; }},
    {"mac", mac, [] { return mac.getValue(); }, [](const std::string& text) { mac = text; }},
    {"bus", busMeeting, [] { return busMeeting.getValue(); }, [](const std::string& text) { busMeeting = text; }},
    {"disk-fault", diskFault, [] { return diskFault.getValue(); }, [](const std::string& text) { diskFault = text; }},
};

base::Status readReplayed(Setup& setup) {
  if (replayFile.empty()) return base::Ok{};
  if (!recordFile.empty()) return Error{"it does not go with --replay", "bad-argument", "--record"};
  auto log = readOurs(replayFile, timeline::readLog);
  if (!log) return log.error();
  for (const TextSetting& text : kTextSettings)
    for (const timeline::Setting& setting : log->settings)
      if (setting.name == text.name && !text.option.getNumOccurrences()) text.adopt(setting.value);
  setup.replayed = std::move(*log);
  return base::Ok{};
}

base::Status readRestored(Setup& setup) {
  if (restoreFile.empty()) return base::Ok{};
  auto restored = readOurs(restoreFile, timeline::readSnapshot);
  if (!restored) return restored.error();
  for (const std::reference_wrapper<cl::Option> option : std::initializer_list<std::reference_wrapper<cl::Option>>{memorySize, seed, diskFile, secondDiskFile, rawFiles})
    if (option.get().getNumOccurrences()) return Error{"the snapshot says it already", "bad-argument", "--" + option.get().ArgStr.str()};
  memorySize = std::to_string(restored->memory);
  seed = restored->seed;
  setup.restored = std::move(*restored);
  return base::Ok{};
}

base::Result<Setup> checkArguments() {
  Setup setup;
  for (const std::reference_wrapper<cl::Option> option :
       std::initializer_list<std::reference_wrapper<cl::Option>>{recordFile, traceFile, checkSync, watchdog, diskWrites, tracedDevices, maxSteps})
    if (driven() && option.get().getNumOccurrences())
      return Error{std::string("it does not go with ") + (monitored ? "--monitor" : "--gdb"), "bad-argument", "--" + option.get().ArgStr.str()};
  if (monitored && debugPlace.getNumOccurrences()) return Error{"it does not go with --monitor", "bad-argument", "--gdb"};
  if (auto status = readReplayed(setup); !status) return status.error();
  if (auto status = readRestored(setup); !status) return status.error();
  if (imageFile.empty() && rawFiles.empty() && !setup.restored) return Error{"nothing to run: name an image, or use --raw", "usage", ""};
  if (!dumpState.empty() && dumpState != "json")
    return Error{"the only format is json", "bad-argument", "--dump-state=" + dumpState};
  if (!dumpMemory.empty() && dumpState.empty())
    return Error{"it needs --dump-state=json", "bad-argument", "--dump-mem"};
  if (serialMode != "stdio" && serialMode != "none")
    return Error{"expected stdio or none", "bad-argument", "--serial=" + serialMode};
  if (digestInterval == 0) return Error{"it must be positive", "bad-argument", "--digest-interval=0"};
  auto memory = vamp::parseMemorySize(memorySize);
  if (!memory) return memory.error();
  setup.memory = *memory;
  if (diskFault.getNumOccurrences() || !diskFault.empty()) {
    auto fault = vamp::parseDiskFault(diskFault);
    if (!fault) return fault.error();
    setup.fault = *fault;
  }
  setup.grading.patience = watchdog, setup.grading.diskWrites = diskWrites;
  if (!tracedDevices.empty()) {
    auto devices = vamp::parseDevices(tracedDevices);
    if (!devices) return devices.error();
    setup.grading.traced = *devices;
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

// With `machine`, into its memory.
base::Result<object::Object> loadImage(machine::Machine* machine) {
  auto bytes = base::readFile(imageFile);
  if (!bytes) return bytes.error();
  auto image = object::readElf(*bytes);
  if (!image) return image.error();
  if (!image->executable) return Error{"this is an object; link it with vld first", "not-an-image", ""};
  if (!machine) return image;
  for (const object::Segment& segment : object::segments(*image)) {
    if (uint64_t(segment.address) + segment.memorySize > machine->memorySize())
      return Error{"a segment does not fit into memory (--mem)", "image-too-large", ""};
    machine->write(segment.address, segment.bytes.data(), uint32_t(segment.bytes.size()));
  }
  machine->state.dpc = image->entry;
  machine->state.pc = image->entry + 4;
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
    auto storage = devices::openDiskFile(*path, snapshot || !replayFile.empty() || driven());
    if (!storage) return storage.error();
    *disk = std::make_unique<devices::Disk>(std::move(*storage));
  }
  return base::Ok{};
}

machine::Stop execute(machine::Machine& machine, uint64_t limit) {
  if (!reference) return machine.run(limit);
  machine::Stop stop = machine::Stop::Limit;
  for (uint64_t i = 0; i < limit && stop == machine::Stop::Limit; i++) stop = machine.step();
  return stop;
}

// The first ^C ends the run, in reads as well; the second the tool, if there is no monitor.
void catchInterrupt() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted = 1; };
  if (!monitored) action.sa_flags = int(SA_RESETHAND);
  sigaction(SIGINT, &action, nullptr);
}

// What the run is a function of, input aside.
base::Result<std::vector<timeline::Setting>> settingsOfRun(const Setup& setup, devices::SystemBus& bus) {
  std::vector<timeline::Setting> result;
  std::vector<std::pair<std::string, std::string>> files;
  if (setup.restored) files.push_back({"restore", restoreFile});
  else if (!imageFile.empty()) files.push_back({"image", imageFile});
  for (const vamp::RawFile& raw : setup.raw) files.push_back({"raw@" + std::to_string(raw.address), raw.path});
  for (const auto& [name, path] : files) {
    auto bytes = base::readFile(path);
    if (!bytes) return bytes.error();
    result.push_back({name, timeline::sha256(*bytes)});
  }
  for (auto [name, disk] : {std::pair("disk", &bus.disk), std::pair("disk5", &bus.secondDisk)}) {
    if (!*disk) continue;
    auto hash = timeline::sha256(*(*disk)->storage());
    if (!hash) return Error{hash.error().text, hash.error().id, std::string("--") + name};
    result.push_back({name, *hash});
  }
  for (const TextSetting& text : kTextSettings) result.push_back({text.name, text.value()});
  return result;
}

// Runs, and records or replays.
base::Status runAsAsked(const Setup& setup, machine::Machine& machine, devices::SystemBus& bus, timeline::Journal& journal,
                        const std::function<base::Status()>& drive) {
  const auto run = [&](uint64_t limit) { return execute(machine, limit); };
  if (recordFile.empty() && !setup.replayed) return driven() ? drive() : (run(maxSteps), base::Status(base::Ok{}));
  auto settings = settingsOfRun(setup, bus);
  if (!settings) return settings.error();
  if (setup.replayed) {
    auto status = timeline::sameRun(*settings, setup.replayed->settings);
    if (status && driven()) return drive();
    if (status) status = timeline::replay(machine, bus, journal, run, *setup.replayed, maxSteps);
    return status ? status : Error{status.error().text, status.error().id, replayFile + (status.error().place.empty() ? "" : ", " + status.error().place)};
  }
  timeline::Log log{digestInterval, std::move(*settings), {}, {}};
  const uint64_t now = machine.state.steps;
  timeline::record(machine, bus, maxSteps > machine::kNever - now ? machine::kNever : now + maxSteps, run, [] { return interrupted != 0; }, log);
  log.events = journal.events();
  const std::vector<uint8_t> bytes = timeline::writeLog(log);
  return base::writeFile(recordFile, bytes.data(), bytes.size());
}

base::Status save(const machine::Machine& machine, devices::SystemBus& bus) {
  if (saveFile.empty()) return base::Ok{};
  auto bytes = timeline::writeSnapshot(machine, bus);
  return bytes ? base::writeFile(saveFile, bytes->data(), bytes->size()) : bytes.error();
}

vamp::Outcome outcomeOf(const devices::Host& host, const object::Object* image, std::optional<vamp::Ending> graded) {
  using vamp::Ending;
  if (host.fault()) return {Ending::Fault, base::kExitGuestFault, vamp::faultMessage(image, *host.fault())};
  if (host.exitStatus()) return {Ending::Exit, int(*host.exitStatus() & 0xFF), ""};
  if (monitored) return {Ending::Limit, base::kExitOk, ""};
  return {graded.value_or(Ending::Limit), base::kExitGuestLimit, ""};
}

// What a person reads on standard error, and machines in files.
base::Status tell(const vamp::Outcome& outcome, const machine::Machine& machine, const devices::SystemBus& bus, const vamp::Observers& observers,
                  const object::Object* image) {
  if (outcome.ending == vamp::Ending::Fault) std::fprintf(stderr, "%s\n", outcome.fault.c_str());
  if (outcome.ending == vamp::Ending::NoProgress || outcome.ending == vamp::Ending::DiskWrites)
    std::fprintf(stderr, "vamp: stopped after %llu instructions: %s\n", static_cast<unsigned long long>(machine.state.steps), vamp::outcomeText(outcome).c_str());
  const auto* sync = observers.sync ? &observers.sync->findings() : nullptr;
  if (sync) std::fputs(vamp::syncReport(*sync, image).c_str(), stderr);
  const std::string name = imageFile.empty() ? restoreFile.empty() ? rawFiles[0] : restoreFile.getValue() : imageFile.getValue();
  for (const auto& [path, text] : {std::pair(jsonFile.getValue(), vamp::resultJson(name, outcome, machine, bus, sync)),
                                   std::pair(junitFile.getValue(), vamp::resultJunit(name, outcome, machine))})
    if (!path.empty())
      if (auto status = base::writeFile(path, text.data(), text.size()); !status) return status;
  return base::Ok{};
}

int runMachine(const Setup& setup) {
  const int input = inputFile.empty() ? STDIN_FILENO : ::open(inputFile.c_str(), O_RDONLY | O_CLOEXEC);
  if (char byte; input < 0 || (input != STDIN_FILENO && ::pread(input, &byte, 0, 0) < 0))  // a folder can be opened, too
    return refuse({std::string("cannot open: ") + std::strerror(errno), "cannot-read", inputFile});
  vamp::Terminal terminal(&interrupted, input), commands;
  vamp::SerialTerminal serialTerminal(terminal);
  vamp::Silence silence;
  vamp::DebuggerConsole debugger(inputFile.empty() ? nullptr : &terminal);
  const bool piped = debugPlace == "-";
  devices::Console& console = piped ? static_cast<devices::Console&>(debugger) : terminal;
  devices::Console& line = piped ? static_cast<devices::Console&>(debugger) : serialTerminal;
  devices::Console& serial = serialMode == "none" ? static_cast<devices::Console&>(silence) : line;
  timeline::Journal journal(console, serial);
  const bool journalled = !recordFile.empty() || setup.replayed || driven();
  devices::SystemBus bus(journalled ? journal.host() : terminal, journalled ? journal.serial() : serial, setup.memory, seed);
  if (auto status = attachDisks(bus); !status) return refuse(status.error());
  if (setup.restored) setup.restored->attachDisks(bus);
  vamp::Links links;
  if (auto status = links.attach(bus, journalled ? &journal : nullptr, {net, mac, capture, busMeeting, setup.replayed.has_value()}); !status) return refuse(status.error());
  vamp::GradingBus graded(bus, setup.grading);
  machine::Machine machine(setup.memory, setup.grading.any() ? static_cast<machine::Bus*>(&graded) : &bus);
  journal.setClock(machine.state.steps);
  if (setup.replayed) journal.replay(setup.replayed->events);

  std::optional<object::Object> image;
  if (!imageFile.empty()) {
    auto loaded = loadImage(setup.restored ? nullptr : &machine);
    if (!loaded) return refuse(loaded.error(), imageFile);
    image = std::move(*loaded);
  }
  for (const vamp::RawFile& raw : setup.raw)
    if (auto status = loadRaw(machine, raw); !status) return refuse(status.error());
  if (setup.restored)
    if (auto status = setup.restored->restore(machine, bus); !status) return refuse(status.error(), restoreFile);
  if (setup.fault && bus.disk) bus.disk->failTransfer(setup.fault->transfer, setup.fault->stays);
  if (auto status = vamp::applySettings(settings, machine.state); !status) return refuse(status.error());

  vamp::Observers observers;
  if (auto status = observers.attach(machine, traceFile, checkSync); !status) return refuse(status.error());

  auto begin = std::chrono::steady_clock::now();
  if (monitored || !recordFile.empty()) catchInterrupt();
  const auto ran = runAsAsked(setup, machine, bus, journal, [&]() -> base::Status {
    const object::Object* symbols = image ? &*image : nullptr;
    if (!monitored) return vamp::debug(debugPlace, machine, bus, journal, symbols, piped ? &debugger.output : nullptr);
    vamp::runMonitor(machine, bus, journal, symbols, terminal, inputFile.empty() ? terminal : commands, interrupted);
    return base::Ok{};
  });
  std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;

  if (!observers.flush()) return refuse({"cannot write the trace", "cannot-write", traceFile});
  if (auto status = save(machine, bus); !status) return refuse(status.error());
  if (!dumpState.empty()) terminal.print(vamp::stateJson(machine, setup.regions));
  if (!terminal.flush()) return refuse({"cannot write", "cannot-write", "standard output"});
  if (!links.flush()) return refuse({"cannot write the frames", "cannot-write", capture});
  if (!ran) return refuse(ran.error());
  if (printStatistics) std::fputs(vamp::statistics(machine, bus, seconds.count()).c_str(), stderr);
  const vamp::Outcome outcome = outcomeOf(bus.host, image ? &*image : nullptr, graded.ending());
  if (auto status = tell(outcome, machine, bus, observers, image ? &*image : nullptr); !status) return refuse(status.error());
  return outcome.status;
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
