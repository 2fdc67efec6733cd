// The machine's observer while it runs from s(i) to s(i+1): stops it where the next statement may begin, keeps the last
// instructions, and notes what a report will want to know.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "vm/consis/image.h"
#include "vm/machine/machine.h"

namespace consis {

// An instruction as it was executed.
struct Executed {
  uint64_t machineStep;  // steps before it
  uint64_t c0Step;       // the C0 step that it belongs to
  machine::Event event;
};

// What a second run looks for: the last instruction before the end that wrote this.
struct Watch {
  enum Kind : uint8_t { Bytes, Register, Jump } kind = Jump;
  uint32_t address = 0;  // Bytes
  uint32_t size = 0;
  uint8_t reg = 0;  // Register
};

// Told of every store: of the program, and from outside (--corrupt). Who needs to know what the machine wrote is one.
class StoreListener {
 public:
  virtual ~StoreListener() = default;
  // Physical address; memory has the new bytes already. False ends the run.
  virtual bool onStore(const machine::State& after, uint32_t address, uint32_t size) = 0;
};

// Told of every instruction of a statement that is followed one by one, in place of the search for the next entry.
class Follower {
 public:
  virtual ~Follower() = default;
  // False ends the run.
  virtual bool onStep(const machine::State& after, const machine::Event& event) = 0;
};

class Recorder : public machine::Observer {
 public:
  static constexpr size_t kRing = 64;

  Recorder(const Image& image, std::vector<Watch> watches, uint64_t stopAt)
      : writers(watches.size()),
        image_(image),
        watches_(std::move(watches)),
        watched_(watches_.size()),
        stopAt_(stopAt),
        seesAll_(!watches_.empty() || stopAt != UINT64_MAX) {}

  // Stop when DPC is one of `targets`, PC = DPC + 4 and r29 = base.
  void aim(std::span<const uint32_t> targets, uint32_t base, const std::vector<uint32_t>* own, uint64_t c0Step) {
    targets_ = targets, base_ = base, own_ = own, c0Step_ = c0Step;
    wrongBase.reset(), foreign.reset();
  }
  bool at(const machine::State& state) const {
    return state.pc == state.dpc + 4 && (state.gpr[isa::kFrame] == base_ || anyBase) && isAmong(targets_, state.dpc);
  }
  bool onStep(const machine::State& after, const machine::Event& event) override;
  // A store from outside, by --corrupt.
  void storedFromOutside(const machine::State& state, uint32_t address, uint32_t size);
  void listen(StoreListener& listener) { listeners_.push_back(&listener); }
  void follow(Follower* follower) { follower_ = follower; }
  // It must be shown every instruction.
  bool seesAll() const { return follower_ || seesAll_; }
  // What onStep would note about the place where the machine stands: true if it is the aim.
  bool look(const machine::State& state) { return at(state) || (note(state), false); }

  bool runtimeTraps = true;
  // A trap of code outside the C0 functions, which is part of the call of a primitive.
  bool isRuntimeTrap(uint32_t causes, uint32_t dpc) const;

  std::vector<Executed> lastInstructions() const;  // oldest first; none of a run that the recorder did not observe

  bool stoppedHere = false;        // at `stopAt`: a second run is over
  uint32_t causes = 0;             // of an interrupt, which ends the run,
  uint32_t interrupted = 0;        // and the address of the instruction
  std::vector<Region> codeStores;  // since they were last cleared
  bool anyBase = false, anyInterrupt = false;  // let pass; for tests (Dropped)
  // Since aim(): the first time that a target was met with a wrong r29, and that another statement was entered.
  struct Sight {
    uint64_t machineStep;
    uint32_t dpc, base;
  };
  std::optional<Sight> wrongBase, foreign;
  std::vector<std::optional<Executed>> writers;  // what each watch found

 private:
  // A place that is not the aim.
  void note(const machine::State& state);
  bool stored(const machine::State& state, uint32_t address, uint32_t size);
  bool wrote(size_t watch, const machine::State& after, const machine::Event& event);

  const Image& image_;
  std::vector<Watch> watches_;
  std::vector<uint32_t> watched_;  // Register: its last value
  uint64_t stopAt_;
  const bool seesAll_;
  std::span<const uint32_t> targets_;
  const std::vector<uint32_t>* own_ = nullptr;
  uint32_t base_ = 0;
  uint64_t c0Step_ = 0;
  std::vector<StoreListener*> listeners_;
  Follower* follower_ = nullptr;
  std::array<Executed, kRing> ring_;
  uint64_t count_ = 0;
};

}  // namespace consis
