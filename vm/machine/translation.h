// Address translation of the fast executor: flat tables from virtual pages to host memory and to decoded code, one set
// for system mode and one for each (PTO, PTL) in use. VAMP reads its page table at every access; the tables are exact
// all the same, since stores to page-table entries that were used, and to decoded code, never have a write entry: they
// take the slow path, which tells us (written()).
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "vm/machine/code_cache.h"
#include "vm/machine/machine.h"
#include "vm/machine/memory.h"
#include "vm/machine/record.h"

namespace machine {

constexpr uint32_t kVirtualPages = 1u << 20;

// Entries are host address minus virtual address, 0 = unknown; of code, the records of the page.
struct Context {
  uint64_t* read;
  uint64_t* write;
  Record** fetch;
  uint32_t pto = 0, ptl = 0;
  bool user = false;
  uint64_t lastUse = 0;
  std::array<uint64_t, kVirtualPages / 512 / 64> written{};  // a bit for each 512 pages, of which one may have an entry in `write`
  std::vector<uint32_t> filled;  // virtual pages that may have an entry (user contexts), each once:
  uint64_t* listed;              // a bit for each page in `filled`
};

class Translation {
 public:
  // Code that is decoded will have these handlers.
  Translation(Memory& memory, const Handlers& handlers);
  ~Translation();
  Translation(const Translation&) = delete;
  Translation& operator=(const Translation&) = delete;

  // Valid until the next call.
  Context& system() { return *system_; }
  Context& user(uint32_t pto, uint32_t ptl);

  // The physical address of a virtual one; false: page fault.
  bool translate(const Context& context, uint32_t va, bool write, uint32_t& physical) const;

  // Enters a translation that succeeded to a page of memory.
  void fillRead(Context& context, uint32_t va, uint32_t physical);
  void fillWrite(Context& context, uint32_t va, uint32_t physical);  // unless stores to the page are watched
  Record* fillFetch(Context& context, uint32_t va, uint32_t physical);

  // The page's records will be decoded: stores to it must come here from now on.
  void watchCode(uint32_t frame) { watch(frame, kCode); }

  // Stores to the page must come to written().
  bool watches(uint32_t physical) const { return pages_[physical >> 12].flags & (kCode | kTable | kGuarded); }

  // Stores to these ranges must come to the slow path from now on, others need not any more.
  void guard(const std::vector<Breaks::Range>& ranges);
  bool guards(uint32_t physical) const { return pages_[physical >> 12].flags & kGuarded; }

  // Pages that were written to since the last call.
  std::vector<uint32_t> takeWritten();

  // Forgets decoded code, which will have these handlers, and that pages may be written to directly,
  void relearn(const Handlers& handlers);
  // or only that.
  void forgetWrites();

  // Memory was stored to. True if that changed decoded code or a translation in use.
  bool written(uint32_t address, uint32_t bytes);

 private:
  enum Flag : uint8_t { kCode = 1, kTable = 2, kUserWritable = 4, kGuarded = 8, kWritten = 16 };
  struct Page {
    CodePage* code;
    uint32_t idleStores;  // watched stores since the page was last hit
    uint8_t flags;
    uint8_t abandoned;  // how often we stopped watching it
  };

  std::unique_ptr<Context> makeContext();
  void flush(Context& context);
  void remember(Context& context, uint32_t va);
  void watch(uint32_t frame, Flag flag);
  bool changeCode(CodePage& code, uint32_t address, uint32_t bytes);
  bool changeTable(uint32_t address);
  bool abandon(uint32_t frame);
  void resetRecords(CodePage& code);
  void dropAllCode();

  Memory& memory_;
  const Handlers* handlers_;
  Page* pages_;  // by frame, zero at first
  std::vector<uint32_t> written_, guarded_;  // the pages with the flag
  std::vector<std::unique_ptr<CodePage>> code_;
  std::unique_ptr<Context> system_;
  std::vector<std::unique_ptr<Context>> users_;
  uint64_t uses_ = 0;
};

}  // namespace machine
