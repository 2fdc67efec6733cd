#include "vm/relate/models/primitive.h"

#include <concepts>

namespace models {
namespace {

template <class M>
using State = CallState<M>;
template <class M>
using Library = std::vector<Primitive<M>>;

// "for all l: A(Pg(l)) -> D'(l) = D(l)"
bool preserved(const Data& before, const Data& after, const Pages& a) {
  return Data::differences(before, after, [&](uint32_t address) { return !a(pg(address)); });
}
// A' = A{page -> to}
bool onlyChange(const Pages& before, const Pages& after, uint32_t page, bool to) {
  return after(page) == to && before(page) != to &&
         Pages::differences(before, after, [&](uint32_t p) { return p == page; });
}
// The map of a model that has one is left alone.
template <class M>
bool sameMap(const M& before, const M& after) {
  if constexpr (requires { before.pm; }) return before.pm == after.pm;
  else return true;
}
template <class M>
bool unchanged(const State<M>& s, const State<M>& t, uint32_t result) {
  return t.result == result && s.memory == t.memory;
}
template <class M>
bool always(const State<M>&) {
  return true;
}
int32_t argument(const auto& state, unsigned i) { return int32_t(state.arguments[i]); }

// ---- mem_alloc, mem_free: the same words in ALE, PMAP and AS

template <class M>
Primitive<M> memAlloc() {
  auto g = [](const State<M>& s, const State<M>& t) {
    const M &m = s.memory, &n = t.memory;
    if (!t.result || *t.result == 0) return unchanged(s, t, 0) && m.exhausted();
    uint32_t page = *t.result;
    return m.layout->pool(page) && onlyChange(m.a, n.a, page, true) && sameMap(m, n) && preserved(m.d, n.d, m.a);
  };
  return {"mem_alloc",
          0,
          "true",
          "0, nothing changed and no page free; or a free page of the pool, which is then allocated, the contents of "
          "allocated pages unchanged",
          {always<M>, g},
          [](State<M>& s, const Below<M>& below) {
            if (!s.memory.layout->pool(*s.result)) return;
            s.memory.allocate(*s.result, true);
            s.memory.d.copyPage(*s.result, below.d, *s.result);
          }};
}
template <class M>
Primitive<M> memFree() {
  auto has = [](const State<M>& s) { return s.memory.layout->pool(s.arguments[0]) && s.memory.a(s.arguments[0]); };
  auto g = [has](const State<M>& s, const State<M>& t) {
    if (!has(s)) return unchanged(s, t, 0);
    const M &m = s.memory, &n = t.memory;
    return t.result == s.arguments[0] && onlyChange(m.a, n.a, s.arguments[0], false) && sameMap(m, n) &&
           preserved(m.d, n.d, n.a);
  };
  // In AS a page of the pool that is not allocated may be a frame of a high page.
  auto p = [has](const State<M>& s) {
    return !std::same_as<M, AS> || !s.memory.layout->pool(s.arguments[0]) || has(s);
  };
  return {"mem_free",
          1,
          std::same_as<M, AS> ? "the page is allocated or none of the pool" : "true",
          "an allocated page of the pool: returned, no longer allocated, the contents of the others unchanged; else 0, "
          "nothing changed",
          {p, g},
          [has](State<M>& s, const Below<M>&) {
            if (has(s)) s.memory.allocate(s.arguments[0], false);
          }};
}

// ---- PMAP

bool ptAccepts(const State<PMAP>& s) {
  int32_t page = argument(s, 1), frame = argument(s, 2), flags = argument(s, 3);
  return page >= 0 && s.memory.layout->highPage(uint32_t(page)) && frame >= 0 && frame < 1 << 20 && (flags & ~3) == 0 &&
         (frame != 0 || flags == 0);
}
Mapping ptMapping(const State<PMAP>& s) {
  return s.arguments[3] & 2 ? Mapping::of(s.arguments[2], s.arguments[3] & 1) : Mapping{};
}
Primitive<PMAP> ptSet() {
  auto p = [](const State<PMAP>& s) {
    return s.arguments[0] == 0 && (!ptAccepts(s) || s.memory.layout->lowPage(s.arguments[2]));
  };
  auto g = [](const State<PMAP>& s, const State<PMAP>& t) {
    if (!ptAccepts(s)) return unchanged(s, t, 0);
    const PMAP &m = s.memory, &n = t.memory;
    uint32_t page = s.arguments[1];
    return t.result == 1 && m.a == n.a && preserved(m.d, n.d, n.a) && n.map(page) == ptMapping(s) &&
           Words::differences(m.pm, n.pm, [&](uint32_t i) { return i == page - m.layout->npages; });
  };
  return {"pt_set",
          4,
          "the space's table (base 0), a frame of low memory",
          "a high page: 1, PM' = PM{page -> (frame, flags)}; else 0; nothing else changed",
          {p, g},
          [](State<PMAP>& s, const ALE&) {
            if (ptAccepts(s)) s.memory.setMap(s.arguments[1], ptMapping(s));
          }};
}
Primitive<PMAP> ptLookup() {
  auto g = [](const State<PMAP>& s, const State<PMAP>& t) {
    const Layout& layout = *s.memory.layout;
    uint32_t page = s.arguments[1];
    return unchanged(s, t, layout.lowPage(page) ? page : layout.highPage(page) ? s.memory.map(page).frame() : 0);
  };
  return {"pt_lookup",
          2,
          "the space's table (base 0)",
          "PM(page), 0 if the page is not mapped; a low page itself; nothing changed",
          {[](const State<PMAP>& s) { return s.arguments[0] == 0; }, g},
          [](State<PMAP>&, const ALE&) {}};
}

// What ptspace says of its one space: constants of the layout.
template <class Expected>
Primitive<PMAP> ptSpace(std::string_view name, std::string_view g, Expected expected) {
  auto relation = [expected](const State<PMAP>& s, const State<PMAP>& t) {
    auto value = expected(*s.memory.layout, argument(s, 0));
    return s.memory == t.memory && (!value || t.result == *value);
  };
  return {name, 1, "true", g, {always<PMAP>, relation}};
}
std::vector<Primitive<PMAP>> ptSpaces() {
  using Value = std::optional<uint32_t>;
  auto only = [](uint32_t Layout::*field) {
    return [field](const Layout& layout, int32_t space) { return space == 0 ? Value(layout.*field) : Value(); };
  };
  return {ptSpace("ptspace_base", "0 for space 0, -1 for others",
                  [](const Layout&, int32_t space) { return Value(space == 0 ? 0 : UINT32_MAX); }),
          ptSpace("ptspace_first", "NPAGES for space 0", only(&Layout::npages)),
          ptSpace("ptspace_end", "VPAGES for space 0", only(&Layout::vpages))};
}

// ---- AS

bool inSpace(const State<AS>& s) {
  return s.arguments[0] == 0 && argument(s, 1) >= 0 && s.memory.layout->highPage(s.arguments[1]);
}
Primitive<AS> asRequest() {
  auto g = [](const State<AS>& s, const State<AS>& t) {
    const AS &m = s.memory, &n = t.memory;
    if (!inSpace(s) || m.a(s.arguments[1]) || m.exhausted()) return unchanged(s, t, 0);
    return t.result == s.arguments[1] && onlyChange(m.a, n.a, s.arguments[1], true) && preserved(m.d, n.d, m.a);
  };
  return {"as_request",
          2,
          "true",
          "a high page that is not allocated, and a frame is free: the page, which is then allocated, the contents of "
          "allocated pages unchanged; else 0, nothing changed",
          {always<AS>, g},
          [](State<AS>& s, const PMAP& below) {
            if (*s.result == 0 || *s.result != s.arguments[1] || !inSpace(s)) return;
            s.memory.allocate(*s.result, true);
            uint32_t frame = below.map(*s.result).frame();
            if (below.map(*s.result).mapped() && below.layout->lowPage(frame))
              s.memory.d.copyPage(*s.result, below.d, frame);
          }};
}
Primitive<AS> asRelease() {
  auto has = [](const State<AS>& s) { return inSpace(s) && s.memory.a(s.arguments[1]); };
  auto g = [has](const State<AS>& s, const State<AS>& t) {
    if (!has(s)) return unchanged(s, t, 0);
    const AS &m = s.memory, &n = t.memory;
    return t.result == s.arguments[1] && onlyChange(m.a, n.a, s.arguments[1], false) && preserved(m.d, n.d, n.a);
  };
  return {
      "as_release",
      2,
      "true",
      "an allocated high page: returned, no longer allocated, the contents of the others unchanged; else 0, nothing "
      "changed",
      {always<AS>, g},
      [has](State<AS>& s, const PMAP&) {
        if (has(s)) s.memory.allocate(s.arguments[1], false);
      }};
}

// ---- The initialisation

// D changed inside a range and on the stack only.
bool onlyIn(const Data& before, const Data& after, const Layout& layout, uint32_t begin, uint32_t words) {
  return Data::differences(before, after, [&](uint32_t a) { return a - begin < 4 * words || layout.stack(a); });
}
Primitive<PD> memInit() {
  auto g = [](const State<PD>& s, const State<PD>& t) {
    const Layout& layout = *s.memory.layout;
    int64_t first = argument(s, 0), end = argument(s, 1);
    if (first < 1 || first > end || end > int64_t(layout.npages)) first = end = 1;
    for (uint32_t page = 0; page < layout.memEntries; ++page) {
      uint32_t expected = page == 0                     ? (first < end ? uint32_t(first) : 0)
                          : page < first || page >= end ? kReserved
                          : page + 1 == end             ? 0
                                                        : page + 1;
      if (t.memory.d(layout.memTable + 4 * page) != expected) return false;
    }
    return t.result == uint32_t(end - first) &&
           onlyIn(s.memory.d, t.memory.d, layout, layout.memTable, layout.memEntries);
  };
  auto p = [](const State<PD>& s) {
    const Layout& layout = *s.memory.layout;
    int64_t first = argument(s, 0), end = argument(s, 1);
    if (first < 1 || first > end || end > int64_t(layout.npages)) return true;
    for (int64_t page = first; page < end; ++page)
      if (!layout.spare(uint32_t(page))) return false;
    return true;
  };
  return {"mem_init",
          2,
          "none of the pages holds code, data, the stack or a table",
          "the pages first..end-1 are free in this order, all others reserved; their number is returned; nothing else "
          "changed",
          {p, g}};
}
Primitive<ALD> ptInit() {
  auto p = [](const State<ALD>& s) {
    for (uint32_t page = 0; page < s.memory.layout->npages; ++page)
      if (s.memory.layout->tablePage(page) && !s.memory.a(page)) return false;
    return true;
  };
  auto g = [](const State<ALD>& s, const State<ALD>& t) {
    const Layout& layout = *s.memory.layout;
    for (uint32_t page = 0; page < layout.ptEntries; ++page) {
      uint32_t entry = t.memory.d(layout.ptTable + 4 * page);
      if (page < layout.npages ? !identity(entry, page) : entry != 0) return false;
    }
    return t.result == layout.ptEntries && s.memory.a == t.memory.a &&
           onlyIn(s.memory.d, t.memory.d, layout, layout.ptTable, layout.ptEntries);
  };
  return {"pt_init",
          0,
          "the pages of the table are allocated",
          "the window is identity, valid and writable, all other entries are 0; nothing else changed",
          {p, g}};
}
// ValidPT(PTROOT): in memory, and the window is identity.
bool validTable(const HW& m, uint32_t pto, uint32_t ptl) {
  const Layout& layout = *m.layout;
  if (pto != layout.pto() || ptl != layout.ptl()) return false;
  return Window::of(layout, m.d).wrong == 0;
}
Primitive<HW> hwSetTable() {
  auto g = [](const State<HW>& s, const State<HW>& t) {
    return t.memory.pto == s.arguments[0] && t.memory.ptl == s.arguments[1] && t.memory.mode == s.memory.mode &&
           onlyIn(s.memory.d, t.memory.d, *s.memory.layout, 0, 0);
  };
  return {"hw_set_table",
          2,
          "ValidPT: the table lies in memory, the low window is identity",
          "PTO and PTL are the arguments; nothing else changed",
          {[](const State<HW>& s) { return validTable(s.memory, s.arguments[0], s.arguments[1]); }, g}};
}
Primitive<HW> hwTranslate() {
  auto g = [](const State<HW>& s, const State<HW>& t) {
    return t.memory.mode && t.memory.pto == s.memory.pto && t.memory.ptl == s.memory.ptl &&
           onlyIn(s.memory.d, t.memory.d, *s.memory.layout, 0, 0);
  };
  return {"hw_translate",
          0,
          "ValidPT(PTO)",
          "MODE = 1; nothing else changed",
          {[](const State<HW>& s) { return validTable(s.memory, s.memory.pto, s.memory.ptl); }, g}};
}

template <class M>
const Library<M>& table();
template <>
const Library<HW>& table() {
  static const Library<HW> all{hwSetTable(), hwTranslate()};
  return all;
}
template <>
const Library<PD>& table() {
  static const Library<PD> all{memInit()};
  return all;
}
template <>
const Library<PE>& table() {
  static const Library<PE> all;
  return all;
}
template <>
const Library<ALD>& table() {
  static const Library<ALD> all{ptInit()};
  return all;
}
template <>
const Library<ALE>& table() {
  static const Library<ALE> all{memAlloc<ALE>(), memFree<ALE>()};
  return all;
}
template <>
const Library<PMAP>& table() {
  static const Library<PMAP> all = [] {
    Library<PMAP> own = ptSpaces();
    for (auto& primitive : {memAlloc<PMAP>(), memFree<PMAP>(), ptSet(), ptLookup()}) own.push_back(primitive);
    return own;
  }();
  return all;
}
template <>
const Library<AS>& table() {
  static const Library<AS> all{memAlloc<AS>(), memFree<AS>(), asRequest(), asRelease()};
  return all;
}

}  // namespace

template <class M>
std::span<const Primitive<M>> library() {
  return table<M>();
}
template std::span<const Primitive<HW>> library();
template std::span<const Primitive<PD>> library();
template std::span<const Primitive<PE>> library();
template std::span<const Primitive<ALD>> library();
template std::span<const Primitive<ALE>> library();
template std::span<const Primitive<PMAP>> library();
template std::span<const Primitive<AS>> library();

}  // namespace models
