#include "vm/relate/konsis/ownership.h"

#include <algorithm>

namespace konsis {

using consis::Condition;

namespace {

constexpr uint32_t kNobody = 0xFFFFFFFF;  // -1: no owner; the end of the list of slots
constexpr uint32_t kInUse = 0xFFFFFFFF;   // mem_next of a frame in use
constexpr uint32_t kSlotUsed = 0xFFFFFFFE, kSlotBad = 0xFFFFFFFD;

std::string pageOfUser(Page page) { return "page " + std::to_string(page.number) + " of user " + std::to_string(page.user); }

}  // namespace

Ownership::Ownership(const KernelData& data, const machine::Machine& machine, RelationB& b, Counters& counters)
    : data_(data),
      read_(data, machine),
      b_(b),
      counters_(counters),
      freeFrames_(data.memNext.count, {[this] { return read_(data_.memNext) ? read_(data_.memNext) : Chain::kEnd; },
                                       [this](uint32_t frame) { return isFree(frame); },
                                       [this](uint32_t frame) {
                                         const uint32_t next = read_(data_.memNext, frame);
                                         return next ? next : Chain::kEnd;
                                       }}),
      freeSlots_(data.swapNext.count, {[this] { return read_(data_.swapHead); },
                                       [this](uint32_t slot) {
                                         const uint32_t next = read_(data_.swapNext, slot);
                                         return slot < read_(data_.swapSlots) && next != kSlotUsed && next != kSlotBad;
                                       },
                                       [this](uint32_t slot) { return read_(data_.swapNext, slot); }}),
      fifo_(data.memNext.count, {[this](uint32_t frame) { return isUsersFrame(frame) && !isFree(frame); },
                                 [this](uint32_t frame) { return read_(data_.pfhNext, frame); },
                                 [this](uint32_t frame) { return read_(data_.pfhPrev, frame); }}),
      bad_(data.swapNext.count) {
  changedAll();
}

bool Ownership::isFree(uint32_t frame) const { return isUsersFrame(frame) && read_(data_.memNext, frame) != kInUse; }

// ---- changes ----------------------------------------------------------------------------------------------------------

void Ownership::changedAll() {
  const uint32_t pages = std::min(read_(data_.bootPages), data_.memNext.count), slots = std::min(read_(data_.swapSlots), data_.swapNext.count);
  fifo_.changed(0);
  for (uint32_t frame = data_.firstFrame(); frame < pages; ++frame) freeFrames_.changed(frame), fifo_.changed(frame), frames_.push_back(frame);
  for (uint32_t slot = 0; slot < slots; ++slot) freeSlots_.changed(slot), slots_.push_back(slot);
  tables_ = counts_ = changed_ = true;
}

void Ownership::stored(uint32_t address, uint32_t size) {
  if (address / kPageSize >= data_.zeroFrame) return;
  for (uint32_t a = address & ~3u; a < address + size; a += 4) storedWord(a);
}

void Ownership::storedWord(uint32_t address) {
  if (auto frame = data_.memNext.index(address)) {
    freeFrames_.changed(*frame), fifo_.changed(*frame);
    frames_.push_back(*frame);
  } else if (auto frame = data_.pfhNext.index(address)) {
    fifo_.changed(*frame);
  } else if (auto frame = data_.pfhPrev.index(address)) {
    fifo_.changed(*frame);
  } else if (auto frame = data_.pfhSpace.index(address)) {
    frames_.push_back(*frame);
  } else if (auto frame = data_.pfhPage.index(address)) {
    frames_.push_back(*frame);
  } else if (auto slot = data_.swapNext.index(address)) {
    freeSlots_.changed(*slot);
    slots_.push_back(*slot);
  } else if (data_.swapHead.index(address) || data_.swapFree.index(address)) {
    counts_ = true;
  } else if (data_.tableOwner.index(address)) {
    tables_ = true;
  } else if (data_.bootPages.index(address) || data_.swapSlots.index(address)) {
    changedAll();
  } else {
    return;
  }
  changed_ = true;
}

// ---- the relation -----------------------------------------------------------------------------------------------------

void Ownership::add(Violations& violations, std::string what, std::string text, uint32_t address) {
  Violation wrong{.condition = Condition::Ownership, .variable = what};
  wrong.text = what + ' ' + std::move(text);
  wrong.address = address, wrong.size = 4;
  violations.add(std::move(wrong));
}

void Ownership::check(Violations& violations) {
  changed_ = false;
  for (auto [from, to] : {std::pair{&b_.changedFrames, &frames_}, {&b_.changedSlots, &slots_}}) {
    to->insert(to->end(), from->begin(), from->end());
    from->clear();
    std::sort(to->begin(), to->end());
    to->erase(std::unique(to->begin(), to->end()), to->end());
  }
  tables_ |= std::exchange(b_.changedTables, false);
  for (uint32_t frame : frames_) checkFrame(frame, violations);
  for (uint32_t slot : slots_) checkSlot(slot, violations);
  frames_.clear(), slots_.clear();
  lists(violations);
  if (std::exchange(tables_, false)) checkTables(violations);
}

void Ownership::checkFrame(uint32_t frame, Violations& violations) {
  const std::span<const Page> pages = b_.pagesOf(frame);
  const std::string what = "frame " + std::to_string(frame);
  ++counters_.owners;
  if (!isUsersFrame(frame)) {
    if (!pages.empty()) add(violations, what, "is no user's, but is " + pageOfUser(pages[0]), data_.memNext.at(frame));
    return;
  }
  if (pages.size() > 1) return add(violations, what, "is " + pageOfUser(pages[0]) + ", and also " + pageOfUser(pages[1]), data_.memNext.at(frame));
  if (isFree(frame)) {
    if (!pages.empty()) add(violations, what, "is free, but is " + pageOfUser(pages[0]), data_.memNext.at(frame));
    return;
  }
  if (pages.empty()) return add(violations, what, "is in use, but is no user's page", data_.memNext.at(frame));
  const Page owner{read_(data_.pfhSpace, frame), read_(data_.pfhPage, frame)};
  if (!(owner == pages[0]))
    add(violations, what, "is " + pageOfUser(pages[0]) + ", but pfh says " + pageOfUser(owner),
        (owner.user != pages[0].user ? data_.pfhSpace : data_.pfhPage).at(frame));
}

void Ownership::checkSlot(uint32_t slot, Violations& violations) {
  const std::span<const Page> pages = b_.pagesWithSlot(slot);
  const std::string what = "slot " + std::to_string(slot);
  ++counters_.owners;
  const uint32_t word = read_(data_.swapNext, slot);
  const bool exists = slot < read_(data_.swapSlots);
  if (exists && bad_[slot] != (word == kSlotBad)) {
    bad_[slot] = !bad_[slot];
    badSlots_ += bad_[slot] ? 1 : -1;
  }
  if (pages.size() > 1) return add(violations, what, "belongs to " + pageOfUser(pages[0]) + ", and also to " + pageOfUser(pages[1]), data_.swapNext.at(slot));
  const bool used = exists && word == kSlotUsed;
  if (used && pages.empty()) add(violations, what, "is reserved, but for no page", data_.swapNext.at(slot));
  if (!used && !pages.empty()) add(violations, what, "belongs to " + pageOfUser(pages[0]) + ", but is not reserved", data_.swapNext.at(slot));
}

void Ownership::lists(Violations& violations) {
  if (auto wrong = freeFrames_.check())
    add(violations, "frame " + std::to_string(wrong->node), wrong->text, data_.memNext.at(wrong->node));
  if (auto wrong = fifo_.check())
    add(violations, "frame " + std::to_string(wrong->node), wrong->text, data_.pfhNext.at(wrong->node));
  if (auto wrong = freeSlots_.check())
    add(violations, "slot " + std::to_string(wrong->node), wrong->text, data_.swapNext.at(wrong->node));
  if (!std::exchange(counts_, false)) return;
  const uint32_t count = read_(data_.swapFree);
  if (count != freeSlots_.members())
    add(violations, "swap_free", "is " + std::to_string(count) + ", but " + std::to_string(freeSlots_.members()) + " slots are free",
        data_.swapFree.address);
}

void Ownership::checkTables(Violations& violations) {
  for (uint32_t t = 0; t < data_.tableOwner.count; ++t) {
    ++counters_.owners;
    const uint32_t found = read_(data_.tableOwner, t);
    const uint32_t expected = t == 0 ? kIdle : b_.tableUser(t).value_or(kNobody);
    if (found == expected) continue;
    const auto who = [](uint32_t u) { return u == kNobody ? std::string("nobody's") : "of user " + std::to_string(u); };
    add(violations, "table page " + std::to_string(t), "is " + who(expected) + " by the pcbs, but " + who(found) + " by ptspace_owner",
        data_.tableOwner.at(t));
  }
}

}  // namespace konsis
