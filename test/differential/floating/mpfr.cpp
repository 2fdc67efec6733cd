#include <mpfr.h>

#include <bit>

#include "test/differential/floating/oracle.h"

namespace oracle {
namespace {

namespace floating = machine::floating;

class Number {
 public:
  explicit Number(int precision) { mpfr_init2(value_, precision); }
  ~Number() { mpfr_clear(value_); }
  Number(const Number&) = delete;
  Number& operator=(const Number&) = delete;
  operator mpfr_ptr() { return value_; }

 private:
  mpfr_t value_;
};

double hostValue(uint32_t word) { return std::bit_cast<float>(word); }
double hostValue(uint64_t word) { return std::bit_cast<double>(word); }

}  // namespace

template <class F>
std::optional<Result<typename F::Word>> wrapped(Arithmetic operation, typename F::Word wordA, typename F::Word wordB,
                                                Rounding rounding) {
  using Word = typename F::Word;
  constexpr mpfr_rnd_t modes[] = {MPFR_RNDZ, MPFR_RNDN, MPFR_RNDU, MPFR_RNDD};
  const mpfr_rnd_t mode = modes[unsigned(rounding)];
  Number a(F::kPrecision), b(F::kPrecision), result(F::kPrecision);
  mpfr_set_d(a, hostValue(wordA), MPFR_RNDN);
  mpfr_set_d(b, hostValue(wordB), MPFR_RNDN);
  int inexact = 0;
  switch (operation) {
    case Arithmetic::Add: inexact = mpfr_add(result, a, b, mode); break;
    case Arithmetic::Subtract: inexact = mpfr_sub(result, a, b, mode); break;
    case Arithmetic::Multiply: inexact = mpfr_mul(result, a, b, mode); break;
    case Arithmetic::Divide: inexact = mpfr_div(result, a, b, mode); break;
  }
  if (!mpfr_regular_p(result)) return std::nullopt;
  const long exponent = mpfr_get_exp(result) - 1;  // MPFR's significands begin behind the point
  uint8_t flags = inexact ? floating::kInexact : 0;
  long wrap = 0;
  if (exponent > F::kGreatest) wrap = -F::kWrap, flags |= floating::kOverflow;
  else if (exponent < F::kLeast) wrap = F::kWrap, flags |= floating::kUnderflow;
  else return std::nullopt;
  mpfr_mul_2si(result, result, wrap, MPFR_RNDN);
  if constexpr (sizeof(Word) == 8) return Result<Word>{std::bit_cast<Word>(mpfr_get_d(result, MPFR_RNDN)), flags};
  else return Result<Word>{std::bit_cast<Word>(mpfr_get_flt(result, MPFR_RNDN)), flags};
}

template std::optional<Result<uint32_t>> wrapped<Single>(Arithmetic, uint32_t, uint32_t, Rounding);
template std::optional<Result<uint64_t>> wrapped<Double>(Arithmetic, uint64_t, uint64_t, Rounding);

}  // namespace oracle
