#include "vm/relate/konsis/relation_b.h"

#include <algorithm>
#include <cstring>

#include "assembler/base/bytes.h"

namespace konsis {

using consis::Condition;
using consis::hex;

namespace {

constexpr uint8_t kZeros[kPageSize] = {};

std::string userPage(Page page) { return "user " + std::to_string(page.user) + ", page " + std::to_string(page.number); }

}  // namespace

RelationB::RelationB(const KernelData& data, const machine::Machine& machine, const SwapDisk& disk, Counters& counters)
    : data_(data),
      machine_(machine),
      read_(data, machine),
      disk_(disk),
      counters_(counters),
      tableUsers_(data.tables.count / kWordsPerPage),
      frames_(data.memNext.count),
      slots_(data.swapNext.count) {
  for (uint32_t u = 1; u <= cvm::kProcesses; ++u) dirtyUsers_.push_back(u);
}

// ---- changes ----------------------------------------------------------------------------------------------------------

void RelationB::mark(uint32_t u, uint32_t page) {
  Table& table = tables_[u];
  if (page >= table.states.size() || table.states[page].dirty) return;
  table.states[page].dirty = true;
  dirtyPages_.push_back({u, page});
}

void RelationB::stored(uint32_t address, uint32_t size) {
  const uint32_t first = address / kPageSize, last = (address + size - 1) / kPageSize;
  if (first >= data_.zeroFrame) {
    for (uint32_t frame = first; frame <= last; ++frame) {
      zeroFrameStored_ |= frame == data_.zeroFrame;
      for (Page page : pagesOf(frame)) mark(page.user, page.number);
    }
    return;
  }
  for (uint32_t a = address & ~3u; a < address + size; a += 4) storedWord(a);
}

void RelationB::storedWord(uint32_t address) {
  const auto changed = [&](uint32_t u) {
    if (1 <= u && u <= cvm::kProcesses) changedUser(u);
  };
  if (auto index = data_.pcb.index(address)) {
    changed(*index / data_.block.words);
  } else if (auto index = data_.floating.index(address)) {
    changed(*index / 32);
  } else if (address == data_.floatingOwner.address) {
    changed(std::exchange(floatingOwner_, read_(data_.floatingOwner)));
    changed(floatingOwner_);
  } else if (auto index = data_.tables.index(address)) {
    storedEntry(*index);
  } else if (auto index = data_.slotOf.index(address)) {
    storedEntry(*index);
  }
}

// An entry that is nobody's means nothing.
void RelationB::storedEntry(uint32_t index) {
  if (const auto u = tableUser(index / kWordsPerPage)) mark(*u, index - tables_[*u].base * kWordsPerPage);
}

void RelationB::wroteSector(uint32_t sector) {
  const uint32_t page = sector / kSectorsPerPage, first = read_(data_.swapFirst);
  if (page >= first)
    for (Page at : pagesWithSlot(page - first)) mark(at.user, at.number);
}

void RelationB::changedUser(uint32_t u) {
  if (std::exchange(tables_[u].dirty, true)) return;
  dirtyUsers_.push_back(u);
}

void RelationB::changedPages(uint32_t u, uint32_t first, uint32_t end) {
  for (uint32_t page = first; page < end && page < tables_[u].states.size(); ++page) mark(u, page);
}

void RelationB::changedAll() {
  for (uint32_t u = 1; u <= cvm::kProcesses; ++u) changedUser(u), changedPages(u, 0, UINT32_MAX);
  zeroFrameStored_ = true;
}

std::optional<uint32_t> RelationB::tableUser(uint32_t tablePage) const {
  if (tablePage >= tableUsers_.size() || tableUsers_[tablePage] == 0) return std::nullopt;
  return tableUsers_[tablePage];
}

// ---- the relation -----------------------------------------------------------------------------------------------------

Violation RelationB::violation(Page page, std::string text) const {
  Violation violation{.condition = Condition::Memory, .text = std::move(text), .variable = userPage(page), .type = "page"};
  return violation;
}

void RelationB::check(const cvm::Users& users, uint32_t running, Violations& violations) {
  // All tables are where they are before pages are looked up in them.
  for (uint32_t u : dirtyUsers_) follow(u);
  if (running && !tables_[running].dirty) tables_[running].dirty = true, dirtyUsers_.push_back(running);
  for (uint32_t u : dirtyUsers_) checkUser(u, users.up[u], u == running, violations), tables_[u].dirty = false;
  dirtyUsers_.clear();
  checkMemory(users, violations);
}

void RelationB::checkMemory(const cvm::Users& users, Violations& violations) {
  if (std::exchange(zeroFrameStored_, false)) {
    const uint8_t* zeros = read_.frame(data_.zeroFrame);
    if (!zeros || std::memcmp(zeros, kZeros, kPageSize) != 0)
      violations.add({.condition = Condition::Memory, .text = "the zero frame is not zero", .variable = "zero frame",
                      .address = data_.zeroFrame * kPageSize, .size = kPageSize});
  }
  for (Page page : dirtyPages_) {
    auto& states = tables_[page.user].states;
    if (page.number >= states.size() || !std::exchange(states[page.number].dirty, false)) continue;
    checkPage(page, users.up[page.user], violations);
  }
  dirtyPages_.clear();
}

// Where the user's table is: pages that come, go or move are looked at again.
void RelationB::follow(uint32_t u) {
  Table& table = tables_[u];
  const uint32_t pto = read_.reg(u, data_.block.pto), pages = read_.reg(u, data_.block.ptl) + 1;
  const uint32_t base = pto - data_.tables.address / kPageSize, limit = uint32_t(tableUsers_.size());
  const bool fits = pages <= cvm::kMaxPages && base <= limit && (pages + kWordsPerPage - 1) / kWordsPerPage <= limit - base;
  const uint32_t now = fits ? pages : 0;
  if (base == table.base && now == table.pages) return;
  changedTables = true;
  const auto claim = [&](bool claims) {
    for (uint32_t t = table.base; t < table.base + (table.pages + kWordsPerPage - 1) / kWordsPerPage; ++t)
      if (claims) tableUsers_[t] = uint8_t(u);
      else if (tableUsers_[t] == u) tableUsers_[t] = 0;
  };
  claim(false);
  for (uint32_t page = now; page < table.states.size(); ++page) forget({u, page}, table.states[page]);
  const bool moved = base != table.base;
  const uint32_t first = moved ? 0 : uint32_t(std::min<size_t>(table.states.size(), now));
  table.states.resize(now);
  table.base = base, table.pages = now;
  claim(true);
  for (uint32_t page = first; page < now; ++page) mark(u, page);
}

void RelationB::forget(Page page, State& state) {
  if (!state.known) return;
  const auto drop = [&](std::vector<std::vector<Page>>& lists, uint32_t number, std::vector<uint32_t>& changed) {
    if (number >= lists.size()) return;
    std::erase(lists[number], page);
    changed.push_back(number);
  };
  if (state.entry & kValid && frameOf(state.entry) != data_.zeroFrame) drop(frames_, frameOf(state.entry), changedFrames);
  drop(slots_, state.slot, changedSlots);
  state.known = false;
}

void RelationB::checkUser(uint32_t u, const cvm::User& user, bool running, Violations& violations) {
  const machine::State& state = machine_.state;
  const BlockLayout& block = data_.block;
  const auto differ = [&](const std::string& what, uint32_t expected, uint32_t found, uint32_t offset, std::optional<uint8_t> reg = {}) {
    ++counters_.registers;
    if (expected == found) return;
    Violation wrong{.condition = Condition::Registers, .variable = "user " + std::to_string(u) + ", " + what, .type = "register"};
    wrong.text = wrong.variable + " is " + hex(expected) + " in the CVM machine and " + hex(found) + " in the " +
                 (running ? "VAMP" : "pcb");
    wrong.expected = hex(expected), wrong.found = hex(found);
    if (running) wrong.reg = reg;
    else wrong.address = data_.register_(u, offset), wrong.size = 4;
    violations.add(std::move(wrong));
  };
  const auto pcb = [&](uint32_t offset) { return read_.reg(u, offset); };
  for (uint8_t r = 1; r < 32; ++r)
    differ("r" + std::to_string(r), user.registers.gpr[r], running ? state.gpr[r] : pcb(block.gpr + r), block.gpr + r, r);
  differ("DPC", user.registers.dpc, running ? state.dpc : pcb(block.dpc), block.dpc);
  differ("PC", user.registers.pc, running ? state.pc : pcb(block.pc), block.pc);
  for (auto [spr, offset] : {std::pair{isa::RM, block.rm}, {isa::IEEEF, block.ieeef}, {isa::FCC, block.fcc}})
    differ(std::string(isa::sprName(spr)), user.registers.spr[spr], running ? state.spr[spr] : pcb(offset), offset);
  differ("mask", user.mask, pcb(block.mask), block.mask);
  checkFloating(u, user, violations);
  differ("V", user.pages(), pcb(block.ptl) + 1, block.ptl);
  if (!running) return;
  differ("PTO", pcb(block.pto), state.spr[isa::PTO], block.pto);
  differ("PTL", pcb(block.ptl), state.spr[isa::PTL], block.ptl);
}

// Its owner's registers are the unit's, whoever runs (docs/cvm.md, "Data and invariants").
void RelationB::checkFloating(uint32_t u, const cvm::User& user, Violations& violations) {
  const bool owner = read_(data_.floatingOwner) == u;
  for (uint32_t f = 0; f < 32; ++f) {
    ++counters_.registers;
    const uint32_t expected = user.registers.fpr[f], found = owner ? machine_.state.fpr[f] : read_(data_.floating, 32 * u + f);
    if (expected == found) continue;
    Violation wrong{.condition = Condition::Registers, .variable = "user " + std::to_string(u) + ", f" + std::to_string(f), .type = "register"};
    wrong.text = wrong.variable + " is " + hex(expected) + " in the CVM machine and " + hex(found) + " in the " +
                 (owner ? "VAMP" : "floating_registers");
    wrong.expected = hex(expected), wrong.found = hex(found);
    if (!owner) wrong.address = data_.floating.at(32 * u + f), wrong.size = 4;
    violations.add(std::move(wrong));
  }
}

void RelationB::compare(Page page, const uint8_t* found, const uint8_t* expected, const std::string& where, uint32_t address,
                        Violations& violations) {
  ++counters_.pages;
  if (found && std::memcmp(found, expected, kPageSize) == 0) return;
  Violation wrong = violation(page, userPage(page) + " is not what it is in the CVM machine: " + where);
  if (!found) {
    wrong.found = "no such page";
    return violations.add(std::move(wrong));
  }
  uint32_t at = 0;
  while (base::load<uint32_t>(found + at) == base::load<uint32_t>(expected + at)) at += 4;
  wrong.text += ", at virtual address " + hex(page.number * kPageSize + at);
  wrong.expected = hex(base::load<uint32_t>(expected + at)), wrong.found = hex(base::load<uint32_t>(found + at));
  if (address) wrong.address = address + at, wrong.size = 4;
  violations.add(std::move(wrong));
}

// out, zero, clean or dirty, from the entry alone (docs/cvm.md).
void RelationB::checkPage(Page page, const cvm::User& user, Violations& violations) {
  Table& table = tables_[page.user];
  State& state = table.states[page.number];
  const uint32_t index = table.base * kWordsPerPage + page.number;
  const uint32_t entry = read_(data_.tables, index), slot = read_(data_.slotOf, index), frame = frameOf(entry);
  if (!state.known || state.entry != entry || state.slot != slot) {
    forget(page, state);
    state.entry = entry, state.slot = slot, state.known = true;
    if (entry & kValid && frame != data_.zeroFrame && frame < frames_.size()) frames_[frame].push_back(page), changedFrames.push_back(frame);
    if (slot < slots_.size()) slots_[slot].push_back(page), changedSlots.push_back(slot);
  }
  if (page.number >= user.pages()) return;  // V differs, which is reported
  const uint8_t* memory = user.memory(page.number * kPageSize);
  const uint8_t* swapped = slot < slots_.size() ? disk_.page(read_(data_.swapFirst) + slot) : nullptr;
  const std::string inSlot = "it is out, in slot " + std::to_string(slot);
  if (!(entry & kValid)) return compare(page, swapped, memory, inSlot, 0, violations);
  if (frame == data_.zeroFrame) {
    if (!(entry & kProtected)) {
      Violation wrong = violation(page, userPage(page) + " is the zero frame, and not protected");
      wrong.address = data_.tables.at(index), wrong.size = 4;
      wrong.expected = hex(entry | kProtected), wrong.found = hex(entry);
      violations.add(std::move(wrong));
    }
    return compare(page, kZeros, memory, "it is the zero frame", 0, violations);
  }
  compare(page, read_.frame(frame), memory, "it is in frame " + std::to_string(frame), frame * kPageSize, violations);
  if (entry & kProtected) compare(page, swapped, memory, "it is clean, but its slot " + std::to_string(slot) + " differs", 0, violations);
}

}  // namespace konsis
