// B(u)(cV, cP) for every user u (seed 003, 3.3 and 6.1; decisions.md, 27): V = ptl + 1; every page of vm(u) is in the frame or the slot that
// the kernel's own tables name; registers are the machine's if u runs in user mode, else those of pcb[u].
//
// Between two points at which the relation is asked for, everything that can have changed it is told: stores, sectors written, changes
// of the virtual machine. Only that is compared, and it is as good as all (docs/konsis.md).
#pragma once

#include <array>
#include <vector>

#include "vm/consis/checker.h"
#include "vm/relate/konsis/counters.h"
#include "vm/relate/konsis/kernel_data.h"
#include "vm/relate/konsis/swap_disk.h"

namespace konsis {

using consis::Violation;
using consis::Violations;
using cvm::Page;

class RelationB {
 public:
  RelationB(const KernelData& data, const machine::Machine& machine, const SwapDisk& disk, Counters& counters);

  // ---- what has changed ----
  void stored(uint32_t address, uint32_t size);
  void wroteSector(uint32_t sector);
  void changedUser(uint32_t u);               // registers, mask or V of up(u)
  void changedPages(uint32_t u, uint32_t first, uint32_t end);  // memory of up(u); beyond V is nothing
  void changedAll();

  bool anyChanged() const { return !dirtyUsers_.empty() || !dirtyPages_.empty() || zeroFrameStored_; }
  // `running`: the user whose registers are the machine's; 0: none.
  void check(const cvm::Users& users, uint32_t running, Violations& violations);
  // Memory alone, while registers are on their way into pcb.
  void checkMemory(const cvm::Users& users, Violations& violations);

  // ---- what the tables said at the last check; for ownership ----
  std::span<const Page> pagesOf(uint32_t frame) const { return frame < frames_.size() ? frames_[frame] : std::span<const Page>{}; }
  std::span<const Page> pagesWithSlot(uint32_t slot) const { return slot < slots_.size() ? slots_[slot] : std::span<const Page>{}; }
  std::optional<uint32_t> tableUser(uint32_t tablePage) const;
  // Since they were last taken.
  std::vector<uint32_t> changedFrames, changedSlots;
  bool changedTables = false;

 private:
  struct State {
    uint32_t entry = 0, slot = 0;
    bool dirty = false, known = false;
  };
  struct Table {
    uint32_t base = 0, pages = 0;  // as in pcb
    std::vector<State> states;
    bool dirty = true;
  };

  void storedWord(uint32_t address);
  void mark(uint32_t u, uint32_t page);
  void storedEntry(uint32_t index);
  void checkUser(uint32_t u, const cvm::User& user, bool running, Violations& violations);
  void checkFloating(uint32_t u, const cvm::User& user, Violations& violations);
  void follow(uint32_t u);
  void checkPage(Page page, const cvm::User& user, Violations& violations);
  void forget(Page page, State& state);
  void compare(Page page, const uint8_t* found, const uint8_t* expected, const std::string& where, uint32_t address,
               Violations& violations);
  Violation violation(Page page, std::string text) const;

  const KernelData& data_;
  const machine::Machine& machine_;
  const Reader read_;
  const SwapDisk& disk_;
  Counters& counters_;
  std::array<Table, cvm::kProcesses + 1> tables_;
  std::vector<uint8_t> tableUsers_;  // by page of pt_table; 0: nobody
  std::vector<std::vector<Page>> frames_, slots_;
  std::vector<Page> dirtyPages_;
  std::vector<uint32_t> dirtyUsers_;
  bool zeroFrameStored_ = true;
  uint32_t floatingOwner_ = 0;  // at the last store to it
};

}  // namespace konsis
