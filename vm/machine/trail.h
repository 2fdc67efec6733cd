// What a run did, for somebody who looks at it afterwards: the places of the watch that it passed, and its stores.
// Meanwhile nothing happens that cannot be taken back: no device is touched, nothing is interrupted, the mode stays.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace machine {

// A set of addresses of instructions, from 0 on: a bit for each word.
class Places {
 public:
  void add(uint32_t address) {
    if (words_.size() <= address / 256) words_.resize(address / 256 + 1);
    words_[address / 256] |= uint64_t(1) << address / 4 % 64;
  }
  bool at(uint32_t address) const { return address / 256 < words_.size() && words_[address / 256] >> address / 4 % 64 & 1; }

 private:
  std::vector<uint64_t> words_;
};

class Trail {
 public:
  // A part goes on for about so many instructions, then to the next place if that comes within so many more.
  static constexpr uint32_t kLength = 4096, kPatience = 4096;

  struct Store {
    uint32_t address, size;  // physical; 1, 2 or 4 bytes
    uint32_t value, before;  // these bytes then, and what they were
  };
  struct Arrival {         // where PC = DPC + 4, before the instruction there
    uint32_t steps;        // since the part began
    uint32_t dpc;
    uint32_t frame;        // r29
    uint32_t stores : 31;  // so many came before it, since the part began
    uint32_t fixed : 1;    // r28 and r30 are what they were when it began
  };
  struct Part {
    uint64_t begin;                     // the machine's step
    std::span<const Arrival> arrivals;  // the first is where it began
    const Store* stores;
  };

  // With room for a part, or for so many stores and arrivals of several.
  explicit Trail(uint32_t size = 0);
  ~Trail();
  Trail(const Trail&) = delete;
  Trail& operator=(const Trail&) = delete;

  void clear() { parts_.clear(), storeEnd_ = stores_, arrivalEnd_ = arrivals_; }
  bool hasRoom() const { return std::max<ptrdiff_t>(storeEnd_ - stores_, arrivalEnd_ - arrivals_) + ptrdiff_t(kMost) <= ptrdiff_t(size_); }
  size_t parts() const { return parts_.size(); }
  Part part(size_t index) const {
    const Begin& begin = parts_[index];
    const Arrival* const end = index + 1 < parts_.size() ? parts_[index + 1].arrival : arrivalEnd_;
    return {begin.steps, {begin.arrival, end}, begin.store};
  }
  // The stores of the last part, those behind its last arrival too.
  std::span<const Store> lastStores() const { return {parts_.back().store, storeEnd_}; }

 private:
  friend class Fast;
  static constexpr uint32_t kMost = kLength + kPatience + 1;  // of stores, and of arrivals: one for each instruction at most

  struct Begin {
    uint64_t steps;
    Arrival* arrival;
    Store* store;
  };

  void start(const uint32_t* r, uint64_t steps, uint32_t dpc, uint32_t pc, uint64_t until) {
    std::copy(r, r + 32, r_.begin());
    begin_ = steps, pc_ = pc, until_ = until, firstStore_ = storeEnd_;
    parts_.push_back({steps, arrivalEnd_, storeEnd_});
    pass(steps, dpc, r);
  }
  void store(const Store& store) { *storeEnd_++ = store; }
  // False: it ends here.
  bool pass(uint64_t steps, uint32_t dpc, const uint32_t* r) {
    const bool fixed = r[28] == r_[28] && r[30] == r_[30];
    *arrivalEnd_++ = {uint32_t(steps - begin_), dpc, r[29], uint32_t(storeEnd_ - firstStore_), fixed};
    return steps < until_;
  }

  const uint32_t size_;
  Store* const stores_;
  Arrival* const arrivals_;  // in the same block
  Store *storeEnd_, *firstStore_ = nullptr;
  Arrival* arrivalEnd_;
  std::vector<Begin> parts_;
  // Of the last part, where it began.
  uint64_t begin_ = 0, until_ = 0;
  std::array<uint32_t, 32> r_{};
  uint32_t pc_ = 0;
};

}  // namespace machine
