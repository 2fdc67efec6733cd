// The whole-kernel theorem as a check (seed 003, 6.3; decisions.md, 25-30): the CVM machine beside the lockstep of the concrete kernel's C0A
// configuration with the VAMP. It is asked at every s(i) of the lockstep, and in user mode.
//
//   phase      cc                                         the CVM machine
//   Handler    init2 and what it calls, or boot           waits: for kdispatch to be called, or, after a silent page fault, for the user
//   Abstract   the abstract kernel's functions            makes the same step
//   Primitive  the implementation of one                  waits; makes its step when cc returns, or leaves
//   User       waits                                      makes the user's steps
#pragma once

#include <memory>

#include "vm/consis/lockstep.h"
#include "vm/cvmimage/cvmimage.h"
#include "vm/relate/konsis/kalloc.h"
#include "vm/relate/konsis/ownership.h"
#include "vm/relate/konsis/surroundings.h"

namespace konsis {

using consis::Pair;

// What is checked; outlives the runs.
struct Subject {
  const consis::Image& image;
  const cvm::Kernel& kernel;
  const KernelData& data;
  const cvmimage::Header& header;
  std::span<const uint8_t> disk, secondDisk;  // the second may be empty: there is none
};

struct CheckOptions {
  bool full = false;                       // compare everything at every step
  uint64_t maxInstructions = UINT64_MAX;   // of the VAMP
  uint64_t userChunk = 1'000'000;          // instructions of user mode between two looks
  struct Force {
    uint64_t userStep;  // of all user steps of the run, idle ones too
    unsigned device;
  };
  std::vector<Force> forced;
  std::optional<uint64_t> diskFault;       // the n-th transfer of a sector fails,
  bool diskFaultStays = false;             // and that sector from then on
};

class Check : public consis::Checker, public consis::UserMode {
 public:
  Check(const Subject& subject, const CheckOptions& options, devices::Console& serial);
  ~Check() override;

  // ---- consis::Checker ----
  void check(const Pair& pair, consis::Counters&, Violations& violations) override;
  void finish(const Pair& pair, consis::Counters&, Violations& violations) override;

  // ---- consis::UserMode ----
  devices::Console& serial() override { return vamp_.serial(); }
  machine::Bus& attach(devices::SystemBus& devices) override;
  void left(const Pair& pair, Violations& violations) override;
  uint64_t limit() override;
  void ran(const Pair& pair, uint32_t causes, Violations& violations) override;
  std::unique_ptr<consis::UserMode> replay() const override;

  // The lockstep ended since cc has no semantics at some point: what is wrong if ca has.
  std::optional<Violation> meetFault(const interp::FaultReport& concrete);

  bool booted() const { return phase_ != Phase::Handler || cvm_.cp != 0 || waits_ != Waits::Boot; }
  Counters counters() const;

 private:
  enum class Phase : uint8_t { Handler, Abstract, Primitive, Returned };
  // In phase Handler: for what.
  enum class Waits : uint8_t { Boot, Dispatch, Silent };
  struct Relations;

  void begin(const Pair& pair);
  void collect(const Pair& pair);
  void noteTouches(const Pair& pair);

  void handler(const Pair& pair, Violations& violations);
  bool atDispatch(const Pair& pair) const;
  void dispatch(const Pair& pair, Violations& violations);
  void abstractStep(const Pair& pair, Violations& violations);
  void primitive(Violations& violations);
  void returned(Violations& violations);
  void markCall(const cvm::Machine::Call& call);
  void faulted(Violations& violations);

  bool isSilent(uint32_t causes, uint32_t edata) const;
  void userSteps(const Pair& pair, uint32_t causes, Violations& violations);
  void userStores(const Pair& pair, Violations& violations);
  void registersAt(uint32_t u, const machine::State& state, bool interrupted, Violations& violations);
  void force(uint64_t now);

  // B and ownership hold; `running` as RelationB has it.
  void point(uint32_t running, Violations& violations);
  void everything(bool running, Violations& violations);
  static Violation plain(consis::Condition condition, std::string text, std::string expected = {}, std::string found = {});

  const Subject& subject_;
  const CheckOptions& options_;
  Counters counters_;
  VampSide vamp_;
  std::vector<Access> accesses_;  // of the primitive that is being made
  CvmSide side_;
  cvm::Machine cvm_;
  std::unique_ptr<Relations> relations_;  // from the first s(i) on

  Phase phase_ = Phase::Handler;
  Waits waits_ = Waits::Boot;
  uint32_t base_ = 0;       // depth of the call of the primitive
  uint64_t userStart_ = 0;  // VAMP step at which the user's next step is made
  uint64_t errorsSeen_ = 0;
  struct Touch {
    cvm::Page page;
    bool lost;
  };
  std::vector<Touch> touches_;  // of pages, by the primitive, in order
  uint32_t touching_ = 0;       // depth of the call that touches
};

}  // namespace konsis
