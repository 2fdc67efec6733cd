#include "vm/relate/konsis/ring.h"

namespace konsis {

Ring::Ring(uint32_t nodes, Source source)
    : source_(std::move(source)), in_(nodes), dirty_(nodes), next_(nodes), previous_(nodes), label_(nodes) {}

void Ring::changed(uint32_t node) {
  if (node >= in_.size() || dirty_[node]) return;
  dirty_[node] = true;
  changed_.push_back(node);
}

// The changed members at the back get the greatest labels.
void Ring::labelBack() {
  std::vector<uint32_t> back;
  for (uint32_t at = previous_[0]; at != 0 && member(at) && dirty_[at] && back.size() <= changed_.size(); at = previous_[at])
    back.push_back(at);
  for (size_t i = back.size(); i > 0; --i) label_[back[i - 1]] = ++lastLabel_;
}

std::optional<Ring::Wrong> Ring::wrong(uint32_t node) const {
  if (!member(node)) return std::nullopt;
  const uint32_t next = next_[node], previous = previous_[node];
  if (!member(next)) return Wrong{node, "is followed in the ring by " + std::to_string(next) + ", which is not in use"};
  if (!member(previous)) return Wrong{node, "is preceded in the ring by " + std::to_string(previous) + ", which is not in use"};
  if (previous_[next] != node) return Wrong{node, "is followed in the ring by " + std::to_string(next) + ", which follows another"};
  if (next_[previous] != node) return Wrong{node, "is preceded in the ring by " + std::to_string(previous) + ", which precedes another"};
  return std::nullopt;
}

std::optional<Ring::Wrong> Ring::walk() {
  std::vector<bool> seen(in_.size());
  for (uint32_t at = next_[0]; at != 0; at = next_[at]) {
    if (seen[at]) return Wrong{at, "is in the ring twice"};
    seen[at] = true;
    label_[at] = ++lastLabel_;
  }
  for (uint32_t node = 1; node < in_.size(); ++node)
    if (in_[node] && !seen[node]) return Wrong{node, "is in use, but not in the ring"};
  return std::nullopt;
}

std::optional<Ring::Wrong> Ring::check() {
  if (changed_.empty()) return std::nullopt;
  touched_.clear();
  for (uint32_t node : changed_) {
    if (member(node)) touched_.push_back(next_[node]), touched_.push_back(previous_[node]);
    in_[node] = node != 0 && source_.member(node);
    if (member(node)) next_[node] = source_.next(node), previous_[node] = source_.previous(node);
    touched_.push_back(node);
  }
  for (uint32_t node : changed_)
    if (member(node)) touched_.push_back(next_[node]), touched_.push_back(previous_[node]);
  labelBack();
  for (uint32_t node : changed_) dirty_[node] = false;
  changed_.clear();
  bool labels = true;
  for (uint32_t node : touched_) {
    if (auto found = wrong(node)) return found;
    if (node != 0 && member(node) && next_[node] != 0) labels &= label_[node] < label_[next_[node]];
  }
  return labels ? std::nullopt : walk();
}

}  // namespace konsis
