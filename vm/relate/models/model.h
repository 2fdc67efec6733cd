// The seven memory models of seed 004, section 5.1, executable. Each is a value: copying is O(1), equality costs what
// differs. load(address) and store(address, word) are partial; where they have no semantics they say by which rule.
//
//   the seed (figure)              here
//   M_HW (14)  (D, PE, PTROOT)     HW: D, MODE, PTO, PTL (decisions.md, 23); trans is partial, as VAMP's
//   M_PD, M_PE (5.1)               PD, PE: D; PE's load and store need the low identity window
//   M_ALE (16) (D, A), ALD         ALE, ALD: D, A; PTalloc(M) and dm(M) are tableAllocated and window
//   M_PMAP (18) (D, A, PM)         PMAP: D, A, PM
//   M_AS (19)  (D, A)              AS: D, A
//
// The misprints of the seed: ALE's trans multiplies by NPAGES for PGSIZE; D{..} of ALE's store stands inside trans.
#pragma once

#include <optional>
#include <variant>

#include "vm/relate/models/layout.h"
#include "vm/relate/models/persistent.h"

namespace models {

enum class Name : uint8_t {
#define MODEL(name, ...) name,
#include "vm/relate/models/models.def"
};
constexpr unsigned kModelCount = 7;
std::string_view modelName(Name model);
std::string_view modelState(Name model);
std::optional<Name> findModel(std::string_view name);

enum class Rule : uint8_t {
#define RULE(Name, ...) Name,
#include "vm/relate/models/models.def"
};
std::string_view ruleName(Rule rule);
std::string_view ruleText(Rule rule);

// An operation that has no semantics.
struct NoSemantics {
  Name model;
  Rule rule;
  std::string operation;      // "load", "store", "as_release"
  uint32_t address = 0;       // of a load or store
  std::string print() const;  // "AS: load 0x00040000 (page 64): the page is not allocated [allocated]"
};

// A word, or why there is none.
class Loaded {
 public:
  Loaded(uint32_t word) : state_(word) {}
  Loaded(NoSemantics why) : state_(std::move(why)) {}
  explicit operator bool() const { return state_.index() == 0; }
  uint32_t operator*() const { return std::get<0>(state_); }
  const NoSemantics& why() const { return std::get<1>(state_); }

 private:
  std::variant<uint32_t, NoSemantics> state_;
};
using Stored = std::optional<NoSemantics>;  // nothing: it was stored

// Physical memory, D.
class Data {
 public:
  explicit Data(uint32_t pages = 0) : words_(pages * kPageWords) {}
  uint32_t pages() const { return words_.size() / kPageWords; }
  bool contains(uint32_t address) const { return pg(address) < pages(); }
  uint32_t operator()(uint32_t address) const { return words_[address / 4]; }
  void set(uint32_t address, uint32_t word) { words_.set(address / 4, word); }
  bool operator==(const Data&) const = default;
  void copyPage(uint32_t to, const Data& other, uint32_t from) { words_.copyPage(to, other.words_, from); }
  // f(offset in the page), ascending; false to stop.
  template <class F>
  static bool pageDifferences(const Data& a, uint32_t pageA, const Data& b, uint32_t pageB, F&& f) {
    return Words::pageDifferences(a.words_, pageA, b.words_, pageB, [&](uint32_t i) { return f(4 * i); });
  }
  // f(address), ascending; false to stop.
  template <class F>
  static bool differences(const Data& a, const Data& b, F&& f) {
    return Words::differences(a.words_, b.words_, [&](uint32_t i) { return f(4 * i); });
  }

 private:
  Words words_;
};

// A set of pages, A.
class Pages {
 public:
  explicit Pages(uint32_t pages = 0) : bits_((pages + 31) / 32) {}
  bool operator()(uint32_t page) const { return page / 32 < bits_.size() && bits_[page / 32] >> page % 32 & 1; }
  void set(uint32_t page, bool to) {
    uint32_t word = bits_[page / 32], bit = 1u << page % 32;
    bits_.set(page / 32, to ? word | bit : word & ~bit);
  }
  bool operator==(const Pages&) const = default;
  template <class F>
  static bool differences(const Pages& a, const Pages& b, F&& f) {
    return Words::differences(a.bits_, b.bits_, [&](uint32_t i) {
      for (uint32_t bits = a.bits_[i] ^ b.bits_[i]; bits; bits &= bits - 1)
        if (!f(32 * i + uint32_t(__builtin_ctz(bits)))) return false;
      return true;
    });
  }

 private:
  Words bits_;
};

// Common to PE and ALE: what a store does to the low window, so that a load need not look at all of it.
struct Window {
  uint32_t wrong = 0;  // entries of the window that are not identity, valid and writable
  void stored(const Layout& layout, uint32_t address, uint32_t before, uint32_t after);
  static Window of(const Layout& layout, const Data& d);
  bool operator==(const Window&) const = default;
};
bool identity(uint32_t entry, uint32_t page);

struct HW {
  static constexpr Name kName = Name::HW;
  const Layout* layout;
  Data d;
  bool mode = false;  // translation on
  uint32_t pto = 0, ptl = 0;
  HW(const Layout& l) : layout(&l), d(l.npages) {}
  std::variant<uint32_t, Rule> trans(uint32_t va, bool write) const;
  Loaded load(uint32_t va) const;
  Stored store(uint32_t va, uint32_t word);
  bool operator==(const HW& other) const {
    return d == other.d && mode == other.mode && pto == other.pto && ptl == other.ptl;
  }
};

struct PD {
  static constexpr Name kName = Name::PD;
  const Layout* layout;
  Data d;
  explicit PD(const HW& hw) : layout(hw.layout), d(hw.d) {}
  Loaded load(uint32_t a) const;
  Stored store(uint32_t a, uint32_t word);
  bool operator==(const PD& other) const { return d == other.d; }
};

struct PE {
  static constexpr Name kName = Name::PE;
  const Layout* layout;
  Data d;
  Window window;
  explicit PE(const HW& hw) : layout(hw.layout), d(hw.d), window(Window::of(*layout, d)) {}
  std::variant<uint32_t, Rule> trans(uint32_t va, bool write) const;
  Loaded load(uint32_t va) const;
  Stored store(uint32_t va, uint32_t word);
  void put(uint32_t physical, uint32_t word);
  bool operator==(const PE& other) const { return d == other.d; }
};

struct ALD {
  static constexpr Name kName = Name::ALD;
  const Layout* layout;
  Data d;
  Pages a;
  explicit ALD(const PD& pd);
  Loaded load(uint32_t a) const;
  Stored store(uint32_t a, uint32_t word);
  bool operator==(const ALD& other) const { return d == other.d && a == other.a; }
};

struct ALE {
  static constexpr Name kName = Name::ALE;
  const Layout* layout;
  Data d;
  Pages a;
  Window window;
  uint32_t used = 0;  // pages of the pool with A
  explicit ALE(const PE& pe);
  std::variant<uint32_t, Rule> trans(uint32_t va, bool write) const;
  Loaded load(uint32_t va) const;
  Stored store(uint32_t va, uint32_t word);
  void put(uint32_t physical, uint32_t word);
  void allocate(uint32_t page, bool to);
  bool exhausted() const { return used == layout->poolEnd - layout->poolFirst; }
  bool operator==(const ALE& other) const { return d == other.d && a == other.a; }
};

// PM(page): 0 if not mapped, else frame << 1 | protected.
struct Mapping {
  uint32_t value = 0;
  bool mapped() const { return value != 0; }
  uint32_t frame() const { return value >> 1; }
  bool isProtected() const { return value & 1; }
  static Mapping of(uint32_t frame, bool isProtected) { return {frame << 1 | uint32_t(isProtected)}; }
  static Mapping ofEntry(uint32_t entry) { return entry & kValid ? of(frameOf(entry), entry & kProtected) : Mapping{}; }
  bool operator==(const Mapping&) const = default;
};

struct PMAP {
  static constexpr Name kName = Name::PMAP;
  const Layout* layout;
  Data d;
  Pages a;
  Words pm;  // by page - NPAGES
  uint32_t used = 0;
  explicit PMAP(const ALE& ale);
  Mapping map(uint32_t page) const { return {pm[page - layout->npages]}; }
  void setMap(uint32_t page, Mapping to) { pm.set(page - layout->npages, to.value); }
  std::variant<uint32_t, Rule> trans(uint32_t va, bool write) const;
  Loaded load(uint32_t va) const;
  Stored store(uint32_t va, uint32_t word);
  void allocate(uint32_t page, bool to);
  bool exhausted() const { return used == layout->poolEnd - layout->poolFirst; }
  bool operator==(const PMAP& other) const { return d == other.d && a == other.a && pm == other.pm; }
};

struct AS {
  static constexpr Name kName = Name::AS;
  const Layout* layout;
  Data d;  // low and high addresses
  Pages a;
  uint32_t used = 0;  // pages of the pool and high pages with A
  explicit AS(const PMAP& pmap);
  Loaded load(uint32_t va) const;
  Stored store(uint32_t va, uint32_t word);
  void allocate(uint32_t page, bool to);
  bool exhausted() const { return used == layout->poolEnd - layout->poolFirst; }
  bool operator==(const AS& other) const { return d == other.d && a == other.a; }
};

// A model's state as a person reads it: registers, allocated pages as ranges, mappings, words that are not zero (the
// first `words`).
std::string dump(const HW& m, unsigned words = 16);
std::string dump(const PD& m, unsigned words = 16);
std::string dump(const PE& m, unsigned words = 16);
std::string dump(const ALD& m, unsigned words = 16);
std::string dump(const ALE& m, unsigned words = 16);
std::string dump(const PMAP& m, unsigned words = 16);
std::string dump(const AS& m, unsigned words = 16);

}  // namespace models
