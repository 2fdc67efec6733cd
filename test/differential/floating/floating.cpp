// floating --count N --seed S: N operations of each kind, format and rounding, on numbers where arithmetic changes its
// ways and on random ones, against oracle.h; result and flags must be equal bit for bit. Prints what was compared;
// status 1 at the first difference.
#include <bit>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>

#include "test/differential/floating/oracle.h"
#include "test/differential/lockstep/random.h"

namespace {

using namespace machine::floating;
using lockstep::Random;
using oracle::Arithmetic;

constexpr const char* kRoundings[] = {"zero", "nearest", "up", "down"};

uint64_t random64(Random& random) { return uint64_t(random.word()) << 32 | random.word(); }

// Corners of the format and their neighbours, numbers near each other, small integers, or any word.
template <class F>
typename F::Word operand(Random& random, typename F::Word other) {
  using Word = typename F::Word;
  const Word sign = random.chance(50) ? F::kSign : 0, word = Word(random64(random));
  const Word one = Word(F::kBias) << (F::kPrecision - 1);
  switch (random.below(10)) {
    case 0: {
      const Word corner = random.pick<Word>(
          {0, F::kHidden, F::kInfinity, F::kNaN, F::kInfinity - 1, one, F::kFraction, F::kInfinity + 1});
      return sign | ((corner + random.below(5) - 2) & ~F::kSign);
    }
    case 1: return other ^ (Word(random.below(8)) | sign);                 // a few digits away
    case 2: return sign | (word & F::kFraction);                           // denormal
    case 3: return sign | (word & F::kFraction) | (other & F::kInfinity);  // the same exponent
    case 4:
      return sign | (one + (Word(random.below(120)) - 60) * F::kHidden) |
             (word & F::kFraction & -Word(Word(1) << random.below(F::kPrecision)));
    case 5: return sign | (one + Word(random.below(34)) * F::kHidden) | (word & F::kFraction);  // where integers are
    case 6: return sign | ((F::kInfinity - F::kHidden * (1 + random.below(3))) + (word & F::kFraction));
    case 7: return sign | Word(F::kHidden * (1 + random.below(60)) + (word & F::kFraction));
    default: return word;
  }
}

template <class T>
std::string show(T value) {
  char text[32];
  std::snprintf(text, sizeof text, "%0*" PRIx64, int(2 * sizeof value), uint64_t(std::make_unsigned_t<T>(value)));
  return text;
}
std::string show(bool value) { return value ? "true" : "false"; }

template <class T>
void require(bool same, const std::string& what, const Result<T>& ours, const Result<T>& theirs) {
  if (same) return;
  std::printf("%s: %s flags %02x, the oracle has %s flags %02x\n", what.c_str(), show(ours.value).c_str(), ours.flags,
              show(theirs.value).c_str(), theirs.flags);
  std::exit(1);
}

template <class F>
bool isNaN(typename F::Word word) {
  return (word & ~F::kSign) > F::kInfinity;
}

// A NaN of ours is kNaN; the host's has other digits.
template <class F>
void requireNumber(const std::string& what, const Result<typename F::Word>& ours,
                   const Result<typename F::Word>& theirs) {
  const bool same = isNaN<F>(theirs.value) ? ours.value == F::kNaN : ours.value == theirs.value;
  require(same && ours.flags == theirs.flags, what, ours, theirs);
}

class Campaign {
 public:
  Campaign(uint64_t count, uint64_t seed) : count_(count), random_(seed) {}

  void run() {
    format<Single>("s");
    format<Double>("d");
    for (unsigned r = 0; r < 4; ++r) {
      const auto rounding = Rounding(r);
      each("cvt.s.d", r, [&](const std::string& what) {
        const uint64_t a = operand<Double>(random_, random64(random_));
        requireNumber<Single>(what + show(a), toSingle(a, {rounding}), oracle::toSingle(a, rounding));
      });
      each("cvt.d.s", r, [&](const std::string& what) {
        const uint32_t a = operand<Single>(random_, random_.word());
        requireNumber<Double>(what + show(a), toDouble(a, {rounding}), oracle::toDouble(a, rounding));
      });
    }
    std::printf("%" PRIu64 " operations agree: %" PRIu64 " with the host's unit, %" PRIu64
                " with wrapped exponents with MPFR\n",
                compared_ + wrapped_, compared_, wrapped_);
  }

 private:
  template <class Check>
  void each(const char* name, unsigned rounding, Check&& check) {
    const std::string what = std::string(name) + " to " + kRoundings[rounding] + " of ";
    for (uint64_t i = 0; i < count_; ++i, ++compared_) check(what);
  }

  template <class F>
  void format(const std::string& suffix) {
    for (unsigned r = 0; r < 4; ++r) {
      arithmetic<F>(("fadd." + suffix).c_str(), r, Arithmetic::Add, add<F>);
      arithmetic<F>(("fsub." + suffix).c_str(), r, Arithmetic::Subtract, subtract<F>);
      arithmetic<F>(("fmul." + suffix).c_str(), r, Arithmetic::Multiply, multiply<F>);
      arithmetic<F>(("fdiv." + suffix).c_str(), r, Arithmetic::Divide, divide<F>);
      const auto rounding = Rounding(r);
      each(("cvt.i." + suffix).c_str(), r, [&](const std::string& what) {
        const auto a = operand<F>(random_, typename F::Word(random64(random_)));
        const auto ours = toInteger<F>(a, {rounding}), theirs = oracle::toInteger<F>(a, rounding);
        require(ours.value == theirs.value && ours.flags == theirs.flags, what + show(a), ours, theirs);
      });
      each(("cvt." + suffix + ".i").c_str(), r, [&](const std::string& what) {
        const auto a = int32_t(random_.chance(50) ? random_.word() : random_.word() >> random_.below(32));
        requireNumber<F>(what + show(a), fromInteger<F>(a, {rounding}), oracle::fromInteger<F>(a, rounding));
      });
    }
    for (unsigned condition = 0; condition < 16; ++condition)
      each(("fc." + std::to_string(condition) + "." + suffix).c_str(), 1, [&](const std::string& what) {
        const auto a = operand<F>(random_, typename F::Word(random64(random_))), b = operand<F>(random_, a);
        const auto ours = compare<F>(a, b, condition), theirs = oracle::compare<F>(a, b, condition);
        require(ours.value == theirs.value && ours.flags == theirs.flags, what + show(a) + " and " + show(b), ours,
                theirs);
      });
  }

  template <class F, class Operation>
  void arithmetic(const char* name, unsigned r, Arithmetic operation, Operation&& ours) {
    const auto rounding = Rounding(r);
    each(name, r, [&](const std::string& what) {
      const auto a = operand<F>(random_, typename F::Word(random64(random_))), b = operand<F>(random_, a);
      const std::string operands = what + show(a) + " and " + show(b);
      requireNumber<F>(operands, ours(a, b, {rounding, 0}), oracle::arithmetic<F>(operation, a, b, rounding));
      if ((a & F::kInfinity) == F::kInfinity || (b & F::kInfinity) == F::kInfinity) return;
      if (auto theirs = oracle::wrapped<F>(operation, a, b, rounding)) {
        requireNumber<F>(operands + ", wrapped", ours(a, b, {rounding, kOverflow | kUnderflow}), *theirs);
        ++wrapped_;
      }
    });
  }

  uint64_t count_;
  Random random_;
  uint64_t compared_ = 0, wrapped_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  uint64_t count = 1000, seed = 1;
  for (int i = 1; i + 1 < argc; i += 2) {
    if (!std::strcmp(argv[i], "--count")) count = std::strtoull(argv[i + 1], nullptr, 10);
    if (!std::strcmp(argv[i], "--seed")) seed = std::strtoull(argv[i + 1], nullptr, 10);
  }
  Campaign(count, seed).run();
}
