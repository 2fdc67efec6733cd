// Ownership (decisions.md, 30): every frame, slot and page of page tables has exactly one owner, by what the kernel writes down about it
// and by what the page tables say. Leaks and double use are the same failure: nobody owns it, or two do.
#pragma once

#include "vm/relate/konsis/chain.h"
#include "vm/relate/konsis/relation_b.h"
#include "vm/relate/konsis/ring.h"

namespace konsis {

class Ownership {
 public:
  Ownership(const KernelData& data, const machine::Machine& machine, RelationB& b, Counters& counters);

  void stored(uint32_t address, uint32_t size);
  void changedAll();
  bool anyChanged() const { return changed_; }
  // After b has been checked. `tables`: so many pages of pt_table there are for users.
  void check(Violations& violations);
  uint32_t badSlots() const { return badSlots_; }

 private:
  void storedWord(uint32_t address);
  void checkFrame(uint32_t frame, Violations& violations);
  void checkSlot(uint32_t slot, Violations& violations);
  void checkTables(Violations& violations);
  void lists(Violations& violations);
  bool isFree(uint32_t frame) const;
  bool isUsersFrame(uint32_t frame) const { return frame >= data_.firstFrame() && frame < read_(data_.bootPages); }
  static void add(Violations& violations, std::string what, std::string text, uint32_t address);

  const KernelData& data_;
  const Reader read_;
  RelationB& b_;
  Counters& counters_;
  Chain freeFrames_, freeSlots_;
  Ring fifo_;
  std::vector<uint32_t> frames_, slots_;  // to be looked at
  std::vector<bool> bad_;                 // slots
  uint32_t badSlots_ = 0;
  bool tables_ = true, counts_ = true, changed_ = true;
};

}  // namespace konsis
