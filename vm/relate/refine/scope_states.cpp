#include <algorithm>
#include <numeric>
#include <set>

#include "vm/relate/refine/scope.h"

namespace refine {
namespace {

// Every used frame of the entries exactly once, writable: what AS <= PMAP asks for.
bool spaceRelated(const ScopeState& state) {
  std::vector<bool> seen(state.used.size());
  for (auto [frame, flags] : state.entries) {
    if (frame == 0) continue;
    if (flags != 2 || !state.used[frame - 1u] || seen[frame - 1u]) return false;
    seen[frame - 1u] = true;
  }
  return true;
}

// Entries: not mapped, mapped to each frame; to the first frame for reading only, and naming it without being valid.
void addEntries(ScopeState& state, unsigned pages, bool related, std::vector<ScopeState>& all) {
  if (state.entries.size() == pages) {
    if (!related || spaceRelated(state)) all.push_back(state);
    return;
  }
  auto add = [&](ScopeState::Entry entry) {
    state.entries.push_back(entry);
    addEntries(state, pages, related, all);
    state.entries.pop_back();
  };
  add({});
  for (size_t frame = 1; frame <= state.used.size(); ++frame) add({uint8_t(frame), 2});
  if (!related && !state.used.empty()) add({1, 3}), add({1, 0});
}

}  // namespace

std::vector<ScopeState> scopeStates(unsigned frames, unsigned pages, bool related) {
  std::vector<ScopeState> all;
  for (unsigned mask = 0; mask < 1u << frames; ++mask) {
    ScopeState state;
    for (unsigned frame = 0; frame < frames; ++frame) {
      state.used.push_back(mask >> frame & 1);
      if (!state.used.back()) state.order.push_back(uint8_t(frame));
    }
    do addEntries(state, pages, related, all);
    while (std::next_permutation(state.order.begin(), state.order.end()));
  }
  return all;
}

size_t upToSymmetry(const std::vector<ScopeState>& states) {
  using Key = std::vector<uint8_t>;
  std::set<Key> classes;
  for (const auto& state : states) {
    std::vector<uint8_t> frames(state.used.size()), pages(state.entries.size());
    std::iota(frames.begin(), frames.end(), 0);
    Key least;
    do {
      std::iota(pages.begin(), pages.end(), 0);
      do {
        Key key;
        for (uint8_t frame : frames) key.push_back(state.used[frame]);
        for (uint8_t frame : state.order)
          key.push_back(uint8_t(std::find(frames.begin(), frames.end(), frame) - frames.begin()));
        for (uint8_t page : pages) {
          auto [frame, flags] = state.entries[page];
          key.push_back(frame ? uint8_t(1 + (std::find(frames.begin(), frames.end(), frame - 1) - frames.begin())) : 0);
          key.push_back(flags);
        }
        if (least.empty() || key < least) least = std::move(key);
      } while (std::next_permutation(pages.begin(), pages.end()));
    } while (std::next_permutation(frames.begin(), frames.end()));
    classes.insert(std::move(least));
  }
  return classes.size();
}

std::string ScopeState::print(const models::Layout& layout) const {
  std::string text = used.empty() ? "no frames" : "frames";
  const uint32_t first = layout.poolFirst;
  for (size_t i = 0; i < used.size(); ++i)
    text += (i ? ", " : " ") + std::to_string(first + i) + (used[i] ? " used" : " free");
  text += "; the list";
  for (uint8_t frame : order) text += " " + std::to_string(first + frame);
  if (order.empty()) text += " is empty";
  for (size_t i = 0; i < entries.size(); ++i) {
    text += (i ? ", " : "; pages ") + std::to_string(layout.npages + i);
    text += entries[i].frame ? " -> " + std::to_string(first + entries[i].frame - 1u) : " not mapped";
    if (entries[i].flags & 1) text += " protected";
    if (!(entries[i].flags & 2)) text += " not valid";
  }
  return text;
}

}  // namespace refine
