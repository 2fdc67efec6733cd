// `refine scope`: every primitive of every layer, from all related states of a small machine (decisions.md, 24): page
// 0, up to 3 frames that mem may hand out, up to 4 high pages, one tag as a page's content, all orders of the free
// list. The compiled function runs on VAMP; wherever p holds, its end must satisfy g and be related. States are tried
// by the number of pages, so that the first counterexample is minimal in pages. docs/refine.md.
#pragma once

#include "vm/relate/refine/run.h"

namespace refine {

struct ScopeOptions {
  unsigned frames = 3, pages = 4;  // at most so many
  std::string function = {};       // only this one; empty: all
  uint64_t steps = 100000;         // a call that takes more does not return
  bool accesses = true;            // also load/store preservation between neighbours
};

// A start state: numbers are indices of frames (0 is the first of the pool) and of high pages.
struct ScopeState {
  struct Entry {
    uint8_t frame = 0;  // 1 + index; 0: not mapped
    uint8_t flags = 2;  // as pt_set takes them: 1 protected, 2 valid
    auto operator<=>(const Entry&) const = default;
  };
  std::vector<bool> used;      // by frame
  std::vector<uint8_t> order;  // the free list, the first first
  std::vector<Entry> entries;  // by high page
  unsigned size() const { return unsigned(used.size() + entries.size()); }
  // "frames 60 used, 61 free; the list 61; pages 64 -> 60, 65 not mapped"
  std::string print(const models::Layout& layout) const;
};

// All states with so many frames and pages. `related`: only those to which an AS state is related.
std::vector<ScopeState> scopeStates(unsigned frames, unsigned pages, bool related);
// How many there are up to renaming frames and pages.
size_t upToSymmetry(const std::vector<ScopeState>& states);

struct ScopeCount {
  std::string module, function;
  models::Name top;      // of the chain that was held against it
  uint64_t states = 0;   // related start states
  uint64_t calls = 0;    // with all arguments for which p holds
  uint64_t refused = 0;  // p does not hold
};

struct Counterexample {
  std::string module, function;
  models::Name top;
  std::vector<uint32_t> arguments;
  unsigned frames = 0, pages = 0;
  std::string state;
  Failure failure;
  uint64_t step = 0;
  std::string place;
  std::vector<Called> calls = {};
  std::string dot = {};  // the chain at the failure
};

struct ScopeOutcome {
  std::vector<ScopeCount> counts;
  uint64_t states = 0, symmetric = 0;  // PMAP states of the largest size; up to renaming
  uint64_t spaces = 0;                 // of these, with a related AS state
  uint64_t accesses = 0;               // loads and stores tried on neighbours
  std::optional<Counterexample> counterexample;
};

ScopeOutcome scope(const KernelImage& image, const ScopeOptions& options);

std::string scopeText(const ScopeOutcome& outcome);
std::string scopeJson(const ScopeOutcome& outcome, const std::string& program);

}  // namespace refine
