// VAMP: memory, state, two executors. `step` reads like the manual (shared/spec/vamp.md); `run` is fast; they share the
// instruction table and nothing else, and agree on every state (test/differential/lockstep). Standard library and
// assembler/isa only, so that the machine can be embedded.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "vm/machine/state.h"
#include "vm/machine/trail.h"

namespace machine {

constexpr uint32_t kDeviceBase = 0xFFFF8000;  // device k at kDeviceBase + 4096 k
constexpr unsigned kDeviceCount = 8;
constexpr uint32_t kPageSize = 4096;
constexpr uint32_t kDefaultMemory = 64u << 20;
constexpr uint64_t kNever = UINT64_MAX;

// The bus as the processor sees it. Time is the number of executed instructions (State::steps before the access).
class Bus {
 public:
  virtual ~Bus() = default;
  virtual uint32_t read(unsigned device, unsigned port, uint64_t now) = 0;
  virtual void write(unsigned device, unsigned port, uint32_t value, uint64_t now) = 0;
  // Level-triggered lines, bit 13 + k for device k, as they are at `now`.
  virtual uint32_t lines(uint64_t now) = 0;
  // The earliest time > now at which lines() may change without a port access; kNever if there is none.
  virtual uint64_t nextEvent(uint64_t now) = 0;
  // Set by a write to the host device: the run ends after this instruction.
  virtual bool stopRequested() const = 0;
};

// What happened in one step, for the one observer (consis, trace, debugger, coverage). Costs nothing when there is
// none.
struct Event {
  uint32_t dpc;      // virtual address of the instruction
  uint32_t word;     // the instruction; 0 if its fetch faulted
  uint32_t causes;   // MCA if JISR, else 0
  bool stored;       // it wrote memory or a device:
  uint32_t address;  // physical
  uint32_t size;     // bytes
  uint32_t value;    // of store.d: the lower word
};
class Observer {
 public:
  virtual ~Observer() = default;
  // After the step. Returning false ends the run (Stop::Observer).
  virtual bool onStep(const State& after, const Event& event) = 0;
};

// What can be watched without an observer's costs. It lists the stores to memory, and ends the run (Stop::Watch) where
// PC = DPC + 4 and DPC is one of its places, before the instruction there unless the run begins with it; after an
// interrupt; and when the program enters user mode.
struct Watch {
  // A run that begins in user mode: Stop: ends at once. Run: goes on, its stores are listed likewise; places are those of
  // system mode. Watch: places are those of user mode as well, where they lie in pages that are mapped to themselves.
  enum class Users : uint8_t { Stop, Run, Watch };

  struct Store {
    uint32_t address, size;  // physical; one that begins where the one before ends has become part of it
  };

  void add(uint32_t address) { places.add(address); }
  bool at(uint32_t address) const { return places.at(address); }
  void touched(uint32_t address, uint32_t size) { storedTo(address / kPageSize), storedTo((address + size - 1) / kPageSize); }
  void stored(uint32_t address, uint32_t size) {
    if (byPage) return;
    if (!stores.empty() && stores.back().address + stores.back().size == address) stores.back().size += size;
    else stores.push_back({address, size});
  }

  Places places, ends;        // ends: of the places, those at which a trail ends
  std::vector<Store> stores;  // since its owner cleared them
  Users users = Users::Stop;
  bool byPage = false;           // set before setWatch, not changed: stores are not listed, which is as fast as without a watch
  std::vector<uint64_t> pages;   // a bit for each page that was stored to since setWatch, or clearPages
  uint32_t causes = 0;           // MCA of the interrupt that ended the last run, else 0;
  uint32_t interrupted = 0;      // and where the instruction was

 private:
  void storedTo(uint32_t page) {
    if (pages.size() <= page / 64) pages.resize(page / 64 + 1);
    pages[page / 64] |= uint64_t(1) << page % 64;
  }
};

// What a debugger stops at, by run() only and at no cost elsewhere (not together with a watch): before an instruction at one
// of its places, in any mode, where PC = DPC + 4, unless the run begins with it (Stop::Break); before a store to one of its ranges
// (Stop::Store).
struct Breaks {
  struct Range {
    uint32_t address, size;  // physical memory, bytes; sizes are positive
  };
  std::vector<uint32_t> places;  // virtual addresses
  std::vector<Range> ranges;
  // Asked before each store that touches a range, with what it stores to and the state before the instruction, of gpr 28..31 at most:
  // is the run to stop here? To be given if there are ranges.
  std::function<bool(const State&, Range)> onStore;

  bool at(uint32_t address) const { return std::find(places.begin(), places.end(), address) != places.end(); }
};

enum class Stop : uint8_t { Limit, Host, Observer, Watch, Break, Store };

class Machine {
 public:
  // memoryBytes: a multiple of 4096, at most 2 GiB. Throws std::bad_alloc if the host cannot map it.
  explicit Machine(uint32_t memoryBytes = kDefaultMemory, Bus* bus = nullptr);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  State state;

  uint32_t memorySize() const;
  // Physical memory. Writing through it behind the machine's back needs invalidate().
  std::span<const uint8_t> memory() const;
  bool read(uint32_t address, void* to, uint32_t size) const;     // false: outside memory
  bool write(uint32_t address, const void* from, uint32_t size);  // decoded code and translations follow

  // Also when lines may have changed behind the machine's back.
  void setBus(Bus* bus);
  void setObserver(Observer* observer);
  // Stores are listed from now on, and devices change by their ports and at nextEvent() only, also between runs; the
  // run ends as the watch says only if it is shown to no observer. Its places do not change any more.
  void setWatch(Watch* watch);
  // The watch's pages are noted anew.
  void clearPages();
  // nullptr: none. They do not change until they are set again.
  void setBreaks(const Breaks* breaks);

  // Interrupts since the machine was made, by the cause that decided (the lowest in MCA).
  using Interrupts = std::array<uint64_t, 32>;
  const Interrupts& interrupts() const;

  // Pages of memory that were written since the last call, in no order, by write() too; not what was stored by a run with a watch.
  std::vector<uint32_t> takeWritten();
  // Back to a state, with the interrupts so far; memory and devices are their owner's to set.
  void restore(const State& to, const Interrupts& interrupts);

  // One instruction, by the reference executor.
  Stop step();
  // Until `limit` more instructions have been executed or something stops it; by the fast executor.
  Stop run(uint64_t limit);
  // The same in short strides, and shown to no observer: of state.gpr only 28..31 follow, until settle(); then nothing
  // is changed in gpr either.
  Stop glide(uint64_t limit);
  void settle();

  // At a place of the watch, in system mode: goes on past many of them and adds that to the trail as a part, which ends at one of them
  // if it can, the first from step `until` on at the latest; the watch lists nothing of it. False: no part begins here, the machine is where it
  // was.
  bool follow(Trail& trail, uint64_t until);
  // Back to where the trail's last part began, since when nothing but settle() has been called.
  void takeBack(const Trail& trail);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace machine
