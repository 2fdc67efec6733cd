// What a run did, for somebody who looks at it afterwards: the places of the watch that it passed, and its stores.
// Meanwhile nothing happens that cannot be taken back: no device is touched, nothing is interrupted, the mode stays.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
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
    uint32_t place;  // physical address and size in one, see placeOf
    uint32_t value;  // the bytes
    uint32_t size() const { return place & -place; }
    uint32_t address() const { return (place ^ size()) >> 1; }
  };
  // Where 1, 2 or 4 bytes lie, which is at a multiple of their number, below 2 GiB: twice the address is a multiple of twice their number.
  static uint32_t placeOf(uint32_t address, uint32_t size) { return 2 * address | size; }

  struct Arrival {    // where PC = DPC + 4, before the instruction there
    uint32_t where;   // DPC, and in bit 0 whether r28 and r30 are what they were when the part began
    uint32_t frame;   // r29
    uint32_t counts;  // steps() and stores()
    uint32_t dpc() const { return where & ~3u; }
    bool fixed() const { return where & 1; }
    uint32_t steps() const { return counts & 0xFFFF; }  // since the part began
    uint32_t stores() const { return counts >> 16; }    // so many came before it, since the part began
  };
  struct Part {
    uint64_t begin;                     // the machine's step
    std::span<const Arrival> arrivals;  // the first is where it began
    const Store* stores;
  };

  // Of one part, which can be taken back.
  Trail();
  // Of several, which cannot: so many stores, and so many arrivals.
  explicit Trail(uint32_t size);
  Trail(const Trail&) = delete;
  Trail& operator=(const Trail&) = delete;

  void clear() { parts_.clear(), storeEnd_ = stores_.get(), arrivalEnd_ = arrivals_.get(); }
  bool hasRoom() const { return std::max<ptrdiff_t>(storeEnd_ - stores_.get(), arrivalEnd_ - arrivals_.get()) + ptrdiff_t(kMost) <= ptrdiff_t(size_); }
  size_t parts() const { return parts_.size(); }
  Part part(size_t index) const {
    const Begin& begin = parts_[index];
    const Arrival* const end = index + 1 < parts_.size() ? parts_[index + 1].arrival : arrivalEnd_;
    return {begin.steps, {begin.arrival, end}, begin.store};
  }

 private:
  friend class Fast;
  static constexpr uint32_t kMost = kLength + kPatience + 1;  // of stores, and of arrivals: one for each instruction at most
  static_assert(kMost <= UINT16_MAX);

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
  // `before`: what the bytes were.
  [[gnu::always_inline]] void store(uint32_t address, uint32_t size, uint32_t value, uint32_t before) {
    if (before_) before_[storeEnd_ - firstStore_] = before;
    *storeEnd_++ = {placeOf(address, size), value};
  }
  // False: it ends here.
  bool pass(uint64_t steps, uint32_t dpc, const uint32_t* r) {
    const uint32_t where = dpc | uint32_t(r[28] == r_[28] && r[30] == r_[30]);
    const uint32_t counts = uint32_t(steps - begin_) | uint32_t(storeEnd_ - firstStore_) << 16;
    *arrivalEnd_++ = {where, r[29], counts};
    return steps < until_;
  }

  const uint32_t size_;
  const std::unique_ptr<Store[]> stores_;
  const std::unique_ptr<Arrival[]> arrivals_;
  const std::unique_ptr<uint32_t[]> before_;
  Store *storeEnd_, *firstStore_ = nullptr;
  Arrival* arrivalEnd_;
  std::vector<Begin> parts_;
  // Of the last part, where it began.
  uint64_t begin_ = 0, until_ = 0;
  std::array<uint32_t, 32> r_{};
  uint32_t pc_ = 0;
};

}  // namespace machine
