// Random finite machines for the property tests: states 0..n-1, actions as bit tables.
#pragma once

#include <random>

#include "vm/relate/actions/refinement.h"

namespace small {

using State = unsigned;
using Action = actions::Action<State>;
using Machine = actions::Machine<State>;
using Module = actions::Module<State>;
using Specs = actions::SpecHeap<State>;
using Universe = actions::Universe<State>;

inline Universe states(unsigned n) {
  std::vector<State> all(n);
  for (unsigned i = 0; i < n; ++i) all[i] = i;
  return Universe(all);
}

// The action number (p, g) of n states: bit s of p, bit s * n + t of g.
inline Action fromBits(unsigned n, uint32_t p, uint64_t g) {
  return {[p](const State& s) { return p >> s & 1; },
          [n, g](const State& s, const State& t) { return g >> (s * n + t) & 1; }};
}
inline std::pair<uint32_t, uint64_t> toBits(unsigned n, const Action& a) {
  uint32_t p = 0;
  uint64_t g = 0;
  for (State s = 0; s < n; ++s) {
    p |= uint32_t(a.p(s)) << s;
    for (State t = 0; t < n; ++t) g |= uint64_t(a.g(s, t)) << (s * n + t);
  }
  return {p, g};
}
inline std::vector<Action> allActions(unsigned n) {
  std::vector<Action> all;
  for (uint32_t p = 0; p < 1u << n; ++p)
    for (uint64_t g = 0; g < uint64_t(1) << n * n; ++g) all.push_back(fromBits(n, p, g));
  return all;
}

class Random {
 public:
  explicit Random(unsigned seed) : engine_(seed) {}
  uint64_t bits() { return engine_(); }
  unsigned below(unsigned n) { return unsigned(engine_() % n); }
  bool rarely(unsigned oneIn) { return below(oneIn) == 0; }

  Action action(unsigned n) {
    uint64_t g = bits() & bits();  // a quarter of the transitions
    return fromBits(n, uint32_t(bits() | bits()), g);
  }
  // b with a >= b: safe wherever a is, ending only where a may.
  Action stronger(unsigned n, const Action& a) {
    auto [p, g] = toBits(n, a);
    return fromBits(n, p | uint32_t(bits()), g & (bits() | bits()));
  }
  // b with b >= a
  Action weaker(unsigned n, const Action& a) {
    auto [p, g] = toBits(n, a);
    return fromBits(n, p & uint32_t(bits() | bits()), g | (bits() & bits() & bits()));
  }
  Machine machine(unsigned n) {
    Machine m{states(n), {}, {}};
    for (const char* op : {"i", "j"}) m.semantics.emplace(op, action(n));
    uint32_t holds = uint32_t(bits());
    m.meaning.emplace("b", [holds](const State& s) { return bool(holds >> s & 1); });
    return m;
  }
  actions::ProcedurePtr procedure(const std::vector<actions::Label>& labels, unsigned depth) {
    switch (below(depth ? 7 : 4)) {
      case 0: return actions::nil();
      case 1: return actions::perform("i");
      case 2: return actions::perform("j");
      case 3: return actions::call(labels[below(unsigned(labels.size()))]);
      case 4: return actions::branch("b", procedure(labels, depth - 1), procedure(labels, depth - 1));
      default: return actions::sequence(procedure(labels, depth - 1), procedure(labels, depth - 1));
    }
  }

 private:
  std::mt19937_64 engine_;
};

// All procedures whose tree has at most `depth` inner levels.
inline std::vector<actions::ProcedurePtr> allProcedures(const std::vector<actions::Label>& labels, unsigned depth) {
  std::vector<actions::ProcedurePtr> all{actions::nil(), actions::perform("i"), actions::perform("j")};
  for (const auto& label : labels) all.push_back(actions::call(label));
  for (unsigned d = 0; d < depth; ++d) {
    auto smaller = all;
    for (const auto& a : smaller)
      for (const auto& b : smaller) {
        all.push_back(actions::sequence(a, b));
        all.push_back(actions::branch("b", a, b));
      }
  }
  return all;
}

// A certified module with the procedures of `labels` that may call `stubs`: the specifications are the meanings at a
// depth where they no longer change, weakened; nullopt if they are not well-formed then.
inline std::optional<Module> certified(Random& random, const Machine& m, const std::vector<actions::Label>& labels,
                                       const Specs& stubs) {
  Module module{"m", stubs, {}, {}};
  auto callable = labels;
  for (const auto& [label, spec] : stubs) callable.push_back(label);
  for (const auto& label : labels) {
    module.code.emplace(label, random.procedure(callable, 2));
    module.specs.emplace(label, actions::loop<State>());
  }
  const unsigned n = unsigned(m.states.size());
  for (unsigned round = 0; round < 12; ++round) {
    bool changed = false;
    for (auto& [label, spec] : module.specs) {
      auto own = *actions::derived(m, actions::united(stubs, module.specs), *module.code.at(label));
      auto [p, g] = toBits(n, spec);
      auto [p1, g1] = toBits(n, own);
      spec = fromBits(n, p & p1, g | g1);
      changed |= toBits(n, spec) != std::pair(p, g);
    }
    if (!changed) break;
  }
  for (auto& [label, spec] : module.specs)
    if (random.rarely(2)) spec = random.weaker(n, spec);
  if (!actions::certify(m, module)) return std::nullopt;
  return module;
}

}  // namespace small
