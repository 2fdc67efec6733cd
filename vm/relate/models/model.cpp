#include "vm/relate/models/model.h"

#include <cstdio>

namespace models {
namespace {

struct NamedRow {
  std::string_view name, text;
};
constexpr NamedRow kModels[] = {
#define MODEL(name, state, meaning) {#name, state},
#include "vm/relate/models/models.def"
};
static_assert(std::size(kModels) == kModelCount);
constexpr NamedRow kRules[] = {
#define RULE(Name, name, text) {name, text},
#include "vm/relate/models/models.def"
};

using Target = std::variant<uint32_t, Rule>;

// Through an entry of the table: the frame's address, or why not.
Target through(uint32_t entry, uint32_t va, bool write, uint32_t npages) {
  if (!(entry & kValid)) return Rule::Mapped;
  if (write && entry & kProtected) return Rule::Writable;
  if (frameOf(entry) >= npages) return Rule::LowAddress;
  return frameOf(entry) * kPageSize + off(va);
}

// load and store are the same for all models, given where an address leads.
template <class M>
NoSemantics no(const M&, Rule rule, const char* operation, uint32_t va) {
  return {M::kName, rule, operation, va};
}
template <class M>
Loaded loadAt(const M& m, uint32_t va, Target target) {
  if (va % 4) return no(m, Rule::Aligned, "load", va);
  if (auto* rule = std::get_if<Rule>(&target)) return no(m, *rule, "load", va);
  return m.d(std::get<0>(target));
}
template <class M>
Stored storeAt(M& m, uint32_t va, uint32_t word, Target target) {
  if (va % 4) return no(m, Rule::Aligned, "store", va);
  if (auto* rule = std::get_if<Rule>(&target)) return no(m, *rule, "store", va);
  if constexpr (requires { m.put(va, word); }) m.put(std::get<0>(target), word);
  else m.d.set(std::get<0>(target), word);
  return {};
}

Target low(const Layout& layout, uint32_t a) {
  if (!layout.lowPage(pg(a))) return Rule::LowAddress;
  return a;
}
Target allocated(const Pages& a, Target target) {
  if (auto* address = std::get_if<uint32_t>(&target); address && !a(pg(*address))) return Rule::Allocated;
  return target;
}

}  // namespace

std::string hex(uint32_t value) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%08x", value);
  return text;
}
std::string_view modelName(Name model) { return kModels[unsigned(model)].name; }
std::string_view modelState(Name model) { return kModels[unsigned(model)].text; }
std::optional<Name> findModel(std::string_view name) {
  for (unsigned i = 0; i < kModelCount; ++i)
    if (kModels[i].name == name) return Name(i);
  return std::nullopt;
}
std::string_view ruleName(Rule rule) { return kRules[unsigned(rule)].name; }
std::string_view ruleText(Rule rule) { return kRules[unsigned(rule)].text; }

std::string NoSemantics::print() const {
  std::string text = std::string(modelName(model)) + ": " + operation;
  if (operation == "load" || operation == "store")
    text += " " + hex(address) + " (page " + std::to_string(pg(address)) + ")";
  return text + ": " + std::string(ruleText(rule)) + " [" + std::string(ruleName(rule)) + "]";
}

bool identity(uint32_t entry, uint32_t page) {
  return frameOf(entry) == page && (entry & (kValid | kProtected)) == kValid;
}
void Window::stored(const Layout& layout, uint32_t address, uint32_t before, uint32_t after) {
  if (!layout.inTable(address)) return;
  uint32_t page = (address - layout.ptTable) / 4;
  if (page < layout.npages) wrong += uint32_t(identity(before, page)) - uint32_t(identity(after, page));
}
Window Window::of(const Layout& layout, const Data& d) {
  Window window;
  for (uint32_t page = 0; page < layout.npages; ++page)
    window.wrong += !d.contains(layout.ptTable + 4 * page) || !identity(d(layout.ptTable + 4 * page), page);
  return window;
}

// HW
Target HW::trans(uint32_t va, bool write) const {
  if (!mode) return low(*layout, va);
  if (pg(va) >= ptl + 1) return Rule::InSpace;
  uint64_t ptea = uint64_t(pto) * kPageSize + 4 * uint64_t(pg(va));
  if (ptea >= uint64_t(layout->npages) * kPageSize) return Rule::TableInMemory;
  return through(d(uint32_t(ptea)), va, write, layout->npages);
}
Loaded HW::load(uint32_t va) const { return loadAt(*this, va, trans(va, false)); }
Stored HW::store(uint32_t va, uint32_t word) { return storeAt(*this, va, word, trans(va, true)); }

// PD
Loaded PD::load(uint32_t a) const { return loadAt(*this, a, low(*layout, a)); }
Stored PD::store(uint32_t a, uint32_t word) { return storeAt(*this, a, word, low(*layout, a)); }

// PE
Target PE::trans(uint32_t va, bool write) const {
  if (window.wrong) return Rule::Window;
  if (pg(va) >= layout->vpages) return Rule::InSpace;
  return through(d(layout->ptTable + 4 * pg(va)), va, write, layout->npages);
}
Loaded PE::load(uint32_t va) const { return loadAt(*this, va, trans(va, false)); }
Stored PE::store(uint32_t va, uint32_t word) { return storeAt(*this, va, word, trans(va, true)); }
void PE::put(uint32_t physical, uint32_t word) {
  window.stored(*layout, physical, d(physical), word);
  d.set(physical, word);
}

// A from mem_next: what is in use, and what is always allocated.
static void readAllocation(const Layout& layout, const Data& d, Pages& a) {
  for (uint32_t page = 0; page < layout.npages; ++page)
    a.set(page, layout.pool(page) ? d(layout.memTable + 4 * page) == kUsed : layout.fixedAllocated(page));
}

// ALD
ALD::ALD(const PD& pd) : layout(pd.layout), d(pd.d), a(layout->npages) { readAllocation(*layout, d, a); }
Loaded ALD::load(uint32_t address) const { return loadAt(*this, address, allocated(a, low(*layout, address))); }
Stored ALD::store(uint32_t address, uint32_t word) {
  return storeAt(*this, address, word, allocated(a, low(*layout, address)));
}

// ALE
ALE::ALE(const PE& pe) : layout(pe.layout), d(pe.d), a(layout->npages), window(pe.window) {
  readAllocation(*layout, d, a);
  for (uint32_t page = layout->poolFirst; page < layout->poolEnd; ++page) used += a(page);
}
Target ALE::trans(uint32_t va, bool write) const {
  if (window.wrong) return Rule::Window;
  if (layout->lowPage(pg(va))) return va;
  if (pg(va) >= layout->vpages) return Rule::InSpace;
  uint32_t entry = layout->ptTable + 4 * pg(va);
  if (!a(pg(entry))) return Rule::TableAllocated;
  return through(d(entry), va, write, layout->npages);
}
Loaded ALE::load(uint32_t va) const { return loadAt(*this, va, allocated(a, trans(va, false))); }
Stored ALE::store(uint32_t va, uint32_t word) { return storeAt(*this, va, word, allocated(a, trans(va, true))); }
void ALE::put(uint32_t physical, uint32_t word) {
  window.stored(*layout, physical, d(physical), word);
  d.set(physical, word);
}
void ALE::allocate(uint32_t page, bool to) {
  if (layout->pool(page)) used += uint32_t(to) - uint32_t(a(page));
  a.set(page, to);
}

// PMAP
PMAP::PMAP(const ALE& ale)
    : layout(ale.layout), d(ale.d), a(ale.a), pm(layout->vpages - layout->npages), used(ale.used) {
  for (uint32_t page = 0; page < layout->npages; ++page)
    if (layout->tablePage(page)) a.set(page, false);
  for (uint32_t page = layout->npages; page < layout->vpages; ++page)
    if (auto mapping = Mapping::ofEntry(d(layout->ptTable + 4 * page)); mapping.mapped()) setMap(page, mapping);
}
Target PMAP::trans(uint32_t va, bool write) const {
  if (layout->lowPage(pg(va))) return va;
  if (!layout->highPage(pg(va))) return Rule::InSpace;
  auto mapping = map(pg(va));
  if (!mapping.mapped()) return Rule::Mapped;
  if (write && mapping.isProtected()) return Rule::Writable;
  if (!layout->lowPage(mapping.frame())) return Rule::LowAddress;
  return mapping.frame() * kPageSize + off(va);
}
Loaded PMAP::load(uint32_t va) const { return loadAt(*this, va, allocated(a, trans(va, false))); }
Stored PMAP::store(uint32_t va, uint32_t word) { return storeAt(*this, va, word, allocated(a, trans(va, true))); }
void PMAP::allocate(uint32_t page, bool to) {
  if (layout->pool(page)) used += uint32_t(to) - uint32_t(a(page));
  a.set(page, to);
}

// AS
static Target space(const Layout& layout, uint32_t va) {
  if (pg(va) >= layout.vpages) return Rule::InSpace;
  return va;
}
AS::AS(const PMAP& pmap) : layout(pmap.layout), d(layout->vpages), a(layout->vpages) {
  Pages hidden(layout->npages);
  for (uint32_t page = layout->npages; page < layout->vpages; ++page) {
    uint32_t frame = pmap.map(page).frame();
    if (!pmap.map(page).mapped() || !layout->lowPage(frame) || !pmap.a(frame)) continue;
    allocate(page, true), hidden.set(frame, true);
    d.copyPage(page, pmap.d, frame);
  }
  for (uint32_t page = 0; page < layout->npages; ++page)
    if (pmap.a(page) && !hidden(page)) allocate(page, true), d.copyPage(page, pmap.d, page);
}
Loaded AS::load(uint32_t va) const { return loadAt(*this, va, allocated(a, space(*layout, va))); }
Stored AS::store(uint32_t va, uint32_t word) { return storeAt(*this, va, word, allocated(a, space(*layout, va))); }
void AS::allocate(uint32_t page, bool to) {
  if (layout->pool(page) || layout->highPage(page)) used += uint32_t(to) - uint32_t(a(page));
  a.set(page, to);
}

}  // namespace models
