// The trails of a segment, as the first pass leaves them for who checks it. What is between two parts was not recorded.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "vm/machine/trail.h"

namespace consis {

class TrailRecord {
 public:
  void clear() {
    for (const auto& trail : trails_) trail->clear();
    current_ = 0;
  }
  // Where the next part goes.
  machine::Trail& room() {
    if (current_ < trails_.size() && !trails_[current_]->hasRoom()) ++current_;
    if (current_ == trails_.size()) trails_.push_back(std::make_unique<machine::Trail>(kTrail));
    return *trails_[current_];
  }

  // How far somebody is, who goes from part to part.
  struct Position {
    size_t trail = 0, part = 0, arrival = 0;
  };
  // The part at that position; the position moves on to a trail that has one. Nothing: there are no more.
  std::optional<machine::Trail::Part> part(Position& at) const {
    for (; at.trail < trails_.size(); ++at.trail, at.part = 0, at.arrival = 0)
      if (at.part < trails_[at.trail]->parts()) return trails_[at.trail]->part(at.part);
    return std::nullopt;
  }

 private:
  static constexpr uint32_t kTrail = 1 << 16;  // stores and arrivals: 1.25 MiB

  std::vector<std::unique_ptr<machine::Trail>> trails_;
  size_t current_ = 0;
};

}  // namespace consis
