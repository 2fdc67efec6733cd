// The primitives of each model and their specifications, actions (p, g) over call states (seed 004, figures 14, 16, 18,
// 19: a stack with Call([..]) before and Ret(w) after).
#pragma once

#include <span>

#include "vm/relate/actions/action.h"
#include "vm/relate/models/model.h"

namespace models {

// S: the memory, and the call's arguments before, its result after.
template <class M>
struct CallState {
  M memory;
  std::vector<uint32_t> arguments = {};
  std::optional<uint32_t> result = {};
};

// The model below, whose state decides what g leaves open.
template <class M>
struct BelowOf {
  using type = M;
};
template <>
struct BelowOf<ALE> {
  using type = PE;
};
template <>
struct BelowOf<PMAP> {
  using type = ALE;
};
template <>
struct BelowOf<AS> {
  using type = PMAP;
};
template <class M>
using Below = typename BelowOf<M>::type;

template <class M>
struct Primitive {
  std::string_view name;
  unsigned arguments;
  std::string_view p, g;  // in words, for reports
  actions::Action<CallState<M>> action;
  // Makes the state after a call out of the one before, given `result`: g leaves open which page is handed out (that is
  // the result) and what a fresh page contains (that is taken from below). It satisfies g, or no state related to
  // `below` does. Empty where the model itself runs the code.
  std::function<void(CallState<M>& state, const Below<M>& below)> perform = {};
};

// L_M; besides, the specifications Psi of code that is written over M itself: the initialisation over HW, PD and ALD,
// ptspace over PMAP. These have no `perform`.
template <class M>
std::span<const Primitive<M>> library();

template <class M>
const Primitive<M>* findPrimitive(std::string_view name) {
  for (const auto& primitive : library<M>())
    if (primitive.name == name) return &primitive;
  return nullptr;
}

}  // namespace models
