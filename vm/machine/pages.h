// Pages of memory, or of a disk, as they were at a time: a tree whose copies share what they have in common, so that keeping one costs
// what has changed since the last.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <vector>

namespace machine {

using Page = std::array<uint8_t, 4096>;

class Pages {
 public:
  using Ref = std::shared_ptr<Page>;  // null: as at first. Not changed while it is shared

  explicit Pages(uint32_t count) : count_(count), leaves_((count + kFan - 1) / kFan) {}

  uint32_t count() const { return count_; }

  const Ref& at(uint32_t page) const {
    static const Ref kNone;
    const auto& leaf = leaves_[page / kFan];
    return leaf ? (*leaf)[page % kFan] : kNone;
  }
  void set(uint32_t page, Ref to);
  // The page, for writing: a copy of its own, filled by `first` if there was none. 
  template <class F>
  Page& own(uint32_t page, F&& first);

  // Calls visit(number, page) for each page that there is.
  template <class F>
  void each(F&& visit) const {
    for (uint32_t number = 0; number < count_; number += kFan)
      if (const auto& leaf = leaves_[number / kFan])
        for (uint32_t i = 0; i < kFan; i++)
          if ((*leaf)[i]) visit(number + i, *(*leaf)[i]);
  }
  // Calls visit(number) for each page that is another object here than there.
  template <class F>
  void differences(const Pages& there, F&& visit) const;

 private:
  static constexpr uint32_t kFan = 256;
  using Leaf = std::array<Ref, kFan>;
  uint32_t count_;
  std::vector<std::shared_ptr<Leaf>> leaves_;

  Leaf& ownLeaf(uint32_t page);
};

inline Pages::Leaf& Pages::ownLeaf(uint32_t page) {
  auto& leaf = leaves_[page / kFan];
  if (!leaf) leaf = std::make_shared<Leaf>();
  else if (leaf.use_count() > 1) leaf = std::make_shared<Leaf>(*leaf);
  return *leaf;
}

inline void Pages::set(uint32_t page, Ref to) { ownLeaf(page)[page % kFan] = std::move(to); }

template <class F>
Page& Pages::own(uint32_t page, F&& first) {
  Ref& ref = ownLeaf(page)[page % kFan];
  if (!ref) ref = std::make_shared<Page>(), first(*ref);
  else if (ref.use_count() > 1) ref = std::make_shared<Page>(*ref);
  return *ref;
}

template <class F>
void Pages::differences(const Pages& there, F&& visit) const {
  for (uint32_t i = 0; i < leaves_.size(); i++) {
    if (leaves_[i] == there.leaves_[i]) continue;
    for (uint32_t page = i * kFan; page < (i + 1) * kFan; page++)
      if (at(page) != there.at(page)) visit(page);
  }
}

}  // namespace machine
