// The instructions that only compute or access memory, as one inline function of the operation: the bodies of the fast
// loop's handlers.
#pragma once

#include "assembler/base/bytes.h"
#include "vm/machine/record.h"

namespace machine {

enum class Shape : uint8_t { Other, Registers, Immediate, Load, Store };

constexpr Shape shapeOf(isa::Op op) {
  using enum isa::Op;
  switch (op) {
    case Addo:
    case Add:
    case Subo:
    case Sub:
    case And:
    case Or:
    case Xor:
    case Lhg:
    case Sll:
    case Srl:
    case Sra:
    case Sgr:
    case Seq:
    case Sge:
    case Sls:
    case Sne:
    case Sle: return Shape::Registers;
    case Addio:
    case Addi:
    case Subio:
    case Subi:
    case Andi:
    case Ori:
    case Xori:
    case Lhgi:
    case Slli:
    case Srli:
    case Srai:
    case Sgri:
    case Seqi:
    case Sgei:
    case Slsi:
    case Snei:
    case Slei:
    case Clr:
    case Clri:
    case Set:
    case Seti: return Shape::Immediate;
    case Lb:
    case Lh:
    case Lw:
    case Lbu:
    case Lhu: return Shape::Load;
    case Sb:
    case Sh:
    case Sw: return Shape::Store;
    default: return Shape::Other;
  }
}

constexpr bool isJump(isa::Op op) {
  using enum isa::Op;
  return op == Beqz || op == Bnez || op == J || op == Jal || op == Jr || op == Jalr;
}

// The result of an operation on its two operands (register, register or immediate); overflow is the caller's matter.
[[gnu::always_inline]] constexpr uint32_t compute(isa::Op op, uint32_t a, uint32_t b) {
  using enum isa::Op;
  switch (op) {
    case Addo:
    case Addio:
    case Add:
    case Addi: return a + b;
    case Subo:
    case Subio:
    case Sub:
    case Subi: return a - b;
    case And:
    case Andi: return a & b;
    case Or:
    case Ori: return a | b;
    case Xor:
    case Xori: return a ^ b;
    case Lhg: return b << 16;
    case Lhgi: return b;  // shifted when decoded
    case Sll:
    case Slli: return a << (b & 31);
    case Srl:
    case Srli: return a >> (b & 31);
    case Sra:
    case Srai: return uint32_t(int32_t(a) >> (b & 31));
    case Sgr:
    case Sgri: return int32_t(a) > int32_t(b);
    case Seq:
    case Seqi: return a == b;
    case Sge:
    case Sgei: return int32_t(a) >= int32_t(b);
    case Sls:
    case Slsi: return int32_t(a) < int32_t(b);
    case Sne:
    case Snei: return a != b;
    case Sle:
    case Slei: return int32_t(a) <= int32_t(b);
    case Set:
    case Seti: return 1;
    default: return 0;
  }
}

[[gnu::always_inline]] constexpr bool overflows(isa::Op op, uint32_t a, uint32_t b) {
  using enum isa::Op;
  if (op == Addo || op == Addio) return (~(a ^ b) & (a ^ (a + b))) >> 31;
  if (op == Subo || op == Subio) return ((a ^ b) & (a ^ (a - b))) >> 31;
  return false;
}

template <class T>
[[gnu::always_inline]] inline bool access(uint32_t address, const uint64_t* table, uint8_t*& host) {
  uint64_t entry = table[address >> 12];
  host = reinterpret_cast<uint8_t*>(entry + address);
  return entry && !(address & (sizeof(T) - 1));
}

template <class T>
[[gnu::always_inline]] inline bool loadTo(uint32_t& to, uint32_t address, const uint64_t* read) {
  uint8_t* host;
  if (!access<T>(address, read, host)) [[unlikely]]
    return false;
  to = uint32_t(base::load<T>(host));
  return true;
}

template <class T>
[[gnu::always_inline]] inline bool storeFrom(uint32_t from, uint32_t address, const uint64_t* write) {
  uint8_t* host;
  if (!access<T>(address, write, host)) [[unlikely]]
    return false;
  base::store<T>(host, T(from));
  return true;
}

// The second operand of an instruction: a register, the immediate, or what a store stores.
template <Kind kind>
[[gnu::always_inline]] inline uint32_t secondOperand(const Record& in, const uint32_t* r) {
  constexpr Shape shape = shapeOf(isa::Op(kind));
  return shape == Shape::Registers ? r[in.rs2] : shape == Shape::Store ? r[in.rd] : in.imm;
}

// Executes one simple instruction on its operands a (the register RS1) and b; `result` is what its register becomes,
// too. False: nothing is changed, it needs the slow path.
template <Kind kind>
[[gnu::always_inline]] inline bool simple(const Record& in, uint32_t a, uint32_t b, uint32_t* r, const uint64_t* read,
                                          const uint64_t* write, uint32_t& result) {
  using enum isa::Op;
  constexpr isa::Op op = isa::Op(kind);
  constexpr Shape shape = shapeOf(op);
  if constexpr (kind == Kind::Nop) return true;
  else if constexpr (op == Sb) return storeFrom<uint8_t>(b, a + in.imm, write);
  else if constexpr (op == Sh) return storeFrom<uint16_t>(b, a + in.imm, write);
  else if constexpr (op == Sw) return storeFrom<uint32_t>(b, a + in.imm, write);
  else {
    bool done = true;
    if constexpr (op == Lb) done = loadTo<int8_t>(result, a + b, read);
    else if constexpr (op == Lbu) done = loadTo<uint8_t>(result, a + b, read);
    else if constexpr (op == Lh) done = loadTo<int16_t>(result, a + b, read);
    else if constexpr (op == Lhu) done = loadTo<uint16_t>(result, a + b, read);
    else if constexpr (shape == Shape::Load) done = loadTo<uint32_t>(result, a + b, read);
    else if (overflows(op, a, b)) [[unlikely]] done = false;
    else result = compute(op, a, b);
    if (!done) [[unlikely]]
      return false;
    r[in.rd] = result;
    return true;
  }
}

template <Kind kind>
[[gnu::always_inline]] inline bool simple(const Record& in, uint32_t* r, const uint64_t* read, const uint64_t* write) {
  uint32_t result;
  return simple<kind>(in, r[in.rs1], secondOperand<kind>(in, r), r, read, write, result);
}

}  // namespace machine
