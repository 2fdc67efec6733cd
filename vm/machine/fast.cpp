#include "vm/machine/fast.h"

#include <algorithm>
#include <bit>

#include "vm/machine/simple_ops.h"

namespace machine {

extern template void Fast::loop<Pace::Plain>(Fast*, Handlers*);
extern template void Fast::loop<Pace::Listing>(Fast*, Handlers*);
extern template void Fast::loop<Pace::Careful>(Fast*, Handlers*);

using isa::Op;

void Fast::begin(Bus* bus, Observer* observer) {
  bus_ = bus, observer_ = observer;
  if (!std::exchange(ahead_, true)) {
    std::copy(state_.gpr.begin() + 1, state_.gpr.end(), r_ + 1);
    r_[0] = 0;
  }
  selectContext();
}

Stop Fast::run(uint64_t limit, Bus* bus, Observer* observer) {
  stopped_ = false, fresh_ = true;
  why_ = observer ? Stop::Observer : Stop::Watch;
  if (watch_) watch_->causes = 0;
  begin(bus, observer);
  if (watches() && state_.user() && watch_->users == Watch::Users::Stop) stopped_ = true;
  return runTo(after(limit));
}

Stop Fast::glide(uint64_t limit, Bus* bus) {
  const uint64_t end = after(limit);
  deadline_ = std::min(end, quietStride_);
  if (deadline_ <= state_.steps + kPageRecords) return run(limit, bus, nullptr);
  stopped_ = false, fresh_ = true;
  watch_->causes = 0;
  loop();
  if (stopped_ && !attention_) return publishRegisters(), Stop::Watch;
  return runTo(end);
}

bool Fast::follow(Trail& trail, uint64_t until, Bus* bus) {
  if (!quiet(bus)) return false;
  const uint64_t now = state_.steps, end = std::min(now + Trail::kLength + Trail::kPatience, quietStride_);
  if (end < now + 3 * kPageRecords || watch_->byPage || !trail.hasRoom()) return false;
  trail.start(r_, now, state_.dpc, state_.pc, std::min({until, now + Trail::kLength, end - 2 * kPageRecords}));
  trail_ = &trail;
  deadline_ = end;
  stopped_ = false, fresh_ = true;
  loop();
  trail_ = nullptr;
  publishRegisters();
  return true;
}

void Fast::takeBack(const Trail& trail) {
  for (ptrdiff_t i = trail.storeEnd_ - trail.firstStore_; --i >= 0;) {
    const uint32_t address = trail.firstStore_[i].address(), size = trail.firstStore_[i].size();
    std::copy_n(reinterpret_cast<const uint8_t*>(&trail.before_[i]), size, memory_.data() + address);
    translation_.written(address, size);
  }
  std::copy(trail.r_.begin(), trail.r_.end(), r_);
  ahead_ = true;
  state_.steps = trail.begin_, state_.dpc = trail.parts_.back().arrival->dpc(), state_.pc = trail.pc_;
  publishRegisters();
}

bool Fast::mayGoOn(const Record& in) {
  const Shape shape = shapeOf(Op(in.kind));
  if (shape != Shape::Load && shape != Shape::Store) return false;
  const uint32_t address = r_[in.rs1] + in.imm, size = isa::accessSize(Op(in.kind));
  return address % size == 0 && memory_.contains(address, size) && (shape == Shape::Load || !translation_.watches(address));
}

Stop Fast::runTo(uint64_t end) {
  Stop stop = Stop::Limit;
  while (true) {
    if (watches() && !fresh_ && atPlace()) stopped_ = true;
    if (breaks_ && !fresh_ && atBreak()) stopped_ = true, why_ = Stop::Break;
    const bool host = bus_ && bus_->stopRequested();
    if (stopped_ && !(host && why_ == Stop::Watch)) {
      stop = why_;
      break;
    }
    if (host) {
      stop = Stop::Host;
      break;
    }
    if (state_.steps == end) break;
    uint64_t now = state_.steps;
    // Far deadlines are cut so that sixteen times the distance fits 64 bits.
    deadline_ = std::min(end, now + (uint64_t(1) << 48));
    if (now >= quietUntil_ || !watches()) askDevices();
    deadline_ = std::min(deadline_, quietUntil_);
    lineCauses_ = lines_ & state_.spr[isa::SR];
    if (lineCauses_) deadline_ = now + 1;
    if (observer_ || deadline_ - now <= kPageRecords) loop<Pace::Careful>(this, nullptr);
    else loop();
  }
  const bool quiet = stop == Stop::Watch && !attention_ && !state_.user() && !(lines_ & state_.spr[isa::SR]);
  quietStride_ = quiet ? std::min(quietUntil_, state_.steps + (uint64_t(1) << 48)) : 0;
  publishRegisters();
  return stop;
}

void Fast::askDevices() {
  lines_ = bus_ ? bus_->lines(state_.steps) & kDeviceCauses : 0;
  quietUntil_ = bus_ ? bus_->nextEvent(state_.steps) : kNever;
}

bool Fast::quiet(Bus* bus) {
  if (quietStride_) return true;
  why_ = Stop::Watch;
  if (watch_) watch_->causes = 0;
  begin(bus, nullptr);
  if (!watch_ || state_.user() || !atPlace() || (bus && bus->stopRequested())) return false;
  askDevices();
  if (lines_ & state_.spr[isa::SR]) return false;
  quietStride_ = std::min(quietUntil_, state_.steps + (uint64_t(1) << 48));
  return true;
}

const Handlers& Fast::handlers() const {
  constexpr auto of = [](void (*loop)(Fast*, Handlers*)) {
    Handlers result;
    loop(nullptr, &result);
    return result;
  };
  static const Handlers plain = of(loop<Pace::Plain>), listing = of(loop<Pace::Listing>);
  return listing_ ? listing : plain;
}

void Fast::selectContext() {
  if (!state_.user()) {
    context_ = &translation_.system();
    return;
  }
  uint32_t pto = state_.spr[isa::PTO], ptl = state_.spr[isa::PTL];
  if (context_ && context_->user && context_->pto == pto && context_->ptl == ptl) return;
  context_ = &translation_.user(pto, ptl);
}

void Fast::enteredMode() {
  selectContext();
  if (watches() && state_.user()) stopped_ = attention_ = true;
}

Record* Fast::findPage() {
  uint32_t va = state_.dpc, physical;
  event_.word = 0;
  if (va % 4 != 0) return abort(kMisaligned, va), nullptr;
  if (!translation_.translate(*context_, va, false, physical)) return abort(kFetchFault, va), nullptr;
  if (!memory_.contains(physical, 4)) return abort(kMisaligned, va), nullptr;
  return translation_.fillFetch(*context_, va, physical);
}

void Fast::decode(Record* page, const Record* at) {
  auto& code = *reinterpret_cast<CodePage*>(page);  // the records are its first member
  translation_.watchCode(code.frame);
  decodeFrom(code, unsigned(at - page), memory_.data() + (uint64_t(code.frame) << 12), handlers(), watch_, breaks_);
}

Fast::After Fast::jisr(uint32_t mca, uint32_t edata) {
  auto& spr = state_.spr;
  interrupts_[unsigned(std::countr_zero(mca))]++;
  spr[isa::ECA] = mca;
  spr[isa::ESR] = spr[isa::SR];
  spr[isa::EMODE] = spr[isa::MODE];
  spr[isa::EDPC] = state_.dpc;
  spr[isa::EPC] = state_.pc;
  spr[isa::EDATA] = edata;
  spr[isa::SR] = 0;
  spr[isa::MODE] = 0;
  state_.dpc = 0;
  state_.pc = 4;
  context_ = &translation_.system();
  interrupted_ = true;
  event_.causes = mca;
  if (watches()) watch_->causes = mca, watch_->interrupted = event_.dpc, stopped_ = attention_ = true;
  return After::Enter;
}

Fast::After Fast::slow(const Record& in) {
  Op op = Op(in.kind);
  switch (shapeOf(op)) {
    case Shape::Load: return slowLoad(op, in);
    case Shape::Store: return slowStore(op, in);
    case Shape::Registers:
    case Shape::Immediate: return slowSum(op, in);
    case Shape::Other: break;
  }
  switch (op) {
    case Op::Trap: return resume(kTrap, in.imm);
    case Op::Rfe: return rfe(in);
    case Op::Movs2i: return slowMovs2i(in);
    case Op::Movi2s: return slowMovi2s(in);
    case Op::Illegal: return abort(kIllegal, in.imm);
    default: return slowFloating(in);
  }
}

Fast::After Fast::slowLoad(Op op, const Record& in) {
  uint32_t va = r_[in.rs1] + in.imm, physical;
  unsigned size = isa::accessSize(op);
  if (va & (size - 1)) return abort(kMisaligned, va);
  if (!translation_.translate(*context_, va, false, physical)) return abort(kDataFault, va);
  if (memory_.contains(physical, size)) {
    translation_.fillRead(*context_, va, physical);
    uint32_t word = memory_.load<uint32_t>(physical & ~3u) >> 8 * (physical & 3);
    switch (op) {
      case Op::Lb: word = uint32_t(int8_t(word)); break;
      case Op::Lbu: word = uint8_t(word); break;
      case Op::Lh: word = uint32_t(int16_t(word)); break;
      case Op::Lhu: word = uint16_t(word); break;
      default: break;
    }
    r_[in.rd] = word;
    return After::Next;
  }
  if (!bus_ || physical < kDeviceBase || size != 4) return abort(kMisaligned, va);
  r_[in.rd] = readDevice(physical);
  advance();
  return After::Return;
}

uint32_t Fast::readDevice(uint32_t physical) {
  quietUntil_ = 0;
  return bus_->read((physical - kDeviceBase) >> 12, (physical & 0xFFF) >> 2, state_.steps);
}

Fast::After Fast::slowStore(Op op, const Record& in) {
  uint32_t va = r_[in.rs1] + in.imm, value = r_[in.rd], physical;
  unsigned size = isa::accessSize(op);
  if (va & (size - 1)) return abort(kMisaligned, va);
  if (!translation_.translate(*context_, va, true, physical)) return abort(kDataFault, va);
  if (size != 4) value &= (1u << 8 * size) - 1;
  return store(va, physical, &value, size);
}

Fast::After Fast::store(uint32_t va, uint32_t physical, const uint32_t* words, unsigned size) {
  event_.address = physical, event_.size = size, event_.value = words[0];
  if (memory_.contains(physical, size)) {
    if (breaks_ && translation_.guards(physical) && stopsBefore(physical, size)) return After::Stay;
    event_.stored = true;
    uint32_t before = 0;
    if (trail_) std::copy_n(memory_.data() + physical, size, reinterpret_cast<uint8_t*>(&before));
    std::copy_n(reinterpret_cast<const uint8_t*>(words), size, memory_.data() + physical);
    if (watch_) watch_->touched(physical, size);
    if (trail_) trail_->store(physical, size, words[0], before);
    else if (watch_) watch_->stored(physical, size);
    if (translation_.written(physical, size)) return advance();
    translation_.fillWrite(*context_, va, physical);
    return After::Next;
  }
  if (!bus_ || physical < kDeviceBase || size != 4) return abort(kMisaligned, va);
  event_.stored = true;
  quietUntil_ = 0;
  bus_->write((physical - kDeviceBase) >> 12, (physical & 0xFFF) >> 2, words[0], state_.steps);
  advance();
  return After::Return;
}

bool Fast::atBreak() const { return state_.pc == state_.dpc + 4 && breaks_->at(state_.dpc); }

bool Fast::stopsAt(uint32_t va) {
  if (!breaks_) return true;
  if (!breaks_->at(va)) return false;
  why_ = Stop::Break;
  return true;
}

bool Fast::stopsBefore(uint32_t physical, unsigned size) {
  const auto meets = [&](const Breaks::Range& range) { return physical < range.address + range.size && range.address < physical + size; };
  if (std::none_of(breaks_->ranges.begin(), breaks_->ranges.end(), meets)) return false;
  if (!breaks_->onStore(state_, {physical, size})) return false;
  why_ = Stop::Store;
  return stopped_ = true;
}

// addo, subo, addio, subio whose result overflows.
Fast::After Fast::slowSum(Op op, const Record& in) {
  uint32_t a = r_[in.rs1], b = shapeOf(op) == Shape::Registers ? r_[in.rs2] : in.imm;
  r_[in.rd] = compute(op, a, b);
  if (overflows(op, a, b) && state_.spr[isa::SR] & bit(kOverflow)) return resume(kOverflow, 0);
  return After::Next;
}

Fast::After Fast::slowMovs2i(const Record& in) {
  if (state_.user() && !isa::userSpr(in.rs2)) return abort(kIllegal, in.imm);
  r_[in.rd] = isa::sprExists(in.rs2) ? state_.spr[in.rs2] : 0;
  return After::Next;
}

Fast::After Fast::slowMovi2s(const Record& in) {
  if (state_.user() && !isa::userSpr(in.rd)) return abort(kIllegal, in.imm);
  if (!isa::sprExists(in.rd)) return After::Next;
  state_.spr[in.rd] = r_[in.rs1];
  switch (in.rd) {
    case isa::SR: advance(); return lines_ & state_.spr[isa::SR] ? After::Return : After::Enter;
    case isa::MODE: enteredMode(); return advance();
    default: return After::Next;
  }
}

Fast::After Fast::rfe(const Record& in) {
  if (state_.user()) return abort(kIllegal, in.imm);
  auto& spr = state_.spr;
  spr[isa::SR] = spr[isa::ESR];
  spr[isa::MODE] = spr[isa::EMODE];
  state_.dpc = spr[isa::EDPC];
  state_.pc = spr[isa::EPC];
  enteredMode();
  return lines_ & spr[isa::SR] ? After::Return : After::Enter;
}

bool Fast::finishStep() {
  // A line lets the instruction complete; an interrupt of the instruction's own has taken the line along.
  if (lineCauses_ && !interrupted_) jisr(lineCauses_, 0);
  lineCauses_ = 0;
  interrupted_ = fresh_ = false;
  state_.steps++;
  if (observer_) {
    std::copy(r_, r_ + 32, state_.gpr.begin());
    if (!observer_->onStep(state_, event_)) stopped_ = attention_ = true;
  } else if (watch_ && atPlace()) {
    stopped_ = attention_ = true;
  }
  if (breaks_ && atBreak()) why_ = Stop::Break, stopped_ = attention_ = true;
  return !attention_ && state_.steps != deadline_;
}

}  // namespace machine
