#include "vm/relate/refine/scope.h"

#include <algorithm>

#include "assembler/base/bytes.h"
#include "vm/relate/refine/report.h"

namespace refine {
namespace {

using models::kPageSize;
using models::Layout;
using models::Name;

using Arguments = std::vector<uint32_t>;

// How the arguments of a function are enumerated.
enum class Inputs { None, Frame, Page, Entry, Space, Only, Range };
struct Subject {
  std::string_view function;
  Name from;  // the layer of the caller = the top of the chain
  Inputs inputs;
};
// Bottom up, so that a broken layer is found before those that stand on it.
constexpr Subject kSubjects[] = {
    {"mem_init", Name::HW, Inputs::Range},      {"pt_init", Name::HW, Inputs::None},
    {"mem_alloc", Name::PMAP, Inputs::None},    {"mem_free", Name::PMAP, Inputs::Frame},
    {"pt_lookup", Name::PMAP, Inputs::Page},    {"pt_set", Name::PMAP, Inputs::Entry},
    {"ptspace_base", Name::PMAP, Inputs::Only}, {"ptspace_first", Name::PMAP, Inputs::Only},
    {"ptspace_end", Name::PMAP, Inputs::Only},  {"mem_alloc", Name::AS, Inputs::None},
    {"mem_free", Name::AS, Inputs::Frame},      {"as_request", Name::AS, Inputs::Space},
    {"as_release", Name::AS, Inputs::Space},
};

std::vector<Arguments> inputs(Inputs kind, const Layout& l, unsigned pages) {
  std::vector<Arguments> all;
  std::vector<uint32_t> high;
  for (unsigned i = 0; i < pages; ++i) high.push_back(l.npages + i);
  const uint32_t minus = uint32_t(-1);
  std::vector<uint32_t> around{0, l.npages - 1, l.vpages, minus};
  switch (kind) {
    case Inputs::None: all.push_back({}); break;
    case Inputs::Only:
      for (uint32_t space : {0u, 1u, minus}) all.push_back({space});
      break;
    case Inputs::Range:
      for (int64_t length = 0; length <= 3; ++length)
        for (int64_t first = -1; first + length <= int64_t(l.npages) + 1; ++first)
          all.push_back({uint32_t(first), uint32_t(first + length)});
      all.push_back({1, l.npages}), all.push_back({2, 1}), all.push_back({l.npages, 0});
      break;
    case Inputs::Frame:
      for (uint32_t page = l.poolFirst; page < l.poolEnd; ++page) all.push_back({page});
      for (uint32_t page : {0u, minus, uint32_t(-2), 1u, l.poolFirst - 1, models::pg(l.memTable), models::pg(l.ptTable),
                            l.npages, l.npages + 1, 0x7FFFFFFFu})
        all.push_back({page});
      break;
    case Inputs::Page:
      for (uint32_t page : high) all.push_back({0, page});
      for (uint32_t page : around) all.push_back({0, page});
      all.push_back({0, 1});
      break;
    case Inputs::Entry:
      high.insert(high.end(), around.begin(), around.end());
      for (uint32_t page : high) {
        for (uint32_t flags = 0; flags <= 4; ++flags) {
          for (uint32_t frame = l.poolFirst; frame < l.poolEnd; ++frame) all.push_back({0, page, frame, flags});
          for (uint32_t frame : {0u, minus, 1u << 20}) all.push_back({0, page, frame, flags});
        }
      }
      break;
    case Inputs::Space:
      high.insert(high.end(), around.begin(), around.end());
      if (l.poolFirst < l.poolEnd) high.push_back(l.poolFirst);
      for (uint32_t space : {0u, 1u, minus})
        for (uint32_t page : high) all.push_back({space, page});
      break;
  }
  return all;
}

class Explorer {
 public:
  Explorer(const KernelImage& image, const ScopeOptions& options)
      : image_(image), options_(options), machine_(image.memorySize()), chain_(image.layout), replay_(image, chain_) {
    loadInto(machine_, image.object);
    auto memory = machine_.memory();
    models::Data fresh(image.layout.npages);
    for (uint32_t at = 0; at < image.memorySize(); at += 4)
      if (uint32_t word = base::load<uint32_t>(&memory[at])) fresh.set(at, word);
    base_ = start_ = fresh;
    machine_.setObserver(&replay_);
  }

  // The machine and HW in this state, with a pool of its size that ends where the tables begin.
  void set(const ScopeState& state) {
    Layout& l = chain_.layout;
    l.poolEnd = std::min(models::pg(l.memTable), models::pg(l.ptTable));
    l.poolFirst = l.poolEnd - uint32_t(state.used.size());
    models::Data d = base_;
    for (uint32_t page = 1; page < l.npages; ++page) d.set(l.memTable + 4 * page, models::kReserved);
    for (size_t i = 0; i < state.used.size(); ++i)
      if (state.used[i]) d.set(l.memTable + 4 * (l.poolFirst + uint32_t(i)), models::kUsed);
    uint32_t at = 0;
    for (uint8_t frame : state.order) d.set(l.memTable + 4 * at, l.poolFirst + frame), at = l.poolFirst + frame;
    d.set(l.memTable + 4 * at, 0);
    for (uint32_t page = 0; page < l.npages; ++page) d.set(l.ptTable + 4 * page, page << 12 | models::kValid);
    for (size_t i = 0; i < state.entries.size(); ++i) {
      auto [frame, flags] = state.entries[i];
      if (frame == 0) continue;
      d.set(l.ptTable + 4 * (l.npages + uint32_t(i)), (l.poolFirst + frame - 1u) << 12 | uint32_t(flags) << 10);
    }
    for (uint32_t page = l.poolFirst; page < l.poolEnd; ++page)  // the tags
      d.set(page * kPageSize, 0x7A600000 + page), d.set(page * kPageSize + kPageSize - 4, ~page);
    go(d);
  }
  // Translation off, garbage where the tables will be.
  void setRaw(unsigned frames, uint32_t garbage) {
    ScopeState state;
    state.used.assign(frames, false);
    for (unsigned i = 0; i < frames; ++i) state.order.push_back(uint8_t(i));
    set(state);
    models::Data d = start_;
    const Layout& l = chain_.layout;
    for (uint32_t i = 0; i < l.ptEntries; ++i) d.set(l.ptTable + 4 * i, garbage);
    go(d);
  }

  // Whether the chain up to `top` can be related to the state. Leaves it constructed.
  Fails construct(Name top) {
    chain_.hw.d = start_;
    registers(top != Name::HW && top != Name::PD && top != Name::ALD);
    return top == Name::HW ? (chain_.drop(), Fails{}) : chain_.construct(top);
  }

  // Calls the function from the state. nullopt: it returned related, or p did not hold (`allowed` is false then).
  Fails call(const KernelFunction& function, Name from, const Arguments& arguments, bool& allowed) {
    auto& state = machine_.state;
    state = machine::resetState();
    state.spr[isa::MODE] = from != Name::HW;
    state.spr[isa::PTO] = chain_.layout.pto(), state.spr[isa::PTL] = chain_.layout.ptl();
    if (from == Name::HW) state.spr[isa::PTO] = state.spr[isa::PTL] = 0;
    state.gpr[isa::kGlobals] = image_.gp;
    state.gpr[isa::kFrame] = image_.stackTop - 64;
    state.gpr[isa::kLink] = image_.textBegin;
    for (size_t i = 0; i < arguments.size(); ++i) state.gpr[isa::kArgument + i] = arguments[i];
    state.dpc = function.address, state.pc = function.address + 4;
    uint32_t first = chain_.layout.poolFirst, end = chain_.layout.poolEnd;
    replay_.call(state, from);
    Fails failure = replay_.failure();
    allowed = !(failure && failure->kind == Failure::Precondition);
    if (!failure) {
      machine_.run(options_.steps);
      failure = replay_.failure();
      if (!failure && !replay_.returned())
        failure = Failure{Failure::Undefined, function.layer, "diverges", function.name + " does not return"};
      if (!failure && from != Name::HW) failure = chain_.checkFull();
    }
    if (failure && allowed) return failure;
    chain_.layout.poolFirst = first, chain_.layout.poolEnd = end;
    restore();
    return std::nullopt;
  }

  // The premises of corollary 1: what the top model can load or store, those below can, with the same value, and the
  // relations hold afterwards. One word of each page that is not code or stack.
  Fails accesses(Name top, uint64_t& count) {
    const Layout& l = chain_.layout;
    for (uint32_t page = 0; page <= std::min(l.vpages, l.npages + 4); ++page) {
      if (page < l.npages && page && !l.pool(page) && !l.data[page] && !l.memPage(page) && !l.tablePage(page)) continue;
      uint32_t va = page * kPageSize;
      auto value = top == Name::AS     ? chain_.as->load(va)
                   : top == Name::PMAP ? chain_.pmap->load(va)
                   : top == Name::ALE  ? chain_.ale->load(va)
                   : top == Name::PE   ? chain_.pe->load(va)
                   : top == Name::ALD  ? chain_.ald->load(va)
                                       : chain_.pd->load(va);
      if (!value) continue;
      ++count;
      if (auto failure = chain_.load(top, va, 4, *value)) return failure;
      // A store of the same word keeps what the relations ask of tables; elsewhere it is a new one.
      uint32_t word = l.memPage(page) || l.tablePage(page) || page == 0 ? *value : 0x5708E000 + page;
      if (chain_.pmap && l.highPage(page) && chain_.pmap->map(page).isProtected()) continue;
      if (!chain_.hw.mode || !std::holds_alternative<models::Rule>(chain_.hw.trans(va, true))) {
        ++count;
        if (auto failure = chain_.store(top, va, 4, word)) return failure;
      }
    }
    return chain_.checkFull();
  }

  const Chain& chain() const { return chain_; }
  const Replay& replay() const { return replay_; }

 private:
  void registers(bool on) {
    chain_.hw.mode = on;
    chain_.hw.pto = on ? chain_.layout.pto() : 0, chain_.hw.ptl = on ? chain_.layout.ptl() : 0;
  }
  void go(const models::Data& d) {
    models::Data::differences(d, start_, [&](uint32_t at) {
      uint32_t word = d(at);
      machine_.write(at, &word, 4);
      return true;
    });
    start_ = d;
  }
  // The machine's memory as it was before the call.
  void restore() {
    for (uint32_t at : replay_.stored()) {
      uint32_t word = start_(at & ~3u);
      machine_.write(at & ~3u, &word, 4);
    }
  }

  const KernelImage& image_;
  const ScopeOptions& options_;
  machine::Machine machine_;
  Chain chain_;
  Replay replay_;
  models::Data base_, start_;
};

// Sizes by the number of pages, then by frames.
std::vector<std::pair<unsigned, unsigned>> sizes(const ScopeOptions& options) {
  std::vector<std::pair<unsigned, unsigned>> all;
  for (unsigned n = 0; n <= options.frames; ++n)
    for (unsigned m = 0; m <= options.pages; ++m) all.push_back({n, m});
  std::stable_sort(all.begin(), all.end(), [](auto a, auto b) { return a.first + a.second < b.first + b.second; });
  return all;
}

class Scope {
 public:
  Scope(const KernelImage& image, const ScopeOptions& options)
      : image_(image), options_(options), explorer_(image, options_) {
    options_.pages = std::min(options.pages, image.layout.vpages - image.layout.npages);
    uint32_t end = std::min(models::pg(image.layout.memTable), models::pg(image.layout.ptTable)), spare = 0;
    while (spare < options_.frames && spare < end && image.layout.spare(end - 1 - spare)) ++spare;
    options_.frames = spare;
  }

  ScopeOutcome run() {
    auto whole = scopeStates(options_.frames, options_.pages, false);
    outcome_.states = whole.size();
    outcome_.symmetric = upToSymmetry(whole);
    outcome_.spaces = scopeStates(options_.frames, options_.pages, true).size();
    for (const Subject& subject : kSubjects)
      if (options_.function.empty() || options_.function == subject.function)
        if (const KernelFunction* function = find(subject.function)) {
          outcome_.counts.push_back(
              {function->module, function->name, subject.from == Name::HW ? function->layer : subject.from});
          explore(subject, *function);
          if (outcome_.counterexample) return std::move(outcome_);
        }
    if (options_.accesses) preserve();
    return std::move(outcome_);
  }

 private:
  const KernelFunction* find(std::string_view name) const {
    for (const auto& function : image_.functions)
      if (function.name == name) return &function;
    return nullptr;
  }

  void explore(const Subject& subject, const KernelFunction& function) {
    for (auto [frames, pages] : sizes(options_)) {
      if (subject.from == Name::HW) {
        if (pages == 0 && !raw(subject, function, frames)) return;
        continue;
      }
      for (const auto& state : scopeStates(frames, pages, subject.from == Name::AS)) {
        explorer_.set(state);
        outcome_.counts.back().states++;
        for (const auto& arguments : inputs(subject.inputs, explorer_.chain().layout, pages)) {
          auto failure = explorer_.construct(subject.from);
          if (failure) return found(subject, function, arguments, *failure, &state, frames, pages);
          if (!one(subject, function, arguments, &state, frames, pages)) return;
        }
      }
    }
  }
  // Code of the initialisation: translation is off, the tables contain anything.
  bool raw(const Subject& subject, const KernelFunction& function, unsigned frames) {
    for (uint32_t garbage : {0u, ~0u, 0x12345C00u}) {
      explorer_.setRaw(frames, garbage);
      outcome_.counts.back().states++;
      for (const auto& arguments : inputs(subject.inputs, explorer_.chain().layout, 0)) {
        (void)explorer_.construct(Name::HW);
        if (!one(subject, function, arguments, nullptr, frames, 0)) return false;
      }
    }
    return true;
  }
  bool one(const Subject& subject, const KernelFunction& function, const Arguments& arguments, const ScopeState* state,
           unsigned frames, unsigned pages) {
    bool allowed = true;
    auto failure = explorer_.call(function, subject.from, arguments, allowed);
    ScopeCount& count = outcome_.counts.back();
    (allowed ? count.calls : count.refused)++;
    if (failure) found(subject, function, arguments, *failure, state, frames, pages);
    return !failure;
  }
  void found(const Subject& subject, const KernelFunction& function, const Arguments& arguments, const Failure& failure,
             const ScopeState* state, unsigned frames, unsigned pages) {
    const Replay& replay = explorer_.replay();
    const Layout& l = explorer_.chain().layout;
    Counterexample example{function.module,
                           function.name,
                           outcome_.counts.back().top,
                           arguments,
                           frames,
                           pages,
                           state ? state->print(l) : "translation off, the tables contain anything",
                           failure,
                           replay.failedAt().step,
                           image_.place(replay.failedAt().dpc)};
    (void)subject;
    for (const auto& call : replay.calls())
      example.calls.push_back({call.function->name, call.function->module, call.function->layer, call.arguments});
    example.dot = dot(explorer_.chain(), failure.text);
    outcome_.counterexample = std::move(example);
  }

  void preserve() {
    for (auto [frames, pages] : sizes(options_))
      for (Name top : {Name::PD, Name::ALD, Name::PE, Name::ALE, Name::PMAP, Name::AS})
        for (const auto& state : scopeStates(frames, pages, top == Name::AS)) {
          explorer_.set(state);
          auto failure = explorer_.construct(top);
          if (!failure) failure = explorer_.accesses(top, outcome_.accesses);
          if (!failure) continue;
          outcome_.counterexample = Counterexample{
              "", "load and store", top, {}, frames, pages, state.print(explorer_.chain().layout), *failure, 0, ""};
          return;
        }
  }

  const KernelImage& image_;
  ScopeOptions options_;
  Explorer explorer_;
  ScopeOutcome outcome_;
};

}  // namespace

ScopeOutcome scope(const KernelImage& image, const ScopeOptions& options) { return Scope(image, options).run(); }

}  // namespace refine
