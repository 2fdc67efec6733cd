// Certified modules M, L |- C : Psi, linking and stub strengthening: seed 004, figure 10 (CODE), theorems 3 and 4.
#pragma once

#include "assembler/base/result.h"
#include "vm/relate/actions/program.h"

namespace actions {

template <class S>
struct Module {
  std::string name;
  SpecHeap<S> library;  // L: the stubs
  ProcHeap code;        // C
  SpecHeap<S> specs;    // Psi
};

// Psi1 u Psi2; where both have a label they must agree (the seed's "perpendicular").
template <class V>
std::map<Label, V> united(std::map<Label, V> a, const std::map<Label, V>& b) {
  a.insert(b.begin(), b.end());
  return a;
}
template <class S>
std::optional<Label> disagreement(const SpecHeap<S>& a, const SpecHeap<S>& b, const Universe<S>& universe) {
  for (const auto& [label, spec] : a)
    if (auto other = b.find(label); other != b.end() && !equal(spec, other->second, universe)) return label;
  return std::nullopt;
}

// CODE: every procedure of C is well-formed under Psi u L. Errors [no-specification], [stub-left], [not-certified],
// with the label as place.
template <class S>
base::Status certify(const Machine<S>& m, const Module<S>& module) {
  auto psi = united(module.library, module.specs);
  for (const auto& [label, body] : module.code) {
    auto spec = module.specs.find(label);
    if (spec == module.specs.end())
      return base::Error{module.name + ": no specification for " + label, "no-specification", label};
    if (!derived(m, psi, *body))
      return base::Error{module.name + ": " + label + " calls what has neither a specification nor a stub", "stub-left",
                         label};
    if (!wellFormed(m, psi, *body, spec->second))
      return base::Error{module.name + ": " + label + " does not meet its specification", "not-certified", label};
  }
  return base::Ok{};
}

// Theorem 3. Errors [name-clash] if both define a label, [stub-disagrees] if a stub is not the specification of the
// procedure that takes its place (strengthen it first), or if two stubs differ. The seed lets C1 and C2 share equal
// code; then Psi1 and Psi2 would have to agree too, which it does not say; here they are disjoint.
template <class S>
base::Result<Module<S>> link(const Machine<S>& m, const Module<S>& a, const Module<S>& b) {
  for (const auto& [label, body] : a.code)
    if (b.code.count(label))
      return base::Error{a.name + " and " + b.name + " both define " + label, "name-clash", label};
  const std::pair<const SpecHeap<S>*, const SpecHeap<S>*> pairs[] = {
      {&a.library, &b.specs}, {&b.library, &a.specs}, {&a.library, &b.library}, {&a.specs, &b.specs}};
  for (auto [left, right] : pairs)
    if (auto label = disagreement(*left, *right, m.states))
      return base::Error{a.name + " and " + b.name + " specify " + *label + " differently", "stub-disagrees", *label};
  Module<S> linked{a.name + "+" + b.name, united(a.library, b.library), united(a.code, b.code),
                   united(a.specs, b.specs)};
  for (const auto& [label, spec] : linked.specs) linked.library.erase(label);
  return linked;
}

// Theorem 4: the same module with stronger stubs. Errors [weak-stub] if the module relies on a stub (L) that is not
// weaker than its replacement (L'), [name-clash] if the replacement is one of the module's own procedures, [stub-left]
// if a stub has no replacement.
template <class S>
base::Result<Module<S>> strengthen(const Machine<S>& m, Module<S> module, const SpecHeap<S>& stronger) {
  for (const auto& [label, spec] : module.library) {
    auto other = stronger.find(label);
    if (other == stronger.end()) return base::Error{"nothing takes the place of stub " + label, "stub-left", label};
    if (!weakerThan(spec, other->second, m.states))
      return base::Error{module.name + " relies on more than " + label + " promises", "weak-stub", label};
  }
  for (const auto& [label, spec] : stronger)
    if (module.specs.count(label)) return base::Error{label + " is no stub of " + module.name, "name-clash", label};
  module.library = stronger;
  return module;
}

}  // namespace actions
