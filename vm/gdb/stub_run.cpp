// Running, forward and back, and what a stop is called.
#include <algorithm>
#include <utility>

#include "vm/gdb/registers.h"
#include "vm/gdb/stub.h"

namespace gdb {

using timeline::Reason;

namespace {

constexpr int kInterrupt = 2, kTrap = 5, kAbort = 6;

bool overlap(timeline::Range a, timeline::Range b) {
  return uint64_t(a.address) < uint64_t(b.address) + b.size && uint64_t(b.address) < uint64_t(a.address) + a.size;
}

}  // namespace

bool Stub::interrupted() {
  flushOutput();
  return packets_.interrupted();
}

bool Stub::wanted(const machine::State& state) const {
  if (breakIn_ == BreakIn::Kernel) return !state.user();
  if (breakIn_ == BreakIn::Users) return state.user() && (!breakProcess_ || processes_.current() == *breakProcess_);
  return true;
}

void Stub::arm() {
  std::vector<timeline::Range> ranges;
  for (const Watchpoint& point : watchpoints_)
    if (point.kind != Watched::Read) ranges.push_back(point.range);
  host_.timeline.stopAt(breakpoints_, ranges, [this](const machine::State& state) { return wanted(state); });
}

const Stub::Watchpoint* Stub::watchedBy(timeline::Range range, bool load) const {
  for (const Watchpoint& point : watchpoints_)
    if (point.kind != (load ? Watched::Write : Watched::Read) && overlap(point.range, range)) return &point;
  return nullptr;
}

// The watchpoint whose memory the next instruction reads.
const Stub::Watchpoint* Stub::loadsWatched(const machine::State& state) const {
  const Space space = spaceOf(state);
  const std::string code = readMemory(host_.machine, space, state.dpc, 4);
  if (code.size() < 4) return nullptr;
  const isa::Instruction in = isa::decode(base::load<uint32_t>(code.data()));
  const uint32_t size = isa::isLoad(in.op) ? isa::accessSize(in.op) : 0;
  const auto from = size ? physical(host_.machine, space, state.gpr[in.rs1] + uint32_t(in.imm), false) : std::nullopt;
  return from ? watchedBy({*from, size}, true) : nullptr;
}

namespace {

template <class Points>
bool watchesLoads(const Points& points) {
  return std::any_of(points.begin(), points.end(), [](const auto& point) { return unsigned(point.kind) != 2; });
}

}  // namespace

// A debugger that wants to go on from a breakpoint removes it first. Loads are found one instruction at a time.
Reason Stub::forward() {
  const machine::State& state = host_.machine.state;
  if (std::find(breakpoints_.begin(), breakpoints_.end(), state.dpc) != breakpoints_.end() && wanted(state)) return Reason::Break;
  if (!watchesLoads(watchpoints_)) return host_.timeline.run();
  for (uint64_t i = 1;; i++) {
    const Reason reason = host_.timeline.run(1);
    if (reason != Reason::Limit) return reason;
    if (loadsWatched(host_.machine.state)) return Reason::Store;
    if (i % 4096 == 0 && interrupted()) return Reason::Requested;
  }
}

Reason Stub::backward() {
  std::optional<uint64_t> load;
  if (watchesLoads(watchpoints_))
    load = host_.timeline.lastStep([this](const machine::State& before, const machine::State&, const machine::Event&) { return loadsWatched(before) != nullptr; });
  const Reason reason = host_.timeline.runBack(load.value_or(0));
  const bool there = load && host_.timeline.now() == *load && reason != Reason::Break && reason != Reason::Store;
  return there ? Reason::Store : reason;
}

// gdb has skipped an instruction. If it did so to make a step, it has a breakpoint behind it; on its way back, the instruction is not executed
// after all. Nothing: it goes on.
std::optional<std::string> Stub::afterSkip(bool back) {
  if (!skip_) return std::nullopt;
  const Skip skipped = *std::exchange(skip_, std::nullopt);
  const bool step = std::find(breakpoints_.begin(), breakpoints_.end(), skipped.to) != breakpoints_.end();
  if (back) host_.timeline.goTo(skipped.time);
  if (step) return stop(back ? host_.timeline.stepBack() : Reason::Limit, back);
  return std::nullopt;
}

std::string Stub::proceed(bool back) {
  if (over_ && !back) return ended();
  if (auto stopped = afterSkip(back)) return *stopped;
  arm();
  return stop(back ? backward() : forward(), back);
}

std::string Stub::step(bool back) {
  if (over_ && !back) return ended();
  skip_.reset();
  host_.timeline.stopAt({}, {});
  return stop(back ? host_.timeline.stepBack() : host_.timeline.run(1), back);
}

// Until DPC leaves the range, or something else stops it.
std::string Stub::stepRange(uint64_t begin, uint64_t end) {
  if (over_) return ended();
  arm();
  for (uint64_t i = 1;; i++) {
    Reason reason = host_.timeline.run(1);
    const machine::State& state = host_.machine.state;
    if (reason == Reason::Limit && watchesLoads(watchpoints_) && loadsWatched(state)) reason = Reason::Store;
    if (reason == Reason::Limit && i % 4096 == 0 && interrupted()) reason = Reason::Requested;
    if (reason != Reason::Limit || state.dpc < begin || state.dpc >= end) return stop(reason, false);
  }
}

// ACTION[:THREAD];..: only the processor runs, so the first action is the one.
std::string Stub::resume(std::string_view actions) {
  const char action = actions.empty() ? 0 : actions[0];
  if (action == 'c' || action == 'C') return proceed(false);
  if (action == 's' || action == 'S') return step(false);
  if (action != 'r' || !take(actions, "r")) return "E01";
  const auto begin = takeNumber(actions);
  if (!begin || !take(actions, ",")) return "E01";
  const auto end = takeNumber(actions);
  return end ? stepRange(*begin, *end) : "E01";
}

std::string Stub::signal(int number, const std::string& reasons) {
  const machine::State& state = host_.machine.state;
  char text[64];
  std::snprintf(text, sizeof text, "T%02xthread:%x;%x:", number, kProcessor, kPcNumber);
  return text + toHex({reinterpret_cast<const char*>(&state.dpc), sizeof state.dpc}) + ";" + reasons;
}

// A debugger wants to see a store that is about to happen, and on its way back one that has just happened; it makes the step itself.
std::string Stub::stop(Reason reason, bool back) {
  over_ = false;
  thread_ = kProcessor;
  flushOutput();
  switch (reason) {
    case Reason::Limit: return lastStop_ = signal(kTrap);
    case Reason::Break: return lastStop_ = signal(kTrap, "swbreak:;");
    case Reason::Start: return lastStop_ = signal(kTrap, "replaylog:begin;");
    case Reason::Requested: return lastStop_ = signal(kInterrupt);
    case Reason::Host: break;
    case Reason::Store: {
      const Watchpoint* load = loadsWatched(host_.machine.state);
      const Watchpoint* hit = load ? load : watchedBy(host_.timeline.store(), false);
      if (back) host_.timeline.goTo(host_.timeline.now() + 1);
      static constexpr const char* kNames[] = {"watch", "rwatch", "awatch"};
      const std::string name = kNames[hit ? unsigned(hit->kind) - 2 : 0];
      return lastStop_ = signal(kTrap, name + ":" + hexNumber(hit ? hit->address : host_.timeline.store().address) + ";");
    }
  }
  over_ = true;
  if (auto fault = host_.bus.host.fault()) {
    if (host_.fault) packets_.send("O" + toHex(host_.fault(*fault) + "\n"));
    return lastStop_ = signal(kAbort);
  }
  return lastStop_ = signal(kTrap, "replaylog:end;");
}

std::string Stub::ended() {
  const devices::Host& host = host_.bus.host;
  char text[8];
  std::snprintf(text, sizeof text, "W%02x", host.fault() ? 123u : *host.exitStatus() & 0xFF);
  return lastStop_ = text;
}

void Stub::flushOutput() {
  if (!host_.output || host_.output->text.empty()) return;
  packets_.send("O" + toHex(host_.output->text));
  host_.output->text.clear();
}

}  // namespace gdb
