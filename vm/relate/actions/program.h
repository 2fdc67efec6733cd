// Machines, procedures and what they mean: seed 004, figures 7, 9 and 10.
#pragma once

#include <memory>
#include <string>

#include "vm/relate/actions/action.h"

namespace actions {

using Label = std::string;      // l: a procedure
using Operation = std::string;  // iota
using Condition = std::string;  // b

// M = (Sigma, A, beta, Upsilon, OS); the keys of the maps are A and beta.
template <class S>
struct Machine {
  Universe<S> states;                         // Sigma
  std::map<Operation, Action<S>> semantics;   // OS: M(iota)
  std::map<Condition, Predicate<S>> meaning;  // Upsilon: M(b)
};

// I ::= nil | iota | [l] | I1; I2 | (b? I1 + I2)
struct Procedure {
  enum Kind { Nil, Perform, Call, Sequence, Branch } kind = Nil;
  std::string name = {};  // of the operation, the label or the condition
  std::shared_ptr<const Procedure> first = {}, second = {};
};
using ProcedurePtr = std::shared_ptr<const Procedure>;
inline ProcedurePtr nil() { return std::make_shared<Procedure>(); }
inline ProcedurePtr perform(Operation op) { return std::make_shared<Procedure>(Procedure{Procedure::Perform, op}); }
inline ProcedurePtr call(Label label) { return std::make_shared<Procedure>(Procedure{Procedure::Call, label}); }
inline ProcedurePtr sequence(ProcedurePtr a, ProcedurePtr b) {
  return std::make_shared<Procedure>(Procedure{Procedure::Sequence, {}, a, b});
}
inline ProcedurePtr branch(Condition c, ProcedurePtr a, ProcedurePtr b) {
  return std::make_shared<Procedure>(Procedure{Procedure::Branch, c, a, b});
}
// "(b? op + [f]); nil"
inline std::string print(const Procedure& i) {
  switch (i.kind) {
    case Procedure::Nil: return "nil";
    case Procedure::Perform: return i.name;
    case Procedure::Call: return "[" + i.name + "]";
    case Procedure::Sequence: return "{" + print(*i.first) + "; " + print(*i.second) + "}";
    case Procedure::Branch: return "(" + i.name + "? " + print(*i.first) + " + " + print(*i.second) + ")";
  }
  return {};
}

using ProcHeap = std::map<Label, ProcedurePtr>;  // C
template <class S>
using SpecHeap = std::map<Label, Action<S>>;  // Psi, L

// [[C, I]]^n: the meaning at inclusion depth n (figure 9). A label that is not in C has no meaning: fail.
template <class S>
Action<S> meaning(const Machine<S>& m, const ProcHeap& c, const Procedure& i, unsigned n) {
  auto table = [&](const Action<S>& a) { return tabulate(a, m.states); };
  if (n == 0) return loop<S>();
  switch (i.kind) {
    case Procedure::Nil: return id<S>();
    case Procedure::Perform: return m.semantics.at(i.name);
    case Procedure::Call: {
      auto body = c.find(i.name);
      return body == c.end() ? fail<S>() : meaning(m, c, *body->second, n - 1);
    }
    case Procedure::Sequence: return table(sequence(meaning(m, c, *i.first, n), meaning(m, c, *i.second, n), m.states));
    case Procedure::Branch:
      return table(choice(m.meaning.at(i.name), meaning(m, c, *i.first, n), meaning(m, c, *i.second, n)));
  }
  return fail<S>();
}

// The action that the rules of figure 10 other than WEAK derive for I under Psi. The combinators are monotone (tested),
// so WEAK need be used at the root only: M, Psi |- I : a iff a >= derived(M, Psi, I). nullopt: a call without a spec.
template <class S>
std::optional<Action<S>> derived(const Machine<S>& m, const SpecHeap<S>& psi, const Procedure& i) {
  switch (i.kind) {
    case Procedure::Nil: return id<S>();
    case Procedure::Perform: return m.semantics.at(i.name);
    case Procedure::Call: {
      auto spec = psi.find(i.name);
      if (spec == psi.end()) return std::nullopt;
      return spec->second;
    }
    default: break;
  }
  auto a = derived(m, psi, *i.first), b = derived(m, psi, *i.second);
  if (!a || !b) return std::nullopt;
  return tabulate(i.kind == Procedure::Sequence ? sequence(*a, *b, m.states) : choice(m.meaning.at(i.name), *a, *b),
                  m.states);
}

// M, Psi |- I : a
template <class S>
bool wellFormed(const Machine<S>& m, const SpecHeap<S>& psi, const Procedure& i, const Action<S>& a) {
  auto own = derived(m, psi, i);
  return own && weakerThan(a, *own, m.states);
}

}  // namespace actions
