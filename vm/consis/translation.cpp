#include "vm/consis/translation.h"

#include <algorithm>

namespace consis {
namespace {

// Page-table entries (shared/spec/vamp.md, "Translation").
constexpr uint32_t kValid = 1u << 11, kProtected = 1u << 10;

std::string show(uint32_t entry) {
  std::string text = hex(entry) + " (page " + std::to_string(entry / machine::kPageSize);
  text += entry & kValid ? ", valid" : ", not valid";
  return text + (entry & kProtected ? ", protected)" : ")");
}

}  // namespace

IdentityWindow::IdentityWindow(const Image& image, const machine::Machine& machine, Counters& counters)
    : image_(image), machine_(machine), counters_(counters) {}

void IdentityWindow::add(Region region, bool written, const char* what) {
  for (uint64_t page = region.begin / machine::kPageSize; page * machine::kPageSize < region.end; ++page)
    pages_.push_back({uint32_t(page), written, what});
}

void IdentityWindow::check(Violations& violations) {
  if (broken_) violations.add(*broken_);
  const machine::State& state = machine_.state;
  const Table table{state.spr[isa::PTO], state.spr[isa::PTL]};
  if (table_ == table) return;
  if (pages_.empty()) {
    for (const auto& section : image_.object().sections)
      if (section.flags & object::kAlloc && section.length() && section.address >= image_.text.begin)
        add({section.address, section.address + section.length()}, section.flags & object::kWrite,
            section.flags & object::kExecute ? "code" : "data");
    add(image_.heap, true, "heap");
    add(image_.stack, true, "stack");
    for (Region placed : image_.placed) add(placed, true, "placed data");
    std::stable_sort(pages_.begin(), pages_.end(), [](const Page& a, const Page& b) { return a.number < b.number; });
  }
  table_ = table;
  for (const Page& page : pages_) {
    ++counters_.window;
    if (auto violation = wrong(page)) violations.add(std::move(*violation));
  }
}

std::optional<Violation> IdentityWindow::wrong(const Page& page) const {
  Violation violation{.condition = Condition::Window};
  violation.variable = "page " + std::to_string(page.number);
  violation.type = page.what;
  violation.text = violation.variable + " (" + page.what + ") does not translate to itself";
  violation.expected = "page " + std::to_string(page.number) + (page.written ? ", valid, not protected" : ", valid");
  if (page.number >= table_->ptl + 1) {
    violation.found = "no entry: PTL is " + std::to_string(table_->ptl);
    return violation;
  }
  const uint32_t address = table_->pto * machine::kPageSize + 4 * page.number;
  uint32_t entry = 0;
  if (!machine_.read(address, &entry, 4)) {
    violation.found = "no entry: the table lies outside memory";
    return violation;
  }
  const bool right =
      entry / machine::kPageSize == page.number && entry & kValid && !(page.written && entry & kProtected);
  if (right) return std::nullopt;
  violation.address = address, violation.size = 4;
  violation.found = show(entry);
  return violation;
}

bool IdentityWindow::onStore(const machine::State& after, uint32_t address, uint32_t size) {
  if (!table_) return true;
  if (!after.user()) return suspend(), true;
  const uint32_t first = table_->pto * machine::kPageSize, offset = address - first;
  if (offset / 4 >= table_->ptl + 1 || broken_) return true;
  for (uint32_t number : {offset / 4, (offset + size - 1) / 4}) {
    auto at = std::lower_bound(pages_.begin(), pages_.end(), number,
                               [](const Page& page, uint32_t wanted) { return page.number < wanted; });
    for (; at != pages_.end() && at->number == number && !broken_; ++at) {
      ++counters_.window;
      broken_ = wrong(*at);
    }
  }
  return !broken_;
}

}  // namespace consis
