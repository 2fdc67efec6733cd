// Refinement between machines: seed 004, definitions 1 and 2, figure 11, lemmas 1 and 2.
//
// Two formulas of the paper do not say what its text and its proofs say; both are kept as tests that fail the laws
// (test/unit/relate/laws_test.cpp):
//  - T_{A-C}: the displayed g is "for all S_A' with g S_A S_A': repr S_A' S_C'". It is not monotone (figure 11, third
//    law). The text's reading is: each related S_A that satisfies p reaches by g *some* S_A' with repr S_A' S_C'.
//  - The branch condition speaks of abstract states only; two machines may then branch differently. What lemma 2 needs,
//    and C machines have, is: repr S_A S_C implies M_A(b) S_A = M_C(b) S_C.
#pragma once

#include "vm/relate/actions/module.h"

namespace actions {

template <class A, class C>
using Repr = std::function<bool(const A&, const C&)>;
template <class A, class C>
using Translation = std::function<Action<C>(const Action<A>&)>;  // T_a

// T_{A-C}(p, g). The universe must outlive the action.
template <class A, class C>
Action<C> translate(const Repr<A, C>& repr, const Action<A>& a, const Universe<A>& abstract) {
  return {[repr, a, &abstract](const C& c) { return abstract.some([&](const A& s) { return repr(s, c) && a.p(s); }); },
          [repr, a, &abstract](const C& c, const C& d) {
            return abstract.all([&](const A& s) {
              return !repr(s, c) || !a.p(s) || abstract.some([&](const A& t) { return a.g(s, t) && repr(t, d); });
            });
          }};
}

// The two conditions of a representation refinement. Errors [op-not-refined], [branch-not-kept] with the operation's or
// condition's name as place.
template <class A, class C>
base::Status checkRepr(const Machine<A>& abstract, const Machine<C>& concrete, const Repr<A, C>& repr) {
  for (const auto& [op, action] : abstract.semantics) {
    auto other = concrete.semantics.find(op);
    if (other == concrete.semantics.end() ||
        !weakerThan(translate<A, C>(repr, action, abstract.states), other->second, concrete.states))
      return base::Error{"the concrete " + op + " is not a refinement of the abstract one", "op-not-refined", op};
  }
  for (const auto& [b, holds] : abstract.meaning) {
    auto other = concrete.meaning.find(b);
    for (const A& s : abstract.states)
      for (const C& c : concrete.states)
        if (repr(s, c) && (other == concrete.meaning.end() || holds(s) != other->second(c)))
          return base::Error{"related states disagree on " + b, "branch-not-kept", b};
  }
  return base::Ok{};
}

// Figure 11 for the given abstract actions and all pairs of them. The place is the law's name.
template <class A, class C>
base::Status checkTranslation(const Machine<A>& abstract, const Machine<C>& concrete, const Translation<A, C>& t,
                              const std::vector<Action<A>>& samples) {
  const auto& u = abstract.states;
  const auto& v = concrete.states;
  auto broken = [](const char* law) {
    return base::Error{"the translation breaks a law of figure 11", "figure-11", law};
  };
  for (const auto& [op, action] : abstract.semantics)
    if (!weakerThan(t(action), concrete.semantics.at(op), v)) return broken("operation");
  if (!weakerThan(t(id<A>()), id<C>(), v)) return broken("id");
  std::vector<Action<C>> images;
  for (const auto& a : samples) images.push_back(tabulate(t(a), v));
  for (size_t i = 0; i < samples.size(); ++i)
    for (size_t j = 0; j < samples.size(); ++j) {
      const auto &a = samples[i], &b = samples[j];
      if (weakerThan(a, b, u) && !weakerThan(images[i], images[j], v)) return broken("monotone");
      if (!weakerThan(t(tabulate(sequence(a, b, u), u)), sequence(images[i], images[j], v), v))
        return broken("sequence");
      for (const auto& [name, holds] : abstract.meaning)
        if (!weakerThan(t(tabulate(choice(holds, a, b), u)), choice(concrete.meaning.at(name), images[i], images[j]),
                        v))
          return broken("choice");
    }
  return base::Ok{};
}

// Code-preserving refinement: the code stays, the specifications are translated (T_C, T_Psi of lemma 1).
template <class A, class C>
Module<C> refine(const Module<A>& module, const Translation<A, C>& t) {
  Module<C> refined{module.name, {}, module.code, {}};
  for (const auto& [label, spec] : module.library) refined.library.emplace(label, t(spec));
  for (const auto& [label, spec] : module.specs) refined.specs.emplace(label, t(spec));
  return refined;
}

}  // namespace actions
