// A program that runs with translation on (BabyVMM's kernel: decisions.md, 22). consis compares physical memory, and
// the program's addresses are virtual; that is the same if every page of code, data, heap and stack translates to
// itself with its rights. This identity window is checked when the program is first seen in user mode, when PTO or PTL
// have changed, and, entry by entry, at every store to the table.
#pragma once

#include <optional>
#include <vector>

#include "vm/consis/checker.h"
#include "vm/consis/recorder.h"

namespace consis {

class IdentityWindow : public StoreListener {
 public:
  IdentityWindow(const Image& image, const machine::Machine& machine, Counters& counters);

  // At s(i), in user mode: the whole window, unless nothing can have changed it.
  void check(Violations& violations);
  // In system mode nothing is asked of the table; it is checked anew afterwards.
  void suspend() { table_.reset(); }
  // A store that broke the window.
  const std::optional<Violation>& broken() const { return broken_; }
  bool onStore(const machine::State& after, uint32_t address, uint32_t size) override;

 private:
  struct Page {
    uint32_t number;
    bool written;  // by the program: its entry must not be protected
    const char* what;
  };
  struct Table {
    uint32_t pto, ptl;
    bool operator==(const Table&) const = default;
  };
  void add(Region region, bool written, const char* what);
  std::optional<Violation> wrong(const Page& page) const;

  const Image& image_;
  const machine::Machine& machine_;
  Counters& counters_;
  std::vector<Page> pages_;     // ascending
  std::optional<Table> table_;  // for which the window has been checked
  std::optional<Violation> broken_;
};

}  // namespace consis
