// A machine's run, told to the chain of models: loads and stores, calls of the modules' functions and their ends,
// traps.
#pragma once

#include <memory>

#include "vm/machine/machine.h"
#include "vm/relate/refine/chain.h"
#include "vm/relate/refine/kernel_image.h"

namespace refine {

// A call that has not returned.
struct ActiveCall {
  const KernelFunction* function;
  std::vector<uint32_t> arguments;
  uint32_t returnAddress, frame;  // r31 and r29 at its entry
  models::Name caller;            // the layer it was called from
  bool upcall;                    // from HW into a higher layer: the models end with it
  Pending pending;
};

struct Event {
  uint64_t step = 0;  // instructions before it
  uint32_t dpc = 0;   // of the instruction
  uint32_t word = 0;
};

class Replay : public machine::Observer {
 public:
  Replay(const KernelImage& image, Chain& chain);

  // HW := the machine's memory and registers.
  void begin(const machine::Machine& machine);
  // As if the function at DPC had just been called by code of layer `from`; forgets an earlier call.
  void call(const machine::State& state, models::Name from);

  bool onStep(const machine::State& after, const machine::Event& event) override;

  const Fails& failure() const { return failure_; }
  const Event& failedAt() const { return event_; }
  const std::vector<ActiveCall>& calls() const { return calls_; }
  std::map<std::string, uint64_t> callCounts() const;
  // Set by call(): that function has returned, with this result.
  std::optional<uint32_t> returned() const { return returned_; }
  models::Name layer() const { return calls_.empty() ? models::Name::HW : calls_.back().function->layer; }

  // A trap of code that runs with translation on is being served.
  bool inTrap() const { return booted_ && !before_.user(); }

  // Where the machine stored to since call().
  const std::vector<uint32_t>& stored() const { return stored_; }

  // A full check after every so many primitives; 0: never.
  uint64_t fullEvery = 0;

 private:
  const KernelFunction* entryAt(uint32_t address) const;
  Fails access(const machine::State& after, const machine::Event& event);
  Fails follow(const machine::State& after, const machine::Event& event);
  Fails enter(const machine::State& after, const KernelFunction& function, models::Name from);
  Fails leave(const machine::State& after);

  const KernelImage& image_;
  Chain& chain_;
  std::vector<uint32_t> entries_;  // by word of the text: 1 + index into image_.functions
  std::vector<uint64_t> counts_;   // by function
  std::vector<ActiveCall> calls_;
  machine::State before_;
  bool booted_ = false;  // translation has been on
  bool stopAtReturn_ = false;
  std::vector<uint32_t> stored_;
  uint64_t sinceFull_ = 0;
  std::optional<uint32_t> returned_;
  Fails failure_;
  Event event_;
};

}  // namespace refine
