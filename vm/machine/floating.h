// IEEE 754 arithmetic of the VAMP (Mueller, Paul 2000, chapter 7; IEEE 754-1985): numbers of two formats, exact
// results, one rounding function. Operates on bit patterns and nothing else. docs/machine.md lists what is decided
// here.
#pragma once

#include <cstdint>

namespace machine::floating {

// RM[1:0].
enum class Rounding : uint8_t { Zero, Nearest, Up, Down };

// What an operation signals: bit k is interrupt 7 + k and IEEEF[k].
enum Flag : uint8_t { kOverflow = 1, kUnderflow = 2, kInexact = 4, kDivisionByZero = 8, kInvalid = 16 };

// How an operation is to be done: rounding, and the flags whose interrupt is not masked (SR[11:7]). With overflow or
// underflow among them, such a result is delivered with its exponent wrapped by 3 * 2^(n-2), n the exponent's bits
// (IEEE 754-1985, 7.3, 7.4).
struct Control {
  Rounding rounding = Rounding::Nearest;
  uint8_t enabled = 0;
};

template <class T>
struct Result {
  T value{};  // a bit pattern, an integer or a truth value
  uint8_t flags = 0;
};

// A format with `kPrecision` digits (the hidden one included) in words of type Bits. Words are bit patterns.
template <class Bits, int precision, int exponentBits>
struct Format {
  using Word = Bits;
  static constexpr int kPrecision = precision, kExponentBits = exponentBits;
  static constexpr int kBias = (1 << (exponentBits - 1)) - 1;
  static constexpr int kLeast = 1 - kBias, kGreatest = kBias;  // emin, emax
  static constexpr int kWrap = 3 << (exponentBits - 2);
  static constexpr Bits kHidden = Bits(1) << (precision - 1);
  static constexpr Bits kFraction = kHidden - 1;
  static constexpr Bits kSign = Bits(1) << (precision - 1 + exponentBits);
  static constexpr Bits kInfinity = kSign - kHidden;
  static constexpr Bits kQuiet = kHidden >> 1;
  static constexpr Bits kNaN = kInfinity | kQuiet;  // the one NaN that operations make
};
using Single = Format<uint32_t, 24, 8>;
using Double = Format<uint64_t, 53, 11>;

template <class F>
Result<typename F::Word> add(typename F::Word a, typename F::Word b, Control control);
template <class F>
Result<typename F::Word> subtract(typename F::Word a, typename F::Word b, Control control);
template <class F>
Result<typename F::Word> multiply(typename F::Word a, typename F::Word b, Control control);
template <class F>
Result<typename F::Word> divide(typename F::Word a, typename F::Word b, Control control);

// Between the formats; to and from integers. An integer that does not exist is -2^31, invalid.
Result<uint32_t> toSingle(uint64_t a, Control control);
Result<uint64_t> toDouble(uint32_t a, Control control);
template <class F>
Result<typename F::Word> fromInteger(int32_t a, Control control);
template <class F>
Result<int32_t> toInteger(typename F::Word a, Control control);

// fc.cond: less, equal and unordered are chosen by bits 2, 1 and 0 of the condition; with bit 3, unordered is invalid.
template <class F>
Result<bool> compare(typename F::Word a, typename F::Word b, unsigned condition);

}  // namespace machine::floating
