// Actions and their combinators: seed 004, figures 7 and 8. An action (p, g) says when an operation is safe (p) and
// which states it may lead to (g). Everything is over a state type S; what quantifies over states ("for all S'") needs
// a Universe<S> to quantify over. Standard library only.
//
//   the seed                       here
//   id, fail, loop                 id<S>(), fail<S>(), loop<S>()
//   (p, g) o (p', g')              sequence(a, b, universe)
//   (p, g) (+)_c (p', g')          choice(c, a, b)
//   (p, g) >= (p', g')             weakerThan(a, b, universe)
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace actions {

template <class S>
using Predicate = std::function<bool(const S&)>;
template <class S>
using Relation = std::function<bool(const S&, const S&)>;

template <class S>
struct Action {
  Predicate<S> p;
  Relation<S> g;
};

// All states of a finite machine. S needs operator<.
template <class S>
class Universe {
 public:
  explicit Universe(std::vector<S> states) : states_(std::move(states)) {
    for (size_t i = 0; i < states_.size(); ++i) index_.emplace(states_[i], i);
  }
  auto begin() const { return states_.begin(); }
  auto end() const { return states_.end(); }
  size_t size() const { return states_.size(); }
  const S& operator[](size_t i) const { return states_[i]; }
  size_t indexOf(const S& state) const { return index_.at(state); }

  template <class F>
  bool all(F&& holds) const {
    for (const S& state : states_)
      if (!holds(state)) return false;
    return true;
  }
  template <class F>
  bool some(F&& holds) const {
    for (const S& state : states_)
      if (holds(state)) return true;
    return false;
  }

 private:
  std::vector<S> states_;
  std::map<S, size_t> index_;
};

// Does nothing.
template <class S>
Action<S> id() {
  return {[](const S&) { return true; }, [](const S& s, const S& t) { return !(s < t) && !(t < s); }};
}
// Is never safe.
template <class S>
Action<S> fail() {
  return {[](const S&) { return false; }, [](const S&, const S&) { return false; }};
}
// Never ends: the meaning of a program at depth 0.
template <class S>
Action<S> loop() {
  return {[](const S&) { return true; }, [](const S&, const S&) { return false; }};
}

// First a, then b: b must be safe wherever a may end.
template <class S>
Action<S> sequence(Action<S> a, Action<S> b, const Universe<S>& universe) {
  return {[a, b, &universe](const S& s) {
            return a.p(s) && universe.all([&](const S& t) { return !a.g(s, t) || b.p(t); });
          },
          [a, b, &universe](const S& s, const S& u) {
            return universe.some([&](const S& t) { return a.g(s, t) && b.g(t, u); });
          }};
}

// a where c holds, b elsewhere.
template <class S>
Action<S> choice(Predicate<S> c, Action<S> a, Action<S> b) {
  return {[c, a, b](const S& s) { return c(s) ? a.p(s) : b.p(s); },
          [c, a, b](const S& s, const S& t) { return c(s) ? a.g(s, t) : b.g(s, t); }};
}

// a, which besides keeps what `part` extracts from a state.
template <class S, class F>
Action<S> framed(Action<S> a, F part) {
  return {a.p, [a, part](const S& s, const S& t) { return a.g(s, t) && part(s) == part(t); }};
}

// Why `a` is not weaker than `b`: b is unsafe where a is safe (no `to`), or b may end where a may not.
template <class S>
struct NotWeaker {
  S from;
  std::optional<S> to;
};

// a >= b: b may stand wherever a is promised. nullopt if it holds.
template <class S>
std::optional<NotWeaker<S>> whyNotWeaker(const Action<S>& a, const Action<S>& b, const Universe<S>& universe) {
  for (const S& s : universe) {
    if (a.p(s) && !b.p(s)) return NotWeaker<S>{s, std::nullopt};
    for (const S& t : universe)
      if (b.g(s, t) && !a.g(s, t)) return NotWeaker<S>{s, t};
  }
  return std::nullopt;
}
template <class S>
bool weakerThan(const Action<S>& a, const Action<S>& b, const Universe<S>& universe) {
  return !whyNotWeaker(a, b, universe);
}
template <class S>
bool equal(const Action<S>& a, const Action<S>& b, const Universe<S>& universe) {
  return weakerThan(a, b, universe) && weakerThan(b, a, universe);
}

// The same action as tables, so that nested combinators do not cost their nesting. `universe` must outlive it.
template <class S>
Action<S> tabulate(const Action<S>& a, const Universe<S>& universe) {
  const size_t n = universe.size();
  std::vector<bool> p(n), g(n * n);
  for (size_t i = 0; i < n; ++i) {
    p[i] = a.p(universe[i]);
    for (size_t j = 0; j < n; ++j) g[i * n + j] = a.g(universe[i], universe[j]);
  }
  return {[p, &universe](const S& s) { return bool(p[universe.indexOf(s)]); },
          [g, n, &universe](const S& s, const S& t) { return bool(g[universe.indexOf(s) * n + universe.indexOf(t)]); }};
}

}  // namespace actions
