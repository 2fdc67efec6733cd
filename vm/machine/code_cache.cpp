#include "vm/machine/code_cache.h"

#include <algorithm>
#include <array>
#include <vector>

#include "assembler/base/bytes.h"
#include "vm/machine/simple_ops.h"

namespace machine {
namespace {

using isa::Op;

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

bool isStore(Kind kind) { return kind < Kind::Illegal && shapeOf(Op(kind)) == Shape::Store; }

bool inPage(unsigned target) { return target < kPageRecords; }

// The index that a branch or jump at `index` reaches; outside the page: something >= kPageRecords.
unsigned targetOf(const Record& record, unsigned index) {
  int32_t offset = int32_t(record.imm);
  if (offset % 4 != 0) return kPageRecords;
  int32_t target = int32_t(index) + 1 + offset / 4;
  return target < 0 ? kPageRecords : unsigned(target);
}

enum class Condition : uint8_t { None, Near, Far, Chained, ChainedSecond, NearTest };

struct Sequence {
  Kind first, second, third;  // third: of a test
  Condition condition;
  Fused fused;
};
constexpr Sequence kSequences[] = {
#define CHAIN(first, second) \
  {Kind::first, Kind::second, Kind::Undecoded, Condition::Chained, Fused::first##Into##second},
#define CHAIN_SECOND(first, second) \
  {Kind::first, Kind::second, Kind::Undecoded, Condition::ChainedSecond, Fused::first##IntoSecondOf##second},
#define PAIR(first, second) {Kind::first, Kind::second, Kind::Undecoded, Condition::None, Fused::first##second},
#define SLOT(branch, slot) {Kind::branch, Kind::slot, Kind::Undecoded, Condition::Near, Fused::branch##slot},
#define FAR_SLOT(jump, slot) {Kind::jump, Kind::slot, Kind::Undecoded, Condition::Far, Fused::Far##jump##slot},
#define TEST(first, branch, slot) \
  {Kind::first, Kind::branch, Kind::slot, Condition::NearTest, Fused::first##branch##slot},
#include "vm/machine/fused.def"
};

// For each pair of kinds the sequences that begin with it, as indices into kSequences.
using Index = std::array<std::vector<uint16_t>, kKindCount * kKindCount>;
const Index& sequencesByPair() {
  static const Index index = [] {
    Index result;
    for (uint16_t i = 0; i < std::size(kSequences); i++)
      result[unsigned(kSequences[i].first) * kKindCount + unsigned(kSequences[i].second)].push_back(i);
    return result;
  }();
  return index;
}

bool isFar(const Record& jump, unsigned index) {
  return jump.kind == Kind::Jr || jump.kind == Kind::Jalr || !inPage(targetOf(jump, index));
}

bool applies(const Sequence& sequence, const Record* records, unsigned index) {
  const Record &first = records[index], &second = records[index + 1];
  switch (sequence.condition) {
    case Condition::None: return true;
    case Condition::Near: return !isFar(first, index);
    case Condition::Far: return isFar(first, index);
    case Condition::Chained: return second.rs1 == first.rd;
    case Condition::ChainedSecond:
      return (shapeOf(isa::Op(second.kind)) == Shape::Store ? second.rd : second.rs2) == first.rd;
    case Condition::NearTest:
      return index + 2 < kPageRecords && records[index + 2].kind == sequence.third && second.rs1 == first.rd &&
             !isFar(second, index + 1);
  }
  return false;
}

// What the record at `index` can do together with its successors; Count: nothing.
Fused fusedAt(const Record* records, unsigned index) {
  if (index + 1 >= kPageRecords) return Fused::Count;
  unsigned pair = unsigned(records[index].kind) * kKindCount + unsigned(records[index + 1].kind);
  for (uint16_t candidate : sequencesByPair()[pair])
    if (applies(kSequences[candidate], records, index)) return kSequences[candidate].fused;
  return Fused::Count;
}

// How many records the sequence runs.
unsigned lengthOf(Fused fused) { return kSequences[unsigned(fused)].condition == Condition::NearTest ? 3 : 2; }

bool stores(Fused fused) {
  const Sequence& sequence = kSequences[unsigned(fused)];
  return isStore(sequence.first) || isStore(sequence.second) || isStore(sequence.third);
}

// A place of the breaks is a virtual address, of which the page knows the offset.
bool mayBreak(const Breaks& breaks, unsigned index) {
  return std::any_of(breaks.places.begin(), breaks.places.end(), [&](uint32_t place) { return place % kPageSize == 4 * index; });
}

void choose(CodePage& page, unsigned index, const Handlers& handlers, const Watch* watch, const Breaks* breaks) {
  auto watched = [&](unsigned i) { return (watch && watch->at((page.frame << 12) + 4 * i)) || (breaks && mayBreak(*breaks, i)); };
  const bool listing = watch && !watch->byPage;
  const void* const* const byKind = listing ? handlers.listing : handlers.plain;
  const Fused fused = fusedAt(page.records, index);
  const bool alone = fused == Fused::Count || watched(index + 1) || (lengthOf(fused) == 3 && watched(index + 2)) || (listing && stores(fused));
  const void*& handler = page.records[index].handler;
  handler = alone ? byKind[unsigned(page.records[index].kind)] : handlers.fused[unsigned(fused)];
  if (!watched(index)) return;
  page.behind[index] = handler;
  handler = handlers.plain[unsigned(watch && watch->ends.at((page.frame << 12) + 4 * index) ? Kind::Ending : Kind::Watched)];
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
  // A sequence may have been cut where decoding stopped before: look at the records before `index`, too.
  end = std::max(end, index + 1);
  for (unsigned i = index - std::min(index, kFusedAhead); i < end; i++) {
    if (records[i].kind == Kind::Undecoded) continue;
    choose(page, i, handlers, watch, breaks);
  }
}

}  // namespace machine
