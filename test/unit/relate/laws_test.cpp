// The laws of actions and refinement (seed 004, figures 8 and 11), over all actions of two states; and that definitions
// which are slightly wrong are found out.
#include <gtest/gtest.h>

#include <cstdio>

#include "test/unit/relate/finite.h"

namespace {

using namespace small;
using actions::weakerThan;

const Universe kTwo = states(2);

TEST(Laws, WeakerThanIsAnOrder) {
  auto all = allActions(2);
  ASSERT_EQ(all.size(), 64u);
  size_t pairs = 0;
  for (const auto& a : all) {
    EXPECT_TRUE(weakerThan(a, a, kTwo));
    EXPECT_TRUE(weakerThan(a, actions::loop<State>(), kTwo));
    for (const auto& b : all) {
      if (!weakerThan(a, b, kTwo)) continue;
      ++pairs;
      EXPECT_EQ(weakerThan(b, a, kTwo), toBits(2, a) == toBits(2, b));
      for (const auto& c : all) EXPECT_TRUE(!weakerThan(b, c, kTwo) || weakerThan(a, c, kTwo));
    }
  }
  EXPECT_EQ(pairs, 729u);  // 3 choices for each of 2 + 4 bits
}

// Both combinators are monotone in both arguments.
template <class Combine>
size_t monotoneFailures(Combine&& combine) {
  auto all = allActions(2);
  size_t failures = 0;
  for (const auto& a : all)
    for (const auto& b : all) {
      if (!weakerThan(a, b, kTwo)) continue;
      for (const auto& c : all)
        failures += !weakerThan(combine(a, c), combine(b, c), kTwo) + !weakerThan(combine(c, a), combine(c, b), kTwo);
    }
  return failures;
}
Action sequenceOf(const Action& a, const Action& b) { return actions::sequence(a, b, kTwo); }

TEST(Laws, CombinatorsAreMonotone) {
  EXPECT_EQ(monotoneFailures(sequenceOf), 0u);
  for (uint32_t c = 0; c < 4; ++c) {
    actions::Predicate<State> holds = [c](const State& s) { return bool(c >> s & 1); };
    EXPECT_EQ(monotoneFailures([&](const Action& a, const Action& b) { return actions::choice(holds, a, b); }), 0u);
  }
}

// A conditional that takes the safety of either side for the safety of both is not monotone.
TEST(Laws, WrongChoiceIsFound) {
  actions::Predicate<State> holds = [](const State& s) { return s == 0; };
  EXPECT_NE(monotoneFailures([&](const Action& a, const Action& b) {
              auto wrong = actions::choice(holds, a, b);
              wrong.p = [=](const State& s) { return a.p(s) == b.p(s); };
              return wrong;
            }),
            0u);
}

TEST(Laws, SequenceIsAMonoid) {
  auto all = allActions(2);
  auto unit = actions::id<State>();
  for (const auto& a : all) {
    EXPECT_TRUE(actions::equal(sequenceOf(unit, a), a, kTwo));
    EXPECT_TRUE(actions::equal(sequenceOf(a, unit), a, kTwo));
  }
  Random random(7);
  for (int i = 0; i < 4000; ++i) {
    const auto &a = all[random.below(64)], &b = all[random.below(64)], &c = all[random.below(64)];
    EXPECT_TRUE(actions::equal(sequenceOf(a, sequenceOf(b, c)), sequenceOf(sequenceOf(a, b), c), kTwo));
  }
}

TEST(Laws, FrameStrengthens) {
  for (const auto& a : allActions(2)) {
    auto kept = actions::framed(a, [](const State& s) { return s == 0; });
    EXPECT_TRUE(weakerThan(a, kept, kTwo));
    EXPECT_FALSE(kept.g(0, 1));
    EXPECT_FALSE(kept.g(1, 0));
  }
}

TEST(Laws, WhyNotWeakerNamesTheStates) {
  auto why = actions::whyNotWeaker(actions::id<State>(), actions::fail<State>(), kTwo);
  ASSERT_TRUE(why);
  EXPECT_FALSE(why->to);
  why = actions::whyNotWeaker(actions::loop<State>(), actions::id<State>(), kTwo);
  ASSERT_TRUE(why);
  EXPECT_EQ(why->from, 0u);
  EXPECT_EQ(why->to, std::optional<State>(0u));
}

// A pair of machines related by a random repr, the concrete operations random strengthenings of the translated ones.
struct Related {
  Machine abstract, concrete;
  actions::Repr<State, State> repr;
};
Related related(Random& random, unsigned n, unsigned k) {
  uint64_t bits = random.bits() & random.bits();
  auto repr = [bits, k](const State& a, const State& c) { return bool(bits >> (a * k + c) & 1); };
  Machine abstract = random.machine(n);
  // The condition is decided by the concrete state: states that share one must agree.
  std::vector<bool> holds(n);
  std::vector<unsigned> group(n);
  for (unsigned s = 0; s < n; ++s) group[s] = s;
  for (unsigned round = 0; round < n; ++round)
    for (unsigned s = 0; s < n; ++s)
      for (unsigned t = 0; t < n; ++t)
        for (unsigned c = 0; c < k; ++c)
          if (repr(s, c) && repr(t, c)) group[s] = group[t] = std::min(group[s], group[t]);
  uint64_t coin = random.bits();
  for (unsigned s = 0; s < n; ++s) holds[s] = coin >> group[s] & 1;
  abstract.meaning["b"] = [holds](const State& s) { return bool(holds[s]); };
  Machine concrete{states(k), {}, {}};
  concrete.meaning["b"] = [=](const State& c) {
    for (unsigned s = 0; s < n; ++s)
      if (repr(s, c)) return bool(holds[s]);
    return false;
  };
  for (const auto& [op, action] : abstract.semantics)
    concrete.semantics[op] = random.stronger(k, actions::translate<State, State>(repr, action, abstract.states));
  return {std::move(abstract), std::move(concrete), repr};
}

// Lemma 2's first half: T_{A-C} obeys figure 11, over all pairs of all 64 abstract actions.
TEST(Laws, ReprTranslationObeysFigure11) {
  Random random(11);
  for (int i = 0; i < 5; ++i) {
    auto r = related(random, 2, 2 + i % 2);
    ASSERT_TRUE(actions::checkRepr(r.abstract, r.concrete, r.repr));
    actions::Translation<State, State> t = [&](const Action& a) {
      return actions::translate<State, State>(r.repr, a, r.abstract.states);
    };
    auto status = actions::checkTranslation(r.abstract, r.concrete, t, allActions(2));
    EXPECT_TRUE(status) << (status ? "" : status.error().place);
  }
}

// The g that the paper displays for T_{A-C} (refinement.h) breaks a law of figure 11.
TEST(Laws, DisplayedTranslationIsNotMonotone) {
  Random random(11);
  int found = 0;
  for (int i = 0; i < 5; ++i) {
    auto r = related(random, 2, 2);
    actions::Translation<State, State> displayed = [&](const Action& a) {
      auto t = actions::translate<State, State>(r.repr, a, r.abstract.states);
      t.g = [&r, a](const State& c, const State& d) {
        return r.abstract.states.all([&](const State& s) {
          return !r.repr(s, c) || r.abstract.states.all([&](const State& u) { return !a.g(s, u) || r.repr(u, d); });
        });
      };
      return t;
    };
    auto status = actions::checkTranslation(r.abstract, r.concrete, displayed, allActions(2));
    if (!status && status.error().place == "monotone") ++found;
  }
  EXPECT_GT(found, 0);
}

// The paper's branch condition alone (abstract states that share a concrete one agree) lets the machines part.
TEST(Laws, AbstractBranchConditionIsNotEnough) {
  Random random(3);
  auto r = related(random, 2, 2);
  r.repr = [](const State& a, const State& c) { return a == c; };
  r.abstract.meaning["b"] = [](const State& s) { return s == 0; };
  r.concrete.meaning["b"] = [](const State& s) { return s != 0; };
  r.concrete.semantics = r.abstract.semantics;
  auto status = actions::checkRepr(r.abstract, r.concrete, r.repr);
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().id, "branch-not-kept");
  actions::Translation<State, State> t = [&](const Action& a) {
    return actions::translate<State, State>(r.repr, a, r.abstract.states);
  };
  status = actions::checkTranslation(r.abstract, r.concrete, t, allActions(2));
  ASSERT_FALSE(status);
  EXPECT_EQ(status.error().place, "choice");
}

}  // namespace
