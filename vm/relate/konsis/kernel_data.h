// The concrete kernel's data structures in physical memory (docs/cvm.md, "Data and invariants"), found by name through the map.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "vm/consis/image.h"
#include "vm/machine/machine.h"
#include "vm/relate/cvm/specification.h"

namespace konsis {

using cvm::kPageSize;
constexpr uint32_t kWordsPerPage = kPageSize / 4;
constexpr uint32_t kKernel = 0, kIdle = cvm::kProcesses + 1;  // indices of pcb that are no users'

// Page-table entries (shared/spec/vamp.md, "Translation").
constexpr uint32_t kValid = 1u << 11, kProtected = 1u << 10;
constexpr uint32_t frameOf(uint32_t entry) { return entry / kPageSize; }

// An int array, or one int.
struct Words {
  uint32_t address = 0, count = 0;

  uint32_t at(uint32_t index) const { return address + 4 * index; }
  // The index of the word that contains the address.
  std::optional<uint32_t> index(uint32_t a) const {
    return a - address < 4 * count ? std::optional((a - address) / 4) : std::nullopt;
  }
};

// The registers of a process control block, by offset in words.
struct BlockLayout {
  uint32_t words = 0;  // of the struct
  uint32_t gpr = 0, dpc = 0, pc = 0, pto = 0, ptl = 0, mask = 0, rm = 0, ieeef = 0, fcc = 0;
};

struct KernelData {
  // Errors [no-kernel-data], naming what the image does not have.
  static base::Result<KernelData> find(const consis::Image& image);

  BlockLayout block;
  Words pcb;  // [P + 2] blocks
  Words cup;
  Words floating, floatingOwner;                             // floating_registers, floating_owner
  Words tables, slotOf, tableOwner;                          // pt_table, swap_slot_of, ptspace_owner
  Words memNext, pfhSpace, pfhPage, pfhNext, pfhPrev;        // by frame
  Words swapNext, swapHead, swapFree, swapSlots, swapFirst;  // slots
  Words bootPages;                                           // memory ends there
  // The kernel's data ends there; then come the zero frame, the idle user's, and those of users.
  uint32_t zeroFrame = 0;
  uint32_t idleFrame() const { return zeroFrame + 1; }
  uint32_t firstFrame() const { return zeroFrame + 2; }

  // Word `offset` of the block of u.
  uint32_t register_(uint32_t u, uint32_t offset) const { return pcb.at(u * block.words + offset); }
};

// The same in a machine's memory.
class Reader {
 public:
  Reader(const KernelData& data, const machine::Machine& machine) : data_(data), memory_(machine.memory()) {}

  uint32_t word(uint32_t address) const;
  uint32_t operator()(const Words& words, uint32_t index = 0) const { return word(words.at(index)); }
  uint32_t reg(uint32_t u, uint32_t offset) const { return word(data_.register_(u, offset)); }
  // The bytes of a frame; null outside memory.
  const uint8_t* frame(uint32_t number) const;

 private:
  const KernelData& data_;
  std::span<const uint8_t> memory_;
};

}  // namespace konsis
