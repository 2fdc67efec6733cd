#include "vm/consis/lockstep.h"

#include <algorithm>
#include <utility>

#include "assembler/base/bytes.h"
#include "vm/consis/asm_step.h"
#include "vm/consis/recording_console.h"
#include "vm/consis/translation.h"
#include "vm/devices/system_bus.h"
#include "vm/machine/causes.h"

namespace consis {
namespace {

using Checkers = std::vector<std::unique_ptr<Checker>>;

std::string interruptName(uint32_t causes) { return std::string(machine::causeText(unsigned(__builtin_ctz(causes)))); }

// A violation that concerns no variable.
Violation plain(Condition condition, std::string text, std::string expected = {}, std::string found = {}) {
  return {.condition = condition, .text = std::move(text), .expected = std::move(expected), .found = std::move(found)};
}

uint32_t memoryFor(const Image& image) {
  return std::max(machine::kDefaultMemory, (image.memoryEnd() + machine::kPageSize - 1) & ~(machine::kPageSize - 1));
}

// The protocol. With checkers it is the check; without, and with a watch, it is the second run that explains a failure.
class Lockstep : private interp::Primitives {
 public:
  Lockstep(const Image& image, const Options& options, Checkers& checkers, std::function<int()> input,
           std::vector<Watch> watches, uint64_t stopAt)
      : image_(image),
        options_(options),
        checkers_(checkers),
        console_(std::move(input)),
        bus_(console_, silence_, memoryFor(image)),
        recorder_(image, std::move(watches), stopAt),
        abstract_(image.program(), *this, {image.heap.end - image.heap.begin, image.stack.end - image.stack.begin}),
        concrete_(memoryFor(image), &bus_),
        aba_(image),
        asm_(image, aba_, abstract_),
        window_(image, concrete_, outcome_.counters) {
    if (incremental()) watchEntries();
    if (!options.disk.empty())
      bus_.disk = std::make_unique<devices::Disk>(std::make_unique<devices::MemoryStorage>(options.disk));
    uint32_t largest = 0;
    const auto& types = image.program().types;
    for (core::TypeId id = 0; id < types.count(); ++id) largest = std::max(largest, types[id].asize);
    limit_ = options.limit > UINT64_MAX / 2 ? options.limit : options.limit + 8 * uint64_t(largest);
  }

  consis::Outcome run() {
    start();
    while (!over_) step();
    outcome_.counters.c0Steps = c0Step_;
    outcome_.counters.instructions = concrete_.state.steps;
    outcome_.counters.outputs = console_.output.size();
    outcome_.counters.inputs = console_.input.size();
    outcome_.output = console_.output;
    return std::move(outcome_);
  }

  const Recorder& recorder() const { return recorder_; }
  const std::vector<int>& input() const { return console_.input; }

 private:
  Pair pair() const { return {image_, abstract_, concrete_, aba_, recorder_.codeStores, watch_.stores, next_, statement_}; }
  bool incremental() const { return options_.mode == Mode::Incremental; }
  // Of the program rest: before the step while it is being made, then after it.
  const std::optional<StatementId>& head() const { return next_; }
  void findHead() {
    nextStatement_ = abstract_.head();
    next_.reset();
    if (nextStatement_) next_ = StatementId{abstract_.headFunction(), nextStatement_->ordinal};
  }

  // From reset to s(0).
  void start() {
    for (const auto& segment : object::segments(image_.object()))
      if (!segment.bytes.empty())
        concrete_.write(segment.address, segment.bytes.data(), uint32_t(segment.bytes.size()));
    concrete_.state = machine::resetState();
    if (abstract_.rd() == 0) {  // not even main fits onto the stack
      outcome_.fault = abstract_.fault();
      return end(Verdict::NoSemantics);
    }
    findHead();
    aba_.follow(abstract_);
    if (advance()) settle();
  }

  // C0 step i, and the machine's way to s(i).
  void step() {
    if (c0Step_ == options_.maxSteps) return end(Verdict::Limit);
    executed_ = next_, statement_ = nextStatement_;
    current_ = c0Step_ + 1;
    inStep_ = false;
    size_t before = console_.output.size(), taken = console_.input.size();
    interp::Stop stop = abstract_.step();
    findHead();
    if (stop == interp::Stop::Faulted && !over_) return meetFault();
    ++c0Step_;
    if (over_) return;
    if (stop == interp::Stop::Ended) return outcome_.left || stopped_ ? leave() : meetEnd();
    aba_.follow(abstract_);
    if (image_.statement(*executed_).emits && !advance()) return;
    forwardOutput();
    if (!inStep_ && (console_.output.size() != before || console_.input.size() != taken))
      return fail(
          plain(Condition::Output, "the statement is no call of a primitive, but the VAMP put out or took in a byte"));
    if (adoptAllocation()) settle();
  }

  // Runs the machine to the head of the program rest.
  bool advance() {
    recorder_.aim(image_.entries(*head()), aba_.frameBase(aba_.depth()),
                  executed_ ? &image_.entries(*executed_) : nullptr, current_);
    if (inStep_ && recorder_.at(concrete_.state)) return true;
    if (executes(core::StmtKind::Asm) && !recorder_.look(concrete_.state) && astray()) return false;
    if (!runMachine()) return false;
    if (!bus_.host.exitStatus()) return true;
    if (!astray())
      fail(plain(Condition::End, "the VAMP ended, the abstract machine did not", "the program runs on",
                 "exit with status " + std::to_string(int32_t(*bus_.host.exitStatus()))));
    return false;
  }

  // False if the run is over: what a second run looks for has been found, or the identity window is broken.
  bool go(uint64_t limit, machine::Stop& stop) {
    stop = unobserved() ? glide(limit) : observed(limit);
    if (recorder_.stoppedHere) over_ = true;
    else if (window_.broken()) fail(*window_.broken());
    return !over_;
  }

  // Every instruction is shown to the recorder.
  machine::Stop observed(uint64_t limit) {
    concrete_.setObserver(&recorder_);
    return concrete_.run(limit);
  }

  // Nobody wants to see every instruction: it is enough to look where statements begin.
  bool unobserved() const { return incremental() && !recorder_.seesAll() && !concrete_.state.user(); }

  machine::Stop glide(uint64_t limit) {
    const machine::State& state = concrete_.state;
    const uint64_t end = limit > UINT64_MAX - state.steps ? UINT64_MAX : state.steps + limit;
    concrete_.setObserver(nullptr);
    while (true) {
      const machine::Stop stop = concrete_.glide(end - state.steps);
      if (watch_.causes && !recorder_.isRuntimeTrap(watch_.causes, watch_.interrupted)) {
        recorder_.causes = watch_.causes, recorder_.interrupted = watch_.interrupted;
        return machine::Stop::Observer;
      }
      if (recorder_.look(state)) return machine::Stop::Observer;
      if (stop != machine::Stop::Watch) return stop;
      if (watch_.causes || state.user()) return observed(end - state.steps);
    }
  }

  // Where the recorder may see something: entries, and return points of primitives.
  void watchEntries() {
    const auto& functions = image_.program().functions;
    for (uint32_t f = 0; f < functions.size(); ++f) {
      if (!image_.mapped(f)) continue;
      for (const auto& statement : image_.function(f).statements)
        for (uint32_t entry : statement.entries) watch_.add(entry);
      for (const auto& call : image_.function(f).calls) watch_.add(call.returnPoint);
    }
    concrete_.setWatch(&watch_);
  }

  bool executes(core::StmtKind kind) const { return statement_ && statement_->kind == kind; }

  // Until the recorder sees its aim or the program exits. False if neither happened: the failure is then recorded.
  bool runMachine() {
    machine::Stop stop;
    if (!go(limit(), stop)) return false;
    if (bus_.host.exitStatus()) return true;
    if (stop == machine::Stop::Observer && !recorder_.causes) return true;
    if (astray()) return false;
    if (bus_.host.fault()) return machineFault(), false;
    if (recorder_.causes) return interrupted(), false;
    fail(plain(Condition::Diverged,
               "the VAMP does not arrive at the next statement within " + grouped(limit()) + " instructions",
               whereTo()));
    return false;
  }

  // What zeroing an array of run-time length takes is more than any other statement's.
  uint64_t limit() const {
    auto made = executes(core::StmtKind::New) ? abstract_.lastAllocation() : std::nullopt;
    if (!made) return limit_;
    const auto& element = image_.program().types[abstract_.heapType(*made)];
    return limit_ + 2 * uint64_t(abstract_.heapCount(*made)) * element.asize;
  }

  void machineFault() {
    uint32_t function = 0;
    const object::MapCheck* check = image_.check(*bus_.host.fault(), &function);
    fail(plain(Condition::Fault, "the VAMP reports a fault that the abstract machine does not have", "no fault",
               check ? describe(check->fault, check->position, function)
                     : "a fault reported from " + hex(*bus_.host.fault()) + ", where the map has no check"));
  }

  std::string describe(core::Fault fault, const object::MapPosition& at, uint32_t function) const {
    return std::string(object::faultName(fault)) + " at " + std::to_string(at.line) + ":" + std::to_string(at.column) +
           " in " + image_.program().functions[function].name;
  }

  void interrupted() {
    fail(plain(Condition::Diverged, "the VAMP was interrupted at " + hex(recorder_.interrupted), "no interrupt",
               interruptName(recorder_.causes)));
  }

  std::string whereTo() const { return head() ? printPlace(image_, *head()) : "the program's end"; }

  // The machine did not arrive, but it came by: at the right statement in a wrong frame, or at another statement. True
  // if so; that is then the failure.
  bool astray() {
    if (auto sight = recorder_.wrongBase) {
      Violation violation = plain(Condition::Control, "r29 is not the frame's base when the next statement begins",
                                  hex(aba_.frameBase(aba_.depth())), hex(sight->base));
      violation.variable = "r29", violation.reg = uint8_t(isa::kFrame);
      fail(std::move(violation), sight->machineStep);
      return true;
    }
    if (auto sight = recorder_.foreign) {
      auto there = image_.entriesAt(sight->dpc).front();
      Violation violation = plain(Condition::Control, "the VAMP goes on at another statement than the abstract machine",
                                  whereTo(), printPlace(image_, there));
      violation.variable = "DPC";
      fail(std::move(violation), sight->machineStep);
      return true;
    }
    return false;
  }

  // A primitive: the whole call is the machine's step, and its result is taken from there (decisions.md, 4).
  interp::Primitives::Outcome call(core::Primitive primitive, std::span<const interp::Value> arguments) override {
    const interp::Primitives::Outcome ended{0, true};  // lets the abstract machine stop; over_ says why
    auto returnPoint = image_.returnPoint(*executed_);
    size_t put = console_.output.size(), taken = console_.input.size();
    uint32_t argument = arguments.empty() ? 0 : arguments[0].bits;
    returnPoint_ = *returnPoint;
    recorder_.aim({&returnPoint_, 1}, aba_.frameBase(aba_.depth()), &image_.entries(*executed_), current_);
    inStep_ = true;
    if (!runMachine()) return ended;
    if (primitive == core::Primitive::Exit) return {argument, true};
    if (bus_.host.exitStatus()) {
      fail(plain(Condition::End, "the VAMP ended inside " + std::string(core::primitiveName(primitive))));
      return ended;
    }
    std::string expected, found = console_.output.substr(put);
    if (primitive == core::Primitive::PutChar) expected = std::string(1, char(argument));
    if (expected != found) {
      fail(plain(Condition::Output, "the VAMP puts out other bytes than the abstract machine", quoted(expected),
                 quoted(found)));
      return ended;
    }
    concrete_.settle();
    uint32_t result = concrete_.state.gpr[isa::kResult];
    if (primitive == core::Primitive::GetChar &&
        (console_.input.size() != taken + 1 || uint32_t(console_.input.back()) != result)) {
      fail(plain(Condition::Output, "get_char does not return the byte that the host gave",
                 console_.input.size() > taken ? std::to_string(console_.input.back()) : "one byte taken in",
                 std::to_string(int32_t(result))));
      return ended;
    }
    return {result, false};
  }

  // An asm statement (C0A): what the machine did is what it means (seed 003, 4.3).
  interp::AssemblyOutcome assembly(const core::Stmt&) override {
    const interp::AssemblyOutcome ended{.leaves = true};  // lets the abstract machine stop; over_ says why
    const object::MapAsm* block = image_.asmBlock(*executed_);
    const std::string* wrong = image_.wrongBlock(*executed_);
    if (!block && !wrong) return {};
    if (!block) return fail(plain(Condition::Code, *wrong)), ended;
    ++outcome_.counters.blocks;
    inStep_ = true;
    recorder_.aim({}, 0, nullptr, current_);
    asm_.begin(*block, concrete_.state);
    recorder_.follow(&asm_);
    machine::Stop stop;
    const bool on = go(limit_, stop);
    recorder_.follow(nullptr);
    if (!on) return ended;
    if (!asm_.over() && bus_.host.exitStatus()) {
      fail(plain(Condition::End, "the VAMP ended inside an asm block"));
      return ended;
    }
    interp::AssemblyOutcome outcome = asm_.take();
    outcome_.counters.mirrored += outcome.stores.size();
    if (!asm_.over())
      outcome.violation = "restriction (iv): the block does not end within " + grouped(limit_) + " instructions";
    if (outcome.violation.empty() && wrong) return fail(plain(Condition::Code, *wrong)), ended;
    outcome_.left = outcome.leaves;
    if (auto status = bus_.host.exitStatus(); status && outcome.violation.empty()) {  // its last instruction wrote it
      stopped_ = outcome.leaves = true;
      outcome_.exitStatus = *status;
    }
    return outcome;
  }

  // An rfe that does not lead to the next statement, or a store to the host's status port: the C0 program's part of the
  // run is over (decisions.md, 15).
  void leave() {
    forwardOutput();
    Violations violations;
    for (auto& checker : checkers_) checker->finish(pair(), outcome_.counters, violations);
    if (!violations.empty()) return failAll(violations, concrete_.state.steps);
    end(Verdict::Consistent);
  }

  // The abstract machine is stuck: the VAMP must report the same fault if the code has a check for it.
  void meetFault() {
    const interp::FaultReport& fault = abstract_.fault();
    outcome_.fault = fault;
    if (!hasCheck(fault) && !(options_.checked && !fault.elementPointer && mustBeMet(fault.fault)))
      return end(Verdict::NoSemantics);
    recorder_.aim({}, 0, nullptr, current_);
    machine::Stop stop;
    if (!go(limit_, stop)) return;
    Violation violation =
        plain(Condition::Fault, "the abstract machine faults, the VAMP does not",
              std::string(object::faultName(fault.fault)) + " at " + printPosition(image_, fault.position));
    violation.found = bus_.host.exitStatus() ? "exit with status " + std::to_string(*bus_.host.exitStatus())
                      : recorder_.causes     ? "an interrupt: " + interruptName(recorder_.causes)
                                             : "it runs on";
    if (bus_.host.fault()) {
      uint32_t function = 0;
      const object::MapCheck* check = image_.check(*bus_.host.fault(), &function);
      if (check && samePlace(*check, fault)) {
        outcome_.faultMet = true;
        return end(Verdict::NoSemantics);
      }
      violation.text = "the two machines report different faults";
      violation.found =
          check ? describe(check->fault, check->position, function) : "a fault from " + hex(*bus_.host.fault());
    }
    fail(std::move(violation));
  }

  static bool samePlace(const object::MapCheck& check, const interp::FaultReport& fault) {
    return check.fault == fault.fault && check.position.line == fault.position.line &&
           check.position.column == fault.position.column;
  }

  bool hasCheck(const interp::FaultReport& fault) const {
    auto in = [&](uint32_t function) {
      if (!image_.mapped(function)) return false;
      const auto& checks = image_.function(function).checks;
      return std::any_of(checks.begin(), checks.end(), [&](const auto& check) { return samePlace(check, fault); });
    };
    if (in(fault.function)) return true;
    // The stack is checked on entry: the check is the callee's.
    return executed_ && statementOf(image_, *executed_).kind == core::StmtKind::Call &&
           in(statementOf(image_, *executed_).index);
  }

  void meetEnd() {
    outcome_.exitStatus = abstract_.exitStatus();
    if (!bus_.host.exitStatus()) {
      recorder_.aim({}, 0, nullptr, current_);
      size_t before = console_.output.size();
      if (!runMachine()) return;
      if (console_.output.size() != before)
        return fail(plain(Condition::Output, "the VAMP puts out bytes after the program's end", "nothing",
                          quoted(console_.output.substr(before))));
    }
    forwardOutput();
    if (!bus_.host.exitStatus()) return fail(plain(Condition::End, "the abstract machine ended, the VAMP did not"));
    if (*bus_.host.exitStatus() != outcome_.exitStatus)
      return fail(plain(Condition::Exit, "the two machines end with different statuses",
                        std::to_string(int32_t(outcome_.exitStatus)),
                        std::to_string(int32_t(*bus_.host.exitStatus()))));
    Violations violations;
    for (auto& checker : checkers_) checker->finish(pair(), outcome_.counters, violations);
    if (!violations.empty()) return failAll(violations, concrete_.state.steps);
    end(Verdict::Consistent);
  }

  // aba of a new heap variable is the word that the allocator's result left in the destination (decisions.md, 10).
  bool adoptAllocation() {
    auto variable = executes(core::StmtKind::New) ? abstract_.lastAllocation() : std::nullopt;
    if (!variable) return true;
    Region live{image_.heap.begin, image_.heap.begin + abstract_.heapUsed()};
    for (const auto& written : abstract_.lastWrites()) {
      auto at = aba_.aba(written.frame, written.variable, written.index);
      const auto& types = image_.program().types;
      if (!at || types[written.type].kind != core::TypeKind::Pointer) continue;
      uint32_t address = 0;
      concrete_.read(*at, &address, 4);
      if (aba_.addHeap(address, abstract_.heapType(*variable), abstract_.heapCount(*variable), live)) return true;
      std::string name = abstract_.name(written);
      Violation violation =
          plain(Condition::Pointer, name + " does not hold the address of a fresh heap variable",
                "a free place in " + hex(live.begin) + ".." + hex(live.end), address ? hex(address) : "null");
      violation.variable = name, violation.type = types.print(written.type);
      violation.depth = aba_.depthOf(written.frame), violation.address = *at, violation.size = 4;
      fail(std::move(violation));
      return false;
    }
    fail(plain(Condition::Pointer, "the new heap variable has no destination"));
    return false;
  }

  // At s(i): seeded corruption, then the checkers.
  void settle() {
    for (const auto& corruption : options_.corruptions)
      if (corruption.step == c0Step_) corrupt(corruption);
    Violations violations;
    translated(violations);
    if (incremental()) storedToCode();
    for (auto& checker : checkers_) checker->check(pair(), outcome_.counters, violations);
    recorder_.codeStores.clear();
    watch_.stores.clear();
    if (violations.empty()) return;
    violations.prefer([&](const Violation& violation) { return isDestination(violation); });
    failAll(violations, concrete_.state.steps);
  }

  // What an observing recorder would have noted.
  void storedToCode() {
    recorder_.codeStores.clear();
    for (auto store : watch_.stores)
      if (store.address < image_.text.end) recorder_.codeStores.push_back({store.address, store.address + store.size});
  }

  void translated(Violations& violations) {
    if (!concrete_.state.user()) return window_.suspend();
    if (!std::exchange(watching_, true)) recorder_.listen(window_);
    window_.check(violations);
  }

  // What the statement should have written is named first.
  bool isDestination(const Violation& violation) const {
    const auto written = executed_ ? abstract_.lastWrites() : std::span<const interp::SubVariable>{};
    return violation.address && std::any_of(written.begin(), written.end(), [&](const interp::SubVariable& sub) {
             auto at = aba_.aba(sub.frame, sub.variable, sub.index);
             return at && Region{*at, *at + image_.program().types[sub.type].asize}.contains(*violation.address);
           });
  }

  void corrupt(const Corruption& corruption) {
    uint32_t size = corruption.kind == Corruption::Byte ? 1 : 4;
    switch (corruption.kind) {
      case Corruption::Register:
        concrete_.settle();
        if (corruption.where) concrete_.state.gpr[corruption.where] = corruption.value;
        break;
      case Corruption::Word:
      case Corruption::Byte:
        concrete_.write(corruption.where, &corruption.value, size);
        recorder_.storedFromOutside(concrete_.state, corruption.where, size);
        if (incremental()) watch_.stored(corruption.where, size);
        break;
      case Corruption::Dpc: concrete_.state.dpc = corruption.value; break;
      case Corruption::Pc: concrete_.state.pc = corruption.value; break;
    }
  }

  void forwardOutput() {
    if (options_.output && console_.output.size() > forwarded_)
      options_.output(std::string_view(console_.output).substr(forwarded_));
    forwarded_ = console_.output.size();
  }

  static std::string quoted(const std::string& bytes) {
    std::string text = "\"";
    for (char c : bytes) {
      char code[8];
      if (c >= 32 && c < 127 && c != '"' && c != '\\') text += c;
      else std::snprintf(code, sizeof code, "\\x%02x", uint8_t(c)), text += code;
    }
    return text + "\"";
  }

  void end(Verdict verdict) { outcome_.verdict = verdict, over_ = true; }
  void fail(Violation violation, std::optional<uint64_t> machineStep = {}) {
    Violations violations;
    violations.add(std::move(violation));
    failAll(violations, machineStep.value_or(concrete_.state.steps));
  }
  void failAll(const Violations& violations, uint64_t machineStep) {
    end(Verdict::Inconsistent);
    // Inside a primitive the abstract machine has not finished the step yet: there is no next head.
    outcome_.failure = Failure{violations.list(),
                               violations.count(),
                               current_,
                               machineStep,
                               executed_,
                               current_ == c0Step_ ? head() : std::nullopt,
                               recorder_.lastInstructions(),
                               {}};
  }

  const Image& image_;
  const Options& options_;
  Checkers& checkers_;
  RecordingConsole console_;
  Silence silence_;
  devices::SystemBus bus_;
  Recorder recorder_;
  interp::Machine abstract_;
  machine::Machine concrete_;
  machine::Watch watch_;
  Allocation aba_;
  consis::Outcome outcome_;
  AsmStep asm_;
  IdentityWindow window_;
  bool watching_ = false;  // the window, since the program was first seen in user mode
  uint64_t limit_ = 0;
  uint64_t c0Step_ = 0;   // steps made
  uint64_t current_ = 0;  // the step being made, or the last one
  std::optional<StatementId> executed_, next_;
  const core::Stmt *statement_ = nullptr, *nextStatement_ = nullptr;
  bool inStep_ = false;  // a primitive has already run the machine in this step
  bool stopped_ = false;  // an asm block wrote the status port
  bool over_ = false;
  uint32_t returnPoint_ = 0;
  size_t forwarded_ = 0;
};

Watch watchFor(const Violation& violation) {
  if (violation.address) return {Watch::Bytes, *violation.address, violation.size, 0};
  if (violation.reg) return {Watch::Register, 0, 0, *violation.reg};
  return {Watch::Jump, 0, 0, 0};
}

bool touches(const Corruption& corruption, const Watch& watch) {
  uint64_t size = corruption.kind == Corruption::Byte ? 1 : 4;
  switch (corruption.kind) {
    case Corruption::Register: return watch.kind == Watch::Register && watch.reg == corruption.where;
    case Corruption::Word:
    case Corruption::Byte:
      return watch.kind == Watch::Bytes && corruption.where < uint64_t(watch.address) + watch.size &&
             watch.address < corruption.where + size;
    case Corruption::Dpc:
    case Corruption::Pc: return watch.kind == Watch::Jump;
  }
  return false;
}

// The same run again, exactly, with an eye on what was found wrong: who wrote it last?
void explain(const Image& image, const Options& options, const std::vector<int>& input, Failure& failure) {
  failure.culprits.resize(failure.violations.size());
  if (failure.machineStep == 0) return;
  std::vector<Watch> watches;
  for (const auto& violation : failure.violations) watches.push_back(watchFor(violation));
  Options again = options;
  again.mode = Mode::Full;  // to see every instruction
  again.output = nullptr;
  size_t next = 0;
  auto replayed = [&] { return next < input.size() ? input[next++] : -1; };
  Checkers none;
  Lockstep second(image, again, none, replayed, watches, failure.machineStep);
  second.run();
  failure.instructions = second.recorder().lastInstructions();
  for (size_t i = 0; i < watches.size(); ++i) {
    auto& culprit = failure.culprits[i];
    culprit.writer = second.recorder().writers[i];
    for (const auto& corruption : options.corruptions)
      if (corruption.step <= failure.c0Step && touches(corruption, watches[i]) &&
          (!culprit.writer || culprit.writer->c0Step <= corruption.step))
        culprit.corruptedAt = corruption.step;
  }
}

}  // namespace

Outcome run(const Image& image, const Options& options, std::vector<std::unique_ptr<Checker>> checkers) {
  Lockstep first(image, options, checkers, options.input, {}, UINT64_MAX);
  Outcome outcome = first.run();
  outcome.mode = options.mode;
  if (outcome.failure && options.explain) explain(image, options, first.input(), *outcome.failure);
  return outcome;
}

Outcome run(const Image& image, const Options& options) {
  Checkers checkers = makeFullCheckers();
  if (options.mode == Mode::Incremental) checkers.clear(), checkers.push_back(makeIncrementalChecker());
  return run(image, options, std::move(checkers));
}

}  // namespace consis
