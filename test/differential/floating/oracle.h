// What IEEE 754 says, from sources that know nothing of ours: the host's floating-point unit for everything that it
// has, MPFR for results with wrapped exponents, which it has not.
#pragma once

#include <optional>

#include "vm/machine/floating.h"

namespace oracle {

using machine::floating::Double;
using machine::floating::Result;
using machine::floating::Rounding;
using machine::floating::Single;

enum class Arithmetic { Add, Subtract, Multiply, Divide };

// By the host. NaNs are what the host makes: compare that both are NaNs. All interrupts are masked.
template <class F>
Result<typename F::Word> arithmetic(Arithmetic operation, typename F::Word a, typename F::Word b, Rounding rounding);
Result<uint32_t> toSingle(uint64_t a, Rounding rounding);
Result<uint64_t> toDouble(uint32_t a, Rounding rounding);
template <class F>
Result<typename F::Word> fromInteger(int32_t a, Rounding rounding);
template <class F>
Result<int32_t> toInteger(typename F::Word a, Rounding rounding);
template <class F>
Result<bool> compare(typename F::Word a, typename F::Word b, unsigned condition);

// By MPFR: the result and flags of an operation on finite numbers whose result, rounded with unbounded exponents, is
// not among the normal numbers, when overflow and underflow are not masked; nothing for other results.
template <class F>
std::optional<Result<typename F::Word>> wrapped(Arithmetic operation, typename F::Word a, typename F::Word b,
                                                Rounding rounding);

}  // namespace oracle
