// The VAMP in the middle of a run, and the first pass that finds such places: it runs the VAMP alone and stops every so
// many instructions where a statement begins (docs/consis.md, "Parallel in time").
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "vm/consis/allocation.h"
#include "vm/consis/landmarks.h"
#include "vm/consis/lockstep.h"
#include "vm/consis/recording_console.h"
#include "vm/consis/trail_record.h"
#include "vm/devices/system_bus.h"
#include "vm/machine/pages.h"

namespace consis {

// Everything that the VAMP's future depends on. What did not change is shared with the checkpoint before.
struct Checkpoint {
  uint32_t number;  // segment k begins at checkpoint k; 0 is reset, and none of these
  StatementId head;
  machine::State state;
  machine::Pages memory;  // those that are not all zero
  std::vector<std::shared_ptr<const std::vector<Made>>> heap;
  devices::Timer timer;
  devices::Serial serial;
  std::optional<devices::Disk> disk;                      // if there is one: its state,
  std::shared_ptr<const devices::MemoryStorage> sectors;  // and its contents
  uint64_t outputs, inputs;                               // bytes put out and taken in so far
};

using CheckpointPtr = std::shared_ptr<const Checkpoint>;

// The program's input, for all machines that run it: byte i is the same for all. Safe to use from several threads.
class Input {
 public:
  // `next` gives the next byte or -1; empty: no input.
  explicit Input(std::function<int()> next) : next_(std::move(next)) {}
  int at(size_t index);
  // Bytes from `index` on, one a call.
  std::function<int()> from(size_t index) {
    return [this, index]() mutable { return at(index++); };
  }

 private:
  std::mutex mutex_;
  std::function<int()> next_;
  std::vector<int> taken_;
};

class FirstPass {
 public:
  // From `start` (null: from reset). A segment has the instructions that the options say, and goes on to the next place
  // where a statement surely begins.
  FirstPass(const Image& image, const Landmarks& landmarks, Input& input, const Options& options,
            CheckpointPtr start);

  // The next checkpoint; null if there is none: the run has ended, or options.until is reached, or it goes where no
  // checkpoint can be. The way there is recorded, as far as it is in system mode.
  CheckpointPtr next(TrailRecord* record = nullptr);

  // The VAMP has stopped.
  bool ended() const { return bus_.stopRequested(); }

 private:
  void watch(machine::Watch& by);
  bool runTo(uint64_t end, machine::Watch& watch, bool anywhere);
  bool runRecording(uint64_t end, TrailRecord& record);
  void noteAllocation();
  void keepPages(machine::Watch& watch, machine::Pages& memory);
  CheckpointPtr take();

  const Image& image_;
  const Landmarks& landmarks_;
  RecordingConsole console_;
  devices::SystemBus bus_;
  machine::Machine machine_;
  machine::Watch allocations_, all_;
  machine::Watch entries_;  // when the way is recorded
  const machine::Watch* watching_ = nullptr;  // of them, the machine's; decoded code is made for it
  uint64_t length_, until_;
  bool lost_ = false;

  std::optional<StatementId> pending_;                           // the `new` that the machine came to last,
  std::optional<uint32_t> count_;                                // the length that its array will have,
  uint32_t heapTop_;                                             // and r30 then
  std::vector<Made> made_;                                       // since the last checkpoint
  std::shared_ptr<devices::MemoryStorage> sectors_;
  uint64_t sectorsWritten_ = 0;  // at the last checkpoint, which had these contents:
  std::shared_ptr<const devices::MemoryStorage> sectorsThen_;
  uint64_t outputsBefore_ = 0, inputsBefore_ = 0;
  CheckpointPtr last_;  // stays for as long as the next may share its pages
};

// Puts the image there and resets the machine.
void reset(machine::Machine& machine, const Image& image);
// Puts both into the state that they had at the checkpoint. The memory of the machine must be all zero.
void resume(machine::Machine& machine, devices::SystemBus& bus, const Checkpoint& checkpoint);

}  // namespace consis
