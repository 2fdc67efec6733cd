#include "test/kernel/probe/cost.h"

#include <algorithm>
#include <cstdio>

#include "vm/machine/causes.h"

namespace probe {
namespace {

constexpr unsigned kMark = 4095, kMarkArgument = 11;
enum Event : int { kFault = -1, kFaultWithDisk = -2 };
enum class Until { SameProcess, AnyProcess };

// An event is a trap's number or one of the above; it lasts from the instruction that is interrupted to the next one of the process, or of
// any process.
struct Kind {
  const char* name;
  unsigned part;  // of cost.c0
  int event;
  Until until;
  bool tight;
  unsigned goal;
};
constexpr Kind kKinds[] = {
    {"null system call", 1, 0, Until::SameProcess, false, 250},
    {"yield, to another process", 2, 2, Until::AnyProcess, false, 350},
    {"IPC round trip, 4 words", 3, 10, Until::SameProcess, false, 900},
    {"IPC round trip, 4 KiB each way", 4, 14, Until::SameProcess, false, 0},
    {"page fault to a free frame", 5, kFault, Until::SameProcess, false, 400},
    {"page fault with eviction, without the disk's words", 6, kFaultWithDisk, Until::SameProcess, true, 900},
    {"first write to a clean page", 6, kFault, Until::SameProcess, true, 0},
    {"alloc of a page", 7, 5, Until::SameProcess, false, 0},
    {"free of a page", 7, 7, Until::SameProcess, false, 0},
    {"clone of 16 pages", 8, 18, Until::SameProcess, false, 0},
};

// Instructions of a function, by its symbol.
struct Range {
  uint32_t begin, end;
  bool has(uint32_t address) const { return begin <= address && address < end; }
};

class Watcher : public machine::Observer {
 public:
  Watcher(const Kernel& kernel, Trial& trial, bool tight, std::vector<Cost>& costs)
      : trial_(trial), cup_(kernel.address("cup")), tight_(tight), costs_(costs) {
    for (const char* name : {"swap_page_in", "swap_page_out"}) {
      const uint32_t begin = kernel.address(name);
      diskCode_.push_back({begin, begin + kernel.image.symbol(name)->size});
    }
  }

  bool onStep(const machine::State& after, const machine::Event& event) override {
    if (wasUser_) {
      const uint32_t u = trial_.word(cup_);
      if (open_ && (u == marked_ || !same_)) close();
      if (!open_ && event.causes) begin(u, after, event);
    }
    if (open_) {
      steps_++;
      diskSteps_ += !wasUser_ && std::any_of(diskCode_.begin(), diskCode_.end(), [&](const Range& code) { return code.has(event.dpc); });
    }
    wasUser_ = after.user();
    return true;
  }

 private:
  void begin(uint32_t u, const machine::State& after, const machine::Event& event) {
    const bool trap = event.causes == 1u << machine::kTrap;
    const unsigned number = after.spr[isa::EDATA];
    if (trap && number == kMark) {
      part_ = after.gpr[kMarkArgument], marked_ = u;
      return;
    }
    const bool fault = event.causes == 1u << machine::kFetchFault || event.causes == 1u << machine::kDataFault;
    if (part_ == 0 || u != marked_ || !(trap || fault)) return;
    open_ = true, event_ = trap ? int(number) : kFault, same_ = true;
    for (const Kind& kind : kKinds)
      if (kind.part == part_ && kind.event == event_) same_ = kind.until == Until::SameProcess;
    steps_ = diskSteps_ = 0;
    read_ = trial_.bus.disk->sectorsRead(), written_ = trial_.bus.disk->sectorsWritten();
  }

  void close() {
    open_ = false;
    const bool read = trial_.bus.disk->sectorsRead() > read_, written = trial_.bus.disk->sectorsWritten() > written_;
    if (event_ == kFault && read && written) event_ = kFaultWithDisk;
    else if (read || written) return;
    for (size_t k = 0; k < std::size(kKinds); k++) {
      const Kind& kind = kKinds[k];
      if (kind.part != part_ || kind.event != event_ || kind.tight != tight_) continue;
      Cost& cost = costs_[k];
      const uint64_t steps = steps_ - diskSteps_;
      if (cost.count == 0 || steps < cost.least) cost.least = steps, cost.disk = diskSteps_;
      cost.most = std::max(cost.most, steps);
      cost.count++;
    }
  }

  Trial& trial_;
  const uint32_t cup_;
  const bool tight_;
  std::vector<Cost>& costs_;
  std::vector<Range> diskCode_;
  unsigned part_ = 0;
  uint32_t marked_ = 0;  // the process that is measured
  bool wasUser_ = false, open_ = false, same_ = true;
  int event_ = 0;
  uint64_t steps_ = 0, diskSteps_ = 0, read_ = 0, written_ = 0;
};

}  // namespace

std::vector<Cost> measure(const Kernel& roomy, const Kernel& tight) {
  std::vector<Cost> costs;
  for (const Kind& kind : kKinds) costs.push_back({kind.name, kind.goal});
  for (const Kernel* kernel : {&roomy, &tight}) {
    Trial trial(*kernel);
    Watcher watcher(*kernel, trial, kernel == &tight, costs);
    trial.machine.setObserver(&watcher);
    const std::string end = trial.run();
    if (end != "status 0") std::fprintf(stderr, "kernel-probe: %s\n", end.c_str());
  }
  return costs;
}

std::string table(const std::vector<Cost>& costs) {
  std::string text = "guest instructions                                    cost     goal   cases\n";
  for (const Cost& cost : costs) {
    char line[160];
    std::snprintf(line, sizeof line, "%-50s %7llu", cost.name, (unsigned long long)(cost.least));
    text += line;
    std::snprintf(line, sizeof line, cost.goal ? "  %7u" : "        -", cost.goal);
    text += line;
    std::snprintf(line, sizeof line, " %7llu", (unsigned long long)(cost.count));
    text += line;
    if (cost.most != cost.least) std::snprintf(line, sizeof line, ", at most %llu", (unsigned long long)(cost.most)), text += line;
    if (cost.disk) std::snprintf(line, sizeof line, ", and %llu for the disk", (unsigned long long)(cost.disk)), text += line;
    text += '\n';
  }
  return text;
}

}  // namespace probe
