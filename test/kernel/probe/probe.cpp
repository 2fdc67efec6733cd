// kernel-probe: runs of a concrete kernel that are disturbed, against the same run undisturbed. The kernel is minimal or one like it,
// which ends a process that has lost a page, and the system when nobody is left.
#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstring>

#include "assembler/base/tool.h"
#include "llvm/Support/CommandLine.h"
#include "test/kernel/probe/cost.h"
#include "test/kernel/probe/trial.h"
#include "vm/machine/causes.h"

namespace {

namespace cl = llvm::cl;
using probe::Kernel;
using probe::Trial;

cl::list<std::string> words(cl::Positional, cl::desc("undisturbed | faults | interrupts | frames KERNEL DISK; cost KERNEL ROOMY-DISK TIGHT-DISK"));
cl::opt<unsigned> every("every", cl::desc("only every k-th transfer or instruction"), cl::value_desc("k"), cl::init(1));
cl::opt<unsigned> process("process", cl::desc("interrupts: of which process"), cl::value_desc("u"), cl::init(1));
cl::opt<unsigned> memory("mem", cl::desc("MiB of memory"), cl::value_desc("N"), cl::init(8));

constexpr base::ToolInfo kInfo{"kernel-probe", "disturbs runs of a concrete kernel",
                               "  kernel-probe faults --every 13 minimal.elf disk.img\n"
                               "  kernel-probe interrupts --process 1 minimal.elf disk.img"};

unsigned failures = 0;

[[gnu::format(printf, 1, 2)]] void fail(const char* format, ...) {
  constexpr unsigned kShown = 10;
  if (++failures > kShown) return;
  va_list arguments;
  va_start(arguments, format);
  std::vfprintf(stderr, format, arguments);
  va_end(arguments);
}

// The undisturbed run, which ends with status 0 and leaves nothing.
struct Reference {
  std::map<uint32_t, std::string> outputs;
  uint64_t steps = 0, transfers = 0;
};
Reference reference(const Kernel& kernel) {
  Trial trial(kernel);
  const std::string end = trial.run(), leaks = trial.leaks();
  if (end != "status 0" || !leaks.empty()) fail("undisturbed: %s; %s\n%s\n", end.c_str(), leaks.c_str(), trial.outputs.all.c_str());
  return {trial.outputs.of, trial.machine.state.steps, trial.bus.disk->transfers()};
}

// The n-th transfer of a sector fails, once or for good. A failure that goes away has no effect. One that stays may keep the kernel from
// booting, or cost one process a page: the abstract kernel is told, and ends it; it has said nothing wrong until then. Everybody else says what he would have said,
// and in the end everything is free.
void failTransfer(const Kernel& kernel, const Reference& right, uint64_t n, bool stays, uint64_t& lost) {
  Trial trial(kernel);
  trial.bus.disk->failTransfer(n, stays);
  const std::string end = trial.run(), leaks = trial.leaks();
  const std::string how = "transfer " + std::to_string(n) + " fails " + (stays ? "for good" : "once");
  if (stays && end == "status 125" && trial.outputs.all == "boot: cannot read the disk\n") return;  // one of the header
  if (end != "status 0") fail("%s: %s: %s\n", how.c_str(), end.c_str(), trial.outputs.all.c_str());
  if (!leaks.empty()) fail("%s: %s\n", how.c_str(), leaks.c_str());
  unsigned ended = 0;
  for (const auto& [u, output] : right.outputs) {
    const std::string& found = trial.outputs.of[u];
    if (found == output) continue;
    if (!stays || ++ended > 1 || !output.starts_with(found)) fail("%s: process %u says '%s'\n", how.c_str(), u, found.c_str());
  }
  lost += ended;
}

void faults(const Kernel& kernel) {
  const Reference right = reference(kernel);
  uint64_t runs = 0, lost = 0;
  for (bool stays : {false, true})
    for (uint64_t n = 1; n <= right.transfers; n += every, runs++) failTransfer(kernel, right, n, stays, lost);
  std::printf("%llu transfers of a sector; %llu runs with one that fails, in %llu of them a process lost a page\n", (unsigned long long)(right.transfers),
              (unsigned long long)(runs), (unsigned long long)(lost));
}

// When which process executes an instruction.
class UserTimes : public machine::Observer {
 public:
  UserTimes(const Trial& trial, uint32_t cup) : trial_(trial), cup_(cup) {}
  bool onStep(const machine::State& after, const machine::Event& event) override {
    if (wasUser_ && !event.causes && trial_.word(cup_) == process) times.push_back(after.steps - 1);
    wasUser_ = after.user();
    return true;
  }
  std::vector<uint64_t> times;

 private:
  const Trial& trial_;
  const uint32_t cup_;
  bool wasUser_ = false;
};

// The timer interrupts the process at its k-th instruction, for every k: nobody says anything else.
void interrupts(const Kernel& kernel) {
  const Reference right = reference(kernel);
  Trial first(kernel);
  UserTimes user(first, kernel.address("cup"));
  first.machine.setObserver(&user);
  first.run();
  uint64_t runs = 0, taken = 0;
  for (uint64_t k = 0; k < user.times.size(); k += every, runs++) {
    Trial trial(kernel);
    trial.bus.forceAt = user.times[k];
    const std::string end = trial.run(), leaks = trial.leaks();
    taken += trial.machine.interrupts()[13 + devices::kTimer];
    if (end != "status 0" || !leaks.empty() || trial.outputs.of != right.outputs)
      fail("interrupted at instruction %llu: %s; %s\n%s\n", (unsigned long long)(k + 1), end.c_str(), leaks.c_str(), trial.outputs.all.c_str());
  }
  std::printf("%zu instructions of process %u; %llu runs, %llu timer interrupts\n", user.times.size(), unsigned(process),
              (unsigned long long)(runs), (unsigned long long)(taken));
  if (taken < runs) fail("%llu runs were not interrupted\n", (unsigned long long)(runs - taken));
}

// With any number of frames, down to two, the users say the same.
void frames(Kernel kernel) {
  const Reference right = reference(kernel);
  for (uint32_t count : {2u, 3u, 4u, 5u, 8u, 16u, 64u}) {
    uint32_t words[2];
    std::memcpy(words, &kernel.disk[4 * cvmimage::kChecksumWord], sizeof words);
    words[0] += words[1] - count, words[1] = count;
    std::memcpy(&kernel.disk[4 * cvmimage::kChecksumWord], words, sizeof words);
    kernel.header.frames = count;
    Trial trial(kernel);
    const std::string end = trial.run(), leaks = trial.leaks();
    const auto& interrupts = trial.machine.interrupts();
    if (end != "status 0" || !leaks.empty() || trial.outputs.of != right.outputs)
      fail("%u frames: %s; %s\n%s\n", count, end.c_str(), leaks.c_str(), trial.outputs.all.c_str());
    std::printf("%2u frames: %8llu page faults, %8llu sectors\n", count,
                (unsigned long long)(interrupts[machine::kFetchFault] + interrupts[machine::kDataFault]),
                (unsigned long long)(trial.bus.disk->transfers()));
  }
}

// Every cost was seen; the table.
void cost(const Kernel& roomy, const Kernel& tight) {
  const std::vector<probe::Cost> costs = probe::measure(roomy, tight);
  std::fputs(probe::table(costs).c_str(), stdout);
  for (const probe::Cost& each : costs)
    if (each.count == 0) fail("%s: never\n", each.name);
}

}  // namespace

int main(int argc, char** argv) {
  if (!base::parseOptions(argc, argv, kInfo)) return base::kExitUsage;
  if (words.empty() || words.size() != (words[0] == "cost" ? 4 : 3) || every == 0)
    return base::fail({"expected a command, KERNEL and DISK", "usage", ""}, {}, base::kExitUsage);
  const Kernel kernel = probe::load(words[1], words[2], uint32_t(memory) << 20);
  if (words[0] == "undisturbed") reference(kernel);
  else if (words[0] == "faults") faults(kernel);
  else if (words[0] == "interrupts") interrupts(kernel);
  else if (words[0] == "frames") frames(kernel);
  else if (words[0] == "cost") cost(kernel, probe::load(words[1], words[3], uint32_t(memory) << 20));
  else return base::fail({"there is no such command", "usage", words[0]}, {}, base::kExitUsage);
  if (failures) std::fprintf(stderr, "%u failures\n", failures);
  return failures ? base::kExitErrors : base::kExitOk;
}
