#include "vm/relate/refine/chain.h"

namespace refine {

using models::ALD;
using models::ALE;
using models::AS;
using models::Found;
using models::HW;
using models::PD;
using models::PE;
using models::PMAP;
using models::RelationName;

namespace {

// Position on the chains; PD and PE, ALD and ALE are level.
constexpr unsigned kLevel[] = {
    0,  // HW
    1,  // PD
    1,  // PE
    2,  // ALD
    2,  // ALE
    3,  // PMAP
    4,  // AS
};
constexpr unsigned level(Name model) { return kLevel[unsigned(model)]; }

uint32_t merged(uint32_t word, uint32_t va, unsigned size, uint32_t value) {
  if (size == 4) return value;
  unsigned shift = va % 4 * 8;
  uint32_t mask = ((1u << (8 * size)) - 1) << shift;
  return (word & ~mask) | (value << shift & mask);
}
uint32_t extracted(uint32_t word, uint32_t va, unsigned size) {
  return size == 4 ? word : word >> (va % 4 * 8) & ((1u << (8 * size)) - 1);
}
bool crosses(uint32_t va, unsigned size) { return va % size != 0; }

Fails undefined(const models::NoSemantics& why) {
  return Failure{Failure::Undefined, why.model, std::string(models::ruleName(why.rule)), why.print()};
}
std::string callText(std::string_view function, const std::vector<uint32_t>& arguments) {
  std::string text(function);
  text += "(";
  for (size_t i = 0; i < arguments.size(); ++i) text += (i ? ", " : "") + std::to_string(int32_t(arguments[i]));
  return text + ")";
}

}  // namespace

bool above(Name a, Name b) { return level(a) > level(b); }

std::string_view kindName(Failure::Kind kind) {
  constexpr std::string_view kNames[] = {"undefined",     "different", "wrong-value", "precondition",
                                         "specification", "no-state",  "interrupted", "memory"};
  return kNames[kind];
}

Fails differs(const Found& found) {
  if (!found) return std::nullopt;
  return Failure{Failure::Different, models::upperOf(found->relation),
                 std::string(models::relationName(found->relation)), found->print()};
}

Chain::Chain(models::Layout l) : layout(std::move(l)), hw(layout) {}

bool Chain::live(Name model) const {
  switch (model) {
    case Name::HW: return true;
    case Name::PD: return pd.has_value();
    case Name::PE: return pe.has_value();
    case Name::ALD: return ald.has_value();
    case Name::ALE: return ale.has_value();
    case Name::PMAP: return pmap.has_value();
    case Name::AS: return as.has_value();
  }
  return false;
}
Name Chain::top() const {
  if (as) return Name::AS;
  if (pmap) return Name::PMAP;
  if (ale) return Name::ALE;
  if (ald) return Name::ALD;
  if (pe) return Name::PE;
  if (pd) return Name::PD;
  return Name::HW;
}

void Chain::setPool(uint32_t first, uint32_t end) {
  if (first < 1 || first > end || end > layout.npages) first = end = 1;
  layout.poolFirst = first, layout.poolEnd = end;
}

// f(relation, name, upper, lower) for each pair of live models.
template <class F>
void Chain::eachRelation(F&& f) {
  if (pd) f(pdRelation_, RelationName::PD_HW, *pd, hw);
  if (ald) f(aldRelation_, RelationName::ALD_PD, *ald, *pd);
  if (pe) f(peRelation_, RelationName::PE_HW, *pe, hw);
  if (ale) f(aleRelation_, RelationName::ALE_PE, *ale, *pe);
  if (pmap) f(pmapRelation_, RelationName::PMAP_ALE, *pmap, *ale);
  if (as) f(asRelation_, RelationName::AS_PMAP, *as, *pmap);
}

void Chain::touchWord(uint32_t physical) {
  bool stack = layout.stack(physical);
  eachRelation([&](auto& relation, RelationName, auto& upper, auto&) {
    if (!stack || level(upper.kName) == 1) relation.touched.words.push_back(physical & ~3u);
  });
}
void Chain::touchPage(uint32_t page) {
  eachRelation([&](auto& relation, RelationName, auto& upper, auto&) {
    if (layout.lowPage(page) || level(upper.kName) > level(Name::ALE)) relation.touched.pages.push_back(page);
  });
}

Fails Chain::check() {
  Fails failure;
  eachRelation([&](auto& relation, RelationName name, auto& upper, auto& lower) {
    if (failure || suspended(upper.kName) || suspended(lower.kName)) return;
    if (relation.touched.empty() && level(upper.kName) > 1) return;  // PD-HW, PE-HW: the registers
    counters.checks[unsigned(name)]++;
    failure = differs(relation.check(upper, lower));
  });
  return failure;
}

Fails Chain::checkFull() {
  Fails failure;
  eachRelation([&](auto& relation, RelationName name, auto& upper, auto& lower) {
    if (failure || suspended(upper.kName) || suspended(lower.kName)) return;
    counters.full[unsigned(name)]++;
    relation.touched.clear();
    failure = differs(relation.full(upper, lower));
  });
  if (!failure && as && !suspended(Name::AS) && hw.mode) {
    counters.full[unsigned(RelationName::AS_HW)]++;
    failure = differs(models::composed(*as, hw));
  }
  return failure;
}

Fails Chain::construct(Name model) {
  drop();
  if (model == Name::PD || model == Name::ALD) {
    pd.emplace(hw);
    if (model == Name::ALD) ald.emplace(*pd);
  } else if (model != Name::HW) {
    pe.emplace(hw);
    if (above(model, Name::PE)) ale.emplace(*pe);
    if (above(model, Name::ALE)) pmap.emplace(*ale);
    if (above(model, Name::PMAP)) as.emplace(*pmap);
  }
  auto failure = checkFull();
  if (failure) {
    failure->kind = Failure::NoState;
    failure->text =
        "no " + std::string(models::modelName(model)) + " state is related to the machine's: " + failure->text;
  }
  return failure;
}

void Chain::drop() {
  pd.reset(), ald.reset(), pe.reset(), ale.reset(), pmap.reset(), as.reset();
  suspended_.fill(false);
}

// From the layer's model down, so that the first that objects is the highest.
Fails Chain::load(Name layer, uint32_t va, unsigned size, std::optional<uint32_t> value) {
  counters.loads++;
  bool stack = layout.stack(va);
  counters.stack += stack;
  Fails failure;
  auto one = [&](auto& model) {
    if (failure || above(model.kName, layer) || suspended(model.kName) || (stack && level(model.kName) > 1)) return;
    counters.accesses[unsigned(model.kName)]++;
    auto word = model.load(crosses(va, size) ? va : va & ~3u);
    if (!word) {
      failure = undefined(word.why());
      return;
    }
    uint32_t own = extracted(*word, va, size);
    if (value && own != *value)
      failure = Failure{Failure::WrongValue, model.kName, "load",
                        std::string(models::modelName(model.kName)) + ": load " + models::hex(va) + " gives " +
                            models::hex(own) + ", the machine " + models::hex(*value)};
  };
  if (as) one(*as);
  if (pmap) one(*pmap);
  if (ale) one(*ale);
  if (ald) one(*ald);
  if (pe) one(*pe);
  if (pd) one(*pd);
  one(hw);
  return failure;
}

Fails Chain::store(Name layer, uint32_t va, unsigned size, uint32_t value) {
  counters.stores++;
  bool stack = layout.stack(va);
  counters.stack += stack;
  Fails failure;
  auto target = hw.trans(va, true);
  auto one = [&](auto& model) {
    if (failure || above(model.kName, layer) || suspended(model.kName) || (stack && level(model.kName) > 1)) return;
    counters.accesses[unsigned(model.kName)]++;
    uint32_t word = value, at = crosses(va, size) ? va : va & ~3u;
    if (size != 4) {
      auto old = model.load(at);
      if (!old) {
        failure = undefined(old.why()), failure->text += " (a store of " + std::to_string(size) + " bytes)";
        return;
      }
      word = merged(*old, va, size, value);
    }
    if (auto why = model.store(at, word)) failure = undefined(*why);
  };
  if (as) one(*as);
  if (pmap) one(*pmap);
  if (ale) one(*ale);
  if (ald) one(*ald);
  if (pe) one(*pe);
  if (pd) one(*pd);
  one(hw);
  if (failure) return failure;
  touchWord(std::get<0>(target));
  return check();
}

Fails Chain::systemStore(uint32_t address, unsigned size, uint32_t value) {
  counters.stores++;
  counters.accesses[unsigned(Name::HW)]++;
  auto old = hw.load(address & ~3u);
  if (!old) return undefined(old.why());
  if (auto why = hw.store(address & ~3u, merged(*old, address, size, value))) return undefined(*why);
  if (pe && address < layout.saveEnd) pe->put(address & ~3u, hw.d(address & ~3u));
  touchWord(address);
  return std::nullopt;
}
Fails Chain::leaveSystem() { return check(); }

// ---- Calls

template <class M>
void Chain::touchChanges(const M& before, const M& after) {
  models::Data::differences(before.d, after.d, [&](uint32_t address) {
    if (layout.lowPage(models::pg(address))) touchWord(address);
    return true;
  });
  if constexpr (requires { before.a; })
    models::Pages::differences(before.a, after.a, [&](uint32_t page) { return touchPage(page), true; });
  if constexpr (requires { before.pm; })
    models::Words::differences(before.pm, after.pm, [&](uint32_t i) { return touchPage(layout.npages + i), true; });
}

template <class M>
Fails Chain::enterModel(std::string_view function, Name from, Name to, const std::vector<uint32_t>& arguments,
                        std::optional<M>& model, Pending& pending) {
  if (!model || suspended(M::kName)) return std::nullopt;
  bool own = M::kName == to, between = above(M::kName, to) && !above(M::kName, from);
  if (!own && !between) return std::nullopt;
  const auto* primitive = models::findPrimitive<M>(function);
  if (!primitive) {
    if (own) return std::nullopt;
    return undefined({M::kName, models::Rule::NoPrimitive, std::string(function)});
  }
  auto& before = pending.of<M>();
  before = models::CallState<M>{*model, {arguments.begin(), arguments.begin() + primitive->arguments}, {}};
  counters.primitives[unsigned(M::kName)]++;
  if (!primitive->action.p(*before))
    return Failure{Failure::Precondition, M::kName, "p of " + std::string(function),
                   std::string(models::modelName(M::kName)) + ": " + callText(function, before->arguments) +
                       " is not allowed here: " + std::string(primitive->p)};
  if (between) suspended_[unsigned(M::kName)] = true;
  return std::nullopt;
}

Fails Chain::enter(std::string_view function, Name from, Name to, const std::vector<uint32_t>& arguments,
                   Pending& pending) {
  if (from == Name::HW && to != Name::HW)
    if (auto failure = construct(to)) return failure;
  if (auto f = enterModel(function, from, to, arguments, as, pending)) return f;
  if (auto f = enterModel(function, from, to, arguments, pmap, pending)) return f;
  if (auto f = enterModel(function, from, to, arguments, ale, pending)) return f;
  if (auto f = enterModel(function, from, to, arguments, ald, pending)) return f;
  if (auto f = enterModel(function, from, to, arguments, pd, pending)) return f;
  if (to != Name::HW || from != Name::HW) return std::nullopt;
  std::optional<HW> base(hw);
  return enterModel(function, from, to, arguments, base, pending);
}

template <class M>
Fails Chain::leaveModel(std::string_view function, Name to, uint32_t result, std::optional<M>& model,
                        Pending& pending) {
  auto& before = pending.of<M>();
  if (!before) return std::nullopt;
  const auto& primitive = *models::findPrimitive<M>(function);
  models::CallState<M> after{*model, before->arguments, result};
  if (M::kName != to) {
    suspended_[unsigned(M::kName)] = false;
    if constexpr (!std::is_same_v<models::Below<M>, M>) {
      if constexpr (std::is_same_v<M, ALE>) primitive.perform(after, *pe);
      if constexpr (std::is_same_v<M, PMAP>) primitive.perform(after, *ale);
      if constexpr (std::is_same_v<M, AS>) primitive.perform(after, *pmap);
    }
  }
  if (!primitive.action.g(*before, after))
    return Failure{Failure::Specification, M::kName, "g of " + std::string(function),
                   std::string(models::modelName(M::kName)) + ": " + callText(function, before->arguments) +
                       " may not return " + std::to_string(int32_t(result)) +
                       " here; it promises: " + std::string(primitive.g)};
  if (M::kName != to) {
    touchChanges(before->memory, after.memory);
    *model = std::move(after.memory);
  }
  return std::nullopt;
}

Fails Chain::leave(std::string_view function, Name to, uint32_t result, Pending& pending) {
  // Each model takes what its primitive left open from the model below, so the lowest goes first.
  if (pending.of<HW>()) {
    std::optional<HW> base(hw);
    if (auto f = leaveModel(function, to, result, base, pending)) return f;
  }
  if (auto f = leaveModel(function, to, result, pd, pending)) return f;
  if (auto f = leaveModel(function, to, result, ald, pending)) return f;
  if (auto f = leaveModel(function, to, result, ale, pending)) return f;
  if (auto f = leaveModel(function, to, result, pmap, pending)) return f;
  if (auto f = leaveModel(function, to, result, as, pending)) return f;
  return check();
}

}  // namespace refine
