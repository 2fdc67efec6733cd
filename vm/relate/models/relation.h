// The relations M1 <= M2 between neighbours (seed 004, sections 4.2 and 5.2, figure 20), as executable checks that name
// the first difference. Each is a conjunction over words, pages and entries; full() checks all of them, check() those
// that were touched since the last check, so that a step of a run costs what it changed. That the two agree is tested.
#pragma once

#include "vm/relate/models/model.h"

namespace models {

enum class RelationName : uint8_t {
#define RELATION(Name, ...) Name,
#include "vm/relate/models/models.def"
};
constexpr unsigned kRelationCount = 7;
std::string_view relationName(RelationName relation);  // "ALE-PE"
std::string_view relationMeaning(RelationName relation);
Name upperOf(RelationName relation);
Name lowerOf(RelationName relation);

// What does not hold, in the words of the upper model.
struct Difference {
  RelationName relation;
  std::string component;      // "A(37)", "D(0x00040010)", "PM(66)", "the free list"
  std::string text;           // one sentence: who says what
  std::string print() const;  // "AS <= PMAP: D(0x..): .."
};
using Found = std::optional<Difference>;

// What a relation must look at again; what a check finds wrong stays.
struct Touched {
  std::vector<uint32_t> words;  // physical addresses of words that changed in either model
  std::vector<uint32_t> pages;  // A(page) changed, and with it the page's contents; of high pages A or the mapping
  bool empty() const { return words.empty() && pages.empty(); }
  void clear() { words.clear(), pages.clear(); }
};

// The free list of mem_next, followed along: order()[0] is its end.
class FreeList {
 public:
  void restart(const Layout& layout);
  void changed(uint32_t index) { changed_.push_back(index); }
  // Walks what is new. Returns the first fault: an end that is no page of the pool, a cycle. Pages that came or went
  // are appended to `moved`.
  std::optional<std::string> follow(const Layout& layout, const Data& d, std::vector<uint32_t>& moved);
  bool contains(uint32_t page) const { return page < position_.size() && position_[page] != kNone; }
  const std::vector<uint32_t>& order() const { return order_; }

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  std::vector<uint32_t> order_, position_, changed_;
};

template <class L>
class Restricted {  // PD-HW, PE-HW
 public:
  Touched touched;
  Found check(const L& upper, const HW& lower);
  Found full(const L& upper, const HW& lower) const;

 private:
  static Found registers(const L& upper, const HW& lower);
  static Found word(const L& upper, const HW& lower, uint32_t address);
};

template <class U, class L>
class Allocated {  // ALD-PD, ALE-PE
 public:
  Touched touched;
  Found check(const U& upper, const L& lower);
  Found full(const U& upper, const L& lower);  // also takes the free list anew
  const FreeList& freeList() const { return free_; }

 private:
  Found word(const U& upper, const L& lower, uint32_t address) const;
  Found page(const U& upper, const L& lower, uint32_t page) const;
  Found list(const U& upper, const L& lower);
  static Found fault(std::string component, std::string text);
  FreeList free_;
};

class PageMap {  // PMAP-ALE
 public:
  Touched touched;
  Found check(const PMAP& upper, const ALE& lower);
  Found full(const PMAP& upper, const ALE& lower) const;
};

class Space {  // AS-PMAP
 public:
  Touched touched;
  Found check(const AS& upper, const PMAP& lower);
  Found full(const AS& upper, const PMAP& lower);  // also takes the owners anew
  // The high page that is mapped to this frame, 0 if there is none.
  uint32_t owner(uint32_t frame) const { return frame < owner_.size() ? owner_[frame] : 0; }

 private:
  Found high(const AS& upper, const PMAP& lower, uint32_t page);
  Found low(const AS& upper, const PMAP& lower, uint32_t page) const;
  Found word(const AS& upper, const PMAP& lower, uint32_t physical) const;
  std::vector<uint32_t> frames_;  // scratch
  std::vector<uint32_t> owner_;   // by frame
  std::vector<uint32_t> frame_;   // by page - NPAGES, as it was when it was last looked at
};

// AS-HW, the composition of the relations of translation on, said without the models between. Full only.
Found composed(const AS& upper, const HW& lower);

}  // namespace models
