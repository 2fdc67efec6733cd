// Both machines side by side (shared/spec/consis.md; decisions.md 2-4, 7): the abstract machine makes C0 step i, the
// VAMP runs to s(i), the checkers compare. One run ends at the first step at which something does not hold.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "vm/consis/checker.h"
#include "vm/consis/recorder.h"
#include "vm/devices/system_bus.h"

namespace consis {

// What is around the program of a kernel: its users (konsis). A kernel is entered by interrupts, at address 0, and begins afresh
// each time; it leaves by rfe. Without this a run ends where the program leaves.
class UserMode {
 public:
  virtual ~UserMode() = default;
  // The other end of the serial line.
  virtual devices::Console& serial() = 0;
  // Once, before the run: the VAMP's bus, of which consis gives host and serial line. `devices` may be completed.
  virtual machine::Bus& attach(devices::SystemBus& devices) = 0;
  // The VAMP, its registers settled, is at the first instruction of user mode. `pair.stores` are those since the last s(i).
  virtual void left(const Pair& pair, Violations& violations) = 0;
  // So many instructions of user mode may be executed until ran() is called: more than 0, unless the run is to end with a limit.
  virtual uint64_t limit() = 0;
  // User mode has run: until an interrupt with these causes, or (0) as far as it might. `pair.stores` are the stores meanwhile.
  virtual void ran(const Pair& pair, uint32_t causes, Violations& violations) = 0;
  // Another one for the same run again, that has no opinion.
  virtual std::unique_ptr<UserMode> replay() const = 0;
};

// A change of the VAMP from outside at s(step), before the checkers look: how the checker is checked.
struct Corruption {
  uint64_t step = 0;
  enum Kind : uint8_t { Register, Special, Word, Byte, Dpc, Pc } kind = Word;
  uint32_t where = 0;  // register number, address
  uint32_t value = 0;
};

class Spectator;

struct Options {
  uint64_t maxSteps = UINT64_MAX;  // C0 steps
  uint64_t limit = 1'000'000;      // instructions a C0 step may take; more for big struct copies
  Mode mode = Mode::Incremental;
  bool checked = false;            // the program was compiled with all run-time checks: see mustBeMet
  std::vector<Corruption> corruptions;
  Dropped dropped;                               // conditions that a test leaves out
  std::function<int()> input;                    // next byte or -1; none: no input
  std::function<void(std::string_view)> output;  // bytes as they are put out
  std::vector<uint8_t> disk;                     // what disk 0 contains at the start of each run; empty: there is none
  uint32_t memory = machine::kDefaultMemory;     // bytes; more if the image needs more
  UserMode* users = nullptr;                     // of one run
  // Of mode parallel: threads (0: as many as the host has processors), and instructions of a segment (0: 2,000,000, and 4
  // for each byte of globals and heap in use).
  unsigned jobs = 0;
  uint64_t segment = 0;
  uint64_t until = UINT64_MAX;                   // of shards: what comes after so many instructions is one segment
  bool explain = true;                           // after a failure, run again to find the instruction that is to blame
  Spectator* spectator = nullptr;                // sees the run (spectator.h)
};

// Bytes of physical memory that a run has.
uint32_t memoryFor(const Image& image, const Options& options);

enum class Verdict : uint8_t {
  Consistent,    // both ended, every check held
  Inconsistent,  // failure()
  NoSemantics,   // the abstract machine faulted, and the VAMP met the fault or has no check for it
  Limit,         // maxSteps reached
};
std::string_view verdictName(Verdict verdict);

// Faults that a program compiled with all checks reports itself (decisions.md, 7).
bool mustBeMet(core::Fault fault);

struct Failure {
  std::vector<Violation> violations;  // the first is the one to report
  uint64_t violationCount = 0;
  uint64_t c0Step = 0;
  uint64_t machineStep = 0;
  std::optional<StatementId> executed = {};  // none at s(0)
  std::optional<StatementId> next = {};      // the head of the program rest
  std::vector<Executed> instructions = {};   // the last ones, oldest first
  // For each violation, who is to blame: the instruction that last wrote the bytes, changed the register or jumped; or
  // the C0 step of the --corrupt that did.
  struct Culprit {
    std::optional<Executed> writer;
    std::optional<uint64_t> corruptedAt;
  };
  std::vector<Culprit> culprits = {};
};

struct Outcome {
  Verdict verdict = Verdict::Consistent;
  Counters counters;
  uint32_t exitStatus = 0;
  std::optional<Failure> failure;
  std::optional<interp::FaultReport> fault;
  bool faultMet = false;  // the VAMP reported the same fault
  Mode mode = Mode::Full;
  bool left = false;      // an asm block ended in an rfe to elsewhere: consistent up to there, no exit status
  std::string output;
  std::vector<int> input = {};  // what the program took: bytes, -1 for the end
  struct Parallel {
    uint32_t segments = 0, again = 0;  // and how many of them had to be checked again, from where those before ended
  };
  std::optional<Parallel> parallel = {};  // mode parallel
};

// Runs the program of the image, with the checkers of the mode.
Outcome run(const Image& image, const Options& options);
// `checkers` are asked in order.
Outcome run(const Image& image, const Options& options, std::vector<std::unique_ptr<Checker>> checkers);

// "5:reg=29,value=0x10", "5:spr=PTL,value=3", "7:mem=0x8000,value=1" (a word), "7:byte=0x8001,value=1", "0:dpc=0x8010",
// "0:pc=0x8010".
base::Result<Corruption> parseCorruption(std::string_view text);
std::string printCorruption(const Corruption& corruption);  // its inverse

}  // namespace consis
