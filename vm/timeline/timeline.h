// A run that can be looked at from every point of time, which is the number of executed instructions (State::steps): snapshots now and
// then, and exact execution again from the last one before. Input that the program has taken is given to it again, output is not
// made again; disks keep what is written in memory. Any client may drive it: monitor, gdb stub, tests.
//
//   Journal journal(terminal, serial);                     the devices' consoles are the journal's
//   SystemBus bus(journal.host(), journal.serial(), ..);
//   Machine machine(size, &bus);                           load, set registers, attach disks; then
//   Timeline timeline(machine, bus, journal);
//   timeline.stopAt({0x8124}, {{0x9000, 4}});
//   timeline.run(); .. timeline.runBack(); .. timeline.goTo(1000);
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "vm/devices/system_bus.h"
#include "vm/machine/machine.h"
#include "vm/machine/pages.h"
#include "vm/timeline/journal.h"
#include "vm/timeline/reversible_storage.h"

namespace timeline {

// What snapshots may cost. They are evenly spaced; when there are too many, every other one goes.
struct Budget {
  uint64_t interval = 1'000'000;       // instructions between two, at first
  size_t snapshots = 256;              // at least 2
  uint64_t bytes = uint64_t(1) << 29;  // of pages, besides the first snapshot's
};

enum class Reason : uint8_t {
  Limit,      // as far as was asked for
  Host,       // the program has ended
  Break,      // the instruction at a place is next
  Store,      // the next instruction stores to a range (Timeline::store())
  Start,      // the first instruction is next, and there is nothing before it
  Requested,  // interrupt() returned true
};

using Range = machine::Breaks::Range;

// Instruction number `time` (State::steps before it) stored.
struct Write {
  uint64_t time;
  uint32_t dpc;  // its virtual address
  Range to;      // what it stored to, physical
};

class Timeline {
 public:
  // The present is the run's start. All three outlive the timeline; the machine is run by nobody else meanwhile. The disks' storages
  // are replaced by reversible ones.
  Timeline(machine::Machine& machine, devices::SystemBus& bus, Journal& journal, const Budget& budget = {});
  ~Timeline();

  uint64_t now() const { return machine_.state.steps; }
  uint64_t first() const;                // the time of the start
  uint64_t last() const { return last_; }  // the latest that was reached

  // Where run() and runBack() stop: places (virtual addresses, any mode, PC = DPC + 4: not in a delay slot) for which `wanted` holds, if it is given,
  // with the state there; stores to ranges of physical memory. The instruction at hand is not stopped at.
  void stopAt(std::vector<uint32_t> places, std::vector<Range> ranges, std::function<bool(const machine::State&)> wanted = {});

  // Forward, at most so many instructions.
  Reason run(uint64_t instructions = machine::kNever);
  // Back to the last time before now at which a run would have stopped for a place or a range, if it was not before `earliest`, else to that
  // or the start (Reason::Start).
  Reason runBack(uint64_t earliest = 0);
  // To that time, whatever lies between: Limit, or Start, Host at the run's ends.
  Reason goTo(uint64_t time);
  Reason stepBack(uint64_t instructions = 1);  // Start: there are not so many

  // After Reason::Store: what the next instruction stores to.
  const Range& store() const { return store_; }

  // The last store before now that touched the range (physical); the present stays as it is.
  std::optional<Write> lastWrite(Range range);
  // The last instruction before now, and not before `earliest`, for which `matches` holds, given the state before it and after it.
  std::optional<uint64_t> lastStep(const std::function<bool(const machine::State& before, const machine::State& after, const machine::Event&)>& matches,
                                   uint64_t earliest = 0);

  // Registers or memory were changed by hand: the present is as it is now, what had been ahead never was. Going back before it and forward
  // again comes here.
  void edited();

  // Asked between snapshots; a run ends when it holds (Reason::Requested).
  std::function<bool()> interrupt;

  size_t snapshots() const { return snapshots_.size(); }
  uint64_t interval() const { return budget_.interval; }
  uint64_t bytes() const { return pages_ * machine::kPageSize; }  // of pages that snapshots hold besides the first

 private:
  struct Snapshot;
  using Scan = std::function<std::optional<uint64_t>(uint64_t end)>;

  void take(bool edit);
  void thin();
  size_t countPages() const;  // that snapshots hold besides the first
  void restore(const Snapshot& snapshot);
  void keepWritten();                  // contents_ := what memory holds
  size_t before(uint64_t time) const;  // the last snapshot at or before the time
  uint64_t nextPause() const;          // the next snapshot's time, taken or to be taken
  void pause();                        // at that time
  void use(const machine::Breaks* breaks);
  Reason advance(uint64_t end, const machine::Breaks* breaks);
  // scan(end) runs from the present to `end` and gives the last time before `end` that it looks for. Gives the last time in [earliest, now) that
  // is found; the machine is anywhere then.
  std::optional<uint64_t> find(uint64_t earliest, const Scan& scan);
  bool wantedHere() const;

  machine::Machine& machine_;
  devices::SystemBus& bus_;
  Journal& journal_;
  Budget budget_;
  std::shared_ptr<ReversibleStorage> disks_[2];  // null: no disk

  std::vector<std::unique_ptr<Snapshot>> snapshots_;  // by time, rising
  machine::Pages contents_;                                    // of memory, when takeWritten() was called last
  size_t pages_ = 0;                                  // the first snapshot's aside, at most so many are held
  uint64_t last_;

  machine::Breaks breaks_;
  const machine::Breaks* used_ = nullptr;  // by the machine
  std::function<bool(const machine::State&)> wanted_;
  Range store_{};
};

}  // namespace timeline
