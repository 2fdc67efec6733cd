// Decoded code: one record for each word of a physical page, read by the handlers of fast_loop.cpp.
#pragma once

#include <cstdint>

#include "assembler/isa/isa.h"

namespace machine {

// What a record does by itself, whatever its neighbours are: an instruction (in the order of isa::Op), or one of ours.
enum class Kind : uint8_t {
#define INSTRUCTION(mnemonic, name, ...) name,
#include "assembler/isa/instructions.def"
  Illegal,
  Nop,  // no effect but the next PC
  Undecoded,
  PageEnd,  // not an instruction: the record after a page's last
  Watched,  // these are no record's kind: their handlers are those of watched places,
  Ending,   // at which trails end
};
constexpr unsigned kKindCount = unsigned(Kind::Ending) + 1;
constexpr Kind kindOf(isa::Op op) { return Kind(op); }
static_assert(kindOf(isa::Op::Illegal) == Kind::Illegal);

// Register number of writes to r0: a place that nobody reads.
constexpr unsigned kSink = 32;

struct Record {
  const void* handler;  // where the fast loop jumps: may do the work of following records too (fused.def)
  uint32_t imm;  // sign-extended immediate; SA of shifts; the value of lhgi; the word if illegal or floating point
  Kind kind;
  uint8_t rd;  // the source of a store; the SPR of movs2i is in rs2, of movi2s in rd
  uint8_t rs1;
  uint8_t rs2;
};
static_assert(sizeof(Record) == 16);

constexpr unsigned kPageRecords = 1024;
constexpr unsigned kFusedAhead = 3;  // a handler depends on at most so many records after its own

struct CodePage {
  Record records[kPageRecords + 1];  // the last is PageEnd
  uint32_t frame;                    // the physical page
  const void* behind[kPageRecords];  // of records whose handler is that of a place: the one that they would have
};

}  // namespace machine
