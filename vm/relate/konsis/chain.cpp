#include "vm/relate/konsis/chain.h"

namespace konsis {

Chain::Chain(uint32_t nodes, Source source)
    : source_(std::move(source)), next_(nodes, kNone), before_(nodes), label_(nodes), dirty_(nodes) {}

void Chain::changed(uint32_t node) {
  if (node >= next_.size() || dirty_[node]) return;
  dirty_[node] = true;
  changed_.push_back(node);
}

void Chain::update(uint32_t node) {
  const uint32_t old = next_[node], now = source_.member(node) ? source_.next(node) : kNone;
  touched_.push_back(node);
  if (old == now) return;
  if (old != kNone) {
    --members_;
    if (old < before_.size()) --before_[old], touched_.push_back(old);
  }
  next_[node] = now;
  if (now != kNone) {
    ++members_;
    if (now < before_.size()) ++before_[now], touched_.push_back(now);
  }
}

// The changed members at the front get the greatest labels.
void Chain::labelFront() {
  std::vector<uint32_t> front;
  for (uint32_t at = head_; at < next_.size() && dirty_[at] && next_[at] != kNone && front.size() <= changed_.size(); at = next_[at])
    front.push_back(at);
  for (size_t i = front.size(); i > 0; --i) label_[front[i - 1]] = ++lastLabel_;
}

std::optional<Chain::Wrong> Chain::wrong(uint32_t node) const {
  const bool first = node == head_, member = next_[node] != kNone;
  if (!member && before_[node]) return Wrong{node, "is in the list, but not free"};
  if (!member && first) return Wrong{node, "is the first of the list, but not free"};
  if (!member) return std::nullopt;
  if (before_[node] + first != 1) return Wrong{node, before_[node] + first == 0 ? "is free, but not in the list" : "is in the list twice"};
  if (next_[node] != kEnd && next_[node] >= next_.size()) return Wrong{node, "is followed in the list by something else"};
  return std::nullopt;
}

std::optional<Chain::Wrong> Chain::walk() {
  std::vector<bool> seen(next_.size());
  std::vector<uint32_t> order;
  for (uint32_t at = head_; at != kEnd; at = next_[at]) {
    if (at >= next_.size() || next_[at] == kNone || seen[at]) return Wrong{at, "ends the list in the middle"};
    seen[at] = true;
    order.push_back(at);
  }
  if (order.size() != members_)
    for (uint32_t node = 0; node < next_.size(); ++node)
      if (next_[node] != kNone && !seen[node]) return Wrong{node, "is free, but not in the list"};
  for (size_t i = order.size(); i > 0; --i) label_[order[i - 1]] = ++lastLabel_;
  return std::nullopt;
}

std::optional<Chain::Wrong> Chain::check() {
  const uint32_t head = source_.head();
  if (changed_.empty() && head == head_) return std::nullopt;
  touched_.clear();
  if (head_ < next_.size()) touched_.push_back(head_);
  head_ = head;
  if (head_ < next_.size()) touched_.push_back(head_);
  for (uint32_t node : changed_) update(node);
  labelFront();
  for (uint32_t node : changed_) dirty_[node] = false;
  changed_.clear();
  if (head_ != kEnd && head_ >= next_.size()) return Wrong{head_, "is the first of the list, but does not exist"};
  bool labels = true;
  for (uint32_t node : touched_) {
    if (auto found = wrong(node)) return found;
    const uint32_t next = next_[node];
    if (next < next_.size()) labels &= label_[next] < label_[node];
  }
  return labels ? std::nullopt : walk();
}

}  // namespace konsis
