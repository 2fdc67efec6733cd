// What the models are parameters of: the sizes, the places of the two tables, and what lies where in low memory (seed
// 004, figure 13; kernel/babyvmm/layout.h). All addresses are physical, in bytes; pages are numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace models {

constexpr uint32_t kPageSize = 4096, kPageWords = 1024;
constexpr uint32_t pg(uint32_t address) { return address / kPageSize; }
constexpr uint32_t off(uint32_t address) { return address % kPageSize; }

// A table entry of VAMP (vamp.md, "Translation").
constexpr uint32_t kValid = 1u << 11, kProtected = 1u << 10;
constexpr uint32_t frameOf(uint32_t entry) { return entry >> 12; }

// Entries of mem_next (kernel/mem/mem.h).
constexpr uint32_t kUsed = uint32_t(-1), kReserved = uint32_t(-2);

struct Layout {
  uint32_t npages = 0, vpages = 0;        // NPAGES, VPAGES
  uint32_t memTable = 0, memEntries = 0;  // mem_next; an entry for each physical page
  uint32_t ptTable = 0, ptEntries = 0;    // pt_table; an entry for each virtual page
  uint32_t poolFirst = 0, poolEnd = 0;    // the frames that mem may hand out
  uint32_t stackBegin = 0, stackEnd = 0;  // not memory but the stack S of the seed
  uint32_t saveEnd = 0x8000;              // entry and save area of the interrupt handler
  uint32_t imageEnd = 0x8000;             // code, data and stack lie below
  std::vector<bool> data;                 // by page: holds the program's data, so that A is true for ever

  uint32_t pto() const { return ptTable / kPageSize; }
  uint32_t ptl() const { return vpages - 1; }
  bool lowPage(uint32_t page) const { return page < npages; }
  bool highPage(uint32_t page) const { return page >= npages && page < vpages; }
  bool pool(uint32_t page) const { return page >= poolFirst && page < poolEnd; }
  bool tablePage(uint32_t page) const { return page >= pg(ptTable) && page <= pg(ptTable + 4 * ptEntries - 1); }
  bool memPage(uint32_t page) const { return page >= pg(memTable) && page <= pg(memTable + 4 * memEntries - 1); }
  // Nothing of the kernel's own lies there: the page may be given to mem.
  bool spare(uint32_t page) const { return page && page * kPageSize >= imageEnd && !tablePage(page) && !memPage(page); }
  // A of pages outside the pool, in ALD and ALE.
  bool fixedAllocated(uint32_t page) const {
    return tablePage(page) || (!memPage(page) && page < data.size() && data[page]);
  }
  bool stack(uint32_t address) const { return address >= stackBegin && address < stackEnd; }
  bool inMem(uint32_t address) const { return address - memTable < 4 * memEntries; }
  bool inTable(uint32_t address) const { return address - ptTable < 4 * ptEntries; }
};

// "0x0003f004".
std::string hex(uint32_t value);

}  // namespace models
