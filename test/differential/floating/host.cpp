// The host's floating-point unit. Compiled with -frounding-math and without optimisation, so that the compiler computes
// nothing itself.
#include <bit>
#include <cfenv>
#include <cmath>

#include "test/differential/floating/oracle.h"

namespace oracle {
namespace {

namespace floating = machine::floating;

template <class F>
using Host = std::conditional_t<sizeof(typename F::Word) == 8, double, float>;

uint8_t flags() {
  const int raised = std::fetestexcept(FE_ALL_EXCEPT);
  return uint8_t((raised & FE_OVERFLOW ? floating::kOverflow : 0) | (raised & FE_UNDERFLOW ? floating::kUnderflow : 0) |
                 (raised & FE_INEXACT ? floating::kInexact : 0) |
                 (raised & FE_DIVBYZERO ? floating::kDivisionByZero : 0) |
                 (raised & FE_INVALID ? floating::kInvalid : 0));
}

// Runs `compute` with this rounding, and collects what it signals.
template <class T, class Compute>
Result<T> with(Rounding rounding, Compute&& compute) {
  constexpr int modes[] = {FE_TOWARDZERO, FE_TONEAREST, FE_UPWARD, FE_DOWNWARD};
  std::fesetround(modes[unsigned(rounding)]);
  std::feclearexcept(FE_ALL_EXCEPT);
  const T value = compute();
  const uint8_t raised = flags();
  std::fesetround(FE_TONEAREST);
  return {value, raised};
}

}  // namespace

template <class F>
Result<typename F::Word> arithmetic(Arithmetic operation, typename F::Word wordA, typename F::Word wordB,
                                    Rounding rounding) {
  using Word = typename F::Word;
  volatile Host<F> a = std::bit_cast<Host<F>>(wordA), b = std::bit_cast<Host<F>>(wordB);
  return with<Word>(rounding, [&] {
    volatile Host<F> result = 0;
    switch (operation) {
      case Arithmetic::Add: result = a + b; break;
      case Arithmetic::Subtract: result = a - b; break;
      case Arithmetic::Multiply: result = a * b; break;
      case Arithmetic::Divide: result = a / b; break;
    }
    return std::bit_cast<Word>(Host<F>(result));
  });
}

Result<uint32_t> toSingle(uint64_t word, Rounding rounding) {
  volatile double a = std::bit_cast<double>(word);
  return with<uint32_t>(rounding, [&] {
    volatile float result = float(a);
    return std::bit_cast<uint32_t>(float(result));
  });
}

Result<uint64_t> toDouble(uint32_t word, Rounding rounding) {
  volatile float a = std::bit_cast<float>(word);
  return with<uint64_t>(rounding, [&] {
    volatile double result = a;
    return std::bit_cast<uint64_t>(double(result));
  });
}

template <class F>
Result<typename F::Word> fromInteger(int32_t a, Rounding rounding) {
  volatile int32_t number = a;
  return with<typename F::Word>(rounding, [&] {
    volatile Host<F> result = Host<F>(number);
    return std::bit_cast<typename F::Word>(Host<F>(result));
  });
}

template <class F>
Result<int32_t> toInteger(typename F::Word word, Rounding rounding) {
  volatile Host<F> a = std::bit_cast<Host<F>>(word);
  Host<F> rounded = 0;
  Result<int32_t> result = with<int32_t>(rounding, [&] {
    rounded = std::rint(a);
    return 0;
  });
  const bool fits = rounded >= Host<F>(-2147483648.0) && double(rounded) <= 2147483647.0;  // false for a NaN
  return fits ? Result<int32_t>{int32_t(rounded), result.flags} : Result<int32_t>{INT32_MIN, floating::kInvalid};
}

template <class F>
Result<bool> compare(typename F::Word wordA, typename F::Word wordB, unsigned condition) {
  volatile Host<F> a = std::bit_cast<Host<F>>(wordA), b = std::bit_cast<Host<F>>(wordB);
  return with<bool>(Rounding::Nearest, [&] {
    const Host<F> x = a, y = b;
    bool holds = false;
    volatile bool signals =
        condition & 8 ? x < y : false;  // < signals for every NaN; what follows for signaling ones only
    (void)signals;
    if (condition & 4) holds |= std::isless(x, y);
    if (condition & 2) holds |= x == y;
    const bool unordered = std::isunordered(x, y);
    if (condition & 1) holds |= unordered;
    return holds;
  });
}

#define FORMAT(F)                                                                 \
  template Result<F::Word> arithmetic<F>(Arithmetic, F::Word, F::Word, Rounding); \
  template Result<F::Word> fromInteger<F>(int32_t, Rounding);                     \
  template Result<int32_t> toInteger<F>(F::Word, Rounding);                       \
  template Result<bool> compare<F>(F::Word, F::Word, unsigned);
FORMAT(Single)
FORMAT(Double)
#undef FORMAT

}  // namespace oracle
