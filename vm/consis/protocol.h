// The class behind lockstep.h. Private: lockstep.cpp has the way from s(i) to s(i+1), lockstep_calls.cpp the statements
// that take something from the VAMP, lockstep_users.cpp the user mode of kernels, lockstep_ends.cpp what ends a run, explain.cpp the second run.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "vm/consis/asm_step.h"
#include "vm/consis/lockstep.h"
#include "vm/consis/recording_console.h"
#include "vm/consis/spectator.h"
#include "vm/consis/trail_record.h"
#include "vm/consis/translation.h"
#include "vm/devices/system_bus.h"

namespace consis {

struct Checkpoint;
using Checkers = std::vector<std::unique_ptr<Checker>>;

// A violation that concerns no variable.
inline Violation plain(Condition condition, std::string text, std::string expected = {}, std::string found = {}) {
  return {.condition = condition, .text = std::move(text), .expected = std::move(expected), .found = std::move(found)};
}

// "\"a\\x0a\"": bytes as a report shows them.
std::string quoted(const std::string& bytes);

// The protocol. With checkers it is the check; without, and with a watch, it is the second run that explains a failure.
class Lockstep : private interp::Primitives {
 public:
  Lockstep(const Image& image, const Options& options, Checkers& checkers, std::function<int()> input,
           std::vector<Watch> watches, uint64_t stopAt, interp::Start begin = interp::Start::Main);

  consis::Outcome run();

  const Recorder& recorder() const { return recorder_; }
  const std::vector<int>& input() const { return console_.input; }

 protected:  // a part of a run (segment.h)
  Moment moment() const {
    return {pair_, recorder_, current_, idOf(executed()), outcome_.failure.has_value()};
  }
  bool incremental() const { return options_.mode == Mode::Incremental; }

  // ---- from s(i) to s(i+1) (lockstep.cpp) ----
  // The head of the program rest: before the step while it is being made, then after it. Null at the program's end.
  const Statement* head() const { return pair_.next; }
  // The statement whose step is being made, or was made last. Null at s(0).
  const Statement* executed() const { return pair_.executed; }
  bool executes(core::StmtKind kind) const { return executed() && executed()->core->kind == kind; }
  void findHead() {
    const core::Stmt* stmt = abstract_.head();
    pair_.next = stmt ? &image_.at(abstract_.headFunction(), stmt->ordinal) : nullptr;
  }
  // From reset to s(0).
  void start();
  // C0 step i, and the machine's way to s(i); in strides, many of them.
  void step();
  // The machine goes ahead, and the abstract machine follows on its trail. False: there was no step to be made so (lockstep_stride.cpp).
  bool stride();
  // At s(i), whose step wrote these values and made these stores.
  bool wrote(std::span<const interp::Write> writes, std::span<const machine::Trail::Store> stores);
  inline bool wroteOne(const interp::Write& write, const machine::Trail::Store& store);
  // What stride() follows, from s(c0Step_) on: arrivals, of which the first is that, and stores.
  std::optional<machine::Trail::Part> trailAhead();
  // A stride ended where the machine is in this step.
  void endStride(uint64_t machineStep);
  // It led astray, from there on: the machine goes back.
  void goBack(uint64_t machineStep);
  // If the machine lags behind, it goes on to s(c0Step_).
  void catchUp();
  // Of s(c0Step_): the machine's step.
  uint64_t position() const { return behind_ ? *behind_ : concrete_.state.steps; }
  // The abstract machine makes no further step, or the run is over.
  void halt(interp::Stop stop);
  // The machine's way to s(i), and what there is to be asked of it there. `begun` as below.
  void arrive(uint64_t end, std::optional<machine::Stop> begun);
  // Runs the machine to the head of the program rest, at most to its step `end`. `begun`: it has glided here, and stopped so.
  bool advance(uint64_t end, std::optional<machine::Stop> begun = {});
  // The machine's step number after so many instructions.
  uint64_t after(uint64_t instructions) const {
    const uint64_t now = concrete_.state.steps;
    return instructions > UINT64_MAX - now ? UINT64_MAX : now + instructions;
  }
  // Until the recorder sees its aim, at most to the step `end`. False if the run is over: what a second run looks for has been found, or the
  // identity window is broken.
  bool go(uint64_t end, machine::Stop& stop, std::optional<machine::Stop> begun = {});
  // Until the recorder sees its aim or the program exits. False if neither happened: the failure is then recorded.
  bool runMachine(uint64_t end, std::optional<machine::Stop> begun = {});
  // Nobody wants to see every instruction: it is enough to look where statements begin.
  bool unobserved() const {
    return incremental() && !recorder_.seesAll() && (!concrete_.state.user() || options_.users) && !watched();
  }
  // By the spectator, in the step that is being made.
  bool watched() const { return options_.spectator && current_ > options_.spectator->first; }
  machine::Stop glide(uint64_t end, std::optional<machine::Stop> begun);
  uint64_t limit() const { return executes(core::StmtKind::New) ? newLimit() : limit_; }
  uint64_t newLimit() const;
  // At s(i): seeded corruption, then the checkers.
  void settle();
  void settleWatched();
  bool surelyHolds() {
    return checkers_.size() == 1 && checkers_.front()->surelyHolds(pair_, outcome_.counters);
  }
  // At most steps nobody but the checkers of mode incremental looks at s(i) or changes it, and addresses are physical.
  bool calm() const { return current_ < calmEnd_ && !concrete_.state.user(); }
  void corrupt(const Corruption& corruption);
  void storedToCode();
  void translated(Violations& violations);
  // The VAMP put out or took in bytes that belong to no call of a primitive and no asm block; true if that ends the
  // run.
  bool stray();
  bool traffic() const { return console_.output.size() != put_ || console_.input.size() != taken_; }
  void expectTraffic() { put_ = console_.output.size(), taken_ = console_.input.size(); }
  void forwardOutput();

  // ---- what is taken from the VAMP (lockstep_calls.cpp) ----
  interp::Primitives::Outcome call(core::Primitive primitive, std::span<const interp::Value> arguments) override;
  interp::AssemblyOutcome assembly(const core::Stmt&) override;
  bool adoptAllocation();

  // ---- user mode, and back (lockstep_users.cpp) ----
  void userMode();
  void enter();
  bool mirrorEntry(uint32_t function);

  // ---- ends (lockstep_ends.cpp) ----
  void leave();
  void meetFault();
  void meetEnd();
  void finish();
  void machineFault();
  void interrupted();
  bool astray();
  bool hasCheck(const interp::FaultReport& fault) const;
  std::string describe(core::Fault fault, const object::MapPosition& at, uint32_t function) const;
  std::string whereTo() const;
  bool isDestination(const Violation& violation) const;
  void end(Verdict verdict) { outcome_.verdict = verdict, over_ = true; }
  // True: the run ends with it. False: a test leaves the condition out, and the run goes on.
  bool fail(Violation violation, std::optional<uint64_t> machineStep = {});
  // Where nothing leads on: without the condition the run ends undecided.
  void failHere(Violation violation) {
    if (!fail(std::move(violation))) end(Verdict::Limit);
  }
  void failSettled();
  void failAll(const Violations& violations, uint64_t machineStep);

  const Image& image_;
  const Options& options_;
  Checkers& checkers_;
  RecordingConsole console_;
  machine::Bus* around_ = nullptr;  // of a kernel: the bus of its users
  devices::SystemBus bus_;
  Recorder recorder_;
  interp::Machine abstract_;
  machine::Machine concrete_;
  machine::Watch watch_;
  Allocation aba_;
  consis::Outcome outcome_;
  AsmStep asm_;
  IdentityWindow window_;
  Violations violations_;       // at the s(i) that was reached; with one the run is over
  uint64_t calmEnd_ = UINT64_MAX;  // the first step that a spectator sees or a corruption follows
  bool watching_ = false;  // the window, since the program was first seen in user mode
  machine::Trail trail_;
  const TrailRecord* record_ = nullptr;  // of another machine's run, which this one then follows only where it must
  TrailRecord::Position followed_;       // of it
  std::optional<uint64_t> behind_;       // s(c0Step_), if the machine has not followed
  const Checkpoint* asleep_ = nullptr;   // behind_: the machine begins there, before it goes on
  std::vector<uint32_t> simpleSizes_;    // by type: bytes; 0: it is not simple
  uint64_t strideFrom_ = 0;             // the first C0 step that may begin a stride
  uint64_t pause_ = 0;                  // steps without one after the last that led astray
  uint64_t strideEnd_ = UINT64_MAX;     // step of the machine that none goes beyond
  uint64_t limit_ = 0;
  uint64_t c0Step_ = 0;   // steps made
  uint64_t current_ = 0;  // the step being made, or the last one
  Pair pair_{image_, abstract_, concrete_, aba_, recorder_.codeStores, watch_.stores};
  bool inStep_ = false;   // a primitive has already run the machine in this step
  bool stopped_ = false;  // an asm block wrote the status port
  bool over_ = false;
  uint32_t returnPoint_ = 0;
  size_t put_ = 0, taken_ = 0;  // bytes of output and input that are accounted for
  size_t forwarded_ = 0;
};

// Mode parallel (parallel.cpp).
Outcome runParallel(const Image& image, const Options& options);

// The same run again, exactly, with an eye on what was found wrong: who wrote it last?
void explain(const Image& image, const Options& options, const std::vector<int>& input, Failure& failure);

}  // namespace consis
