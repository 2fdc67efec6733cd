#include "vm/relate/models/relation.h"

#include <algorithm>

namespace models {
namespace {

struct RelationRow {
  Name upper, lower;
  std::string_view meaning;
};
constexpr RelationRow kRelations[] = {
#define RELATION(Id, Upper, Lower, meaning) {Name::Upper, Name::Lower, meaning},
#include "vm/relate/models/models.def"
};
constexpr std::string_view kNames[] = {
#define RELATION(Id, Upper, Lower, meaning) #Upper "-" #Lower,
#include "vm/relate/models/models.def"
};
static_assert(std::size(kRelations) == kRelationCount);

std::string at(const char* what, uint32_t number) { return std::string(what) + "(" + std::to_string(number) + ")"; }
std::string dAt(uint32_t address) { return "D(" + hex(address) + ")"; }

Found differ(RelationName relation, uint32_t address, uint32_t upper, uint32_t lower, const std::string& below = {}) {
  const RelationRow& row = kRelations[unsigned(relation)];
  return Difference{relation, dAt(address),
                    std::string(modelName(row.upper)) + " has " + hex(upper) + ", " +
                        std::string(modelName(row.lower)) + " has " + hex(lower) + below};
}

const char* allocation(bool a) { return a ? "allocated" : "not allocated"; }

}  // namespace

std::string_view relationName(RelationName relation) { return kNames[unsigned(relation)]; }
std::string_view relationMeaning(RelationName relation) { return kRelations[unsigned(relation)].meaning; }
Name upperOf(RelationName relation) { return kRelations[unsigned(relation)].upper; }
Name lowerOf(RelationName relation) { return kRelations[unsigned(relation)].lower; }
std::string Difference::print() const {
  return std::string(modelName(upperOf(relation))) + " <= " + std::string(modelName(lowerOf(relation))) + ": " +
         component + ": " + text;
}

// The first difference of two D on a page that both have.
static Found pages(RelationName relation, const Data& upper, uint32_t pageU, const Data& lower, uint32_t pageL,
                   const Layout& layout) {
  Found found;
  Data::pageDifferences(upper, pageU, lower, pageL, [&](uint32_t offset) {
    uint32_t u = pageU * kPageSize + offset, l = pageL * kPageSize + offset;
    if (layout.stack(l)) return true;
    found = differ(relation, u, upper(u), lower(l), pageU == pageL ? "" : " at " + hex(l));
    return false;
  });
  return found;
}

// ---- FreeList

void FreeList::restart(const Layout& layout) {
  order_.clear();
  position_.assign(layout.npages, kNone);
  changed_.clear();
}

std::optional<std::string> FreeList::follow(const Layout& layout, const Data& d, std::vector<uint32_t>& moved) {
  auto next = [&](uint32_t page) { return d(layout.memTable + 4 * page); };
  // Everything below the lowest page whose link changed is as it was.
  size_t intact = order_.size();
  for (uint32_t page : changed_)
    if (contains(page)) intact = std::min<size_t>(intact, position_[page]);
  changed_.clear();
  std::vector<uint32_t> fresh;
  std::optional<std::string> fault;
  uint32_t page = next(0), from = 0;
  while (page && !(contains(page) && position_[page] < intact)) {
    if (!layout.pool(page)) {
      fault = "after page " + std::to_string(from) + " comes " +
              (page == kUsed       ? "a page in use"
               : page == kReserved ? "a reserved page"
                                   : std::to_string(page)) +
              ", which is no page of the pool";
      break;
    }
    if (fresh.size() > layout.npages) {
      fault = "the list runs into a cycle at page " + std::to_string(page);
      break;
    }
    fresh.push_back(page), from = page;
    page = next(page);
  }
  size_t keep = page && !fault ? position_[page] + 1 : 0;
  for (size_t i = keep; i < order_.size(); ++i) moved.push_back(order_[i]), position_[order_[i]] = kNone;
  order_.resize(keep);
  if (fault) {
    changed_.push_back(0);
    return fault;
  }
  for (auto it = fresh.rbegin(); it != fresh.rend(); ++it) {
    position_[*it] = uint32_t(order_.size());
    order_.push_back(*it), moved.push_back(*it);
  }
  return std::nullopt;
}

// ---- PD-HW, PE-HW

template <class L>
static constexpr RelationName kRestricted = std::is_same_v<L, PD> ? RelationName::PD_HW : RelationName::PE_HW;

template <class L>
Found Restricted<L>::registers(const L& upper, const HW& lower) {
  constexpr bool on = std::is_same_v<L, PE>;
  const Layout& layout = *upper.layout;
  auto wrong = [](const char* what, uint32_t expected, uint32_t found) {
    return Difference{kRestricted<L>, what,
                      "it must be " + std::to_string(expected) + ", HW has " + std::to_string(found)};
  };
  if (lower.mode != on) return wrong("MODE", on, lower.mode);
  if (on && lower.pto != layout.pto()) return wrong("PTO", layout.pto(), lower.pto);
  if (on && lower.ptl != layout.ptl()) return wrong("PTL", layout.ptl(), lower.ptl);
  return std::nullopt;
}
template <class L>
Found Restricted<L>::word(const L& upper, const HW& lower, uint32_t address) {
  if (upper.d(address) != lower.d(address)) return differ(kRestricted<L>, address, upper.d(address), lower.d(address));
  if constexpr (std::is_same_v<L, PE>) {
    const Layout& layout = *upper.layout;
    uint32_t page = (address - layout.ptTable) / 4;
    if (layout.inTable(address) && page < layout.npages && !identity(lower.d(address), page))
      return Difference{kRestricted<L>, "the low window",
                        "page " + std::to_string(page) + " has the entry " + hex(lower.d(address)) +
                            ", which is not identity, valid and writable"};
  }
  return std::nullopt;
}
template <class L>
Found Restricted<L>::check(const L& upper, const HW& lower) {
  if (auto found = registers(upper, lower)) return found;
  for (uint32_t address : touched.words)
    if (auto found = word(upper, lower, address)) return found;
  touched.clear();
  return std::nullopt;
}
template <class L>
Found Restricted<L>::full(const L& upper, const HW& lower) const {
  if (auto found = registers(upper, lower)) return found;
  Found found;
  Data::differences(upper.d, lower.d, [&](uint32_t address) { return !(found = word(upper, lower, address)); });
  if (found || std::is_same_v<L, PD>) return found;
  const Layout& layout = *upper.layout;
  for (uint32_t page = 0; page < layout.npages; ++page)
    if (auto wrong = word(upper, lower, layout.ptTable + 4 * page)) return wrong;
  return std::nullopt;
}
template class Restricted<PD>;
template class Restricted<PE>;

// ---- ALD-PD, ALE-PE

template <class U>
static constexpr RelationName kAllocated = std::is_same_v<U, ALD> ? RelationName::ALD_PD : RelationName::ALE_PE;

template <class U, class L>
Found Allocated<U, L>::fault(std::string component, std::string text) {
  return Difference{kAllocated<U>, std::move(component), std::move(text)};
}
template <class U, class L>
Found Allocated<U, L>::word(const U& upper, const L& lower, uint32_t address) const {
  const Layout& layout = *upper.layout;
  if (layout.inMem(address)) {
    uint32_t index = (address - layout.memTable) / 4;
    return index ? page(upper, lower, index) : std::nullopt;
  }
  if (!upper.a(pg(address)) || layout.stack(address) || upper.d(address) == lower.d(address)) return std::nullopt;
  return differ(kAllocated<U>, address, upper.d(address), lower.d(address));
}
template <class U, class L>
Found Allocated<U, L>::page(const U& upper, const L& lower, uint32_t page) const {
  const Layout& layout = *upper.layout;
  bool a = upper.a(page);
  auto upperSays = [&] {
    return std::string(modelName(U::kName)) + " has page " + std::to_string(page) + " " + allocation(a);
  };
  uint32_t entry = lower.d(layout.memTable + 4 * page);
  if (!layout.pool(page)) {
    if (a != layout.fixedAllocated(page))
      return fault(at("A", page), upperSays() + ", but it holds " + (a ? "code, the stack or mem's data" : "data"));
    if (page && entry != kReserved)
      return fault(at("A", page), "page " + std::to_string(page) + " must be reserved, but mem_next has " + hex(entry));
  } else if (a != (entry == kUsed)) {
    return fault(at("A", page), upperSays() + ", but mem_next has it " + (entry == kUsed ? "in use" : "not in use"));
  } else if (a == free_.contains(page)) {
    return fault(at("A", page), upperSays() + ", but it is " + (a ? "" : "not ") + "on the free list");
  }
  return a ? pages(kAllocated<U>, upper.d, page, lower.d, page, layout) : std::nullopt;
}
template <class U, class L>
Found Allocated<U, L>::list(const U& upper, const L& lower) {
  std::vector<uint32_t> moved;
  if (auto text = free_.follow(*upper.layout, lower.d, moved)) return fault("the free list", *text);
  for (uint32_t p : moved)
    if (auto found = page(upper, lower, p)) return found;
  return std::nullopt;
}
template <class U, class L>
Found Allocated<U, L>::check(const U& upper, const L& lower) {
  const Layout& layout = *upper.layout;
  bool listed = false;
  for (uint32_t address : touched.words)
    if (layout.inMem(address)) free_.changed((address - layout.memTable) / 4), listed = true;
  if (listed)
    if (auto found = list(upper, lower)) return found;
  for (uint32_t p : touched.pages)
    if (auto found = page(upper, lower, p)) return found;
  for (uint32_t address : touched.words)
    if (auto found = word(upper, lower, address)) return found;
  touched.clear();
  return std::nullopt;
}
template <class U, class L>
Found Allocated<U, L>::full(const U& upper, const L& lower) {
  free_.restart(*upper.layout);
  if (auto found = list(upper, lower)) return found;
  for (uint32_t p = 0; p < upper.layout->npages; ++p) {
    if (auto found = page(upper, lower, p)) return found;
    if (std::is_same_v<U, ALE> && upper.layout->tablePage(p) && !upper.a(p))
      return fault(at("A", p), "a page of the table is not allocated");
  }
  return std::nullopt;
}
template class Allocated<ALD, PD>;
template class Allocated<ALE, PE>;

// ---- PMAP-ALE

static Found mapEntry(const PMAP& upper, const ALE& lower, uint32_t page) {
  uint32_t entry = lower.d(upper.layout->ptTable + 4 * page);
  Mapping has = Mapping::ofEntry(entry), expected = upper.map(page);
  if (has == expected) return std::nullopt;
  auto say = [](Mapping m) {
    return m.mapped() ? "frame " + std::to_string(m.frame()) + (m.isProtected() ? " protected" : "")
                      : std::string("no frame");
  };
  return Difference{RelationName::PMAP_ALE, at("PM", page),
                    "PMAP maps the page to " + say(expected) + ", the table's entry " + hex(entry) + " to " + say(has)};
}
static Found mapPage(const PMAP& upper, const ALE& lower, uint32_t page) {
  const Layout& layout = *upper.layout;
  bool expected = lower.a(page) && !layout.tablePage(page);
  if (upper.a(page) != expected)
    return Difference{RelationName::PMAP_ALE, at("A", page),
                      std::string("PMAP has the page ") + allocation(upper.a(page)) + ", ALE " +
                          allocation(lower.a(page)) + (layout.tablePage(page) ? " (it holds the table)" : "")};
  return expected ? pages(RelationName::PMAP_ALE, upper.d, page, lower.d, page, layout) : std::nullopt;
}
static Found mapWord(const PMAP& upper, const ALE& lower, uint32_t address) {
  const Layout& layout = *upper.layout;
  if (layout.inTable(address)) {
    uint32_t page = (address - layout.ptTable) / 4;
    return layout.highPage(page) ? mapEntry(upper, lower, page) : std::nullopt;
  }
  if (!upper.a(pg(address)) || layout.stack(address) || upper.d(address) == lower.d(address)) return std::nullopt;
  return differ(RelationName::PMAP_ALE, address, upper.d(address), lower.d(address));
}
Found PageMap::check(const PMAP& upper, const ALE& lower) {
  for (uint32_t page : touched.pages)
    if (auto found = upper.layout->highPage(page) ? mapEntry(upper, lower, page) : mapPage(upper, lower, page))
      return found;
  for (uint32_t address : touched.words)
    if (auto found = mapWord(upper, lower, address)) return found;
  touched.clear();
  return std::nullopt;
}
Found PageMap::full(const PMAP& upper, const ALE& lower) const {
  for (uint32_t page = 0; page < upper.layout->npages; ++page)
    if (auto found = mapPage(upper, lower, page)) return found;
  for (uint32_t page = upper.layout->npages; page < upper.layout->vpages; ++page)
    if (auto found = mapEntry(upper, lower, page)) return found;
  return std::nullopt;
}

// ---- AS-PMAP

Found Space::high(const AS& upper, const PMAP& lower, uint32_t page) {
  const Layout& layout = *upper.layout;
  auto fault = [&](std::string component, std::string text) {
    return Difference{RelationName::AS_PMAP, std::move(component), std::move(text)};
  };
  Mapping to = lower.map(page);
  uint32_t& known = frame_[page - layout.npages];
  if (known && known != to.frame() && owner_[known] == page) owner_[known] = 0;
  known = 0;
  if (upper.a(page) != to.mapped())
    return fault(at("A", page), std::string("AS has the page ") + allocation(upper.a(page)) + ", PMAP maps it to " +
                                    (to.mapped() ? "frame " + std::to_string(to.frame()) : "nothing"));
  if (!to.mapped()) return std::nullopt;
  uint32_t frame = to.frame();
  if (!layout.pool(frame) || !lower.a(frame))
    return fault(at("PM", page), "the page is mapped to frame " + std::to_string(frame) + ", which is " +
                                     (layout.pool(frame) ? "not allocated" : "no frame of the pool"));
  if (to.isProtected()) return fault(at("PM", page), "the page is mapped for reading only");
  if (owner_[frame] && owner_[frame] != page)
    return fault(at("PM", page), "pages " + std::to_string(owner_[frame]) + " and " + std::to_string(page) +
                                     " share frame " + std::to_string(frame));
  known = frame, owner_[frame] = page;
  return pages(RelationName::AS_PMAP, upper.d, page, lower.d, frame, layout);
}
Found Space::low(const AS& upper, const PMAP& lower, uint32_t page) const {
  bool expected = lower.a(page) && !owner_[page];
  if (upper.a(page) == expected)
    return expected ? pages(RelationName::AS_PMAP, upper.d, page, lower.d, page, *upper.layout) : std::nullopt;
  return Difference{RelationName::AS_PMAP, at("A", page),
                    std::string("AS has the page ") + allocation(upper.a(page)) + ", PMAP has the frame " +
                        allocation(lower.a(page)) +
                        (owner_[page] ? " and mapped from page " + std::to_string(owner_[page]) : " and not mapped")};
}
Found Space::word(const AS& upper, const PMAP& lower, uint32_t physical) const {
  if (upper.layout->stack(physical)) return std::nullopt;
  uint32_t page = pg(physical), va = physical;
  if (owner_[page]) va = owner_[page] * kPageSize + off(physical);
  if (!upper.a(pg(va)) || upper.d(va) == lower.d(physical)) return std::nullopt;
  return differ(RelationName::AS_PMAP, va, upper.d(va), lower.d(physical),
                va == physical ? "" : " at " + hex(physical));
}
Found Space::check(const AS& upper, const PMAP& lower) {
  frames_.clear();
  for (uint32_t page : touched.pages) {
    if (!upper.layout->highPage(page)) continue;
    frames_.push_back(frame_[page - upper.layout->npages]);
    if (auto found = high(upper, lower, page)) return found;
    frames_.push_back(frame_[page - upper.layout->npages]);
  }
  for (uint32_t frame : frames_)
    if (frame)
      if (auto found = low(upper, lower, frame)) return found;
  for (uint32_t page : touched.pages)
    if (upper.layout->lowPage(page))
      if (auto found = low(upper, lower, page)) return found;
  for (uint32_t address : touched.words)
    if (auto found = word(upper, lower, address)) return found;
  touched.clear();
  return std::nullopt;
}
Found Space::full(const AS& upper, const PMAP& lower) {
  const Layout& layout = *upper.layout;
  owner_.assign(layout.npages, 0);
  frame_.assign(layout.vpages - layout.npages, 0);
  for (uint32_t page = layout.npages; page < layout.vpages; ++page)
    if (auto found = high(upper, lower, page)) return found;
  for (uint32_t page = 0; page < layout.npages; ++page)
    if (auto found = low(upper, lower, page)) return found;
  return std::nullopt;
}

// ---- AS-HW

Found composed(const AS& upper, const HW& lower) {
  const Layout& layout = *upper.layout;
  std::vector<uint32_t> seenFrom(layout.npages, UINT32_MAX);
  Found found;
  for (uint32_t page = 0; page < layout.vpages && !found; ++page) {
    if (!upper.a(page)) continue;
    auto target = lower.trans(page * kPageSize, true);
    auto fault = [&](std::string text) { return Difference{RelationName::AS_HW, at("A", page), std::move(text)}; };
    if (auto* rule = std::get_if<Rule>(&target)) {
      found = fault("AS has the page allocated, for HW " + std::string(ruleText(*rule)));
      continue;
    }
    uint32_t frame = pg(std::get<0>(target));
    if (seenFrom[frame] != UINT32_MAX)
      found = fault("pages " + std::to_string(seenFrom[frame]) + " and " + std::to_string(page) + " share frame " +
                    std::to_string(frame));
    else found = pages(RelationName::AS_HW, upper.d, page, lower.d, frame, layout);
    seenFrom[frame] = page;
  }
  return found;
}

}  // namespace models
