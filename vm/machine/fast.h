// The fast executor: code decoded once per physical page, threaded dispatch (fast_loop.cpp), flat translation tables,
// one instruction-count deadline. Whatever is rare goes through slow().
#pragma once

#include <algorithm>
#include <utility>

#include "vm/machine/causes.h"
#include "vm/machine/code_cache.h"
#include "vm/machine/machine.h"
#include "vm/machine/translation.h"

namespace machine {

// How the loop goes.
enum class Pace {
  Plain,
  Listing,  // the stores are listed, by the trail or else the watch
  Careful,  // each instruction is counted and shown to the observer, and lines are delivered
};

class Fast {
 public:
  Fast(State& state, Memory& memory, std::array<uint64_t, 32>& interrupts)
      : state_(state), memory_(memory), interrupts_(interrupts), translation_(memory, handlers()) {}

  // state's registers are taken over if they are settled, and not given back until settle(), but for 28..31.
  Stop run(uint64_t limit, Bus* bus, Observer* observer);
  // The same without an observer. When the last run ended at a place of the watch, most of what a run asks first is known.
  Stop glide(uint64_t limit, Bus* bus);
  bool follow(Trail& trail, uint64_t until, Bus* bus);
  void takeBack(const Trail& trail);
  void settle() {
    if (std::exchange(ahead_, false)) std::copy(r_, r_ + 32, state_.gpr.begin());
    quietStride_ = 0;
  }

  void setWatch(Watch* watch) {
    watch_ = watch, quietStride_ = 0;
    listing_ = watch && !watch->byPage;
    translation_.relearn(handlers());
  }

  void clearPages() {
    watch_->pages.clear();
    translation_.forgetWrites();
  }

  void setBreaks(const Breaks* breaks) {
    breaks_ = breaks, quietStride_ = 0;
    translation_.guard(breaks ? breaks->ranges : std::vector<Breaks::Range>());
  }
  std::vector<uint32_t> takeWritten() { return translation_.takeWritten(); }

  void devicesChanged() { quietUntil_ = quietStride_ = 0; }

  // Memory was changed from outside.
  void written(uint32_t address, uint32_t bytes) { translation_.written(address, bytes); }

 private:
  // How the loop goes on after slow().
  enum class After {
    Next,    // at the next instruction
    Enter,   // at state_.dpc, pc: control or code or translation changed
    Return,  // likewise, but lines or deadlines may have changed
    Stay,    // it has not been executed, and the run is over
  };

  // Of the loop that runs what is decoded now.
  const Handlers& handlers() const;

  // Executes until state_.steps = deadline_ or somebody must look at lines and deadlines. Unless it is careful, there must be kPageRecords
  // instructions left, and fewer are when it returns, unless it stops earlier. With `publish`, it only tells where its handlers are.
  template <Pace pace>
  [[gnu::noinline, gnu::noclone]] static void loop(Fast* self, Handlers* publish);
  void loop() { listing_ ? loop<Pace::Listing>(this, nullptr) : loop<Pace::Plain>(this, nullptr); }

  // One instruction at state_.dpc, pc, for all that the loop's handlers do not do.
  After slow(const Record& in);
  After slowLoad(isa::Op op, const Record& in);
  After slowStore(isa::Op op, const Record& in);
  After slowSum(isa::Op op, const Record& in);
  After slowMovs2i(const Record& in);
  After slowMovi2s(const Record& in);
  After rfe(const Record& in);
  After slowFloating(const Record& in);
  After slowLoadFloating(const isa::Instruction& in);
  After slowStoreFloating(const isa::Instruction& in);

  uint32_t readDevice(uint32_t physical);
  // The first `size` bytes of `words` go to the address, which may be a device's port.
  After store(uint32_t va, uint32_t physical, const uint32_t* words, unsigned size);

  // With a trail: the loop ends before what cannot be taken back, that is all slow instructions but loads and stores of memory that is no
  // decoded code and no page table. If it may go on, they are fast from now on.
  bool mayGoOn(const Record& in);
  bool isCode() const { return state_.dpc % 4 == 0 && memory_.contains(state_.dpc, 4); }

  template <class T>
  bool listed(uint32_t va, uint32_t value, const uint64_t* write);
  template <Pace pace, Kind kind>
  bool execute(const Record& in, uint32_t a, uint32_t b, uint32_t* r, const uint64_t* read, const uint64_t* write, uint32_t& result);
  template <Pace pace, Kind kind>
  bool execute(const Record& in, uint32_t* r, const uint64_t* read, const uint64_t* write);

  // The records of the page of state_.dpc, or nullptr after an interrupt.
  Record* fetchPage() {
    Record* page = context_->fetch[state_.dpc >> 12];
    return page && state_.dpc % 4 == 0 ? page : findPage();
  }
  Record* findPage();
  void decode(Record* page, const Record* at);

  // Jumps to the interrupt handler. state_.dpc, pc are those to be saved, SR and MODE are as the instruction left them.
  After jisr(uint32_t mca, uint32_t edata);
  After abort(Cause cause, uint32_t edata) {
    event_.dpc = state_.dpc;
    return jisr(bit(cause) | lineCauses_, edata);
  }
  // For interrupts after whose handling the program continues.
  After resume(Cause cause, uint32_t edata) {
    event_.dpc = state_.dpc;
    return advance(), jisr(bit(cause) | lineCauses_, edata);
  }
  After advance() { return state_.dpc = state_.pc, state_.pc += 4, After::Enter; }

  void begin(Bus* bus, Observer* observer);
  Stop runTo(uint64_t end);
  uint64_t after(uint64_t limit) const { return limit > kNever - state_.steps ? kNever : state_.steps + limit; }
  void publishRegisters() { std::copy(r_ + 28, r_ + 32, state_.gpr.begin() + 28); }

  void selectContext();
  void enteredMode();  // by an instruction
  void askDevices();
  // At a place of the watch, in system mode, and no line is up: quietStride_ is known.
  bool quiet(Bus* bus);
  bool watches() const { return watch_ && !observer_; }
  bool atPlace() const {
    return state_.pc == state_.dpc + 4 && (!state_.user() || watch_->users == Watch::Users::Watch) &&
           watch_->at(state_.dpc);
  }
  [[gnu::noinline]] bool atBreak() const;  // with breaks_; what is asked after every step stays small
  // A handler stopped at a word that may be a place. False: of the breaks none is meant.
  bool stopsAt(uint32_t va);
  // The run is to stop before this store.
  bool stopsBefore(uint32_t physical, unsigned size);
  // One step of the careful loop is over. False: the loop must return.
  bool finishStep();

  uint32_t r_[33] =
      {};  // the registers while the loop runs, and the sink; first, so that the loop needs one base register
  State& state_;
  Memory& memory_;
  std::array<uint64_t, 32>& interrupts_;
  bool listing_ = false;  // watch_ or trail_ lists the stores
  Translation translation_;
  Context* context_ = nullptr;
  Bus* bus_ = nullptr;
  Observer* observer_ = nullptr;
  Watch* watch_ = nullptr;
  Trail* trail_ = nullptr;  // while it is written
  const Breaks* breaks_ = nullptr;
  uint64_t deadline_ = 0;
  uint32_t lines_ = 0;        // of the devices, until quietUntil_ or a port access
  uint64_t quietUntil_ = 0;
  uint32_t lineCauses_ = 0;   // unmasked lines up when the current instruction started (careful loop only)
  bool interrupted_ = false;  // the current step jumped to the interrupt handler
  bool attention_ = false;    // the careful loop must return
  bool stopped_ = false;      // by the observer, the watch or a break: the last is why_
  bool ahead_ = false;        // r_ is newer than state_.gpr
  uint64_t quietStride_ = 0;  // it is at a place of the watch, and until then no line will be up; 0: this is not known
  bool fresh_ = false;        // the run has not executed anything yet
  Stop why_ = Stop::Limit;
  Event event_{};
};

}  // namespace machine
