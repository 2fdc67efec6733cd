#include "vm/machine/floating.h"

#include <bit>
#include <utility>

namespace machine::floating {
namespace {

using Wide = unsigned __int128;

int bits(Wide significand) {
  const auto high = uint64_t(significand >> 64);
  return high ? 128 - std::countl_zero(high) : 64 - std::countl_zero(uint64_t(significand));
}

// A finite number (-1)^sign * significand * 2^exponent; with `more`, the significand lies strictly between this one and
// the next.
struct Exact {
  bool sign;
  int exponent;
  Wide significand;
  bool more = false;
};

// ---- formats --------------------------------------------------------------------------------------------------------

template <class F>
struct Number {
  using Word = typename F::Word;
  Word word;

  bool sign() const { return word & F::kSign; }
  Word magnitude() const { return word & ~F::kSign; }
  bool isNaN() const { return magnitude() > F::kInfinity; }
  bool isSignaling() const { return isNaN() && !(word & F::kQuiet); }
  bool isInfinite() const { return magnitude() == F::kInfinity; }
  bool isZero() const { return magnitude() == 0; }
  // Of a finite number.
  Exact exact() const {
    const int field = int(magnitude() >> (F::kPrecision - 1));
    const Word fraction = word & F::kFraction;
    const int last = F::kLeast - (F::kPrecision - 1);  // the exponent of the last digit of denormal numbers
    return {sign(), field ? last + field - 1 : last, field ? fraction | F::kHidden : fraction};
  }
};

template <class F>
Result<typename F::Word> signedWord(bool sign, typename F::Word magnitude, uint8_t flags = 0) {
  return {sign ? magnitude | F::kSign : magnitude, flags};
}

template <class F>
Result<typename F::Word> invalid() {
  return {F::kNaN, kInvalid};
}

// ---- rounding -------------------------------------------------------------------------------------------------------

// Digits below 2^quantum are cut off, and the rest is rounded.
struct Rounded {
  Wide significand;  // in units of 2^quantum
  bool inexact;
};

Rounded roundAt(const Exact& x, int quantum, Rounding rounding) {
  const int cut = quantum - x.exponent;
  if (cut <= 0) return {x.significand << -cut, x.more};  // digits to spare: `more` does not occur, see divide()
  const bool all = cut > 127;
  const Wide kept = all ? 0 : x.significand >> cut, rest = all ? x.significand : x.significand - (kept << cut);
  const bool inexact = rest != 0 || x.more;
  const Wide half = all ? 0 : Wide(1) << (cut - 1);
  bool up = false;
  switch (rounding) {
    case Rounding::Zero: break;
    case Rounding::Nearest: up = !all && (rest > half || (rest == half && (x.more || kept % 2 != 0))); break;
    case Rounding::Up: up = inexact && !x.sign; break;
    case Rounding::Down: up = inexact && x.sign; break;
  }
  return {kept + up, inexact};
}

// An overflow that no interrupt is to see: infinity, or the greatest number if rounding leads back from there.
template <class F>
Result<typename F::Word> overflow(bool sign, Rounding rounding) {
  const bool back = rounding == Rounding::Zero || rounding == (sign ? Rounding::Up : Rounding::Down);
  return signedWord<F>(sign, back ? F::kInfinity - 1 : F::kInfinity, kOverflow | kInexact);
}

// The significand has at most F::kPrecision digits, in units of 2^quantum; exponents are in range.
template <class F>
typename F::Word pack(Wide significand, int quantum) {
  using Word = typename F::Word;
  if (significand < F::kHidden) return Word(significand);  // denormal: quantum is the least one
  return (Word(quantum + F::kPrecision - 1 + F::kBias) << (F::kPrecision - 1)) + (Word(significand) - F::kHidden);
}

// The number nearest to x in the rounding's sense, of those that the format has (Mueller, Paul 2000, 7.1). Tiny is
// decided after rounding to unbounded exponents; what counts as loss of accuracy is an inexact result. `wraps`: enabled
// interrupts get wrapped exponents.
template <class F>
Result<typename F::Word> round(Exact x, Control control, bool wraps = true) {
  if (x.significand == 0) return signedWord<F>(x.sign, 0);
  const uint8_t enabled = wraps ? control.enabled : 0;
  const int least = F::kLeast - (F::kPrecision - 1);

  // With unbounded exponents first.
  int quantum = x.exponent + bits(x.significand) - F::kPrecision;
  Rounded result = roundAt(x, quantum, control.rounding);
  if (result.significand >> F::kPrecision) result.significand >>= 1, ++quantum;
  const int exponent = quantum + F::kPrecision - 1;
  uint8_t flags = 0;

  if (exponent > F::kGreatest) {
    if (!(enabled & kOverflow)) return overflow<F>(x.sign, control.rounding);
    flags = kOverflow, quantum -= F::kWrap;
  } else if (exponent < F::kLeast) {
    if (enabled & kUnderflow) {
      flags = kUnderflow, quantum += F::kWrap;
    } else {
      quantum = least;
      result = roundAt(x, quantum, control.rounding);
      if (result.inexact || control.enabled & kUnderflow) flags = kUnderflow;
    }
  }
  if (result.inexact) flags |= kInexact;
  return signedWord<F>(x.sign, pack<F>(result.significand, quantum), flags);
}

// ---- operands -------------------------------------------------------------------------------------------------------

// A NaN among the operands of an operation makes its result a NaN.
template <class F>
bool hasNaN(Number<F> a, Number<F> b, Result<typename F::Word>& result) {
  if (!a.isNaN() && !b.isNaN()) return false;
  result = {F::kNaN, uint8_t(a.isSignaling() || b.isSignaling() ? kInvalid : 0)};
  return true;
}

// The sum of finite numbers. Digits that lie too far below the greater operand to be told apart are kept as `more`.
Exact sum(Exact a, Exact b, Rounding rounding) {
  if (a.significand == 0 && b.significand == 0) return {a.sign == b.sign ? a.sign : rounding == Rounding::Down, 0, 0};
  if (a.significand == 0) return b;
  if (b.significand == 0) return a;
  if (a.exponent < b.exponent) std::swap(a, b);
  constexpr int room = 64;  // a's digits fit 53 bits
  if (a.exponent - b.exponent > room) {
    // b is less than a quarter of a unit of a << room.
    const bool same = a.sign == b.sign;
    return {a.sign, a.exponent - room, (a.significand << room) - !same, true};
  }
  const Wide x = a.significand << (a.exponent - b.exponent), y = b.significand;
  if (a.sign == b.sign) return {a.sign, b.exponent, x + y};
  if (x == y) return {rounding == Rounding::Down, 0, 0};
  return x > y ? Exact{a.sign, b.exponent, x - y} : Exact{b.sign, b.exponent, y - x};
}

}  // namespace

// ---- operations -----------------------------------------------------------------------------------------------------

template <class F>
Result<typename F::Word> add(typename F::Word wordA, typename F::Word wordB, Control control) {
  const Number<F> a{wordA}, b{wordB};
  Result<typename F::Word> result;
  if (hasNaN(a, b, result)) return result;
  if (a.isInfinite() && b.isInfinite() && a.sign() != b.sign()) return invalid<F>();
  if (a.isInfinite()) return {a.word};
  if (b.isInfinite()) return {b.word};
  return round<F>(sum(a.exact(), b.exact(), control.rounding), control);
}

template <class F>
Result<typename F::Word> subtract(typename F::Word a, typename F::Word b, Control control) {
  return add<F>(a, b ^ F::kSign, control);
}

template <class F>
Result<typename F::Word> multiply(typename F::Word wordA, typename F::Word wordB, Control control) {
  const Number<F> a{wordA}, b{wordB};
  const bool sign = a.sign() != b.sign();
  Result<typename F::Word> result;
  if (hasNaN(a, b, result)) return result;
  if (a.isInfinite() || b.isInfinite())
    return a.isZero() || b.isZero() ? invalid<F>() : signedWord<F>(sign, F::kInfinity);
  const Exact x = a.exact(), y = b.exact();
  return round<F>({sign, x.exponent + y.exponent, x.significand * y.significand}, control);
}

template <class F>
Result<typename F::Word> divide(typename F::Word wordA, typename F::Word wordB, Control control) {
  const Number<F> a{wordA}, b{wordB};
  const bool sign = a.sign() != b.sign();
  Result<typename F::Word> result;
  if (hasNaN(a, b, result)) return result;
  if (a.isInfinite()) return b.isInfinite() ? invalid<F>() : signedWord<F>(sign, F::kInfinity);
  if (b.isInfinite()) return signedWord<F>(sign, 0);
  if (b.isZero()) return a.isZero() ? invalid<F>() : signedWord<F>(sign, F::kInfinity, kDivisionByZero);
  // The dividend gets so many digits that the quotient has more than the format; a remainder is then `more`.
  Exact x = a.exact();
  const Exact y = b.exact();
  const int shift = x.significand ? 127 - bits(x.significand) : 0;
  x.significand <<= shift;
  const Wide quotient = x.significand / y.significand;
  return round<F>({sign, x.exponent - shift - y.exponent, quotient, x.significand % y.significand != 0}, control);
}

Result<uint32_t> toSingle(uint64_t word, Control control) {
  const Number<Double> a{word};
  if (a.isNaN()) return {Single::kNaN, uint8_t(a.isSignaling() ? kInvalid : 0)};
  if (a.isInfinite()) return signedWord<Single>(a.sign(), Single::kInfinity);
  return round<Single>(a.exact(), control, false);
}

Result<uint64_t> toDouble(uint32_t word, Control control) {
  const Number<Single> a{word};
  if (a.isNaN()) return {Double::kNaN, uint8_t(a.isSignaling() ? kInvalid : 0)};
  if (a.isInfinite()) return signedWord<Double>(a.sign(), Double::kInfinity);
  return round<Double>(a.exact(), control);
}

template <class F>
Result<typename F::Word> fromInteger(int32_t a, Control control) {
  return round<F>({a < 0, 0, Wide(a < 0 ? -int64_t(a) : int64_t(a))}, control);
}

template <class F>
Result<int32_t> toInteger(typename F::Word word, Control control) {
  constexpr int32_t kNone = INT32_MIN;
  const Number<F> a{word};
  if (a.isNaN() || a.isInfinite()) return {kNone, kInvalid};
  const Exact x = a.exact();
  if (x.significand != 0 && x.exponent + bits(x.significand) > 32) return {kNone, kInvalid};
  const Rounded rounded = roundAt(x, 0, control.rounding);
  const Wide limit = x.sign ? Wide(1) << 31 : (Wide(1) << 31) - 1;
  if (rounded.significand > limit) return {kNone, kInvalid};
  const auto magnitude = int64_t(rounded.significand);
  return {int32_t(x.sign ? -magnitude : magnitude), uint8_t(rounded.inexact ? kInexact : 0)};
}

template <class F>
Result<bool> compare(typename F::Word wordA, typename F::Word wordB, unsigned condition) {
  const Number<F> a{wordA}, b{wordB};
  if (a.isNaN() || b.isNaN()) {
    const bool signals = condition & 8 || a.isSignaling() || b.isSignaling();
    return {(condition & 1) != 0, uint8_t(signals ? kInvalid : 0)};
  }
  const bool equal = a.word == b.word || (a.isZero() && b.isZero());
  const bool less = !equal && (a.sign() != b.sign() ? a.sign() : (a.magnitude() < b.magnitude()) != a.sign());
  return {(less && condition & 4) || (equal && condition & 2)};
}

#define FORMAT(F)                                                  \
  template Result<F::Word> add<F>(F::Word, F::Word, Control);      \
  template Result<F::Word> subtract<F>(F::Word, F::Word, Control); \
  template Result<F::Word> multiply<F>(F::Word, F::Word, Control); \
  template Result<F::Word> divide<F>(F::Word, F::Word, Control);   \
  template Result<F::Word> fromInteger<F>(int32_t, Control);       \
  template Result<int32_t> toInteger<F>(F::Word, Control);         \
  template Result<bool> compare<F>(F::Word, F::Word, unsigned);
FORMAT(Single)
FORMAT(Double)
#undef FORMAT

}  // namespace machine::floating
