// A chain of nodes 1..n through an array of the kernel's memory, such as a list of free frames: from a head by next() to an end, every
// member exactly once. Checked incrementally: what has changed is told, and the verdict is that of a full walk.
//
// Why that is exact: members carry labels that fall strictly along the chain, and every member but the head is the next of exactly
// one member. So no member lies on a cycle, and going back from any of them leads to the head. A node whose next has not changed
// keeps its label; nodes put in front get new ones. If a label does not fit, the chain is walked and labelled anew.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace konsis {

class Chain {
 public:
  static constexpr uint32_t kEnd = 0xFFFFFFFF;
  struct Source {
    std::function<uint32_t()> head;             // kEnd: empty
    std::function<bool(uint32_t)> member;       // by the node's own word
    std::function<uint32_t(uint32_t)> next;     // of a member; kEnd: none
  };
  Chain(uint32_t nodes, Source source);

  void changed(uint32_t node);
  // The first node that is wrong, and why.
  struct Wrong {
    uint32_t node;
    std::string text;
  };
  std::optional<Wrong> check();
  uint32_t members() const { return members_; }

 private:
  static constexpr uint32_t kNone = 0xFFFFFFFE;  // next_ of a node that is no member
  void update(uint32_t node);
  void labelFront();
  std::optional<Wrong> wrong(uint32_t node) const;
  std::optional<Wrong> walk();

  Source source_;
  std::vector<uint32_t> next_, before_;  // as last seen; how many members lead to the node
  std::vector<uint64_t> label_;
  std::vector<bool> dirty_;
  std::vector<uint32_t> changed_, touched_;
  uint32_t head_ = kEnd, members_ = 0;
  uint64_t lastLabel_ = 0;
};

}  // namespace konsis
