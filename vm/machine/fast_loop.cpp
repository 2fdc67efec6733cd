// The threaded interpreter: one label for each handler; a handler ends in a jump to that of the next record.
//
// An instruction has a handler for the normal case PC = DPC + 4, and a delayed one for the others (it lies in the delay
// slot of a taken branch), after which execution goes on at `pending`. Fused handlers exist for the normal case only.
//
// No instruction is counted by itself. Of the instructions that remain until the deadline, `left` keeps
//     16 (remaining - kPageRecords + index of ip in its page),
// which only jumps change; straight on, a page's end is at most kPageRecords away, so as long as left >= 0 after a jump
// nothing can be missed before the next one.
#include <utility>

#include "vm/machine/fast.h"
#include "vm/machine/simple_ops.h"

namespace machine {
namespace {

using isa::Op;

constexpr int64_t kPageBytes = kPageRecords * sizeof(Record);

// A jump at the instruction before `pc`: the target, and whether it is taken.
template <Op op>
[[gnu::always_inline]] inline bool jumps(const Record& in, uint32_t* r, uint32_t pc, uint32_t& target) {
  constexpr bool relative = op == Op::Beqz || op == Op::Bnez || op == Op::J || op == Op::Jal;
  target = relative ? pc + in.imm : r[in.rs1];
  if constexpr (op == Op::Jal || op == Op::Jalr) r[isa::kLink] = pc + 4;
  if constexpr (op == Op::Beqz) return r[in.rs1] == 0;
  if constexpr (op == Op::Bnez) return r[in.rs1] != 0;
  return true;
}

}  // namespace

// Stores and lists it, if the page is known to be stored to directly. A trail is in system mode, where addresses are physical.
template <class T>
[[gnu::always_inline]] inline bool Fast::listed(uint32_t va, uint32_t value, const uint64_t* write) {
  uint8_t* host;
  if (!access<T>(va, write, host)) [[unlikely]]
    return false;
  if (trail_) trail_->store(va, sizeof(T), T(value), base::load<T>(host));
  else watch_->stored(uint32_t(host - memory_.data()), sizeof(T));
  base::store<T>(host, T(value));
  return true;
}

// As simple().
template <Pace pace, Kind kind>
[[gnu::always_inline]] inline bool Fast::execute(const Record& in, uint32_t a, uint32_t b, uint32_t* r, const uint64_t* read, const uint64_t* write, uint32_t& result) {
  constexpr Op op = Op(kind);
  if constexpr (pace != Pace::Listing || shapeOf(op) != Shape::Store) return simple<kind>(in, a, b, r, read, write, result);
  else if constexpr (op == Op::Sb) return listed<uint8_t>(a + in.imm, b, write);
  else if constexpr (op == Op::Sh) return listed<uint16_t>(a + in.imm, b, write);
  else return listed<uint32_t>(a + in.imm, b, write);
}

template <Pace pace, Kind kind>
[[gnu::always_inline]] inline bool Fast::execute(const Record& in, uint32_t* r, const uint64_t* read, const uint64_t* write) {
  uint32_t result;
  return execute<pace, kind>(in, r[in.rs1], secondOperand<kind>(in, r), r, read, write, result);
}

// Where execution goes after a simple instruction at ip.
#define NEXT                          \
  do {                                \
    if constexpr (careful) {          \
      continueAt(VA + 4, VA + 8); \
      goto stepped;                   \
    }                                 \
    ++ip;                             \
    goto * ip->handler;               \
  } while (0)

// After a jump at ip whose delay slot is still to come.
#define DELAYED                        \
  do {                                 \
    if constexpr (careful) {           \
      continueAt(VA + 4, pending);   \
      goto stepped;                    \
    }                                  \
    ++ip;                              \
    goto* delayed[unsigned(ip->kind)]; \
  } while (0)

// A jump by `offset` bytes from the delay slot at ip, within the page.
#define JUMP(offset)                                                        \
  do {                                                                      \
    int64_t distance = int64_t(int32_t(offset)) * 4;                        \
    ip = reinterpret_cast<Record*>(reinterpret_cast<char*>(ip) + distance); \
    left += distance - int64_t(sizeof(Record));                             \
    if (left < 0) [[unlikely]]                                              \
      goto deadline;                                                        \
    goto * ip->handler;                                                     \
  } while (0)

template <Pace pace>
void Fast::loop(Fast* self, Handlers* publish) {
  constexpr bool careful = pace == Pace::Careful;
  static const void* const normal[kKindCount] = {
#define INSTRUCTION(mnemonic, name, ...) &&normal##name,
#include "assembler/isa/instructions.def"
      &&slowNormal, &&normalNop, &&normalUndecoded, &&normalPageEnd, &&watched, &&ending};
  static const void* const delayed[kKindCount] = {
#define INSTRUCTION(mnemonic, name, ...) &&delayed##name,
#include "assembler/isa/instructions.def"
      &&slowDelayed, &&delayedNop, &&delayedUndecoded, &&delayedPageEnd, nullptr, nullptr};
  static const void* const fused[kFusedCount] = {
#define PAIR(a, link, b) &&a##link##b,
#define TRIPLE(a, link, b, then, c) &&a##link##b##then##c,
#define QUAD(a, link, b, then, c, later, d) &&a##link##b##then##c##later##d,
#define NEAR_2(branch, slot) &&branch##slot,
#define NEAR_3(a, branch, slot) &&a##branch##slot,
#define NEAR_4(a, b, branch, slot) &&a##b##branch##slot,
#define FAR_2(jump, slot) &&Far##jump##slot,
#include "vm/machine/fused.def"
  };
  if (publish) {  // loops: with std::copy_n GCC keeps fewer of the variables below in registers
    for (unsigned i = 0; i < kKindCount; i++) publish->alone[i] = normal[i];
    for (unsigned i = 0; i < kFusedCount; i++) publish->fused[i] = fused[i];
    return;
  }

  Fast& f = *self;
  uint32_t* const r = f.r_;
  const uint64_t *read, *write;
  Record* const* fetch;
  Record *page, *ip;
  uint32_t pageVa, pending = 0;
  int64_t left = 0;
  After after;
  [[maybe_unused]] bool fresh = false;

  // Where ip is. Lambdas would refer to ip, and it would live in memory for that, which costs a tenth of the speed.
#define OFFSET (reinterpret_cast<char*>(ip) - reinterpret_cast<char*>(page))
#define VA (pageVa + uint32_t(OFFSET >> 2))
#define STEPS (f.deadline_ - (uint64_t(left + kPageBytes - OFFSET) >> 4))
#define COUNT_STEPS()                               \
  do {                                              \
    if constexpr (!careful) f.state_.steps = STEPS; \
  } while (0)
  auto continueAt = [&](uint32_t dpc, uint32_t pc) __attribute__((always_inline)) {
    f.state_.dpc = dpc, f.state_.pc = pc;
  };
  f.interrupted_ = f.attention_ = false;

enter:
  if constexpr (careful) {
    f.event_ = Event{};
    f.event_.dpc = f.state_.dpc;
  } else {
    f.interrupted_ = false;
    fresh = std::exchange(f.fresh_, false);
    if (f.stopped_ || f.deadline_ - f.state_.steps < kPageRecords || (f.trail_ && !f.isCode())) return;
  }
  page = f.fetchPage();
  if (!page) {
    after = After::Enter;
    goto leftSlow;
  }
  read = f.context_->read, write = f.context_->write, fetch = f.context_->fetch;
  pageVa = f.state_.dpc & ~0xFFFu;
  ip = page + (f.state_.dpc & 0xFFF) / 4;
  pending = f.state_.pc;
  if constexpr (careful) {
    const auto& code = *reinterpret_cast<const CodePage*>(page);
    f.event_.word = f.memory_.template load<uint32_t>((code.frame << 12) + (f.state_.dpc & 0xFFF));
    if (pending == f.state_.dpc + 4) goto* normal[unsigned(ip->kind)];
    goto* delayed[unsigned(ip->kind)];
  } else {
    left = (int64_t(f.deadline_ - f.state_.steps) << 4) - kPageBytes + OFFSET;
    if (pending == f.state_.dpc + 4) {
      if (!fresh) goto * ip->handler;
      if (ip->kind == Kind::Undecoded) f.decode(page, ip);
      goto* normal[unsigned(ip->kind)];
    }
    goto* delayed[unsigned(ip->kind)];
  }

  // Every instruction by itself: simple ones, jumps, and those that are always slow.
#define INSTRUCTION(mnemonic, name, ...)                            \
  normal##name : if constexpr (shapeOf(Op::name) != Shape::Other) { \
    if constexpr (careful && shapeOf(Op::name) == Shape::Store)     \
      if (f.observer_ || f.listing_) goto slowNormal;               \
    if (!f.template execute<pace, Kind::name>(*ip, r, read, write)) [[unlikely]]      \
      goto slowNormal;                                              \
    NEXT;                                                           \
  }                                                                 \
  else if constexpr (isJump(Op::name)) {                            \
    if (jumps<Op::name>(*ip, r, VA + 4, pending)) DELAYED;        \
    NEXT;                                                           \
  }                                                                 \
  else goto slowNormal;
#include "assembler/isa/instructions.def"

#define INSTRUCTION(mnemonic, name, ...)                                 \
  delayed##name : if constexpr (shapeOf(Op::name) != Shape::Other) {     \
    if constexpr (careful && shapeOf(Op::name) == Shape::Store)          \
      if (f.observer_ || f.listing_) goto slowDelayed;                   \
    if (!f.template execute<pace, Kind::name>(*ip, r, read, write)) [[unlikely]]           \
      goto slowDelayed;                                                  \
    goto jumpPending;                                                    \
  }                                                                      \
  else if constexpr (isJump(Op::name)) {                                 \
    uint32_t target;                                                     \
    if (!jumps<Op::name>(*ip, r, pending, target)) target = pending + 4; \
    COUNT_STEPS();                                                        \
    continueAt(pending, target);                                         \
    goto stepped;                                                        \
  }                                                                      \
  else goto slowDelayed;
#include "assembler/isa/instructions.def"

normalNop:
  NEXT;
delayedNop:
  goto jumpPending;
normalUndecoded:
  f.decode(page, ip);
  if constexpr (careful) goto* normal[unsigned(ip->kind)];
  goto * ip->handler;
delayedUndecoded:
  f.decode(page, ip);
  goto* delayed[unsigned(ip->kind)];
normalPageEnd:
  COUNT_STEPS();
  continueAt(VA, VA + 4);
  goto enter;
delayedPageEnd:
  COUNT_STEPS();
  continueAt(VA, pending);
  goto enter;

  // Of the careful loop there is nobody who asks where these are.
#define FUSED(...) \
  if constexpr (!careful) { __VA_ARGS__ }
  // A step of a sequence. Its operands are its registers or what the step before has left in `before`.
#define STEP(kind, a, b)                                                                                        \
  {                                                                                                             \
    uint32_t result = 0;                                                                                        \
    if (!f.template execute<pace, Kind::kind>(*ip, a, b, r, read, write, result)) [[unlikely]] goto slowNormal; \
    before = result;                                                                                            \
    ++ip;                                                                                                       \
  }
#define STEP_Any(kind) STEP(kind, r[ip->rs1], secondOperand<Kind::kind>(*ip, r))
#define STEP_First(kind) STEP(kind, before, secondOperand<Kind::kind>(*ip, r))
#define STEP_Second(kind) STEP(kind, r[ip->rs1], before)
#define STRAIGHT(steps) \
  FUSED(uint32_t before; steps (void) before; goto * ip->handler;)
#define PAIR(a, link, b) a##link##b : STRAIGHT(STEP_Any(a) STEP_##link(b))
#define TRIPLE(a, link, b, then, c) a##link##b##then##c : STRAIGHT(STEP_Any(a) STEP_##link(b) STEP_##then(c))
#define QUAD(a, link, b, then, c, later, d) a##link##b##then##c##later##d : STRAIGHT(STEP_Any(a) STEP_##link(b) STEP_##then(c) STEP_##later(d))

#define ALONE(kind)                                                                             \
  if (!f.template execute<pace, Kind::kind>(*ip, r, read, write)) [[unlikely]] goto slowNormal; \
  ++ip;
  // At a branch or jump within the page, taken or not, and its delay slot.
#define NEAR(branch, slot)                                                                        \
  if (uint32_t target; !jumps<Op::branch>(*ip, r, VA + 4, target)) {                              \
    ++ip;                                                                                         \
    if (!f.template execute<pace, Kind::slot>(*ip, r, read, write)) [[unlikely]] goto slowNormal; \
    ++ip;                                                                                         \
    goto * ip->handler;                                                                           \
  }                                                                                               \
  ++ip;                                                                                           \
  if (!f.template execute<pace, Kind::slot>(*ip, r, read, write)) [[unlikely]] goto slowTaken;    \
  JUMP(ip[-1].imm)
#define NEAR_2(branch, slot) branch##slot : FUSED(NEAR(branch, slot);)
#define NEAR_3(a, branch, slot) a##branch##slot : FUSED(ALONE(a) NEAR(branch, slot);)
#define NEAR_4(a, b, branch, slot) a##b##branch##slot : FUSED(ALONE(a) ALONE(b) NEAR(branch, slot);)

#define FAR(jump, slot)                                                                          \
  jumps<Op::jump>(*ip, r, VA + 4, pending);                                                      \
  ++ip;                                                                                          \
  if (!f.template execute<pace, Kind::slot>(*ip, r, read, write)) [[unlikely]] goto slowDelayed; \
  goto jumpPending
#define FAR_2(jump, slot) Far##jump##slot : FUSED(FAR(jump, slot);)
#include "vm/machine/fused.def"

[[maybe_unused]] slowTaken:  // in the delay slot of a taken branch within the page
  pending = VA + ip[-1].imm;
  goto slowDelayed;

jumpPending:  // the delay slot at ip is done
  if constexpr (careful) {
    continueAt(pending, pending + 4);
    goto stepped;
  } else {
    Record* target = fetch[pending >> 12];
    int64_t distance = int64_t((pending & 0xFFF) << 2) - OFFSET - int64_t(sizeof(Record));
    if (!target || pending & 3 || left + distance < 0) [[unlikely]] {
      COUNT_STEPS();
      continueAt(pending, pending + 4);
      goto stepped;
    }
    left += distance;
    page = target;
    pageVa = pending & ~0xFFFu;
    ip = page + (pending & 0xFFF) / 4;
    goto * ip->handler;
  }

ending:  // at ip
  if (f.trail_) f.trail_->pass(STEPS, VA, r);
  goto stopHere;
watched:  // at ip
  if (f.trail_ ? f.trail_->pass(STEPS, VA, r) : !f.stopsAt(VA)) goto* reinterpret_cast<const CodePage*>(page)->behind[OFFSET / sizeof(Record)];
stopHere:
  COUNT_STEPS();
  continueAt(VA, VA + 4);
  f.stopped_ = true;
  return;

[[maybe_unused]] deadline:  // at ip, after a jump
  COUNT_STEPS();
  continueAt(VA, VA + 4);
  return;

slowNormal:
  COUNT_STEPS();
  continueAt(VA, VA + 4);
  if constexpr (!careful)
    if (f.trail_ && !f.mayGoOn(*ip)) return;
  after = f.slow(*ip);
  if (after == After::Next) NEXT;
  goto leftSlow;
slowDelayed:
  COUNT_STEPS();
  continueAt(VA, pending);
  if constexpr (!careful)
    if (f.trail_ && !f.mayGoOn(*ip)) return;
  after = f.slow(*ip);
  if (after == After::Next) goto jumpPending;
  goto leftSlow;

leftSlow:
  if constexpr (careful) {
    if (after == After::Stay) return;
    if (after == After::Return) f.attention_ = true;
  } else if (after != After::Enter) {
    f.state_.steps += after == After::Return;
    return;
  }
stepped:  // the instruction is done, state says where to go on
  if constexpr (careful) {
    if (!f.finishStep()) return;
  } else {
    f.state_.steps++;
  }
  goto enter;
}

template void Fast::loop<Pace::Plain>(Fast*, Handlers*);
template void Fast::loop<Pace::Listing>(Fast*, Handlers*);
template void Fast::loop<Pace::Careful>(Fast*, Handlers*);

}  // namespace machine
