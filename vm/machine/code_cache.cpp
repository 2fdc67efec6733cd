#include "vm/machine/code_cache.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <vector>

#include "assembler/base/bytes.h"
#include "vm/machine/simple_ops.h"

namespace machine {
namespace {

using isa::Op;

// So many decoded records behind a block are looked at to choose handlers in it.
constexpr unsigned kBehind = 2 * (kFusedAhead + 1);

Record decodeWord(uint32_t word) {
  isa::Instruction in = isa::decode(word);
  Record record{nullptr, uint32_t(in.imm), kindOf(in.op), in.rd, in.rs1, in.rs2};
  switch (in.op) {
    case Op::Lhgi: record.imm <<= 16; break;
    case Op::Slli:
    case Op::Srli:
    case Op::Srai: record.imm = in.sa; break;
    case Op::Movs2i: record.imm = word, record.rs2 = in.sa; break;
    case Op::Movi2s: record.imm = word, record.rd = in.sa; return record;
    case Op::Rfe:
    case Op::Illegal: record.imm = word; break;
    default:
      if (shapeOf(in.op) == Shape::Other && !isJump(in.op) && in.op != Op::Trap) record.imm = word;
  }
  Shape shape = shapeOf(in.op);
  if (shape == Shape::Store) return record;
  bool mayOverflow = in.op == Op::Addo || in.op == Op::Addio || in.op == Op::Subo || in.op == Op::Subio;
  bool computes = (shape == Shape::Registers || shape == Shape::Immediate) && !mayOverflow;
  bool moves = in.rd == in.rs1 && in.imm == 0 && (in.op == Op::Ori || in.op == Op::Addi || in.op == Op::Xori);
  if (computes && (in.rd == 0 || moves)) record.kind = Kind::Nop;
  if (in.rd == 0) record.rd = kSink;
  return record;
}

// What follows is probably not executed, but for the delay slot.
bool endsBlock(Kind kind) {
  if (kind >= Kind::Nop) return false;
  Op op = Op(kind);
  return isJump(op) || op == Op::Rfe || op == Op::Illegal;
}

bool inPage(unsigned target) { return target < kPageRecords; }

// The index that a branch or jump at `index` reaches; outside the page: something >= kPageRecords.
unsigned targetOf(const Record& record, unsigned index) {
  int32_t offset = int32_t(record.imm);
  if (offset % 4 != 0) return kPageRecords;
  int32_t target = int32_t(index) + 1 + offset / 4;
  return target < 0 ? kPageRecords : unsigned(target);
}

// Where an instruction's result goes.
enum class Link : uint8_t { Any, First, Second };
// What the last instruction but one of a sequence is: a jump within the page, or another one.
enum class Jump : uint8_t { None, Near, Far };

struct Sequence {
  Fused fused;
  Jump jump;
  unsigned length;
  std::array<Kind, kFusedAhead + 1> kinds;
  std::array<Link, kFusedAhead> links;  // between those
};
constexpr Sequence sequence(Fused fused, Jump jump, std::initializer_list<Kind> kinds, std::initializer_list<Link> links = {}) {
  Sequence result = {fused, jump, unsigned(kinds.size()), {}, {}};
  std::copy(kinds.begin(), kinds.end(), result.kinds.begin());
  std::copy(links.begin(), links.end(), result.links.begin());
  return result;
}
constexpr Sequence kSequences[] = {
#define PAIR(a, link, b) sequence(Fused::a##link##b, Jump::None, {Kind::a, Kind::b}, {Link::link}),
#define TRIPLE(a, link, b, then, c) sequence(Fused::a##link##b##then##c, Jump::None, {Kind::a, Kind::b, Kind::c}, {Link::link, Link::then}),
#define QUAD(a, link, b, then, c, later, d) \
  sequence(Fused::a##link##b##then##c##later##d, Jump::None, {Kind::a, Kind::b, Kind::c, Kind::d}, {Link::link, Link::then, Link::later}),
#define NEAR_2(branch, slot) sequence(Fused::branch##slot, Jump::Near, {Kind::branch, Kind::slot}),
#define NEAR_3(a, branch, slot) sequence(Fused::a##branch##slot, Jump::Near, {Kind::a, Kind::branch, Kind::slot}),
#define NEAR_4(a, b, branch, slot) sequence(Fused::a##b##branch##slot, Jump::Near, {Kind::a, Kind::b, Kind::branch, Kind::slot}),
#define FAR_2(jump, slot) sequence(Fused::Far##jump##slot, Jump::Far, {Kind::jump, Kind::slot}),
#include "vm/machine/fused.def"
};

// For each pair of kinds the sequences that begin with it, as indices into kSequences.
using Index = std::array<std::vector<uint16_t>, kKindCount * kKindCount>;
const Index& sequencesByPair() {
  static const Index index = [] {
    Index result;
    for (uint16_t i = 0; i < std::size(kSequences); i++)
      result[unsigned(kSequences[i].kinds[0]) * kKindCount + unsigned(kSequences[i].kinds[1])].push_back(i);
    return result;
  }();
  return index;
}

bool isFar(const Record& jump, unsigned index) {
  return jump.kind == Kind::Jr || jump.kind == Kind::Jalr || !inPage(targetOf(jump, index));
}

// Whether the result of `from` goes there in the next record.
bool linked(Link link, const Record& from, const Record& next) {
  if (link == Link::Any) return true;
  if (link == Link::First) return next.rs1 == from.rd;
  return (shapeOf(isa::Op(next.kind)) == Shape::Store ? next.rd : next.rs2) == from.rd;
}

// A place of the breaks is a virtual address, of which the page knows the offset.
bool mayBreak(const Breaks& breaks, unsigned index) {
  return std::any_of(breaks.places.begin(), breaks.places.end(), [&](uint32_t place) { return place % kPageSize == 4 * index; });
}

// What may stop a run at words of the page.
struct Stops {
  uint32_t page;
  const Watch* watch;
  const Breaks* breaks;
  bool at(unsigned index) const { return (watch && watch->at(page + 4 * index)) || (breaks && mayBreak(*breaks, index)); }
  bool endsAt(unsigned index) const { return watch && watch->ends.at(page + 4 * index); }
};

bool applies(const Sequence& sequence, const Record* records, unsigned index, const Stops& stops) {
  const unsigned length = sequence.length;
  if (index + length > kPageRecords) return false;
  for (unsigned i = 1; i < length; i++) {
    const Record& record = records[index + i];
    if (record.kind != sequence.kinds[i] || !linked(sequence.links[i - 1], records[index + i - 1], record) || stops.at(index + i)) return false;
  }
  const unsigned jump = index + length - 2;
  return sequence.jump == Jump::None || isFar(records[jump], jump) == (sequence.jump == Jump::Far);
}

struct Choice {
  const void* handler;
  unsigned cost;  // so many handlers run from there on
  unsigned length;
};

// The handler of a record with which as few as possible run from there on, and then the longest. `costs` are those of the next records.
Choice choose(const Record* records, unsigned index, const unsigned* costs, const Handlers& handlers, const Stops& stops) {
  Choice best = {handlers.alone[unsigned(records[index].kind)], 1 + costs[0], 1};
  if (index + 1 == kPageRecords) return best;
  for (uint16_t candidate : sequencesByPair()[unsigned(records[index].kind) * kKindCount + unsigned(records[index + 1].kind)]) {
    const Sequence& sequence = kSequences[candidate];
    const Choice other = {handlers.fused[unsigned(sequence.fused)], 1 + costs[sequence.length - 1], sequence.length};
    const bool better = other.cost < best.cost || (other.cost == best.cost && other.length > best.length);
    if (better && applies(sequence, records, index, stops)) best = other;
  }
  return best;
}

void enter(CodePage& page, unsigned index, const void* handler, const Handlers& handlers, const Stops& stops) {
  const bool stop = stops.at(index);
  if (stop) page.behind[index] = handler;
  page.records[index].handler = stop ? handlers.alone[unsigned(stops.endsAt(index) ? Kind::Ending : Kind::Watched)] : handler;
}

}  // namespace

void decodeFrom(CodePage& page, unsigned index, const uint8_t* pageBytes, const Handlers& handlers, const Watch* watch,
                const Breaks* breaks) {
  Record* records = page.records;
  unsigned end = index;
  for (unsigned stop = kPageRecords; end < stop; end++) {
    if (records[end].kind != Kind::Undecoded) {
      if (stop == kPageRecords) break;
      continue;
    }
    records[end] = decodeWord(base::load<uint32_t>(pageBytes + 4 * end));
    if (stop == kPageRecords && endsBlock(records[end].kind)) stop = std::min(end + 2, kPageRecords);
  }
  // A sequence may have been cut where decoding stopped before, so those before `index` choose again. Some behind only say what they cost.
  end = std::max(end, index + 1);
  unsigned behind = end;
  while (behind < std::min(end + kBehind, kPageRecords) && records[behind].kind != Kind::Undecoded) behind++;
  const Stops stops = {page.frame << 12, watch, breaks};
  std::array<unsigned, kPageRecords + 1 + kFusedAhead> costs;
  std::fill_n(costs.begin() + behind, kFusedAhead + 1, 0);  // this is not known
  for (unsigned i = behind; i-- > index - std::min(index, kFusedAhead);) {
    costs[i] = 0;
    if (records[i].kind == Kind::Undecoded) continue;
    const Choice choice = choose(records, i, &costs[i + 1], handlers, stops);
    costs[i] = choice.cost;
    if (i < end) enter(page, i, choice.handler, handlers, stops);
  }
}

}  // namespace machine
