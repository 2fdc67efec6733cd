// A ring of nodes 1..n through 0, linked both ways in the kernel's memory, such as the pages in the order in which they came. Checked
// incrementally, with the verdict of a full walk: the links agree with each other, and labels rise along next, so that no part of the
// members can be a ring of its own.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace konsis {

class Ring {
 public:
  struct Source {
    std::function<bool(uint32_t)> member;  // not asked of 0, which always is
    std::function<uint32_t(uint32_t)> next, previous;
  };
  Ring(uint32_t nodes, Source source);

  // Its links, or whether it is a member.
  void changed(uint32_t node);
  struct Wrong {
    uint32_t node;
    std::string text;
  };
  std::optional<Wrong> check();

 private:
  bool member(uint32_t node) const { return node == 0 || (node < in_.size() && in_[node]); }
  void labelBack();
  std::optional<Wrong> wrong(uint32_t node) const;
  std::optional<Wrong> walk();

  Source source_;
  std::vector<bool> in_, dirty_;
  std::vector<uint32_t> next_, previous_;  // of members, as last seen
  std::vector<uint64_t> label_;
  std::vector<uint32_t> changed_, touched_;
  uint64_t lastLabel_ = 0;
};

}  // namespace konsis
