#include "vm/machine/floating_unit.h"

#include "vm/machine/causes.h"
#include "vm/machine/floating.h"

namespace machine {
namespace {

using floating::Control;
using floating::Double;
using floating::Result;
using floating::Single;
using isa::Op;

// One instruction: operands are read, the result is written, flags are collected.
class Unit {
 public:
  Unit(const isa::Instruction& in, State& state, uint32_t* gpr) : in_(in), state_(state), gpr_(gpr) {}

  // What it signals: floating::Flag.
  uint32_t execute();

 private:
  template <class F>
  typename F::Word get(unsigned number) const {
    const auto& f = state_.fpr;
    if constexpr (sizeof(typename F::Word) == 8) return uint64_t(f[evenOf(number) + 1]) << 32 | f[evenOf(number)];
    else return f[number];
  }
  template <class F>
  void set(typename F::Word word) {
    if constexpr (sizeof(word) == 8) {
      state_.fpr[evenOf(in_.rd)] = uint32_t(word), state_.fpr[evenOf(in_.rd) + 1] = uint32_t(word >> 32);
    } else {
      state_.fpr[in_.rd] = word;
    }
  }
  // `To`: the format of the result.
  template <class To>
  uint32_t finish(Result<typename To::Word> result) {
    set<To>(result.value);
    return result.flags;
  }
  template <class F, auto operation>
  uint32_t binary() {
    return finish<F>(operation(get<F>(in_.rs1), get<F>(in_.rs2), control()));
  }
  template <class F>
  uint32_t fromInteger() {
    return finish<F>(floating::fromInteger<F>(int32_t(state_.fpr[in_.rs1]), control()));
  }
  template <class F>
  uint32_t toInteger() {
    const Result<int32_t> result = floating::toInteger<F>(get<F>(in_.rs1), control());
    set<Single>(uint32_t(result.value));
    return result.flags;
  }
  template <class F>
  uint32_t compare(unsigned condition) {
    const Result<bool> result = floating::compare<F>(get<F>(in_.rs1), get<F>(in_.rs2), condition);
    state_.spr[isa::FCC] = result.value;
    return result.flags;
  }
  // Sign, absolute value and plain moves signal nothing, not even for a NaN.
  template <class F>
  uint32_t move(typename F::Word clear, typename F::Word flip) {
    set<F>((get<F>(in_.rs1) & ~clear) ^ flip);
    return 0;
  }
  Control control() const {
    return {floating::Rounding(state_.spr[isa::RM] & 3), uint8_t(state_.spr[isa::SR] >> kFpOverflow & 0x1F)};
  }

  const isa::Instruction& in_;
  State& state_;
  uint32_t* gpr_;
};

uint32_t Unit::execute() {
  switch (in_.op) {
    case Op::FaddS: return binary<Single, floating::add<Single>>();
    case Op::FaddD: return binary<Double, floating::add<Double>>();
    case Op::FsubS: return binary<Single, floating::subtract<Single>>();
    case Op::FsubD: return binary<Double, floating::subtract<Double>>();
    case Op::FmulS: return binary<Single, floating::multiply<Single>>();
    case Op::FmulD: return binary<Double, floating::multiply<Double>>();
    case Op::FdivS: return binary<Single, floating::divide<Single>>();
    case Op::FdivD: return binary<Double, floating::divide<Double>>();
    case Op::FnegS: return move<Single>(0, Single::kSign);
    case Op::FnegD: return move<Double>(0, Double::kSign);
    case Op::FabsS: return move<Single>(Single::kSign, 0);
    case Op::FabsD: return move<Double>(Double::kSign, 0);
    case Op::FmovS: return move<Single>(0, 0);
    case Op::FmovD: return move<Double>(0, 0);
    case Op::Mf2i:
      if (in_.rs2 != 0) gpr_[in_.rs2] = state_.fpr[in_.rs1];
      return 0;
    case Op::Mi2f: return set<Single>(gpr_[in_.rs2]), 0;
    case Op::CvtSD: return finish<Single>(floating::toSingle(get<Double>(in_.rs1), control()));
    case Op::CvtSI: return fromInteger<Single>();
    case Op::CvtDS: return finish<Double>(floating::toDouble(get<Single>(in_.rs1), control()));
    case Op::CvtDI: return fromInteger<Double>();
    case Op::CvtIS: return toInteger<Single>();
    case Op::CvtID: return toInteger<Double>();
    default: break;
  }
  // The comparisons are the table's last rows, single and double in turn.
  const unsigned row = unsigned(in_.op) - unsigned(Op::FcFS);
  return row % 2 ? compare<Double>(row / 2) : compare<Single>(row / 2);
}

static_assert(unsigned(Op::FcNgtD) - unsigned(Op::FcFS) == 31);

}  // namespace

uint32_t executeFloating(const isa::Instruction& in, State& state, uint32_t* gpr) {
  switch (in.op) {
    case Op::FsqtS:
    case Op::FsqtD:
    case Op::FremS:
    case Op::FremD: return bit(kFpUnimplemented);
    default: break;
  }
  const uint32_t causes = Unit(in, state, gpr).execute() << kFpOverflow, raised = causes & state.spr[isa::SR];
  state.spr[isa::IEEEF] |= (causes & ~raised) >> kFpOverflow;
  return raised;
}

bool branches(Op op, const State& state) { return bool(state.spr[isa::FCC] & 1) == (op == Op::Fbnez); }

}  // namespace machine
