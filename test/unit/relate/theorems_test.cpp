// Soundness statements of seed 004, theorems 1 to 4 and lemmas 1, 2, on random finite machines: for each machine all
// procedures of a size, all states and all depths up to a bound. What satisfied the premises is counted, so that no
// test passes on nothing.
#include <gtest/gtest.h>

#include <cstdio>

#include "test/unit/relate/finite.h"

namespace {

using namespace small;
using actions::weakerThan;

constexpr unsigned kDepth = 5;

// [[C, C(f)]]^n against Psi(f), everything about one module without stubs.
size_t brokenAt(const Machine& m, const Module& module, unsigned depth) {
  size_t broken = 0;
  for (const auto& [label, spec] : module.specs)
    for (unsigned n = 0; n <= depth; ++n)
      broken += !weakerThan(spec, actions::meaning(m, module.code, *module.code.at(label), n), m.states);
  return broken;
}

TEST(Theorems, ProceduresAndModules) {  // theorems 1 and 2
  constexpr unsigned kSeed = 1;
  Random random(kSeed);
  size_t modules = 0, procedures = 0;
  for (int i = 0; i < 60; ++i) {
    auto m = random.machine(2 + i % 2);
    auto module = certified(random, m, {"f", "g"}, {});
    if (!module) continue;
    ++modules;
    EXPECT_EQ(brokenAt(m, *module, kDepth), 0u);
    for (const auto& procedure : allProcedures({"f", "g"}, 1)) {
      auto a = *actions::derived(m, module->specs, *procedure);
      auto weaker = random.weaker(unsigned(m.states.size()), a);
      ASSERT_TRUE(actions::wellFormed(m, module->specs, *procedure, weaker));
      ++procedures;
      for (unsigned n = 0; n <= 3; ++n)
        EXPECT_TRUE(weakerThan(weaker, actions::meaning(m, module->code, *procedure, n), m.states))
            << print(*procedure) << " at depth " << n;
    }
  }
  std::printf("theorems 1, 2: seed %u, %zu certified modules, %zu procedures, depths 0..%u\n", kSeed, modules,
              procedures, kDepth);
  EXPECT_GT(modules, 20u);
}

// The theorem's premise is needed: a module that is not certified breaks its specification at some depth.
TEST(Theorems, UncertifiedModulesBreakTheirSpecifications) {
  Random random(2);
  size_t broken = 0;
  for (int i = 0; i < 40; ++i) {
    auto m = random.machine(2);
    Module module{"m", {}, {{"f", random.procedure({"f"}, 2)}}, {{"f", random.action(2)}}};
    if (!actions::certify(m, module)) broken += brokenAt(m, module, kDepth) != 0;
  }
  EXPECT_GT(broken, 10u);
}

TEST(Theorems, Linking) {  // theorem 3
  constexpr unsigned kSeed = 3;
  Random random(kSeed);
  size_t linked = 0, refused = 0;
  for (int i = 0; i < 400 && linked < 60; ++i) {
    auto m = random.machine(2);
    // g is first specified, then used as a stub, then written.
    Specs stubG{{"g", random.action(2)}}, stubF{{"f", random.action(2)}};
    auto left = certified(random, m, {"f"}, stubG);
    if (!left) continue;
    stubF["f"] = left->specs.at("f");
    auto right = certified(random, m, {"g"}, stubF);
    if (!right) continue;
    left->name = "left", right->name = "right";
    // Where the stub differs from the specification, link refuses and strengthening may help.
    auto result = actions::link(m, *left, *right);
    if (!result) {
      EXPECT_EQ(result.error().id, "stub-disagrees");
      ++refused;
      auto stronger = actions::strengthen(m, *left, {{"g", right->specs.at("g")}});
      if (!stronger) {
        EXPECT_EQ(stronger.error().id, "weak-stub");
        continue;
      }
      result = actions::link(m, *stronger, *right);
      ASSERT_TRUE(result) << result.error().text;
    }
    ++linked;
    EXPECT_TRUE(result->library.empty());
    EXPECT_TRUE(actions::certify(m, *result));
    EXPECT_EQ(brokenAt(m, *result, kDepth), 0u);
  }
  std::printf("theorem 3: seed %u, %zu linked, %zu refused at first\n", kSeed, linked, refused);
  EXPECT_GE(linked, 20u);
  EXPECT_GT(refused, 0u);
}

TEST(Theorems, LinkingRefuses) {
  Random random(4);
  auto m = random.machine(2);
  Module one{"one", {}, {{"f", actions::nil()}}, {{"f", actions::id<State>()}}};
  auto clash = actions::link(m, one, one);
  ASSERT_FALSE(clash);
  EXPECT_EQ(clash.error().id, "name-clash");
  EXPECT_EQ(clash.error().place, "f");
  Module open{"open", {}, {{"g", actions::call("h")}}, {{"g", actions::id<State>()}}};
  auto left = actions::certify(m, open);
  ASSERT_FALSE(left);
  EXPECT_EQ(left.error().id, "stub-left");
  Module trusting{
      "trusting", {{"f", actions::id<State>()}}, {{"g", actions::call("f")}}, {{"g", actions::id<State>()}}};
  auto weak = actions::strengthen(m, trusting, {{"f", actions::fail<State>()}});
  ASSERT_FALSE(weak);
  EXPECT_EQ(weak.error().id, "weak-stub");
}

TEST(Theorems, StubStrengthening) {  // theorem 4
  constexpr unsigned kSeed = 5;
  Random random(kSeed);
  size_t modules = 0;
  for (int i = 0; i < 200; ++i) {
    auto m = random.machine(2 + i % 2);
    const unsigned n = unsigned(m.states.size());
    Specs stubs{{"s", random.action(n)}, {"t", random.action(n)}};
    auto module = certified(random, m, {"f", "g"}, stubs);
    if (!module) continue;
    Specs stronger{{"s", random.stronger(n, stubs.at("s"))}, {"t", random.stronger(n, stubs.at("t"))}};
    auto result = actions::strengthen(m, *module, stronger);
    ASSERT_TRUE(result) << result.error().text;
    EXPECT_TRUE(actions::certify(m, *result));
    ++modules;
  }
  std::printf("theorem 4: seed %u, %zu modules\n", kSeed, modules);
  EXPECT_GT(modules, 60u);
}

TEST(Theorems, RefinementOfModules) {  // lemmas 1 and 2
  constexpr unsigned kSeed = 6;
  Random random(kSeed);
  size_t modules = 0, wrongFound = 0;
  for (int i = 0; i < 120; ++i) {
    const unsigned n = 2 + i % 2, k = 2 + i / 2 % 2;
    auto abstract = random.machine(n);
    abstract.meaning["b"] = [](const State& s) { return s == 0; };
    // State 0 is represented by concrete state 0 only, the others anyhow by the rest: branches agree.
    uint64_t bits = random.bits() | random.bits();
    actions::Repr<State, State> repr = [bits, k](const State& a, const State& c) {
      return (a == 0) == (c == 0) && (bits >> (a * k + c) & 1);
    };
    actions::Translation<State, State> t = [&](const Action& a) {
      return actions::translate<State, State>(repr, a, abstract.states);
    };
    Machine concrete{states(k), {}, {{"b", [](const State& s) { return s == 0; }}}};
    for (const auto& [op, action] : abstract.semantics) concrete.semantics[op] = random.stronger(k, t(action));
    ASSERT_TRUE(actions::checkRepr(abstract, concrete, repr));
    auto module = certified(random, abstract, {"f", "g"}, {{"s", random.action(n)}});
    if (!module) continue;
    ++modules;
    auto refined = actions::refine<State, State>(*module, t);
    EXPECT_TRUE(actions::certify(concrete, refined));
    // An operation that does not refine its abstract one is named, and some refined module falls with it.
    concrete.semantics["i"] = fromBits(k, 0, ~uint64_t(0));
    if (!actions::checkRepr(abstract, concrete, repr)) wrongFound += !actions::certify(concrete, refined);
  }
  std::printf("lemmas 1, 2: seed %u, %zu modules; %zu fell with a wrong operation\n", kSeed, modules, wrongFound);
  EXPECT_GT(modules, 60u);
  EXPECT_GT(wrongFound, 5u);
}

}  // namespace
